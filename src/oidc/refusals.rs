//! Refused token requests in the audit log (the refusal contract of the catalogue of abuse cases): each by itself while
//! they are few; of a flood only every doubling, with how many there were, so that nobody fills the log by asking.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use quick_cache::sync::Cache;
use serde_json::json;

use super::error::OAuthError;
use super::state::Oidc;
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx, transact};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::ClientId;
use crate::kernel::time::Timestamp;
use crate::web::RequestInfo;

/// Over how long refusals are counted together.
const WINDOW: Duration = Duration::from_hours(1);

/// How many of one client and one reason are recorded one by one within it.
const SINGLY: u64 = 10;

/// Most pairs of client and reason that are remembered (IN-11).
const MOST: usize = 10_000;

/// Why a token request was refused.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What the client is told.
    pub(super) error: OAuthError,
    /// Whom it concerns; `None` where there is no client of that name.
    client: Option<ClientId>,
    /// For the log only.
    reason: &'static str,
    /// Recorded already, in the transaction in which it changed something.
    recorded: bool,
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        let reason = match &error {
            OAuthError::InvalidGrant(reason) | OAuthError::InvalidRequest(reason) => reason,
            other => other.code(),
        };
        Self { error, client: None, reason, recorded: false }
    }
}

impl From<db::Error> for Refusal {
    fn from(error: db::Error) -> Self {
        OAuthError::from(error).into()
    }
}

impl Refusal {
    /// The client did not prove itself; it is told no more than that.
    pub(super) fn unproved(client: Option<ClientId>, reason: &'static str) -> Self {
        Self { error: OAuthError::InvalidClient, client, reason, recorded: false }
    }

    /// A refusal that [`record`] has recorded.
    pub(super) fn recorded(error: OAuthError) -> Self {
        Self { recorded: true, ..error.into() }
    }

    /// The request of this client.
    #[must_use]
    pub(super) fn of(self, client: ClientId) -> Self {
        Self { client: Some(client), ..self }
    }

    /// The error and the reason, for [`record`].
    pub(super) fn why(&self) -> (&'static str, &'static str) {
        (self.error.code(), self.reason)
    }

    /// Records it unless that has been done, and gives what the client is told. Our own faults are no refusals; what cannot
    /// be recorded is not answered either (CR-10).
    pub(super) async fn settle(self, oidc: &Oidc, info: &RequestInfo) -> OAuthError {
        if self.recorded || self.error.status().is_server_error() {
            return self.error;
        }
        let Some(times) = oidc.refusals.count(self.client, self.reason, info.now) else { return self.error };
        let ctx = info.ctx(&oidc.app, Channel::Oidc);
        let done: db::Result<()> = transact!(oidc.app.db, tx => record(tx, self.client, self.why(), times, &ctx).await);
        done.err().map_or(self.error, OAuthError::from)
    }
}

/// One refusal, the last of so many within the hour.
pub(super) async fn record(
    tx: &mut Tx,
    client: Option<ClientId>,
    (error, reason): (&str, &str),
    times: u64,
    ctx: &Ctx,
) -> db::Result<()> {
    // Of a client that does not exist only that: its name is whatever the sender wrote.
    let subject = Subject::Client(client.unwrap_or(ClientId(uuid::Uuid::nil())));
    let details = json!({ "error": error, "reason": reason, "times": times });
    audit::record(tx, ctx, None, Event::new(Kind::TokenRefused, subject).with(details)).await
}

type Key = (Option<ClientId>, &'static str);
type Window = Arc<Mutex<(Timestamp, u64)>>;

/// How often who was refused for what; of this node, in memory. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Tally(Arc<Cache<Key, Window>>);

impl Default for Tally {
    fn default() -> Self {
        Self(Arc::new(Cache::new(MOST)))
    }
}

impl Tally {
    /// Counts one more; how many there were within the hour, if that is to be recorded.
    fn count(&self, client: Option<ClientId>, reason: &'static str, now: Timestamp) -> Option<u64> {
        let first = || Ok::<_, std::convert::Infallible>(Window::new(Mutex::new((now, 0))));
        let Ok(window) = self.0.get_or_insert_with(&(client, reason), first);
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
        assert_eq!(tally.count(Some(ClientId(uuid::Uuid::nil())), "unknown client", NOW), Some(1), "each client, too");
        assert_eq!(tally.count(None, "unknown client", NOW.plus(WINDOW)), Some(1));
    }

    /// IN-11: the memory of it is bounded.
    #[test]
    fn in_11_the_tally_is_bounded() {
        let tally = Tally::default();
        for n in 0..50_000 {
            tally.count(Some(ClientId(uuid::Uuid::from_u128(n))), "wrong secret", NOW);
        }
        assert!(tally.0.len() <= MOST, "{}", tally.0.len());
    }
}
