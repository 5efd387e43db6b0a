//! The SQL of devices that wait for their person. Only digests of their codes are kept.

use serde_json::Value;
use sqlx::types::Json;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::ClientId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    INSERT = "INSERT INTO device_grants
        (digest, user_code, client_id, parameters, interval_seconds, created_at, expires_at, polled_at, approved)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL) ON CONFLICT (user_code) DO NOTHING";
    FIND = "SELECT * FROM device_grants WHERE digest = $1";
    FIND_WAITING = "SELECT * FROM device_grants WHERE user_code = $1 AND expires_at > $2 AND approved IS NULL";
    POLL = "UPDATE device_grants SET polled_at = $2, interval_seconds = $3 WHERE digest = $1 AND approved IS NULL";
    DECIDE = "UPDATE device_grants SET approved = $2 WHERE digest = $1 AND expires_at > $3 AND approved IS NULL";
    PURGE = "DELETE FROM device_grants WHERE expires_at < $1";
}

/// A device that waits, or about which somebody has decided.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceGrant {
    /// The digest of its device code.
    pub digest: Digest,
    /// Whose device.
    pub client: ClientId,
    /// What it asked for.
    pub parameters: Value,
    /// Seconds that it has to let pass between two questions.
    pub interval: i64,
    /// From this instant on it has to begin again.
    pub expires_at: Timestamp,
    /// When it last asked.
    pub polled_at: Option<Timestamp>,
    /// What somebody decided; `None` while it waits.
    pub approved: Option<bool>,
}

#[derive(sqlx::FromRow)]
struct Row {
    digest: Vec<u8>,
    client_id: ClientId,
    parameters: Json<Value>,
    interval_seconds: i64,
    expires_at: Timestamp,
    polled_at: Option<Timestamp>,
    approved: Option<bool>,
}

impl From<Row> for DeviceGrant {
    fn from(row: Row) -> Self {
        Self {
            // What we did not write is the digest of no code.
            digest: Digest::from_slice(&row.digest).unwrap_or_else(|| Digest::of(&[])),
            client: row.client_id,
            parameters: row.parameters.0,
            interval: row.interval_seconds,
            expires_at: row.expires_at,
            polled_at: row.polled_at,
            approved: row.approved,
        }
    }
}

/// Adds a device; `false` if another one has this user code.
pub async fn insert(tx: &mut Tx, grant: &DeviceGrant, user_code: &Digest, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT)
        .bind(grant.digest.as_bytes())
        .bind(user_code.as_bytes())
        .bind(grant.client)
        .bind(Json(&grant.parameters))
        .bind(grant.interval)
        .bind(now)
        .bind(grant.expires_at)
        .execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}

/// The device with this code, whatever became of it.
pub async fn find(tx: &mut Tx, digest: &Digest) -> db::Result<Option<DeviceGrant>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(digest.as_bytes()).fetch_optional(c).await)?;
    Ok(row.map(DeviceGrant::from))
}

/// The device that shows this code and waits.
pub async fn find_waiting(tx: &mut Tx, user_code: &Digest, now: Timestamp) -> db::Result<Option<DeviceGrant>> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(FIND_WAITING).bind(user_code.as_bytes()).bind(now).fetch_optional(c).await)?;
    Ok(row.map(DeviceGrant::from))
}

/// Remembers that it asked, and how long it has to wait from now on.
pub async fn save_polled(tx: &mut Tx, digest: &Digest, interval: i64, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(POLL).bind(digest.as_bytes()).bind(now).bind(interval).execute(c).await.map(drop))?;
    Ok(())
}

/// Decides about a device that waits; `false` if somebody did before, or it is too late.
pub async fn save_decided(tx: &mut Tx, digest: &Digest, approved: bool, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(DECIDE)
        .bind(digest.as_bytes()).bind(approved).bind(now)
        .execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}

/// Forgets those that have long given up. What came of them is remembered where codes are.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGE).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
