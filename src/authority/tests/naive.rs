//! The specification: who reaches what, by enumerating every organisation and application, now and to come.

use std::collections::BTreeSet;

use super::world::{
    APPLICATIONS, Held, MANAGES, Modules, NOW, PARENTS, Somebody, country_permissions_of, managed_permissions_of,
    permissions_of,
};
use crate::authority::permission::Permission;

/// Organisation numbers from here on stand for a child that may be added below number − `TO_COME` later.
const TO_COME: usize = 100;

/// Numbers from here on stand for whatever number − `TO_MANAGE` may come to manage later.
const TO_MANAGE: usize = 200;

/// What belongs to no organisation: only roles of scope `system` reach it.
const INSTALLATION: usize = 1_000;

/// The application that may be added later.
const NEW_APPLICATION: usize = 100;

/// A part of what somebody holds: permissions over places.
struct Part<'a> {
    held: &'a Held,
    permissions: Vec<Permission>,
    /// Those to come included.
    places: BTreeSet<usize>,
    /// It is for finding, and no authority over people.
    is_country: bool,
}

fn is_under(node: usize, top: usize) -> bool {
    let mut at = Some(node);
    while let Some(one) = at {
        if one == top {
            return true;
        }
        at = PARENTS[one];
    }
    false
}

/// The node below the root under which an organisation stands.
fn country(of: usize) -> Option<usize> {
    [1, 2].into_iter().find(|top| is_under(of, *top))
}

/// A node with all below it, and all that may come there.
fn tree(top: usize) -> BTreeSet<usize> {
    let mut places = BTreeSet::new();
    for node in (0..PARENTS.len()).filter(|node| is_under(*node, top)) {
        places.extend([node, TO_COME + node]);
    }
    // What somebody may come to manage is somewhere in their country: only who has all of that has it for sure.
    let whole = (0..PARENTS.len()).filter(|node| country(*node).is_some_and(|country| is_under(country, top)));
    places.extend(whole.map(|node| TO_MANAGE + node));
    places
}

fn parts(held: &Held) -> Vec<Part<'_>> {
    let part = |permissions, places, is_country| Part { held, permissions, places, is_country };
    let own = match (held.role, held.below) {
        ("Operator", _) => tree(0).into_iter().chain([INSTALLATION]).collect(),
        (_, true) => tree(held.at),
        (_, false) => BTreeSet::from([held.at]),
    };
    let mut all = vec![part(permissions_of(held.role), own, false)];
    let managed: BTreeSet<usize> =
        MANAGES.iter().filter(|(by, _)| *by == held.at).map(|(_, managed)| *managed).collect();
    if held.role == "Administrator" && !managed.is_empty() {
        let managed = managed.into_iter().chain([TO_MANAGE + held.at]).collect();
        all.push(part(managed_permissions_of(held.role), managed, false));
        all.push(part(country_permissions_of(held.role), tree(country(held.at).unwrap()), true));
    }
    all
}

fn applications(held: &Held) -> BTreeSet<usize> {
    held.applications.clone().unwrap_or_else(|| (0..APPLICATIONS).chain([NEW_APPLICATION]).collect())
}

fn live(held: &Held) -> bool {
    held.from <= NOW && held.until.is_none_or(|end| end > NOW) && !held.lacks
}

fn all_live(somebody: &Somebody) -> Vec<Part<'_>> {
    somebody.held.iter().filter(|held| live(held)).flat_map(parts).collect()
}

fn carrying(somebody: &Somebody, permission: Permission) -> Vec<Part<'_>> {
    all_live(somebody).into_iter().filter(|part| part.permissions.contains(&permission)).collect()
}

/// Whether one assignment carries the permission over an organisation (and an application, if one is asked for).
pub(super) fn reaches(
    actor: &Somebody,
    permission: Permission,
    organisation: usize,
    application: Option<usize>,
) -> bool {
    carrying(actor, permission).iter().any(|part| {
        part.places.contains(&organisation) && application.is_none_or(|one| applications(part.held).contains(&one))
    })
}

