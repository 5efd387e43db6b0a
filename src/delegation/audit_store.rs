//! The audit log as far as delegates see it: never outside the reader's scope (D8).

use sqlx::{Encode, QueryBuilder, Type};
use uuid::Uuid;

use crate::audit::Kind;
use crate::audit::store::Row;
use crate::authority::Scope;
use crate::db::{self, Tx, on};
use crate::kernel::ids::OrganisationId;
use crate::kernel::time::Timestamp;

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search {
    /// Events of other organisations are not found; those of none only by who sees everything.
    pub scope: Scope,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only before this instant.
    pub before: Option<Timestamp>,
    /// Only about this person or thing.
    pub subject: Option<Uuid>,
}

fn push_search<DB>(query: &mut QueryBuilder<DB>, search: &Search, limit: i64)
where
    DB: sqlx::Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
    for<'q> i64: Encode<'q, DB> + Type<DB>,
{
    query.push(" WHERE ");
    search.scope.push_condition(query, "e.organisation_id");
    if let Some(kind) = search.kind {
        query.push(" AND e.kind = ").push_bind(kind.as_str());
    }
    if let Some(before) = search.before {
        query.push(" AND e.at < ").push_bind(before);
    }
    if let Some(subject) = search.subject {
        query.push(" AND e.subject_id = ").push_bind(subject);
    }
    query.push(" ORDER BY e.at DESC, e.id DESC LIMIT ").push_bind(limit);
}

/// Events, newest first, `limit` at most.
pub async fn list(tx: &mut Tx, search: &Search, limit: i64) -> db::Result<Vec<Row>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT e.* FROM audit_events e");
        push_search(&mut query, search, limit);
        query.build_query_as().fetch_all(c).await
    })?)
}
