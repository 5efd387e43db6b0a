//! The audit log as far as delegates see it: never outside the reader's scope (D8, DA-42).

use sqlx::{Encode, QueryBuilder, Type};
use uuid::Uuid;

use crate::audit::Kind;
use crate::audit::store::Row;
use crate::authority::{Applications, Authority, Extent, Permission, Scope};
use crate::db::{self, Tx, on};
use crate::kernel::ctx::Channel;
use crate::kernel::ids::{ApplicationId, AuditId, OrganisationId, PrincipalId};
use crate::kernel::time::Timestamp;

/// What one reader may see: per role assignment the organisations, and the applications that events are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    parts: Vec<(Extent, Applications)>,
    /// Whose accounts are in sight, where those are not all of the above.
    people: Option<Scope>,
    reader: PrincipalId,
}

impl View {
    /// What the permission to read the log reaches. An access administrator of one application does not read who got
    /// into another; nor does who sees roles and no people read who signed in. Whoever holds it for everything reads all of it.
    pub fn of(authority: &Authority, now: Timestamp) -> Self {
        let parts = authority.holding(Permission::AuditRead, now);
        let people = Scope::of_people(authority, now);
        let read = Scope::of(authority, &[Permission::AuditRead], now);
        let all = read == Scope::Everywhere || people.spans(&read);
        Self {
            parts: parts.map(|assignment| (assignment.extent, assignment.applications.clone())).collect(),
            people: Some(people).filter(|_| !all),
            reader: authority.principal,
        }
    }

    /// How many values its condition binds, at most.
    fn binds(&self) -> usize {
        let parts = self.parts.iter().map(|(_, applications)| match applications {
            Applications::All => 1,
            Applications::Only(set) => 2 * set.len() + 1,
        });
        parts.sum::<usize>()
            + self.people.as_ref().map_or(0, |people| people.anchors().len() + people.managers().len() + 1)
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
    /// Only about this person or thing; of a person or a service, also about the roles that they hold or held.
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
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
{
    if let Some(people) = &view.people {
        let own = view.reader.person().map_or(Uuid::nil(), |person| person.0);
        query.push("(e.subject_kind <> 'user' OR e.subject_id = ").push_bind(own).push(" OR ");
        people.push_condition(query, "e.organisation_id");
        query.push(") AND ");
    }
    query.push("(FALSE");
    for (extent, applications) in &view.parts {
        query.push(" OR (");
        let scope = if *extent == Extent::Everywhere { Scope::Everywhere } else { Scope::Within(vec![*extent]) };
        scope.push_condition(query, "e.organisation_id");
        if let Applications::Only(_) = applications {
            // A role may be about several applications: it says so itself.
            query.push(" AND (e.application_id IS NULL AND (e.subject_kind <> 'role_assignment' OR EXISTS (SELECT 1 FROM role_assignments r
                WHERE r.id = e.subject_id AND (r.all_applications OR EXISTS (SELECT 1 FROM role_assignment_applications x
                WHERE x.assignment_id = r.id AND ");
            applications.push_condition(query, "x.application_id");
            query.push(")))) OR ");
            applications.push_condition(query, "e.application_id");
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
    if let Some(id) = search.actor {
        query.push(" AND e.actor_id = ").push_bind(id);
    }
    if let Some(id) = search.subject {
        // What happened to somebody's roles happened to them.
        query.push(" AND e.subject_id IN (SELECT ").push_bind(id);
        query.push(" UNION ALL SELECT h.id FROM role_assignments h WHERE h.principal_id = ").push_bind(id).push(")");
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

/// Most organisations that are read one by one.
const FEW: usize = 50;

/// The organisations that one manages.
const MANAGED: &str =
    " OR (c.depth = 0 AND c.descendant_id IN (SELECT m.organisation_id FROM access_managers m WHERE m.manager_id = ";

/// Most things that one statement binds: SQLite takes 32,766 values.
const BOUND: usize = 20_000;

/// The organisations in which the events are, if they are so few that reading the newest of each along its index is less than
/// walking through everybody's until enough are met. Events of somebody or about something have an index of their own.
async fn few(tx: &mut Tx, search: &Search) -> db::Result<Option<Vec<OrganisationId>>> {
    let selective = search.actor.is_some() || search.subject.is_some();
    let extents = search.view.parts.iter().map(|(extent, _)| match extent {
        Extent::Everywhere => None,
        Extent::Subtree(node) | Extent::Country(node) => Some((*node, " OR (c.ancestor_id = ", ")")),
        Extent::Only(node) => Some((*node, " OR (c.ancestor_id = ", " AND c.depth = 0)")),
        Extent::ManagedBy(node) => Some((*node, MANAGED, "))")),
    });
    let anchors: Option<Vec<_>> = match search.organisation {
        Some(node) => Some(vec![(node, " OR (c.ancestor_id = ", ")")]),
        None => extents.collect(),
    };
    let Some(anchors) = anchors.filter(|_| !selective) else { return Ok(None) };
    let most = i64::try_from(FEW + 1).unwrap_or(i64::MAX);
    let found: Vec<OrganisationId> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT DISTINCT c.descendant_id FROM organisation_closure c WHERE FALSE");
        for (node, before, after) in anchors {
            query.push(before).push_bind(node).push(after);
        }
        query.push(" LIMIT ").push_bind(most);
        query.build_query_scalar().fetch_all(c).await
    })?;
    let bound = search.view.binds();
    Ok(Some(found).filter(|found| (1..=FEW).contains(&found.len()) && found.len() * (bound + 10) <= BOUND))
}

fn push_list<DB>(query: &mut QueryBuilder<DB>, search: &Search, places: Option<&[OrganisationId]>, limit: i64)
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
    let Some(places) = places else {
        query.push("SELECT e.* FROM audit_events e WHERE ");
        push_search(query, search, limit);
        return;
    };
    query.push("SELECT l.* FROM (");
    for (number, place) in places.iter().enumerate() {
        query.push(if number == 0 { "" } else { " UNION ALL " });
        query.push("SELECT * FROM (SELECT e.* FROM audit_events e WHERE e.organisation_id = ");
        query.push_bind(*place).push(" AND ");
        push_search(query, search, limit);
        query.push(") p");
    }
    query.push(") l ORDER BY l.at DESC, l.id DESC LIMIT ").push_bind(limit);
}

/// Events, newest first, `limit` at most.
pub async fn list(tx: &mut Tx, search: &Search, limit: i64) -> db::Result<Vec<Row>> {
    let places = few(tx, search).await?;
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("");
        push_list(&mut query, search, places.as_deref(), limit);
        query.build_query_as().persistent(false).fetch_all(c).await
    })?)
}

/// How the engine would read them, in its own words: for tests of the indexes.
pub async fn explain(tx: &mut Tx, search: &Search, limit: i64) -> db::Result<String> {
    let places = few(tx, search).await?;
    let lines: Vec<String> = match tx {
        Tx::Sqlite(inner) => {
            let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
            push_list(&mut query, search, places.as_deref(), limit);
            let rows: Vec<(i64, i64, i64, String)> = query.build_query_as().fetch_all(inner.connection()).await?;
            rows.into_iter().map(|row| row.3).collect()
        }
        Tx::Postgres(inner) => {
            let mut query = QueryBuilder::new("EXPLAIN ");
            push_list(&mut query, search, places.as_deref(), limit);
            query.build_query_scalar().fetch_all(inner.connection()).await?
        }
    };
    Ok(lines.join("\n"))
}
