//! The SQL of what clients did lately.

use std::collections::BTreeMap;

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::model::{Habit, KEPT, Request, Tolerated, Wanted};
use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::ClientId;
use crate::kernel::time::Timestamp;

statements! {
    FIND_USE = "SELECT last_used_at FROM client_uses WHERE client_id = $1";
    SAVE_USE = "INSERT INTO client_uses (client_id, last_used_at) VALUES ($1, $2)
        ON CONFLICT (client_id) DO UPDATE SET last_used_at = excluded.last_used_at
        WHERE client_uses.last_used_at < excluded.last_used_at";
    LIST_HABITS = "SELECT habit, times, last_at FROM client_habits WHERE client_id = $1 ORDER BY last_at DESC, habit";
    SAVE_HABIT = "INSERT INTO client_habits (client_id, habit, times, last_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (client_id, habit) DO UPDATE SET times = client_habits.times + excluded.times,
            last_at = CASE WHEN client_habits.last_at < excluded.last_at THEN excluded.last_at ELSE client_habits.last_at END";
    FORGET_HABITS = "DELETE FROM client_habits WHERE last_at < $1";
    LIST = "SELECT at, method, path, status, scim_type, micros, bytes FROM client_requests
        WHERE client_id = $1 AND status >= $2 ORDER BY id DESC LIMIT $3 OFFSET $4";
    COUNT = "SELECT COUNT(*) FROM client_requests WHERE client_id = $1 AND status >= $2";
    /// Ids are made in the order of time.
    REMOVE_SURPLUS = "DELETE FROM client_requests WHERE client_id = $1 AND id <= (
        SELECT id FROM client_requests WHERE client_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)";
    REMOVE_OLD = "DELETE FROM client_requests WHERE at < $1";
}

/// How many go into one statement: engines bound the number of variables.
const ROWS: usize = 100;

/// When a client was here last.
pub async fn find_use(tx: &mut Tx, client: ClientId) -> db::Result<Option<Timestamp>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_USE).bind(client).fetch_optional(c).await)?)
}

/// When some clients were here last; those that never were are missing.
pub async fn list_uses(tx: &mut Tx, clients: &[ClientId]) -> db::Result<BTreeMap<ClientId, Timestamp>> {
    let rows: Vec<(ClientId, Timestamp)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT client_id, last_used_at FROM client_uses WHERE client_id IN (NULL");
        for client in clients {
            query.push(", ").push_bind(*client);
        }
        query.push(")").build_query_as().persistent(false).fetch_all(c).await
    })?;
    Ok(rows.into_iter().collect())
}

/// A client was here.
pub async fn save_use(tx: &mut Tx, client: ClientId, at: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_USE).bind(client).bind(at).execute(c).await.map(drop))?;
    Ok(())
}

/// What was tolerated of a client, the latest first. What a later version knows is not told.
pub async fn list_habits(tx: &mut Tx, client: ClientId) -> db::Result<Vec<Tolerated>> {
    let rows: Vec<(String, i64, Timestamp)> =
        on!(tx, c => sqlx::query_as(LIST_HABITS).bind(client).fetch_all(c).await)?;
    let known =
        |(habit, times, last_at): (String, _, _)| Some(Tolerated { habit: Habit::parse(&habit)?, times, last_at });
    Ok(rows.into_iter().filter_map(known).collect())
}

/// Adds to how often something was tolerated.
pub async fn save_habit(
    tx: &mut Tx,
    client: ClientId,
    habit: Habit,
    (times, last_at): (i64, Timestamp),
) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_HABIT)
        .bind(client).bind(habit.as_str()).bind(times).bind(last_at).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets what was tolerated last before `before`.
pub async fn forget_habits(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(FORGET_HABITS).bind(before).execute(c).await.map(drop))?;
    Ok(())
}

type Row = (Timestamp, String, String, i64, Option<String>, i64, Option<i64>);

fn least(failed: bool) -> i64 {
    if failed { 400 } else { 0 }
}

/// Requests of a client, the newest first.
pub async fn list(tx: &mut Tx, wanted: Wanted) -> db::Result<Vec<Request>> {
    let Wanted { client, failed, limit, offset } = wanted;
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST)
        .bind(client).bind(least(failed)).bind(limit).bind(offset).fetch_all(c).await)?;
    let read = |(at, method, path, status, scim_type, micros, bytes): Row| {
        let status = u16::try_from(status).map_err(|_| Error::Corrupt("client_requests.status"))?;
        Ok(Request { at, method, path, status, scim_type, micros, bytes })
    };
    rows.into_iter().map(read).collect()
}

/// How many are kept of a client.
pub async fn count(tx: &mut Tx, client: ClientId, failed: bool) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT).bind(client).bind(least(failed)).fetch_one(c).await)?)
}

/// Adds requests.
pub async fn insert_requests(tx: &mut Tx, client: ClientId, rows: &[(Uuid, &Request)]) -> db::Result<()> {
    for part in rows.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new(
                "INSERT INTO client_requests (id, client_id, at, method, path, status, scim_type, micros, bytes) ",
            );
            query.push_values(part, |mut values, (id, request)| {
                values
                    .push_bind(*id)
                    .push_bind(client)
                    .push_bind(request.at)
                    .push_bind(&request.method)
                    .push_bind(&request.path)
                    .push_bind(i64::from(request.status))
                    .push_bind(&request.scim_type)
                    .push_bind(request.micros)
                    .push_bind(request.bytes);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Removes what is more than is kept of a client.
pub async fn remove_surplus(tx: &mut Tx, client: ClientId) -> db::Result<()> {
    let kept = i64::try_from(KEPT).unwrap_or(i64::MAX);
    on!(tx, c => sqlx::query(REMOVE_SURPLUS).bind(client).bind(kept).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes requests from before `before`.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
