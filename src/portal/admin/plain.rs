//! The two shapes that most pages of administration have: a form, and a table.

use askama::Template;
use axum::response::Response;

use crate::web::respond::{render, render_form};
use crate::web::{Field, Page, Pages};

/// A link with its text.
pub(in crate::portal) type Link = (String, String);

/// Some fields of a form under one heading.
#[derive(Clone, Debug, Default)]
pub(in crate::portal) struct Section {
    pub(in crate::portal) title: Option<String>,
    /// Shown only when asked for; open when one of its fields is wrong.
    pub(in crate::portal) folded: bool,
    pub(in crate::portal) fields: Vec<Field>,
}

impl Section {
    /// Whether one of its fields is wrong.
    pub(in crate::portal) fn is_open(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }
}

/// A page with one form.
#[derive(Template)]
#[template(path = "pages/admin/form.html")]
pub(in crate::portal) struct FormPage {
    pub(in crate::portal) page: Page,
    pub(in crate::portal) back: Link,
    pub(in crate::portal) action: String,
    pub(in crate::portal) hidden: Vec<(String, String)>,
    /// What is to be known before.
    pub(in crate::portal) intro: Option<String>,
    /// Where one can go instead.
    pub(in crate::portal) links: Vec<Link>,
    /// Where this part of a longer list stands.
    pub(in crate::portal) pages: Option<Pages>,
    /// What is to be thought about before.
    pub(in crate::portal) warning: Option<String>,
    /// What happens, one by one.
    pub(in crate::portal) points: Vec<String>,
    /// What there is already.
    pub(in crate::portal) found: Option<Table>,
    pub(in crate::portal) sections: Vec<Section>,
    /// What the button says; without it there is nothing to do.
    pub(in crate::portal) submit: String,
    pub(in crate::portal) danger: bool,
    /// What a second button says, called `find`, by which the form comes back with other choices.
    pub(in crate::portal) find: Option<String>,
    /// There is more to read on it than to change: it opens without a recent second factor.
    pub(in crate::portal) reads: bool,
    /// Where what the form is about can be ended.
    pub(in crate::portal) end: Option<Link>,
}

impl FormPage {
    /// A form that saves; `back` is where it came from.
    pub(in crate::portal) fn saving(page: Page, back: &str, action: String, fields: Vec<Field>) -> Self {
        let (back, submit) = ((back.to_owned(), page.t("back")), page.t("save"));
        let sections = vec![Section { fields, ..Section::default() }];
        let (intro, warning, found, hidden, points) = (None, None, None, Vec::new(), Vec::new());
        let (links, pages, find, end, danger, reads) = (Vec::new(), None, None, None, false, false);
        Self {
            page,
            back,
            action,
            hidden,
            intro,
            links,
            pages,
            warning,
            points,
            found,
            sections,
            submit,
            danger,
            find,
            reads,
            end,
        }
    }

    /// A question before something that cannot be taken back lightly.
    pub(in crate::portal) fn asking(page: Page, back: &str, action: String, submit: &str) -> Self {
        let submit = page.t(submit);
        Self { submit, danger: true, ..Self::saving(page, back, action, Vec::new()) }
    }

    /// Something that cannot be done, and why.
    pub(in crate::portal) fn telling(page: Page, back: &str) -> Self {
        Self { submit: String::new(), ..Self::saving(page, back, String::new(), Vec::new()) }
    }

    fn fields(&self) -> Vec<&Field> {
        self.sections.iter().flat_map(|section| &section.fields).collect()
    }

    /// The page.
    pub(in crate::portal) fn show(&self) -> Response {
        let changes = !self.submit.is_empty() && !self.reads;
        if changes { render_form(&self.page, self) } else { render(self) }
    }
}

/// One cell; the label is the heading of its column, shown where there is no room for columns.
#[derive(Clone, Debug, Default)]
pub(in crate::portal) struct Cell {
    pub(in crate::portal) label: String,
    pub(in crate::portal) text: String,
    pub(in crate::portal) link: Option<String>,
    /// What the link is about, for those who hear it out of its row.
    pub(in crate::portal) about: Option<String>,
    /// A second, quieter line.
    pub(in crate::portal) note: Option<String>,
    /// Drawn as a badge of this kind.
    pub(in crate::portal) badge: Option<&'static str>,
    /// How far it is indented: the depth in a tree.
    pub(in crate::portal) depth: usize,
    /// Codes and ids.
    pub(in crate::portal) is_code: bool,
    /// Not broken into lines: instants.
    pub(in crate::portal) is_whole: bool,
}

