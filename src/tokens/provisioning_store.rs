//! The SQL of tokens that services use until a day.

use super::provisioning::ProvisioningToken;
use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ClientId, ProvisioningTokenId, UserId};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    FIND_HOLDER = "SELECT c.client_id, c.id, t.kept_by, t.revoked_at IS NULL AND t.expires_at > $2 AS live
        FROM provisioning_tokens t JOIN clients c ON c.id = t.client_id WHERE t.digest = $1";
    LIST = "SELECT id, client_id, name, kept_by, created_at, expires_at FROM provisioning_tokens
        WHERE client_id = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id DESC";
    INSERT = "INSERT INTO provisioning_tokens (id, digest, client_id, name, created_at, expires_at, revoked_at, kept_by)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)";
    REVOKE = "UPDATE provisioning_tokens SET revoked_at = $3
        WHERE id = $1 AND client_id = $2 AND revoked_at IS NULL AND expires_at > $3";
    PURGE = "DELETE FROM provisioning_tokens WHERE expires_at < $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ProvisioningTokenId,
    client_id: ClientId,
    name: String,
    kept_by: Option<UserId>,
    created_at: Timestamp,
    expires_at: Timestamp,
}

/// Whose token it is.
#[derive(Debug, sqlx::FromRow)]
pub struct Holder {
    /// The public `client_id` of the service.
    pub client_id: String,
    /// Its id.
    pub id: ClientId,
    /// The delegate who made the token.
    pub kept_by: Option<UserId>,
    /// Neither taken back nor past its day.
    pub live: bool,
}

/// The service whose token has this digest, as long as ended ones are kept.
pub async fn find_holder(tx: &mut Tx, digest: &Digest, now: Timestamp) -> db::Result<Option<Holder>> {
    Ok(on!(tx, c => sqlx::query_as(FIND_HOLDER).bind(digest.as_bytes()).bind(now).fetch_optional(c).await)?)
}

/// The live tokens of a service, the youngest first; [`super::provisioning::MAX_TOKENS`] at most.
pub async fn list(tx: &mut Tx, of: ClientId, now: Timestamp) -> db::Result<Vec<ProvisioningToken>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).bind(of).bind(now).fetch_all(c).await)?;
    let token = |row: Row| ProvisioningToken {
        id: row.id,
        client: row.client_id,
        name: row.name,
        kept_by: row.kept_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
    };
    Ok(rows.into_iter().map(token).collect())
}

/// Adds a token.
pub async fn insert(tx: &mut Tx, token: &ProvisioningToken, digest: &Digest) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(token.id)
        .bind(digest.as_bytes())
        .bind(token.client)
        .bind(&token.name)
        .bind(token.created_at)
        .bind(token.expires_at)
        .bind(token.kept_by)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Takes a token of a service back; `false` if it has no such live one.
pub async fn save_revoked(tx: &mut Tx, id: ProvisioningTokenId, of: ClientId, now: Timestamp) -> db::Result<bool> {
    let done =
        on!(tx, c => sqlx::query(REVOKE).bind(id).bind(of).bind(now).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}

/// Forgets tokens that ended before `before`.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGE).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
