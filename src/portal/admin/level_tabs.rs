//! The pages of one level as tabs: the level itself, its classification, its modules, who manages it, its people (I44, I63).

use axum::extract::{Path, RawQuery};

use super::level::find;
use super::levels::badge;
use super::plain::{Cell, Link, Table, TablePage, ViewPage};
use super::users::READERS;
use super::{level_said, modules, reach, rows, tree};
use crate::authority::Permission;
use crate::authority::action::UpdateOrganisation;
use crate::db::Tx;
use crate::directory::organisation::describe::store as descriptions;
use crate::directory::organisation::model::{Organisation, OrganisationPath};
use crate::directory::organisation::store as organisations;
use crate::directory::user::listed::Listed;
use crate::directory::user::search_store::{self, Search};
use crate::kernel::ids::OrganisationId;
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::page::Tab;
use crate::web::{Form, Page, Pages};

/// Rows of one page of people.
const ROWS: u32 = 50;

/// Which of them is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    Level,
    Classification,
    Modules,
    Managers,
    Users,
}

impl Shown {
    /// The rest of the address, and the key of the text.
    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Level => ("", "level-tab"),
            Self::Classification => ("/classification", "level-classification"),
            Self::Modules => ("/modules", "modules-title"),
            Self::Managers => ("/managers", "managing-title"),
            Self::Users => ("/users", "level-users"),
        }
    }
}

/// Those that there are for the reader at this level; none where there is only one.
pub(super) async fn tabs(
    tx: &mut Tx,
    (person, page): (&SignedIn, &Page),
    level: &Organisation,
    shown: Shown,
) -> Result<Vec<Tab>, Failure> {
    let path = organisations::path(tx, level.id).await?.ok_or(Failure::NotFound)?;
    let all = [
        (true, Shown::Level),
        (!person.app.terms.vocabularies.is_empty(), Shown::Classification),
        (modules::any(tx, person, level.id).await?, Shown::Modules),
        (person.app.door.roles().has_managers(), Shown::Managers),
        (READERS.iter().any(|permission| reach::covers(person, *permission, &path)), Shown::Users),
    ];
    let there: Vec<Tab> = all
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, tab)| {
            let (rest, key) = tab.parts();
            Tab { link: format!("/admin/levels/{}{rest}", level.id), text: page.t(key), current: tab == shown }
        })
        .collect();
    Ok(if there.len() > 1 { there } else { Vec::new() })
}

/// A page of a level, with its tabs.
async fn page_of(tx: &mut Tx, person: &SignedIn, level: &Organisation, shown: Shown) -> Result<Page, Failure> {
    let page = person.page(Area::Levels, "levels-title");
    let tabs = tabs(tx, (person, &page), level, shown).await?;
    Ok(Page { wide: true, tabs, ..page.titled(level.name.clone()) })
}

/// `GET /admin/levels/{id}/classification`: what it does, by the vocabularies of the profile (I14).
pub(super) async fn classification(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find(tx, &person, &id).await?;
    if person.app.terms.vocabularies.is_empty() {
        return Err(Failure::NotFound);
    }
    let page = page_of(tx, &person, &level, Shown::Classification).await?;
    let said = descriptions::find(tx, level.id).await?;
    let rows = level_said::classification(&page, &person.app.terms, &said);
    let rows = rows.into_iter().map(|(title, labels)| vec![Cell::text(title), Cell::text(labels)]).collect();
    let columns = ["level-vocabulary", "level-classes"];
    let table = Table::new(&page, page.t("level-classification"), &columns, rows);
    let table = table.or_else(&page, "level-classification-none");
    let base = format!("/admin/levels/{}", level.id);
    let change = rows::allowed(tx, &person, UpdateOrganisation { organisation: level.id }).await?;
    let edit = change.then(|| (format!("{base}/edit"), page.t("edit")));
    let shown = ViewPage {
        back: ("/admin/levels".to_owned(), page.t("levels-back")),
        badge: Some(badge(&page, level.status)),
        links: edit.into_iter().collect(),
        facts: Vec::new(),
        tables: vec![(page.t("level-classification"), table, Vec::new())],
        ends: Vec::new(),
        page,
    };
    Ok(shown.show())
}

/// `GET /admin/levels/{id}/modules`
pub(super) async fn modules(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find(tx, &person, &id).await?;
    let page = page_of(tx, &person, &level, Shown::Modules).await?;
    let section = modules::section(tx, &person, &page, &level).await?.ok_or(Failure::NotFound)?;
    let shown = ViewPage {
        back: ("/admin/levels".to_owned(), page.t("levels-back")),
        badge: Some(badge(&page, level.status)),
        links: Vec::new(),
        facts: Vec::new(),
        tables: vec![section],
        ends: Vec::new(),
        page,
    };
    Ok(shown.show())
}

/// `GET /admin/levels/{id}/users`: the people of this level alone, each with what may be done with them (I63).
pub(super) async fn users(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let level = find(tx, &person, &id).await?;
    let scope = tree::scope(&person, &READERS);
    let path = organisations::path(tx, level.id).await?.ok_or(Failure::NotFound)?;
    if !scope.covers(&path) {
        return Err(Failure::NotFound);
    }
    let mut page = page_of(tx, &person, &level, Shown::Users).await?;
    let search = Search::everybody(scope, Some((level.id, false)));
    let total = search_store::count(tx, &search, person.ctx.now).await?;
    let asked = query.text("page").parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1_u32);
    let number = Pages::reached(asked, ROWS, total);
    let offset = i64::from(number.saturating_sub(1)) * i64::from(ROWS);
    let found = search_store::list(tx, &search, person.ctx.now, i64::from(ROWS), offset).await?;
    page.results = Some(total);
    let base = format!("/admin/levels/{}", level.id);
    let table = people(tx, &person, &page, found).await?;
    let pages = Pages::new(&page, (number, ROWS), total, |number| format!("{base}/users?page={number}"));
    let links = new_link(&person, &page, level.id, &path);
    let back = Some(("/admin/levels".to_owned(), page.t("levels-back")));
    Ok(TablePage { back, links, pages: Some(pages), ..TablePage::new(page, table) }.show())
}

fn new_link(person: &SignedIn, page: &Page, level: OrganisationId, path: &OrganisationPath) -> Vec<Link> {
    let may = reach::covers(person, Permission::UserCreate, path);
    let link = (format!("/admin/users/new?level={level}"), page.t("users-create"));
    may.then_some(link).into_iter().collect()
}

async fn people(tx: &mut Tx, person: &SignedIn, page: &Page, found: Vec<Listed>) -> Result<Table, Failure> {
    let caption = page.count("level-users-caption", found.len() as u64);
    let rows = rows::of(tx, person, page, found).await?;
    let rows = rows.into_iter().map(|row| {
        let name = format!("{} {}", row.given_name, row.family_name).trim().to_owned();
        let at = |rest: &str| format!("/admin/users/{}{rest}", row.id);
        let first = row.actions.iter().find(|(rest, _)| !rest.is_empty());
        vec![
            Cell::link(name.clone(), at("")),
            Cell::text(row.email),
            Cell::text(row.phone),
            Cell::badge(row.status_text, row.status),
            first.map_or_else(|| Cell::text(""), |(rest, key)| Cell::action(page.t(key), at(rest), name)),
        ]
    });
    let rows = rows.collect();
    let columns = ["person", "user-email", "user-phone", "user-status", "actions"];
    Ok(Table::new(page, caption, &columns, rows).or_else(page, "level-no-users"))
}
