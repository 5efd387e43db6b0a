//! THE decision: pure and total. The only place where "may" is answered.

use std::time::Duration;

use super::action::Action;
use super::facts::{Facts, OrganisationFacts, TargetFacts};
use super::model::{Assignment, Authority, Extent};
use super::permission::{Permission, PermissionSet};
use super::scopes;
use crate::directory::module::model::Standing;
use crate::kernel::ids::{ApplicationId, PrincipalId, RoleAssignmentId};
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

/// Why something is refused. Safe to show: it names only what the caller may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Reason {
    /// The target does not exist, or the caller may not see it: the two look the same (D8).
    #[error("not found")]
    NotFound,
    /// Nothing that the caller holds allows it here.
    #[error("you do not have this permission here")]
    NotPermitted,
    /// The target holds authority that the caller does not (D5).
    #[error("this person holds wider administrator rights than you")]
    Outranked,
    /// Nobody administers themself (D5).
    #[error("you cannot do this to your own account")]
    OwnAccount,
    /// The organisation is deactivated (D9).
    #[error("the organisation is deactivated")]
    OrganisationInactive,
    /// The application asks for module access, and the person's organisation has none (D2).
    #[error("the person's organisation has no access to the module of this application")]
    ModuleMissing,
    /// The organisation may only complete what is under way (D2, D9).
    #[error("the access of the person's organisation to this application is suspended: nobody can be added")]
    ModuleSuspended,
    /// The role does not exist or cannot be given this way.
    #[error("this role cannot be granted over this scope")]
    InvalidGrant,
    /// Nobody gives a role for longer than they hold it themselves (D4).
    #[error("your own role ends before that")]
    OutlivesGrantor,
    /// The project is over.
    #[error("the project is over")]
    ProjectOver,
    /// Who manages an organisation is of its country (I50).
    #[error("an organisation can manage only others of its country")]
    OtherCountry,
    /// No organisation manages one that it stands below: its people would come to hold what is held from above (D4, D13).
    #[error("an organisation cannot manage one that it belongs to")]
    StandsAbove,
    /// The proposer cannot confirm (D11).
    #[error("somebody else has to confirm what you proposed")]
    OwnProposal,
    /// Changes ask persons for a second factor in this session.
    #[error("sign in again with a second factor")]
    StepUp {
        /// How long ago it may have been at most.
        within: Duration,
        /// How strong it was, and has to be again.
        as_strong_as: Strength,
    },
    /// What they hold has effect only after a stronger sign-in: told to tokens, whatever they asked for (RFC 9470).
    #[error("sign in with {}", match .0 { Strength::Passkey => "a passkey", _ => "an authenticator app or a passkey" })]
    TooWeak(Strength),
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed by these role assignments: one per thing that had to be covered (a move has two ends).
    Allow(Vec<RoleAssignmentId>),
    /// Refused.
    Deny(Reason),
}

pub(super) type Verdict = Result<Vec<RoleAssignmentId>, Reason>;

/// May `authority` do `action` in a world of these `facts`, at `now`?
pub fn decide(authority: &Authority, action: &Action, facts: &Facts, now: Timestamp) -> Decision {
    let verdict = (Judge { authority, facts, now }).judge(action);
    // Nobody is acted upon by their own right in the hand of somebody else: what remains without it has to be enough.
    let verdict = match authority.beside(action, facts) {
        Some((left, reason)) if verdict.is_ok() => {
            (Judge { authority: &left, facts, now }).judge(action).map_err(|_| reason)
        }
        _ => verdict,
    };
    match verdict {
        Ok(by) => Decision::Allow(by),
        Err(reason) => Decision::Deny(reason),
    }
}

pub(super) struct Judge<'a> {
    pub(super) authority: &'a Authority,
    pub(super) facts: &'a Facts,
    pub(super) now: Timestamp,
}

