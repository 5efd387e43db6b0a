//! The SQL of ways to sign in that need no phone.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;
use uuid::Uuid;

statements! {
    COUNT_WAYS = "SELECT (SELECT COUNT(*) FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL)
        + (SELECT COUNT(*) FROM passkeys WHERE user_id = $1)";
    LIST_WAYS = "SELECT id FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL
        UNION ALL SELECT id FROM passkeys WHERE user_id = $1 ORDER BY id";
    FIND_CODES_MADE = "SELECT MAX(created_at) FROM recovery_codes WHERE user_id = $1";
    REMOVE_APPS = "DELETE FROM authenticators WHERE user_id = $1";
    REMOVE_PASSKEYS = "DELETE FROM passkeys WHERE user_id = $1";
}

/// How many apps and passkeys a person has.
pub async fn count_ways(tx: &mut Tx, user: UserId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_WAYS).bind(user).fetch_one(c).await)?)
}

/// The ids of a person's apps and passkeys.
pub(super) async fn list_ways(tx: &mut Tx, user: UserId) -> db::Result<Vec<Uuid>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_WAYS).bind(user).fetch_all(c).await)?)
}

/// When a person's recovery codes were made, used or not.
pub(super) async fn find_codes_made(tx: &mut Tx, user: UserId) -> db::Result<Option<Timestamp>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_CODES_MADE).bind(user).fetch_one(c).await)?)
}

/// Removes all apps and passkeys of a person, confirmed or not; how many there were of either.
pub(super) async fn remove_ways(tx: &mut Tx, user: UserId) -> db::Result<(u64, u64)> {
    let apps = on!(tx, c => sqlx::query(REMOVE_APPS).bind(user).execute(c).await.map(|done| done.rows_affected()))?;
    let keys = on!(tx, c => sqlx::query(REMOVE_PASSKEYS).bind(user).execute(c).await.map(|done| done.rows_affected()))?;
    Ok((apps, keys))
}
