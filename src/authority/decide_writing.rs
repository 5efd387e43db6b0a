//! Who may write to the people of organisations (I52).

use std::collections::BTreeSet;

use super::decide::{Judge, Reason, Verdict};
use super::permission::Permission;
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId};

impl Judge<'_> {
    /// A person (or the console), to organisations in use that each lie within what they may write to.
    pub(super) fn write_to(&self, organisations: &[OrganisationId]) -> Verdict {
        if matches!(self.authority.principal, PrincipalId::Service(_)) {
            return Err(Reason::NotPermitted);
        }
        let named: BTreeSet<OrganisationId> = organisations.iter().copied().collect();
        if named.is_empty() || self.facts.audience.len() != named.len() {
            return Err(Reason::NotFound);
        }
        let mut by: Vec<RoleAssignmentId> = Vec::new();
        for organisation in &self.facts.audience {
            let via = self.covering(Permission::OrganisationWriteTo, organisation);
            let via = via.ok_or_else(|| self.refusal_about(organisation))?.id;
            if !organisation.active {
                return Err(Reason::OrganisationInactive);
            }
            if !by.contains(&via) {
                by.push(via);
            }
        }
        Ok(by)
    }
}
