//! The SQL of what targets hold of ours, as far as we know.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::model::{Held, Kind};
use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ClientId, EnvironmentId, GroupId, UserId};

statements! {
    SAVE = "INSERT INTO push_resources (client_id, kind, local_id, remote_id, digest, names) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (client_id, kind, local_id) DO UPDATE SET remote_id = excluded.remote_id, digest = excluded.digest, names = excluded.names";
    LIST_AFTER = "SELECT local_id, remote_id, digest, names FROM push_resources
        WHERE client_id = $1 AND kind = $2 AND local_id > $3 ORDER BY local_id LIMIT $4";
    COUNT = "SELECT COUNT(*) FROM push_resources WHERE client_id = $1 AND kind = $2";
    /// Whoever is in a group of the environment and not known to be there.
    LIST_MISSING = "SELECT DISTINCT m.user_id FROM memberships m JOIN groups g ON g.id = m.group_id
        WHERE g.environment_id = $2 AND m.user_id > $3
        AND NOT EXISTS (SELECT 1 FROM push_resources r WHERE r.client_id = $1 AND r.kind = 'user' AND r.local_id = m.user_id)
        ORDER BY m.user_id LIMIT $4";
    LIST_MEMBERS = "SELECT user_id FROM push_members WHERE client_id = $1 AND group_id = $2";
}

/// How many go into one statement: engines bound the number of variables.
const ROWS: usize = 100;

type Row = (Uuid, String, String, String);

fn held((local, remote, digest, names): Row) -> (Uuid, Held) {
    (local, Held { remote, digest, names })
}

/// What a target holds of these.
pub(super) async fn list(
    tx: &mut Tx,
    (client, kind): (ClientId, Kind),
    locals: &[Uuid],
) -> db::Result<BTreeMap<Uuid, Held>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT local_id, remote_id, digest, names FROM push_resources WHERE client_id = ");
        query.push_bind(client).push(" AND kind = ").push_bind(kind.as_str()).push(" AND local_id IN (NULL");
        for local in locals {
            query.push(", ").push_bind(*local);
        }
        query.push(")").build_query_as().persistent(false).fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(held).collect())
}

/// The same by the ids that they have there.
pub(super) async fn list_by_remote(
    tx: &mut Tx,
    (client, kind): (ClientId, Kind),
    remotes: &BTreeSet<String>,
) -> db::Result<BTreeMap<String, (Uuid, Held)>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT local_id, remote_id, digest, names FROM push_resources WHERE client_id = ");
        query.push_bind(client).push(" AND kind = ").push_bind(kind.as_str()).push(" AND remote_id IN (NULL");
        for remote in remotes {
            query.push(", ").push_bind(remote.clone());
        }
        query.push(")").build_query_as().persistent(false).fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(held).map(|(local, held)| (held.remote.clone(), (local, held))).collect())
}

/// What a target holds, some at a time, in the order of the ids here.
pub(super) async fn list_after(
    tx: &mut Tx,
    (client, kind): (ClientId, Kind),
    after: Uuid,
    limit: i64,
) -> db::Result<Vec<(Uuid, Held)>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_AFTER)
        .bind(client).bind(kind.as_str()).bind(after).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(held).collect())
}

/// How many a target holds.
pub async fn count(tx: &mut Tx, client: ClientId, kind: Kind) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT).bind(client).bind(kind.as_str()).fetch_one(c).await)?)
}

/// Whoever may have to be there and is not, some at a time.
pub(super) async fn list_missing(
    tx: &mut Tx,
    (client, environment): (ClientId, EnvironmentId),
    after: UserId,
    limit: i64,
) -> db::Result<Vec<UserId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_MISSING)
        .bind(client).bind(environment).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Notes what was sent.
pub(super) async fn save(tx: &mut Tx, (client, kind, local): (ClientId, Kind, Uuid), held: &Held) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE)
        .bind(client).bind(kind.as_str()).bind(local).bind(&held.remote).bind(&held.digest).bind(&held.names)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// They are not as they were sent any more: they are sent again.
pub(super) async fn save_spoilt(tx: &mut Tx, of: (ClientId, Kind), locals: &[Uuid]) -> db::Result<()> {
    of_each(tx, "UPDATE push_resources SET digest = '' WHERE client_id = ", of, locals).await
}

/// They are not there any more, and so neither is what hung on them.
pub(super) async fn remove(tx: &mut Tx, of: (ClientId, Kind), locals: &[Uuid]) -> db::Result<()> {
    let side = if of.1 == Kind::User { "user_id" } else { "group_id" };
    for some in locals.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("DELETE FROM push_members WHERE client_id = ");
            query.push_bind(of.0).push(" AND ").push(side).push(" IN (NULL");
            for local in some {
                query.push(", ").push_bind(*local);
            }
            query.push(")").build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    of_each(tx, "DELETE FROM push_resources WHERE client_id = ", of, locals).await
}

/// A statement on some resources, of which it says all up to the client.
async fn of_each(tx: &mut Tx, sql: &'static str, (client, kind): (ClientId, Kind), locals: &[Uuid]) -> db::Result<()> {
    for some in locals.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new(sql);
            query.push_bind(client).push(" AND kind = ").push_bind(kind.as_str()).push(" AND local_id IN (NULL");
            for local in some {
                query.push(", ").push_bind(*local);
            }
            query.push(")").build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// In which groups these people are there.
pub(super) async fn list_groups_of(
    tx: &mut Tx,
    client: ClientId,
    users: &[UserId],
) -> db::Result<BTreeMap<UserId, BTreeSet<GroupId>>> {
    let rows: Vec<(UserId, GroupId)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT user_id, group_id FROM push_members WHERE client_id = ");
        query.push_bind(client).push(" AND user_id IN (NULL");
        for user in users {
            query.push(", ").push_bind(*user);
        }
        query.push(")").build_query_as().persistent(false).fetch_all(c).await
    })?;
    let mut groups: BTreeMap<UserId, BTreeSet<GroupId>> = BTreeMap::new();
    for (user, group) in rows {
        groups.entry(user).or_default().insert(group);
    }
    Ok(groups)
}

/// Who is in a group there.
pub(super) async fn list_members(tx: &mut Tx, client: ClientId, group: GroupId) -> db::Result<BTreeSet<UserId>> {
    let rows: Vec<UserId> = on!(tx, c => sqlx::query_scalar(LIST_MEMBERS).bind(client).bind(group).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// Notes who is in a group there now, or not any more.
pub(super) async fn save_members(
    tx: &mut Tx,
    (client, group): (ClientId, GroupId),
    users: &[UserId],
    are_in: bool,
) -> db::Result<()> {
    for some in users.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("");
            if are_in {
                query.push("INSERT INTO push_members (client_id, user_id, group_id) ");
                query.push_values(some, |mut row, user| {
                    row.push_bind(client).push_bind(*user).push_bind(group);
                });
                query.push(" ON CONFLICT (client_id, user_id, group_id) DO NOTHING");
            } else {
                query.push("DELETE FROM push_members WHERE client_id = ").push_bind(client);
                query.push(" AND group_id = ").push_bind(group).push(" AND user_id IN (NULL");
                for user in some {
                    query.push(", ").push_bind(*user);
                }
                query.push(")");
            }
            query.build().persistent(false).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}
