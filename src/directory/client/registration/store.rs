//! The SQL of registration tokens and of clients that registered themselves.

use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Policy, Registration, RegistrationToken};
use crate::db::{self, Tx, on, statements};
use crate::directory::stored::principal;
use crate::kernel::ids::{ClientId, EnvironmentId, RegistrationTokenId};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    FIND_TOKEN = "SELECT * FROM registration_tokens WHERE digest = $1";
    FIND_TOKEN_BY_ID = "SELECT * FROM registration_tokens WHERE id = $1";
    LIST_TOKENS = "SELECT * FROM registration_tokens WHERE revoked_at IS NULL AND expires_at > $1 AND uses_left > 0
        ORDER BY made_at DESC, id LIMIT 1000";
    INSERT_TOKEN = "INSERT INTO registration_tokens (id, digest, name, environment_id, policy, uses_left, made_by_kind, made_by_id, made_at,
        expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL)";
    USE_TOKEN = "UPDATE registration_tokens SET uses_left = uses_left - 1
        WHERE id = $1 AND uses_left > 0 AND expires_at > $2 AND revoked_at IS NULL";
    REVOKE_TOKEN = "UPDATE registration_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING environment_id";
    FIND = "SELECT r.client_id, r.said, r.registered_at, t.* FROM client_registrations r
        JOIN registration_tokens t ON t.id = r.token_id WHERE r.digest = $1";
    INSERT = "INSERT INTO client_registrations (client_id, digest, token_id, said, registered_at) VALUES ($1, $2, $3, $4, $5)";
    SAVE = "UPDATE client_registrations SET said = $2 WHERE client_id = $1";
    REMOVE = "DELETE FROM client_registrations WHERE client_id = $1";
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: RegistrationTokenId,
    name: String,
    environment_id: EnvironmentId,
    policy: Json<Policy>,
    uses_left: i64,
    made_by_kind: String,
    made_by_id: Uuid,
    made_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl TokenRow {
    fn into_model(self) -> db::Result<RegistrationToken> {
        Ok(RegistrationToken {
            id: self.id,
            name: self.name,
            environment: self.environment_id,
            policy: self.policy.0,
            uses_left: self.uses_left,
            made_by: principal(&self.made_by_kind, self.made_by_id)?,
            made_at: self.made_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
        })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    client_id: ClientId,
    said: Json<Map<String, Value>>,
    registered_at: Timestamp,
    #[sqlx(flatten)]
    token: TokenRow,
}

/// The token of a secret, whatever its state.
pub async fn find_token(tx: &mut Tx, digest: &Digest) -> db::Result<Option<RegistrationToken>> {
    let row: Option<TokenRow> =
        on!(tx, c => sqlx::query_as(FIND_TOKEN).bind(digest.as_bytes()).fetch_optional(c).await)?;
    row.map(TokenRow::into_model).transpose()
}

/// The token of an id, whatever its state.
pub async fn find_token_by_id(tx: &mut Tx, id: RegistrationTokenId) -> db::Result<Option<RegistrationToken>> {
    let row: Option<TokenRow> = on!(tx, c => sqlx::query_as(FIND_TOKEN_BY_ID).bind(id).fetch_optional(c).await)?;
    row.map(TokenRow::into_model).transpose()
}

/// Those that register somebody, the latest first.
pub async fn list_tokens(tx: &mut Tx, now: Timestamp) -> db::Result<Vec<RegistrationToken>> {
    let rows: Vec<TokenRow> = on!(tx, c => sqlx::query_as(LIST_TOKENS).bind(now).fetch_all(c).await)?;
    rows.into_iter().map(TokenRow::into_model).collect()
}

/// Adds a token.
pub(super) async fn insert_token(tx: &mut Tx, token: &RegistrationToken, digest: &Digest) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT_TOKEN)
        .bind(token.id)
        .bind(digest.as_bytes())
        .bind(&token.name)
        .bind(token.environment)
        .bind(Json(&token.policy))
        .bind(token.uses_left)
        .bind(token.made_by.kind())
        .bind(token.made_by.uuid())
        .bind(token.made_at)
        .bind(token.expires_at)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Uses a token once; `false` if nothing is left of it. One conditional statement: of two at once the last use is one's.
pub(super) async fn save_used(tx: &mut Tx, id: RegistrationTokenId, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(USE_TOKEN).bind(id).bind(now).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}

/// Takes a token back; where it registered clients, or `None` if there is no such one that is not taken back.
pub(super) async fn save_revoked(
    tx: &mut Tx,
    id: RegistrationTokenId,
    now: Timestamp,
) -> db::Result<Option<EnvironmentId>> {
    Ok(on!(tx, c => sqlx::query_scalar(REVOKE_TOKEN).bind(id).bind(now).fetch_optional(c).await)?)
}

/// The registration that a token of a client is for.
pub async fn find(tx: &mut Tx, digest: &Digest) -> db::Result<Option<Registration>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(digest.as_bytes()).fetch_optional(c).await)?;
    row.map(|row| {
        let (client, said, registered_at) = (row.client_id, row.said.0, row.registered_at);
        Ok(Registration { client, said, registered_at, by: row.token.into_model()? })
    })
    .transpose()
}

/// Adds a registration.
pub(super) async fn insert(tx: &mut Tx, new: &Registration, digest: &Digest) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.client).bind(digest.as_bytes()).bind(new.by.id).bind(Json(&new.said)).bind(new.registered_at)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Writes what a client says anew.
pub(super) async fn save(tx: &mut Tx, client: ClientId, said: &Map<String, Value>) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE).bind(client).bind(Json(said)).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets a registration: its token is good for nothing from now on.
pub(super) async fn remove(tx: &mut Tx, client: ClientId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE).bind(client).execute(c).await.map(drop))?;
    Ok(())
}
