//! The SQL of recovery codes.

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    USE_UP = "UPDATE recovery_codes SET used_at = $3 WHERE user_id = $1 AND digest = $2 AND used_at IS NULL";
    COUNT = "SELECT COUNT(*), MAX(created_at) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL";
    REMOVE_ALL = "DELETE FROM recovery_codes WHERE user_id = $1";
}

/// Writes codes.
pub async fn insert_all(tx: &mut Tx, user: UserId, digests: &[Digest], now: Timestamp) -> db::Result<()> {
    on!(tx, c => {
        let mut query = QueryBuilder::new("INSERT INTO recovery_codes (user_id, digest, created_at) ");
        query.push_values(digests, |mut row, digest| {
            row.push_bind(user).push_bind(digest.as_bytes()).push_bind(now);
        });
        query.build().execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Uses a code up; `false` if there is none, or it was used before.
pub async fn use_up(tx: &mut Tx, user: UserId, digest: &Digest, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(USE_UP).bind(user).bind(digest.as_bytes()).bind(now).execute(c).await
        .map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// How many are left, and when they were made.
pub async fn count(tx: &mut Tx, user: UserId) -> db::Result<(u32, Option<Timestamp>)> {
    let (left, made): (i64, Option<Timestamp>) = on!(tx, c => sqlx::query_as(COUNT).bind(user).fetch_one(c).await)?;
    Ok((u32::try_from(left).unwrap_or(0), made))
}

/// Removes every code of a person.
pub async fn remove_all(tx: &mut Tx, user: UserId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_ALL).bind(user).execute(c).await.map(drop))?;
    Ok(())
}
