//! What a deputy is.

use serde_json::json;

use crate::audit::{Event, Kind, Subject};
use crate::kernel::ids::{DeputyId, OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

/// Somebody who stands in for the holder of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deputy {
    /// Its id.
    pub id: DeputyId,
    /// For which assignment.
    pub assignment: RoleAssignmentId,
    /// Who holds that.
    pub holder: PrincipalId,
    /// Its role.
    pub role: String,
    /// The organisation that it is anchored at.
    pub organisation: OrganisationId,
    /// Who stands in.
    pub deputy: UserId,
    /// From when on.
    pub valid_from: Timestamp,
    /// From then on no more.
    pub valid_until: Timestamp,
}

impl Deputy {
    /// The audit event of something that happened to it: on the assignment that is lent.
    pub(super) fn event(&self, kind: Kind) -> Event {
        let details = json!({
            "principal": PrincipalId::Person(self.deputy), "role": self.role, "on_behalf_of": self.holder,
            "valid_from": self.valid_from, "valid_until": self.valid_until,
        });
        Event::new(kind, Subject::RoleAssignment(self.assignment)).within(self.organisation).with(details)
    }
}
