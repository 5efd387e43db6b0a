//! The SQL of password hashes.

use crate::db::{self, Tx, on, statements};
use crate::directory::user;
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;

statements! {
    FIND = "SELECT hash FROM passwords WHERE user_id = $1";
    SAVE = "INSERT INTO passwords (user_id, hash, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at, reminded_days = NULL";
    LIST_USED = "SELECT hash FROM (SELECT hash, changed_at AS at, 0 AS nr FROM passwords WHERE user_id = $1
        UNION ALL SELECT hash, replaced_at AS at, 1 AS nr FROM password_history WHERE user_id = $1) used ORDER BY nr, at DESC, hash LIMIT $2";
    KEEP = "INSERT INTO password_history (user_id, hash, replaced_at) SELECT user_id, hash, $2 FROM passwords WHERE user_id = $1
        ON CONFLICT (user_id, hash) DO NOTHING";
    FORGET = "DELETE FROM password_history WHERE user_id = $1 AND hash NOT IN
        (SELECT h.hash FROM password_history h WHERE h.user_id = $1 ORDER BY h.replaced_at DESC, h.hash LIMIT $2)";
}

/// The hash of a person's password.
pub async fn find(tx: &mut Tx, user: UserId) -> db::Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND).bind(user).fetch_optional(c).await)?)
}

/// Sets or replaces a person's password hash.
pub async fn save(tx: &mut Tx, user: UserId, hash: &str, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE).bind(user).bind(hash).bind(now).execute(c).await.map(drop))?;
    user::store::save_password_changed(tx, user, now).await
}

/// The hashes of the last passwords of a person, the present one first.
pub(super) async fn list_used(tx: &mut Tx, user: UserId, most: u32) -> db::Result<Vec<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_USED).bind(user).bind(i64::from(most)).fetch_all(c).await)?)
}

/// Remembers the present password as a former one, with as many as `most` in all.
pub(super) async fn keep(tx: &mut Tx, user: UserId, most: u32, now: Timestamp) -> db::Result<()> {
    if most > 0 {
        on!(tx, c => sqlx::query(KEEP).bind(user).bind(now).execute(c).await.map(drop))?;
    }
    on!(tx, c => sqlx::query(FORGET).bind(user).bind(i64::from(most)).execute(c).await.map(drop))?;
    Ok(())
}
