//! Lists of role assignments and nominations as one reader sees them: the scope is in the statement, so that a page costs the same
//! however many there are elsewhere, and nothing of those is seen (D8).

use std::collections::BTreeSet;

use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::model::{RoleAssignment, State};
use super::store::{Row, with_applications};
use crate::authority::{ApplicationScope, Applications, Authority, Permission, Scope};
use crate::db::{self, Tx, on};
use crate::directory::listing::Part;
use crate::directory::{listing_store, names_store};
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

const COLUMNS: &str = "SELECT a.id, a.principal_kind, a.principal_id, a.role, a.organisation_id, a.include_sub_levels,
    a.all_applications, a.project_id, a.state, a.valid_from, a.valid_until, a.granted_by_kind, a.granted_by_id, a.granted_via,
    a.granted_at, a.waits_for_phase FROM role_assignments a WHERE ";

/// Which roles of whom a reader sees: those at organisations where they read roles, for applications that are theirs to know; and
/// those in projects (P59).
#[derive(Clone, Debug)]
pub struct Sight {
    /// For which applications roles outside of projects are read, each where.
    pub applications: ApplicationScope,
    /// For which organisations roles in projects are read.
    pub in_projects: Scope,
    /// The projects of which all roles are read.
    pub projects: BTreeSet<ProjectId>,
}

impl Sight {
    /// That of whoever holds this authority.
    pub fn of(authority: &Authority, now: Timestamp) -> Self {
        let own = authority.carrying(Permission::ProjectRead, now).filter_map(|assignment| assignment.project);
        Self {
            applications: ApplicationScope::of(authority, &[Permission::RoleRead], now),
            in_projects: Scope::of(authority, &[Permission::ProjectRead], now),
            projects: own.collect(),
        }
    }

    /// Appends the condition that the row is in sight; the columns are those of `a`.
    pub(crate) fn push<DB>(&self, query: &mut QueryBuilder<DB>)
    where
        DB: Database,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
        for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
        for<'q> ProjectId: Encode<'q, DB> + Type<DB>,
    {
        query.push("((a.project_id IS NULL AND ");
        self.push_applications(query);
        query.push(") OR (a.project_id IS NOT NULL AND (");
        self.in_projects.push_condition(query, "a.organisation_id");
        query.push(" OR a.project_id IN (NULL");
        for id in &self.projects {
            query.push(", ").push_bind(*id);
        }
        query.push("))))");
    }

    /// Of each role, leaves the applications that the reader knows of at its place (D8, DA-34); one statement for each
    /// set of applications that they read roles for.
    pub async fn show(&self, tx: &mut Tx, mut roles: Vec<RoleAssignment>) -> db::Result<Vec<RoleAssignment>> {
        let named = roles.iter().filter(|role| role.applications != Applications::All);
        let places: BTreeSet<OrganisationId> = named.map(|role| role.organisation).collect();
        let parts = self.applications.parts();
        let mut reached = Vec::with_capacity(parts.len());
        for (applications, scope) in parts.iter().filter(|_| !places.is_empty()) {
            reached.push((applications, names_store::list_inside(tx, scope, &places).await?));
        }
        for role in &mut roles {
            // Whoever sees a role in a project need not read the other roles of the place.
            let (place, anywhere) = (role.organisation, role.project.is_some());
            if let Applications::Only(set) = &mut role.applications {
                let knows = |(applications, inside): &(&Applications, BTreeSet<OrganisationId>), id| {
                    applications.contains(id) && (anywhere || inside.contains(&place))
                };
                set.retain(|id| reached.iter().any(|part| knows(part, *id)));
            }
        }
        Ok(roles)
    }

    /// [`Self::show`] of one.
    pub async fn show_one(&self, tx: &mut Tx, role: RoleAssignment) -> db::Result<RoleAssignment> {
        let shown = self.show(tx, vec![role.clone()]).await?.pop();
        Ok(shown.unwrap_or(role))
    }

    fn push_applications<DB>(&self, query: &mut QueryBuilder<DB>)
    where
        DB: Database,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
        for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    {
        query.push("(FALSE");
        for (applications, places) in self.applications.parts() {
            query.push(" OR ");
            places.push_condition(query, "a.organisation_id");
            if let Applications::Only(_) = applications {
                query.push(" AND (a.all_applications OR EXISTS (SELECT 1 FROM role_assignment_applications x WHERE x.assignment_id = a.id AND ");
                applications.push_condition(query, "x.application_id");
                query.push("))");
            }
        }
        query.push(")");
    }
}

