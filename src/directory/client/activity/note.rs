//! What is noted while requests are answered: in memory and bounded; nothing of it waits for the database.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::model::{Habit, KEPT, Request};
use crate::kernel::ids::ClientId;
use crate::kernel::time::Timestamp;

/// How seldom the last use of a client is written.
pub const USE_EVERY: Duration = Duration::from_mins(1);

/// Most clients of which something waits, or whose last use is remembered (IN-11).
const MOST: usize = 5_000;

/// What waits to be written about one client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// When it was here, if that has to be written.
    pub used_at: Option<Timestamp>,
    /// The newest requests, the oldest first.
    pub requests: VecDeque<Request>,
    /// What was tolerated: in how many requests, and when last.
    pub habits: BTreeMap<Habit, (i64, Timestamp)>,
}

#[derive(Debug, Default)]
struct Waiting {
    noted: HashMap<ClientId, Noted>,
    /// Which last use was given out to be written.
    used: HashMap<ClientId, Timestamp>,
    /// When somebody was last turned away, by the status.
    turned: HashMap<(ClientId, u16), Timestamp>,
}

/// Notes what clients do; of this node. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Activity(Arc<Mutex<Waiting>>);

impl Activity {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // A note that was half made is still a note.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client was here.
    pub fn used(&self, client: ClientId, now: Timestamp) {
        let mut waiting = self.waiting();
        if waiting.used.get(&client).is_some_and(|last| now.since(*last) < USE_EVERY) {
            return;
        }
        if waiting.used.len() >= MOST {
            // Whoever comes back is written once more.
            waiting.used.clear();
        }
        waiting.used.insert(client, now);
        if let Some(noted) = waiting.of(client) {
            noted.used_at = Some(now);
        }
    }

    /// A request of a client was turned away before it was looked at: noted once a minute, so that the list is not full of it.
    pub fn turned_away(&self, client: ClientId, request: Request) {
        let mut waiting = self.waiting();
        let key = (client, request.status);
        if waiting.turned.get(&key).is_some_and(|last| request.at.since(*last) < USE_EVERY) {
            return;
        }
        if waiting.turned.len() >= MOST {
            waiting.turned.clear();
        }
        waiting.turned.insert(key, request.at);
        drop(waiting);
        self.answered(client, request, std::iter::empty());
    }

    /// A request was answered, and these habits were met in it.
    pub fn answered(&self, client: ClientId, request: Request, habits: impl Iterator<Item = Habit>) {
        let mut waiting = self.waiting();
        let Some(noted) = waiting.of(client) else { return };
        for habit in habits {
            let met = noted.habits.entry(habit).or_insert((0, request.at));
            *met = (met.0.saturating_add(1), met.1.max(request.at));
        }
        if noted.requests.len() >= KEPT {
            // No more are kept of it anyway.
            noted.requests.pop_front();
        }
        noted.requests.push_back(request);
    }

    /// Gives out what waits, to be written.
    pub fn take(&self) -> HashMap<ClientId, Noted> {
        mem::take(&mut self.waiting().noted)
    }
}

impl Waiting {
    fn of(&mut self, client: ClientId) -> Option<&mut Noted> {
        if self.noted.len() >= MOST && !self.noted.contains_key(&client) {
            return None;
        }
        Some(self.noted.entry(client).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn request(at: i64) -> Request {
        let (method, path) = ("GET".to_owned(), "/Users".to_owned());
        Request { at: Timestamp(at), method, path, status: 200, scim_type: None, micros: 1, bytes: Some(2) }
    }

    /// IN-11: however many requests and clients there are, what waits is bounded; the newest wait.
    #[test]
    fn in_11_what_waits_to_be_written_is_bounded() {
        let activity = Activity::default();
        let one = ClientId(Uuid::from_u128(0));
        for at in 0..2_000 {
            activity.answered(one, request(at), [Habit::BooleanText].into_iter());
        }
        for n in 1..20_000 {
            activity.used(ClientId(Uuid::from_u128(n)), Timestamp(0));
        }
        assert!(activity.waiting().used.len() <= MOST);
        let noted = activity.take();
        assert!(noted.len() <= MOST && activity.take().is_empty());
        let kept = &noted[&one];
        assert_eq!(
            (kept.requests.len(), kept.requests.front(), kept.requests.back()),
            (KEPT, Some(&request(1_500)), Some(&request(1_999)))
        );
        assert_eq!(kept.habits[&Habit::BooleanText], (2_000, Timestamp(1_999)));
    }

    /// The last use is given out to be written at most once a minute, not at each request.
    #[test]
    fn the_last_use_is_written_once_a_minute() {
        let activity = Activity::default();
        let one = ClientId(Uuid::from_u128(0));
        let begin = Timestamp(1_795_424_400_000_000);
        let given = |after: u64| {
            let at = begin.plus(Duration::from_secs(after));
            activity.used(one, at);
            activity.take().remove(&one).and_then(|noted| noted.used_at) == Some(at)
        };
        assert_eq!([0, 1, 59, 60, 61, 119, 120].map(given), [true, false, false, true, false, false, true]);
    }
}
