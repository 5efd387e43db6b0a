//! Management information of a level: which organisations manage it, and who administers it (I47, I49); adding and removing managers
//! (I50, I51).

use std::collections::BTreeSet;

use axum::extract::Path;
use uuid::Uuid;

use super::level::find;
use super::levels::badge;
use super::plain::{Cell, FormPage, Table, ViewPage};
use super::{level_tabs, rows, tree};
use crate::authority::action::{AddManager, RemoveManager};
use crate::authority::{Assignment, Extent, Permission, Reason, Refusal, Scope};
use crate::db::{Tx, transact};
use crate::delegation;
use crate::delegation::listed_store::{self, Sight, Wanted};
use crate::delegation::model::State;
use crate::directory::names_store;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::managing_store::{self, AccessManager};
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::{managing, search_store, store};
use crate::kernel::ids::OrganisationId;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, last_day, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page};

/// How many administrators are listed.
const ADMINISTRATORS: i64 = 200;

/// The level, where organisations manage others at all.
async fn find_managed(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Organisation, Failure> {
    if !person.app.door.roles().has_managers() {
        return Err(Failure::NotFound);
    }
    find(tx, person, id).await
}

/// `GET /admin/levels/{id}/managers`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find_managed(tx, &person, &id).await?;
    let mut page = person.page(Area::Levels, "managing-title").titled(level.name.clone());
    page.wide = true;
    page.tabs = level_tabs::tabs(tx, (&person, &page), &level, level_tabs::Shown::Managers).await?;
    let base = format!("/admin/levels/{}", level.id);
    let managers = managing_store::list_managers(tx, level.id).await?;
    let add = !candidates(tx, &person, &level, &managers).await?.is_empty();
    let add = add.then(|| (format!("{base}/managers/add"), page.t("managing-add")));
    let managers = managers_table(tx, &person, &page, (&level, &managers)).await?;
    let administrators = administrators_table(tx, &person, &page, &level).await?;
    let mut links = Vec::new();
    if person.may(Permission::AuditRead) {
        links.push((format!("/admin/audit?level={}", level.id), page.t("managing-history")));
    }
    let shown = ViewPage {
        back: ("/admin/levels".to_owned(), page.t("levels-back")),
        badge: Some(badge(&page, level.status)),
        links,
        facts: vec![(page.t("user-last-modified"), moment(level.updated_at))],
        tables: vec![
            (page.t("managing-managers"), managers, add.into_iter().collect()),
            (page.t("managing-administrators"), administrators, Vec::new()),
        ],
        ends: Vec::new(),
        page,
    };
    Ok(shown.show())
}

async fn managers_table(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    (level, managers): (&Organisation, &[AccessManager]),
) -> Result<Table, Failure> {
    let ids: BTreeSet<OrganisationId> = managers.iter().map(|manager| manager.id).collect();
    let seen = names_store::list_inside(tx, &tree::scope(person, &[Permission::OrganisationRead]), &ids).await?;
    let action = |manager: &AccessManager| RemoveManager { organisation: level.id, manager: manager.id }.into();
    let actions: Vec<_> = managers.iter().map(action).collect();
    let may = person.app.door.judge(tx, &person.ctx, &actions).await?;
    let row = |(manager, may): (&AccessManager, bool)| {
        let name = manager.name.clone();
        let remove = format!("/admin/levels/{}/managers/{}", level.id, manager.id);
        vec![
            if seen.contains(&manager.id) {
                Cell::link(name.clone(), format!("/admin/levels/{}", manager.id))
            } else {
                Cell::text(name.clone())
            },
            Cell::whole(moment(manager.added_at)),
            if may { Cell::action(page.t("managing-remove"), remove, name) } else { Cell::text("") },
        ]
    };
    let rows = managers.iter().zip(may).map(row).collect();
    let columns = ["level-name", "managing-since", "managing-action"];
    Ok(Table::new(page, page.t("managing-managers"), &columns, rows).or_else(page, "managing-none"))
}

