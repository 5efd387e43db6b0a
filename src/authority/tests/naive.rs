//! The specification: who reaches what, by enumerating every organisation and application, now and to come.

use std::collections::BTreeSet;

use super::world::{APPLICATIONS, Held, Modules, NOW, PARENTS, Somebody, permissions_of};
use crate::authority::permission::Permission;

/// Organisation numbers from here on stand for a child that may be added below number − `TO_COME` later.
const TO_COME: usize = 100;

/// What belongs to no organisation: only roles of scope `system` reach it.
const INSTALLATION: usize = 1_000;

/// The application that may be added later.
const NEW_APPLICATION: usize = 100;

/// All organisations that an assignment reaches, those to come included.
fn organisations(held: &Held) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    for candidate in 0..PARENTS.len() {
        let mut at = candidate;
        let mut inside = held.role == "Operator" || at == held.at;
        while let Some(parent) = PARENTS[at] {
            at = parent;
            inside = inside || (held.below && at == held.at);
        }
        if inside {
            reached.insert(candidate);
            if held.below || held.role == "Operator" {
                reached.insert(TO_COME + candidate);
            }
        }
    }
    if held.role == "Operator" {
        reached.insert(INSTALLATION);
    }
    reached
}

fn applications(held: &Held) -> BTreeSet<usize> {
    held.applications.clone().unwrap_or_else(|| (0..APPLICATIONS).chain([NEW_APPLICATION]).collect())
}

fn live(held: &Held) -> bool {
    held.from <= NOW && held.until.is_none_or(|end| end > NOW)
}

fn carrying(somebody: &Somebody, permission: Permission) -> Vec<&Held> {
    somebody.held.iter().filter(|held| live(held) && permissions_of(held.role).contains(&permission)).collect()
}

/// Whether one assignment carries the permission over an organisation (and an application, if one is asked for).
pub(super) fn reaches(
    actor: &Somebody,
    permission: Permission,
    organisation: usize,
    application: Option<usize>,
) -> bool {
    carrying(actor, permission).iter().any(|held| {
        organisations(held).contains(&organisation) && application.is_none_or(|one| applications(held).contains(&one))
    })
}

/// D5: something that the target holds (or will hold) reaches further than each assignment of the actor.
pub(super) fn outranks(
    actor: &Somebody,
    target: &Somebody,
    permission: Permission,
    application: Option<usize>,
) -> bool {
    target.held.iter().filter(|theirs| theirs.until.is_none_or(|end| end > NOW)).any(|theirs| {
        let matters = application.is_none_or(|one| {
            permissions_of(theirs.role).contains(&Permission::MembershipAssign) && applications(theirs).contains(&one)
        });
        matters
            && !carrying(actor, permission).iter().any(|mine| organisations(mine).is_superset(&organisations(theirs)))
    })
}

/// D1, D5.
pub(super) fn may_change(actor: &Somebody, target: &Somebody, permission: Permission) -> bool {
    reaches(actor, permission, target.home, None)
        && actor.number != target.number
        && !outranks(actor, target, permission, None)
}

/// D2, D5; where module access is asked for, the very organisation of the person must hold it, and not suspended.
pub(super) fn may_assign(actor: &Somebody, target: &Somebody, application: usize, modules: &Modules) -> bool {
    let open = !modules.asking.contains(&application) || modules.active.contains(&(target.home, application));
    open && may_remove(actor, target, application)
}

/// D9: giving module access, or giving it back, in the name of somebody who sees whoever is named as coordinator.
pub(super) fn may_grant_module(actor: &Somebody, at: usize, application: usize, coordinators: &[usize]) -> bool {
    may_suspend_module(actor, at, application)
        && coordinators.iter().all(|one| reaches(actor, Permission::OrganisationRead, *one, None))
}

/// D9.
pub(super) fn may_suspend_module(actor: &Somebody, at: usize, application: usize) -> bool {
    reaches(actor, Permission::ModuleManage, at, Some(application))
}

/// I72: whoever grants may propose.
pub(super) fn may_propose_module(actor: &Somebody, at: usize, application: usize) -> bool {
    may_suspend_module(actor, at, application) || reaches(actor, Permission::ModulePropose, at, Some(application))
}

/// D2, D5: nothing stands in the way of taking away.
pub(super) fn may_remove(actor: &Somebody, target: &Somebody, application: usize) -> bool {
    reaches(actor, Permission::MembershipAssign, target.home, Some(application))
        && actor.number != target.number
        && !outranks(actor, target, Permission::MembershipAssign, Some(application))
}

/// D3, D4: one assignment of the same role (or of the operator) is at least as wide as what is granted, lasts as long, and
/// reaches the person.
pub(super) fn may_grant(actor: &Somebody, target: &Somebody, granted: &Held) -> bool {
    let wide_enough = carrying(actor, Permission::RoleGrant).iter().any(|mine| {
        (mine.role == granted.role || mine.role == "Operator")
            && organisations(mine).is_superset(&organisations(granted))
            && applications(mine).is_superset(&applications(granted))
            && organisations(mine).contains(&target.home)
            && mine.until.is_none_or(|end| granted.until.is_some_and(|given| given <= end))
    });
    wide_enough && actor.number != target.number && !outranks(actor, target, Permission::RoleGrant, None)
}

/// D3 for taking away.
pub(super) fn may_revoke(actor: &Somebody, target: &Somebody, revoked: &Held) -> bool {
    let wide_enough = carrying(actor, Permission::RoleGrant).iter().any(|mine| {
        (mine.role == revoked.role || mine.role == "Operator")
            && organisations(mine).is_superset(&organisations(revoked))
            && applications(mine).is_superset(&applications(revoked))
    });
    wide_enough
        && actor.number != target.number
        && reaches(actor, Permission::RoleGrant, target.home, None)
        && !outranks(actor, target, Permission::RoleGrant, None)
}
