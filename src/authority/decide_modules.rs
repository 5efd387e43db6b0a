//! The decision about module access (D2, D9, D13).

use super::action::GrantModule;
use super::decide::{Judge, Reason, Verdict};
use super::model::Assignment;
use super::permission::Permission;
use crate::kernel::ids::ApplicationId;

impl<'a> Judge<'a> {
    /// Who manages the module access of this organisation to this application.
    pub(super) fn module(&self, application: ApplicationId) -> Result<&'a Assignment, Reason> {
        let by = self.over_module(Permission::ModuleManage, application)?;
        by.ok_or_else(|| self.organisation().map_or(Reason::NotFound, |organisation| self.refusal_about(organisation)))
    }

    fn over_module(
        &self,
        permission: Permission,
        application: ApplicationId,
    ) -> Result<Option<&'a Assignment>, Reason> {
        let organisation = self.organisation()?;
        let mut holding = self.authority.holding(permission, self.now);
        Ok(holding.find(|a| a.extent.covers(&organisation.path) && a.applications.contains(application)))
    }

    /// D9, D13: nothing begins in a deactivated organisation, and only a coordinator that is seen can be named.
    pub(super) fn grant_module(&self, grant: &GrantModule) -> Verdict {
        let by = self.module(grant.application)?;
        if !self.organisation()?.active {
            return Err(Reason::OrganisationInactive);
        }
        let named = &self.facts.coordinators;
        let seen = named.iter().all(|one| self.covering(Permission::OrganisationRead, one).is_some());
        if seen && named.len() == grant.coordinators.len() { Ok(vec![by.id]) } else { Err(Reason::NotFound) }
    }

    /// I72: whoever identifies the organisations that need a module need not be who grants it; whoever grants may propose, too.
    pub(super) fn propose_module(&self, application: ApplicationId) -> Verdict {
        let by = match self.over_module(Permission::ModulePropose, application)? {
            Some(by) => by,
            None => self.module(application)?,
        };
        if self.organisation()?.active { Ok(vec![by.id]) } else { Err(Reason::OrganisationInactive) }
    }
}
