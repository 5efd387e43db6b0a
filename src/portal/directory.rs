//! The general directory of organisations (I43, I80, I88): a search for everybody who is signed in, where the profile has one.

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::routing::get;

use super::Portal;
use super::admin::level_said;
use super::admin::plain::{Cell, Table, TablePage, ViewPage};
use super::error::{Failure, PageResult};
use super::page::Area;
use super::signed_in::SignedIn;
use crate::authority::DirectoryRules;
use crate::authority::action::LookUpOrganisation;
use crate::directory::module::model::ModuleStatus;
use crate::directory::organisation::look_up::model::{Found, Part, Wanted, is_country};
use crate::directory::organisation::look_up::{store, words};
use crate::kernel::ids::{ApplicationId, OrganisationId};
use crate::web::{Choice, Field, Form, Page, place};

/// Rows of one page.
const ROWS: u32 = 50;

/// The routes of the directory.
pub(super) fn router() -> Router<Portal> {
    Router::new().route("/directory", get(list)).route("/directory/{organisation}", get(one))
}

/// What was searched for; whatever is unreadable counts as not given.
struct Query {
    form: Form,
    wanted: Wanted,
}

impl Query {
    fn read(raw: &str, person: &SignedIn, applications: &[(ApplicationId, String, String)]) -> Self {
        let form = Form::parse(raw.as_bytes()).unwrap_or_default();
        let country = form.given("country").map(str::to_uppercase).filter(|code| is_country(code));
        let class = form.text("class").split_once(':');
        let class = class.filter(|(vocabulary, code)| person.app.terms.has(vocabulary, code));
        let asked = form.text("application");
        let wanted = Wanted {
            words: words::asked(&form.text("q").chars().take(200).collect::<String>()),
            country,
            class: class.map(|(vocabulary, code)| (vocabulary.to_owned(), code.to_owned())),
            application: applications.iter().find(|(_, code, _)| code == asked).map(|(id, ..)| *id),
            after: place::parse(&person.app.places, form.text("after")),
            ..Wanted::default()
        };
        Self { form, wanted }
    }

    /// The same search from another place on.
    fn link(&self, after: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for name in ["q", "country", "class", "application"] {
            query.extend_pairs(self.form.given(name).map(|value| (name, value)));
        }
        format!("/directory?{}", query.append_pair("after", after).finish())
    }
}

async fn rules(person: &SignedIn, organisation: Option<OrganisationId>) -> Result<DirectoryRules, Failure> {
    let tx = &mut person.app.db.reader().await?;
    person.app.door.authorise_read(tx, &person.ctx, LookUpOrganisation { organisation }).await?;
    person.app.door.roles().directory().ok_or(Failure::NotFound)
}

/// `GET /directory`
async fn list(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let shown = rules(&person, None).await?;
    let tx = &mut person.app.db.reader().await?;
    let applications = if shown.applications { store::list_applications(tx).await? } else { Vec::new() };
    let query = Query::read(&raw.unwrap_or_default(), &person, &applications);
    let found = store::list(tx, &query.wanted, shown, ROWS).await?;
    let page = person.page(Area::Directory, "directory-title");
    let filters = filters(&page, &person, &query.form, &applications);
    let next = found.next.as_ref().map(|next| place::to_text(&person.app.places, next, &person.app.entropy));
    let next = next.transpose().map_err(Failure::internal)?;
    let more = next.map(|next| (query.link(&next), page.t("page-next")));
    let table = table(&page, found.found, shown);
    let lead = Some(page.t("directory-text"));
    let action = "/directory".to_owned();
    Ok(TablePage { lead, action, filters, more, ..TablePage::new(page, table) }.show())
}

fn filters(
    page: &Page,
    person: &SignedIn,
    form: &Form,
    applications: &[(ApplicationId, String, String)],
) -> Vec<Field> {
    let mut filters = vec![
        Field { kind: "search", ..Field::text(page, "q", "directory-name") }.filter().value(form.text("q")),
        Field { max: 2, narrow: true, ..Field::text(page, "country", "level-country") }
            .filter()
            .value(form.text("country")),
    ];
    let tag = page.locale.tag();
    let entries = person.app.terms.vocabularies.iter().flat_map(|vocabulary| {
        vocabulary.entries.iter().map(move |entry| {
            let text = format!("{}: {}", vocabulary.labels.of(tag), entry.labels.of(tag));
            (format!("{}:{}", vocabulary.code, entry.code), text)
        })
    });
    let modules = applications.iter().map(|(_, code, name)| (code.clone(), name.clone()));
    for (name, label, choices) in [
        ("class", "level-classification", entries.collect::<Vec<_>>()),
        ("application", "directory-module", modules.collect()),
    ] {
        if !choices.is_empty() {
            let any = [(String::new(), page.t("directory-any"))].into_iter();
            let choices = any.chain(choices).map(|(value, text)| Choice::new(value, text, form.text(name)));
            filters.push(Field::select(page, name, label, choices.collect()).filter());
        }
    }
    filters
}

