//! Who is at a target: one node at a time.

use std::time::Duration;

use super::outcome::Trouble;
use super::progress_store as store;
use crate::db::{self, Db, transact};
use crate::kernel::ids::ClientId;
use crate::kernel::time::{Clock, Timestamp};

/// How long a target is taken for, and how much of that is left when it is taken for longer: more than any call takes.
const TERM: (Duration, Duration) = (Duration::from_mins(10), Duration::from_mins(5));

/// A target that is ours for the time being.
#[derive(Debug)]
pub(super) struct Lease<'a> {
    db: &'a Db,
    clock: &'a Clock,
    client: ClientId,
    until: Timestamp,
}

impl<'a> Lease<'a> {
    /// Takes a target; `None` if somebody else is at it.
    pub(super) async fn take(db: &'a Db, clock: &'a Clock, client: ClientId) -> db::Result<Option<Self>> {
        let now = clock.now();
        let until = now.plus(TERM.0);
        let taken: db::Result<bool> = transact!(*db, tx => store::save_leased(tx, client, now, until).await);
        Ok(taken?.then_some(Self { db, clock, client, until }))
    }

    /// Before each call: keeps the target while there is something to do.
    pub(super) async fn keep(&mut self) -> Result<(), Trouble> {
        let now = self.clock.now();
        if self.until.since(now) > TERM.1 {
            return Ok(());
        }
        let (client, had, until) = (self.client, self.until, now.plus(TERM.0));
        let kept: db::Result<bool> = transact!(*self.db, tx => store::save_kept(tx, client, (had, until)).await);
        self.until = until;
        if kept? { Ok(()) } else { Err(Trouble::Lost(None)) }
    }

    /// Gives it back.
    pub(super) async fn release(self) -> db::Result<()> {
        transact!(*self.db, tx => store::save_released(tx, self.client, self.until).await)
    }
}