/// Which of them are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// These.
    pub ids: Option<Vec<RoleAssignmentId>>,
    /// At this organisation.
    pub organisation: Option<OrganisationId>,
    /// Of this role.
    pub role: Option<String>,
    /// Of this person or service.
    pub principal: Option<PrincipalId>,
    /// In this state; proposed and in effect if not said.
    pub state: Option<State>,
    /// Those given later than this one.
    pub after: Option<RoleAssignmentId>,
}

/// A part of those in sight, as they are shown, that are not revoked and meet a condition on `a`, and how many there are in all.
pub async fn part(tx: &mut Tx, sight: &Sight, part: &Part) -> db::Result<(i64, Vec<RoleAssignment>)> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(COLUMNS);
        sight.push(&mut query);
        query.push(" AND a.state <> 'revoked' AND ");
        listing_store::push_part(&mut query, part, "a.id");
        query.build_query_as().fetch_all(c).await
    })?;
    let total: i64 = match part.counted {
        Some(total) => total,
        None => on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT COUNT(*) FROM role_assignments a WHERE ");
            sight.push(&mut query);
            query.push(" AND a.state <> 'revoked' AND ");
            listing_store::push(&mut query, &part.condition);
            query.build_query_scalar().fetch_one(c).await
        })?,
    };
    let found = with_applications(tx, rows).await?;
    Ok((total, sight.show(tx, found).await?))
}

/// Those in sight, as they are shown, in the order in which they were given, `limit` at most.
pub async fn list(tx: &mut Tx, sight: &Sight, wanted: &Wanted, limit: i64) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(COLUMNS);
        sight.push(&mut query);
        match wanted.state {
            Some(state) => query.push(" AND a.state = ").push_bind(state.as_str()),
            None => query.push(" AND a.state <> 'revoked'"),
        };
        if let Some(ids) = &wanted.ids {
            query.push(" AND a.id IN (NULL");
            for id in ids {
                query.push(", ").push_bind(*id);
            }
            query.push(")");
        }
        if let Some(organisation) = wanted.organisation {
            query.push(" AND a.organisation_id = ").push_bind(organisation);
        }
        if let Some(role) = &wanted.role {
            query.push(" AND a.role = ").push_bind(role.as_str());
        }
        if let Some(principal) = wanted.principal {
            query.push(" AND a.principal_kind = ").push_bind(principal.kind());
            query.push(" AND a.principal_id = ").push_bind::<Uuid>(principal.uuid());
        }
        if let Some(after) = wanted.after {
            query.push(" AND a.id > ").push_bind(after);
        }
        query.push(" ORDER BY a.id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    let found = with_applications(tx, rows).await?;
    sight.show(tx, found).await
}

/// What waits until somebody confirms it, at the places and for the applications that `reach` has: neither what `beside` is to hold nor
/// what they proposed (D11). The oldest first, `limit` at most. Whether they may confirm it is for the decision to say: here it is not
/// judged how far it reaches below.
pub async fn list_proposed(
    tx: &mut Tx,
    reach: &ApplicationScope,
    beside: PrincipalId,
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push("a.state = 'pending' AND a.waits_for_phase IS NULL AND (a.valid_until IS NULL OR a.valid_until > ");
        query.push_bind(now).push(") AND a.principal_id <> ").push_bind::<Uuid>(beside.uuid());
        query.push(" AND a.granted_by_id <> ").push_bind::<Uuid>(beside.uuid());
        // What stands still would take the place of what can be confirmed.
        query.push(" AND NOT EXISTS (SELECT 1 FROM organisation_closure s JOIN organisations u ON u.id = s.ancestor_id
            WHERE s.descendant_id = a.organisation_id AND u.status <> 'active') AND (FALSE");
        for (applications, places) in reach.parts() {
            query.push(" OR ");
            places.push_condition(&mut query, "a.organisation_id");
            if let Applications::Only(set) = applications {
                query.push(" AND NOT a.all_applications AND NOT EXISTS (SELECT 1 FROM role_assignment_applications x WHERE x.assignment_id = a.id");
                for id in set {
                    query.push(" AND x.application_id <> ").push_bind(*id);
                }
                query.push(")");
            }
        }
        query.push(") ORDER BY a.granted_at, a.id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    with_applications(tx, rows).await
}
