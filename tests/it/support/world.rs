//! The world of one test.

use chamberlain::db::{Db, Options};
use chamberlain::kernel::ctx::{Channel, Ctx};
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::random::Entropy;
use chamberlain::kernel::time::{Clock, Timestamp};

/// When every test begins: 2026-11-23T09:00:00Z.
pub const START: Timestamp = Timestamp(1_795_424_400_000_000);

/// An empty, migrated database, a clock that stands at [`START`] until it is moved, and seeded randomness.
#[derive(Debug, Clone)]
pub struct World {
    /// The database.
    pub db: Db,
    /// How it was opened; open it once more to play a second node (PostgreSQL) or a second process.
    pub options: Options,
    /// The clock.
    pub clock: Clock,
    /// The randomness: the same sequence in every run.
    pub entropy: Entropy,
}

impl World {
    pub(super) fn new(db: Db, options: Options) -> Self {
        Self { db, options, clock: Clock::manual(START), entropy: Entropy::seeded(7) }
    }

    /// A context in which nobody acts.
    pub fn ctx(&self) -> Ctx {
        Ctx::internal(self.clock.now(), self.entropy.clone(), Channel::Job)
    }

    /// A context in which `actor` acts through the portal, with a second factor proved this instant.
    pub fn ctx_of(&self, actor: PrincipalId) -> Ctx {
        let now = self.clock.now();
        let second_factor_at = actor.person().map(|_| now);
        Ctx { second_factor_at, channel: Channel::Portal, ..self.ctx().acting_as(actor) }
    }
}

#[test]
fn the_clock_starts_at_nine_on_the_day_of_the_first_release() {
    assert_eq!(START.to_rfc3339(), "2026-11-23T09:00:00Z");
}
