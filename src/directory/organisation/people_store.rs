//! How many people are in an organisation, and in it and below it. Triggers keep the numbers, in the transaction of the change.

use std::collections::BTreeMap;

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::OrganisationId;

statements! {
    COUNT_ALL = "SELECT CAST(COALESCE(SUM(p.below), 0) AS BIGINT) FROM organisation_people p
        JOIN organisations o ON o.id = p.organisation_id WHERE o.parent_id IS NULL";
    COUNT_BELOW = "SELECT CAST(COALESCE(SUM(below), 0) AS BIGINT) FROM organisation_people WHERE organisation_id = $1";
    ADD_ABOVE = "INSERT INTO organisation_people (organisation_id, shard, here, below)
        SELECT c.ancestor_id, 0, 0, $2 FROM organisation_closure c WHERE c.descendant_id = $1 AND c.depth > 0
        ON CONFLICT (organisation_id, shard) DO UPDATE SET below = organisation_people.below + excluded.below";
}

/// Everybody.
pub async fn count_all(tx: &mut Tx) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_ALL).fetch_one(c).await)?)
}

/// Everybody in these subtrees and at these nodes; they must not overlap.
pub async fn count(tx: &mut Tx, subtrees: &[OrganisationId], nodes: &[OrganisationId]) -> db::Result<i64> {
    if subtrees.is_empty() && nodes.is_empty() {
        return Ok(0);
    }
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT CAST(COALESCE(SUM(CASE WHEN organisation_id IN (NULL");
        for id in subtrees {
            query.push(", ").push_bind(*id);
        }
        query.push(") THEN below ELSE here END), 0) AS BIGINT) FROM organisation_people WHERE organisation_id IN (NULL");
        for id in subtrees.iter().chain(nodes) {
            query.push(", ").push_bind(*id);
        }
        query.push(")").build_query_scalar().fetch_one(c).await
    })?)
}

/// How many people are at each of some organisations; those without any may be missing.
pub async fn list_here(tx: &mut Tx, ids: &[OrganisationId]) -> db::Result<BTreeMap<OrganisationId, i64>> {
    let rows: Vec<(OrganisationId, i64)> = on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT organisation_id, CAST(SUM(here) AS BIGINT) FROM organisation_people WHERE organisation_id IN (NULL",
        );
        for id in ids {
            query.push(", ").push_bind(*id);
        }
        query.push(") GROUP BY organisation_id").build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().collect())
}

/// How many people a subtree holds, before it is moved.
pub(super) async fn count_below(tx: &mut Tx, top: OrganisationId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_BELOW).bind(top).fetch_one(c).await)?)
}

/// Adds to the numbers of all organisations above one: what comes or goes with its whole subtree.
pub(super) async fn add_above(tx: &mut Tx, top: OrganisationId, people: i64) -> db::Result<()> {
    if people != 0 {
        on!(tx, c => sqlx::query(ADD_ABOVE).bind(top).bind(people).execute(c).await.map(drop))?;
    }
    Ok(())
}
