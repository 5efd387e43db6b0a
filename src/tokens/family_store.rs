//! The SQL of grant families and refresh tokens.

use sqlx::types::Json;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ClientId, FamilyId, SessionId, UserId};
use crate::kernel::limits::Detail;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

use super::family::{Claims, Family, Holder, RevokedFor};

statements! {
    FIND = "SELECT * FROM token_families WHERE id = $1";
    FIND_OF_TOKEN = "SELECT * FROM token_families
        WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM revoked_access_tokens WHERE jti = $2)";
    INSERT = "INSERT INTO token_families
        (id, client_id, user_id, session_id, scope, claims, authorization_details, offline, auth_time, amr, acr, user_epoch,
        created_at, expires_at, revoked_at, revoked_reason, dpop_jkt, certificate_thumbprint)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL, NULL, $15, $16)";
    REVOKE = "UPDATE token_families SET revoked_at = $2, revoked_reason = $3 WHERE id = $1 AND revoked_at IS NULL";
    REVOKE_OF_SESSION = "UPDATE token_families SET revoked_at = $2, revoked_reason = $3
        WHERE session_id = $1 AND NOT offline AND revoked_at IS NULL";
    SAVE_SESSION = "UPDATE token_families SET session_id = $2 WHERE session_id = $1 AND revoked_at IS NULL";
    REVOKE_OF_USER = "UPDATE token_families SET revoked_at = $2, revoked_reason = $3
        WHERE user_id = $1 AND revoked_at IS NULL";
    REVOKE_OF_OTHERS = "UPDATE token_families SET revoked_at = $3, revoked_reason = $4
        WHERE user_id = $1 AND session_id <> $2 AND NOT offline AND revoked_at IS NULL";
    REVOKE_OF_CLIENT = "UPDATE token_families SET revoked_at = $3, revoked_reason = $4
        WHERE user_id = $1 AND client_id = $2 AND revoked_at IS NULL";
    FIND_REFRESH = "SELECT family_id, generation, used_at FROM refresh_tokens WHERE digest = $1";
    INSERT_REFRESH = "INSERT INTO refresh_tokens (digest, family_id, generation, issued_at, used_at)
        VALUES ($1, $2, $3, $4, NULL)";
    USE_REFRESH = "UPDATE refresh_tokens SET used_at = $2 WHERE digest = $1 AND used_at IS NULL";
    PURGE_CODES = "DELETE FROM authorization_codes WHERE purge_at < $1";
    PURGE_REFRESH = "DELETE FROM refresh_tokens WHERE family_id IN (SELECT id FROM token_families WHERE expires_at < $1)";
    PURGE = "DELETE FROM token_families WHERE expires_at < $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: FamilyId,
    client_id: ClientId,
    user_id: UserId,
    session_id: SessionId,
    scope: String,
    claims: Json<Claims>,
    authorization_details: Json<Vec<Detail>>,
    offline: bool,
    auth_time: Timestamp,
    amr: String,
    acr: String,
    user_epoch: i64,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    dpop_jkt: Option<String>,
    certificate_thumbprint: Option<String>,
}

/// One refresh token as stored.
#[derive(Debug, sqlx::FromRow)]
pub struct RefreshRow {
    /// Its family.
    pub family_id: FamilyId,
    /// How many came before it: order does not hang on clocks (OA-24).
    pub generation: i64,
    /// When it was rotated away.
    pub used_at: Option<Timestamp>,
}

impl Row {
    fn into_model(self) -> Family {
        Family {
            id: self.id,
            client: self.client_id,
            user: self.user_id,
            session: self.session_id,
            scope: self.scope,
            claims: self.claims.0,
            details: self.authorization_details.0,
            offline: self.offline,
            auth_time: self.auth_time,
            amr: self.amr,
            acr: self.acr,
            user_epoch: self.user_epoch,
            created_at: self.created_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            holder: Holder { jkt: self.dpop_jkt, x5t: self.certificate_thumbprint },
        }
    }
}

/// One family, ended or not.
pub async fn find(tx: &mut Tx, id: FamilyId) -> db::Result<Option<Family>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    Ok(row.map(Row::into_model))
}

/// The family of an access token that was not taken back by itself; in one query, as it is asked with every request.
pub async fn find_of_token(tx: &mut Tx, id: FamilyId, jti: &str) -> db::Result<Option<Family>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_OF_TOKEN).bind(id).bind(jti).fetch_optional(c).await)?;
    Ok(row.map(Row::into_model))
}

/// Adds a family.
pub async fn insert(tx: &mut Tx, family: &Family) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(family.id)
        .bind(family.client)
        .bind(family.user)
        .bind(family.session)
        .bind(&family.scope)
        .bind(Json(&family.claims))
        .bind(Json(&family.details))
        .bind(family.offline)
        .bind(family.auth_time)
        .bind(&family.amr)
        .bind(&family.acr)
        .bind(family.user_epoch)
        .bind(family.created_at)
        .bind(family.expires_at)
        .bind(family.holder.jkt.as_deref())
        .bind(family.holder.x5t.as_deref())
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Ends a family; `false`, and nothing happens, if it has ended.
pub async fn save_revoked(tx: &mut Tx, id: FamilyId, why: RevokedFor, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(REVOKE).bind(id).bind(now).bind(why.as_str()).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}

/// Ends everything that was given in a session, but for what outlives it.
pub async fn save_revoked_of_session(
    tx: &mut Tx,
    session: SessionId,
    why: RevokedFor,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(REVOKE_OF_SESSION).bind(session).bind(now).bind(why.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// Lets what was given in one session belong to another.
pub async fn save_session(tx: &mut Tx, from: SessionId, to: SessionId) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_SESSION).bind(from).bind(to).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends everything that speaks for a person.
pub async fn save_revoked_of_user(tx: &mut Tx, user: UserId, why: RevokedFor, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REVOKE_OF_USER).bind(user).bind(now).bind(why.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends everything that speaks for a person but was given in another session.
pub async fn save_revoked_of_others(
    tx: &mut Tx,
    user: UserId,
    but: SessionId,
    why: RevokedFor,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(REVOKE_OF_OTHERS).bind(user).bind(but).bind(now).bind(why.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends everything by which a client speaks for a person.
pub async fn save_revoked_of_client(
    tx: &mut Tx,
    user: UserId,
    client: ClientId,
    why: RevokedFor,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(REVOKE_OF_CLIENT).bind(user).bind(client).bind(now).bind(why.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// A refresh token by its digest, used or not.
pub async fn find_refresh(tx: &mut Tx, digest: &Digest) -> db::Result<Option<RefreshRow>> {
    Ok(on!(tx, c => sqlx::query_as(FIND_REFRESH).bind(digest.as_bytes()).fetch_optional(c).await)?)
}

/// Adds a refresh token; two of one generation violate `refresh_tokens(family_id, generation)`.
pub async fn insert_refresh(
    tx: &mut Tx,
    digest: &Digest,
    family: FamilyId,
    generation: i64,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT_REFRESH)
        .bind(digest.as_bytes()).bind(family).bind(generation).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Uses a refresh token up; `false` if somebody did before.
pub async fn save_refresh_used(tx: &mut Tx, digest: &Digest, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(USE_REFRESH).bind(digest.as_bytes()).bind(now).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}

/// Forgets families that expired before `before`, their refresh tokens, and the tombstones of codes that nothing depends
/// on any more.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGE_CODES).bind(before).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(PURGE_REFRESH).bind(before).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(PURGE).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