/// Its names and titles beside the official one, those in the language of the page first.
fn names(page: &Page, one: &Found) -> String {
    let mine = one.said.titles.get_key_value(page.locale.tag());
    let others = one.said.titles.iter().filter(|(language, _)| language.as_str() != page.locale.tag());
    let all = mine.into_iter().chain(others).flat_map(|(_, titles)| [&titles.informal_title, &titles.legal_name]);
    let mut names: Vec<&str> = Vec::new();
    for name in all.flatten().filter(|name| **name != one.name) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names.join(" · ")
}

fn contact(one: &Found) -> String {
    let phone = one.said.phone.as_ref().map(|phone| phone.as_str().to_owned());
    [phone, one.said.website.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn module(page: &Page, part: &Part) -> String {
    match part.status {
        ModuleStatus::Active => part.name.clone(),
        ModuleStatus::Suspended => page.t1("directory-suspended", "module", &part.name),
    }
}

fn table(page: &Page, found: Vec<Found>, shown: DirectoryRules) -> Table {
    let caption = page.count("directory-caption", found.len() as u64);
    let mut columns = vec!["level-name", "level-country"];
    columns.extend(shown.contact.then_some("level-contact"));
    columns.extend(shown.applications.then_some("directory-modules"));
    columns.push("directory-changed");
    let rows = found.into_iter().map(|one| {
        let name = Cell::link(one.name.clone(), format!("/directory/{}", one.id)).noted(names(page, &one));
        let mut row = vec![name, Cell::text(one.country.clone().unwrap_or_default())];
        if shown.contact {
            let address = one.said.address.as_ref().map(|address| address.replace('\n', ", "));
            row.push(Cell::text(contact(&one)).noted(address.unwrap_or_default()));
        }
        if shown.applications {
            let modules: Vec<String> = one.parts.iter().map(|part| module(page, part)).collect();
            row.push(Cell::text(modules.join(", ")));
        }
        row.push(Cell::whole(one.changed_at.to_date()));
        row
    });
    let rows = rows.collect();
    Table::new(page, caption, &columns, rows).or_else(page, "directory-none")
}

/// `GET /directory/{organisation}`
async fn one(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let id: OrganisationId = id.parse().map_err(|_| Failure::NotFound)?;
    let shown = rules(&person, Some(id)).await?;
    let tx = &mut person.app.db.reader().await?;
    let found = store::find(tx, id, shown).await?.ok_or(Failure::NotFound)?;
    let page = person.page(Area::Directory, "directory-title").titled(found.name.clone());
    let mut facts: Vec<(String, String)> = Vec::new();
    facts.extend(found.country.clone().map(|country| (page.t("level-country"), country)));
    facts.extend(level_said::facts(&page, &person.app.terms, &found.said));
    facts.extend(level_said::classification(&page, &person.app.terms, &found.said));
    facts.push((page.t("directory-changed"), found.changed_at.to_date()));
    let modules = found.parts.iter().map(|part| {
        let kind = page.t(&format!("module-kind-{}", part.kind.as_str()));
        vec![Cell::text(module(&page, part)).noted(part.code.clone()), Cell::text(kind)]
    });
    let modules: Vec<_> = modules.collect();
    let columns = ["directory-module", "directory-as"];
    let table = (!modules.is_empty()).then(|| {
        let title = page.t("directory-modules");
        (title.clone(), Table::new(&page, title, &columns, modules), Vec::new())
    });
    let back = ("/directory".to_owned(), page.t("directory-back"));
    let (links, ends, tables) = (Vec::new(), Vec::new(), table.into_iter().collect());
    Ok(ViewPage { page, back, badge: None, links, facts, tables, ends }.show())
}
