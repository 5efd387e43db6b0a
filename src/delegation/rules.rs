//! Rules of granting that need no database.

use std::collections::BTreeSet;

use super::model::RoleAssignment;
use crate::authority::role::{Confirmation, RoleDefinition, RoleScope};
use crate::authority::{Applications, Roles};
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::time::Timestamp;

/// Whether a grant waits for somebody to confirm it (requirements, decision 2).
///
/// The console acts for the operator of the server, and an operator's grant is the confirmation of a first holder; where the role says
/// `always`, two people are needed whoever asks.
/// `grantor` is who asks, and whether by an operator's right.
pub fn waits_for_confirmation(role: &RoleDefinition, grantor: (PrincipalId, bool), holders: i64) -> bool {
    let (principal, as_operator) = grantor;
    match role.confirmation {
        _ if principal == PrincipalId::Console => false,
        Confirmation::None => false,
        Confirmation::Always => true,
        Confirmation::FirstInScope => holders == 0 && !as_operator,
    }
}

/// An assignment that makes a new one pointless: same role and organisation, at least as wide.
pub fn already_covered<'a>(held: &'a [RoleAssignment], wanted: &RoleAssignment) -> Option<&'a RoleAssignment> {
    held.iter().find(|have| {
        have.role == wanted.role
            && have.organisation == wanted.organisation
            && have.project == wanted.project
            && (have.include_sub_levels || !wanted.include_sub_levels)
            && have.applications.includes(&wanted.applications)
            && have.valid_until.is_none_or(|end| wanted.valid_until.is_some_and(|wanted| wanted <= end))
    })
}

/// Whether one person may not hold two roles together: said by either of them.
pub fn are_separated(roles: &Roles, one: &str, other: &str) -> bool {
    let names = |role: &str, named: &str| {
        roles.get(role).is_some_and(|role| role.separation_of_duties.iter().any(|code| code == named))
    };
    names(one, other) || names(other, one)
}

/// A role with each one that it is separated from, both ways round.
pub fn separated_from(roles: &Roles, role: &RoleDefinition) -> Vec<(String, String)> {
    let others = roles.iter().filter(|other| are_separated(roles, &role.code, &other.code));
    others.map(|other| (role.code.clone(), other.code.clone())).collect()
}

/// Whether two assignments meet in time, for some application, and in a project where both are of one: proposed ones count as those that
/// they will be.
pub fn meet(one: &RoleAssignment, other: &RoleAssignment, now: Timestamp) -> bool {
    let ends_before = |one: &RoleAssignment, other: &RoleAssignment| {
        one.valid_until.is_some_and(|end| end <= now || end <= other.valid_from)
    };
    let applications = match (&one.applications, &other.applications) {
        (Applications::Only(one), Applications::Only(other)) => !one.is_disjoint(other),
        _ => true,
    };
    let projects = match (one.project, other.project) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    !ends_before(one, other) && !ends_before(other, one) && applications && projects
}

/// Whether two assignments that meet reach the same organisation; `below` holds each pair of theirs of which the second stands at or
/// below the first.
pub fn overlap(
    roles: &Roles,
    (one, other): (&RoleAssignment, &RoleAssignment),
    below: &BTreeSet<(OrganisationId, OrganisationId)>,
) -> bool {
    let everywhere = |held: &RoleAssignment| roles.get(&held.role).is_some_and(|role| role.scope == RoleScope::System);
    let reaches = |one: &RoleAssignment, other: &RoleAssignment| {
        one.organisation == other.organisation
            || one.include_sub_levels && below.contains(&(one.organisation, other.organisation))
    };
    everywhere(one) || everywhere(other) || reaches(one, other) || reaches(other, one)
}

/// A role of the same organisation that must be held for the wanted one and is not (P22).
pub fn missing_requirement<'a>(
    role: &'a RoleDefinition,
    held: &[RoleAssignment],
    wanted: &RoleAssignment,
    now: Timestamp,
) -> Option<&'a str> {
    let holds = |code: &String| {
        held.iter().any(|have| {
            have.role == *code
                && have.organisation == wanted.organisation
                && have.project.is_none()
                && have.is_live(now)
        })
    };
    role.requires.iter().find(|code| !holds(code)).map(String::as_str)
}