impl<'a> Judge<'a> {
    fn judge(&self, action: &Action) -> Verdict {
        use Permission as P;
        match action {
            Action::ReadUser(_) => {
                let target = self.target()?;
                let by = self
                    .covering(P::UserRead, &target.home)
                    .or_else(|| self.covering(P::MembershipAssign, &target.home));
                by.map(|a| vec![a.id]).ok_or(Reason::NotFound)
            }
            Action::ReadContact(_) => self.read_contact(),
            Action::CreateUser(_) => self.in_organisation(P::UserCreate),
            Action::UpdateUser(_) => self.on_person(P::UserUpdate),
            Action::ApproveContact(_) => self.approve_contact(),
            Action::DeleteUser(_) => self.on_person(P::UserDelete),
            Action::EraseUser(_) => self.erase_user(),
            Action::ResetCredentials(_) => self.on_person(P::UserResetCredentials),
            Action::BlockUser(_) => self.on_person(P::UserBlock),
            Action::MoveUser(_) => self.move_user(),
            Action::ReadGroup(_) => self.read_group(),
            Action::AssignMembership(_) => self.membership(true),
            Action::RemoveMembership(_) => self.membership(false),
            Action::GrantRole(grant) => self.grant(grant),
            Action::RevokeRole(_) => self.revoke(),
            Action::ConfirmRole(_) => self.confirm(),
            Action::NameDeputy(name) => self.name_deputy(name),
            Action::EndDeputy(_) => self.end_deputy(),
            Action::KeepRole(_) => self.keep(),
            Action::KeepMembership(_) => self.membership(false),
            Action::Recertify(_) => self.recertify(),
            Action::Nominate(nomination) => self.nominate(nomination),
            Action::RequestRevocation(_) => self.request_revocation(),
            Action::DeclineRevocation(_) => self.revoke(),
            Action::ReadRoles(_) => {
                self.covering(P::RoleRead, self.organisation()?).map(|a| vec![a.id]).ok_or(Reason::NotFound)
            }
            Action::ReadProject(_) => self.read_project().ok_or(Reason::NotFound),
            Action::ManageProject(_) => self.everywhere(P::ProjectManage),
            Action::ReadOrganisation(_) => {
                self.covering(P::OrganisationRead, self.organisation()?).map(|a| vec![a.id]).ok_or(Reason::NotFound)
            }
            Action::RequestAmendment(_) => self.request_amendment(),
            Action::AttachDocument(_) => self.attach_document(),
            Action::WithdrawAmendment(_) => self.withdraw_amendment(),
            Action::ReadAmendment(_) => self.read_amendment(),
            Action::AnswerAmendment(_) => self.answer_amendment(),
            Action::WriteToPeople(a) => self.write_to(&a.organisations),
            Action::LookUpOrganisation(a) => self.look_up(a.organisation.is_some()),
            Action::CreateOrganisation(create) => match create.parent {
                Some(_) => self.in_organisation(P::OrganisationCreate),
                None => self.everywhere(P::OrganisationCreate),
            },
            Action::ValidateRegistration(_) => self.validate_registration(),
            Action::UpdateOrganisation(_) => self.update_organisation(),
            Action::MoveOrganisation(_) => self.move_organisation(),
            Action::AddManager(add) => self.add_manager(add),
            Action::RemoveManager(_) => self.remove_manager(),
            Action::GrantModule(grant) => self.grant_module(grant),
            Action::ProposeModule(propose) => self.propose_module(propose.application),
            Action::SuspendModule(suspend) => self.module(suspend.application).map(|by| vec![by.id]),
            Action::ManageApplication(_) => self.everywhere(P::ApplicationManage),
            Action::ManageGroup(manage) => self.application_wide(P::GroupManage, manage.application),
            Action::NestGroup(_) => self.nest_group(),
            Action::ManageClient(manage) => self.manage_client(manage.client.is_some()),
            Action::ReadClient(_) => self.read_client(),
            Action::CreateService(_) => self.create_service(),
            Action::IssueToken(_) => self.issue_token(),
            Action::ReadAudit(_) => self.anywhere(P::AuditRead),
            Action::ManageKeys(_) => self.everywhere(P::KeyManage),
            Action::ReadSystem(_) => self.everywhere(P::SystemRead),
        }
    }

