//! The roll-out of a module: who holds it, who should, who was proposed (I71–I73).

use axum::extract::{Path, RawQuery};

use super::module_form::badge;
use super::plain::{Cell, Table, TablePage};
use super::reach;
use crate::authority::{ApplicationScope, Permission, Scope};
use crate::db::{self, Tx};
use crate::directory::application;
use crate::directory::application::model::Application;
use crate::directory::module::candidates_store::{self as candidates, Candidate, Search, Standing};
use crate::directory::module::catalogue_store;
use crate::kernel::ids::ApplicationId;
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Choice, Field, Form, Page, Pages};

/// Rows of one page.
const ROWS: u32 = 50;

/// Whoever grants modules, and whoever proposes who should hold them.
pub(super) const MAY: [Permission; 2] = [Permission::ModuleManage, Permission::ModulePropose];

/// The organisations at which any of some permissions reaches a module.
pub(super) fn scope(person: &SignedIn, permissions: &[Permission], application: ApplicationId) -> Scope {
    Scope::of_application(&person.authority, permissions, application, person.ctx.now)
}

/// A module that the person has to do with; for anybody else there is none.
pub(super) async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Application, Failure> {
    let id: ApplicationId = id.parse().map_err(|_| Failure::NotFound)?;
    if scope(person, &MAY, id).is_empty() {
        return Err(Failure::NotFound);
    }
    let found = application::store::find(tx, id).await?;
    found.filter(|application| application.modules.required).ok_or(Failure::NotFound)
}

/// `GET /admin/modules`: the modules that can be granted or proposed.
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let sets = reach::applications(&person, &MAY);
    if sets.is_empty() {
        return Err(Failure::NotFound);
    }
    let mut page = person.page(Area::Modules, "rollout-modules");
    let mut modules = application::store::list(tx).await?;
    modules.retain(|one| one.modules.required && sets.iter().any(|set| set.contains(one.id)));
    let row = |module: Application| {
        let link = format!("/admin/modules/{}", module.id);
        vec![Cell::link(module.name, link).noted(module.description), Cell::code(module.code)]
    };
    page.results = Some(modules.len() as u64);
    let rows = modules.into_iter().map(row).collect();
    let columns = ["application-name", "application-code"];
    let table = Table::new(&page, page.t("rollout-modules"), &columns, rows).or_else(&page, "rollout-modules-none");
    Ok(TablePage::new(page, table).show())
}

/// What the address asks for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    name: String,
    pub(super) standing: Standing,
    /// Another module, and a class of it after a dot.
    holds: String,
}

impl Asked {
    pub(super) fn read(query: &Form) -> Self {
        Self {
            name: query.text("q").trim().chars().take(200).collect(),
            standing: Standing::parse(query.text("standing")).unwrap_or_default(),
            holds: query.text("holds").to_owned(),
        }
    }

    pub(super) fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &self.name).append_pair("standing", self.standing.as_str());
        query.append_pair("holds", &self.holds).finish()
    }

    pub(super) fn search(&self, person: &SignedIn, application: ApplicationId) -> Search {
        let (other, class) = self.holds.split_once('.').map_or((self.holds.as_str(), None), |(id, c)| (id, Some(c)));
        Search {
            scope: scope(person, &MAY, application),
            application,
            standing: self.standing,
            name: self.name.clone(),
            holds: other
                .parse()
                .ok()
                .map(|other| (other, ApplicationScope::of(&person.authority, &MAY, person.ctx.now))),
            class: class.map(str::to_owned),
        }
    }
}

/// Other modules that the reader has to do with, each with its classes: who holds one of them may need this one (I71).
async fn others(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    asked: &Asked,
    not: ApplicationId,
) -> db::Result<Vec<Choice>> {
    let seen = reach::applications(person, &MAY);
    let mut choices = vec![Choice::new("", page.t("rollout-holds-any"), &asked.holds)];
    let mut classes = catalogue_store::list_classes(tx).await?;
    for other in application::store::list(tx).await? {
        if other.id == not || !other.modules.required || !seen.iter().any(|set| set.contains(other.id)) {
            continue;
        }
        choices.push(Choice::new(other.id.to_string(), other.name.clone(), &asked.holds));
        for class in classes.remove(&other.id).unwrap_or_default() {
            let text = format!("{}: {}", other.name, class.label(page.locale.tag()));
            choices.push(Choice::new(format!("{}.{}", other.id, class.code), text, &asked.holds));
        }
    }
    Ok(choices)
}

/// `GET /admin/modules/{application}`
pub(super) async fn get_one(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let module = find(tx, &person, &id).await?;
    let asked = Asked::read(&query);
    let search = asked.search(&person, module.id);
    let number = query.text("page").parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1_u32);
    let total = candidates::count(tx, &search).await?;
    let number = Pages::reached(number, ROWS, total);
    let offset = i64::from(number.saturating_sub(1)) * i64::from(ROWS);
    let found = candidates::list(tx, &search, i64::from(ROWS), offset).await?;
    let mut page = person.page(Area::Modules, "rollout-title").titled(module.name.clone());
    page.results = Some(total);
    let base = format!("/admin/modules/{}", module.id);
    let manages = !scope(&person, &[Permission::ModuleManage], module.id).is_empty();
    let rows = found.into_iter().map(|one| row(&page, one)).collect();
    let columns = ["level-name", "level-country", "level-lei", "rollout-standing"];
    let table = Table::new(&page, page.count("levels-caption", total), &columns, rows).or_else(&page, "rollout-none");
    let choices = Standing::ALL.into_iter();
    let choices = choices
        .map(|one| Choice::new(one.as_str(), page.t(&format!("rollout-{}", one.as_str())), asked.standing.as_str()));
    let filters = vec![
        Field { kind: "search", ..Field::text(&page, "q", "level-name") }.filter().value(asked.name.clone()),
        Field::select(&page, "standing", "rollout-standing", choices.collect()).filter(),
        Field::select(&page, "holds", "rollout-holds", others(tx, &person, &page, &asked, module.id).await?).filter(),
    ];
    let choose = if manages { "rollout-choose-grant" } else { "rollout-choose-propose" };
    let links = vec![
        (format!("{base}/choose?{}", asked.query()), page.t(choose)),
        (format!("{base}/match"), page.t("rollout-match")),
    ];
    let link = |number: u32| format!("{base}?{}&page={number}", asked.query());
    let pages = Some(Pages::new(&page, (number, ROWS), total, link));
    let back = Some(("/admin/modules".to_owned(), page.t("back")));
    Ok(TablePage { pages, back, filters, links, action: base, ..TablePage::new(page, table) }.show())
}

fn row(page: &Page, one: Candidate) -> Vec<Cell> {
    let standing = match (one.access, one.proposed_at) {
        (Some(status), _) => {
            let (kind, text) = badge(page, status);
            Cell::badge(text, kind)
        }
        (None, Some(at)) => Cell::badge(page.t("rollout-proposed"), "new").noted(at.to_date()),
        (None, None) => Cell::text(page.t("rollout-without")),
    };
    vec![
        Cell::link(one.name, format!("/admin/levels/{}", one.id)),
        Cell::text(one.country.unwrap_or_default()),
        Cell::code(one.lei.unwrap_or_default()),
        standing,
    ]
}
