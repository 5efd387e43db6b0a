//! The SQL of pages that are merged from many organisations: where such a page ends is found by asking each organisation only
//! where its people begin, and then nobody beyond is read.
//!
//! The n-th person of each of some organisations is looked up. Sorted, the m-th of these has at least `n × m` people before it
//! or with it, so that the first `n × m` people in the order are among those up to there: a bound that any choice
//! of organisations gives, and most of them a close one.

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::search::Search;
use crate::authority::Reach;
use crate::db::{self, Tx, on};
use crate::kernel::ids::OrganisationId;

/// How far a page reaches at most.
#[derive(Debug)]
pub(super) struct Bound {
    /// What the order needs of a person: no more, so that the index of one organisation and this order holds it all.
    columns: &'static str,
    column: &'static str,
    /// Whoever has no value comes before.
    empty_first: bool,
    descending: bool,
    value: String,
}

/// How many organisations are within reach.
pub(super) async fn count_places(tx: &mut Tx, reach: &Reach) -> db::Result<i64> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT COUNT(*) FROM organisations g WHERE ");
        reach.push_members(&mut query, "g.id");
        query.build_query_scalar().fetch_one(c).await
    })?)
}

/// Where the page that ends after `rows` people ends at the latest; one in `stride` of the `places` is asked. `None`: nothing is known
/// to be enough.
pub(super) async fn bound(
    tx: &mut Tx,
    reach: &Reach,
    search: &Search,
    (places, stride): (i64, i64),
    rows: i64,
) -> db::Result<Option<Bound>> {
    let (column, nullable) = search.sort.key();
    let asked = places / stride;
    let Some(of_each) = (rows - 1).checked_div(asked) else { return Ok(None) };
    let of_all = (rows - 1) / (of_each + 1);
    let order = search.sort.order(search.descending);
    let found: Option<String> = on!(tx, c => {
        // Materialised: otherwise each organisation is asked twice, for the condition and for the order.
        let mut query = QueryBuilder::new("WITH s AS MATERIALIZED (SELECT (SELECT COALESCE(u.");
        query.push(column).push(", '') FROM users u WHERE u.organisation_id = o.id AND u.deleted_at IS NULL ORDER BY ");
        query.push(order).push(" LIMIT 1 OFFSET ").push_bind(of_each);
        query.push(") AS b FROM (SELECT g.id, ROW_NUMBER() OVER (ORDER BY g.id) AS nr FROM organisations g WHERE ");
        reach.push_members(&mut query, "g.id");
        query.push(") o WHERE o.nr % ").push_bind(stride).push(" = 0) SELECT b FROM s WHERE b IS NOT NULL ORDER BY b");
        query.push(if search.descending { " DESC" } else { "" }).push(" LIMIT 1 OFFSET ").push_bind(of_all);
        query.build_query_scalar().fetch_optional(c).await
    })?;
    // From the end, whoever has no value comes last: then the page is not known to end before them.
    let known = found.filter(|value| !(search.descending && nullable && value.is_empty()));
    let (empty_first, descending) = (nullable && !search.descending, search.descending);
    let columns = search.sort.columns();
    Ok(known.map(|value| Bound { columns, column, empty_first, descending, value }))
}

impl Bound {
    /// Everybody up to here, organisation by organisation.
    pub(super) fn push_source<DB>(&self, query: &mut QueryBuilder<DB>, reach: &Reach)
    where
        DB: Database,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
        for<'q> String: Encode<'q, DB> + Type<DB>,
    {
        query.push("(");
        if self.empty_first {
            self.push_people(query);
            query.push(self.column).push(" IS NULL AND ");
            reach.push_members(query, "u.organisation_id");
        }
        // Where the page ends among those without a value, nobody with one is looked for.
        let among_empty = self.empty_first && self.value.is_empty();
        if !among_empty {
            query.push(if self.empty_first { " UNION ALL " } else { "" });
            self.push_people(query);
            query.push(self.column).push(if self.descending { " >= " } else { " <= " });
            query.push_bind(self.value.clone()).push(" AND ");
            reach.push_members(query, "u.organisation_id");
        }
        query.push(") u WHERE TRUE");
    }

    fn push_people<DB: Database>(&self, query: &mut QueryBuilder<DB>) {
        query.push("SELECT u.number, ").push(self.columns);
        query.push(" FROM users u WHERE u.deleted_at IS NULL AND u.");
    }
}
