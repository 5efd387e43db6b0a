//! The part of the decision that is about organisations which manage others (I50, I51, D13).

use super::action::AddManager;
use super::decide::{Judge, Reason, Verdict};
use super::facts::OrganisationFacts;
use super::model::{Applications, Assignment, Extent};
use super::permission::Permission;
use crate::kernel::ids::OrganisationId;

impl<'a> Judge<'a> {
    /// Somebody's own organisation by the permission to add oneself (`decisions.md` 1); any other one by what comes of it: whoever
    /// adds it holds all that its people gain.
    pub(super) fn add_manager(&self, add: &AddManager) -> Verdict {
        let organisation = self.organisation()?;
        let own = self.adding_own(organisation, add.manager);
        let by = match own {
            Some(own) => own,
            None => self
                .covering(Permission::AccessManagerManage, organisation)
                .ok_or_else(|| self.refusal_about(organisation))?,
        };
        let manager = self.facts.manager.as_ref().ok_or(Reason::NotFound)?;
        if own.is_none() && self.covering(Permission::OrganisationRead, manager).is_none() {
            return Err(Reason::NotFound);
        }
        let country = organisation.path.country();
        if organisation.path.node() == add.manager || country.is_none() || country != manager.path.country() {
            return Err(Reason::OtherCountry);
        }
        if manager.path.is_under(organisation.path.node()) {
            return Err(Reason::StandsAbove);
        }
        if own.is_none() && !self.holds_what_is_gained(organisation, manager) {
            return Err(Reason::NotPermitted);
        }
        if organisation.active && manager.active { Ok(vec![by.id]) } else { Err(Reason::OrganisationInactive) }
    }

    /// Ending it gives nobody anything.
    pub(super) fn remove_manager(&self) -> Verdict {
        let organisation = self.organisation()?;
        let by = self.covering(Permission::AccessManagerManage, organisation);
        by.map(|a| vec![a.id]).ok_or_else(|| self.refusal_about(organisation))
    }

    fn adding_own(&self, organisation: &OrganisationFacts, manager: OrganisationId) -> Option<&'a Assignment> {
        let mut holding = self.authority.holding(Permission::AccessManagerSelfAdd, self.now);
        holding.find(|a| a.extent.covers(&organisation.path) && a.place() == Some(manager))
    }

    /// D13: the people of the manager come to hold, for good and for every application, what roles carry over what their
    /// organisation manages; those of one that manages nothing yet, over its country as well.
    fn holds_what_is_gained(&self, organisation: &OrganisationFacts, manager: &OrganisationFacts) -> bool {
        let lasting = |a: &&Assignment| a.applications == Applications::All && a.outlasts(None);
        let holding = |permission| self.authority.holding(permission, self.now).filter(lasting);
        let managed = &self.facts.managing.managed;
        let here = managed.iter().all(|permission| holding(permission).any(|a| a.extent.covers(&organisation.path)));
        let country = manager.path.country().filter(|_| !manager.path.manages());
        let there = country.is_none_or(|top| {
            let (whole, at) = (Extent::Country(top), Some(&manager.path));
            let gained = &self.facts.managing.country;
            gained.iter().all(|permission| holding(permission).any(|a| a.extent.contains(whole, at)))
        });
        here && there
    }
}
