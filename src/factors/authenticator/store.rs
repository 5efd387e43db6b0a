//! The SQL of authenticator apps.

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{AuthenticatorId, UserId};
use crate::kernel::time::Timestamp;

use super::Authenticator;

/// How often the first code of an app may be tried.
const TRIES: i64 = 5;

/// How many apps go into one statement.
const MANY: usize = 500;

statements! {
    INSERT = "INSERT INTO authenticators (id, user_id, name, secret, tries, created_at) VALUES ($1, $2, $3, $4, 0, $5)";
    FIND = "SELECT * FROM authenticators WHERE id = $1 AND user_id = $2";
    LIST = "SELECT * FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL ORDER BY created_at";
    RAISE = "UPDATE authenticators SET tries = tries + 1 WHERE id = $1 AND user_id = $2 AND confirmed_at IS NULL AND tries < $3 RETURNING *";
    CONFIRM = "UPDATE authenticators SET confirmed_at = $2, name = $3, last_step = $4, last_used_at = $2 WHERE id = $1 AND confirmed_at IS NULL";
    SAVE_STEP = "UPDATE authenticators SET last_step = $2, last_used_at = $3 WHERE id = $1 AND last_step < $2";
    SAVE_NAME = "UPDATE authenticators SET name = $3 WHERE id = $1 AND user_id = $2 AND confirmed_at IS NOT NULL";
    REMOVE = "DELETE FROM authenticators WHERE id = $1 AND user_id = $2";
    REMOVE_WAITING = "DELETE FROM authenticators WHERE user_id = $1 AND confirmed_at IS NULL";
    REMOVE_OLD = "DELETE FROM authenticators WHERE confirmed_at IS NULL AND created_at <= $1";
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: AuthenticatorId,
    user_id: UserId,
    name: String,
    secret: Vec<u8>,
    tries: i64,
    created_at: Timestamp,
    confirmed_at: Option<Timestamp>,
    last_step: Option<i64>,
    last_used_at: Option<Timestamp>,
}

impl From<Row> for Authenticator {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user: row.user_id,
            name: row.name,
            secret: row.secret,
            tries: row.tries,
            created_at: row.created_at,
            confirmed_at: row.confirmed_at,
            last_step: row.last_step,
            last_used_at: row.last_used_at,
        }
    }
}

/// Writes an app that waits for its first code.
pub async fn insert(tx: &mut Tx, of: &Authenticator) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(of.id).bind(of.user).bind(&of.name).bind(of.secret.as_slice()).bind(of.created_at)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Writes apps that are factors from the beginning.
pub(super) async fn insert_confirmed(tx: &mut Tx, all: &[Authenticator]) -> db::Result<()> {
    for part in all.chunks(MANY) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO authenticators (id, user_id, name, secret, tries, created_at, confirmed_at, last_step) ");
            query.push_values(part, |mut values, of| {
                values.push_bind(of.id).push_bind(of.user).push_bind(&of.name).push_bind(of.secret.as_slice())
                    .push_bind(of.tries).push_bind(of.created_at).push_bind(of.confirmed_at).push_bind(of.last_step);
            });
            query.build().persistent(part.len() == MANY).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// One app of this person, confirmed or not.
pub async fn find(tx: &mut Tx, id: AuthenticatorId, user: UserId) -> db::Result<Option<Authenticator>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).bind(user).fetch_optional(c).await)?;
    Ok(row.map(Authenticator::from))
}

/// The confirmed apps of a person, oldest first.
pub async fn list(tx: &mut Tx, user: UserId) -> db::Result<Vec<Authenticator>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).bind(user).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Authenticator::from).collect())
}

/// Counts a try of the first code before it is compared; `None` when there is none left, or nothing that waits for one.
pub async fn raise(tx: &mut Tx, id: AuthenticatorId, user: UserId) -> db::Result<Option<Authenticator>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(RAISE).bind(id).bind(user).bind(TRIES).fetch_optional(c).await)?;
    Ok(row.map(Authenticator::from))
}

/// The first code was right, at this step; `false` if somebody else was faster.
pub async fn confirm(tx: &mut Tx, id: AuthenticatorId, (name, step): (&str, i64), now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(CONFIRM).bind(id).bind(now).bind(name).bind(step).execute(c).await
        .map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Uses up the code of a step; `false` if that or a later one was used before (AU-04, AU-35).
pub async fn save_step(tx: &mut Tx, id: AuthenticatorId, step: i64, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(SAVE_STEP).bind(id).bind(step).bind(now).execute(c).await
        .map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Names an app; `false` if there is none.
pub async fn save_name(tx: &mut Tx, id: AuthenticatorId, user: UserId, name: &str) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(SAVE_NAME).bind(id).bind(user).bind(name).execute(c).await
        .map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Removes an app; `false` if there is none.
pub async fn remove(tx: &mut Tx, id: AuthenticatorId, user: UserId) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(REMOVE).bind(id).bind(user).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Removes what waits for a first code of this person.
pub async fn remove_waiting(tx: &mut Tx, user: UserId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_WAITING).bind(user).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes what has waited for a first code since before then.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
