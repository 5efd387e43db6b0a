//! Levels: the tree or a search in it, and creating one.

use axum::extract::RawQuery;
use axum::response::Response;

use super::level_form::{description, details, explain, sections};
use super::level_taken;
use super::plain::{Cell, FormPage, Table, TablePage};
use super::tree::{self, Level};
use crate::authority::action::CreateOrganisation;
use crate::authority::{Permission, Scope};
use crate::db::{Tx, transact};
use crate::directory::names_store;
use crate::directory::organisation::describe::model::Description;
use crate::directory::organisation::describe::rules;
use crate::directory::organisation::model::{Organisation, Status};
use crate::directory::organisation::{create, people_store, search_store};
use crate::kernel::ids::OrganisationId;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page, Pages};

/// Rows of one page of a search.
const ROWS: u32 = 50;

const SEEN: [Permission; 1] = [Permission::OrganisationRead];

/// `GET /admin/levels`: the tree while it is small enough to be read, otherwise what a search finds, page by page.
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    let whole = tree::scope(&person, &SEEN);
    if whole.is_empty() {
        return Err(Failure::NotFound);
    }
    // Of their country Access Managers see what they manage, and the rest when they ask for it (I41, I42).
    let (wider, mine) = (whole.has_country(), query.text("mine") != "no");
    let scope = if mine { whole.without_country() } else { whole };
    let mut page = person.page(Area::Levels, "levels-title");
    let name = query.text("q").trim().to_owned();
    let near = tree::near_in(tx, &scope, None).await?;
    let (levels, pages) = if near.whole && name.is_empty() {
        page.results = Some(near.levels.len() as u64);
        (near.levels, None)
    } else {
        let number = query.text("page").parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1_u32);
        let search = search_store::Search { scope: scope.clone(), name: name.clone(), parent: None };
        let total = search_store::count(tx, &search).await?;
        let number = Pages::reached(number, ROWS, total);
        let offset = i64::from(number.saturating_sub(1)) * i64::from(ROWS);
        let found = search_store::list(tx, &search, i64::from(ROWS), offset).await?;
        page.results = Some(total);
        let link = |number: u32| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.append_pair("q", &name).append_pair("page", &number.to_string());
            if wider && !mine {
                query.append_pair("mine", "no");
            }
            format!("/admin/levels?{}", query.finish())
        };
        (tree::placed(tx, &scope, found).await?, Some(Pages::new(&page, (number, ROWS), total, link)))
    };
    let flat = pages.is_some();
    let table = table(tx, &person, &page, levels, flat).await?;
    let mut shown = TablePage { pages, action: "/admin/levels".to_owned(), ..TablePage::new(page.clone(), table) };
    shown.filters.push(Field { kind: "search", ..Field::text(&page, "q", "level-name") }.filter().value(name));
    if wider {
        let choices = ["yes", "no"].map(|word| Choice::new(word, page.t(word), if mine { "yes" } else { "no" }));
        shown.filters.push(Field::select(&page, "mine", "levels-mine", choices.into()).filter());
    }
    if person.may(Permission::OrganisationCreate) {
        shown.links.push(("/admin/levels/new".to_owned(), page.t("level-new")));
        shown.links.push(("/admin/levels/register".to_owned(), page.t("register-title")));
    }
    if person.may(Permission::OrganisationWriteTo) {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", query.text("q")).finish();
        shown.links.push((format!("/admin/mail?{query}"), page.t("menu-mail")));
    }
    Ok(shown.show())
}

/// Levels as a table; in a flat list each says where it stands. People are counted where the reader sees people (D8).
pub(super) async fn table(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    levels: Vec<Level>,
    flat: bool,
) -> Result<Table, Failure> {
    let ids = levels.iter().map(|level| level.organisation.id).collect();
    let inside = names_store::list_inside(tx, &Scope::of_people(&person.authority, person.ctx.now), &ids).await?;
    let people = people_store::list_here(tx, &inside.iter().copied().collect::<Vec<_>>()).await?;
    let caption = page.count("levels-caption", levels.len() as u64);
    let row = |level: Level| {
        let Organisation { id, name, country, lei, status, .. } = level.organisation;
        let (kind, text) = badge(page, status);
        let link = Cell::link(name, format!("/admin/levels/{id}"));
        let users = format!("/admin/users?search=1&level={id}");
        vec![
            if flat { link.noted(level.path) } else { Cell { depth: level.depth.min(8), ..link } },
            Cell::text(country.unwrap_or_default()),
            Cell::code(lei.unwrap_or_default()),
            Cell::badge(text, kind),
            if inside.contains(&id) {
                Cell::link(people_text(page, people.get(&id).copied().unwrap_or(0)), users)
            } else {
                Cell::text("")
            },
        ]
    };
    let rows = levels.into_iter().map(row).collect();
    let columns = ["level-name", "level-country", "level-lei", "user-status", "menu-users"];
    Ok(Table::new(page, caption, &columns, rows).or_else(page, "levels-none"))
}

