//! The SQL of client secrets: only SHA-256 digests; two may be valid while one replaces the other.

use uuid::Uuid;

use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::{ClientId, UserId};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    LIST_LIVE = "SELECT digest, kept_by FROM client_secrets WHERE client_id = $1 AND (expires_at IS NULL OR expires_at > $2)";
    LIST_DATES = "SELECT created_at, expires_at, kept_by FROM client_secrets
        WHERE client_id = $1 AND (expires_at IS NULL OR expires_at > $2) ORDER BY created_at DESC, id DESC";
    END_FORMER = "UPDATE client_secrets SET expires_at = $2 WHERE client_id = $1 AND expires_at > $2";
    INSERT = "INSERT INTO client_secrets (id, client_id, digest, created_at, expires_at, kept_by) VALUES ($1, $2, $3, $4, NULL, $5)";
    EXPIRE = "UPDATE client_secrets SET expires_at = $2 WHERE client_id = $1 AND (expires_at IS NULL OR expires_at > $2)";
}

/// A secret that is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSecret {
    /// What it hashes to.
    pub digest: Digest,
    /// The delegate who took it; it is good only while they may keep the service.
    pub kept_by: Option<UserId>,
}

/// The secrets that prove the client at `now`.
pub async fn list_live(tx: &mut Tx, client: ClientId, now: Timestamp) -> db::Result<Vec<LiveSecret>> {
    let rows: Vec<(Vec<u8>, Option<UserId>)> =
        on!(tx, c => sqlx::query_as(LIST_LIVE).bind(client).bind(now).fetch_all(c).await)?;
    let secret = |(bytes, kept_by): &(Vec<u8>, Option<UserId>)| {
        let digest = Digest::from_slice(bytes).ok_or(Error::Corrupt("client_secrets.digest"))?;
        Ok(LiveSecret { digest, kept_by: *kept_by })
    };
    rows.iter().map(secret).collect()
}

/// Adds a secret that does not expire.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    (client, kept_by): (ClientId, Option<UserId>),
    digest: Digest,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(id)
        .bind(client)
        .bind(digest.as_bytes())
        .bind(now)
        .bind(kept_by)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Ends all secrets of the client at `end`, unless they end before.
pub async fn save_end(tx: &mut Tx, client: ClientId, end: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(EXPIRE).bind(client).bind(end).execute(c).await.map(drop))?;
    Ok(())
}

/// When each secret that is valid at `now` was made and when it ends, the newest first, and by which delegate. Nobody can be shown more
/// (DA-38).
pub async fn list_dates(
    tx: &mut Tx,
    client: ClientId,
    now: Timestamp,
) -> db::Result<Vec<(Timestamp, Option<Timestamp>, Option<UserId>)>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_DATES).bind(client).bind(now).fetch_all(c).await)?)
}

/// Ends at once the secrets that had an end already; how many there were.
pub async fn save_former_ended(tx: &mut Tx, client: ClientId, now: Timestamp) -> db::Result<u64> {
    Ok(on!(tx, c => sqlx::query(END_FORMER).bind(client).bind(now).execute(c).await.map(|done| done.rows_affected()))?)
}
