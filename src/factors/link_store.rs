//! The SQL of links sent by mail.

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

use super::links::Purpose;

statements! {
    INSERT = "INSERT INTO one_time_links (purpose, digest, user_id, created_at, expires_at, address) VALUES ($1, $2, $3, $4, $5, $6)";
    FIND = "SELECT user_id FROM one_time_links WHERE purpose = $1 AND digest = $2 AND used_at IS NULL AND expires_at > $3 AND user_id IS NOT NULL";
    CONSUME = "UPDATE one_time_links SET used_at = $3 WHERE purpose = $1 AND digest = $2 AND used_at IS NULL AND expires_at > $3
        AND user_id IS NOT NULL RETURNING user_id";
    FIND_ADDRESS = "SELECT user_id, address FROM one_time_links WHERE purpose = $1 AND digest = $2 AND used_at IS NULL AND expires_at > $3
        AND user_id IS NOT NULL AND address IS NOT NULL";
    CONSUME_ADDRESS = "UPDATE one_time_links SET used_at = $3 WHERE purpose = $1 AND digest = $2 AND used_at IS NULL AND expires_at > $3
        AND user_id = $4 AND address IS NOT NULL RETURNING address";
    REMOVE_OF = "DELETE FROM one_time_links WHERE purpose = $1 AND user_id = $2";
    REMOVE_ALL = "DELETE FROM one_time_links WHERE user_id = $1";
    REMOVE_OLD = "DELETE FROM one_time_links WHERE expires_at <= $1";
}

pub(super) async fn insert(
    tx: &mut Tx,
    purpose: Purpose,
    token: &Digest,
    (user, address): (Option<UserId>, Option<&str>),
    (from, until): (Timestamp, Timestamp),
) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT).bind(purpose.as_str()).bind(token.as_bytes()).bind(user).bind(from).bind(until)
        .bind(address).execute(c).await.map(drop))?;
    Ok(())
}

/// How many rows go into one statement: SQLite takes 32,766 values.
const ROWS: usize = 500;

/// Adds links of many people who have none.
pub(super) async fn insert_all(
    tx: &mut Tx,
    purpose: Purpose,
    links: &[(UserId, Digest)],
    (from, until): (Timestamp, Timestamp),
) -> db::Result<()> {
    for part in links.chunks(ROWS) {
        on!(tx, c => {
            let mut query =
                QueryBuilder::new("INSERT INTO one_time_links (purpose, digest, user_id, created_at, expires_at) ");
            query.push_values(part, |mut row, (user, token)| {
                row.push_bind(purpose.as_str()).push_bind(token.as_bytes()).push_bind(*user);
                row.push_bind(from).push_bind(until);
            });
            query.build().persistent(part.len() == ROWS).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Whose link it is, and what they are to prove by it.
pub(super) async fn find_address(
    tx: &mut Tx,
    purpose: Purpose,
    token: &Digest,
    now: Timestamp,
) -> db::Result<Option<(UserId, String)>> {
    Ok(
        on!(tx, c => sqlx::query_as(FIND_ADDRESS).bind(purpose.as_str()).bind(token.as_bytes()).bind(now).fetch_optional(c).await)?,
    )
}

/// Uses up a link of this user, and says what they have proved by it.
pub(super) async fn consume_address(
    tx: &mut Tx,
    (purpose, token): (Purpose, &Digest),
    user: UserId,
    now: Timestamp,
) -> db::Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(CONSUME_ADDRESS)
        .bind(purpose.as_str()).bind(token.as_bytes()).bind(now).bind(user).fetch_optional(c).await)?)
}

pub(super) async fn find(tx: &mut Tx, purpose: Purpose, token: &Digest, now: Timestamp) -> db::Result<Option<UserId>> {
    Ok(
        on!(tx, c => sqlx::query_scalar(FIND).bind(purpose.as_str()).bind(token.as_bytes()).bind(now).fetch_optional(c).await)?,
    )
}

pub(super) async fn consume(
    tx: &mut Tx,
    purpose: Purpose,
    token: &Digest,
    now: Timestamp,
) -> db::Result<Option<UserId>> {
    Ok(
        on!(tx, c => sqlx::query_scalar(CONSUME).bind(purpose.as_str()).bind(token.as_bytes()).bind(now).fetch_optional(c).await)?,
    )
}

/// The links of one purpose die: what they were for is settled.
pub async fn remove_of(tx: &mut Tx, purpose: Purpose, user: UserId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OF).bind(purpose.as_str()).bind(user).execute(c).await.map(drop))?;
    Ok(())
}

/// All links of a person die: after every change of credentials (AU-26).
pub async fn remove_all(tx: &mut Tx, user: UserId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_ALL).bind(user).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes links that can no longer be used.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
