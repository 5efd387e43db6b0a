//! The part of the decision that is about roles: who gives, names, confirms, takes (D3, D5, D11).

use std::time::Duration;

use super::action::{GrantRole, Nominate};
use super::decide::{Judge, Reason, Verdict};
use super::facts::{AssignmentFacts, OrganisationFacts, TargetFacts};
use super::model::{Applications, Assignment, Extent};
use super::permission::Permission;
use super::role::{GrantRule, Relation, RoleDefinition, RoleScope, SubLevels};
use crate::directory::organisation::model::OrganisationPath;
use crate::kernel::ids::{ProjectId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// What is given or taken, as far as the rules of a role ask.
struct Given<'a> {
    extent: Extent,
    anchor: &'a OrganisationPath,
    applications: &'a Applications,
    project: Option<ProjectId>,
}

impl<'a> Judge<'a> {
    /// D3: by whom `granted_by` names, and never wider or longer than what the grantor holds.
    pub(super) fn grant(&self, grant: &GrantRole) -> Verdict {
        let (target, organisation) = (self.target()?, self.organisation()?);
        if self.covering(Permission::RoleGrant, &target.home).is_none() {
            return Err(self.refusal_about(&target.home));
        }
        if self.covering(Permission::RoleGrant, organisation).is_none() {
            return Err(self.refusal_about(organisation));
        }
        self.not_own(target)?;
        let role = self.facts.role.as_ref().ok_or(Reason::InvalidGrant)?;
        let extent = granted_extent(role, organisation, grant.include_sub_levels).ok_or(Reason::InvalidGrant)?;
        if role.nominated || !fits(role, &grant.applications) {
            return Err(Reason::InvalidGrant);
        }
        let (anchor, applications) = (&organisation.path, &grant.applications);
        let grantors = self.grantors(&role.granted_by, Given { extent, anchor, applications, project: None });
        // The same assignment must reach the person: rights over two places do not add up to a bridge between them.
        let wide_enough: Vec<_> = grantors.filter(|mine| mine.extent.covers(&target.home.path)).collect();
        let by = wide_enough.iter().find(|mine| mine.outlasts(grant.validity.until));
        let otherwise = if wide_enough.is_empty() { Reason::NotPermitted } else { Reason::OutlivesGrantor };
        let by = by.ok_or(otherwise)?;
        if !role.managed_permissions.is_empty() && organisation.path.manages() {
            self.reaches_managed(organisation, &role.granted_by, grant.validity.until)?;
        }
        self.not_outranked(Permission::RoleGrant, target, |_| true)?;
        if organisation.active && target.home.active { Ok(vec![by.id]) } else { Err(Reason::OrganisationInactive) }
    }

    /// D3: a role at an organisation that manages others is one over those as well.
    fn reaches_managed(
        &self,
        at: &OrganisationFacts,
        rules: &[GrantRule],
        until: Option<Timestamp>,
    ) -> Result<(), Reason> {
        let managed = Extent::ManagedBy(at.path.node());
        let mut holding = self.authority.holding(Permission::RoleGrant, self.now);
        let wide = |mine: &Assignment| mine.extent.contains(managed, Some(&at.path)) && mine.outlasts(until);
        let wide = holding.any(|mine| rules.iter().any(|rule| rule.role == mine.role) && wide(mine));
        if wide { Ok(()) } else { Err(Reason::NotPermitted) }
    }

    /// D3, D5: as for a grant, also where only a small part of what somebody wider holds is taken. A role that somebody was
    /// named for is about its place, not about the account of whoever holds it.
    pub(super) fn revoke(&self) -> Verdict {
        let (target, assignment) = (self.target()?, self.assignment()?);
        let Some(role) = self.facts.role.as_ref() else { return self.clear_away(target) };
        self.on_held(&role.revoked_by, role.nominated, (target, assignment), |_| true)
    }

    /// A role that the profile does not define any more names nobody who revokes it, and gives nobody anything: whoever gives roles
    /// everywhere clears it away.
    fn clear_away(&self, target: &TargetFacts) -> Verdict {
        let by = self.everywhere(Permission::RoleGrant).map_err(|_| Reason::InvalidGrant)?;
        self.not_own(target)?;
        Ok(by)
    }

    /// D3, D5, D11: only whoever could give it says that it is still needed, and nobody of what they hold themself. It lasts no
    /// longer than it was given for, so that a grantor whose own role ends earlier may.
    pub(super) fn keep(&self) -> Verdict {
        let (target, assignment) = (self.target()?, self.assignment()?);
        let role = self.facts.role.as_ref().ok_or(Reason::InvalidGrant)?;
        let reaches_holder = |mine: &Assignment| role.nominated || mine.extent.covers(&target.home.path);
        let by = self.on_held(&role.granted_by, role.nominated, (target, assignment), reaches_holder)?;
        if !role.managed_permissions.is_empty() && assignment.anchor.manages() {
            let at = OrganisationFacts { path: assignment.anchor.clone(), active: assignment.active };
            let a_moment = self.now.plus(Duration::from_micros(1));
            self.reaches_managed(&at, &role.granted_by, Some(a_moment))?;
        }
        Ok(by)
    }

