//! What a membership is.

use crate::kernel::ids::{GroupId, MembershipId, PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

/// The fact that a user is in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// Who.
    pub user: UserId,
    /// Where.
    pub group: GroupId,
    /// Who gave it.
    pub granted_by: PrincipalId,
    /// The role assignment by which it was given.
    pub granted_via: Option<RoleAssignmentId>,
    /// Since when.
    pub granted_at: Timestamp,
    /// From this instant on it has no effect (D12).
    pub until: Option<Timestamp>,
}

impl Membership {
    /// Whether it has effect at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|end| now < end)
    }
}
