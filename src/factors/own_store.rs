//! The SQL of ways to sign in that need no phone.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;

statements! {
    COUNT_WAYS = "SELECT (SELECT COUNT(*) FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL)
        + (SELECT COUNT(*) FROM passkeys WHERE user_id = $1)";
}

/// How many apps and passkeys a person has.
pub(super) async fn count_ways(tx: &mut Tx, user: UserId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_WAYS).bind(user).fetch_one(c).await)?)
}
