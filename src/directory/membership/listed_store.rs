//! Memberships in lists of people and of groups: one query per page, never one per row. What is out of the caller's sight
//! is not read (D8).

use std::collections::BTreeSet;

use sqlx::{Encode, QueryBuilder, Type};

use crate::authority::{Applications, Scope};
use crate::db::{self, Tx, on};
use crate::kernel::ids::{ApplicationId, GroupId, UserId};
use crate::kernel::time::Timestamp;

/// A group of a person as it is shown beside them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct GroupOfUser {
    /// Who.
    pub user_id: UserId,
    /// Which group.
    pub group_id: GroupId,
    /// Its name.
    pub display_name: String,
}

/// A member of a group as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Member {
    /// Of which group.
    pub group_id: GroupId,
    /// Who.
    pub user_id: UserId,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
}

/// Appends the condition that `column` is one of the applications.
pub(crate) fn push_applications<DB>(query: &mut QueryBuilder<DB>, applications: &Applications, column: &'static str)
where
    DB: sqlx::Database,
    for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
{
    let Applications::Only(set) = applications else {
        query.push("TRUE");
        return;
    };
    query.push(column).push(" IN (NULL");
    for application in set {
        query.push(", ").push_bind(*application);
    }
    query.push(")");
}

/// The live memberships of some people in groups of some applications, by code.
pub async fn list_groups(
    tx: &mut Tx,
    users: &[UserId],
    applications: &Applications,
    now: Timestamp,
) -> db::Result<Vec<GroupOfUser>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.user_id, g.id AS group_id, g.display_name FROM memberships m JOIN groups g ON g.id = m.group_id WHERE m.user_id IN (NULL",
        );
        for user in users {
            query.push(", ").push_bind(*user);
        }
        query.push(") AND (m.until IS NULL OR m.until > ").push_bind(now).push(") AND ");
        push_applications(&mut query, applications, "g.application_id");
        query.push(" ORDER BY g.code_folded");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// One stretch of the members of a group whom the caller may see, by id, behind `after`.
pub async fn list_members(
    tx: &mut Tx,
    group: GroupId,
    after: Option<UserId>,
    (scope, now): (&Scope, Timestamp),
    limit: i64,
) -> db::Result<Vec<Member>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.group_id, m.user_id, u.given_name, u.family_name FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.group_id = ",
        );
        query.push_bind(group);
        if let Some(after) = after {
            query.push(" AND m.user_id > ").push_bind(after);
        }
        query.push(" AND u.deleted_at IS NULL AND (m.until IS NULL OR m.until > ").push_bind(now).push(") AND ");
        scope.push_condition(&mut query, "u.organisation_id");
        query.push(" ORDER BY m.user_id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// At most `limit` members of several groups whom the caller may see, in no order: a whole page at once, if it is small.
pub async fn list_members_of(
    tx: &mut Tx,
    groups: &[GroupId],
    (scope, now): (&Scope, Timestamp),
    limit: i64,
) -> db::Result<Vec<Member>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.group_id, m.user_id, u.given_name, u.family_name FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.group_id IN (NULL",
        );
        for group in groups {
            query.push(", ").push_bind(*group);
        }
        query.push(") AND u.deleted_at IS NULL AND (m.until IS NULL OR m.until > ").push_bind(now).push(") AND ");
        scope.push_condition(&mut query, "u.organisation_id");
        query.push(" LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// In which groups some people are, as far as the caller may see the people (SC-03).
pub async fn list_of_named(
    tx: &mut Tx,
    users: &BTreeSet<UserId>,
    (scope, now): (&Scope, Timestamp),
) -> db::Result<Vec<(GroupId, UserId)>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.group_id, m.user_id FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.user_id IN (NULL",
        );
        for user in users {
            query.push(", ").push_bind(*user);
        }
        query.push(") AND u.deleted_at IS NULL AND (m.until IS NULL OR m.until > ").push_bind(now).push(") AND ");
        scope.push_condition(&mut query, "u.organisation_id");
        query.build_query_as().fetch_all(c).await
    })?)
}
