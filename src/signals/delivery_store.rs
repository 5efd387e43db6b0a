//! The SQL of what is on its way to applications.

use sqlx::QueryBuilder;
use sqlx::types::Json;

use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::{ClientId, DeliveryId};
use crate::kernel::time::Timestamp;

use super::claims::Content;
use super::model::{DeliveryKind, Sent, State};

statements! {
    ANY_DUE = "SELECT EXISTS (SELECT 1 FROM signal_deliveries WHERE state = 'queued' AND due_at <= $1)";
    /// The oldest, but not more of one client than its share: one that hangs holds up nobody else.
    LEASE = "UPDATE signal_deliveries SET leased_until = $2, attempts = attempts + 1
        WHERE state = 'queued' AND (leased_until IS NULL OR leased_until <= $1) AND id IN (SELECT id FROM (
            SELECT id, due_at, ROW_NUMBER() OVER (PARTITION BY client_id ORDER BY due_at, id) AS place FROM (
                SELECT id, client_id, due_at FROM signal_deliveries
                WHERE state = 'queued' AND due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1) AND expires_at > $1
                ORDER BY due_at LIMIT 1000) oldest) shared
            WHERE place <= $4 ORDER BY due_at, id LIMIT $3)
        RETURNING id, client_id, kind, content, attempts, created_at";
    FINISH = "UPDATE signal_deliveries SET state = $2, answer = $3, finished_at = $4, leased_until = NULL WHERE id = $1 AND state = 'queued'";
    DELAY = "UPDATE signal_deliveries SET due_at = $2, answer = $3, leased_until = NULL WHERE id = $1 AND state = 'queued'";
    /// What else waits for a client that does not answer waits as long.
    DELAY_ALL = "UPDATE signal_deliveries SET due_at = $2 WHERE client_id = $1 AND kind = $3 AND state = 'queued' AND due_at < $2 AND attempts = 0";
    EXPIRE = "UPDATE signal_deliveries SET state = 'expired', finished_at = $1, leased_until = NULL WHERE state = 'queued' AND expires_at <= $1";
    EXPIRE_HELD = "UPDATE signal_deliveries SET state = 'expired', finished_at = $1 WHERE state = 'held' AND expires_at <= $1";
    REMOVE_OLD = "DELETE FROM signal_deliveries WHERE finished_at <= $1";
    LIST_OF_CLIENT = "SELECT kind, content, state, attempts, answer, created_at, finished_at FROM signal_deliveries
        WHERE client_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2";
}

/// One delivery to be queued.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct New {
    pub(super) id: DeliveryId,
    pub(super) client: ClientId,
    pub(super) kind: DeliveryKind,
    pub(super) content: Content,
    /// In which state it begins.
    pub(super) state: State,
    /// When it is too late.
    pub(super) until: Timestamp,
}

/// A delivery taken for sending.
#[derive(Clone, Debug)]
pub(super) struct Leased {
    pub(super) id: DeliveryId,
    pub(super) client: ClientId,
    pub(super) kind: DeliveryKind,
    pub(super) content: Content,
    pub(super) attempts: i64,
    pub(super) created_at: Timestamp,
}

/// How many go into one statement: engines bound the number of variables.
const ROWS: usize = 100;

/// Queues deliveries.
pub(super) async fn insert_all(tx: &mut Tx, rows: &[New], now: Timestamp) -> db::Result<()> {
    for part in rows.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new(
                "INSERT INTO signal_deliveries (id, client_id, kind, content, state, attempts, due_at, created_at, expires_at) ",
            );
            query.push_values(part, |mut values, row| {
                values
                    .push_bind(row.id)
                    .push_bind(row.client)
                    .push_bind(row.kind.as_str())
                    .push_bind(Json(&row.content))
                    .push_bind(row.state.as_str())
                    .push("0")
                    .push_bind(now)
                    .push_bind(now)
                    .push_bind(row.until);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Whether anything is due; asked of a reader, so that an idle server writes nothing.
pub(super) async fn has_due(tx: &mut Tx, now: Timestamp) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query_scalar(ANY_DUE).bind(now).fetch_one(c).await)?)
}

type LeasedRow = (DeliveryId, ClientId, String, Json<Content>, i64, Timestamp);

/// Takes deliveries for sending, by one conditional update: no two nodes send the same one.
pub(super) async fn list_due(
    tx: &mut Tx,
    now: Timestamp,
    leased_until: Timestamp,
    (limit, share): (i64, i64),
) -> db::Result<Vec<Leased>> {
    let rows: Vec<LeasedRow> = on!(tx, c => sqlx::query_as(LEASE)
        .bind(now).bind(leased_until).bind(limit).bind(share).fetch_all(c).await)?;
    let leased = rows.into_iter().map(|(id, client, kind, content, attempts, created_at)| {
        let kind = DeliveryKind::parse(&kind).ok_or(Error::Corrupt("signal_deliveries.kind"))?;
        Ok(Leased { id, client, kind, content: content.0, attempts, created_at })
    });
    leased.collect()
}

/// It is over.
pub(super) async fn save_finished(
    tx: &mut Tx,
    id: DeliveryId,
    state: State,
    answer: &str,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(FINISH).bind(id).bind(state.as_str()).bind(answer).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// It is tried again later, and with it what else waits for the client and was not tried yet.
pub(super) async fn save_delayed(tx: &mut Tx, of: &Leased, due_at: Timestamp, answer: &str) -> db::Result<()> {
    on!(tx, c => sqlx::query(DELAY).bind(of.id).bind(due_at).bind(answer).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(DELAY_ALL).bind(of.client).bind(due_at).bind(of.kind.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// What was not taken in time is over.
pub(super) async fn save_expired(tx: &mut Tx, now: Timestamp) -> db::Result<u64> {
    Ok(on!(tx, c => sqlx::query(EXPIRE).bind(now).execute(c).await.map(|done| done.rows_affected()))?)
}

/// The same for what waited in streams: nobody is given it any more, so that there is no hurry.
pub async fn save_held_expired(tx: &mut Tx, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(EXPIRE_HELD).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes what was finished before then.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?;
    Ok(())
}

type SentRow = (String, Json<Content>, String, i64, Option<String>, Timestamp, Option<Timestamp>);

/// What was sent to a client, newest first.
pub async fn list_of_client(tx: &mut Tx, client: ClientId, limit: i64) -> db::Result<Vec<Sent>> {
    let rows: Vec<SentRow> = on!(tx, c => sqlx::query_as(LIST_OF_CLIENT).bind(client).bind(limit).fetch_all(c).await)?;
    let sent = rows.into_iter().map(|(kind, content, state, attempts, answer, created_at, finished_at)| {
        let kind = DeliveryKind::parse(&kind).ok_or(Error::Corrupt("signal_deliveries.kind"))?;
        let state = State::parse(&state).ok_or(Error::Corrupt("signal_deliveries.state"))?;
        Ok(Sent { kind, event: content.0.event, state, attempts, answer, created_at, finished_at })
    });
    sent.collect()
}
