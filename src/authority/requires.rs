//! Roles that have effect only together with another one of the same organisation (P22, P23).

use super::model::Assignment;
use super::role::{RoleDefinition, Roles};

/// What is left of assignments of one principal: each that requires others lasts only while they do (D12).
pub(super) fn bound(roles: &Roles, assignments: Vec<Assignment>) -> Vec<Assignment> {
    let asks = |a: &Assignment| roles.get(&a.role).is_some_and(|role| !role.requires.is_empty());
    if !assignments.iter().any(asks) {
        return assignments;
    }
    let bound = assignments.iter().filter_map(|a| match roles.get(&a.role) {
        Some(role) if !role.requires.is_empty() => within(role, a, &assignments),
        _ => Some(a.clone()),
    });
    bound.collect()
}

fn within(role: &RoleDefinition, dependent: &Assignment, all: &[Assignment]) -> Option<Assignment> {
    let mut left = dependent.clone();
    for code in &role.requires {
        let basis = all.iter().filter(|a| a.role == *code && a.project.is_none() && a.anchor == dependent.anchor);
        // Of several the one that lasts longest; no end at all is longest.
        let basis = basis.max_by_key(|a| (a.until.is_none(), a.until))?;
        left.from = left.from.max(basis.from);
        left.until = [left.until, basis.until].into_iter().flatten().min();
    }
    Some(left)
}
