//! Roles that somebody proposed and that wait until somebody else confirms them: which, confirming and refusing (D8, D11).

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Path;
use uuid::Uuid;

use super::table::{holders, organisations, projects};
use crate::authority::action::ConfirmRole;
use crate::authority::{ApplicationScope, Permission, Proposed, Scope};
use crate::db::{Tx, transact};
use crate::delegation::confirm::{self, ConfirmError};
use crate::delegation::model::RoleAssignment;
use crate::delegation::{listed_store, store};
use crate::directory::names_store::{self, Named};
use crate::kernel::ids::{PrincipalId, RoleAssignmentId};
use crate::portal::admin::plain::{Cell, FormPage, Link, Table};
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe, last_day, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Field, Form, Page};

/// Most rows of the table.
const ROWS: i64 = 100;

/// What is said of each.
const COLUMNS: [&str; 6] = ["person", "role", "organisation-column", "until", "tasks-proposed-by", "audit-when"];

/// What waits for the person, as a table of My Tasks; nothing for whoever confirms no roles.
pub(super) async fn waiting(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
) -> Result<Vec<(String, Table, Vec<Link>)>, Failure> {
    let now = person.ctx.now;
    let reach = ApplicationScope::of(&person.authority, &[Permission::RoleConfirm], now);
    if reach.parts().is_empty() {
        return Ok(Vec::new());
    }
    let own = PrincipalId::Person(person.user.id);
    let near = listed_store::list_proposed(tx, &reach, own, (now, ROWS)).await?;
    let asked: Vec<Proposed<'_>> = near.iter().map(RoleAssignment::proposal).collect();
    let may = person.app.door.judge_proposed(tx, &person.ctx, &asked).await?;
    let proposed: Vec<RoleAssignment> =
        near.iter().zip(may).filter(|(_, may)| *may).map(|(role, _)| role.clone()).collect();
    if proposed.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = lines(tx, page, &proposed).await?;
    for (row, role) in rows.iter_mut().zip(&proposed) {
        let who = row.first().map(|cell| cell.text.clone()).unwrap_or_default();
        row.push(Cell::action(page.t("task-confirm"), format!("/roles/{}/confirm", role.id), who.clone()));
        row.push(Cell::action(page.t("task-reject"), format!("/roles/{}/reject", role.id), who));
    }
    let columns = [COLUMNS.as_slice(), &["actions", "tasks-answer"]].concat();
    let table = Table::new(page, page.t("tasks-proposed"), &columns, rows);
    Ok(vec![(page.t("tasks-proposed"), table, Vec::new())])
}

/// Of each: who is to hold what, where and until when, and who proposed it when. Whoever may confirm a role sees all of that: their
/// own right covers the place and the applications.
async fn lines(tx: &mut Tx, page: &Page, proposed: &[RoleAssignment]) -> Result<Vec<Vec<Cell>>, Failure> {
    let names = holders(tx, proposed).await?;
    let places = organisations(tx, proposed.iter().map(|role| role.organisation)).await?;
    let projects = projects(tx, proposed).await?;
    let about: BTreeSet<Uuid> =
        proposed.iter().flat_map(RoleAssignment::explicit_applications).map(|application| application.0).collect();
    let applications = names_store::list(tx, Named::Application, &about).await?;
    // Who proposes a role lets whoever confirms it know it.
    let by: BTreeSet<Uuid> = proposed.iter().map(|role| role.granted_by.uuid()).collect();
    let mut proposers = names_store::list_people(tx, (&Scope::Everywhere, &Scope::nowhere()), &by).await?;
    proposers.extend(names_store::list(tx, Named::Client, &by).await?);
    let name = |names: &BTreeMap<Uuid, String>, id: Uuid| names.get(&id).cloned().unwrap_or_default();
    let line = |role: &RoleAssignment| {
        let about = role.explicit_applications();
        let about: Vec<String> = about.iter().filter_map(|id| applications.get(&id.0)).cloned().collect();
        let mut place: Vec<String> = role.project.iter().filter_map(|id| projects.get(&id.0)).cloned().collect();
        place.extend(role.include_sub_levels.then(|| page.t("role-with-sub-levels")));
        vec![
            Cell::text(name(&names, role.principal.uuid())),
            Cell::text(role.role.clone()).noted(about.join(", ")),
            Cell::text(name(&places, role.organisation.0)).noted(place.join(" · ")),
            Cell::text(role.valid_until.map(last_day).unwrap_or_default()),
            Cell::text(name(&proposers, role.granted_by.uuid())),
            Cell::whole(moment(role.granted_at)),
        ]
    };
    Ok(proposed.iter().map(line).collect())
}

