//! The SQL of organisations that manage others (I03).

use std::collections::BTreeSet;

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::time::Timestamp;

statements! {
    LIST_MANAGERS = "SELECT m.manager_id, o.name, m.added_at FROM access_managers m JOIN organisations o ON o.id = m.manager_id
        WHERE m.organisation_id = $1 ORDER BY o.name_folded, o.id";
    COUNT_MANAGERS = "SELECT COUNT(*) FROM access_managers WHERE organisation_id = $1";
    INSERT = "INSERT INTO access_managers (organisation_id, manager_id, added_at, added_by_kind, added_by_id)
        VALUES ($1, $2, $3, $4, $5)";
    /// Never the last one, whoever else is removed at the same time.
    REMOVE = "DELETE FROM access_managers WHERE organisation_id = $1 AND manager_id = $2
        AND EXISTS (SELECT 1 FROM access_managers other WHERE other.organisation_id = $1 AND other.manager_id <> $2)";
    FIND = "SELECT COUNT(*) FROM access_managers WHERE organisation_id = $1 AND manager_id = $2";
    REMOVE_OF = "DELETE FROM access_managers WHERE organisation_id = $1";
    REMOVE_BY = "DELETE FROM access_managers WHERE manager_id = $1 RETURNING organisation_id, manager_id";
    /// By one inside of a subtree of what stands at or above another place.
    LIST_FROM_BELOW = "SELECT organisation_id, manager_id FROM access_managers
        WHERE manager_id IN (SELECT c.descendant_id FROM organisation_closure c WHERE c.ancestor_id = $1)
            AND organisation_id IN (SELECT c.ancestor_id FROM organisation_closure c WHERE c.descendant_id = $2)";
    /// Of one end inside of a subtree and the other one outside.
    LIST_CROSSING = "SELECT organisation_id, manager_id FROM access_managers
        WHERE (organisation_id IN (SELECT c.descendant_id FROM organisation_closure c WHERE c.ancestor_id = $1)
            AND manager_id NOT IN (SELECT c.descendant_id FROM organisation_closure c WHERE c.ancestor_id = $1))
        OR (manager_id IN (SELECT c.descendant_id FROM organisation_closure c WHERE c.ancestor_id = $1)
            AND organisation_id NOT IN (SELECT c.descendant_id FROM organisation_closure c WHERE c.ancestor_id = $1))";
}

/// Most ids of one statement.
const MOST: usize = 500;

/// One organisation that manages another one.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AccessManager {
    /// Which.
    #[sqlx(rename = "manager_id")]
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Since when.
    pub added_at: Timestamp,
}

/// A managed organisation and one that manages it.
pub type Pair = (OrganisationId, OrganisationId);

/// Who manages an organisation, by name (I47).
pub async fn list_managers(tx: &mut Tx, organisation: OrganisationId) -> db::Result<Vec<AccessManager>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_MANAGERS).bind(organisation).fetch_all(c).await)?)
}

/// What some organisations manage, by name, `limit` at most.
pub async fn list_managed(tx: &mut Tx, by: &[OrganisationId], limit: i64) -> db::Result<Vec<OrganisationId>> {
    if by.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT o.id FROM organisations o WHERE o.id IN (SELECT m.organisation_id FROM access_managers m WHERE m.manager_id IN (NULL",
        );
        for id in by {
            query.push(", ").push_bind(*id);
        }
        query.push(")) ORDER BY o.name_folded, o.id LIMIT ").push_bind(limit);
        query.build_query_scalar().fetch_all(c).await
    })?)
}

pub(super) async fn count_managers(tx: &mut Tx, organisation: OrganisationId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_MANAGERS).bind(organisation).fetch_one(c).await)?)
}

pub(super) async fn is_managed_by(tx: &mut Tx, (organisation, manager): Pair) -> db::Result<bool> {
    let found: i64 = on!(tx, c => sqlx::query_scalar(FIND).bind(organisation).bind(manager).fetch_one(c).await)?;
    Ok(found > 0)
}

pub(super) async fn insert(
    tx: &mut Tx,
    (organisation, manager): Pair,
    (by, now): (PrincipalId, Timestamp),
) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT).bind(organisation).bind(manager).bind(now).bind(by.kind()).bind(by.uuid())
        .execute(c).await.map(drop))?;
    Ok(())
}

/// `false` if it is the last one, or none of them.
pub(super) async fn remove(tx: &mut Tx, (organisation, manager): Pair) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(REMOVE).bind(organisation).bind(manager).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Nobody manages it any more.
pub(super) async fn remove_of(tx: &mut Tx, organisation: OrganisationId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OF).bind(organisation).execute(c).await.map(drop))?;
    Ok(())
}

/// It manages nothing any more.
pub(super) async fn remove_by(tx: &mut Tx, manager: OrganisationId) -> db::Result<Vec<Pair>> {
    Ok(on!(tx, c => sqlx::query_as(REMOVE_BY).bind(manager).fetch_all(c).await)?)
}

/// What is managed inside of a subtree from outside, and the other way round.
pub(super) async fn list_crossing(tx: &mut Tx, top: OrganisationId) -> db::Result<Vec<Pair>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_CROSSING).bind(top).fetch_all(c).await)?)
}

/// What stands at or above a place and is managed from inside of a subtree.
pub(super) async fn list_from_below(tx: &mut Tx, top: OrganisationId, place: OrganisationId) -> db::Result<Vec<Pair>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_FROM_BELOW).bind(top).bind(place).fetch_all(c).await)?)
}

/// Ends some.
pub(super) async fn remove_each(tx: &mut Tx, pairs: &[Pair]) -> db::Result<()> {
    for some in pairs.chunks(MOST) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("DELETE FROM access_managers WHERE (organisation_id, manager_id) IN (");
            query.push_values(some, |mut row, pair| {
                row.push_bind(pair.0).push_bind(pair.1);
            });
            query.push(")").build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Those of some organisations that stand at or below one.
pub(super) async fn list_under(
    tx: &mut Tx,
    top: OrganisationId,
    of: &BTreeSet<OrganisationId>,
) -> db::Result<BTreeSet<OrganisationId>> {
    let of: Vec<OrganisationId> = of.iter().copied().collect();
    let mut found = BTreeSet::new();
    for some in of.chunks(MOST) {
        let rows: Vec<OrganisationId> = on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT descendant_id FROM organisation_closure WHERE ancestor_id = ");
            query.push_bind(top).push(" AND descendant_id IN (NULL");
            for id in some {
                query.push(", ").push_bind(*id);
            }
            query.push(")").build_query_scalar().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Who manages some organisations.
pub(super) async fn list_pairs(tx: &mut Tx, of: &BTreeSet<OrganisationId>) -> db::Result<Vec<Pair>> {
    let of: Vec<OrganisationId> = of.iter().copied().collect();
    let mut pairs = Vec::new();
    for some in of.chunks(MOST) {
        let rows: Vec<Pair> = on!(tx, c => {
            let mut query =
                QueryBuilder::new("SELECT organisation_id, manager_id FROM access_managers WHERE organisation_id IN (NULL");
            for id in some {
                query.push(", ").push_bind(*id);
            }
            query.push(")").build_query_as().fetch_all(c).await
        })?;
        pairs.extend(rows);
    }
    Ok(pairs)
}
