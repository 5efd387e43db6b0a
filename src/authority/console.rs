//! What whoever sits at the console may do.

use super::model::{Applications, Assignment, Authority, Extent};
use super::permission::{Permission, PermissionSet};
use super::role::Roles;
use crate::kernel::ids::{PrincipalId, RoleAssignmentId};
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

/// Whoever can start the program on the server owns its database; the same decision judges and records it.
pub(super) fn console(roles: &Roles) -> Authority {
    let all = Assignment {
        id: RoleAssignmentId(uuid::Uuid::nil()),
        role: "Operator".to_owned(),
        permissions: Permission::ALL.iter().copied().collect::<PermissionSet>(),
        extent: Extent::Everywhere,
        anchor: None,
        applications: Applications::All,
        project: None,
        from: Timestamp(i64::MIN),
        until: None,
        on_behalf_of: None,
        second_factor: Strength::Any,
        is_too_weak: false,
        lacks: None,
    };
    Authority { principal: PrincipalId::Console, assignments: vec![all], looks_up: roles.directory().is_some() }
}
