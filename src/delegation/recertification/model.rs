//! What a round is.

use std::time::Duration;

use crate::authority::{KeptMembership, KeptRole};
use crate::delegation::model::RoleAssignment;
use crate::kernel::ids::{ApplicationId, GroupId, MembershipId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;

/// How often organisations are asked, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// From one round to the next.
    pub every: Duration,
    /// From its beginning to its end.
    pub lasts: Duration,
    /// Whether memberships are asked about, too.
    pub memberships: bool,
}

/// A round that an organisation is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Round {
    /// Which organisation.
    #[sqlx(rename = "organisation_id")]
    pub organisation: OrganisationId,
    /// What was given before is asked about.
    pub opened_at: Timestamp,
    /// What is not confirmed then lapses.
    pub due_at: Timestamp,
}

/// Which rounds are over.
#[derive(Clone, Copy, Debug)]
pub struct Over {
    /// They were to end then or earlier.
    pub until: Timestamp,
    /// Reminded for the last time then or earlier: nothing lapses of which nobody was told a day before.
    pub told: Timestamp,
}

/// A role of a person that is to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueRole {
    /// The role.
    pub role: RoleAssignment,
    /// Where its holder is at home.
    pub home: OrganisationId,
    /// The name of its holder.
    pub name: String,
    /// Until when.
    pub due_at: Timestamp,
}

impl DueRole {
    /// What a decision about it has to know; roles of services are not asked about.
    pub fn kept(&self) -> Option<KeptRole<'_>> {
        Some(KeptRole {
            id: self.role.id,
            holder: (self.role.principal.person()?, self.home),
            role: &self.role.role,
            over: (self.role.organisation, self.role.include_sub_levels),
            applications: &self.role.applications,
            project: self.role.project,
            granted_by: self.role.granted_by,
        })
    }
}

/// A membership that is to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMembership {
    /// Its id.
    pub id: MembershipId,
    /// Who.
    pub user: UserId,
    /// Where they are at home.
    pub home: OrganisationId,
    /// Their name.
    pub name: String,
    /// In which group.
    pub group: GroupId,
    /// Its name.
    pub group_name: String,
    /// Of which application.
    pub application: ApplicationId,
    /// Since when.
    pub granted_at: Timestamp,
    /// Until when.
    pub due_at: Timestamp,
}

impl DueMembership {
    /// What a decision about it has to know.
    pub fn kept(&self) -> KeptMembership {
        KeptMembership { member: (self.user, self.home), group: self.group, application: self.application }
    }
}
