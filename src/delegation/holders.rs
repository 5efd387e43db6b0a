//! The last-holder guard: what a role needs by its `min` cannot be taken away by delegates (D6, DA-22 to DA-24).

use std::collections::BTreeSet;

use super::ending::dependent_on_all;
use super::model::{Place, RoleAssignment};
use super::place_store::{self, Holder};
use super::store;
use crate::authority::role::RoleScope;
use crate::authority::{Applications, Roles};
use crate::db::{self, Tx};
use crate::directory::project;
use crate::kernel::ids::{ApplicationId, PrincipalId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// A role of which somebody is the last usable holder in its scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastHolder {
    /// The code of the role.
    pub role: String,
    /// The application, where the role is about applications.
    pub application: Option<ApplicationId>,
}

/// Whether the end of `assignment` leaves its place with fewer holders who can act than the role's `min`.
/// Asked in the serialisable transaction of the change, so two last holders cannot remove each other at once.
pub async fn last_holder_of(
    tx: &mut Tx,
    roles: &Roles,
    assignment: &RoleAssignment,
    now: Timestamp,
) -> db::Result<Option<LastHolder>> {
    last_holder_beside(tx, roles, assignment, &BTreeSet::from([assignment.id]), now).await
}

/// The same, where all of `gone` end together.
async fn last_holder_beside(
    tx: &mut Tx,
    roles: &Roles,
    assignment: &RoleAssignment,
    gone: &BTreeSet<RoleAssignmentId>,
    now: Timestamp,
) -> db::Result<Option<LastHolder>> {
    let Some(role) = roles.get(&assignment.role).filter(|role| role.min > 0) else { return Ok(None) };
    let min = usize::try_from(role.min).unwrap_or(usize::MAX);
    // Services come and go with their clients; people are who must remain.
    if !matches!(assignment.principal, PrincipalId::Person(_)) || !assignment.is_live(now) {
        return Ok(None);
    }
    // In a project that is over nobody can take the place.
    if let Some(project) = assignment.project
        && project::store::find(tx, project).await?.is_none_or(|project| project.closed_at.is_some())
    {
        return Ok(None);
    }
    let asked: Vec<Option<ApplicationId>> = match (&assignment.applications, role.scope) {
        (Applications::Only(set), RoleScope::OrganisationAndApplications) => set.iter().copied().map(Some).collect(),
        _ => vec![None],
    };
    for application in asked {
        let place = Place::of(role.scope, assignment.organisation, assignment.project);
        let holders = place_store::list_holders(tx, &role.code, place, application, now).await?;
        if left(&holders, assignment.id, gone) < min {
            return Ok(Some(LastHolder { role: role.code.clone(), application }));
        }
    }
    Ok(None)
}

/// How many people are left. Somebody who acts is made up for only by others who do; somebody who has not begun yet, by others like them.
fn left(holders: &[Holder], ends: RoleAssignmentId, gone: &BTreeSet<RoleAssignmentId>) -> usize {
    let acts = holders.iter().any(|holder| holder.id == ends && holder.acts);
    let remaining = holders.iter().filter(|holder| !gone.contains(&holder.id) && (holder.acts || !acts));
    remaining.map(|holder| holder.principal_id).collect::<BTreeSet<_>>().len()
}

/// The first role that would lose its last holder if some roles ended, what was handed on by them included.
pub async fn last_holder_among(
    tx: &mut Tx,
    roles: &Roles,
    ended: &[RoleAssignment],
    now: Timestamp,
) -> db::Result<Option<LastHolder>> {
    let along = dependent_on_all(tx, roles, ended).await?;
    let gone = ended.iter().chain(&along).map(|one| one.id).collect();
    let handed_on = along.iter().filter(|one| one.role_is_handed_on(roles));
    for ends in ended.iter().chain(handed_on) {
        if let Some(last) = last_holder_beside(tx, roles, ends, &gone, now).await? {
            return Ok(Some(last));
        }
    }
    Ok(None)
}

/// The first role that would lose its last holder if this person could not act any more: asked before somebody is deleted,
/// disabled, moved away or given an end.
pub async fn last_holder_is(
    tx: &mut Tx,
    roles: &Roles,
    person: PrincipalId,
    now: Timestamp,
) -> db::Result<Option<LastHolder>> {
    let held = store::list_of(tx, person).await?;
    let gone = held.iter().map(|one| one.id).collect();
    for assignment in &held {
        if let Some(last) = last_holder_beside(tx, roles, assignment, &gone, now).await? {
            return Ok(Some(last));
        }
    }
    Ok(None)
}
