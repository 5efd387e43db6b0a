//! Levels: the tree, creating, changing, switching off and on, moving.

use axum::extract::{Path, RawQuery};
use axum::response::Response;

use super::plain::{Cell, FormPage, TablePage};
use super::tree;
use crate::authority::Permission;
use crate::authority::action::{CreateOrganisation, MoveOrganisation, UpdateOrganisation};
use crate::db::transact;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::model::{Organisation, OrganisationDetails, Status};
use crate::directory::organisation::{create, store, transfer, update};
use crate::kernel::ids::OrganisationId;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Field, Form, Page};

/// `GET /admin/levels`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let levels = tree::levels(tx, &person, &[Permission::OrganisationRead]).await?;
    if levels.is_empty() {
        return Err(Failure::NotFound);
    }
    let page = person.page(Area::Levels, "levels-title");
    let row = |level: tree::Level| {
        let id = level.organisation.id;
        let edit = format!("/admin/levels/{id}");
        let status = if level.organisation.status == Status::Active { "status-active" } else { "status-deactivated" };
        vec![
            Cell { depth: level.depth.min(8), ..Cell::link(level.organisation.name, edit) },
            Cell::text(level.organisation.country.unwrap_or_default()),
            Cell::text(level.organisation.lei.unwrap_or_default()),
            Cell::text(page.t(status)),
            Cell::link(page.t("level-users"), format!("/admin/users?search=1&sub_levels=on&level={id}")),
        ]
    };
    let lines = levels.into_iter().map(row).collect();
    let mut table =
        TablePage::new(page.clone(), &["level-name", "level-country", "level-lei", "user-status", "menu-users"], lines);
    if person.may(Permission::OrganisationCreate) {
        table.links.push(("/admin/levels/new".to_owned(), page.t("level-new")));
    }
    Ok(table.show())
}

fn fields(page: &Page, stored: Option<&Organisation>) -> Vec<Field> {
    let value = |part: fn(&Organisation) -> Option<String>| stored.and_then(part).unwrap_or_default();
    vec![
        Field::text(page, "name", "level-name").value(value(|o| Some(o.name.clone()))),
        Field { max: 2, narrow: true, ..Field::text(page, "country", "level-country") }
            .hint(page, "level-country-hint")
            .optional(page)
            .value(value(|o| o.country.clone())),
        Field { max: 20, ..Field::text(page, "lei", "level-lei") }.optional(page).value(value(|o| o.lei.clone())),
        Field::text(page, "external_id", "level-external-id").optional(page).value(value(|o| o.external_id.clone())),
    ]
}

fn details(form: &Form) -> OrganisationDetails {
    let optional = |name: &str| form.given(name).map(str::to_owned);
    OrganisationDetails {
        name: form.text("name").to_owned(),
        country: optional("country"),
        lei: optional("lei"),
        external_id: optional("external_id"),
    }
}

/// What the form can say about a refused change.
fn explain(page: &Page, error: &OrganisationError) -> Option<Errors> {
    let choice = |field: &str, key: &str| Some(Errors::one(field, page.t1("error-choice", "field", page.t(key))));
    match error {
        OrganisationError::NameTaken => Some(Errors::one("name", page.t("level-taken"))),
        OrganisationError::IdentifierTaken => Some(Errors::one("external_id", page.t("code-taken"))),
        OrganisationError::Text { field, error } => Some(Errors::one(field, describe(page, "level-name", *error))),
        OrganisationError::Country => Some(Errors::one("country", page.t("level-country-hint"))),
        OrganisationError::Lei => choice("lei", "level-lei"),
        OrganisationError::Cycle | OrganisationError::TooDeep | OrganisationError::Root => {
            Some(Errors::one("to", page.t("level-cannot-move")))
        }
        OrganisationError::RootExists
        | OrganisationError::NotFound
        | OrganisationError::Stale
        | OrganisationError::Db(_) => None,
    }
}

async fn new_form(person: &SignedIn, errors: &Errors, form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let levels = tree::levels(tx, person, &[Permission::OrganisationCreate]).await?;
    if levels.is_empty() {
        return Err(Failure::Forbidden);
    }
    let mut page = person.page(Area::Levels, "level-new");
    page.has_errors = !errors.is_empty();
    let mut all = vec![Field::select(&page, "parent", "level-parent", tree::choices(&levels, None))];
    all.extend(fields(&page, None));
    errors.fill(&mut all, form);
    Ok(FormPage::saving(page, "/admin/levels", "/admin/levels/new".to_owned(), all).show())
}

