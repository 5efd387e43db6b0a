//! What a membership is.

use crate::directory::application::model::Environment;
use crate::kernel::ids::{ApplicationId, EnvironmentId, GroupId, MembershipId, PrincipalId, RoleAssignmentId, UserId};
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

/// A group that a user is in, with what is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldGroup {
    /// Which group.
    pub group: GroupId,
    /// Its application.
    pub application: ApplicationId,
    /// Its environment.
    pub environment: EnvironmentId,
    /// Its code.
    pub code: String,
    /// Its name as shown.
    pub display_name: String,
    /// What it allows.
    pub description: String,
    /// Whether it asks for a second person (`decisions.md` 5).
    pub sensitive: bool,
    /// Who gave the membership.
    pub granted_by: PrincipalId,
    /// Since when.
    pub granted_at: Timestamp,
    /// From this instant on it has no effect.
    pub until: Option<Timestamp>,
    /// The name of the group in it by way of which they are in it, unless they were put into it themselves.
    pub by_way_of: Option<String>,
}

/// One tile of My Apps: an environment that is open to somebody (E30).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Where it leads.
    pub environment: Environment,
    /// Code of the application.
    pub application_code: String,
    /// Name of the application.
    pub application_name: String,
    /// What the application is for.
    pub description: String,
    /// Where its manual is.
    pub documentation_url: Option<String>,
}
