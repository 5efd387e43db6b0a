//! The SQL of targets.

use sqlx::types::Json;

use super::model::{Rules, Status, Target};
use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::ClientId;
use crate::kernel::time::Timestamp;

statements! {
    FIND = "SELECT client_id, base_url, sealed_token, rules, status, created_at, updated_at FROM push_targets WHERE client_id = $1";
    INSERT = "INSERT INTO push_targets (client_id, base_url, sealed_token, rules, status, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    SAVE = "UPDATE push_targets SET base_url = $2, sealed_token = $3, rules = $4, status = $5, updated_at = $6 WHERE client_id = $1";
    REMOVE = "DELETE FROM push_targets WHERE client_id = $1";
    REMOVE_PROGRESS = "DELETE FROM push_progress WHERE client_id = $1";
    REMOVE_WORK = "DELETE FROM push_work WHERE client_id = $1";
    REMOVE_RESOURCES = "DELETE FROM push_resources WHERE client_id = $1";
    REMOVE_MEMBERS = "DELETE FROM push_members WHERE client_id = $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    client_id: ClientId,
    base_url: String,
    sealed_token: Vec<u8>,
    rules: Json<Rules>,
    status: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// The target of a client.
pub async fn find(tx: &mut Tx, client: ClientId) -> db::Result<Option<Target>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(client).fetch_optional(c).await)?;
    let model = |row: Row| {
        Ok(Target {
            client: row.client_id,
            base_url: row.base_url,
            sealed_token: row.sealed_token,
            rules: row.rules.0,
            status: Status::parse(&row.status).ok_or(Error::Corrupt("push_targets.status"))?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    };
    row.map(model).transpose()
}

/// Adds a target.
pub(super) async fn insert(tx: &mut Tx, target: &Target) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(target.client).bind(&target.base_url).bind(&target.sealed_token).bind(Json(&target.rules))
        .bind(target.status.as_str()).bind(target.created_at).bind(target.updated_at).execute(c).await.map(drop))?;
    Ok(())
}

/// Writes what can change.
pub(super) async fn save(tx: &mut Tx, target: &Target) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE)
        .bind(target.client).bind(&target.base_url).bind(&target.sealed_token).bind(Json(&target.rules))
        .bind(target.status.as_str()).bind(target.updated_at).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes a target with all that is known of it. What it holds stays there.
pub(super) async fn remove(tx: &mut Tx, client: ClientId) -> db::Result<()> {
    remove_known(tx, client).await?;
    for sql in [REMOVE_WORK, REMOVE_PROGRESS, REMOVE] {
        on!(tx, c => sqlx::query(sql).bind(client).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Forgets what a target holds: it is another one.
pub(super) async fn remove_known(tx: &mut Tx, client: ClientId) -> db::Result<()> {
    for sql in [REMOVE_MEMBERS, REMOVE_RESOURCES] {
        on!(tx, c => sqlx::query(sql).bind(client).execute(c).await.map(drop))?;
    }
    Ok(())
}
