//! How often who was refused for what, so that nobody fills the log by asking: each refusal is recorded by itself while they
//! are few; of a flood only every doubling, with how many there were.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use quick_cache::sync::Cache;
use uuid::Uuid;

use crate::kernel::time::Timestamp;

/// Over how long refusals are counted together.
const WINDOW: Duration = Duration::from_hours(1);

/// How many of one party and one reason are recorded one by one within it.
const SINGLY: u64 = 10;

/// Most pairs of party and reason that are remembered (IN-11).
const MOST: usize = 10_000;

type Key = (Option<Uuid>, &'static str);
type Window = Arc<Mutex<(Timestamp, u64)>>;

/// Counts refusals; of this node, in memory. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Tally(Arc<Cache<Key, Window>>);

impl Default for Tally {
    fn default() -> Self {
        Self(Arc::new(Cache::new(MOST)))
    }
}

impl Tally {
    /// Counts one more of whoever it concerns, `None` for nobody known; how many there were within the hour, if that is to be
    /// recorded.
    pub fn count(&self, whom: Option<Uuid>, reason: &'static str, now: Timestamp) -> Option<u64> {
        let first = || Ok::<_, std::convert::Infallible>(Window::new(Mutex::new((now, 0))));
        let Ok(window) = self.0.get_or_insert_with(&(whom, reason), first);
        let mut window = window.lock().unwrap_or_else(PoisonError::into_inner);
        if now.since(window.0) >= WINDOW {
            *window = (now, 0);
        }
        window.1 = window.1.saturating_add(1);
        Some(window.1).filter(|count| is_recorded(*count))
    }
}

/// 1 to 10, then 20, 40, 80 and so on.
fn is_recorded(count: u64) -> bool {
    count <= SINGLY || (count.is_multiple_of(SINGLY) && (count / SINGLY).is_power_of_two())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_424_400_000_000);

    #[test]
    fn a_million_refusals_make_few_records_and_the_next_hour_begins_anew() {
        let tally = Tally::default();
        let recorded = (0..1_000_000).filter_map(|_| tally.count(None, "unknown client", NOW)).collect::<Vec<_>>();
        assert_eq!(recorded[..13], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 40, 80]);
        assert_eq!((recorded.len(), recorded.last()), (26, Some(&655_360)));
        assert_eq!(tally.count(None, "wrong secret", NOW), Some(1), "each reason by itself");
        assert_eq!(tally.count(Some(Uuid::nil()), "unknown client", NOW), Some(1), "each party, too");
        assert_eq!(tally.count(None, "unknown client", NOW.plus(WINDOW)), Some(1));
    }

    /// IN-11: the memory of it is bounded.
    #[test]
    fn in_11_the_tally_is_bounded() {
        let tally = Tally::default();
        for n in 0..50_000 {
            tally.count(Some(Uuid::from_u128(n)), "wrong secret", NOW);
        }
        assert!(tally.0.len() <= MOST, "{}", tally.0.len());
    }
}
