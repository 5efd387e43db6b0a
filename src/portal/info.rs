//! Privacy, accessibility: for everybody, signed in or not.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::Portal;
use crate::web::respond::render;
use crate::web::{Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/text.html")]
struct TextTemplate {
    page: Page,
    paragraphs: Vec<String>,
}

fn show(portal: &Portal, info: &RequestInfo, title: &str, texts: &[&str]) -> Response {
    let page = Page::new(&portal.app, info, title);
    let paragraphs = texts.iter().map(|key| page.t(key)).collect();
    render(&TextTemplate { page, paragraphs })
}

/// `GET /privacy`
pub async fn privacy(State(portal): State<Portal>, info: RequestInfo) -> Response {
    show(&portal, &info, "privacy-title", &["privacy-text"])
}

/// `GET /accessibility`
pub async fn accessibility(State(portal): State<Portal>, info: RequestInfo) -> Response {
    show(&portal, &info, "accessibility-title", &["accessibility-text"])
}
