//! The SQL of password hashes.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;

statements! {
    FIND = "SELECT hash FROM passwords WHERE user_id = $1";
    SAVE = "INSERT INTO passwords (user_id, hash, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at";
}

/// The hash of a person's password.
pub async fn find(tx: &mut Tx, user: UserId) -> db::Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND).bind(user).fetch_optional(c).await)?)
}

/// Sets or replaces a person's password hash.
pub async fn save(tx: &mut Tx, user: UserId, hash: &str, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE).bind(user).bind(hash).bind(now).execute(c).await.map(drop))?;
    Ok(())
}
