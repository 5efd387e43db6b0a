//! What stands between a permitted change and the last holder of a role (D6, DA-22).

use super::error::UserError;
use crate::authority::{Authority, Extent, Permit, Roles};
use crate::db::Tx;
use crate::delegation::holders::last_holder_is;
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::time::Timestamp;

/// The roles of the profile, who acts, and why, as far as the last-holder guard asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Guard<'a> {
    /// The roles of the profile.
    pub roles: &'a Roles,
    /// What the actor holds.
    pub actor: &'a Authority,
    /// The operator's reason for going past the guard.
    pub reason: Option<&'a str>,
}

impl Guard<'_> {
    /// Refuses if `user` is the last usable holder of a role that needs one; an operator passes with a reason.
    pub(super) async fn check<A>(
        &self,
        tx: &mut Tx,
        permit: &Permit<A>,
        user: UserId,
        now: Timestamp,
    ) -> Result<(), UserError> {
        let Some(last) = last_holder_is(tx, self.roles, PrincipalId::Person(user), now).await? else { return Ok(()) };
        if !self.is_operator(permit) {
            return Err(UserError::LastHolder(last));
        }
        if self.reason.is_none_or(|reason| reason.trim().is_empty()) { Err(UserError::ReasonRequired) } else { Ok(()) }
    }

    fn is_operator<A>(&self, permit: &Permit<A>) -> bool {
        let by = permit.via().and_then(|via| self.actor.assignments.iter().find(|a| a.id == via));
        permit.actor() == PrincipalId::Console || by.is_some_and(|a| a.extent == Extent::Everywhere)
    }
}
