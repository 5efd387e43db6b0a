//! The SQL of browsers that are asked for no code until a day. Of their secret there is only the digest.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{RememberedDeviceId, UserId};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

use super::Remembered;

statements! {
    FIND = "SELECT * FROM remembered_devices WHERE digest = $1";
    LIST = "SELECT * FROM remembered_devices WHERE user_id = $1 ORDER BY remembered_at DESC, id DESC";
    INSERT = "INSERT INTO remembered_devices (id, digest, user_id, user_epoch, credentials, browser, user_agent, remembered_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SAVE_USED = "UPDATE remembered_devices SET last_used_at = $2 WHERE id = $1";
    REMOVE = "DELETE FROM remembered_devices WHERE id = $1 AND user_id = $2";
    REMOVE_SECRET = "DELETE FROM remembered_devices WHERE digest = $1";
    REMOVE_OF_BROWSER = "DELETE FROM remembered_devices WHERE user_id = $1 AND browser = $2";
    REMOVE_MORE = "DELETE FROM remembered_devices WHERE user_id = $1 AND id NOT IN
        (SELECT d.id FROM remembered_devices d WHERE d.user_id = $1 ORDER BY d.remembered_at DESC, d.id DESC LIMIT $2)";
    REMOVE_ALL = "DELETE FROM remembered_devices WHERE user_id = $1";
    REMOVE_OLD = "DELETE FROM remembered_devices WHERE expires_at <= $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: RememberedDeviceId,
    user_id: UserId,
    user_epoch: i64,
    credentials: Vec<u8>,
    browser: Vec<u8>,
    user_agent: String,
    remembered_at: Timestamp,
    last_used_at: Option<Timestamp>,
    expires_at: Timestamp,
}

impl Row {
    fn into_model(self) -> db::Result<Remembered> {
        let digest = |bytes: &[u8], column| Digest::from_slice(bytes).ok_or(db::Error::Corrupt(column));
        Ok(Remembered {
            id: self.id,
            user: self.user_id,
            user_epoch: self.user_epoch,
            credentials: digest(&self.credentials, "remembered_devices.credentials")?,
            browser: digest(&self.browser, "remembered_devices.browser")?,
            user_agent: self.user_agent,
            remembered_at: self.remembered_at,
            last_used_at: self.last_used_at,
            expires_at: self.expires_at,
        })
    }
}

/// The browser that holds this secret, whoever's and however old: [`super::judge`] says whether it counts.
pub async fn find(tx: &mut Tx, secret: &Digest) -> db::Result<Option<Remembered>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(secret.as_bytes()).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// What is stored of a person's browsers, the latest first, whether or not it counts.
pub async fn list(tx: &mut Tx, user: UserId) -> db::Result<Vec<Remembered>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).bind(user).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Adds a browser in the place of what it was before; of more than `most` the oldest go.
pub(super) async fn replace(tx: &mut Tx, of: &Remembered, secret: &Digest, most: i64) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OF_BROWSER).bind(of.user).bind(of.browser.as_bytes()).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(INSERT)
        .bind(of.id).bind(secret.as_bytes()).bind(of.user).bind(of.user_epoch).bind(of.credentials.as_bytes())
        .bind(of.browser.as_bytes()).bind(&of.user_agent).bind(of.remembered_at).bind(of.expires_at)
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(REMOVE_MORE).bind(of.user).bind(most).execute(c).await.map(drop))?;
    Ok(())
}

/// It was used. When it ends does not move.
pub(super) async fn save_used(tx: &mut Tx, id: RememberedDeviceId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_USED).bind(id).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes one of a person; how many there were.
pub(super) async fn remove(tx: &mut Tx, id: RememberedDeviceId, user: UserId) -> db::Result<u64> {
    Ok(on!(tx, c => sqlx::query(REMOVE).bind(id).bind(user).execute(c).await.map(|done| done.rows_affected()))?)
}

/// Removes what a secret stands for, whoever's: its browser is about to hold another one.
pub(super) async fn remove_secret(tx: &mut Tx, secret: &Digest) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_SECRET).bind(secret.as_bytes()).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes all of a person, after any change of what proves who they are; how many there were.
pub async fn remove_all(tx: &mut Tx, user: UserId) -> db::Result<u64> {
    Ok(on!(tx, c => sqlx::query(REMOVE_ALL).bind(user).execute(c).await.map(|done| done.rows_affected()))?)
}

/// Removes those whose time is over.
pub async fn remove_old(tx: &mut Tx, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(now).execute(c).await.map(drop))?;
    Ok(())
}
