//! The proof that something was decided. Use cases take it by value and read their targets out of it.

use super::action::Action;
use super::decide::{Decision, Reason, decide};
use super::facts::Facts;
use super::model::{Assignment, Authority, Extent};
use super::role::Roles;
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// Permission to do exactly one thing, once. Cannot be made outside of this module, copied or changed.
#[derive(Debug)]
pub struct Permit<A> {
    action: A,
    by: Vec<RoleAssignmentId>,
    authority: Authority,
    roles: Roles,
    at: Timestamp,
}

impl<A> Permit<A> {
    /// What was allowed.
    pub fn action(&self) -> &A {
        &self.action
    }

    /// The role assignment that allowed it, for the audit log; `None` for the console.
    pub fn via(&self) -> Option<RoleAssignmentId> {
        self.by.first().copied().filter(|id| !id.0.is_nil())
    }

    /// Who was allowed.
    pub fn actor(&self) -> PrincipalId {
        self.authority.principal
    }

    /// What the actor held when it was decided, narrowed by their token: for what else a use case has to judge by.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The organisation for which somebody acts by it: where they hold the role that allowed it; none for roles over everything.
    pub fn acts_for(&self) -> Option<OrganisationId> {
        let via = self.via()?;
        self.authority.assignments.iter().find(|a| a.id == via).and_then(Assignment::place)
    }

    /// Whether it was allowed by a right over the whole installation: an operator, or the console.
    pub fn is_operators(&self) -> bool {
        let Some(via) = self.by.first() else { return false };
        // A token may leave several parts of one assignment, of which any may have been the one.
        let mut parts = self.authority.assignments.iter().filter(|a| a.id == *via).peekable();
        parts.peek().is_some() && parts.all(|a| a.extent == Extent::Everywhere)
    }

    /// The roles of the profile by which it was decided: for what comes with a change by itself.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// When it was decided.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

/// Decides, and turns an allowance into a permit.
pub(super) fn issue<A: Into<Action> + Clone>(
    (authority, roles): (Authority, &Roles),
    action: A,
    facts: &Facts,
    now: Timestamp,
) -> Result<Permit<A>, Reason> {
    match decide(&authority, &action.clone().into(), facts, now) {
        Decision::Allow(by) => Ok(Permit { action, by, authority, roles: roles.clone(), at: now }),
        Decision::Deny(reason) => Err(reason),
    }
}
