//! The SQL of reminders of passwords that expire.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;

statements! {
    LIST_DUE = "SELECT u.id, u.given_name, u.email, u.locale, u.password_changed_at FROM users u JOIN passwords p ON p.user_id = u.id
        WHERE u.deleted_at IS NULL AND u.password_changed_at > $1 AND u.password_changed_at <= $2 AND u.email IS NOT NULL AND u.active
        AND NOT u.blocked AND u.activated_at IS NOT NULL AND (u.account_expires_at IS NULL OR u.account_expires_at > $3)
        AND (p.reminded_days IS NULL OR p.reminded_days > $4) ORDER BY u.password_changed_at, u.id LIMIT $5";
    SAVE = "UPDATE passwords SET reminded_days = $2 WHERE user_id = $1 AND (reminded_days IS NULL OR reminded_days > $2)";
}

/// Somebody whose password expires soon.
#[derive(Debug, sqlx::FromRow)]
pub struct Due {
    /// Their id.
    pub id: UserId,
    /// How to address them.
    pub given_name: String,
    /// Where to write.
    pub email: String,
    /// In which language.
    pub locale: Option<String>,
    /// Since when the password holds.
    pub password_changed_at: Timestamp,
}

/// Whose password was set after `expired` and at `soon` or before, and who was not reminded so many days before its end.
pub async fn list_due(
    tx: &mut Tx,
    (expired, soon): (Timestamp, Timestamp),
    now: Timestamp,
    days: u32,
    limit: i64,
) -> db::Result<Vec<Due>> {
    Ok(
        on!(tx, c => sqlx::query_as(LIST_DUE).bind(expired).bind(soon).bind(now).bind(i64::from(days)).bind(limit).fetch_all(c).await)?,
    )
}

/// Remembers it; `false`: another node was faster.
pub async fn save(tx: &mut Tx, user: UserId, days: u32) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(SAVE).bind(user).bind(i64::from(days)).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}
