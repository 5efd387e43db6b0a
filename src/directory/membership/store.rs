//! The SQL of memberships. Adding or removing one touches one row, however large the group is.

use std::collections::BTreeSet;

use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::db::{self, Tx, on, statements};
use crate::directory::stored::principal;
use crate::kernel::ids::{GroupId, MembershipId, OrganisationId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

use super::model::Membership;

statements! {
    FIND = "SELECT * FROM memberships WHERE user_id = $1 AND group_id = $2";
    LIST_OF_USER = "SELECT * FROM memberships WHERE user_id = $1 ORDER BY granted_at, id";
    LIST_OF_GROUP = "SELECT * FROM memberships WHERE group_id = $1 ORDER BY user_id LIMIT $2 OFFSET $3";
    COUNT_OF_GROUP = "SELECT COUNT(*) FROM memberships WHERE group_id = $1";
    INSERT = "INSERT INTO memberships
        (id, user_id, group_id, granted_by_kind, granted_by_id, granted_via, granted_at, until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    REMOVE = "DELETE FROM memberships WHERE user_id = $1 AND group_id = $2 RETURNING *";
    KEEP = "UPDATE memberships SET kept_at = $3 WHERE user_id = $1 AND group_id = $2 AND (until IS NULL OR until > $3) RETURNING id";
    LIST_HOMES = "SELECT m.user_id, u.organisation_id FROM memberships m JOIN users u ON u.id = m.user_id
        WHERE m.group_id = $1 ORDER BY m.user_id LIMIT $2";
    REMOVE_UP_TO = "DELETE FROM memberships WHERE group_id = $1 AND user_id <= $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: MembershipId,
    user_id: UserId,
    group_id: GroupId,
    granted_by_kind: String,
    granted_by_id: Uuid,
    granted_via: Option<RoleAssignmentId>,
    granted_at: Timestamp,
    until: Option<Timestamp>,
}

impl Row {
    fn of(membership: &Membership) -> Self {
        Self {
            id: membership.id,
            user_id: membership.user,
            group_id: membership.group,
            granted_by_kind: membership.granted_by.kind().to_owned(),
            granted_by_id: membership.granted_by.uuid(),
            granted_via: membership.granted_via,
            granted_at: membership.granted_at,
            until: membership.until,
        }
    }

    fn into_model(self) -> db::Result<Membership> {
        Ok(Membership {
            id: self.id,
            user: self.user_id,
            group: self.group_id,
            granted_by: principal(&self.granted_by_kind, self.granted_by_id)?,
            granted_via: self.granted_via,
            granted_at: self.granted_at,
            until: self.until,
        })
    }

    async fn write(self, tx: &mut Tx, sql: &'static str) -> db::Result<u64> {
        Ok(on!(tx, c => sqlx::query(sql)
            .bind(self.id)
            .bind(self.user_id)
            .bind(self.group_id)
            .bind(&self.granted_by_kind)
            .bind(self.granted_by_id)
            .bind(self.granted_via)
            .bind(self.granted_at)
            .bind(self.until)
            .execute(c).await.map(|done| done.rows_affected()))?)
    }
}

/// The membership of a user in a group, ended ones included.
pub async fn find(tx: &mut Tx, user: UserId, group: GroupId) -> db::Result<Option<Membership>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(user).bind(group).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// All memberships of a user, the oldest first, ended ones included.
pub async fn list_of_user(tx: &mut Tx, user: UserId) -> db::Result<Vec<Membership>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_OF_USER).bind(user).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// One page of the memberships of a group, unfiltered: whoever shows it asks `authority` first.
pub async fn list_of_group(tx: &mut Tx, group: GroupId, limit: i64, offset: i64) -> db::Result<Vec<Membership>> {
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(LIST_OF_GROUP).bind(group).bind(limit).bind(offset).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Adds a membership; a second one of the same user and group violates `memberships(user_id, group_id)`.
pub async fn insert(tx: &mut Tx, membership: &Membership) -> db::Result<()> {
    Row::of(membership).write(tx, INSERT).await.map(drop)
}

/// Takes a membership away and says what it was; `None` if there was none.
pub async fn remove(tx: &mut Tx, user: UserId, group: GroupId) -> db::Result<Option<Membership>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(REMOVE).bind(user).bind(group).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// Notes that a membership is still needed; `false` if there is none in effect.
pub(super) async fn save_kept(tx: &mut Tx, (user, group): (UserId, GroupId), now: Timestamp) -> db::Result<bool> {
    let row: Option<(MembershipId,)> =
        on!(tx, c => sqlx::query_as(KEEP).bind(user).bind(group).bind(now).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Takes memberships of several people away.
pub(super) async fn remove_some(tx: &mut Tx, ids: &[MembershipId]) -> db::Result<()> {
    for part in ids.chunks(GROUPS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("DELETE FROM memberships WHERE id IN (NULL");
            for id in part {
                query.push(", ").push_bind(*id);
            }
            query.push(")").build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// How many groups go into one statement.
const GROUPS: usize = 1_000;

/// Takes some memberships of one user away.
pub(super) async fn remove_all(tx: &mut Tx, user: UserId, groups: &[GroupId]) -> db::Result<()> {
    for part in groups.chunks(GROUPS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("DELETE FROM memberships WHERE user_id = ");
            query.push_bind(user).push(" AND group_id IN (NULL");
            for group in part {
                query.push(", ").push_bind(*group);
            }
            query.push(")").build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// The first members of a group by id, with their home organisations.
pub(super) async fn list_homes(tx: &mut Tx, group: GroupId, limit: i64) -> db::Result<Vec<(UserId, OrganisationId)>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_HOMES).bind(group).bind(limit).fetch_all(c).await)?)
}

/// Takes the members of a group up to this one away.
pub(super) async fn remove_up_to(tx: &mut Tx, group: GroupId, last: UserId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_UP_TO).bind(group).bind(last).execute(c).await.map(drop))?;
    Ok(())
}

/// How many memberships a group has, ended ones included.
pub async fn count_of_group(tx: &mut Tx, group: GroupId) -> db::Result<u64> {
    let count: i64 = on!(tx, c => sqlx::query_scalar(COUNT_OF_GROUP).bind(group).fetch_one(c).await)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Who of these is in any group, or was and has not been taken out.
pub async fn list_placed(tx: &mut Tx, users: &[UserId]) -> db::Result<BTreeSet<UserId>> {
    if users.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found: Vec<UserId> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT DISTINCT user_id FROM memberships WHERE user_id IN (");
        let mut ids = query.separated(", ");
        for user in users {
            ids.push_bind(user);
        }
        ids.push_unseparated(")");
        query.build_query_scalar().fetch_all(c).await
    })?;
    Ok(found.into_iter().collect())
}
