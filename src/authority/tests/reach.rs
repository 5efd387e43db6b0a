//! The reach of a list against its definition: sets of nodes.

use std::collections::BTreeSet;

use super::world::{Dice, PARENTS, organisation as at, path};
use crate::authority::Extent;
use crate::authority::reach::{Paths, Reach};

fn all_paths() -> Paths {
    (0..PARENTS.len()).map(|n| (at(n), path(n).ids().to_vec())).collect()
}

/// The nodes of an extent, by the definition.
fn members(extent: Extent) -> BTreeSet<usize> {
    (0..PARENTS.len()).filter(|n| extent.covers(&path(*n))).collect()
}

fn some_extent(dice: &mut Dice) -> Extent {
    let id = at(dice.below(PARENTS.len()));
    if dice.one_in(9) {
        Extent::Everywhere
    } else if dice.one_in(4) {
        Extent::Country(id)
    } else if dice.one_in(3) {
        Extent::Only(id)
    } else {
        Extent::Subtree(id)
    }
}

/// D8: for random scopes and chosen levels the reach is exactly the intersection, and nothing in it twice.
#[test]
fn a_reach_is_the_intersection_of_scope_and_level_without_overlaps() {
    let (mut dice, paths) = (Dice::new(11), all_paths());
    let (mut partial, mut empty) = (0, 0);
    for _ in 0..20_000 {
        let count = dice.below(5);
        let mine: Vec<Extent> = (0..count).map(|_| some_extent(&mut dice)).collect();
        let chosen = some_extent(&mut dice);
        let expected: BTreeSet<usize> =
            mine.iter().flat_map(|extent| members(*extent)).filter(|n| chosen.covers(&path(*n))).collect();
        let reach = Reach::resolve(&mine, chosen, &paths);
        let parts = if reach.everywhere { vec![Extent::Everywhere] } else { Vec::new() };
        let parts = parts.into_iter().chain(reach.subtrees.iter().map(|id| Extent::Subtree(*id)));
        let listed: Vec<usize> =
            parts.chain(reach.nodes.iter().map(|id| Extent::Only(*id))).flat_map(members).collect();
        assert_eq!(listed.len(), expected.len(), "{mine:?} in {chosen:?}: {reach:?}");
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), expected);
        partial += usize::from(!expected.is_empty() && expected.len() < PARENTS.len());
        empty += usize::from(expected.is_empty());
    }
    assert!(partial > 5_000 && empty > 1_000, "{partial} partial, {empty} empty");
}
