//! The SQL of parked requests.

use sqlx::types::Json;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::ClientId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

use super::parked::ParkedRequest;

statements! {
    INSERT = "INSERT INTO authorization_requests (digest, browser, client_id, client_name, login_hint, ui_locales, force_login,
        parameters, created_at, expires_at, both_factors) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    FIND = "SELECT client_id, client_name, login_hint, ui_locales, force_login, both_factors, parameters FROM authorization_requests
        WHERE digest = $1 AND browser = $2 AND consumed_at IS NULL AND expires_at > $3";
    CONSUME = "UPDATE authorization_requests SET consumed_at = $3
        WHERE digest = $1 AND browser = $2 AND consumed_at IS NULL AND expires_at > $3
        RETURNING client_id, client_name, login_hint, ui_locales, force_login, both_factors, parameters";
    REMOVE_OLD = "DELETE FROM authorization_requests WHERE expires_at <= $1";
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    client_id: ClientId,
    client_name: String,
    login_hint: Option<String>,
    ui_locales: Option<String>,
    force_login: bool,
    both_factors: bool,
    parameters: Json<serde_json::Value>,
}

impl From<Row> for ParkedRequest {
    fn from(row: Row) -> Self {
        Self {
            client: row.client_id,
            client_name: row.client_name,
            login_hint: row.login_hint,
            ui_locales: row.ui_locales,
            force_login: row.force_login,
            both_factors: row.both_factors,
            parameters: row.parameters.0,
        }
    }
}

pub(super) async fn insert(
    tx: &mut Tx,
    token: &Digest,
    browser: &Digest,
    request: &ParkedRequest,
    (from, until): (Timestamp, Timestamp),
) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(token.as_bytes()).bind(browser.as_bytes()).bind(request.client).bind(&request.client_name)
        .bind(request.login_hint.as_deref()).bind(request.ui_locales.as_deref()).bind(request.force_login)
        .bind(Json(&request.parameters)).bind(from).bind(until).bind(request.both_factors)
        .execute(c).await.map(drop))?;
    Ok(())
}

pub(super) async fn find(
    tx: &mut Tx,
    token: &Digest,
    browser: &Digest,
    now: Timestamp,
) -> db::Result<Option<ParkedRequest>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(token.as_bytes()).bind(browser.as_bytes()).bind(now).fetch_optional(c).await)?;
    Ok(row.map(ParkedRequest::from))
}

pub(super) async fn remove(
    tx: &mut Tx,
    token: &Digest,
    browser: &Digest,
    now: Timestamp,
) -> db::Result<Option<ParkedRequest>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(CONSUME).bind(token.as_bytes()).bind(browser.as_bytes()).bind(now).fetch_optional(c).await)?;
    Ok(row.map(ParkedRequest::from))
}

/// Removes requests that nobody came back for.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
