//! The last-holder guard: what a role needs by its `min` cannot be taken away by delegates (D6, DA-22 to DA-24).

use super::ending::dependent_on_all;
use super::model::{Place, RoleAssignment};
use super::{place_store, store};
use crate::authority::role::RoleScope;
use crate::authority::{Applications, Roles};
use crate::db::{self, Tx};
use crate::directory::project;
use crate::kernel::ids::{ApplicationId, PrincipalId};
use crate::kernel::time::Timestamp;

/// A role of which somebody is the last usable holder in its scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastHolder {
    /// The code of the role.
    pub role: String,
    /// The application, where the role is about applications.
    pub application: Option<ApplicationId>,
}

/// Whether taking `assignment` from its holder leaves its scope with fewer holders who can act than the role's `min`.
/// Asked in the serialisable transaction of the change, so two last holders cannot remove each other at once.
pub async fn last_holder_of(
    tx: &mut Tx,
    roles: &Roles,
    assignment: &RoleAssignment,
    now: Timestamp,
) -> db::Result<Option<LastHolder>> {
    let Some(role) = roles.get(&assignment.role).filter(|role| role.min > 0) else { return Ok(None) };
    // Services come and go with their clients; people are who must remain.
    let PrincipalId::Person(holder) = assignment.principal else { return Ok(None) };
    if !assignment.is_live(now) {
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
        let holders = place_store::count_holders(tx, &role.code, place, (holder.0, application), now).await?;
        if holders.left() < i64::from(role.min) {
            return Ok(Some(LastHolder { role: role.code.clone(), application }));
        }
    }
    Ok(None)
}

/// The first role that would lose its last holder if some roles ended, what was handed on by them included.
pub async fn last_holder_among(
    tx: &mut Tx,
    roles: &Roles,
    ended: &[RoleAssignment],
    now: Timestamp,
) -> db::Result<Option<LastHolder>> {
    let handed_on = dependent_on_all(tx, roles, ended).await?.into_iter().filter(|one| one.role_is_handed_on(roles));
    for ends in ended.iter().cloned().chain(handed_on) {
        if let Some(last) = last_holder_of(tx, roles, &ends, now).await? {
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
    for assignment in store::list_of(tx, person).await? {
        if let Some(last) = last_holder_of(tx, roles, &assignment, now).await? {
            return Ok(Some(last));
        }
    }
    Ok(None)
}
