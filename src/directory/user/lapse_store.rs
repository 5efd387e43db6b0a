//! The SQL of accounts that time has ended: it is written down for those who have to be told (`signals`).

use crate::db::{self, Tx, on, statements};
use crate::kernel::time::Timestamp;

statements! {
    EXPIRED = "INSERT INTO signal_changes (kind, user_id) SELECT 'disabled', id FROM users
        WHERE deleted_at IS NULL AND account_expires_at > $1 AND account_expires_at <= $2";
    PURGED = "INSERT INTO signal_changes (kind, user_id) SELECT 'purged', id FROM users WHERE deleted_at > $1 AND deleted_at <= $2
        AND erased_at IS NULL";
}

/// Writes down which accounts have expired between two instants.
pub async fn insert_expired(tx: &mut Tx, from: Timestamp, to: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(EXPIRED).bind(from).bind(to).execute(c).await.map(drop))?;
    Ok(())
}

/// Writes down who was deleted between two instants, for whom that has become final.
pub async fn insert_purged(tx: &mut Tx, from: Timestamp, to: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGED).bind(from).bind(to).execute(c).await.map(drop))?;
    Ok(())
}
