//! The SQL of what decides about who belongs to an application, for many at once.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{EnvironmentId, GroupId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;

statements! {
    COUNT_PEOPLE = "SELECT COUNT(DISTINCT m.user_id) FROM memberships m JOIN groups g ON g.id = m.group_id
        WHERE g.environment_id = $1 AND (m.until IS NULL OR m.until > $2)";
    LIST_SOME = "SELECT DISTINCT m.user_id FROM memberships m JOIN groups g ON g.id = m.group_id
        WHERE g.environment_id = $1 AND (m.until IS NULL OR m.until > $2) ORDER BY m.user_id LIMIT $3";
}

/// In which groups of an environment people are at `now`, also by way of others: not every application knows groups in groups.
pub(super) async fn list_groups(
    tx: &mut Tx,
    users: &[UserId],
    (environment, now): (EnvironmentId, Timestamp),
) -> db::Result<BTreeMap<UserId, BTreeSet<GroupId>>> {
    let rows: Vec<(UserId, GroupId)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT m.user_id, i.outer_id FROM memberships m JOIN group_closure i ON i.inner_id = m.group_id JOIN groups g ON g.id = i.outer_id WHERE g.environment_id = ");
        query.push_bind(environment).push(" AND (m.until IS NULL OR m.until > ").push_bind(now).push(") AND m.user_id IN (NULL");
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

/// The names of organisations that are in use, as all above them are.
pub(super) async fn list_living(
    tx: &mut Tx,
    organisations: &BTreeSet<OrganisationId>,
) -> db::Result<BTreeMap<OrganisationId, String>> {
    let rows: Vec<(OrganisationId, String)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT o.id, o.name FROM organisations o WHERE NOT EXISTS (
            SELECT 1 FROM organisation_closure c JOIN organisations a ON a.id = c.ancestor_id
            WHERE c.descendant_id = o.id AND a.status <> 'active') AND o.id IN (NULL");
        for organisation in organisations {
            query.push(", ").push_bind(*organisation);
        }
        query.push(")").build_query_as().persistent(false).fetch_all(c).await
    })?;
    Ok(rows.into_iter().collect())
}

/// How many people are in a group of an environment.
pub(super) async fn count_people(tx: &mut Tx, environment: EnvironmentId, now: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_PEOPLE).bind(environment).bind(now).fetch_one(c).await)?)
}

/// Some of them.
pub(super) async fn list_some(
    tx: &mut Tx,
    environment: EnvironmentId,
    limit: i64,
    now: Timestamp,
) -> db::Result<Vec<UserId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_SOME).bind(environment).bind(now).bind(limit).fetch_all(c).await)?)
}
