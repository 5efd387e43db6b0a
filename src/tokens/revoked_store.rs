//! The SQL of access tokens that were taken back.

use crate::db::{self, Tx, on, statements};
use crate::kernel::time::Timestamp;

statements! {
    INSERT = "INSERT INTO revoked_access_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO NOTHING";
    HAS = "SELECT EXISTS (SELECT 1 FROM revoked_access_tokens WHERE jti = $1)";
    PURGE = "DELETE FROM revoked_access_tokens WHERE expires_at < $1";
}

/// Takes a token back; `false` if that was done before.
pub async fn insert(tx: &mut Tx, jti: &str, expires_at: Timestamp) -> db::Result<bool> {
    let done =
        on!(tx, c => sqlx::query(INSERT).bind(jti).bind(expires_at).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}

/// Whether a token was taken back.
pub async fn has(tx: &mut Tx, jti: &str) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query_scalar(HAS).bind(jti).fetch_one(c).await)?)
}

/// Forgets tokens that would have expired before `before` anyway.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGE).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