/// D5: something that the target holds (or will hold) reaches further than each assignment of the actor.
pub(super) fn outranks(
    actor: &Somebody,
    target: &Somebody,
    permission: Permission,
    application: Option<usize>,
) -> bool {
    let theirs = target.held.iter().filter(|theirs| theirs.until.is_none_or(|end| end > NOW)).flat_map(parts);
    theirs.into_iter().any(|theirs| {
        let matters = application.is_none_or(|one| {
            theirs.permissions.contains(&Permission::MembershipAssign) && applications(theirs.held).contains(&one)
        });
        let within = |mine: &Part<'_>| mine.places.is_superset(&theirs.places);
        let mine = if theirs.is_country {
            let as_much = |mine: &Part<'_>| theirs.permissions.iter().all(|one| mine.permissions.contains(one));
            all_live(actor).into_iter().filter(as_much).collect()
        } else {
            carrying(actor, permission)
        };
        matters && !mine.iter().any(within)
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
    let may = |part: &Part<'_>, reaches: bool| {
        carrying(actor, Permission::RoleGrant).iter().any(|mine| {
            (mine.held.role == granted.role || mine.held.role == "Operator")
                && mine.places.is_superset(&part.places)
                && applications(mine.held).is_superset(&applications(granted))
                && (!reaches || mine.places.contains(&target.home))
                && mine.held.until.is_none_or(|end| granted.until.is_some_and(|given| given <= end))
        })
    };
    // Whoever has what is managed has the country, by the same role.
    let wide_enough =
        parts(granted).iter().enumerate().filter(|(_, part)| !part.is_country).all(|(n, part)| may(part, n == 0));
    wide_enough
        && actor.number != target.number
        && reaches(actor, Permission::RoleGrant, target.home, None)
        && !outranks(actor, target, Permission::RoleGrant, None)
}

/// D3 for taking away.
pub(super) fn may_revoke(actor: &Somebody, target: &Somebody, revoked: &Held) -> bool {
    let own = &parts(revoked)[0].places;
    let wide_enough = carrying(actor, Permission::RoleGrant).iter().any(|mine| {
        (mine.held.role == revoked.role || mine.held.role == "Operator")
            && mine.places.is_superset(own)
            && applications(mine.held).is_superset(&applications(revoked))
    });
    wide_enough
        && actor.number != target.number
        && reaches(actor, Permission::RoleGrant, target.home, None)
        && !outranks(actor, target, Permission::RoleGrant, None)
}

/// I50, I51, D13: whoever adds their own organisation finds the other one in their country; whoever adds any, manages who manages it, and
/// holds all that its people come to hold, for every application and for good. Nobody does it to what stands above the manager (D4).
pub(super) fn may_add_manager(actor: &Somebody, at: usize, manager: usize) -> bool {
    let one_country = country(at).is_some() && country(at) == country(manager) && !tree(at).contains(&manager);
    let own = carrying(actor, Permission::AccessManagerSelfAdd)
        .iter()
        .any(|part| part.places.contains(&at) && part.held.at == manager && part.held.role != "Operator");
    let has = |permission, places: &BTreeSet<usize>| {
        carrying(actor, permission).iter().any(|part| {
            part.places.is_superset(places) && part.held.applications.is_none() && part.held.until.is_none()
        })
    };
    let here = BTreeSet::from([at]);
    let first = !MANAGES.iter().any(|(by, _)| *by == manager);
    let gains = managed_permissions_of("Administrator").into_iter().all(|permission| has(permission, &here))
        && (!first
            || country(manager).is_none_or(|top| {
                country_permissions_of("Administrator").into_iter().all(|permission| has(permission, &tree(top)))
            }));
    let other = reaches(actor, Permission::AccessManagerManage, at, None)
        && reaches(actor, Permission::OrganisationRead, manager, None)
        && gains;
    one_country && (own || other)
}

/// D4, D5, D13: whoever keeps a service acts as it when they like. So each thing that it holds, or will, is within one of theirs by the
/// same role, in what it allows, where, for which applications and for how long; and nothing else is behind it.
pub(super) fn may_keep_service(actor: &Somebody, service: &Somebody, is_plain: bool) -> bool {
    let theirs = service.held.iter().filter(|theirs| theirs.until.is_none_or(|end| end > NOW)).flat_map(parts);
    let mut theirs = theirs.into_iter();
    let within = theirs.all(|theirs| {
        all_live(actor).iter().any(|mine| {
            mine.held.role == theirs.held.role
                && theirs.permissions.iter().all(|one| mine.permissions.contains(one))
                && mine.places.is_superset(&theirs.places)
                && applications(mine.held).is_superset(&applications(theirs.held))
                && mine.held.until.is_none_or(|end| theirs.held.until.is_some_and(|given| given <= end))
        })
    });
    let whole = reaches(actor, Permission::ClientManage, INSTALLATION, None);
    whole || is_plain && within && may_see_service(actor, service)
}

/// D8: services are seen where they are managed.
pub(super) fn may_see_service(actor: &Somebody, service: &Somebody) -> bool {
    reaches(actor, Permission::ServiceManage, service.home, None)
}

/// I51.
pub(super) fn may_remove_manager(actor: &Somebody, at: usize) -> bool {
    reaches(actor, Permission::AccessManagerManage, at, None)
}
