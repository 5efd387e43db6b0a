//! One's own area: My Apps, Profile, Security, Sessions, History, My access.

pub(super) mod access;
mod apps;
pub(super) mod history;
mod profile;
mod sessions;

use axum::Router;
use axum::routing::get;

use super::Portal;

/// The routes of one's own area.
pub fn router() -> Router<Portal> {
    Router::new()
        .route("/", get(apps::get))
        .route("/profile", get(profile::get).post(profile::post))
        .route("/access", get(access::get))
        .route("/history", get(history::get))
        .route("/sessions", get(sessions::get).post(sessions::post))
}
