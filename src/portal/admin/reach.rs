//! How far somebody's permissions reach, for deciding what to draw. Never a decision: that is `authority::decide`.

use crate::authority::{ApplicationScope, Applications, Permission, Scope};
use crate::db::{self, Tx};
use crate::delegation::listed_store::Sight;
use crate::delegation::model::RoleAssignment;
use crate::directory::organisation::model::OrganisationPath;
use crate::portal::signed_in::SignedIn;

/// The sets of applications that any of the permissions reaches anywhere.
pub(super) fn applications(person: &SignedIn, permissions: &[Permission]) -> Vec<Applications> {
    let held = permissions.iter().flat_map(|permission| person.authority.holding(*permission, person.ctx.now));
    held.map(|assignment| assignment.applications.clone()).collect()
}

/// The sets of applications that a permission reaches for people of one level.
pub(super) fn applications_at(
    person: &SignedIn,
    permission: Permission,
    level: &OrganisationPath,
) -> Vec<Applications> {
    let held =
        person.authority.holding(permission, person.ctx.now).filter(|assignment| assignment.extent.covers(level));
    held.map(|assignment| assignment.applications.clone()).collect()
}

/// The levels that may be named to the person.
pub(super) fn levels(person: &SignedIn) -> Scope {
    let seen = [Permission::UserRead, Permission::MembershipAssign, Permission::OrganisationRead];
    Scope::of(&person.authority, &seen, person.ctx.now)
}

/// The applications that may be named to the person as those of somebody who administers them, each where.
pub(super) fn named_applications(person: &SignedIn) -> ApplicationScope {
    ApplicationScope::of(&person.authority, &[Permission::RoleRead, Permission::MembershipAssign], person.ctx.now)
}

/// Roles with those of their applications that may be named to the person at the place of each; the others are counted, not named (DA-34).
pub(super) async fn named(
    tx: &mut Tx,
    person: &SignedIn,
    roles: Vec<RoleAssignment>,
) -> db::Result<Vec<RoleAssignment>> {
    let sight = Sight { applications: named_applications(person), ..Sight::of(&person.authority, person.ctx.now) };
    sight.show(tx, roles).await
}

/// Whether a permission reaches a level at all.
pub(super) fn covers(person: &SignedIn, permission: Permission, level: &OrganisationPath) -> bool {
    person.authority.holding(permission, person.ctx.now).any(|assignment| assignment.extent.covers(level))
}

/// Whether that is every membership.
pub(super) fn are_all(sets: &[Applications]) -> bool {
    sets.contains(&Applications::All)
}

/// The applications whose memberships may be shown for people of a level.
pub(super) fn visible_groups(person: &SignedIn, level: &OrganisationPath) -> Vec<Applications> {
    let mut sets = applications_at(person, Permission::MembershipRead, level);
    sets.extend(applications_at(person, Permission::MembershipAssign, level));
    sets
}