    /// What is done with a role that somebody holds, by whom some rules name.
    fn on_held(
        &self,
        rules: &[GrantRule],
        nominated: bool,
        (target, assignment): (&TargetFacts, &AssignmentFacts),
        reaches: impl Fn(&Assignment) -> bool,
    ) -> Verdict {
        if nominated {
            let by = self.grantors(rules, assignment.given()).next();
            let by = by.ok_or_else(|| self.refusal_about_role(assignment))?;
            self.not_own(target)?;
            return Ok(vec![by.id]);
        }
        if self.covering(Permission::RoleGrant, &target.home).is_none() {
            return Err(self.refusal_about(&target.home));
        }
        self.not_own(target)?;
        let by = self.grantors(rules, assignment.given()).find(|mine| reaches(mine)).ok_or(Reason::NotPermitted)?;
        self.not_outranked(Permission::RoleGrant, target, |_| true)?;
        Ok(vec![by.id])
    }

    /// Only who confirms roles everywhere begins it: what is not confirmed lapses at everybody's.
    pub(super) fn recertify(&self) -> Verdict {
        let organisation = self.organisation()?;
        let mut holding = self.authority.holding(Permission::RoleConfirm, self.now);
        let by = holding.find(|a| a.extent == Extent::Everywhere);
        by.map(|a| vec![a.id]).ok_or_else(|| self.refusal_about(organisation))
    }

    /// P17, P22: by whom `granted_by` names. An address is named without a look at who owns it; a person is chosen from those who
    /// hold what the role requires, or from those whom one administers.
    pub(super) fn nominate(&self, nomination: &Nominate) -> Verdict {
        let organisation = self.organisation()?;
        let role = self.facts.role.as_ref().ok_or(Reason::InvalidGrant)?;
        if !role.nominated || role.scope.is_of_project() != nomination.project.is_some() {
            return Err(Reason::InvalidGrant);
        }
        let (extent, project) = (Extent::Only(organisation.path.node()), nomination.project);
        let given = Given { extent, anchor: &organisation.path, applications: &Applications::All, project };
        let mut by = self.grantors(&role.granted_by, given).peekable();
        if by.peek().is_none() {
            return Err(self.refusal_to_nominate(organisation));
        }
        let by = by.find(|mine| mine.outlasts(nomination.validity.until)).ok_or(Reason::OutlivesGrantor)?;
        if let Some(project) = &self.facts.project {
            let coordinates = project.coordinator == organisation.path.node();
            let takes_part = project.has(organisation.path.node());
            if !takes_part || (role.scope == RoleScope::Project && !coordinates) {
                return Err(Reason::InvalidGrant);
            }
            if !project.open {
                return Err(Reason::ProjectOver);
            }
        } else if role.scope.is_of_project() {
            return Err(Reason::NotFound);
        }
        if nomination.person.is_some() {
            self.choose(role, organisation, self.target()?)?;
        }
        if organisation.active { Ok(vec![by.id]) } else { Err(Reason::OrganisationInactive) }
    }

    fn choose(&self, role: &RoleDefinition, at: &OrganisationFacts, person: &TargetFacts) -> Result<(), Reason> {
        let held = |code: &String| {
            let live = person.assignments.iter().filter(|a| a.is_live(self.now) && a.project.is_none());
            let here = |a: &Assignment| a.anchor.as_ref().is_some_and(|anchor| anchor.node() == at.path.node());
            live.into_iter().any(|a| a.role == *code && here(a))
        };
        let qualified = !role.requires.is_empty() && role.requires.iter().all(held);
        let administered = self.covering(Permission::UserRead, &person.home).is_some();
        if !qualified && !administered {
            return Err(Reason::NotFound);
        }
        self.not_own(person)
    }

    fn refusal_to_nominate(&self, organisation: &OrganisationFacts) -> Reason {
        match &self.facts.project {
            Some(_) if self.read_project().is_some() => Reason::NotPermitted,
            Some(_) => Reason::NotFound,
            None if self.covering(Permission::RoleRead, organisation).is_some() => Reason::NotPermitted,
            None => self.refusal_about(organisation),
        }
    }

    /// P60: whoever the role names may ask; whoever may not even see the assignment does not find it.
    pub(super) fn request_revocation(&self) -> Verdict {
        let (target, assignment) = (self.target()?, self.assignment()?);
        let role = self.facts.role.as_ref().ok_or(Reason::InvalidGrant)?;
        let by = self.related(Permission::RoleRead, &role.revocation_requests_by, assignment.given()).next();
        let by = by.ok_or_else(|| self.refusal_about_role(assignment))?;
        self.not_own(target)?;
        Ok(vec![by.id])
    }