/// Who administers it by a role at it that would be the first one's, or by which it manages others (I49).
async fn administrators_table(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    level: &Organisation,
) -> Result<Table, Failure> {
    let roles = person.app.door.roles();
    let administers =
        |code: &str| roles.get(code).is_some_and(|role| role.first_user || !role.managed_permissions.is_empty());
    let sight = Sight::of(&person.authority, person.ctx.now);
    let wanted = Wanted { organisation: Some(level.id), state: Some(State::Active), ..Wanted::default() };
    let mut held = listed_store::list(tx, &sight, &wanted, ADMINISTRATORS).await?;
    held.retain(|role| administers(&role.role) && role.is_live(person.ctx.now));
    let ids: BTreeSet<Uuid> = held.iter().map(|role| role.principal.uuid()).collect();
    let people = Scope::of_people(&person.authority, person.ctx.now);
    let contacts = Scope::of_contacts(&person.authority, person.ctx.now);
    let names = names_store::list_people(tx, (&people, &contacts), &ids).await?;
    let row = |role: &delegation::model::RoleAssignment| {
        let who = match (role.principal.person(), names.get(&role.principal.uuid())) {
            (Some(id), Some(name)) => Cell::link(name.clone(), format!("/admin/users/{id}")),
            _ => Cell::text(page.t("by-outside")),
        };
        let until = role.valid_until.map(last_day).unwrap_or_default();
        vec![who, Cell::text(role.role.clone()), Cell::whole(moment(role.valid_from)), Cell::text(until)]
    };
    let rows = held.iter().map(row).collect();
    let columns = ["person", "role", "managing-since", "until"];
    Ok(Table::new(page, page.t("managing-administrators"), &columns, rows).or_else(page, "level-no-administrators"))
}

/// The organisations that the person may name: their own where they find this one, any that they see where they manage it.
async fn candidates(
    tx: &mut Tx,
    person: &SignedIn,
    level: &Organisation,
    present: &[AccessManager],
) -> Result<Vec<Organisation>, Failure> {
    let Some(path) = store::path(tx, level.id).await? else { return Ok(Vec::new()) };
    let own = person.authority.holding(Permission::AccessManagerSelfAdd, person.ctx.now);
    let own: BTreeSet<Uuid> =
        own.filter(|a| a.extent.covers(&path)).filter_map(Assignment::place).map(|place| place.0).collect();
    let mut found = search_store::list_some(tx, &own).await?;
    let mut managing = person.authority.holding(Permission::AccessManagerManage, person.ctx.now);
    if managing.any(|a| a.extent.covers(&path)) {
        let near = tree::near(tx, person, &[Permission::OrganisationRead], path.country()).await?;
        found.extend(near.levels.into_iter().map(|near| near.organisation));
    }
    let mut seen: BTreeSet<OrganisationId> = present.iter().map(|manager| manager.id).chain([level.id]).collect();
    found.retain(|one| one.parent.is_some() && seen.insert(one.id));
    // None manages what it stands below.
    let below = Scope::Within(vec![Extent::Subtree(level.id)]);
    let below = names_store::list_inside(tx, &below, &found.iter().map(|one| one.id).collect()).await?;
    found.retain(|one| !below.contains(&one.id));
    Ok(found)
}

async fn add_form(person: &SignedIn, level: &Organisation, errors: &Errors, form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let present = managing_store::list_managers(tx, level.id).await?;
    let found = candidates(tx, person, level, &present).await?;
    let mut page = person.page(Area::Levels, "managing-add");
    page.has_errors = !errors.is_empty();
    let choices = found.iter().map(|one| Choice::new(one.id.to_string(), one.name.clone(), "")).collect();
    let mut all = vec![Field::select(&page, "manager", "managing-manager", choices)];
    errors.fill(&mut all, form);
    let intro = Some(page.t1("managing-add-text", "level", &level.name));
    let base = format!("/admin/levels/{}/managers", level.id);
    Ok(FormPage { intro, ..FormPage::saving(page, &base, format!("{base}/add"), all) }.show())
}