/// The role, if it waits and the person may decide on it.
async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<RoleAssignment, Failure> {
    let id: RoleAssignmentId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, ConfirmRole { assignment: id }).await?;
    let found = store::find(tx, id).await?.filter(|role| role.is_proposed(person.ctx.now));
    found.ok_or(Failure::NotFound)
}

/// What is to be decided, above the button of one of the two answers.
async fn form(
    tx: &mut Tx,
    mut page: Page,
    role: &RoleAssignment,
    (verb, fields): (&str, Vec<Field>),
) -> Result<FormPage, Failure> {
    page.wide = true;
    let rows = lines(tx, &page, std::slice::from_ref(role)).await?;
    let found = Some(Table::new(&page, page.t("tasks-proposed"), &COLUMNS, rows));
    let (intro, submit) = (Some(page.t(&format!("{verb}-text"))), page.t(&format!("task-{verb}")));
    let action = format!("/roles/{}/{verb}", role.id);
    Ok(FormPage { intro, found, submit, ..FormPage::saving(page, "/tasks", action, fields) })
}

/// `GET /roles/{assignment}/confirm`: what would have effect, before it has.
pub(super) async fn get_confirm(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let role = find(tx, &person, &id).await?;
    let page = person.page(Area::Tasks, "confirm-title");
    Ok(form(tx, page, &role, ("confirm", Vec::new())).await?.show())
}

/// `POST /roles/{assignment}/confirm`
pub(super) async fn post_confirm(person: SignedIn, Path(id): Path<String>, _form: Form) -> PageResult {
    let reader = &mut person.app.db.reader().await?;
    let role = find(reader, &person, &id).await?;
    let (door, ctx, assignment) = (&person.app.door, &person.ctx, role.id);
    let done: Result<RoleAssignment, ChangeError> = transact!(person.app.db, tx => {
        let permit = door.authorise(tx, ctx, ConfirmRole { assignment }).await?;
        Ok(confirm::confirm(tx, permit, ctx).await?)
    });
    match done {
        Ok(_) => {
            door.changed();
            Ok(see_other("/tasks?done=role-confirmed"))
        }
        // What this person holds may have changed since it was proposed.
        Err(ChangeError::Confirm(ConfirmError::SeparationOfDuties)) => {
            let page = person.page(Area::Tasks, "confirm-title");
            let warning = Some(page.t("nominate-error-duties"));
            let view = form(reader, page, &role, ("confirm", Vec::new())).await?;
            Ok(FormPage { warning, ..view }.show())
        }
        Err(error) => Err(error.into()),
    }
}

async fn reject_form(
    tx: &mut Tx,
    person: &SignedIn,
    role: &RoleAssignment,
    (errors, sent): (&Errors, Option<&Form>),
) -> PageResult {
    let mut page = person.page(Area::Tasks, "reject-title");
    page.has_errors = !errors.is_empty();
    let mut fields = vec![Field { max: 1_000, ..Field::lines(&page, "reason", "revoke-reason") }];
    errors.fill(&mut fields, sent);
    Ok(form(tx, page, role, ("reject", fields)).await?.show())
}

/// `GET /roles/{assignment}/reject`
pub(super) async fn get_reject(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let role = find(tx, &person, &id).await?;
    reject_form(tx, &person, &role, (&Errors::default(), None)).await
}

/// `POST /roles/{assignment}/reject`
pub(super) async fn post_reject(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let reader = &mut person.app.db.reader().await?;
    let role = find(reader, &person, &id).await?;
    let reason = match confirm::reason(form.text("reason")) {
        Ok(reason) => reason,
        Err(error) => {
            let text = describe(&person.page(Area::Tasks, "reject-title"), "revoke-reason", error);
            return reject_form(reader, &person, &role, (&Errors::one("reason", text), Some(&form))).await;
        }
    };
    let (door, ctx, assignment) = (&person.app.door, &person.ctx, role.id);
    let done: Result<RoleAssignment, ChangeError> = transact!(person.app.db, tx => {
        let permit = door.authorise(tx, ctx, ConfirmRole { assignment }).await?;
        Ok(confirm::reject(tx, permit, &reason, ctx).await?)
    });
    done?;
    door.changed();
    Ok(see_other("/tasks?done=role-rejected"))
}
