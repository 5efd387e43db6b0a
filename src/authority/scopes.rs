//! What the OAuth scopes of our own APIs leave of an authority. A token narrows; it never widens (`delegation.md` §3).

use super::model::Authority;
use super::permission::{Permission as P, PermissionSet};
use crate::kernel::time::Timestamp;

/// The scopes of our own APIs with the permissions that each leaves.
pub const SCOPES: &[(&str, &[P])] = &[
    ("users:read", &[P::UserRead, P::UserReadContact]),
    (
        "users:write",
        &[P::UserRead, P::UserReadContact, P::UserCreate, P::UserUpdate, P::UserDelete, P::UserResetCredentials],
    ),
    ("memberships:read", &[P::UserRead, P::MembershipRead]),
    ("memberships:write", &[P::UserRead, P::MembershipRead, P::MembershipAssign]),
    ("groups:write", &[P::MembershipRead, P::GroupManage]),
    ("roles:read", &[P::RoleRead, P::ProjectRead]),
    ("roles:write", &[P::RoleRead, P::ProjectRead, P::RoleGrant, P::RoleConfirm]),
    ("organisations:read", &[P::OrganisationRead]),
    ("organisations:write", &[P::OrganisationRead, P::OrganisationCreate, P::OrganisationUpdate]),
    ("modules:write", &[P::OrganisationRead, P::ModuleManage]),
    ("audit:read", &[P::AuditRead]),
    (
        "scim",
        &[
            P::UserRead,
            P::UserReadContact,
            P::UserCreate,
            P::UserUpdate,
            P::UserDelete,
            P::MembershipRead,
            P::MembershipAssign,
            P::GroupManage,
            P::RoleRead,
            P::OrganisationRead,
        ],
    ),
];

/// What a detail of a token may name as an action (RFC 9396): every scope but the one that is a bundle of others.
pub fn is_action(name: &str) -> bool {
    name != "scim" && SCOPES.iter().any(|(scope, _)| *scope == name)
}

/// What an action is about: the changes that it carries, or what it reads if it carries none. Whoever holds nothing of that does
/// not hold the action, though they may see what comes with it.
pub fn core_of(action: &str) -> PermissionSet {
    let all = permissions_of_scopes(&[action.to_owned()]);
    let changes: PermissionSet = all.iter().filter(|permission| !permission.is_reading()).collect();
    if changes.is_empty() { all } else { changes }
}

/// Whether somebody holds what an action is about, anywhere; for forms, never a decision.
pub fn is_held(authority: &Authority, action: &str, now: Timestamp) -> bool {
    let core = core_of(action);
    authority.live(now).any(|assignment| !assignment.permissions.intersection(core).is_empty())
}

/// The actions that a detail may name.
pub fn actions() -> impl Iterator<Item = &'static str> {
    SCOPES.iter().map(|(scope, _)| *scope).filter(|scope| is_action(scope))
}

/// The scopes of a token with details: those that let something of the granted actions through, the narrowest that do (a client
/// that is registered for `users:write` alone reads by it). What is no scope of ours stays.
pub fn scopes_of_actions<'a>(scopes: &[&'a str], actions: &[&str]) -> Vec<&'a str> {
    let permissions = |name: &str| permissions_of_scopes(&[name.to_owned()]);
    let wanted = |scope: &str| {
        let unnamed = actions.iter().filter(|action| !scopes.contains(action));
        actions.contains(&scope)
            || unnamed.into_iter().any(|action| !permissions(action).intersection(permissions(scope)).is_empty())
    };
    let ours = |scope: &str| SCOPES.iter().any(|(name, _)| *name == scope);
    scopes.iter().copied().filter(|scope| !ours(scope) || wanted(scope)).collect()
}

/// The permissions that a token with these scopes can carry at most; unknown scopes leave nothing.
pub fn permissions_of_scopes(scopes: &[String]) -> PermissionSet {
    let named = SCOPES.iter().filter(|(name, _)| scopes.iter().any(|scope| scope == name));
    named.flat_map(|(_, permissions)| permissions.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9396 §2: a detail names actions that there are, and no bundle.
    #[test]
    fn an_action_is_a_scope_that_there_is() {
        assert!(is_action("users:read") && is_action("audit:read"));
        for other in ["", "scim", "users:rea", "users:read ", "openid", "everything"] {
            assert!(!is_action(other), "{other}");
        }
    }
}