/// `GET /admin/levels/new`
pub(super) async fn get_new(person: SignedIn, RawQuery(_): RawQuery) -> PageResult {
    new_form(&person, &Errors::default(), None).await
}

/// `POST /admin/levels/new`
pub(super) async fn post_new(person: SignedIn, form: Form) -> PageResult {
    let parent: OrganisationId = form.text("parent").parse().map_err(|_| Failure::BadRequest)?;
    let made: Result<Organisation, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, CreateOrganisation { parent: Some(parent) }).await?;
        Ok(create::create(tx, permit, details(&form), &person.ctx).await?)
    });
    match made {
        Ok(_) => Ok(saved(&person)),
        Err(error) => match problem(&person, &error) {
            Some(errors) => new_form(&person, &errors, Some(&form)).await,
            None => Err(error.into()),
        },
    }
}

fn saved(person: &SignedIn) -> Response {
    person.app.door.changed();
    see_other("/admin/levels?done=level-saved")
}

fn problem(person: &SignedIn, error: &ChangeError) -> Option<Errors> {
    match error {
        ChangeError::Organisation(error) => explain(&person.page(Area::Levels, "levels-title"), error),
        _ => None,
    }
}

/// The level, if the person may change it.
async fn find(person: &SignedIn, id: &str) -> Result<Organisation, Failure> {
    let id: OrganisationId = id.parse().map_err(|_| Failure::NotFound)?;
    let tx = &mut person.app.db.reader().await?;
    person.app.door.authorise_read(tx, &person.ctx, UpdateOrganisation { organisation: id }).await?;
    store::find(tx, id).await?.ok_or(Failure::NotFound)
}

async fn edit_form(person: &SignedIn, level: &Organisation, errors: &Errors, form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Levels, "levels-title").titled(level.name.clone());
    page.has_errors = !errors.is_empty();
    let mut all = fields(&page, Some(level));
    if level.parent.is_some() {
        let levels = tree::levels(tx, person, &[Permission::OrganisationUpdate]).await?;
        all.push(Field::select(&page, "to", "level-parent", tree::choices(&levels, level.parent)).filter());
        let active = level.status == Status::Active;
        all.push(Field::checkbox(&page, "active", "status-active", active));
    }
    errors.fill(&mut all, form);
    let moves = page.t1("level-move-text", "level", &level.name);
    let switch = page.t1("level-deactivate-text", "level", &level.name);
    let intro = level.parent.map(|_| format!("{moves} {switch}"));
    let action = format!("/admin/levels/{}", level.id);
    Ok(FormPage { intro, ..FormPage::saving(page, "/admin/levels", action, all) }.show())
}

/// `GET /admin/levels/{id}`
pub(super) async fn get_one(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let level = find(&person, &id).await?;
    edit_form(&person, &level, &Errors::default(), None).await
}

/// `POST /admin/levels/{id}`: particulars, place and switch, each by its own permit, in one transaction.
pub(super) async fn post_one(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let level = find(&person, &id).await?;
    let organisation = level.id;
    let to: Option<OrganisationId> = form.text("to").parse().ok();
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let (door, ctx) = (&person.app.door, &person.ctx);
        let permit = door.authorise(tx, ctx, UpdateOrganisation { organisation }).await?;
        update::update(tx, permit, details(&form), None, ctx).await?;
        if let Some(to) = to.filter(|to| level.parent.is_some_and(|parent| parent != *to)) {
            let permit = door.authorise(tx, ctx, MoveOrganisation { organisation, to }).await?;
            transfer::transfer(tx, permit, ctx).await?;
        }
        let active = form.has("active");
        if level.parent.is_some() && active != (level.status == Status::Active) {
            let permit = door.authorise(tx, ctx, UpdateOrganisation { organisation }).await?;
            if active { update::reactivate(tx, permit, ctx).await? } else { update::deactivate(tx, permit, ctx).await? };
        }
        Ok(())
    });
    match made {
        Ok(()) => Ok(saved(&person)),
        Err(error) => match problem(&person, &error) {
            Some(errors) => edit_form(&person, &level, &errors, Some(&form)).await,
            None => Err(error.into()),
        },
    }
}
