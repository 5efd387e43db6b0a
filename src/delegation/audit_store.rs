//! The audit log as far as delegates see it: never outside the reader's scope (D8, DA-42).

use sqlx::{Encode, QueryBuilder, Type};
use uuid::Uuid;

use crate::audit::Kind;
use crate::audit::store::Row;
use crate::authority::{Applications, Authority, Extent, Permission, Scope};
use crate::db::{self, Tx, on};
use crate::kernel::ctx::Channel;
use crate::kernel::ids::{ApplicationId, AuditId, OrganisationId};
use crate::kernel::time::Timestamp;

/// What one reader may see: per role assignment the organisations, and the applications that events are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View(Vec<(Extent, Applications)>);

impl View {
    /// What the permission to read the log reaches. An access administrator of one application does not read who got
    /// into another.
    pub fn of(authority: &Authority, now: Timestamp) -> Self {
        let held = authority.holding(Permission::AuditRead, now);
        Self(held.map(|assignment| (assignment.extent, assignment.applications.clone())).collect())
    }
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search {
    /// Events of other organisations are not found; those of none only by who sees everything.
    pub view: View,
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only through this door.
    pub channel: Option<Channel>,
    /// Only in this organisation, and those below it.
    pub organisation: Option<OrganisationId>,
    /// Only by this person or service.
    pub actor: Option<Uuid>,
    /// Only about this person or thing.
    pub subject: Option<Uuid>,
    /// Not before this instant.
    pub since: Option<Timestamp>,
    /// Only before this instant.
    pub until: Option<Timestamp>,
    /// Only older than this event: what happened in one instant is neither skipped nor repeated.
    pub after: Option<(Timestamp, AuditId)>,
}

fn push_view<DB>(query: &mut QueryBuilder<DB>, view: &View)
where
    DB: sqlx::Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
{
    query.push("(FALSE");
    for (extent, applications) in &view.0 {
        query.push(" OR (");
        let scope = if *extent == Extent::Everywhere { Scope::Everywhere } else { Scope::Within(vec![*extent]) };
        scope.push_condition(query, "e.organisation_id");
        if let Applications::Only(set) = applications {
            query.push(" AND (e.application_id IS NULL");
            for application in set {
                query.push(" OR e.application_id = ").push_bind(*application);
            }
            query.push(")");
        }
        query.push(")");
    }
    query.push(")");
}

fn push_search<DB>(query: &mut QueryBuilder<DB>, search: &Search, limit: i64)
where
    DB: sqlx::Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    for<'q> AuditId: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
    for<'q> i64: Encode<'q, DB> + Type<DB>,
{
    query.push(" WHERE ");
    push_view(query, &search.view);
    if let Some(kind) = search.kind {
        query.push(" AND e.kind = ").push_bind(kind.as_str());
    }
    if let Some(channel) = search.channel {
        query.push(" AND e.channel = ").push_bind(channel.as_str());
    }
    if let Some(organisation) = search.organisation {
        query.push(" AND EXISTS (SELECT 1 FROM organisation_closure oc WHERE oc.descendant_id = e.organisation_id");
        query.push(" AND oc.ancestor_id = ").push_bind(organisation).push(")");
    }
    for (column, id) in [(" AND e.actor_id = ", search.actor), (" AND e.subject_id = ", search.subject)] {
        if let Some(id) = id {
            query.push(column).push_bind(id);
        }
    }
    for (column, at) in [(" AND e.at >= ", search.since), (" AND e.at < ", search.until)] {
        if let Some(at) = at {
            query.push(column).push_bind(at);
        }
    }
    if let Some((at, id)) = search.after {
        query.push(" AND (e.at, e.id) < (").push_bind(at).push(", ").push_bind(id).push(")");
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
