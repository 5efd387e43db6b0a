//! The SQL of access tokens that say nothing by themselves.

use serde_json::Value;
use sqlx::types::Json;

use super::opaque::Kept;
use crate::db::{self, Tx, on, statements};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    FIND = "SELECT claims FROM opaque_access_tokens WHERE digest = $1";
    INSERT = "INSERT INTO opaque_access_tokens (digest, claims, expires_at) VALUES ($1, $2, $3)";
    PURGE = "DELETE FROM opaque_access_tokens WHERE expires_at < $1";
}

/// What the token of this digest stands for; nothing where this version does not understand it, as of a signed one.
pub async fn find(tx: &mut Tx, digest: &Digest) -> db::Result<Option<Kept>> {
    let kept: Option<Json<Value>> =
        on!(tx, c => sqlx::query_scalar(FIND).bind(digest.as_bytes()).fetch_optional(c).await)?;
    Ok(kept.and_then(|kept| serde_json::from_value(kept.0).ok()))
}

/// Adds a token.
pub async fn insert(tx: &mut Tx, digest: &Digest, kept: &Kept, expires_at: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(digest.as_bytes()).bind(Json(kept)).bind(expires_at).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets tokens that expired before `before`.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGE).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
