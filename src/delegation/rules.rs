//! Rules of granting that need no database.

use super::model::RoleAssignment;
use crate::authority::role::{Confirmation, RoleDefinition};
use crate::kernel::ids::PrincipalId;
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

/// A role that one person may not hold together with the wanted one in the same organisation.
pub fn conflicting<'a>(
    role: &RoleDefinition,
    held: &'a [RoleAssignment],
    wanted: &RoleAssignment,
) -> Option<&'a RoleAssignment> {
    let together = |have: &&RoleAssignment| have.organisation == wanted.organisation && have.project == wanted.project;
    held.iter().filter(together).find(|have| role.separation_of_duties.contains(&have.role))
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
