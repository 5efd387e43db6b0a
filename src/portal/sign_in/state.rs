//! The pages of a sign-in that cannot go on: each says what happened and what to do next.

use askama::Template;
use axum::extract::State;

use super::next::{Next, allow};
use crate::directory::client::shown::Shown;
use crate::portal::Portal;
use crate::portal::error::PageResult;
use crate::web::respond::render;
use crate::web::{Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/sign_in/state.html")]
pub(super) struct StateTemplate {
    pub(super) page: Page,
    pub(super) texts: Vec<String>,
    pub(super) link: String,
    pub(super) link_text: String,
    /// Where there is an application to go back to.
    pub(super) client: Option<Shown>,
    pub(super) hidden: Vec<(&'static str, String)>,
}

/// Such a page: what happened, the way back to the sign-in, and to the application if one waits.
pub(in crate::portal) async fn show(portal: &Portal, info: &RequestInfo, title: &str, texts: &[&str]) -> PageResult {
    let mut page = Page::new(&portal.app, info, title);
    page.narrow = true;
    let texts = texts.iter().map(|key| page.t(key)).collect();
    let next = Next::of_query(info);
    let parked = next.parked(portal, info).await?;
    let (client, hidden) = (next.asking(portal, parked.as_ref()).await?, next.fields());
    let (link, link_text) = (next.link("/login", &[]), page.t("login-restart"));
    Ok(allow(render(&StateTemplate { page, texts, link, link_text, client, hidden }), parked.as_ref()))
}

/// `GET /login/expired`
pub(super) async fn expired(State(portal): State<Portal>, info: RequestInfo) -> PageResult {
    show(&portal, &info, "expired-title", &["expired-text"]).await
}

/// `GET /login/blocked`
pub(super) async fn blocked(State(portal): State<Portal>, info: RequestInfo) -> PageResult {
    let wait = info.path.contains("wait=");
    show(
        &portal,
        &info,
        "blocked-title",
        if wait { &["blocked-wait", "blocked-help"] } else { &["blocked-text", "blocked-help"] },
    )
    .await
}
