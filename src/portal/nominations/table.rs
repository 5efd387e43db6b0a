//! The table of who holds which role: who, for whom, until when, and what the reader may do about it (P16, P19, P59).

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::authority::{Listed, Scope};
use crate::db::Tx;
use crate::delegation::model::{RoleAssignment, State};
use crate::delegation::nomination::model::Nomination;
use crate::delegation::request::store as requests;
use crate::directory::names_store::{self, Named};
use crate::directory::project;
use crate::kernel::ids::{OrganisationId, RoleAssignmentId};
use crate::portal::admin::plain::{Cell, Table};
use crate::portal::error::Failure;
use crate::portal::form::last_day;
use crate::portal::signed_in::SignedIn;
use crate::web::Page;

/// Most rows of one table.
pub(super) const MOST: i64 = 500;

/// How many are read for it: one more tells that there are more.
pub(super) const READ: i64 = MOST + 1;

/// As many as a table shows of what was read for it, and what it says where that is not all.
fn shown<'a, T>(page: &Page, found: &'a [T]) -> (&'a [T], Option<String>) {
    match found.get(..usize::try_from(MOST).unwrap_or(usize::MAX)) {
        Some(first) if first.len() < found.len() => (first, Some(page.t1("project-table-cut", "count", MOST))),
        _ => (found, None),
    }
}

/// The names of organisations that a table has in its rows. Whoever sees a role sees for whom it is held.
pub(super) async fn organisations(
    tx: &mut Tx,
    ids: impl Iterator<Item = OrganisationId>,
) -> Result<BTreeMap<Uuid, String>, Failure> {
    let ids: BTreeSet<Uuid> = ids.map(|id| id.0).collect();
    Ok(names_store::list_organisations(tx, &Scope::Everywhere, &ids).await?)
}

/// Whoever sees a role sees who holds it.
pub(super) async fn holders(tx: &mut Tx, roles: &[RoleAssignment]) -> Result<BTreeMap<Uuid, String>, Failure> {
    let ids: BTreeSet<Uuid> = roles.iter().map(|role| role.principal.uuid()).collect();
    let mut names = names_store::list_people(tx, (&Scope::Everywhere, &Scope::Everywhere), &ids).await?;
    names.extend(names_store::list(tx, Named::Client, &ids).await?);
    Ok(names)
}

/// What a table of roles says of each beside who holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// For which organisation.
    Organisation,
    /// In which project.
    Project,
}

/// Roles that the reader may see, [`READ`] of them at most.
pub(super) async fn roles(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    held: &[RoleAssignment],
    (caption, place): (&str, Where),
) -> Result<Table, Failure> {
    let (held, cut) = shown(page, held);
    let listed: Vec<Listed<'_>> = held.iter().map(RoleAssignment::listed).collect();
    let rights = person.app.door.judge_roles(tx, &person.ctx, &listed).await?;
    let names = holders(tx, held).await?;
    let places = match place {
        Where::Organisation => organisations(tx, held.iter().map(|role| role.organisation)).await?,
        Where::Project => projects(tx, held).await?,
    };
    let at = |role: &RoleAssignment| match place {
        Where::Organisation => Cell::text(places.get(&role.organisation.0).cloned().unwrap_or_default()),
        Where::Project => {
            let id = role.project.map_or(Uuid::nil(), |project| project.0);
            Cell::link(places.get(&id).cloned().unwrap_or_default(), format!("/projects/{id}"))
        }
    };
    let ids: Vec<RoleAssignmentId> = held.iter().map(|role| role.id).collect();
    let asked: BTreeSet<_> =
        requests::list_open_about(tx, &ids).await?.into_iter().map(|request| request.assignment).collect();
    let rows = held.iter().zip(rights).map(|(role, rights)| {
        let who = names.get(&role.principal.uuid()).cloned().unwrap_or_default();
        let action = if rights.revoke {
            Cell::action(page.t("revoke"), format!("/roles/{}/revoke", role.id), who.clone())
        } else if rights.request && !asked.contains(&role.id) {
            Cell::action(page.t("ask-revoke"), format!("/roles/{}/request", role.id), who.clone())
        } else {
            Cell::text("")
        };
        let action = if asked.contains(&role.id) { action.noted(page.t("request-open")) } else { action };
        vec![
            Cell::text(who),
            Cell::text(role.role.clone()),
            at(role),
            Cell::text(role.valid_until.map(last_day).unwrap_or_default()),
            state(page, role),
            action,
        ]
    });
    let column = if place == Where::Project { "project-column" } else { "organisation-column" };
    let columns = ["person", "role", column, "until", "user-status", "actions"];
    Ok(Table::new(page, page.t(caption), &columns, rows.collect()).or_else(page, "project-roles-none").noted(cut))
}

/// The codes of the projects of roles.
pub(super) async fn projects(tx: &mut Tx, held: &[RoleAssignment]) -> Result<BTreeMap<Uuid, String>, Failure> {
    let ids: BTreeSet<_> = held.iter().filter_map(|role| role.project).collect();
    let found = project::store::list(tx, &ids).await?;
    Ok(found.into_iter().map(|project| (project.id.0, project.code)).collect())
}

fn state(page: &Page, role: &RoleAssignment) -> Cell {
    match (role.state, &role.waits_for_phase) {
        (State::Active, _) => Cell::badge(page.t("status-active"), "active"),
        (_, Some(phase)) => Cell::badge(page.t1("role-waits-for-phase", "phase", phase), "new"),
        (_, None) => Cell::badge(page.t("role-pending"), "new"),
    }
}

/// Nominations that wait for an answer, [`READ`] of them at most; `may_name` says which of them the reader may take back.
pub(super) async fn nominations(
    tx: &mut Tx,
    page: &Page,
    open: &[Nomination],
    may_name: &[(String, OrganisationId)],
) -> Result<Table, Failure> {
    let (open, cut) = shown(page, open);
    let places = organisations(tx, open.iter().map(|one| one.organisation)).await?;
    let rows = open.iter().map(|one| {
        let mine = may_name.iter().any(|(role, at)| *role == one.role && *at == one.organisation);
        vec![
            Cell::text(one.email.clone()),
            Cell::text(one.role.clone()),
            Cell::text(places.get(&one.organisation.0).cloned().unwrap_or_default()),
            Cell::text(last_day(one.expires_at)),
            if mine {
                Cell::action(page.t("withdraw"), format!("/nominations/{}/withdraw", one.id), one.email.clone())
            } else {
                Cell::text("")
            },
        ]
    });
    let columns = ["user-email", "role", "organisation-column", "tasks-until", "actions"];
    let caption = page.t("project-nominations");
    let table = Table::new(page, caption, &columns, rows.collect());
    Ok(table.or_else(page, "project-nominations-none").noted(cut))
}
