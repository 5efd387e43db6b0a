//! ∀ worlds and tokens: what a token leaves is exactly what is held and was asked for, and no decision is wider by it.

use std::collections::BTreeSet;

use super::differential::ask;
use super::world::{APPLICATIONS, Dice, NOW, PARENTS, application, organisation, path};
use crate::authority::model::Authority;
use crate::authority::narrow::{Narrowing, Paths, granted};
use crate::authority::permission::Permission;
use crate::authority::scopes::{actions, permissions_of_scopes};
use crate::authority::{Decision, Extent, decide};
use crate::kernel::limits::{Detail, DetailKind, Limits};
use crate::kernel::time::Timestamp;

const WORLDS: usize = 10_000;

fn paths() -> Paths {
    (0..PARENTS.len()).map(|n| (organisation(n), path(n))).collect()
}

fn limits(dice: &mut Dice, near: &[usize]) -> Limits {
    let all: Vec<&str> = actions().collect();
    let some = |dice: &mut Dice, few: usize| -> Vec<String> { (0..few).map(|_| dice.pick(&all).to_owned()).collect() };
    let scopes = if dice.one_in(3) { some(dice, 4) } else { all.iter().map(|name| (*name).to_owned()).collect() };
    let count = dice.below(4);
    let detail = |dice: &mut Dice| Detail {
        kind: DetailKind::DelegatedAdministration,
        actions: if dice.one_in(3) { all.iter().map(|name| (*name).to_owned()).collect() } else { some(dice, 3) },
        levels: (!dice.one_in(4)).then(|| (0..2).map(|_| organisation(dice.pick(near))).collect()),
        include_sub_levels: !dice.one_in(3),
        applications: dice.one_in(3).then(|| dice.some_applications().into_iter().map(application).collect()),
    };
    Limits { scopes, details: (0..count).map(|_| detail(dice)).collect() }
}

/// Every single thing that an authority reaches, one by one: permission, organisation, application.
fn reached(authority: &Authority) -> BTreeSet<(Permission, usize, usize)> {
    let mut all = BTreeSet::new();
    for permission in Permission::ALL {
        for assignment in authority.holding(*permission, Timestamp(NOW)) {
            for at in (0..PARENTS.len()).filter(|at| assignment.extent.covers(&path(*at))) {
                for one in (0..APPLICATIONS).filter(|one| assignment.applications.contains(application(*one))) {
                    all.insert((*permission, at, one));
                }
            }
        }
    }
    all
}

fn asked(limits: &Limits, (permission, at, one): (Permission, usize, usize)) -> bool {
    let by_scope = permissions_of_scopes(&limits.scopes).contains(permission);
    let by = |detail: &Detail| {
        let here = |level| {
            if detail.include_sub_levels { path(at).is_under(level) } else { organisation(at) == level }
        };
        permissions_of_scopes(&detail.actions).contains(permission)
            && detail.levels.as_ref().is_none_or(|levels| levels.iter().any(|level| here(*level)))
            && detail.applications.as_ref().is_none_or(|some| some.contains(&application(one)))
    };
    by_scope && (limits.details.is_empty() || limits.details.iter().any(by))
}

/// D7, SD8 (`delegation.md` §3, last line): effective = held ∩ asked, never more and never less.
#[test]
fn what_a_token_leaves_is_what_is_held_and_was_asked_for() {
    let (mut dice, paths) = (Dice::new(7), paths());
    let (mut kept, mut lost) = (0, 0);
    for _ in 0..WORLDS {
        let actor = dice.somebody(1, 3);
        let near: Vec<usize> = (0..4).map(|_| dice.near(&actor)).collect();
        let limits = limits(&mut dice, &near);
        let held = actor.authority();
        let narrowed = held.narrowed(&Narrowing::of(&limits, &paths));
        let (all, left) = (reached(&held), reached(&narrowed));
        let expected: BTreeSet<_> = all.iter().filter(|one| asked(&limits, **one)).copied().collect();
        assert!(left.is_subset(&expected), "{limits:?}\n{actor:?}");
        // Of what is managed, levels leave less than both have in common.
        if !held.assignments.iter().any(|part| matches!(part.extent, Extent::ManagedBy(_))) {
            assert_eq!(left, expected, "{limits:?}\n{actor:?}");
        }
        kept += usize::from(!left.is_empty());
        lost += usize::from(left.len() < all.len());
    }
    assert!(kept * 4 > WORLDS && lost * 4 > WORLDS, "vacuous: {kept} kept something, {lost} lost something");
}

