//! The SQL of browsers in which somebody has signed in before (AU-19). The digest is over account and browser: it tells
//! nothing about either, and is nothing without both (AU-37).

use std::time::Duration;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    IS_KNOWN = "SELECT COUNT(*) FROM known_browsers WHERE digest = $1";
    SAVE = "INSERT INTO known_browsers (digest, user_id, last_used_at) VALUES ($1, $2, $3)
        ON CONFLICT (digest) DO UPDATE SET last_used_at = excluded.last_used_at";
    REMOVE_ALL = "DELETE FROM known_browsers WHERE user_id = $1";
    REMOVE_OLD = "DELETE FROM known_browsers WHERE last_used_at <= $1";
}

/// How long a browser is remembered.
const LASTS: Duration = Duration::from_hours(90 * 24);

/// Account (the digest of the folded address) and browser as one.
pub fn digest(account: &Digest, browser: &Digest) -> Digest {
    Digest::of(&[account.as_bytes(), browser.as_bytes()].concat())
}

/// Whether the owner of the account has signed in with this browser.
pub async fn is_known(tx: &mut Tx, digest: &Digest) -> db::Result<bool> {
    let count: i64 = on!(tx, c => sqlx::query_scalar(IS_KNOWN).bind(digest.as_bytes()).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Remembers it, after a complete sign-in.
pub async fn save(tx: &mut Tx, digest: &Digest, user: UserId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE).bind(digest.as_bytes()).bind(user).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets all of a person's browsers: after a new password.
pub async fn remove_all(tx: &mut Tx, user: UserId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_ALL).bind(user).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets browsers that were not used for long.
pub async fn remove_old(tx: &mut Tx, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(now.minus(LASTS)).execute(c).await.map(drop))?;
    Ok(())
}
