//! Groups in groups, to the end: who is in which by way of which. Pure.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernel::ids::GroupId;

/// So many groups may stand one in the other.
pub const MOST_DEEP: usize = 8;

/// That one group is in another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nesting {
    /// The group that holds the other one; whoever is in that is in this one as well.
    pub outer: GroupId,
    /// The group in it.
    pub inner: GroupId,
}

/// Why groups cannot stand in each other in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// A group would be in itself, if by way of others.
    Circle,
    /// More than [`MOST_DEEP`] would stand one in the other.
    TooDeep,
}

/// Every pair of a group and one that is in it, directly or by way of others; no group with itself.
pub fn of(nestings: &BTreeSet<Nesting>) -> Result<BTreeSet<Nesting>, Impossible> {
    let mut inner_of: BTreeMap<GroupId, Vec<GroupId>> = BTreeMap::new();
    for nesting in nestings {
        inner_of.entry(nesting.outer).or_default().push(nesting.inner);
    }
    let mut all = BTreeSet::new();
    for outer in inner_of.keys() {
        let mut level: BTreeSet<GroupId> = BTreeSet::from([*outer]);
        for depth in 1.. {
            level = level.iter().filter_map(|group| inner_of.get(group)).flatten().copied().collect();
            if level.is_empty() {
                break;
            }
            // A circle never ends; it is told before the depth is.
            if level.contains(outer) {
                return Err(Impossible::Circle);
            }
            if depth >= MOST_DEEP {
                return Err(if is_circular(&inner_of) { Impossible::Circle } else { Impossible::TooDeep });
            }
            all.extend(level.iter().map(|inner| Nesting { outer: *outer, inner: *inner }));
        }
    }
    Ok(all)
}

/// Whether taking away groups that hold nothing any more, again and again, leaves some.
fn is_circular(inner_of: &BTreeMap<GroupId, Vec<GroupId>>) -> bool {
    let mut left = inner_of.clone();
    loop {
        let before = left.len();
        let holding: BTreeSet<GroupId> = left.keys().copied().collect();
        left.retain(|_, inner| inner.iter().any(|group| holding.contains(group)));
        if left.len() == before {
            return before > 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(number: u128) -> GroupId {
        GroupId(uuid::Uuid::from_u128(number))
    }

    fn nestings(pairs: &[(u128, u128)]) -> BTreeSet<Nesting> {
        pairs.iter().map(|(outer, inner)| Nesting { outer: group(*outer), inner: group(*inner) }).collect()
    }

    #[test]
    fn whoever_is_within_is_within_all_around() {
        assert_eq!(of(&nestings(&[])), Ok(nestings(&[])));
        assert_eq!(of(&nestings(&[(1, 2), (2, 3)])), Ok(nestings(&[(1, 2), (2, 3), (1, 3)])));
        let two_ways = nestings(&[(1, 2), (1, 3), (2, 4), (3, 4)]);
        assert_eq!(of(&two_ways), Ok(nestings(&[(1, 2), (1, 3), (1, 4), (2, 4), (3, 4)])));
    }

    #[test]
    fn no_group_is_in_itself_by_whatever_way() {
        for pairs in [&[(1, 1)][..], &[(1, 2), (2, 1)], &[(1, 2), (2, 3), (3, 1)], &[(9, 1), (1, 2), (2, 3), (3, 1)]] {
            assert_eq!(of(&nestings(pairs)), Err(Impossible::Circle), "{pairs:?}");
        }
        let chain: Vec<(u128, u128)> = (0..20).map(|n| (n, (n + 1) % 20)).collect();
        assert_eq!(of(&nestings(&chain)), Err(Impossible::Circle), "longer than may be, and a circle all the same");
    }

    #[test]
    fn not_more_stand_one_in_the_other_than_may() {
        let chain = |length: u128| -> Vec<(u128, u128)> { (1..length).map(|n| (n, n + 1)).collect() };
        assert!(of(&nestings(&chain(8))).is_ok());
        assert_eq!(of(&nestings(&chain(9))), Err(Impossible::TooDeep));
    }
}
