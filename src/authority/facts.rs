//! What the decision may consider about the target: loaded in the transaction of the write, or given by a test.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Applications, Assignment, Extent};
use super::permission::PermissionSet;
use super::role::RoleDefinition;
use crate::directory::module::model::Standing;
use crate::directory::organisation::model::OrganisationPath;
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId};

/// An organisation as the decision sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationFacts {
    /// From the root down to it.
    pub path: OrganisationPath,
    /// Neither it nor any node above it is deactivated.
    pub active: bool,
}

/// The person or service that is acted upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetFacts {
    /// Who.
    pub principal: PrincipalId,
    /// The home organisation.
    pub home: OrganisationFacts,
    /// Deleted and perhaps restorable: there for whoever may restore, and for nobody else (D8).
    pub deleted: bool,
    /// What they hold themselves, or will once it is confirmed or its organisation is active again (D5).
    pub assignments: Vec<Assignment>,
}

/// A role assignment that is to be revoked or confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentFacts {
    /// Which.
    pub id: RoleAssignmentId,
    /// The role.
    pub role: String,
    /// Over which organisations.
    pub extent: Extent,
    /// The node it is anchored at.
    pub anchor: OrganisationPath,
    /// Neither that node nor any above it is deactivated.
    pub active: bool,
    /// Over which applications.
    pub applications: Applications,
    /// Within which project.
    pub project: Option<ProjectId>,
    /// Who proposed it.
    pub granted_by: PrincipalId,
}

/// A project as the decision sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectFacts {
    /// Which.
    pub id: ProjectId,
    /// Who coordinates it.
    pub coordinator: OrganisationId,
    /// Who takes part, the coordinator included.
    pub participants: Vec<OrganisationFacts>,
    /// It is not over: roles may be given in it.
    pub open: bool,
}

impl ProjectFacts {
    /// Whether an organisation takes part.
    pub fn has(&self, organisation: OrganisationId) -> bool {
        self.participants.iter().any(|participant| participant.path.node() == organisation)
    }
}

/// What a service is, beside what it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceFacts {
    /// It has nothing that a service made by a delegate could not have: all that it may do comes from its roles.
    pub is_plain: bool,
    /// For each role that it holds the roles whose holders may give it over all that they cover.
    pub givers: BTreeMap<String, BTreeSet<String>>,
}

/// What becoming manager of an organisation gives to those of the manager who hold the right roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Managing {
    /// Over each organisation that is managed.
    pub managed: PermissionSet,
    /// Over the country, once there is one.
    pub country: PermissionSet,
}

/// Everything about the world that one decision needs. What an action does not ask for is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The person or service acted upon.
    pub target: Option<TargetFacts>,
    /// What else that service is.
    pub service: ServiceFacts,
    /// The organisation named in the action.
    pub organisation: Option<OrganisationFacts>,
    /// Where something is moved to.
    pub destination: Option<OrganisationFacts>,
    /// The organisation that is to manage the one named in the action.
    pub manager: Option<OrganisationFacts>,
    /// What roles of the profile carry over what the organisation of their holder manages, and over its country (D13).
    pub managing: Managing,
    /// The application of the group named in the action.
    pub application: Option<ApplicationId>,
    /// Who of those that hold a role would come into that group by way of another one.
    pub gaining: Vec<PrincipalId>,
    /// How the person's home stands to the module of that application (D2).
    pub module: Standing,
    /// The coordinators named in the action, as far as they exist.
    pub coordinators: Vec<OrganisationFacts>,
    /// The organisations whose people are written to, as far as they exist.
    pub audience: Vec<OrganisationFacts>,
    /// The assignment named in the action.
    pub assignment: Option<AssignmentFacts>,
    /// All that a deputy would be lent, part by part.
    pub lent: Vec<Assignment>,
    /// Who asked for the change of address or number that waits; nobody if none does. Of a registration the applicant, and whoever has
    /// validated it already.
    pub proposed_by: Vec<PrincipalId>,
    /// The project named in the action, or the one that the assignment named is about.
    pub project: Option<ProjectFacts>,
    /// The definition of the role named in the action.
    pub role: Option<RoleDefinition>,
}

impl Facts {
    /// The organisations that it is about.
    pub(super) fn places(&self) -> impl Iterator<Item = &OrganisationPath> {
        let target = self.target.iter().map(|target| &target.home.path);
        let named = [&self.organisation, &self.destination, &self.manager];
        let named = named.into_iter().flatten().map(|place| &place.path);
        target.chain(named).chain(self.assignment.iter().map(|assignment| &assignment.anchor))
    }
}
