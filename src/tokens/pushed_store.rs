//! The SQL of pushed authorization requests. Only the digest of what names one is kept.

use serde_json::Value;
use sqlx::types::Json;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::ClientId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    INSERT = "INSERT INTO pushed_requests (digest, client_id, parameters, created_at, expires_at, used_at)
        VALUES ($1, $2, $3, $4, $5, NULL)";
    FIND = "SELECT p.parameters FROM pushed_requests p JOIN clients c ON c.id = p.client_id
        WHERE p.digest = $1 AND c.client_id = $2 AND p.expires_at > $3 AND p.used_at IS NULL";
    USE = "UPDATE pushed_requests SET used_at = $2 WHERE digest = $1 AND used_at IS NULL";
    PURGE = "DELETE FROM pushed_requests WHERE expires_at < $1";
}

/// Adds a request.
pub async fn insert(
    tx: &mut Tx,
    digest: &Digest,
    (client, parameters): (ClientId, &Value),
    (now, end): (Timestamp, Timestamp),
) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(digest.as_bytes()).bind(client).bind(Json(parameters)).bind(now).bind(end)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The request of this client that still waits; nothing for another client's, an old one, one that is used up (OA-18).
pub async fn find(tx: &mut Tx, digest: &Digest, client_id: &str, now: Timestamp) -> db::Result<Option<Value>> {
    let found: Option<Json<Value>> = on!(tx, c => sqlx::query_scalar(FIND)
        .bind(digest.as_bytes()).bind(client_id).bind(now).fetch_optional(c).await)?;
    Ok(found.map(|found| found.0))
}

/// Uses a request up; `false` if somebody did before.
pub async fn save_used(tx: &mut Tx, digest: &Digest, now: Timestamp) -> db::Result<bool> {
    let done =
        on!(tx, c => sqlx::query(USE).bind(digest.as_bytes()).bind(now).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}

/// Forgets those that nobody can be on the way with any more.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGE).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
