//! What only time has ended: accounts, memberships and roles with a date, deletions that became final. It has no effect from that
//! instant, job or no job (D12); here applications are told.

use std::time::Duration;

use crate::db::{self, Db, transact};
use crate::directory::user::lapse_store;
use crate::kernel::time::Timestamp;

use super::store;

/// Looks what has ended since it was looked last; one node does it. A deletion is final `retention` after it.
pub async fn lapse(db: &Db, retention: Duration, now: Timestamp) -> db::Result<()> {
    transact!(*db, tx => {
        let from = store::find_mark(tx, now).await?;
        if from >= now || !store::save_mark(tx, from, now).await? {
            return Ok(());
        }
        store::insert_lapsed(tx, from, now).await?;
        lapse_store::insert_expired(tx, from, now).await?;
        lapse_store::insert_purged(tx, from.minus(retention), now.minus(retention)).await
    })
}