/// RFC 9396 §7: what is told as granted is inside of what was asked for, and asking for that again changes nothing.
#[test]
fn what_is_granted_is_what_is_held_of_what_was_asked_for() {
    let (mut dice, paths) = (Dice::new(8), paths());
    let mut said = 0;
    for _ in 0..WORLDS {
        let actor = dice.somebody(1, 3);
        let near: Vec<usize> = (0..4).map(|_| dice.near(&actor)).collect();
        let limits = limits(&mut dice, &near);
        if limits.details.is_empty() {
            continue;
        }
        let held = actor.authority();
        let told = granted(&held, &limits.scopes, &limits.details, &paths, Timestamp(NOW));
        let left = reached(&held.narrowed(&Narrowing::of(&limits, &paths)));
        let changes = |(permission, _, _): &&(Permission, usize, usize)| !permission.is_reading();
        if told.is_empty() {
            assert!(!left.iter().any(|one| changes(&one)), "{limits:?}\n{actor:?}");
            continue;
        }
        let again = Limits { details: told.clone(), ..limits.clone() };
        let by_told = reached(&held.narrowed(&Narrowing::of(&again, &paths)));
        assert!(by_told.iter().all(|one| left.contains(one)), "{limits:?}\n{told:?}\n{actor:?}");
        // What comes with an action to read goes with it where nothing can be changed.
        assert!(left.iter().filter(changes).all(|one| by_told.contains(one)), "{limits:?}\n{told:?}\n{actor:?}");
        let twice = granted(&held, &limits.scopes, &told, &paths, Timestamp(NOW));
        let twice = Limits { details: twice, ..limits.clone() };
        assert_eq!(reached(&held.narrowed(&Narrowing::of(&twice, &paths))), by_told, "{limits:?}\n{told:?}\n{actor:?}");
        said += 1;
    }
    assert!(said * 4 > WORLDS, "vacuous: {said}");
}

/// ∀ questions: what is allowed by token is allowed without it. Also where a rule looks at where a right is held, not only at
/// what it reaches.
#[test]
fn a_token_never_widens_a_decision() {
    let (mut dice, paths) = (Dice::new(9), paths());
    let (mut allowed, mut refused) = (0, 0);
    for _ in 0..WORLDS * 3 {
        let actor = dice.somebody(1, 3);
        let mut target = dice.somebody(2, 1);
        target.home = dice.near(&actor);
        let near: Vec<usize> = (0..4).map(|_| dice.near(&actor)).collect();
        let limits = limits(&mut dice, &near);
        let question = ask(&mut dice, &actor, &target);
        let held = actor.authority();
        let narrowed = held.narrowed(&Narrowing::of(&limits, &paths));
        let allows = |authority: &Authority| {
            matches!(decide(authority, &question.action, &question.facts, Timestamp(NOW)), Decision::Allow(_))
        };
        let (with, without) = (allows(&narrowed), allows(&held));
        assert!(!with || without, "{:?}\n{limits:?}\n{actor:?}\n{target:?}", question.action);
        allowed += usize::from(with);
        refused += usize::from(without && !with);
    }
    assert!(
        allowed > WORLDS / 20 && refused > WORLDS / 20,
        "vacuous: {allowed} allowed, {refused} refused by the token"
    );
}
