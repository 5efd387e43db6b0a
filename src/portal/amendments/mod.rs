//! Requests to change what is stored of an organisation: asking, following, answering, documents (P61, P62, P67).

mod answer;
mod ask;
mod documents;
mod failure;
pub(super) mod tasks;
mod view;
mod warnings;

use axum::Router;
use axum::routing::{get, post};

use super::Portal;

/// The routes about them.
pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/organisations/{organisation}/amend", get(ask::get).post(ask::post))
        .route("/amendments/{amendment}", get(view::get).post(answer::post))
        .route("/amendments/{amendment}/documents", post(documents::post))
        .route("/amendments/{amendment}/documents/{document}", get(documents::get))
}
