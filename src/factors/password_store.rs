//! The SQL of password hashes.

use sqlx::QueryBuilder;

use super::foreign_hash::ForeignHash;
use super::foreign_hash::schemes::Share;
use super::password::is_ours;
use crate::db::{self, Tx, on, statements};
use crate::directory::user;
use crate::kernel::ids::UserId;
use crate::kernel::time::Timestamp;

/// How many rows go into one statement.
const ROWS: usize = 500;

statements! {
    FIND = "SELECT hash FROM passwords WHERE user_id = $1";
    SAVE = "INSERT INTO passwords (user_id, hash, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at,
        reminded_days = NULL, scheme = NULL";
    REPLACE = "UPDATE passwords SET hash = $3, scheme = NULL WHERE user_id = $1 AND hash = $2";
    LIST_SCHEMES = "SELECT COUNT(*), MIN(hash) FROM passwords WHERE scheme IS NOT NULL GROUP BY scheme ORDER BY scheme";
    COUNT = "SELECT COUNT(*) FROM passwords";
    LIST_USED = "SELECT hash FROM (SELECT hash, changed_at AS at, 0 AS nr FROM passwords WHERE user_id = $1
        UNION ALL SELECT hash, replaced_at AS at, 1 AS nr FROM password_history WHERE user_id = $1) used ORDER BY nr, at DESC, hash LIMIT $2";
    KEEP = "INSERT INTO password_history (user_id, hash, replaced_at) SELECT user_id, hash, $2 FROM passwords WHERE user_id = $1
        ON CONFLICT (user_id, hash) DO NOTHING";
    FORGET = "DELETE FROM password_history WHERE user_id = $1 AND hash NOT IN
        (SELECT h.hash FROM password_history h WHERE h.user_id = $1 ORDER BY h.replaced_at DESC, h.hash LIMIT $2)";
}

/// The hash of a person's password.
pub async fn find(tx: &mut Tx, user: UserId) -> db::Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND).bind(user).fetch_optional(c).await)?)
}

/// Sets or replaces a person's password hash.
pub async fn save(tx: &mut Tx, user: UserId, hash: &str, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE).bind(user).bind(hash).bind(now).execute(c).await.map(drop))?;
    user::store::save_password_changed(tx, user, now).await
}

/// Replaces a hash by one of the same password, if it still is the stored one. How old the password is does not change.
pub async fn replace(tx: &mut Tx, user: UserId, (stored, fresh): (&str, &str)) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REPLACE).bind(user).bind(stored).bind(fresh).execute(c).await.map(drop))?)
}

/// Stores what others hashed, of people who have no password here.
pub async fn insert_foreign(tx: &mut Tx, hashes: &[(UserId, &ForeignHash)], now: Timestamp) -> db::Result<()> {
    for part in hashes.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO passwords (user_id, hash, changed_at, scheme) ");
            query.push_values(part, |mut values, (user, hash)| {
                let text = hash.to_string();
                let scheme = (!is_ours(&text)).then(|| hash.scheme());
                values.push_bind(user).push_bind(text).push_bind(now).push_bind(scheme);
            });
            query.build().persistent(part.len() == ROWS).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// How many passwords there are, and of each scheme that is not ours how many, with one of them.
pub(super) async fn list_schemes(tx: &mut Tx) -> db::Result<(u64, Vec<Share>)> {
    let foreign: Vec<(i64, String)> = on!(tx, c => sqlx::query_as(LIST_SCHEMES).fetch_all(c).await)?;
    if foreign.is_empty() {
        return Ok((0, Vec::new()));
    }
    let all: i64 = on!(tx, c => sqlx::query_scalar(COUNT).fetch_one(c).await)?;
    let number = |count: i64| u64::try_from(count).unwrap_or(0);
    Ok((number(all), foreign.into_iter().map(|(count, sample)| Share { count: number(count), sample }).collect()))
}

/// The hashes of the last passwords of a person, the present one first.
pub(super) async fn list_used(tx: &mut Tx, user: UserId, most: u32) -> db::Result<Vec<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_USED).bind(user).bind(i64::from(most)).fetch_all(c).await)?)
}

/// Remembers the present password as a former one, with as many as `most` in all.
pub(super) async fn keep(tx: &mut Tx, user: UserId, most: u32, now: Timestamp) -> db::Result<()> {
    if most > 0 {
        on!(tx, c => sqlx::query(KEEP).bind(user).bind(now).execute(c).await.map(drop))?;
    }
    on!(tx, c => sqlx::query(FORGET).bind(user).bind(i64::from(most)).execute(c).await.map(drop))?;
    Ok(())
}
