//! The SQL of the queue of messages.

use sqlx::QueryBuilder;
use sqlx::types::Json;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{MessageId, SignInId};
use crate::kernel::time::Timestamp;

use super::message::Message;
use super::outbox::Channel;

statements! {
    INSERT = "INSERT INTO messages (id, channel, recipient, locale, content, about, state, attempts, due_at, expires_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $8, 'queued', 0, $6, $7, $6)";
    LEASE = "UPDATE messages SET leased_until = $2, attempts = attempts + 1 WHERE id IN (
        SELECT id FROM messages WHERE state = 'queued' AND channel = $4 AND due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
            AND (expires_at IS NULL OR expires_at > $1)
        ORDER BY due_at, number LIMIT $3) RETURNING id, recipient, locale, content, attempts, due_at, number";
    DROP = "UPDATE messages SET state = 'dropped', recipient = NULL, content = NULL, leased_until = NULL, finished_at = $1
        WHERE state = 'queued' AND (channel = 'nothing' OR expires_at <= $1)";
    CANCEL = "UPDATE messages SET state = 'dropped', recipient = NULL, content = NULL, leased_until = NULL, finished_at = $2
        WHERE about = $1 AND state = 'queued'";
    FINISH = "UPDATE messages SET state = $2, recipient = NULL, content = NULL, leased_until = NULL, finished_at = $3
        WHERE id = $1 AND state = 'queued'";
    DELAY = "UPDATE messages SET due_at = $2, leased_until = NULL WHERE id = $1 AND state = 'queued'";
    REMOVE_OLD = "DELETE FROM messages WHERE finished_at <= $1";
}

/// A message to be queued.
pub(super) struct NewRow<'a> {
    pub(super) id: MessageId,
    pub(super) channel: Channel,
    pub(super) recipient: &'a str,
    pub(super) locale: Option<&'a str>,
    pub(super) message: &'a Message,
    pub(super) now: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
}

/// A message taken for sending.
#[derive(sqlx::FromRow)]
pub(super) struct Leased {
    pub(super) id: MessageId,
    pub(super) recipient: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) content: Option<Json<Message>>,
    pub(super) attempts: i64,
    pub(super) due_at: Timestamp,
    pub(super) number: i64,
}

pub(super) async fn insert(tx: &mut Tx, row: &NewRow<'_>) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(row.id).bind(row.channel.as_str()).bind(row.recipient).bind(row.locale).bind(Json(row.message))
        .bind(row.now).bind(row.expires_at).bind(row.message.about())
        .execute(c).await.map(drop))?;
    Ok(())
}

/// How many rows go into one statement: SQLite takes 32,766 values.
const ROWS: usize = 500;

/// Several at once.
pub(super) async fn insert_all(tx: &mut Tx, rows: &[NewRow<'_>], now: Timestamp) -> db::Result<()> {
    for part in rows.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new(
                "INSERT INTO messages (id, channel, recipient, locale, content, about, state, attempts, due_at, expires_at, created_at) ",
            );
            query.push_values(part, |mut row, new| {
                row.push_bind(new.id).push_bind(new.channel.as_str()).push_bind(new.recipient).push_bind(new.locale);
                row.push_bind(Json(new.message)).push_bind(new.message.about()).push_bind("queued").push_bind(0_i64);
                row.push_bind(new.now).push_bind(new.expires_at).push_bind(now);
            });
            query.build().persistent(part.len() == ROWS).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Takes messages for sending, in the order in which they are due. Neither engine says in which order it returns what an
/// `UPDATE` touched.
pub(super) async fn list_due(
    tx: &mut Tx,
    channel: Channel,
    now: Timestamp,
    (until, limit): (Timestamp, i64),
) -> db::Result<Vec<Leased>> {
    let mut leased: Vec<Leased> = on!(tx, c =>
        sqlx::query_as(LEASE).bind(now).bind(until).bind(limit).bind(channel.as_str()).fetch_all(c).await)?;
    leased.sort_by_key(|message| (message.due_at, message.number));
    Ok(leased)
}

pub(super) async fn save_dropped(tx: &mut Tx, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(DROP).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// What waits to be sent about a sign-in is not sent any more: its code has died (invariant 11).
pub async fn save_cancelled(tx: &mut Tx, about: SignInId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(CANCEL).bind(about).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

pub(super) async fn save_finished(tx: &mut Tx, id: MessageId, state: &str, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(FINISH).bind(id).bind(state).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

pub(super) async fn save_delayed(tx: &mut Tx, id: MessageId, due_at: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(DELAY).bind(id).bind(due_at).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes messages that were finished before then.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
