//! What an invited authority sees: the parts of its registration, and where it stands (I33, I38). No account is needed, and nothing
//! but the link that was mailed opens it.

mod applicant;
mod link;
pub(super) mod stage;
mod steps;
mod track;

pub(super) use applicant::parts;

use axum::Router;
use axum::routing::get;

use super::Portal;

/// The routes of invited authorities.
pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/register-authority/{token}", get(link::get))
        .route("/register-authority/{token}/check", get(link::get_check).post(link::post_check))
        .route("/register-authority/{token}/ask", get(link::get).post(link::post_ask))
        .route("/register-authority/{token}/{step}", get(steps::get).post(steps::post))
        .route("/registration/{token}", get(track::get))
}
