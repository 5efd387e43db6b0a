//! The SQL of streams and of what waits in them.

use std::collections::BTreeSet;

use sqlx::QueryBuilder;
use sqlx::types::Json;

use super::model::{MAX_HELD, Method, Status, Stream};
use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::{ClientId, DeliveryId, StreamId};
use crate::kernel::time::Timestamp;
use crate::signals::claims::Content;
use crate::signals::model::State;
use crate::signals::store::push_ids;

statements! {
    INSERT = "INSERT INTO event_streams (id, client_id, method, endpoint_url, sealed_header, requested, description, status, reason, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    SAVE = "UPDATE event_streams SET method = $2, endpoint_url = $3, sealed_header = $4, requested = $5, description = $6, status = $7, reason = $8,
        updated_at = $9 WHERE id = $1";
    REMOVE = "DELETE FROM event_streams WHERE id = $1";
    FIND = "SELECT id, client_id, method, endpoint_url, sealed_header, requested, description, status, reason, created_at, updated_at
        FROM event_streams WHERE client_id = $1";
    LIST = "SELECT id, client_id, method, endpoint_url, sealed_header, requested, description, status, reason, created_at, updated_at
        FROM event_streams ORDER BY id";
    VERIFY = "UPDATE event_streams SET verified_at = $2 WHERE id = $1 AND (verified_at IS NULL OR verified_at <= $3)";
    SILENCE = "INSERT INTO event_stream_silences (stream_id, subject) VALUES ($1, $2) ON CONFLICT (stream_id, subject) DO NOTHING";
    COUNT_SILENCES = "SELECT count(*) FROM event_stream_silences WHERE stream_id = $1";
    IS_SILENT = "SELECT EXISTS (SELECT 1 FROM event_stream_silences WHERE stream_id = $1 AND subject = $2)";
    SPEAK = "DELETE FROM event_stream_silences WHERE stream_id = $1 AND subject = $2";
    SPEAK_OF_ALL = "DELETE FROM event_stream_silences WHERE stream_id = $1";
    HOLD = "UPDATE signal_deliveries SET state = 'held', leased_until = NULL, expires_at = $2
        WHERE client_id = $1 AND kind = 'stream' AND state = 'queued'";
    RELEASE = "UPDATE signal_deliveries SET state = 'queued', due_at = $2, expires_at = $3
        WHERE client_id = $1 AND kind = 'stream' AND state = 'held' AND expires_at > $2";
    DROP = "UPDATE signal_deliveries SET state = 'dropped', leased_until = NULL, finished_at = $2
        WHERE client_id = $1 AND kind = 'stream' AND state IN ('queued', 'held')";
    /// Ids follow the time.
    TRIM = "UPDATE signal_deliveries SET state = 'dropped', finished_at = $2
        WHERE client_id = $1 AND kind = 'stream' AND state = 'held' AND id <= (SELECT id FROM signal_deliveries
            WHERE client_id = $1 AND kind = 'stream' AND state = 'held' ORDER BY id DESC LIMIT 1 OFFSET $3)";
    LIST_HELD = "SELECT id, content, created_at FROM signal_deliveries
        WHERE client_id = $1 AND kind = 'stream' AND state = 'held' AND expires_at > $2 ORDER BY id LIMIT $3";
    LIST_HELD_EVENT = "SELECT id, content, created_at FROM signal_deliveries
        WHERE client_id = $1 AND kind = 'stream' AND state = 'held' AND expires_at > $2 AND content ->> 'event' = $4 ORDER BY id LIMIT $3";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: StreamId,
    client_id: ClientId,
    method: String,
    endpoint_url: Option<String>,
    sealed_header: Option<Vec<u8>>,
    requested: Option<Json<Vec<String>>>,
    description: Option<String>,
    status: String,
    reason: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl Row {
    fn into_model(self) -> db::Result<Stream> {
        Ok(Stream {
            id: self.id,
            client: self.client_id,
            method: Method::parse(&self.method).ok_or(Error::Corrupt("event_streams.method"))?,
            endpoint: self.endpoint_url,
            sealed_header: self.sealed_header,
            requested: self.requested.map(|requested| requested.0),
            description: self.description,
            status: Status::parse(&self.status).ok_or(Error::Corrupt("event_streams.status"))?,
            reason: self.reason,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// Adds a stream; a client that has one violates `event_streams (client_id)`.
pub(super) async fn insert(tx: &mut Tx, stream: &Stream) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(stream.id).bind(stream.client).bind(stream.method.as_str()).bind(&stream.endpoint).bind(&stream.sealed_header)
        .bind(stream.requested.as_ref().map(Json)).bind(&stream.description).bind(stream.status.as_str()).bind(&stream.reason)
        .bind(stream.created_at).bind(stream.updated_at).execute(c).await.map(drop))?;
    Ok(())
}

/// Writes what can change.
pub(super) async fn save(tx: &mut Tx, stream: &Stream) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE)
        .bind(stream.id).bind(stream.method.as_str()).bind(&stream.endpoint).bind(&stream.sealed_header)
        .bind(stream.requested.as_ref().map(Json)).bind(&stream.description).bind(stream.status.as_str()).bind(&stream.reason)
        .bind(stream.updated_at).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes a stream with all that hangs on it; what waits in it is dropped.
pub(super) async fn remove(tx: &mut Tx, stream: &Stream, now: Timestamp) -> db::Result<()> {
    save_dropped(tx, stream.client, now).await?;
    on!(tx, c => sqlx::query(SPEAK_OF_ALL).bind(stream.id).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(REMOVE).bind(stream.id).execute(c).await.map(drop))?;
    Ok(())
}

/// The stream of a client.
pub async fn find(tx: &mut Tx, client: ClientId) -> db::Result<Option<Stream>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(client).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// All streams: as many as there are clients that an operator lets have one.
pub(in crate::signals) async fn list(tx: &mut Tx) -> db::Result<Vec<Stream>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Notes a verification; `false` if there was one after `before`.
pub(super) async fn save_verified(
    tx: &mut Tx,
    stream: StreamId,
    (now, before): (Timestamp, Timestamp),
) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(VERIFY)
        .bind(stream).bind(now).bind(before).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Says nothing any more of whoever has this name.
pub(super) async fn save_silent(tx: &mut Tx, stream: StreamId, subject: &str) -> db::Result<()> {
    on!(tx, c => sqlx::query(SILENCE).bind(stream).bind(subject).execute(c).await.map(drop))?;
    Ok(())
}

/// Of how many nothing is said.
pub(super) async fn count_silent(tx: &mut Tx, stream: StreamId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_SILENCES).bind(stream).fetch_one(c).await)?)
}