    /// Held over an organisation that takes part, or in the project itself.
    pub(super) fn read_project(&self) -> Option<Vec<RoleAssignmentId>> {
        let project = self.facts.project.as_ref()?;
        let mut holding = self.authority.holding_in(Permission::ProjectRead, Some(project.id), self.now);
        let reaches = |a: &Assignment| {
            a.project.is_some() || project.participants.iter().any(|participant| a.extent.covers(&participant.path))
        };
        holding.find(|a| reaches(a)).map(|a| vec![a.id])
    }

    fn refusal_about_role(&self, assignment: &AssignmentFacts) -> Reason {
        let place = OrganisationFacts { path: assignment.anchor.clone(), active: assignment.active };
        let seen = match assignment.project {
            Some(project) => self.authority.reads_roles_in(project, &assignment.anchor, self.now),
            None => self.covering(Permission::RoleRead, &place).is_some(),
        };
        if seen { Reason::NotPermitted } else { Reason::NotFound }
    }

    /// D11: somebody other than the proposer and the nominee, who covers the scope.
    pub(super) fn confirm(&self) -> Verdict {
        let (target, assignment) = (self.target()?, self.assignment()?);
        let mut holding = self.authority.holding(Permission::RoleConfirm, self.now);
        let by = holding.find(|a| {
            a.extent.contains(assignment.extent, Some(&assignment.anchor))
                && a.applications.includes(&assignment.applications)
        });
        let by = by.ok_or_else(|| self.refusal_about(&target.home))?;
        self.not_own(target)?;
        if assignment.granted_by == self.authority.principal {
            return Err(Reason::OwnProposal);
        }
        if assignment.active && target.home.active { Ok(vec![by.id]) } else { Err(Reason::OrganisationInactive) }
    }

    fn assignment(&self) -> Result<&'a AssignmentFacts, Reason> {
        self.facts.assignment.as_ref().ok_or(Reason::NotFound)
    }

    /// The live assignments of a role that the rules name, wide enough for what is given or taken.
    fn grantors<'g>(&self, rules: &'g [GrantRule], given: Given<'g>) -> impl Iterator<Item = &'a Assignment> {
        self.related(Permission::RoleGrant, rules, given)
    }

    fn related<'g>(
        &self,
        permission: Permission,
        rules: &'g [GrantRule],
        given: Given<'g>,
    ) -> impl Iterator<Item = &'a Assignment> {
        self.authority
            .holding_in(permission, given.project, self.now)
            .filter(move |mine| rules.iter().any(|rule| rule.role == mine.role && stands(mine, rule.relation, &given)))
    }
}

/// Whether an assignment stands in a relation to what is given, and reaches it.
fn stands(mine: &Assignment, relation: Relation, given: &Given<'_>) -> bool {
    let same_place = mine.anchor.as_ref().is_some_and(|anchor| anchor.node() == given.anchor.node());
    let same_project = mine.project.is_some() && mine.project == given.project;
    let contains = mine.project.is_none()
        && mine.extent.contains(given.extent, Some(given.anchor))
        && mine.applications.includes(given.applications);
    match relation {
        Relation::SameOrganisation => same_place && contains,
        Relation::Covering | Relation::Any => contains,
        Relation::SameProject => same_project,
        Relation::SameProjectAndOrganisation => same_project && same_place,
    }
}

impl AssignmentFacts {
    fn given(&self) -> Given<'_> {
        let Self { extent, anchor, applications, project, .. } = self;
        Given { extent: *extent, anchor, applications, project: *project }
    }
}

/// What a grant of a role over an organisation would reach; `None` if the role forbids it.
fn granted_extent(role: &RoleDefinition, organisation: &OrganisationFacts, include_sub_levels: bool) -> Option<Extent> {
    let node = organisation.path.node();
    match (role.scope, role.sub_levels, include_sub_levels) {
        (RoleScope::System, _, _) => (organisation.path.depth() == 0).then_some(Extent::Everywhere),
        (_, SubLevels::Never, true) | (_, SubLevels::Always, false) => None,
        (_, _, true) => Some(Extent::Subtree(node)),
        (_, _, false) => Some(Extent::Only(node)),
    }
}

/// A role about applications needs some; a role that is not must not name any.
fn fits(role: &RoleDefinition, applications: &Applications) -> bool {
    match (role.scope, applications) {
        (RoleScope::OrganisationAndApplications, Applications::Only(set)) => !set.is_empty(),
        (_, Applications::All) => true,
        (_, Applications::Only(_)) => false,
    }
}
