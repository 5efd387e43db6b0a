//! All small worlds instead of random ones: every actor with at most one role, every target with at most one, every question.

use std::collections::{BTreeMap, BTreeSet};

use super::differential::{self as ask, Question};
use super::world::{Held, Modules, NOW, Somebody};
use crate::authority::{Decision, decide};
use crate::kernel::time::Timestamp;

/// Places in the tree of `world::PARENTS` that make up a small one: alone, a chain of two and of three, two children.
const SHAPES: &[&[usize]] = &[&[0], &[2, 6], &[0, 1, 2], &[2, 6, 7]];
/// Four more, for `make prove`: a chain of four, and three ways of branching.
const LARGER: &[&[usize]] = &[&[2, 6, 7, 8], &[0, 1, 2, 3], &[1, 3, 4, 5], &[0, 1, 3, 4]];

fn held(role: &'static str, at: usize, below: bool, applications: Option<&[usize]>) -> Held {
    let applications = applications.map(|some| some.iter().copied().collect::<BTreeSet<_>>());
    Held { role, at, below, applications, from: 0, until: None }
}

/// Every role that may be held in such a tree, over one application, over two, and over all.
fn roles(places: &[usize]) -> Vec<Held> {
    let mut all = vec![held("Operator", 0, true, None)];
    for at in places {
        for below in [false, true] {
            all.push(held("DelegatedUserAdmin", *at, below, None));
            all.push(held("ModuleManager", *at, below, Some(&[1])));
            all.push(held("ModuleProposer", *at, below, Some(&[1])));
            if !below {
                all.push(held("Administrator", *at, false, None));
            }
            for some in [Some(&[0][..]), Some(&[0, 1]), None] {
                all.push(held("ApplicationAccessAdmin", *at, below, some));
            }
        }
    }
    all
}

/// Nobody asks for module access; all ask, and everybody holds it, holds it suspended, holds none.
fn standings(places: &[usize]) -> [Modules; 4] {
    let everywhere: BTreeSet<_> = places.iter().flat_map(|at| [0, 1, 2].map(|one| (*at, one))).collect();
    let asking = Modules { asking: BTreeSet::from([0, 1, 2]), ..Modules::default() };
    [
        Modules::default(),
        Modules { active: everywhere.clone(), ..asking.clone() },
        Modules { suspended: everywhere, ..asking.clone() },
        asking,
    ]
}

fn somebody(number: u128, home: usize, held: Option<&Held>) -> Somebody {
    Somebody { number, home, held: held.into_iter().cloned().collect() }
}

fn questions(actor: &Somebody, target: &Somebody, places: &[usize], roles: &[Held]) -> Vec<Question> {
    let mut all = vec![ask::update(actor, target), ask::contact(actor, target)];
    for at in places {
        all.push(ask::create(actor, *at));
        all.push(ask::transfer(actor, target, *at));
    }
    for modules in standings(places) {
        all.extend([0, 1, 2].map(|one| ask::assign(actor, target, one, &modules)));
        all.push(ask::remove(actor, target, 1, &modules));
    }
    for at in places {
        all.push(ask::suspend_module(actor, *at, 1));
        all.push(ask::propose_module(actor, *at, 1));
        all.push(ask::remove_manager(actor, *at, places[0]));
        all.extend(places.iter().map(|manager| ask::add_manager(actor, *at, *manager)));
        all.push(ask::grant_module(actor, *at, 1, &[]));
        all.push(ask::grant_module(actor, *at, 0, &[places[0]]));
    }
    for role in roles {
        all.push(ask::revoke(actor, target, role));
        all.push(ask::grant(actor, target, role));
        let until = Some(NOW + 1);
        all.push(ask::grant(actor, target, &Held { until, ..role.clone() }));
    }
    all
}

type Tally = BTreeMap<&'static str, (usize, usize)>;

fn compare(places: &[usize], tally: &mut Tally) {
    let roles = roles(places);
    let none_or_one = || std::iter::once(None).chain(roles.iter().map(Some));
    for mine in none_or_one() {
        let actor = somebody(1, places[0], mine);
        let authority = actor.authority();
        for theirs in none_or_one() {
            // The last one is the actor.
            for home in places.iter().map(Some).chain([None]) {
                let target = home.map_or_else(|| actor.clone(), |home| somebody(2, *home, theirs));
                for question in questions(&actor, &target, places, &roles) {
                    let decision = decide(&authority, &question.action, &question.facts, Timestamp(NOW));
                    let allowed = matches!(decision, Decision::Allow(_));
                    let action = &question.action;
                    assert_eq!(allowed, question.expected, "{decision:?}\n{actor:?}\n{target:?}\n{action:?}");
                    let sums = tally.entry(action.name()).or_default();
                    sums.0 += usize::from(allowed);
                    sums.1 += 1;
                }
            }
        }
    }
}

#[test]
fn decide_agrees_with_the_naive_specification_in_all_small_worlds() {
    let mut tally = Tally::new();
    let larger = std::env::var_os("CHAMBERLAIN_DECISIONS").is_some();
    for places in SHAPES.iter().chain(LARGER.iter().filter(|_| larger)) {
        compare(places, &mut tally);
    }
    for (action, (yes, all)) in &tally {
        assert!(
            yes * 100 > *all && yes < all,
            "{action}: {yes} of {all} were allowed; the comparison would be vacuous"
        );
    }
    assert!(tally.values().map(|(_, all)| all).sum::<usize>() > 100_000, "{tally:?}");
}
