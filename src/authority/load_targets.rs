//! What decisions need to know of those whom they are about: one, or all of a list by a fixed number of statements.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::TargetFacts;
use super::load::{Which, assignments, compile};
use super::model::Assignment;
use super::people_store;
use super::place::{organisation, paths};
use super::role::Roles;
use super::store;
use crate::db::{self, Tx};
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, RoleAssignmentId, UserId};

pub(super) async fn target(
    tx: &mut Tx,
    roles: &Roles,
    principal: PrincipalId,
    deleted_too: bool,
) -> db::Result<Option<TargetFacts>> {
    let found = match principal {
        PrincipalId::Person(id) => {
            let row = store::find_person(tx, id).await?.filter(|row| deleted_too || row.deleted_at.is_none());
            row.map(|row| (row.organisation_id, row.deleted_at.is_some()))
        }
        PrincipalId::Service(id) => {
            store::find_service(tx, id).await?.and_then(|row| row.organisation_id).map(|home| (home, false))
        }
        PrincipalId::Console => None,
    };
    let Some((home, deleted)) = found else { return Ok(None) };
    let Some(home) = organisation(tx, home).await? else { return Ok(None) };
    let assignments = match principal {
        PrincipalId::Person(id) => {
            let known = targets(tx, roles, &[(id, home.path.node())]).await?.remove(&id);
            known.map(|target| target.assignments).unwrap_or_default()
        }
        _ => assignments(tx, roles, principal, Which::AlsoToCome).await?,
    };
    Ok(Some(TargetFacts { principal, home, deleted, assignments }))
}

/// What decisions about many people need to know of each; for lists of people, whose homes are known.
pub(super) async fn targets(
    tx: &mut Tx,
    roles: &Roles,
    people: &[(UserId, OrganisationId)],
) -> db::Result<BTreeMap<UserId, TargetFacts>> {
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<uuid::Uuid> = people.iter().map(|(id, _)| id.0).collect();
    let mut rows = people_store::list_assignments(tx, ("person", &ids)).await?;
    rows.extend(people_store::list_lent(tx, &ids).await?);
    let only = explicit_applications(tx, &rows).await?;
    let places = people.iter().map(|(_, home)| *home).chain(rows.iter().map(|row| row.assignment.organisation_id));
    let paths = paths(people_store::list_paths(tx, &places.collect()).await?);
    let mut held: BTreeMap<UserId, Vec<Assignment>> = BTreeMap::new();
    for row in rows {
        // Pending ones and those of deactivated organisations, too: see [`Which::AlsoToCome`].
        let anchor = paths.get(&row.assignment.organisation_id);
        // Somebody and their deputy may stand in one list.
        let set = only.get(&row.assignment.id).cloned().unwrap_or_default();
        if let Some(anchor) = anchor {
            held.entry(UserId(row.principal_id)).or_default().extend(compile(roles, row.assignment, anchor, set));
        }
    }
    let facts = people.iter().filter_map(|(id, home)| {
        let (principal, home) = (PrincipalId::Person(*id), paths.get(home)?.clone());
        // Lists of people hold nobody who is deleted, but for those of whom only restoring is asked.
        let (deleted, assignments) = (false, held.remove(id).unwrap_or_default());
        Some((*id, TargetFacts { principal, home, deleted, assignments }))
    });
    Ok(facts.collect())
}

/// The applications of those assignments that name some.
pub(super) async fn explicit_applications(
    tx: &mut Tx,
    rows: &[people_store::HeldRow],
) -> db::Result<BTreeMap<RoleAssignmentId, BTreeSet<ApplicationId>>> {
    let mut only: BTreeMap<RoleAssignmentId, BTreeSet<ApplicationId>> = BTreeMap::new();
    let explicit: Vec<_> =
        rows.iter().filter(|row| !row.assignment.all_applications).map(|row| row.assignment.id).collect();
    if !explicit.is_empty() {
        for (assignment, application) in people_store::list_applications(tx, &explicit).await? {
            only.entry(assignment).or_default().insert(application);
        }
    }
    Ok(only)
}