/// How many people, in words.
pub(super) fn people_text(page: &Page, count: i64) -> String {
    page.count("count-users", u64::try_from(count).unwrap_or(0))
}

/// Kind and text of the badge of a level.
pub(super) fn badge(page: &Page, status: Status) -> (&'static str, String) {
    match status {
        Status::Active => ("active", page.t("level-status-active")),
        Status::Deactivated | Status::Deleted => ("blocked", page.t("level-status-deactivated")),
    }
}

async fn new_form(
    person: &SignedIn,
    parent: Option<OrganisationId>,
    (errors, form): (&Errors, Option<&Form>),
    found: Option<Table>,
) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let near = tree::near_new(tx, person, parent).await?;
    if near.levels.is_empty() {
        return Err(Failure::Forbidden);
    }
    let mut page = person.page(Area::Levels, "level-new");
    page.has_errors = !errors.is_empty();
    let mut sections = sections(&page, &person.app.terms, None);
    let choices = Field::select(&page, "parent", "level-parent", tree::choices(&near.levels, parent));
    if let Some(first) = sections.first_mut() {
        first.fields.insert(0, choices);
    }
    for section in &mut sections {
        errors.fill(&mut section.fields, form);
    }
    let warning = found.as_ref().map(|_| page.t("level-alike-text"));
    let submit = page.t(if found.is_some() { "level-alike-anyway" } else { "save" });
    // Whoever has seen what is there and means another one says so for this name only.
    let seen = form.filter(|_| found.is_some()).map(|form| ("seen".to_owned(), form.text("name").to_owned()));
    let hidden = seen.into_iter().collect();
    let shown = FormPage::saving(page, "/admin/levels", "/admin/levels/new".to_owned(), Vec::new());
    Ok(FormPage { hidden, warning, found, sections, submit, ..shown }.show())
}

/// `GET /admin/levels/new`
pub(super) async fn get_new(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    new_form(&person, query.text("parent").parse().ok(), (&Errors::default(), None), None).await
}

/// What is wrong with a new level before anything is written: its description, an identifier of another one, a similar name.
pub(super) async fn look(
    person: &SignedIn,
    form: &Form,
) -> Result<Result<Description, (Errors, Option<Box<Table>>)>, Failure> {
    let page = person.page(Area::Levels, "level-new");
    let (terms, nothing) = (&person.app.terms, Description::default());
    let said = match description(&page, form, terms, &nothing) {
        Ok(said) => said,
        Err(errors) => return Ok(Err((errors, None))),
    };
    let said = match rules::checked(said, terms, &nothing) {
        Ok(said) => said,
        Err(error) => return explain(&page, &error).map(|errors| Err((errors, None))).ok_or_else(|| error.into()),
    };
    let scope = tree::scope(person, &SEEN);
    if let Some(errors) = level_taken::errors(person, &scope, (&details(form), &said), None).await? {
        return Ok(Err((errors, None)));
    }
    let name = form.text("name");
    if form.text("seen") != name || name.is_empty() {
        let tx = &mut person.app.db.reader().await?;
        let names: Vec<&str> = said.legal_names().chain([name]).collect();
        if let Some(found) = level_taken::alike(tx, person, &page, &names).await? {
            return Ok(Err((Errors::default(), Some(Box::new(found)))));
        }
    }
    Ok(Ok(said))
}

/// `POST /admin/levels/new`
pub(super) async fn post_new(person: SignedIn, form: Form) -> PageResult {
    let parent: OrganisationId = form.text("parent").parse().map_err(|_| Failure::BadRequest)?;
    let action = CreateOrganisation { parent: Some(parent) };
    person.app.door.authorise_read(&mut person.app.db.reader().await?, &person.ctx, action.clone()).await?;
    let said = match look(&person, &form).await? {
        Ok(said) => said,
        Err((errors, found)) => {
            return new_form(&person, Some(parent), (&errors, Some(&form)), found.map(|found| *found)).await;
        }
    };
    let made: Result<Organisation, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, action.clone()).await?;
        Ok(create::create_described(tx, permit, details(&form), (said.clone(), &person.app.terms), &person.ctx).await?)
    });
    match made {
        Ok(level) => Ok(saved(&person, level.id)),
        Err(ChangeError::Organisation(error)) => match explain(&person.page(Area::Levels, "level-new"), &error) {
            Some(errors) => new_form(&person, Some(parent), (&errors, Some(&form)), None).await,
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// Back to the level, after every authority was told to look again.
pub(super) fn saved(person: &SignedIn, level: OrganisationId) -> Response {
    person.app.door.changed();
    see_other(&format!("/admin/levels/{level}?done=level-saved"))
}
