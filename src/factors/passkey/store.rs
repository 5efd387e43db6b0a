//! The SQL of passkeys.

use uuid::Uuid;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{PasskeyId, UserId};
use crate::kernel::time::Timestamp;

use super::Passkey;

statements! {
    INSERT_HANDLE = "INSERT INTO passkey_handles (user_id, handle) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING";
    FIND_HANDLE = "SELECT handle FROM passkey_handles WHERE user_id = $1";
    INSERT = "INSERT INTO passkeys (id, user_id, credential_id, name, credential, synced, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (credential_id) DO NOTHING";
    LIST = "SELECT * FROM passkeys WHERE user_id = $1 ORDER BY created_at";
    FIND = "SELECT p.* FROM passkeys p JOIN passkey_handles h ON h.user_id = p.user_id WHERE p.credential_id = $1 AND h.handle = $2";
    /// Only forwards: of two answers with one counter, at once or one after the other, one is a copy's. Synced passkeys do not count.
    SAVE_USED = "UPDATE passkeys SET credential = $2, counter = $4, last_used_at = $3 WHERE id = $1 AND (counter < $4 OR ($4 = 0 AND counter = 0))";
    SAVE_NAME = "UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2";
    REMOVE = "DELETE FROM passkeys WHERE id = $1 AND user_id = $2";
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: PasskeyId,
    user_id: UserId,
    name: String,
    credential: String,
    synced: bool,
    created_at: Timestamp,
    last_used_at: Option<Timestamp>,
}

impl Row {
    fn into_model(self) -> db::Result<Passkey> {
        Ok(Passkey {
            id: self.id,
            user: self.user_id,
            name: self.name,
            credential: serde_json::from_str(&self.credential)
                .map_err(|_| db::Error::Corrupt("passkeys.credential"))?,
            synced: self.synced,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
        })
    }
}

fn text(of: &webauthn_rs::prelude::Passkey) -> db::Result<String> {
    serde_json::to_string(of).map_err(|_| db::Error::Corrupt("passkeys.credential"))
}

/// Gives a person a handle, unless there is one.
pub async fn insert_handle(tx: &mut Tx, user: UserId, handle: Uuid) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT_HANDLE).bind(user).bind(handle).execute(c).await.map(drop))?;
    Ok(())
}

/// The handle of a person.
pub async fn find_handle(tx: &mut Tx, user: UserId) -> db::Result<Option<Uuid>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_HANDLE).bind(user).fetch_optional(c).await)?)
}

/// Writes a passkey; `false` if some account has it already.
pub async fn insert(tx: &mut Tx, of: &Passkey) -> db::Result<bool> {
    let credential = text(&of.credential)?;
    let done = on!(tx, c => sqlx::query(INSERT)
        .bind(of.id).bind(of.user).bind(of.credential.cred_id().as_slice()).bind(&of.name).bind(&credential)
        .bind(of.synced).bind(of.created_at).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// The passkeys of a person, oldest first.
pub async fn list(tx: &mut Tx, user: UserId) -> db::Result<Vec<Passkey>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).bind(user).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// The passkey of this credential, if it is the one of whoever has this handle (AU-34).
pub async fn find(tx: &mut Tx, credential: &[u8], handle: Uuid) -> db::Result<Option<Passkey>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(credential).bind(handle).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// It was used, and its counter is this now; `false` if it was removed or has counted as far meanwhile.
pub async fn save_used(tx: &mut Tx, of: &Passkey, counter: u32, now: Timestamp) -> db::Result<bool> {
    let credential = text(&of.credential)?;
    let counter = i64::from(counter);
    let done = on!(tx, c => sqlx::query(SAVE_USED).bind(of.id).bind(&credential).bind(now).bind(counter).execute(c).await
        .map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Names a passkey; `false` if there is none.
pub async fn save_name(tx: &mut Tx, id: PasskeyId, user: UserId, name: &str) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(SAVE_NAME).bind(id).bind(user).bind(name).execute(c).await
        .map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Removes a passkey; `false` if there is none.
pub async fn remove(tx: &mut Tx, id: PasskeyId, user: UserId) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(REMOVE).bind(id).bind(user).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}
