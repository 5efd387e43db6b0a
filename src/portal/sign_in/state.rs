//! The pages of a sign-in that cannot go on: each says what happened and what to do next.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::next::Next;
use crate::portal::Portal;
use crate::web::respond::render;
use crate::web::{Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/sign_in/state.html")]
pub(super) struct StateTemplate {
    pub(super) page: Page,
    pub(super) texts: Vec<String>,
    pub(super) link: String,
    pub(super) link_text: String,
}

fn show(portal: &Portal, info: &RequestInfo, title: &str, texts: &[&str]) -> Response {
    let mut page = Page::new(&portal.app, info, title);
    page.narrow = true;
    let texts = texts.iter().map(|key| page.t(key)).collect();
    let link = Next::of_query(info).link("/login", &[]);
    render(&StateTemplate { texts, link, link_text: page.t("login-restart"), page })
}

/// `GET /login/expired`
pub(super) async fn expired(State(portal): State<Portal>, info: RequestInfo) -> Response {
    show(&portal, &info, "expired-title", &["expired-text"])
}

/// `GET /login/blocked`
pub(super) async fn blocked(State(portal): State<Portal>, info: RequestInfo) -> Response {
    let wait = info.path.contains("wait=");
    show(
        &portal,
        &info,
        "blocked-title",
        if wait { &["blocked-wait", "blocked-help"] } else { &["blocked-text", "blocked-help"] },
    )
}
