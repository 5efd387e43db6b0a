//! The two shapes that most operator pages have: a form, and a table.

use askama::Template;
use axum::response::Response;

use crate::web::respond::render;
use crate::web::{Field, Page};

/// A page with one form.
#[derive(Template)]
#[template(path = "pages/admin/form.html")]
pub(super) struct FormPage {
    pub(super) page: Page,
    pub(super) back: String,
    pub(super) action: String,
    pub(super) intro: Option<String>,
    pub(super) fields: Vec<Field>,
    pub(super) submit: String,
    pub(super) danger: bool,
}

impl FormPage {
    /// A form that saves.
    pub(super) fn saving(page: Page, back: &str, action: String, fields: Vec<Field>) -> Self {
        let submit = page.t("save");
        Self { page, back: back.to_owned(), action, intro: None, fields, submit, danger: false }
    }

    /// The page.
    pub(super) fn show(&self) -> Response {
        render(self)
    }
}

/// One cell; the label is the heading of its column, shown where there is no room for columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) label: String,
    pub(super) text: String,
    pub(super) link: Option<String>,
    /// How far it is indented: the depth in a tree.
    pub(super) depth: usize,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(super) fn link(text: impl Into<String>, link: String) -> Self {
        Self { text: text.into(), link: Some(link), ..Self::default() }
    }
}

/// A page with one table.
#[derive(Template)]
#[template(path = "pages/admin/table.html")]
pub(super) struct TablePage {
    pub(super) page: Page,
    pub(super) back: Option<(String, String)>,
    pub(super) links: Vec<(String, String)>,
    pub(super) action: String,
    pub(super) filters: Vec<Field>,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) more: Option<(String, String)>,
}

impl TablePage {
    /// A table with columns named by keys of texts.
    pub(super) fn new(mut page: Page, columns: &[&str], mut rows: Vec<Vec<Cell>>) -> Self {
        page.wide = true;
        let columns: Vec<String> = columns.iter().map(|key| page.t(key)).collect();
        for row in &mut rows {
            for (cell, column) in row.iter_mut().zip(&columns) {
                cell.label.clone_from(column);
            }
        }
        Self {
            page,
            back: None,
            links: Vec::new(),
            action: String::new(),
            filters: Vec::new(),
            columns,
            rows,
            more: None,
        }
    }

    /// The page.
    pub(super) fn show(&self) -> Response {
        render(self)
    }
}
