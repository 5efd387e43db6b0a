//! The SQL of tokens that delegates make for their scripts.

use sqlx::types::Json;

use super::delegated::DelegatedToken;
use crate::db::{self, Tx, on, statements};
use crate::directory::user::usable::usable_since;
use crate::kernel::ids::{DelegatedTokenId, UserId};
use crate::kernel::limits::Detail;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    FIND_LIVE = concat!("SELECT d.id, d.user_id, d.name, d.details, d.user_epoch, d.created_at, d.expires_at, d.revoked_at, d.strength
        FROM delegated_tokens d WHERE d.digest = $1 AND d.revoked_at IS NULL AND d.expires_at > $2
        AND ", usable_since!(user: "d.user_id", epoch: "d.user_epoch", now: "$2"));
    LIST = "SELECT id, user_id, name, details, user_epoch, created_at, expires_at, revoked_at, strength FROM delegated_tokens
        WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id DESC";
    COUNT_LIVE = "SELECT COUNT(*) FROM delegated_tokens WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2";
    INSERT = "INSERT INTO delegated_tokens (id, digest, user_id, name, details, user_epoch, created_at, expires_at, revoked_at,
        strength) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9)";
    REVOKE = "UPDATE delegated_tokens SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL";
    PURGE = "DELETE FROM delegated_tokens WHERE expires_at < $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: DelegatedTokenId,
    user_id: UserId,
    name: String,
    details: Json<Vec<Detail>>,
    user_epoch: i64,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    strength: String,
}

impl From<Row> for DelegatedToken {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user: row.user_id,
            name: row.name,
            details: row.details.0,
            user_epoch: row.user_epoch,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            // What cannot be read carries the least.
            strength: row.strength.parse().unwrap_or_default(),
        }
    }
}

/// A live token by the digest of its secret, if whoever made it may still be spoken for.
pub async fn find_live(tx: &mut Tx, digest: &Digest, now: Timestamp) -> db::Result<Option<DelegatedToken>> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(FIND_LIVE).bind(digest.as_bytes()).bind(now).fetch_optional(c).await)?;
    Ok(row.map(Into::into))
}

/// The live tokens of somebody, the youngest first; [`super::delegated::MAX_TOKENS`] at most.
pub async fn list(tx: &mut Tx, of: UserId, now: Timestamp) -> db::Result<Vec<DelegatedToken>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).bind(of).bind(now).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// How many of them there are.
pub async fn count_live(tx: &mut Tx, of: UserId, now: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_LIVE).bind(of).bind(now).fetch_one(c).await)?)
}

/// Adds a token.
pub async fn insert(tx: &mut Tx, token: &DelegatedToken, digest: &Digest) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(token.id)
        .bind(digest.as_bytes())
        .bind(token.user)
        .bind(&token.name)
        .bind(Json(&token.details))
        .bind(token.user_epoch)
        .bind(token.created_at)
        .bind(token.expires_at)
        .bind(token.strength.as_str())
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Takes a token of somebody back; `false` if they have no such one that is not taken back.
pub async fn save_revoked(tx: &mut Tx, (id, of): (DelegatedTokenId, UserId), now: Timestamp) -> db::Result<bool> {
    let done =
        on!(tx, c => sqlx::query(REVOKE).bind(id).bind(of).bind(now).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}

/// Forgets tokens that ended before `before`.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGE).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