/// Whether nothing is said of whoever has this name.
pub(in crate::signals) async fn is_silent(tx: &mut Tx, stream: StreamId, subject: &str) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query_scalar(IS_SILENT).bind(stream).bind(subject).fetch_one(c).await)?)
}

/// Speaks of them again.
pub(super) async fn remove_silent(tx: &mut Tx, stream: StreamId, subject: &str) -> db::Result<()> {
    on!(tx, c => sqlx::query(SPEAK).bind(stream).bind(subject).execute(c).await.map(drop))?;
    Ok(())
}

/// What was to be sent waits.
pub(super) async fn save_held(tx: &mut Tx, client: ClientId, until: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(HOLD).bind(client).bind(until).execute(c).await.map(drop))?;
    Ok(())
}

/// What waited is to be sent.
pub(super) async fn save_released(tx: &mut Tx, client: ClientId, now: Timestamp, until: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(RELEASE).bind(client).bind(now).bind(until).execute(c).await.map(drop))?;
    Ok(())
}

/// What waited, or was to be sent, is lost.
pub(super) async fn save_dropped(tx: &mut Tx, client: ClientId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(DROP).bind(client).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Drops the oldest of what waits where there is too much.
pub(in crate::signals) async fn save_trimmed(tx: &mut Tx, client: ClientId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(TRIM).bind(client).bind(now).bind(MAX_HELD).execute(c).await.map(drop))?;
    Ok(())
}

/// Something that waits.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its id, which is its `jti`.
    pub id: DeliveryId,
    /// What it says.
    pub content: Content,
    /// When it was queued.
    pub created_at: Timestamp,
}

/// What waits for a client, the oldest first; of one event alone if one is named.
pub(super) async fn list_held(
    tx: &mut Tx,
    client: ClientId,
    (event, limit): (Option<&str>, i64),
    now: Timestamp,
) -> db::Result<Vec<Held>> {
    let statement = if event.is_some() { LIST_HELD_EVENT } else { LIST_HELD };
    let rows: Vec<(DeliveryId, Json<Content>, Timestamp)> = on!(tx, c => {
        let query = sqlx::query_as(statement).bind(client).bind(now).bind(limit);
        match event {
            Some(event) => query.bind(event).fetch_all(c).await,
            None => query.fetch_all(c).await,
        }
    })?;
    Ok(rows.into_iter().map(|(id, content, created_at)| Held { id, content: content.0, created_at }).collect())
}

/// Of which of these names nothing is said.
pub(super) async fn list_silent(
    tx: &mut Tx,
    stream: StreamId,
    names: &BTreeSet<String>,
) -> db::Result<BTreeSet<String>> {
    let rows: Vec<String> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT subject FROM event_stream_silences WHERE stream_id = ");
        query.push_bind(stream).push(" AND subject IN ");
        push_ids(&mut query, names);
        query.build_query_scalar().fetch_all(c).await
    })?;
    Ok(rows.into_iter().collect())
}

/// What waited is over: acknowledged, refused or dropped.
pub(super) async fn save_finished(
    tx: &mut Tx,
    (client, ids): (ClientId, &BTreeSet<DeliveryId>),
    (state, answer): (State, &str),
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => {
        let mut query = QueryBuilder::new("UPDATE signal_deliveries SET state = ");
        query.push_bind(state.as_str()).push(", answer = ").push_bind(answer.to_owned()).push(", finished_at = ").push_bind(now);
        query.push(" WHERE kind = 'stream' AND state = 'held' AND client_id = ").push_bind(client).push(" AND id IN ");
        push_ids(&mut query, ids);
        query.build().execute(c).await.map(drop)
    })?;
    Ok(())
}
