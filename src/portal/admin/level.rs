//! One level: what it is, what lies below it, who administers it; changing it, switching it off and on.

use std::collections::BTreeSet;

use axum::extract::Path;
use uuid::Uuid;

use super::levels::{self, badge, people_text, saved};
use super::plain::{Cell, FormPage, Link, Table, ViewPage};
use super::{level_said, level_sign_in, level_tabs, modules, rows, tree};
use crate::authority::action::{CreateOrganisation, MoveOrganisation, ReadOrganisation, UpdateOrganisation};
use crate::authority::{Permission, Reach, Reason, Refusal, Scope};
use crate::db::{Tx, transact};
use crate::delegation::listed_store::{self, Sight, Wanted};
use crate::delegation::model::{RoleAssignment, State};
use crate::directory::names_store;
use crate::directory::organisation::describe::store as descriptions;
use crate::directory::organisation::model::{Organisation, Status};
use crate::directory::organisation::{ending_store, people_store, search_store, store, update};
use crate::kernel::ids::OrganisationId;
use crate::locale::lasting;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{last_day, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Form, Page};

/// How many levels directly below are listed.
const BELOW: i64 = 100;

/// How many administrators are listed.
const ADMINISTRATORS: i64 = 100;

/// The level, if the person may see it.
pub(super) async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Organisation, Failure> {
    let id: OrganisationId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, ReadOrganisation { organisation: id }).await?;
    store::find(tx, id).await?.ok_or(Failure::NotFound)
}

/// The level, if the person may change it.
pub(super) async fn find_own(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Organisation, Failure> {
    let level = find(tx, person, id).await?;
    person.app.door.authorise_read(tx, &person.ctx, UpdateOrganisation { organisation: level.id }).await?;
    Ok(level)
}

/// `GET /admin/levels/{id}`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find(tx, &person, &id).await?;
    let mut page = person.page(Area::Levels, "levels-title").titled(level.name.clone());
    page.wide = true;
    page.tabs = level_tabs::tabs(tx, (&person, &page), &level, level_tabs::Shown::Level).await?;
    let scope = tree::scope(&person, &[Permission::OrganisationRead]);
    // Whoever reaches this level alone is not told what lies below it (D8).
    let search = search_store::Search { scope: scope.clone(), name: String::new(), parent: Some(level.id) };
    let children = search_store::list(tx, &search, BELOW, 0).await?;
    let below = tree::placed(tx, &scope, children).await?;
    let mut below = levels::table(tx, &person, &page, below, true).await?;
    below.empty = page.t("level-no-sub-levels");
    let base = format!("/admin/levels/{}", level.id);
    let change = rows::allowed(tx, &person, UpdateOrganisation { organisation: level.id }).await?;
    let moves = change && can_leave(tx, &person, &level).await?;
    let create = tree::takes_new(tx, &person, level.id).await?
        && rows::allowed(tx, &person, CreateOrganisation { parent: Some(level.id) }).await?;
    let new = (format!("/admin/levels/new?parent={}", level.id), page.t("level-new-below"));
    let administrators = administrators(tx, &person, &page, &level).await?;
    let tables = vec![
        (page.t("level-sub-levels"), below, create.then_some(new).into_iter().collect()),
        (page.t("level-administrators"), administrators, Vec::new()),
    ];
    let shown = ViewPage {
        back: ("/admin/levels".to_owned(), page.t("levels-back")),
        badge: Some(badge(&page, level.status)),
        links: links(&page, &base, &level, (change, moves)),
        facts: facts(tx, (&person, &page), &level, &scope).await?,
        tables,
        ends: ends(&page, &base, &level, change),
        page,
    };
    Ok(shown.show())
}

