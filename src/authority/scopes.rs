//! What the OAuth scopes of our own APIs leave of an authority. A token narrows; it never widens (`delegation.md` §3).

use super::permission::{Permission as P, PermissionSet};

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
    ("roles:write", &[P::RoleRead, P::RoleGrant, P::RoleConfirm]),
    ("organisations:read", &[P::OrganisationRead]),
    ("organisations:write", &[P::OrganisationRead, P::OrganisationCreate, P::OrganisationUpdate]),
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

/// The permissions that a token with these scopes can carry at most; unknown scopes leave nothing.
pub fn permissions_of_scopes(scopes: &[String]) -> PermissionSet {
    let named = SCOPES.iter().filter(|(name, _)| scopes.iter().any(|scope| scope == name));
    named.flat_map(|(_, permissions)| permissions.iter().copied()).collect()
}
