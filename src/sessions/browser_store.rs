//! The SQL of what people call their browsers. The digest is over person and browser: it tells nothing about either, and outlives a new
//! password and a new address, with which known browsers (`factors::known_store`) are forgotten.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    FIND = "SELECT name FROM named_browsers WHERE digest = $1 AND user_id = $2";
    LIST = "SELECT digest, name FROM named_browsers WHERE user_id = $1 ORDER BY name, digest";
    SAVE = "INSERT INTO named_browsers (digest, user_id, name, last_used_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (digest) DO UPDATE SET name = excluded.name, last_used_at = excluded.last_used_at";
    SAVE_USED = "UPDATE named_browsers SET last_used_at = $2 WHERE digest = $1";
    REMOVE = "DELETE FROM named_browsers WHERE digest = $1 AND user_id = $2";
    REMOVE_OLD = "DELETE FROM named_browsers WHERE last_used_at <= $1";
}

/// How long a name is kept of a browser in which its owner does not sign in.
const LASTS: Duration = Duration::from_hours(90 * 24);

/// Person and browser as one.
pub fn digest(user: UserId, browser: &Digest) -> Digest {
    Digest::of(&[user.0.as_bytes(), browser.as_bytes()].concat())
}

/// What its owner calls a browser.
pub async fn find(tx: &mut Tx, digest: &Digest, user: UserId) -> db::Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND).bind(digest.as_bytes()).bind(user).fetch_optional(c).await)?)
}

/// The names that somebody gave to browsers, by digest.
pub async fn list(tx: &mut Tx, user: UserId) -> db::Result<BTreeMap<Vec<u8>, String>> {
    let rows: Vec<(Vec<u8>, String)> = on!(tx, c => sqlx::query_as(LIST).bind(user).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// Gives a browser a name, or another one.
pub(super) async fn save(tx: &mut Tx, digest: &Digest, (user, name): (UserId, &str), now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE).bind(digest.as_bytes()).bind(user).bind(name).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Its owner has signed in there; nothing if it has no name.
pub(super) async fn save_used(tx: &mut Tx, digest: &Digest, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_USED).bind(digest.as_bytes()).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Takes its name from a browser.
pub(super) async fn remove(tx: &mut Tx, digest: &Digest, user: UserId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE).bind(digest.as_bytes()).bind(user).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets the names of browsers that were not used for long.
pub async fn remove_old(tx: &mut Tx, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(now.minus(LASTS)).execute(c).await.map(drop))?;
    Ok(())
}