/// Whether the person takes it anywhere: who administers nothing above it does not. Above it may be deactivated; then it can go elsewhere.
async fn can_leave(tx: &mut Tx, person: &SignedIn, level: &Organisation) -> Result<bool, Failure> {
    let Some(to) = level.parent else { return Ok(false) };
    let action = MoveOrganisation { organisation: level.id, to };
    match person.app.door.authorise_read(tx, &person.ctx, action).await {
        Ok(_) | Err(Refusal::Denied(Reason::OrganisationInactive | Reason::StepUp { .. })) => Ok(true),
        Err(Refusal::Denied(_)) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

fn links(page: &Page, base: &str, level: &Organisation, (change, moves): (bool, bool)) -> Vec<Link> {
    let mut links = Vec::new();
    if change {
        links.push((format!("{base}/edit"), page.t("edit")));
    }
    if change {
        links.push((format!("{base}/sign-in"), page.t("level-sign-in")));
    }
    if moves {
        links.push((format!("{base}/move"), page.t("level-move")));
    }
    links.push((format!("/admin/users?search=1&sub_levels=on&level={}", level.id), page.t("level-users-below")));
    links.push((format!("{base}/why"), page.t("why-title")));
    links
}

fn ends(page: &Page, base: &str, level: &Organisation, change: bool) -> Vec<Link> {
    if !change || level.parent.is_none() {
        return Vec::new();
    }
    let word = if level.status == Status::Active { "level-deactivate" } else { "level-reactivate" };
    vec![(format!("{base}/status"), page.t(word))]
}

async fn facts(
    tx: &mut Tx,
    (person, page): (&SignedIn, &Page),
    level: &Organisation,
    scope: &Scope,
) -> Result<Vec<(String, String)>, Failure> {
    let place = search_store::list_places(tx, scope, &[level.id]).await?.remove(&level.id).unwrap_or_default();
    let people = Scope::of_people(&person.authority, person.ctx.now);
    let people = Reach::of(tx, &people, Some((level.id, true))).await?.count(tx).await?;
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    let mut pairs = vec![
        ("level-place", place.join(" / ")),
        ("level-country", or_dash(&level.country)),
        ("level-lei", or_dash(&level.lei)),
        ("level-external-id", or_dash(&level.external_id)),
        ("level-people-below", people_text(page, people)),
        ("second-factor", level_sign_in::Asked::of(tx, level.id).await?.text(page)),
        ("user-created", moment(level.created_at)),
        ("user-last-modified", moment(level.updated_at)),
    ];
    if let Some(since) = ending_store::find_since(tx, level.id).await? {
        let last = since.plus(person.app.deactivated_organisation).to_date();
        let waits = !store::list_children(tx, level.id, 1).await?.is_empty();
        let when = if waits { format!("{last}, {}", page.t("level-deletion-waits")) } else { last };
        pairs.push(("level-deletion", when));
    }
    let mut facts: Vec<_> = pairs.into_iter().map(|(key, value)| (page.t(key), value)).collect();
    let said = descriptions::find(tx, level.id).await?;
    // After what identifies it, before what is counted.
    facts.splice(4..4, level_said::facts(page, &person.app.terms, &said));
    Ok(facts)
}

/// Who holds roles here, as far as the reader may know them.
async fn administrators(tx: &mut Tx, person: &SignedIn, page: &Page, level: &Organisation) -> Result<Table, Failure> {
    let sight = Sight::of(&person.authority, person.ctx.now);
    let mut held = Vec::new();
    for state in [State::Active, State::Pending] {
        let wanted = Wanted { organisation: Some(level.id), state: Some(state), ..Wanted::default() };
        held.extend(listed_store::list(tx, &sight, &wanted, ADMINISTRATORS).await?);
    }
    held.retain(|role| role.valid_until.is_none_or(|end| person.ctx.now < end));
    let ids: BTreeSet<Uuid> = held.iter().map(|role| role.principal.uuid()).collect();
    let scope = Scope::of_people(&person.authority, person.ctx.now);
    let contacts = Scope::of_contacts(&person.authority, person.ctx.now);
    let people = names_store::list_people(tx, (&scope, &contacts), &ids).await?;
    let row = |role: &RoleAssignment| {
        let name = people.get(&role.principal.uuid());
        let who = match (role.principal.person(), name) {
            (Some(id), Some(name)) => Cell::link(name.clone(), format!("/admin/users/{id}")),
            (Some(_), None) => Cell::text(page.t("by-outside")),
            (None, _) => Cell::text(page.t("by-service")),
        };
        let state = if role.state == State::Pending { ("new", "role-pending") } else { ("active", "status-active") };
        vec![
            who,
            Cell::text(role.role.clone()),
            Cell::text(page.t(if role.include_sub_levels { "yes" } else { "no" })),
            Cell::text(role.valid_until.map(last_day).unwrap_or_default()),
            Cell::badge(page.t(state.1), state.0),
        ]
    };
    let rows = held.iter().map(row).collect();
    let columns = ["person", "role", "include-sub-levels", "until", "user-status"];
    Ok(Table::new(page, page.t("level-administrators"), &columns, rows).or_else(page, "level-no-administrators"))
}

/// `GET /admin/levels/{id}/status`: what switching off or on means, before it happens (DA-44).
pub(super) async fn get_status(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find_own(tx, &person, &id).await?;
    let active = level.status == Status::Active;
    if active && let Some(page) = modules::in_the_way(tx, &person, &level).await? {
        return Ok(page);
    }
    let word = if active { "deactivate" } else { "reactivate" };
    let page = person.page(Area::Levels, &format!("level-{word}-title"));
    let people = people_store::count(tx, &[level.id], &[]).await?;
    let intro = Some(page.t1(&format!("level-{word}-text"), "level", &level.name));
    let people = people_text(&page, people);
    let mut points = vec![page.t1("level-people-affected", "people", people)];
    if active {
        let lasts = lasting(page.locale, person.app.deactivated_organisation);
        points.push(page.t1("level-deactivate-deletion", "lasts", lasts));
    }
    let base = format!("/admin/levels/{}", level.id);
    let form = FormPage::asking(page, &base, format!("{base}/status"), &format!("level-{word}"));
    let hidden = vec![("to".to_owned(), word.to_owned())];
    Ok(FormPage { intro, points, hidden, danger: active, ..form }.show())
}

/// `POST /admin/levels/{id}/status`
pub(super) async fn post_status(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let level = find_own(&mut person.app.db.reader().await?, &person, &id).await?;
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = UpdateOrganisation { organisation: level.id };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        match form.text("to") {
            "deactivate" => update::deactivate(tx, permit, &person.ctx).await?,
            "reactivate" => update::reactivate(tx, permit, &person.ctx).await?,
            _ => return Err(ChangeError::Unknown),
        };
        Ok(())
    });
    made?;
    Ok(saved(&person, level.id))
}
