//! Memberships in lists of people and of groups: one query per page, never one per row. What is out of the caller's sight
//! is not read (D8).

use std::collections::BTreeSet;

use sqlx::QueryBuilder;

use super::sight::Sight;
use crate::db::{self, Tx, on};
use crate::kernel::ids::{GroupId, UserId};

/// A group of a person as it is shown beside them.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct GroupOfUser {
    /// Who.
    pub user_id: UserId,
    /// Which group.
    pub group_id: GroupId,
    /// Its name.
    pub display_name: String,
    /// Whether they were put into it themselves, and not only into a group in it.
    pub direct: bool,
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

/// The groups of some people that the caller sees, by code, each once.
pub async fn list_groups(tx: &mut Tx, users: &[UserId], sight: Sight<'_>) -> db::Result<Vec<GroupOfUser>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let mut groups: Vec<GroupOfUser> = on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.user_id, g.id AS group_id, g.display_name, i.inner_id = i.outer_id AS direct FROM memberships m JOIN group_closure i ON i.inner_id = m.group_id JOIN groups g ON g.id = i.outer_id JOIN users u ON u.id = m.user_id WHERE m.user_id IN (NULL",
        );
        for user in users {
            query.push(", ").push_bind(*user);
        }
        query.push(") AND ");
        sight.push_condition(&mut query);
        query.push(" ORDER BY g.code_folded, m.user_id, direct DESC");
        query.build_query_as().fetch_all(c).await
    })?;
    groups.dedup_by_key(|one| (one.user_id, one.group_id));
    Ok(groups)
}

/// One stretch of the members of a group whom the caller may see, by id, behind `after`.
pub async fn list_members(
    tx: &mut Tx,
    group: GroupId,
    after: Option<UserId>,
    sight: Sight<'_>,
    limit: i64,
) -> db::Result<Vec<Member>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.group_id, m.user_id, u.given_name, u.family_name FROM memberships m JOIN groups g ON g.id = m.group_id JOIN users u ON u.id = m.user_id WHERE m.group_id = ",
        );
        query.push_bind(group);
        if let Some(after) = after {
            query.push(" AND m.user_id > ").push_bind(after);
        }
        query.push(" AND ");
        sight.push_condition(&mut query);
        query.push(" ORDER BY m.user_id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// At most `limit` members of several groups whom the caller may see, in no order: a whole page at once, if it is small.
pub async fn list_members_of(tx: &mut Tx, groups: &[GroupId], sight: Sight<'_>, limit: i64) -> db::Result<Vec<Member>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.group_id, m.user_id, u.given_name, u.family_name FROM memberships m JOIN groups g ON g.id = m.group_id JOIN users u ON u.id = m.user_id WHERE m.group_id IN (NULL",
        );
        for group in groups {
            query.push(", ").push_bind(*group);
        }
        query.push(") AND ");
        sight.push_condition(&mut query);
        query.push(" LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// In which groups some people are, as far as the caller sees that (SC-03).
pub async fn list_of_named(
    tx: &mut Tx,
    users: &BTreeSet<UserId>,
    sight: Sight<'_>,
) -> db::Result<Vec<(GroupId, UserId)>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.group_id, m.user_id FROM memberships m JOIN groups g ON g.id = m.group_id JOIN users u ON u.id = m.user_id WHERE m.user_id IN (NULL",
        );
        for user in users {
            query.push(", ").push_bind(*user);
        }
        query.push(") AND ");
        sight.push_condition(&mut query);
        query.build_query_as().fetch_all(c).await
    })?)
}
