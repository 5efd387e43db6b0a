//! The SQL of our keys. Private halves are sealed before they come here.

use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::KeyId;
use crate::kernel::time::Timestamp;

use super::key_use::KeyUse;
use super::keys::StoredKey;

statements! {
    LIST = "SELECT * FROM signing_keys WHERE dropped_at IS NULL ORDER BY active_from, id";
    LIST_IDS = "SELECT id FROM signing_keys WHERE dropped_at IS NULL ORDER BY active_from, id";
    HAS = "SELECT EXISTS (SELECT 1 FROM signing_keys WHERE kid = $1)";
    INSERT = "INSERT INTO signing_keys (id, alg, kid, sealed, created_at, active_from, dropped_at)
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    DROP_ALL = "UPDATE signing_keys SET dropped_at = $2 WHERE alg = $1 AND dropped_at IS NULL";
    REMOVE = "DELETE FROM signing_keys WHERE id = $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: KeyId,
    alg: String,
    kid: String,
    sealed: Vec<u8>,
    created_at: Timestamp,
    active_from: Timestamp,
}

impl Row {
    fn into_model(self) -> db::Result<StoredKey> {
        Ok(StoredKey {
            id: self.id,
            key_use: KeyUse::parse(&self.alg).ok_or(Error::Corrupt("signing_keys.alg"))?,
            kid: self.kid,
            sealed: self.sealed,
            created_at: self.created_at,
            active_from: self.active_from,
        })
    }
}

/// All keys that were not dropped, the one that signs last at the end.
pub async fn list(tx: &mut Tx) -> db::Result<Vec<StoredKey>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Their ids, in the same order: enough to see that nothing has changed.
pub async fn list_ids(tx: &mut Tx) -> db::Result<Vec<KeyId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_IDS).fetch_all(c).await)?)
}

/// Whether a key of this name is or was here.
pub async fn has(tx: &mut Tx, kid: &str) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query_scalar(HAS).bind(kid).fetch_one(c).await)?)
}

/// Adds a key.
pub async fn insert(tx: &mut Tx, key: &StoredKey) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(key.id)
        .bind(key.key_use.as_str())
        .bind(&key.kid)
        .bind(&key.sealed)
        .bind(key.created_at)
        .bind(key.active_from)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Takes all keys for one use out of it at once.
pub async fn save_dropped(tx: &mut Tx, key_use: KeyUse, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(DROP_ALL).bind(key_use.as_str()).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets a key whose tokens have all expired.
pub async fn remove(tx: &mut Tx, id: KeyId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE).bind(id).execute(c).await.map(drop))?;
    Ok(())
}