/// `GET /admin/levels/{id}/managers/add`
pub(super) async fn get_add(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let level = find_managed(&mut person.app.db.reader().await?, &person, &id).await?;
    add_form(&person, &level, &Errors::default(), None).await
}

/// `POST /admin/levels/{id}/managers/add`
pub(super) async fn post_add(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let level = find_managed(&mut person.app.db.reader().await?, &person, &id).await?;
    let manager: OrganisationId = form.text("manager").parse().map_err(|_| Failure::BadRequest)?;
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = AddManager { organisation: level.id, manager };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(managing::add(tx, permit, &person.ctx).await?)
    });
    let key = match &made {
        Err(ChangeError::Refused(Refusal::Denied(Reason::OtherCountry))) => "managing-other-country",
        Err(ChangeError::Refused(Refusal::Denied(Reason::StandsAbove))) => "managing-stands-above",
        Err(ChangeError::Refused(Refusal::Denied(Reason::NotPermitted))) => "managing-cannot",
        Err(ChangeError::Organisation(OrganisationError::ManagesAlready)) => "managing-already",
        Err(ChangeError::Organisation(OrganisationError::TooManyManagers)) => "managing-full",
        _ => {
            made?;
            person.app.door.changed();
            return Ok(see_other(&format!("/admin/levels/{}/managers?done=managing-added", level.id)));
        }
    };
    let errors = Errors::one("manager", person.page(Area::Levels, "managing-add").t(key));
    add_form(&person, &level, &errors, Some(&form)).await
}

/// The manager of the level that an address names.
async fn find_manager(
    tx: &mut Tx,
    person: &SignedIn,
    (id, manager): (&str, &str),
) -> Result<(Organisation, AccessManager, bool), Failure> {
    let level = find_managed(tx, person, id).await?;
    let managers = managing_store::list_managers(tx, level.id).await?;
    let last = managers.len() == 1;
    let manager = managers.into_iter().find(|one| one.id.to_string() == manager).ok_or(Failure::NotFound)?;
    let action = RemoveManager { organisation: level.id, manager: manager.id };
    if !rows::allowed(tx, person, action).await? {
        return Err(Failure::Forbidden);
    }
    Ok((level, manager, last))
}

/// `GET /admin/levels/{id}/managers/{manager}`: what removing it means, before it happens.
pub(super) async fn get_remove(person: SignedIn, Path((id, manager)): Path<(String, String)>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let (level, manager, last) = find_manager(tx, &person, (&id, &manager)).await?;
    let page = person.page(Area::Levels, "managing-remove-title");
    let back = format!("/admin/levels/{}/managers", level.id);
    let intro = Some(format!("{}: {}", level.name, manager.name));
    if last {
        let points = vec![page.t("managing-last")];
        return Ok(FormPage { intro, points, ..FormPage::telling(page, &back) }.show());
    }
    let points = vec![page.t1("managing-remove-text", "level", &level.name)];
    let form = FormPage::asking(page, &back, format!("{back}/{}", manager.id), "managing-remove");
    Ok(FormPage { intro, points, ..form }.show())
}

/// `POST /admin/levels/{id}/managers/{manager}`
pub(super) async fn post_remove(
    person: SignedIn,
    Path((id, manager)): Path<(String, String)>,
    _form: Form,
) -> PageResult {
    let (level, manager, _) = find_manager(&mut person.app.db.reader().await?, &person, (&id, &manager)).await?;
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = RemoveManager { organisation: level.id, manager: manager.id };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(managing::remove(tx, permit, &person.ctx).await?)
    });
    made?;
    // Their own organisation may have been the one by which they saw it.
    person.app.door.changed();
    Ok(see_other("/admin/levels?done=managing-removed"))
}
