//! How a role reaches a place that does not lie below the organisation over which it is held.

use std::collections::BTreeSet;

use super::model::RoleAssignment;
use crate::authority::Roles;
use crate::db::{self, Tx};
use crate::directory::organisation::model::OrganisationPath;
use crate::directory::organisation::{managing_store, store};
use crate::kernel::ids::OrganisationId;

/// By what it reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// The organisation of the role is an Access Manager of the place (I07).
    Managing,
    /// Both are in one country, and the organisation of the role manages others (I42).
    Country,
}

/// A place, with what stands above it and who manages it.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// `None` where organisations do not manage each other: there a role reaches what is below it, or a project.
    path: Option<OrganisationPath>,
    managers: BTreeSet<OrganisationId>,
}

impl Surroundings {
    /// Those of a place, read once.
    pub async fn of(tx: &mut Tx, roles: &Roles, place: OrganisationId) -> db::Result<Self> {
        if !roles.has_managers() {
            return Ok(Self { path: None, managers: BTreeSet::new() });
        }
        let managers = managing_store::list_managers(tx, place).await?.into_iter().map(|manager| manager.id).collect();
        Ok(Self { path: store::path(tx, place).await?, managers })
    }

    /// How a role that reaches the place does so, if not from above.
    pub fn beside(&self, role: &RoleAssignment) -> Option<Beside> {
        let path = self.path.as_ref().filter(|_| role.project.is_none())?;
        let above = path.node() == role.organisation || role.include_sub_levels && path.is_under(role.organisation);
        let by = if self.managers.contains(&role.organisation) { Beside::Managing } else { Beside::Country };
        (!above).then_some(by)
    }
}
