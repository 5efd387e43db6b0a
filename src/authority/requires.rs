//! Roles that have effect only together with another one of the same organisation (P22, P23).

use super::model::Assignment;
use super::role::{RoleDefinition, Roles};
use crate::kernel::time::Timestamp;

/// What is left of assignments of one principal: each that requires others lasts only while they do, judged like every end at the
/// instant of each decision (D12).
pub(super) fn bound(roles: &Roles, assignments: Vec<Assignment>) -> Vec<Assignment> {
    let asks = |a: &Assignment| roles.get(&a.role).filter(|role| !role.requires.is_empty());
    if !assignments.iter().any(|a| asks(a).is_some()) {
        return assignments;
    }
    let bound = assignments.iter().flat_map(|a| match asks(a) {
        Some(role) => within(role, a, &assignments),
        None => vec![a.clone()],
    });
    bound.collect()
}

/// The times in which everything that is required is held: one for each way of holding it.
fn within(role: &RoleDefinition, dependent: &Assignment, all: &[Assignment]) -> Vec<Assignment> {
    let mut left = vec![dependent.clone()];
    for code in &role.requires {
        let bases = all.iter().filter(|a| a.role == *code && a.project.is_none() && a.anchor == dependent.anchor);
        left = bases.flat_map(|basis| left.iter().filter_map(|a| both(a, basis))).collect();
    }
    left
}

/// The dependent while the basis lasts, too, and once what either of them asks for is accepted.
fn both(dependent: &Assignment, basis: &Assignment) -> Option<Assignment> {
    let from: Timestamp = dependent.from.max(basis.from);
    let until = [dependent.until, basis.until].into_iter().flatten().min();
    let lacks = dependent.lacks.clone().or_else(|| basis.lacks.clone());
    let second_factor = dependent.second_factor.max(basis.second_factor);
    until.is_none_or(|until| from < until).then(|| Assignment {
        from,
        until,
        second_factor,
        lacks,
        ..dependent.clone()
    })
}
