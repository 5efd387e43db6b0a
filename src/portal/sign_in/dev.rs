//! What was sent, in development mode only: as JSON for tests, as a page for people.

use askama::Template;
use axum::Json;
use axum::extract::State;

use crate::notify::dev::Sent;
use crate::portal::Portal;
use crate::portal::error::PageResult;
use crate::web::respond::render;
use crate::web::{Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/sign_in/messages.html")]
struct MessagesTemplate {
    page: Page,
    messages: Vec<Sent>,
}

/// `GET /dev/outbox`, the oldest first.
pub(super) async fn outbox(State(portal): State<Portal>) -> Json<Vec<Sent>> {
    Json(portal.outbox.list())
}

/// `GET /dev/messages`, the newest first.
pub(super) async fn messages(State(portal): State<Portal>, info: RequestInfo) -> PageResult {
    let page = Page::new(&portal.app, &info, "dev-messages-title");
    let mut messages = portal.outbox.list();
    messages.reverse();
    Ok(render(&MessagesTemplate { page, messages }))
}
