//! The SQL of ways to sign in that need no phone.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;

statements! {
    COUNT_WAYS = "SELECT (SELECT COUNT(*) FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL)
        + (SELECT COUNT(*) FROM passkeys WHERE user_id = $1)";
    REMOVE_APPS = "DELETE FROM authenticators WHERE user_id = $1";
    REMOVE_PASSKEYS = "DELETE FROM passkeys WHERE user_id = $1";
}

/// How many apps and passkeys a person has.
pub async fn count_ways(tx: &mut Tx, user: UserId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_WAYS).bind(user).fetch_one(c).await)?)
}

/// Removes all apps and passkeys of a person, confirmed or not; how many there were of either.
pub(super) async fn remove_ways(tx: &mut Tx, user: UserId) -> db::Result<(u64, u64)> {
    let apps = on!(tx, c => sqlx::query(REMOVE_APPS).bind(user).execute(c).await.map(|done| done.rows_affected()))?;
    let keys = on!(tx, c => sqlx::query(REMOVE_PASSKEYS).bind(user).execute(c).await.map(|done| done.rows_affected()))?;
    Ok((apps, keys))
}
