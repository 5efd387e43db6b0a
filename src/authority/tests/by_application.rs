//! ∀ authorities: what is listed by application and place is what is held of both together, and nothing else.

use std::collections::BTreeSet;

use super::world::{APPLICATIONS, Dice, NOW, PARENTS, application, path};
use crate::authority::model::{Applications, Authority};
use crate::authority::{ApplicationScope, Permission, Scope};
use crate::kernel::time::Timestamp;

const WORLDS: usize = 10_000;
const ASKED: [Permission; 2] = [Permission::MembershipRead, Permission::RoleRead];

fn pairs(inside: impl Fn(usize, usize) -> bool) -> BTreeSet<(usize, usize)> {
    let all = (0..PARENTS.len()).flat_map(|at| (0..APPLICATIONS).map(move |one| (at, one)));
    all.filter(|(at, one)| inside(*at, *one)).collect()
}

fn held(authority: &Authority) -> BTreeSet<(usize, usize)> {
    let holding = || ASKED.iter().flat_map(|permission| authority.holding(*permission, Timestamp(NOW)));
    pairs(|at, one| holding().any(|part| part.extent.covers(&path(at)) && part.applications.contains(application(one))))
}

fn listed(scope: &ApplicationScope) -> BTreeSet<(usize, usize)> {
    let has = |(applications, places): &(Applications, Scope), at, one| {
        applications.contains(application(one)) && places.covers(&path(at))
    };
    pairs(|at, one| scope.parts().iter().any(|part| has(part, at, one)))
}

/// D2, D8: no place lends an application to another place.
#[test]
fn what_is_listed_is_what_is_held_of_application_and_place_together() {
    let mut dice = Dice::new(29);
    let (mut apart, mut spanned) = (0, 0);
    for _ in 0..WORLDS {
        let authority = dice.somebody(1, 3).authority();
        let scope = ApplicationScope::of(&authority, &ASKED, Timestamp(NOW));
        let listed = listed(&scope);
        assert_eq!(listed, held(&authority), "{authority:?}");
        let anywhere = scope.applications();
        for one in 0..APPLICATIONS {
            assert_eq!(
                anywhere.contains(application(one)),
                scope.parts().iter().any(|(set, _)| set.contains(application(one)))
            );
        }
        let places = Scope::of(&authority, &ASKED, Timestamp(NOW));
        assert!(scope.is_spanned_by(&places), "of those same places all are inside: {authority:?}");
        let people = Scope::of(&authority, &[Permission::UserCreate], Timestamp(NOW));
        if scope.is_spanned_by(&people) {
            assert!(listed.iter().all(|(at, _)| people.covers(&path(*at))), "{authority:?}");
            spanned += usize::from(!listed.is_empty());
        }
        let product = pairs(|at, one| places.covers(&path(at)) && anywhere.contains(application(one)));
        apart += usize::from(product != listed);
    }
    assert!(apart > 200 && spanned * 20 > WORLDS, "vacuous: {apart} with different places, {spanned} spanned");
    assert_eq!(listed(&ApplicationScope::everything()).len(), PARENTS.len() * APPLICATIONS);
    assert!(listed(&ApplicationScope::nothing()).is_empty());
}
