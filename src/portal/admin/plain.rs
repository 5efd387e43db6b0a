//! The two shapes that most pages of administration have: a form, and a table.

use askama::Template;
use axum::response::Response;

use crate::web::respond::render;
use crate::web::{Field, Page, Pages};

/// A link with its text.
pub(super) type Link = (String, String);

/// Some fields of a form under one heading.
#[derive(Clone, Debug, Default)]
pub(super) struct Section {
    pub(super) title: Option<String>,
    /// Shown only when asked for; open when one of its fields is wrong.
    pub(super) folded: bool,
    pub(super) fields: Vec<Field>,
}

impl Section {
    /// Whether one of its fields is wrong.
    pub(super) fn is_open(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }
}

/// A page with one form.
#[derive(Template)]
#[template(path = "pages/admin/form.html")]
pub(super) struct FormPage {
    pub(super) page: Page,
    pub(super) back: Link,
    pub(super) action: String,
    pub(super) hidden: Vec<(String, String)>,
    /// What is to be known before.
    pub(super) intro: Option<String>,
    /// What is to be thought about before.
    pub(super) warning: Option<String>,
    /// What happens, one by one.
    pub(super) points: Vec<String>,
    pub(super) sections: Vec<Section>,
    /// What the button says; without it there is nothing to do.
    pub(super) submit: String,
    pub(super) danger: bool,
    /// Where what the form is about can be ended.
    pub(super) end: Option<Link>,
}

impl FormPage {
    /// A form that saves; `back` is where it came from.
    pub(super) fn saving(page: Page, back: &str, action: String, fields: Vec<Field>) -> Self {
        let (back, submit) = ((back.to_owned(), page.t("back")), page.t("save"));
        let sections = vec![Section { fields, ..Section::default() }];
        let (intro, warning, hidden, points) = (None, None, Vec::new(), Vec::new());
        Self { page, back, action, hidden, intro, warning, points, sections, submit, danger: false, end: None }
    }

    /// A question before something that cannot be taken back lightly.
    pub(super) fn asking(page: Page, back: &str, action: String, submit: &str) -> Self {
        let submit = page.t(submit);
        Self { submit, danger: true, ..Self::saving(page, back, action, Vec::new()) }
    }

    /// Something that cannot be done, and why.
    pub(super) fn telling(page: Page, back: &str) -> Self {
        Self { submit: String::new(), ..Self::saving(page, back, String::new(), Vec::new()) }
    }

    fn fields(&self) -> Vec<&Field> {
        self.sections.iter().flat_map(|section| &section.fields).collect()
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
    /// A second, quieter line.
    pub(super) note: Option<String>,
    /// Drawn as a badge of this kind.
    pub(super) badge: Option<&'static str>,
    /// How far it is indented: the depth in a tree.
    pub(super) depth: usize,
    /// Codes and ids.
    pub(super) is_code: bool,
    /// Not broken into lines: instants.
    pub(super) is_whole: bool,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(super) fn code(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { is_code: !text.is_empty(), ..Self::text(text) }
    }

    pub(super) fn whole(text: impl Into<String>) -> Self {
        Self { is_whole: true, ..Self::text(text) }
    }

    pub(super) fn link(text: impl Into<String>, link: String) -> Self {
        Self { text: text.into(), link: Some(link), ..Self::default() }
    }

    pub(super) fn badge(text: impl Into<String>, kind: &'static str) -> Self {
        Self { text: text.into(), badge: Some(kind), ..Self::default() }
    }

    pub(super) fn noted(self, note: impl Into<String>) -> Self {
        let note = note.into();
        Self { note: (!note.is_empty()).then_some(note), ..self }
    }
}

/// A table with its caption; the first cell of each row names it.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Said when there are no rows.
    pub(super) empty: String,
}

impl Table {
    /// A table with columns named by keys of texts.
    pub(super) fn new(page: &Page, caption: String, columns: &[&str], mut rows: Vec<Vec<Cell>>) -> Self {
        let columns: Vec<String> = columns.iter().map(|key| page.t(key)).collect();
        for row in &mut rows {
            for (cell, column) in row.iter_mut().zip(&columns) {
                cell.label.clone_from(column);
            }
        }
        Self { caption, columns, rows, empty: page.t("none") }
    }

    /// Said when there are no rows; the key of a text.
    pub(super) fn or_else(self, page: &Page, empty: &str) -> Self {
        Self { empty: page.t(empty), ..self }
    }
}

/// A page with one table.
#[derive(Template)]
#[template(path = "pages/admin/table.html")]
pub(super) struct TablePage {
    pub(super) page: Page,
    pub(super) back: Option<Link>,
    pub(super) lead: Option<String>,
    pub(super) links: Vec<Link>,
    pub(super) action: String,
    /// Filters that have no field: each with what it says and the address without it.
    pub(super) chips: Vec<Link>,
    pub(super) hidden: Vec<(String, String)>,
    pub(super) filters: Vec<Field>,
    pub(super) table: Table,
    pub(super) pages: Option<Pages>,
    pub(super) more: Option<Link>,
    pub(super) export: Option<Link>,
}

impl TablePage {
    /// A page around a table.
    pub(super) fn new(mut page: Page, table: Table) -> Self {
        page.wide = true;
        Self {
            page,
            back: None,
            lead: None,
            links: Vec::new(),
            action: String::new(),
            chips: Vec::new(),
            hidden: Vec::new(),
            filters: Vec::new(),
            table,
            pages: None,
            more: None,
            export: None,
        }
    }

    /// The page.
    pub(super) fn show(&self) -> Response {
        render(self)
    }
}

/// A page about one thing: facts, tables of what belongs to it, and what may be done with it.
#[derive(Template)]
#[template(path = "pages/admin/view.html")]
pub(super) struct ViewPage {
    pub(super) page: Page,
    pub(super) back: Link,
    /// The kind and the text of the badge beside the heading.
    pub(super) badge: Option<(&'static str, String)>,
    pub(super) links: Vec<Link>,
    pub(super) facts: Vec<(String, String)>,
    /// Each under its own heading, with links of its own.
    pub(super) tables: Vec<(String, Table, Vec<Link>)>,
    /// What ends something.
    pub(super) ends: Vec<Link>,
}

impl ViewPage {
    /// The page.
    pub(super) fn show(&self) -> Response {
        render(self)
    }
}
