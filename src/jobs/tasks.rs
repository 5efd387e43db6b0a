//! The closed list of tasks. Each is idempotent, and each node may run it at any time.

use std::time::Duration;

use crate::audit;
use crate::db::{self, Db, transact};
use crate::factors::{link_store, phone_store, throttle_store};
use crate::kernel::time::{Clock, Timestamp};
use crate::notify::{Transports, deliver_due, outbox_store};
use crate::sessions::{parked_store, sign_in_store, store as session_store};
use crate::tokens::family_store;

const DAY: Duration = Duration::from_hours(24);

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Send messages that are due.
    Deliver,
    /// Link new lines of the audit log into its chain.
    Seal,
    /// Remove what has expired.
    Purge,
}

/// Does it.
pub async fn run(task: Task, db: &Db, transports: &Transports, clock: &Clock) -> db::Result<()> {
    match task {
        Task::Deliver => deliver_due(db, transports, clock).await.map(drop),
        Task::Seal => {
            while audit::chain::seal(db).await? > 0 {}
            Ok(())
        }
        Task::Purge => purge(db, clock.now()).await,
    }
}

/// Keeps what is over for a day, so that a late answer still finds the page that explains it.
async fn purge(db: &Db, now: Timestamp) -> db::Result<()> {
    let before = now.minus(DAY);
    transact!(db, tx => {
        sign_in_store::remove_old(tx, before).await?;
        session_store::remove_old(tx, before).await?;
        parked_store::remove_old(tx, before).await?;
        link_store::remove_old(tx, before).await?;
        phone_store::remove_old_sends(tx, before).await?;
        throttle_store::remove_old(tx, before).await?;
        family_store::remove_expired(tx, before).await?;
        outbox_store::remove_old(tx, before).await
    })
}