impl Cell {
    pub(in crate::portal) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(in crate::portal) fn code(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { is_code: !text.is_empty(), ..Self::text(text) }
    }

    pub(in crate::portal) fn whole(text: impl Into<String>) -> Self {
        Self { is_whole: true, ..Self::text(text) }
    }

    pub(in crate::portal) fn link(text: impl Into<String>, link: String) -> Self {
        Self { text: text.into(), link: Some(link), ..Self::default() }
    }

    /// A link that says the same in each row: what it is about is heard, not seen.
    pub(in crate::portal) fn action(text: impl Into<String>, link: String, about: impl Into<String>) -> Self {
        Self { about: Some(about.into()), ..Self::link(text, link) }
    }

    pub(in crate::portal) fn badge(text: impl Into<String>, kind: &'static str) -> Self {
        Self { text: text.into(), badge: Some(kind), ..Self::default() }
    }

    pub(in crate::portal) fn noted(self, note: impl Into<String>) -> Self {
        let note = note.into();
        Self { note: (!note.is_empty()).then_some(note), ..self }
    }
}

/// A table with its caption; the first cell of each row names it.
#[derive(Clone, Debug)]
pub(in crate::portal) struct Table {
    pub(in crate::portal) caption: String,
    pub(in crate::portal) columns: Vec<String>,
    pub(in crate::portal) rows: Vec<Vec<Cell>>,
    /// Said when there are no rows.
    pub(in crate::portal) empty: String,
    /// Said below the rows.
    pub(in crate::portal) note: Option<String>,
}

impl Table {
    /// A table with columns named by keys of texts.
    pub(in crate::portal) fn new(page: &Page, caption: String, columns: &[&str], mut rows: Vec<Vec<Cell>>) -> Self {
        let columns: Vec<String> = columns.iter().map(|key| page.t(key)).collect();
        for row in &mut rows {
            for (cell, column) in row.iter_mut().zip(&columns) {
                cell.label.clone_from(column);
            }
        }
        Self { caption, columns, rows, empty: page.t("none"), note: None }
    }

    /// Said when there are no rows; the key of a text.
    pub(in crate::portal) fn or_else(self, page: &Page, empty: &str) -> Self {
        Self { empty: page.t(empty), ..self }
    }

    /// Said below the rows, if there is something to say.
    pub(in crate::portal) fn noted(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }
}

/// A page with one table.
#[derive(Template)]
#[template(path = "pages/admin/table.html")]
pub(in crate::portal) struct TablePage {
    pub(in crate::portal) page: Page,
    pub(in crate::portal) back: Option<Link>,
    pub(in crate::portal) lead: Option<String>,
    pub(in crate::portal) links: Vec<Link>,
    pub(in crate::portal) action: String,
    /// Filters that have no field: each with what it says and the address without it.
    pub(in crate::portal) chips: Vec<Link>,
    pub(in crate::portal) hidden: Vec<(String, String)>,
    pub(in crate::portal) filters: Vec<Field>,
    pub(in crate::portal) table: Table,
    pub(in crate::portal) pages: Option<Pages>,
    pub(in crate::portal) more: Option<Link>,
    pub(in crate::portal) export: Option<Link>,
}

impl TablePage {
    /// A page around a table.
    pub(in crate::portal) fn new(mut page: Page, table: Table) -> Self {
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
    pub(in crate::portal) fn show(&self) -> Response {
        render(self)
    }
}

/// A page about one thing: facts, tables of what belongs to it, and what may be done with it.
#[derive(Template)]
#[template(path = "pages/admin/view.html")]
pub(in crate::portal) struct ViewPage {
    pub(in crate::portal) page: Page,
    pub(in crate::portal) back: Link,
    /// The kind and the text of the badge beside the heading.
    pub(in crate::portal) badge: Option<(&'static str, String)>,
    pub(in crate::portal) links: Vec<Link>,
    pub(in crate::portal) facts: Vec<(String, String)>,
    /// Each under its own heading, with links of its own.
    pub(in crate::portal) tables: Vec<(String, Table, Vec<Link>)>,
    /// What ends something.
    pub(in crate::portal) ends: Vec<Link>,
}

impl ViewPage {
    /// The page.
    pub(in crate::portal) fn show(&self) -> Response {
        render(self)
    }
}
