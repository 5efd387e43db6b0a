//! What the access token of a request is limited to: OAuth scopes, and details of what was granted (RFC 9396). A token narrows
//! what its holder may do; it never widens it (`delegation.md` §3).

use serde::{Deserialize, Serialize};

use super::ids::{ApplicationId, OrganisationId};

/// The one type of authorization details (RFC 9396 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DetailKind {
    /// Part of what a delegate may do.
    #[serde(rename = "delegated_administration")]
    DelegatedAdministration,
}

/// Part of what somebody may do, as it is asked for and as it is granted (RFC 9396 §2). Unknown members are an error (§5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// Always the same.
    #[serde(rename = "type")]
    pub kind: DetailKind,
    /// What: names of scopes, such as `users:read`.
    pub actions: Vec<String>,
    /// Where: nodes of the tree of organisations; wherever it is held if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<OrganisationId>>,
    /// And all below them.
    #[serde(default)]
    pub include_sub_levels: bool,
    /// For which applications; for all that it is held for if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applications: Option<Vec<ApplicationId>>,
}

/// All that a token is limited to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Its scopes.
    pub scopes: Vec<String>,
    /// Where there are any, nothing is left but what one of them names and a scope carries as well.
    pub details: Vec<Detail>,
}

impl Limits {
    /// Limited by scopes alone.
    pub fn of_scopes(scopes: &[&str]) -> Self {
        Self { scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(), details: Vec::new() }
    }
}
