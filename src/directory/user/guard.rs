//! What stands between a permitted change and the last holder of a role (D6, DA-22).

use super::error::UserError;
use crate::authority::{Permit, Roles};
use crate::db::Tx;
use crate::delegation::holders::{LastHolder, last_holder_among, last_holder_is};
use crate::delegation::model::RoleAssignment;
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::time::Timestamp;

/// The roles of the profile and why somebody acts, as far as the last-holder guard asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Guard<'a> {
    /// The roles of the profile.
    pub roles: &'a Roles,
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
        self.judge(permit, last_holder_is(tx, self.roles, PrincipalId::Person(user), now).await?)
    }

    /// The same, if these are the roles that end, with what was handed on by them.
    pub(super) async fn check_roles<A>(
        &self,
        tx: &mut Tx,
        permit: &Permit<A>,
        ended: &[RoleAssignment],
        now: Timestamp,
    ) -> Result<(), UserError> {
        self.judge(permit, last_holder_among(tx, self.roles, ended, now).await?)
    }

    fn judge<A>(&self, permit: &Permit<A>, last: Option<LastHolder>) -> Result<(), UserError> {
        let Some(last) = last else { return Ok(()) };
        if !permit.is_operators() {
            return Err(UserError::LastHolder(last));
        }
        if self.reason.is_none_or(|reason| reason.trim().is_empty()) { Err(UserError::ReasonRequired) } else { Ok(()) }
    }
}
