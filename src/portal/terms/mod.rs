//! Terms of use: what they say, for everybody; and the page on which people accept them (E16, E17).

mod accept;
mod public;

use axum::Router;
use axum::routing::get;

use super::Portal;
use crate::agreements::Version;
use crate::web::Page;

/// The routes of the terms of use.
pub(super) fn router() -> Router<Portal> {
    Router::new()
        .route("/terms", get(public::get))
        .route("/terms/{code}/{version}", get(public::get_version))
        .route("/terms/accept", get(accept::get).post(accept::post))
        .route("/terms/refused", get(accept::refused))
}

/// Which version a page shows, and from when on it holds.
fn version_line(page: &Page, version: &Version) -> String {
    let from = version.effective.map(crate::kernel::time::Timestamp::to_date).unwrap_or_default();
    page.t2("terms-version", ("version", &version.number.to_string()), ("date", &from))
}
