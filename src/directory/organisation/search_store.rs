//! Lists of organisations: named, paged, counted, and never outside the searcher's scope (D8).

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::model::{Organisation, Status};
use crate::authority::Scope;
use crate::db::{self, Error, Tx, on, statements};
use crate::directory::listing::Part;
use crate::directory::listing_store;
use crate::kernel::ids::OrganisationId;
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

statements! {
    /// Stops counting where the answer is "more than that" anyway.
    COUNT_BELOW = "SELECT COUNT(*) FROM (SELECT 1 FROM organisation_closure WHERE ancestor_id = $1 LIMIT $2) x";
}

/// What is searched for.
#[derive(Clone, Debug)]
pub struct Search {
    /// Nothing outside of it is found or counted.
    pub scope: Scope,
    /// Part of the name; empty for any.
    pub name: String,
    /// Only directly below this one.
    pub parent: Option<OrganisationId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: OrganisationId,
    parent_id: Option<OrganisationId>,
    name: String,
    country: Option<String>,
    lei: Option<String>,
    external_id: Option<String>,
    status: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl Row {
    fn into_model(self) -> db::Result<Organisation> {
        Ok(Organisation {
            id: self.id,
            parent: self.parent_id,
            name: self.name,
            country: self.country,
            lei: self.lei,
            external_id: self.external_id,
            status: Status::parse(&self.status).ok_or(Error::Corrupt("organisations.status"))?,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        })
    }
}

fn push_search<DB>(query: &mut QueryBuilder<DB>, search: &Search)
where
    DB: sqlx::Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    query.push(" FROM organisations o WHERE o.status <> 'deleted' AND ");
    search.scope.push_condition(query, "o.id");
    if let Some(parent) = search.parent {
        query.push(" AND o.parent_id = ").push_bind(parent);
    }
    // No name holds one, and PostgreSQL takes none.
    let name = fold(&search.name).replace('\0', "");
    if !name.is_empty() {
        let pattern = format!("%{}%", name.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        query.push(" AND o.name_folded LIKE ").push_bind(pattern).push(" ESCAPE '\\'");
    }
}

/// One page of organisations, by name.
pub async fn list(tx: &mut Tx, search: &Search, limit: i64, offset: i64) -> db::Result<Vec<Organisation>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT o.*");
        push_search(&mut query, search);
        query.push(" ORDER BY o.name_folded, o.id LIMIT ").push_bind(limit).push(" OFFSET ").push_bind(offset);
        query.build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Organisations in use below the one at the top, by name, `limit` at most: neither they nor any above them is switched off.
pub async fn list_active(tx: &mut Tx, search: &Search, limit: i64) -> db::Result<Vec<Organisation>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT o.*");
        push_search(&mut query, search);
        query.push(
            " AND o.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM organisation_closure u JOIN organisations a ON a.id = u.ancestor_id
             WHERE u.descendant_id = o.id AND a.status <> 'active') ORDER BY o.name_folded, o.id LIMIT ",
        );
        query.push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Those of some organisations that are inside a scope, by name.
pub async fn list_within(tx: &mut Tx, scope: &Scope, ids: &[OrganisationId]) -> db::Result<Vec<Organisation>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT o.* FROM organisations o WHERE o.status <> 'deleted' AND o.id IN (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        query.push(") AND ");
        scope.push_condition(&mut query, "o.id");
        query.push(" ORDER BY o.name_folded, o.id");
        query.build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(Row::into_model).collect()
}

/// A part of those in a scope that meet a condition on `o`, and how many there are in all.
pub async fn part(tx: &mut Tx, scope: &Scope, part: &Part) -> db::Result<(i64, Vec<Organisation>)> {
    let everything = Search { scope: scope.clone(), name: String::new(), parent: None };
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT o.*");
        push_search(&mut query, &everything);
        query.push(" AND ");
        listing_store::push_part(&mut query, part, "o.id");
        query.build_query_as().fetch_all(c).await
    })?;
    let total: i64 = match part.counted {
        Some(total) => total,
        None => on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT COUNT(*)");
            push_search(&mut query, &everything);
            query.push(" AND ");
            listing_store::push(&mut query, &part.condition);
            query.build_query_scalar().fetch_one(c).await
        })?,
    };
    Ok((total, rows.into_iter().map(Row::into_model).collect::<db::Result<_>>()?))
}

/// Some organisations, those that are gone left out.
pub async fn list_some(tx: &mut Tx, ids: &BTreeSet<Uuid>) -> db::Result<Vec<Organisation>> {
    let mut found = Vec::new();
    let ids: Vec<OrganisationId> = ids.iter().map(|id| OrganisationId(*id)).collect();
    for some in ids.chunks(500) {
        let rows: Vec<Row> = on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT o.* FROM organisations o WHERE o.status <> 'deleted' AND o.id IN (NULL");
            for id in some {
                query.push(", ").push_bind(*id);
            }
            query.push(")").build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    found.into_iter().map(Row::into_model).collect()
}

/// How many organisations there are in all.
pub async fn count(tx: &mut Tx, search: &Search) -> db::Result<u64> {
    let count: i64 = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT COUNT(*)");
        push_search(&mut query, search);
        query.build_query_scalar().fetch_one(c).await
    })?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The organisations at or above each of some, inside the scope, from the top down: where a level stands, as far as its
/// reader may know (D8).
pub async fn list_places(
    tx: &mut Tx,
    scope: &Scope,
    ids: &[OrganisationId],
) -> db::Result<BTreeMap<OrganisationId, Vec<String>>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(OrganisationId, String)> = on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT pc.descendant_id, o.name FROM organisation_closure pc JOIN organisations o ON o.id = pc.ancestor_id WHERE pc.descendant_id IN (",
        );
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        query.push(") AND ");
        scope.push_condition(&mut query, "o.id");
        query.push(" ORDER BY pc.descendant_id, pc.depth DESC");
        query.build_query_as().fetch_all(c).await
    })?;
    let mut places: BTreeMap<OrganisationId, Vec<String>> = BTreeMap::new();
    for (id, name) in rows {
        places.entry(id).or_default().push(name);
    }
    Ok(places)
}

/// How many organisations there are at and below one; never more than `most`, so that it is as fast in a large tree.
pub async fn count_below(tx: &mut Tx, id: OrganisationId, most: i64) -> db::Result<usize> {
    let count: i64 = on!(tx, c => sqlx::query_scalar(COUNT_BELOW).bind(id).bind(most).fetch_one(c).await)?;
    Ok(usize::try_from(count).unwrap_or(0))
}