    pub(super) fn target(&self) -> Result<&'a TargetFacts, Reason> {
        self.facts.target.as_ref().ok_or(Reason::NotFound)
    }

    pub(super) fn organisation(&self) -> Result<&'a OrganisationFacts, Reason> {
        self.facts.organisation.as_ref().ok_or(Reason::NotFound)
    }

    /// The first live assignment that carries the permission over an organisation.
    pub(super) fn covering(&self, permission: Permission, organisation: &OrganisationFacts) -> Option<&'a Assignment> {
        self.authority.holding(permission, self.now).find(|a| a.extent.covers(&organisation.path))
    }

    fn anywhere(&self, permission: Permission) -> Verdict {
        self.authority.holding(permission, self.now).next().map(|a| vec![a.id]).ok_or(Reason::NotPermitted)
    }

    /// Only people make tokens by hand, who were asked for a second factor; services ask for theirs with their secret. What a token
    /// then is granted is cut to what is held.
    fn issue_token(&self) -> Verdict {
        if self.authority.principal.person().is_none() {
            return Err(Reason::NotPermitted);
        }
        let lent = scopes::actions().map(scopes::core_of);
        let lent = lent.flat_map(|core| core.iter().collect::<Vec<_>>()).collect::<PermissionSet>();
        let mut live = self.authority.live(self.now).filter(|a| !a.permissions.intersection(lent).is_empty());
        live.next().map(|a| vec![a.id]).ok_or(Reason::NotPermitted)
    }

    pub(super) fn everywhere(&self, permission: Permission) -> Verdict {
        let by = self.authority.holding(permission, self.now).find(|a| a.extent == Extent::Everywhere);
        by.map(|a| vec![a.id]).ok_or(Reason::NotPermitted)
    }

    /// Rights over an application as such, whoever uses it, need the whole tree.
    pub(super) fn application_wide(&self, permission: Permission, application: ApplicationId) -> Verdict {
        let mut holding = self.authority.holding(permission, self.now);
        let by = holding.find(|a| a.extent == Extent::Everywhere && a.applications.contains(application));
        by.map(|a| vec![a.id]).ok_or(Reason::NotPermitted)
    }

    /// I80: what is deactivated, itself or above, is not in the directory, for nobody. No role is needed.
    fn look_up(&self, one: bool) -> Verdict {
        if !self.authority.looks_up {
            return Err(Reason::NotPermitted);
        }
        match &self.facts.organisation {
            Some(organisation) if one && organisation.active => Ok(Vec::new()),
            None if !one => Ok(Vec::new()),
            _ => Err(Reason::NotFound),
        }
    }

    /// Out of sight is not found; in sight but not allowed is said.
    pub(super) fn refusal_about(&self, organisation: &OrganisationFacts) -> Reason {
        let seen = [Permission::UserRead, Permission::MembershipAssign, Permission::OrganisationRead];
        if seen.into_iter().any(|p| self.covering(p, organisation).is_some()) {
            Reason::NotPermitted
        } else {
            Reason::NotFound
        }
    }

    /// Decision 13: who gives access sees whom they give it to, and not how to reach them.
    fn read_contact(&self) -> Verdict {
        let home = &self.target()?.home;
        let by = self.authority.reading_contacts(self.now).find(|a| a.extent.covers(&home.path));
        by.map(|a| vec![a.id]).ok_or_else(|| self.refusal_about(home))
    }

    pub(super) fn in_organisation(&self, permission: Permission) -> Verdict {
        let organisation = self.organisation()?;
        let by = self.covering(permission, organisation).ok_or_else(|| self.refusal_about(organisation))?;
        if organisation.active { Ok(vec![by.id]) } else { Err(Reason::OrganisationInactive) }
    }

    fn on_person(&self, permission: Permission) -> Verdict {
        let target = self.target()?;
        let unseen = || if target.deleted { Reason::NotFound } else { self.refusal_about(&target.home) };
        let by = self.covering(permission, &target.home).ok_or_else(unseen)?;
        self.not_own(target)?;
        self.not_outranked(permission, target, |_| true)?;
        Ok(vec![by.id])
    }

    /// What nobody can undo is for those alone who may delete everybody: no delegate takes away what another one could restore.
    fn erase_user(&self) -> Verdict {
        self.on_person(Permission::UserDelete)?;
        self.everywhere(Permission::UserDelete)
    }

    /// D11, D15: a second administrator, and a person (or the console): no script approves what another one asked for.
    fn approve_contact(&self) -> Verdict {
        let by = self.on_person(Permission::UserUpdate)?;
        if matches!(self.authority.principal, PrincipalId::Service(_)) {
            return Err(Reason::NotPermitted);
        }
        match self.facts.proposed_by.as_slice() {
            [] => Err(Reason::NotFound),
            some if some.contains(&self.authority.principal) => Err(Reason::OwnProposal),
            _ => Ok(by),
        }
    }

    pub(super) fn not_own(&self, target: &TargetFacts) -> Result<(), Reason> {
        if target.principal == self.authority.principal { Err(Reason::OwnAccount) } else { Ok(()) }
    }

    /// D5: each assignment of the target that matters must lie inside what the actor holds for this permission.
    pub(super) fn not_outranked(
        &self,
        permission: Permission,
        target: &TargetFacts,
        matters: impl Fn(&Assignment) -> bool,
    ) -> Result<(), Reason> {
        // What is held in a project, or carries nothing, is no authority over people: nobody gets out of reach by it.
        let counts = |a: &&Assignment| a.project.is_none() && !a.permissions.is_empty() && matters(a);
        let theirs = target.assignments.iter().filter(|a| a.until.is_none_or(|end| self.now < end)).filter(counts);
        let mut outranked = theirs.filter(|their| match their.extent {
            // What is only for finding in a country is within reach of whoever has as much.
            Extent::Country(_) => !self.authority.live(self.now).any(|mine| {
                mine.project.is_none() && their.permissions.is_subset_of(mine.permissions) && mine.spans(their)
            }),
            _ => !self.authority.holding(permission, self.now).any(|mine| mine.spans(their)),
        });
        if outranked.next().is_some() { Err(Reason::Outranked) } else { Ok(()) }
    }

    fn move_user(&self) -> Verdict {
        let mut by = self.on_person(Permission::UserUpdate)?;
        let destination = self.facts.destination.as_ref().ok_or(Reason::NotFound)?;
        // Creating there is what arriving amounts to (D13).
        let there =
            self.covering(Permission::UserCreate, destination).ok_or_else(|| self.refusal_about(destination))?;
        if !destination.active {
            return Err(Reason::OrganisationInactive);
        }
        by.push(there.id);
        Ok(by)
    }

    pub(super) fn read_group(&self) -> Verdict {
        let application = self.facts.application.ok_or(Reason::NotFound)?;
        let mut holding = self.authority.holding(Permission::MembershipRead, self.now);
        holding.find(|a| a.applications.contains(application)).map(|a| vec![a.id]).ok_or(Reason::NotFound)
    }

    fn membership(&self, adding: bool) -> Verdict {
        let target = self.target()?;
        let application = self.facts.application.ok_or(Reason::NotFound)?;
        let mut holding = self.authority.holding(Permission::MembershipAssign, self.now);
        let by = holding.find(|a| a.extent.covers(&target.home.path) && a.applications.contains(application));
        let Some(by) = by else {
            // A group one may not see does not exist; neither does a person.
            self.read_group()?;
            return Err(self.refusal_about(&target.home));
        };
        self.not_own(target)?;
        self.not_outranked(Permission::MembershipAssign, target, |their| {
            their.permissions.contains(Permission::MembershipAssign) && their.applications.contains(application)
        })?;
        if adding && !target.home.active {
            return Err(Reason::OrganisationInactive);
        }
        match self.facts.module {
            Standing::Missing if adding => Err(Reason::ModuleMissing),
            Standing::Suspended if adding => Err(Reason::ModuleSuspended),
            _ => Ok(vec![by.id]),
        }
    }

    /// D11: a person (or the console) who creates organisations there, neither the applicant nor whoever validated it already.
    fn validate_registration(&self) -> Verdict {
        let by = self.in_organisation(Permission::OrganisationCreate)?;
        if matches!(self.authority.principal, PrincipalId::Service(_)) {
            return Err(Reason::NotPermitted);
        }
        if self.facts.proposed_by.contains(&self.authority.principal) { Err(Reason::OwnProposal) } else { Ok(by) }
    }

    fn update_organisation(&self) -> Verdict {
        let organisation = self.organisation()?;
        let by = self.covering(Permission::OrganisationUpdate, organisation);
        by.map(|a| vec![a.id]).ok_or_else(|| self.refusal_about(organisation))
    }

    /// D13, DA-08: whoever moves a subtree covers it whole, where it stood and where it goes.
    fn move_organisation(&self) -> Verdict {
        let organisation = self.organisation()?;
        let destination = self.facts.destination.as_ref().ok_or(Reason::NotFound)?;
        let whole = Extent::Subtree(organisation.path.node());
        let mut holding = self.authority.holding(Permission::OrganisationUpdate, self.now);
        organisation.path.parent().ok_or(Reason::NotPermitted)?;
        let here = holding.find(|a| {
            let reaches_parent = match a.extent {
                Extent::Everywhere => true,
                Extent::Subtree(node) | Extent::Country(node) => node != organisation.path.node(),
                Extent::Only(_) | Extent::ManagedBy(_) => false,
            };
            reaches_parent && a.extent.contains(whole, Some(&organisation.path))
        });
        let here = here.ok_or_else(|| self.refusal_about(organisation))?;
        let mut holding = self.authority.holding(Permission::OrganisationCreate, self.now);
        let there =
            holding.find(|a| a.extent.contains(Extent::Subtree(destination.path.node()), Some(&destination.path)));
        let there = there.ok_or_else(|| self.refusal_about(destination))?;
        if destination.active { Ok(vec![here.id, there.id]) } else { Err(Reason::OrganisationInactive) }
    }
}
