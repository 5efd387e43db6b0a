//! The SQL of what has to be looked at. Most of it is written by triggers (`migrations/…/0035_push.sql`, `0047_nested_later.sql`).

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::model::{Kind, Refused, Work};
use crate::db::{self, Error, Tx, on, statements};
use crate::directory::user::pushed_store;
use crate::kernel::ids::{ClientId, EnvironmentId, GroupId};
use crate::kernel::time::Timestamp;

statements! {
    /// In the order of the key: however much waits, the first are found at once.
    LIST_DUE = "SELECT local_id, mark, attempts FROM push_work WHERE client_id = $1 AND kind = $2 AND due_at <= $3
        ORDER BY local_id LIMIT $4";
    DELAY = "UPDATE push_work SET attempts = attempts + 1, due_at = $5, answer = $6
        WHERE client_id = $1 AND kind = $2 AND local_id = $3 AND mark = $4";
    HURRY = "UPDATE push_work SET due_at = 0, attempts = 0 WHERE client_id = $1";
    COUNT = "SELECT COUNT(*) FROM push_work WHERE client_id = $1";
    LIST_REFUSED = "SELECT kind, local_id, attempts, due_at, answer FROM push_work
        WHERE client_id = $1 AND attempts > 0 ORDER BY due_at, local_id LIMIT $2";
    SPREAD_MEMBERS = "INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT t.client_id, 'user', m.user_id, 1, 0, 0 FROM push_targets t, memberships m WHERE t.client_id = $1 AND m.group_id = $2
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0";
    LAPSED_MEMBERSHIPS = "INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at)
        SELECT DISTINCT t.client_id, 'user', m.user_id, 1, 0, 0 FROM push_targets t, memberships m JOIN groups g ON g.id = m.group_id
        WHERE t.client_id = $1 AND g.environment_id = $2 AND m.until > $3 AND m.until <= $4
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0";
}

/// How many go into one statement: engines bound the number of variables.
const ROWS: usize = 100;

/// Organisations and members first, because they become people; then groups, because people are put into them.
const ORDER: [Kind; 4] = [Kind::Organisation, Kind::Members, Kind::Group, Kind::User];

/// What is due.
pub(super) async fn list_due(tx: &mut Tx, client: ClientId, now: Timestamp, limit: i64) -> db::Result<Vec<Work>> {
    let mut due = Vec::new();
    for kind in ORDER {
        let rest = limit.saturating_sub(i64::try_from(due.len()).unwrap_or(limit));
        if rest == 0 {
            break;
        }
        let rows: Vec<(Uuid, i64, i64)> = on!(tx, c => sqlx::query_as(LIST_DUE)
            .bind(client).bind(kind.as_str()).bind(now).bind(rest).fetch_all(c).await)?;
        due.extend(rows.into_iter().map(|(local, mark, attempts)| Work { kind, local, mark, attempts }));
    }
    Ok(due)
}

/// They are done, but those that changed while they were being done.
pub(super) async fn remove(tx: &mut Tx, client: ClientId, done: &[&Work]) -> db::Result<()> {
    for some in done.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("DELETE FROM push_work WHERE client_id = ");
            query.push_bind(client).push(" AND (kind, local_id, mark) IN (");
            query.push_values(some, |mut row, work| {
                row.push_bind(work.kind.as_str()).push_bind(work.local).push_bind(work.mark);
            });
            query.push(")").build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// It was refused, and is tried again then.
pub(super) async fn save_delayed(
    tx: &mut Tx,
    client: ClientId,
    work: &Work,
    (due_at, answer): (Timestamp, &str),
) -> db::Result<()> {
    on!(tx, c => sqlx::query(DELAY)
        .bind(client).bind(work.kind.as_str()).bind(work.local).bind(work.mark).bind(due_at).bind(answer)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// What was refused waits no longer.
pub(super) async fn save_hurried(tx: &mut Tx, client: ClientId) -> db::Result<()> {
    on!(tx, c => sqlx::query(HURRY).bind(client).execute(c).await.map(drop))?;
    Ok(())
}

/// Has things looked at.
pub(super) async fn insert_all(tx: &mut Tx, client: ClientId, kind: Kind, locals: &[Uuid]) -> db::Result<()> {
    for some in locals.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO push_work (client_id, kind, local_id, mark, attempts, due_at) ");
            query.push_values(some, |mut row, local| {
                row.push_bind(client).push_bind(kind.as_str()).push_bind(*local).push("1").push("0").push("0");
            });
            query.push(" ON CONFLICT (client_id, kind, local_id) DO UPDATE SET mark = push_work.mark + 1, attempts = 0, due_at = 0");
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// A group went into another one, or out of it: so did everybody in it.
pub(super) async fn insert_members(tx: &mut Tx, client: ClientId, group: GroupId) -> db::Result<()> {
    on!(tx, c => sqlx::query(SPREAD_MEMBERS).bind(client).bind(group).execute(c).await.map(drop))?;
    Ok(())
}

/// What has ended by itself between two instants.
pub(super) async fn insert_lapsed(
    tx: &mut Tx,
    (client, environment): (ClientId, EnvironmentId),
    (from, to): (Timestamp, Timestamp),
) -> db::Result<()> {
    on!(tx, c => sqlx::query(LAPSED_MEMBERSHIPS)
        .bind(client).bind(environment).bind(from).bind(to).execute(c).await.map(drop))?;
    pushed_store::insert_lapsed(tx, client, (from, to)).await
}

/// How much has to be looked at.
pub async fn count(tx: &mut Tx, client: ClientId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT).bind(client).fetch_one(c).await)?)
}

/// What the application refuses, the next to be tried first.
pub async fn list_refused(tx: &mut Tx, client: ClientId, limit: i64) -> db::Result<Vec<Refused>> {
    let rows: Vec<(String, Uuid, i64, Timestamp, Option<String>)> =
        on!(tx, c => sqlx::query_as(LIST_REFUSED).bind(client).bind(limit).fetch_all(c).await)?;
    let refused = |(kind, local, attempts, due_at, answer): (String, _, _, _, Option<String>)| {
        let kind = Kind::parse(&kind).ok_or(Error::Corrupt("push_work.kind"))?;
        Ok(Refused { kind, local, attempts, due_at, answer: answer.unwrap_or_default() })
    };
    rows.into_iter().map(refused).collect()
}
