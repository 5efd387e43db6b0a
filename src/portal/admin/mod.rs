//! Delegated administration and the operator's area.
//!
//! Every page asks `authority` for what it shows and for what it changes; a button that would be refused is not drawn,
//! and a request that was not drawn is refused all the same.

pub mod csv;
pub mod query;
mod reach;
mod rows;
mod scope;
mod tree;
mod users;

use axum::Router;
use axum::routing::get;

use super::Portal;

/// The routes under `/admin`.
pub fn router() -> Router<Portal> {
    Router::new()
        .route("/admin/scope", get(scope::get))
        .route("/admin/users", get(users::get))
        .route("/admin/users.csv", get(users::export))
}
