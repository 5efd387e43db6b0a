//! The SQL of how far the pushing to each target has come, and of who is at it.

use std::time::Duration;

use sqlx::types::Json;

use super::model::{Findings, Progress};
use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::ClientId;
use crate::kernel::time::Timestamp;

/// How often it is looked what time has ended, where nothing else happens.
const LOOK: Duration = Duration::from_mins(1);

statements! {
    FIND = "SELECT attempts, due_at, answer, pushed_at, reconcile_at, reconciled_at, findings FROM push_progress WHERE client_id = $1";
    INSERT = "INSERT INTO push_progress (client_id, attempts, due_at, seen_at, reconcile_at) VALUES ($1, 0, $2, $2, $2)";
    /// Those at which something is to be done and nobody is.
    LIST_READY = "SELECT p.client_id FROM push_progress p JOIN push_targets t ON t.client_id = p.client_id
        JOIN clients k ON k.id = p.client_id
        WHERE t.status = 'active' AND k.active AND p.due_at <= $1 AND (p.leased_until IS NULL OR p.leased_until <= $1)
        AND (p.reconcile_at <= $1 OR p.seen_at <= $2
            OR EXISTS (SELECT 1 FROM push_work w WHERE w.client_id = p.client_id AND w.due_at <= $1))
        ORDER BY p.client_id";
    LEASE = "UPDATE push_progress SET leased_until = $3 WHERE client_id = $1 AND (leased_until IS NULL OR leased_until <= $2)";
    KEEP = "UPDATE push_progress SET leased_until = $3 WHERE client_id = $1 AND leased_until = $2";
    RELEASE = "UPDATE push_progress SET leased_until = NULL WHERE client_id = $1 AND leased_until = $2";
    SAVE_WELL = "UPDATE push_progress SET attempts = 0, answer = NULL, pushed_at = $2 WHERE client_id = $1";
    SAVE_FAILED = "UPDATE push_progress SET attempts = attempts + 1, due_at = $2, answer = $3 WHERE client_id = $1";
    COUNT_FAILED = "SELECT attempts FROM push_progress WHERE client_id = $1";
    SAVE_SEEN = "UPDATE push_progress SET seen_at = $2 WHERE client_id = $1";
    FIND_SEEN = "SELECT seen_at FROM push_progress WHERE client_id = $1";
    SAVE_RECONCILED = "UPDATE push_progress SET reconciled_at = $2, findings = $3, reconcile_at = $4 WHERE client_id = $1";
    IS_TO_RECONCILE = "SELECT EXISTS (SELECT 1 FROM push_progress WHERE client_id = $1 AND reconcile_at <= $2)";
    HURRY = "UPDATE push_progress SET due_at = $2, attempts = 0 WHERE client_id = $1";
    HURRY_RECONCILE = "UPDATE push_progress SET due_at = $2, attempts = 0, reconcile_at = $2 WHERE client_id = $1";
}

type Row = (i64, Timestamp, Option<String>, Option<Timestamp>, Timestamp, Option<Timestamp>, Option<Json<Findings>>);

/// How far a target is.
pub async fn find(tx: &mut Tx, client: ClientId) -> db::Result<Option<Progress>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(client).fetch_optional(c).await)?;
    Ok(row.map(|(attempts, due_at, answer, pushed_at, reconcile_at, reconciled_at, findings)| {
        let reconciled = reconciled_at.zip(findings.map(|findings| findings.0));
        Progress { attempts, due_at, answer, pushed_at, reconciled, reconcile_at }
    }))
}

/// Begins, with a comparison of everything.
pub(super) async fn insert(tx: &mut Tx, client: ClientId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT).bind(client).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// The targets at which something is to be done; asked of a reader, so that an idle server writes nothing.
pub(super) async fn list_ready(tx: &mut Tx, now: Timestamp) -> db::Result<Vec<ClientId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_READY).bind(now).bind(now.minus(LOOK)).fetch_all(c).await)?)
}

/// Takes a target, by one conditional update: no two nodes are at it.
pub(super) async fn save_leased(tx: &mut Tx, client: ClientId, now: Timestamp, until: Timestamp) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query(LEASE)
        .bind(client).bind(now).bind(until).execute(c).await.map(|done| done.rows_affected()))?
        == 1)
}

/// Keeps it; `false` if somebody else has it now.
pub(super) async fn save_kept(tx: &mut Tx, client: ClientId, (had, until): (Timestamp, Timestamp)) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query(KEEP)
        .bind(client).bind(had).bind(until).execute(c).await.map(|done| done.rows_affected()))?
        == 1)
}

/// Gives it back.
pub(super) async fn save_released(tx: &mut Tx, client: ClientId, had: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(RELEASE).bind(client).bind(had).execute(c).await.map(drop))?;
    Ok(())
}

/// It went well.
pub(super) async fn save_well(tx: &mut Tx, client: ClientId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_WELL).bind(client).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// How often in a row it failed as a whole.
pub(super) async fn count_failed(tx: &mut Tx, client: ClientId) -> db::Result<i64> {
    let found: Option<i64> = on!(tx, c => sqlx::query_scalar(COUNT_FAILED).bind(client).fetch_optional(c).await)?;
    Ok(found.unwrap_or(0))
}

/// It failed as a whole, and is tried again then.
pub(super) async fn save_failed(tx: &mut Tx, client: ClientId, due_at: Timestamp, answer: &str) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_FAILED).bind(client).bind(due_at).bind(answer).execute(c).await.map(drop))?;
    Ok(())
}

/// Up to which instant it was looked what time has ended.
pub(super) async fn find_seen(tx: &mut Tx, client: ClientId) -> db::Result<Option<Timestamp>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_SEEN).bind(client).fetch_optional(c).await)?)
}

/// It was looked up to now.
pub(super) async fn save_seen(tx: &mut Tx, client: ClientId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_SEEN).bind(client).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Whether everything is to be compared.
pub(super) async fn is_to_reconcile(tx: &mut Tx, client: ClientId, now: Timestamp) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query_scalar(IS_TO_RECONCILE).bind(client).bind(now).fetch_one(c).await)?)
}

/// Everything was compared; the next time it is then.
pub(super) async fn save_reconciled(
    tx: &mut Tx,
    client: ClientId,
    findings: &Findings,
    (now, next): (Timestamp, Timestamp),
) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_RECONCILED)
        .bind(client).bind(now).bind(Json(findings)).bind(next).execute(c).await.map(drop))?;
    Ok(())
}

/// What waits after failures waits no longer; everything is compared first if that is wanted.
pub(super) async fn save_hurried(tx: &mut Tx, client: ClientId, reconcile: bool, now: Timestamp) -> db::Result<()> {
    let sql = if reconcile { HURRY_RECONCILE } else { HURRY };
    on!(tx, c => sqlx::query(sql).bind(client).bind(now).execute(c).await.map(drop))?;
    Ok(())
}
