//! All small worlds instead of random ones: every tree, every actor and target with what they may hold, every question.

use std::collections::{BTreeMap, BTreeSet};

use super::differential::{self as ask, Question};
use super::world::{Held, MANAGES, Modules, NOW, PARENTS, Somebody};
use crate::authority::{Decision, decide};
use crate::kernel::time::Timestamp;

/// How many rooted trees there are of one, two, … five places.
const TREES: [usize; 5] = [1, 1, 2, 4, 9];

/// The nearest of these places above a place of the tree of `world::PARENTS`.
fn above(place: usize, among: &[usize]) -> Option<usize> {
    let mut at = PARENTS[place];
    while let Some(one) = at.filter(|one| !among.contains(one)) {
        at = PARENTS[one];
    }
    at
}

/// How a tree of places is branched, whatever the places are.
fn shape(top: usize, among: &[usize]) -> String {
    let mut below: Vec<_> =
        among.iter().filter(|one| above(**one, among) == Some(top)).map(|one| shape(*one, among)).collect();
    below.sort();
    format!("({})", below.concat())
}

/// How many of these places manage another one of them.
fn managing(places: &[usize]) -> usize {
    MANAGES.iter().filter(|(manager, managed)| places.contains(manager) && places.contains(managed)).count()
}

/// One choice of places for every rooted tree of so many: the one with most places that manage each other.
fn trees(count: usize) -> Vec<Vec<usize>> {
    let choices = (0_usize..1 << PARENTS.len()).map(|set| (0..PARENTS.len()).filter(|n| set >> n & 1 == 1).collect());
    let mut found = BTreeMap::<String, Vec<usize>>::new();
    for places in choices.filter(|places: &Vec<usize>| places.len() == count) {
        // The numbers of the tree go from the top to the bottom.
        if places[1..].iter().all(|one| above(*one, &places).is_some()) {
            let known = found.entry(shape(places[0], &places)).or_insert_with(|| places.clone());
            if managing(&places) > managing(known) {
                *known = places;
            }
        }
    }
    found.into_values().collect()
}

fn held(role: &'static str, at: usize, below: bool, applications: Option<&[usize]>) -> Held {
    let applications = applications.map(|some| some.iter().copied().collect::<BTreeSet<_>>());
    Held { role, at, below, applications, from: 0, until: None, lacks: false }
}

/// Every role that may be held in such a tree, over one application, over two, and over all.
fn roles(places: &[usize]) -> Vec<Held> {
    let mut all = vec![held("Operator", 0, true, None)];
    for at in places {
        for below in [false, true] {
            all.push(held("DelegatedUserAdmin", *at, below, None));
            all.push(held("ProvisioningAdmin", *at, below, None));
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

fn questions(actor: &Somebody, target: &Somebody, places: &[usize], roles: &[Held]) -> Vec<Question> {
    let mut all = vec![ask::update(actor, target), ask::contact(actor, target)];
    for at in places {
        all.push(ask::create(actor, *at));
        all.push(ask::transfer(actor, target, *at));
        all.push(ask::make_service(actor, *at));
    }
    all.push(ask::see_service(actor, target));
    all.extend([true, false].map(|is_plain| ask::keep_service(actor, target, is_plain)));
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

/// Everything that somebody may hold: nothing, one role; in the smallest worlds two as well.
fn holdings(roles: &[Held], two: bool) -> Vec<Vec<Held>> {
    let one = roles.iter().map(|role| vec![role.clone()]);
    let mut all: Vec<_> = std::iter::once(Vec::new()).chain(one).collect();
    for (n, first) in roles.iter().enumerate().filter(|_| two) {
        all.extend(roles[n + 1..].iter().map(|second| vec![first.clone(), second.clone()]));
    }
    all
}

fn compare(places: &[usize], two: bool, tally: &mut Tally) {
    let roles = roles(places);
    let (mine, theirs) = (holdings(&roles, two && places.len() < 3), holdings(&roles, false));
    for held in mine {
        let actor = Somebody { number: 1, home: places[0], held };
        let authority = actor.authority();
        for held in &theirs {
            // The last one is the actor.
            for home in places.iter().map(Some).chain([None]) {
                let other = |home: &usize| Somebody { number: 2, home: *home, held: held.clone() };
                let target = home.map_or_else(|| actor.clone(), other);
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
fn every_rooted_tree_of_up_to_five_places_is_among_the_small_worlds() {
    assert_eq!([1, 2, 3, 4, 5].map(|count| trees(count).len()), TREES);
}

/// All trees of up to three places; `make prove` goes to five, and to two roles at once.
#[test]
fn decide_agrees_with_the_naive_specification_in_all_small_worlds() {
    let mut tally = Tally::new();
    let larger = std::env::var_os("CHAMBERLAIN_DECISIONS").is_some();
    for places in (1..=if larger { 5 } else { 3 }).flat_map(trees) {
        compare(&places, larger, &mut tally);
    }
    for (action, (yes, all)) in &tally {
        assert!(
            yes * 100 > *all && yes < all,
            "{action}: {yes} of {all} were allowed; the comparison would be vacuous"
        );
    }
    assert!(tally.values().map(|(_, all)| all).sum::<usize>() > 100_000, "{tally:?}");
}
