//! Role definitions: data, loaded from a profile and checked as a whole by `delegation::profile`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::permission::PermissionSet;

/// What an assignment of a role is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleScope {
    /// The whole installation.
    System,
    /// Organisations.
    Organisation,
    /// Organisations and applications.
    OrganisationAndApplications,
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
}

/// All roles of the profile, by code.
#[derive(Clone, Debug, Default)]
pub struct Roles(Arc<BTreeMap<String, RoleDefinition>>);

impl Roles {
    /// From definitions that have been checked.
    pub fn new(definitions: impl IntoIterator<Item = RoleDefinition>) -> Self {
        Self(Arc::new(definitions.into_iter().map(|role| (role.code.clone(), role)).collect()))
    }

    /// One role.
    pub fn get(&self, code: &str) -> Option<&RoleDefinition> {
        self.0.get(code)
    }

    /// All roles in the order of their codes.
    pub fn iter(&self) -> impl Iterator<Item = &RoleDefinition> {
        self.0.values()
    }
}
