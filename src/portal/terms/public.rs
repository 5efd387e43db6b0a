//! What the terms of use say: every version that holds, held or is announced, for everybody, signed in or not (E16).

use askama::Template;
use axum::extract::{Path, State};

use super::version_line;
use crate::agreements::model::{Block, blocks};
use crate::agreements::{Document, GENERAL, Version};
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::web::respond::render;
use crate::web::{Page, RequestInfo};

struct Line {
    link: String,
    title: String,
    number: u32,
    from: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "pages/terms/text.html")]
struct TextTemplate {
    page: Page,
    /// Which version, in which language, and what it says.
    text: Option<(String, String, Vec<Block>)>,
    lines: Vec<Line>,
}

/// `GET /terms`: the general terms that hold now.
pub(super) async fn get(State(portal): State<Portal>, info: RequestInfo) -> PageResult {
    let general = portal.app.agreements.get(GENERAL);
    let current = general.and_then(|document| Some((document, document.at(info.now)?)));
    show(&portal, &info, current)
}

/// `GET /terms/{code}/{version}`
pub(super) async fn get_version(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path((code, version)): Path<(String, String)>,
) -> PageResult {
    let document = portal.app.agreements.get(&code).ok_or(Failure::NotFound)?;
    let mut published = document.published();
    let version = published.find(|known| known.number.to_string() == version).ok_or(Failure::NotFound)?;
    show(&portal, &info, Some((document, version)))
}

fn show(portal: &Portal, info: &RequestInfo, shown: Option<(&Document, &Version)>) -> PageResult {
    let documents = &portal.app.agreements;
    if !documents.are_published() {
        return Err(Failure::NotFound);
    }
    let mut page = Page::new(&portal.app, info, "terms-title");
    let tag = page.locale.tag();
    let lines = documents.iter().flat_map(|document| {
        let current = document.at(info.now).map(|version| version.number);
        document.published().map(move |version| Line {
            link: format!("/terms/{}/{}", document.code, version.number),
            title: document.titles.of(tag).1.to_owned(),
            number: version.number,
            from: version.effective.map(crate::kernel::time::Timestamp::to_date).unwrap_or_default(),
            current: current == Some(version.number),
        })
    });
    let lines = lines.collect();
    let text = shown.map(|(document, version)| {
        document.titles.of(tag).1.clone_into(&mut page.title);
        let (language, text) = version.texts.of(tag);
        (version_line(&page, version), language.to_owned(), blocks(text))
    });
    Ok(render(&TextTemplate { page, text, lines }))
}
