//! The part of the decision that is about services: who makes, sees and keeps them (D4, D5, D8, D13; `docs/adr/0017-services-of-delegates.md`).

use super::decide::{Judge, Reason, Verdict};
use super::facts::TargetFacts;
use super::model::Assignment;
use super::permission::Permission;
use crate::kernel::ids::PrincipalId;

impl Judge<'_> {
    /// Operators make any client. Making a service gives nothing to anybody: it holds no role yet.
    pub(super) fn create_service(&self) -> Verdict {
        self.by_somebody()?;
        self.in_organisation(Permission::ServiceManage)
    }

    /// Operators see all clients, others the services of organisations in which they manage them: those as well that they cannot keep.
    pub(super) fn read_client(&self) -> Verdict {
        self.everywhere(Permission::ClientManage).or_else(|otherwise| Ok(vec![self.home_of_service(otherwise)?.id]))
    }

    /// Operators manage all clients. Whoever takes the secret of a service, or changes from where and until when it is taken, can act as
    /// the service: so they could do themselves, for as long, whatever it may do now or will by what it holds already.
    pub(super) fn manage_client(&self, is_named: bool) -> Verdict {
        let otherwise = match self.everywhere(Permission::ClientManage) {
            Ok(by) => return Ok(by),
            Err(otherwise) => otherwise,
        };
        self.by_somebody()?;
        if !is_named {
            return Err(otherwise);
        }
        let by = self.home_of_service(otherwise)?;
        let service = self.target()?;
        if self.facts.service.is_plain && self.could_do_all_of(service) {
            Ok(vec![by.id])
        } else {
            Err(Reason::Outranked)
        }
    }

    /// No script makes another one, or keeps one: a leaked secret would not end.
    fn by_somebody(&self) -> Result<(), Reason> {
        if matches!(self.authority.principal, PrincipalId::Service(_)) { Err(Reason::NotPermitted) } else { Ok(()) }
    }

    /// By what services are managed where this one is at home. Whether there is one is told to nobody else.
    fn home_of_service(&self, otherwise: Reason) -> Result<&Assignment, Reason> {
        let target = self.facts.target.as_ref();
        let by = target.and_then(|service| self.covering(Permission::ServiceManage, &service.home));
        let manages_some = self.authority.has_anywhere(Permission::ServiceManage, self.now);
        by.ok_or(if manages_some { Reason::NotFound } else { otherwise })
    }

    /// For each thing that it holds there is one of the actor's that reaches as far and lasts as long, by the same role or by one whose
    /// holders give that role.
    fn could_do_all_of(&self, service: &TargetFacts) -> bool {
        let theirs = service.assignments.iter().filter(|a| a.until.is_none_or(|end| self.now < end));
        let mut beyond = theirs.filter(|their| {
            let gives = |mine: &Assignment| {
                let givers = self.facts.service.givers.get(&their.role);
                mine.permissions.contains(Permission::RoleGrant) && givers.is_some_and(|some| some.contains(&mine.role))
            };
            let mut live = self.authority.live(self.now);
            !live.any(|mine| mine.is_as_much_as(their) && (mine.role == their.role || gives(mine)))
        });
        beyond.next().is_none()
    }
}

impl Assignment {
    /// Whether whoever holds it may do by it whatever the other one allows, as long as that does.
    fn is_as_much_as(&self, other: &Self) -> bool {
        self.project == other.project
            && other.permissions.is_subset_of(self.permissions)
            && self.spans(other)
            && self.applications.includes(&other.applications)
            && self.outlasts(other.until)
    }
}
