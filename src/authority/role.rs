//! Role definitions: data, loaded from a profile and checked as a whole by `delegation::profile`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::facts::Managing;
use super::permission::PermissionSet;
use crate::agreements::InForce;
use crate::kernel::labels::Labels;
use crate::kernel::strength::Strength;

/// What an assignment of a role is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleScope {
    /// The whole installation.
    System,
    /// Organisations.
    Organisation,
    /// Organisations and applications.
    OrganisationAndApplications,
    /// A project, on behalf of the organisation that coordinates it (P25, P34).
    Project,
    /// A project, on behalf of one organisation that takes part (P40).
    ProjectAndOrganisation,
}

impl RoleScope {
    /// Whether its assignments are about a project.
    pub fn is_of_project(self) -> bool {
        matches!(self, Self::Project | Self::ProjectAndOrganisation)
    }
}

/// Whether an assignment may reach below its node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubLevels {
    /// The grantor chooses.
    Allowed,
    /// It always does.
    Always,
    /// It never does.
    Never,
}

/// How a grantor must stand to what is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The grantor's assignment is anchored at the same organisation.
    SameOrganisation,
    /// The grantor's scope contains the granted scope.
    Covering,
    /// The grantor's assignment is in the same project, for whichever organisation (P31).
    SameProject,
    /// The grantor's assignment is in the same project for the same organisation (P29, P37, P44).
    SameProjectAndOrganisation,
    /// No relation asked.
    Any,
}

/// Who must confirm a grant before it has effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// Nobody.
    None,
    /// The operator, when nobody holds the role in that scope yet.
    FirstInScope,
    /// The operator, always; never the proposer (D11).
    Always,
}

/// Who may grant or revoke: holders of a role that stand in a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRule {
    /// The code of the grantor's role.
    pub role: String,
    /// How it must stand to the granted scope.
    pub relation: Relation,
}

/// One role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDefinition {
    /// `DelegatedUserAdmin` …; also the value in the `roles` claim.
    pub code: String,
    /// What its assignments are about.
    pub scope: RoleScope,
    /// What a holder may do inside the scope.
    pub permissions: PermissionSet,
    /// What a holder may do over every organisation that the one of the scope manages (I07).
    pub managed_permissions: PermissionSet,
    /// What a holder may do over the whole country, once the one of the scope manages any (I42).
    pub country_permissions: PermissionSet,
    /// Whether it reaches below its node.
    pub sub_levels: SubLevels,
    /// Who may grant it.
    pub granted_by: Vec<GrantRule>,
    /// Who may revoke it.
    pub revoked_by: Vec<GrantRule>,
    /// Fewest holders per scope once there is one (D6).
    pub min: u32,
    /// Most holders per scope.
    pub max: Option<u32>,
    /// Who must confirm.
    pub confirmation: Confirmation,
    /// Roles that one person may not hold together with it in one scope.
    pub separation_of_duties: Vec<String>,
    /// Given by naming an e-mail address, to whoever owns it and accepts (P17, P18), wherever that person is at home.
    pub nominated: bool,
    /// Roles of the same organisation that must be held for it to be given and to have effect (P22, P23).
    pub requires: Vec<String>,
    /// It ends with the role by which it was handed on (I02), as what requires a role ends with that.
    pub ends_with_grantor: bool,
    /// It carries nothing by itself; it is what another role requires (P21, P72).
    pub dormant: bool,
    /// Who may ask for its revocation without being able to revoke (P60, P68).
    pub revocation_requests_by: Vec<GrantRule>,
    /// Given by itself to the first person of an organisation, as far as whoever creates that person may give it (I19).
    pub first_user: bool,
    /// Whoever holds it at an organisation gets all groups of a module that is granted to that organisation (I29, I55).
    pub auto_groups: bool,
    /// Its holders may let somebody stand in for them for a while.
    pub deputies: bool,
    /// Whoever may give it is asked from time to time whether it is still needed.
    pub recertified: bool,
    /// Terms that each holder accepts before it has effect, for themselves and for every version anew (E17).
    pub terms: Option<InForce>,
    /// How strongly its holders have to prove who they are for it to have effect.
    pub second_factor: Strength,
    /// What pages say of it; nothing where the profile says nothing.
    pub texts: Labels,
    /// What it stands for in applications, in their words (P27, P28, P42); told beside the role.
    pub entitlements: Vec<String>,
}

impl RoleDefinition {
    /// The roles whose holders may give it over all that they cover.
    pub(super) fn givers(&self) -> BTreeSet<String> {
        let covering = |rule: &&GrantRule| matches!(rule.relation, Relation::Covering | Relation::Any);
        self.granted_by.iter().filter(covering).map(|rule| rule.role.clone()).collect()
    }
}

/// What the general directory of organisations shows beside names, countries and classes (I43).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectoryRules {
    /// How they are reached.
    pub contact: bool,
    /// The modules that they hold.
    pub applications: bool,
}

/// Roles that something begins with (P15, P32); each is nominated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InitialRoles {
    /// The one of the first user of an organisation, from its validation on.
    pub representative: Option<String>,
    /// The one of the contact person whom a proposal names for a project.
    pub contact: Option<String>,
}

/// All roles of the profile, by code; and what nobody needs a role for.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    definitions: Arc<BTreeMap<String, RoleDefinition>>,
    directory: Option<DirectoryRules>,
    initial: Arc<InitialRoles>,
}

impl Roles {
    /// From definitions that have been checked.
    pub fn new(definitions: impl IntoIterator<Item = RoleDefinition>) -> Self {
        let definitions = definitions.into_iter().map(|role| (role.code.clone(), role)).collect();
        Self { definitions: Arc::new(definitions), directory: None, initial: Arc::default() }
    }

    /// With the general directory of organisations, if there is one.
    #[must_use]
    pub fn with_directory(self, directory: Option<DirectoryRules>) -> Self {
        Self { directory, ..self }
    }

    /// With the roles that organisations and projects begin with.
    #[must_use]
    pub fn with_initial(self, initial: InitialRoles) -> Self {
        Self { initial: Arc::new(initial), ..self }
    }

    /// The roles that organisations and projects begin with.
    pub fn initial(&self) -> &InitialRoles {
        &self.initial
    }

    /// What the general directory of organisations shows; none where there is none (I88).
    pub fn directory(&self) -> Option<DirectoryRules> {
        self.directory
    }

    /// One role.
    pub fn get(&self, code: &str) -> Option<&RoleDefinition> {
        self.definitions.get(code)
    }

    /// What an organisation comes to by managing others: all that any role carries there.
    pub fn managing(&self) -> Managing {
        self.iter().fold(Managing::default(), |all, role| Managing {
            managed: all.managed.union(role.managed_permissions),
            country: all.country.union(role.country_permissions),
        })
    }

    /// Whether organisations manage others at all.
    pub fn has_managers(&self) -> bool {
        !self.managing().managed.is_empty()
    }

    /// All roles in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &RoleDefinition> {
        self.definitions.values()
    }
}
