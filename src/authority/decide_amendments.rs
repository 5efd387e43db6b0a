//! Who asks for changes of an organisation, who answers, and who reads of it (P61, P62, P67).

use super::decide::{Judge, Reason, Verdict};
use super::permission::Permission;
use crate::kernel::ids::PrincipalId;

impl Judge<'_> {
    fn has_asked(&self) -> bool {
        self.facts.proposed_by.contains(&self.authority.principal)
    }

    /// People ask, for organisations that they represent.
    pub(super) fn request_amendment(&self) -> Verdict {
        if self.authority.principal.person().is_none() {
            return Err(Reason::NotPermitted);
        }
        self.in_organisation(Permission::OrganisationRequestChange)
    }

    /// P62: whoever asked, if their role lets them; for everybody else there is no such request.
    pub(super) fn attach_document(&self) -> Verdict {
        self.read_amendment()?;
        if self.has_asked() { self.in_organisation(Permission::OrganisationAttach) } else { Err(Reason::NotPermitted) }
    }

    /// Whoever asked, also when they represent the organisation no more.
    pub(super) fn withdraw_amendment(&self) -> Verdict {
        if self.has_asked() { Ok(Vec::new()) } else { self.read_amendment().and(Err(Reason::NotPermitted)) }
    }

    /// Whoever asked, while they represent the organisation, and whoever could change it.
    pub(super) fn read_amendment(&self) -> Verdict {
        let organisation = self.organisation()?;
        let own = self.covering(Permission::OrganisationRequestChange, organisation).filter(|_| self.has_asked());
        let by = own.or_else(|| self.covering(Permission::OrganisationUpdate, organisation));
        by.map(|a| vec![a.id]).ok_or(Reason::NotFound)
    }

    /// D11: a person (or the console) who could change it, never the one who asked.
    pub(super) fn answer_amendment(&self) -> Verdict {
        self.read_amendment()?;
        let organisation = self.organisation()?;
        let by = self.covering(Permission::OrganisationUpdate, organisation).ok_or(Reason::NotPermitted)?;
        if matches!(self.authority.principal, PrincipalId::Service(_)) {
            return Err(Reason::NotPermitted);
        }
        if self.has_asked() { Err(Reason::OwnProposal) } else { Ok(vec![by.id]) }
    }
}
