//! The SQL of who holds a role at one place: an organisation, a project, or an organisation within a project.

use std::collections::BTreeSet;

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::model::{Place, RoleAssignment};
use super::store::{self, Row, columns};
use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ApplicationId, OrganisationId, ProjectId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

/// Who holds the role `$1` at `$3`, at the place that the condition says.
macro_rules! holding {
    ($place:literal) => {
        concat!(
            "FROM role_assignments a JOIN users u ON u.id = a.principal_id
        WHERE a.principal_kind = 'person' AND a.role = $1 AND a.state = 'active' AND ",
            $place,
            " AND a.valid_from <= $3 AND (a.valid_until IS NULL OR a.valid_until > $3)
        AND u.active AND NOT u.blocked AND u.deleted_at IS NULL AND (u.account_expires_at IS NULL OR u.account_expires_at > $3) "
        )
    };
}

/// Each of them, for the application `$4` if one is given, and whether they can act: have taken the account over, and neither their home
/// nor the place is switched off.
macro_rules! listed {
    ($place:literal) => {
        concat!(
            "SELECT a.id, a.principal_id, (u.activated_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM organisation_closure c
            JOIN organisations o ON o.id = c.ancestor_id
            WHERE c.descendant_id IN (u.organisation_id, a.organisation_id) AND o.status <> 'active')) AS acts ",
            holding!($place),
            "AND (EXISTS (SELECT 1 FROM role_assignment_applications x WHERE x.assignment_id = a.id AND x.application_id = $4)
            OR a.all_applications OR $4 IS NULL)"
        )
    };
}

/// How many people they are, beside `$4`.
macro_rules! counted {
    ($place:literal) => {
        concat!("SELECT COUNT(DISTINCT a.principal_id) ", holding!($place), "AND a.principal_id <> $4")
    };
}

/// Still held or proposed at `$3`.
macro_rules! taken {
    () => {
        "state <> 'revoked' AND (valid_until IS NULL OR valid_until > $3)"
    };
}

statements! {
    LIST_HOLDERS = listed!("a.organisation_id = $2 AND a.project_id IS NULL");
    LIST_HOLDERS_IN_PROJECT = listed!("a.project_id = $2 AND (a.organisation_id = $5 OR $5 IS NULL)");
    COUNT_OTHERS = counted!("a.organisation_id = $2 AND a.project_id IS NULL");
    COUNT_OTHERS_IN_PROJECT = counted!("a.project_id = $2 AND (a.organisation_id = $5 OR $5 IS NULL)");
    COUNT_PLACES = concat!("SELECT COUNT(*) FROM role_assignments WHERE role = $1 AND organisation_id = $2 AND project_id IS NULL AND ", taken!());
    COUNT_PLACES_IN_PROJECT = concat!("SELECT COUNT(*) FROM role_assignments WHERE role = $1 AND project_id = $2
        AND (organisation_id = $4 OR $4 IS NULL) AND ", taken!());
    LIST_IN_PROJECT = concat!(columns!(), "WHERE project_id = $1 AND (organisation_id = $4 OR $4 IS NULL) AND ", taken!(),
        " ORDER BY role, organisation_id, granted_at, id LIMIT $2");
    LIST_IN_ORGANISATION = concat!(columns!(), "WHERE organisation_id = $1 AND ", taken!(), " ORDER BY role, granted_at, id LIMIT $2");
    LIST_OUTSIDE_PROJECTS = concat!(columns!(), "WHERE organisation_id = $1 AND project_id IS NULL AND ", taken!(), " ORDER BY role, granted_at, id LIMIT $2");
    LIST_INSIDE_PROJECTS = concat!(columns!(), "WHERE organisation_id = $1 AND project_id IS NOT NULL AND ", taken!(),
        " ORDER BY role, granted_at, id LIMIT $2");
    LIST_WAITING = concat!(columns!(), "WHERE project_id = $1 AND waits_for_phase = $2 AND state = 'pending' AND (valid_until IS NULL OR valid_until > $3)
        ORDER BY granted_at, id");
    BEGIN_PHASE = "UPDATE role_assignments SET state = 'active', waits_for_phase = NULL, valid_from = $3
        WHERE project_id = $1 AND waits_for_phase = $2 AND state = 'pending' AND (valid_until IS NULL OR valid_until > $3)";
}

/// One role that somebody holds. Who is blocked, switched off, expired or deleted holds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Holder {
    /// The assignment.
    pub id: RoleAssignmentId,
    /// Whose.
    pub principal_id: Uuid,
    /// Whether they can act now.
    pub acts: bool,
}

/// What people hold of a role at exactly this place, for `application` if one is given.
pub async fn list_holders(
    tx: &mut Tx,
    role: &str,
    place: Place,
    application: Option<ApplicationId>,
    now: Timestamp,
) -> db::Result<Vec<Holder>> {
    Ok(match place {
        Place::Organisation(organisation) => on!(tx, c => sqlx::query_as(LIST_HOLDERS)
            .bind(role).bind(organisation).bind(now).bind(application).fetch_all(c).await)?,
        Place::Project(project, organisation) => on!(tx, c => sqlx::query_as(LIST_HOLDERS_IN_PROJECT)
            .bind(role).bind(project).bind(now).bind(application).bind(organisation).fetch_all(c).await)?,
    })
}

/// How many people beside `one` hold a role at exactly this place, whether or not they have taken over their account yet.
pub async fn count_others(tx: &mut Tx, role: &str, place: Place, one: Uuid, now: Timestamp) -> db::Result<i64> {
    Ok(match place {
        Place::Organisation(organisation) => on!(tx, c => sqlx::query_scalar(COUNT_OTHERS)
            .bind(role).bind(organisation).bind(now).bind(one).fetch_one(c).await)?,
        Place::Project(project, organisation) => on!(tx, c => sqlx::query_scalar(COUNT_OTHERS_IN_PROJECT)
            .bind(role).bind(project).bind(now).bind(one).bind(organisation).fetch_one(c).await)?,
    })
}

/// How many of a role's places are taken, proposed ones included (D14).
pub async fn count_places(tx: &mut Tx, role: &str, place: Place, now: Timestamp) -> db::Result<i64> {
    Ok(match place {
        Place::Organisation(organisation) => on!(tx, c => sqlx::query_scalar(COUNT_PLACES)
            .bind(role).bind(organisation).bind(now).fetch_one(c).await)?,
        Place::Project(project, organisation) => on!(tx, c => sqlx::query_scalar(COUNT_PLACES_IN_PROJECT)
            .bind(role).bind(project).bind(now).bind(organisation).fetch_one(c).await)?,
    })
}

/// What is held or proposed within a project, by role; for one organisation if one is given; `limit` at most.
pub async fn list_in_project(
    tx: &mut Tx,
    project: ProjectId,
    organisation: Option<OrganisationId>,
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_IN_PROJECT)
        .bind(project).bind(limit).bind(now).bind(organisation).fetch_all(c).await)?;
    store::with_applications(tx, rows).await
}

/// What is held or proposed within a project for some organisations, by role; `limit` at most. What is there for others counts for nothing.
pub async fn list_for_some(
    tx: &mut Tx,
    project: ProjectId,
    organisations: &[OrganisationId],
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(concat!(columns!(), "WHERE state <> 'revoked' AND project_id = "));
        query.push_bind(project).push(" AND (valid_until IS NULL OR valid_until > ").push_bind(now);
        query.push(") AND organisation_id IN (NULL");
        for id in organisations {
            query.push(", ").push_bind(*id);
        }
        query.push(") ORDER BY role, organisation_id, granted_at, id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    store::with_applications(tx, rows).await
}

/// What people hold of some roles at exactly this organisation, outside of projects and beside one of them, by role; `limit` at most.
pub async fn list_of_roles(
    tx: &mut Tx,
    organisation: OrganisationId,
    (roles, beside): (&[String], UserId),
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(concat!(
            columns!(),
            "WHERE project_id IS NULL AND state = 'active' AND principal_kind = 'person' AND organisation_id = "
        ));
        query.push_bind(organisation).push(" AND principal_id <> ").push_bind(beside);
        query.push(" AND (valid_until IS NULL OR valid_until > ").push_bind(now).push(") AND role IN (NULL");
        for role in roles {
            query.push(", ").push_bind(role.as_str());
        }
        query.push(") ORDER BY role, granted_at, id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    store::with_applications(tx, rows).await
}

/// What is held or proposed at exactly this organisation outside of projects, by role; `limit` at most.
pub async fn list_outside_projects(
    tx: &mut Tx,
    organisation: OrganisationId,
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_OUTSIDE_PROJECTS)
        .bind(organisation).bind(limit).bind(now).fetch_all(c).await)?;
    store::with_applications(tx, rows).await
}

/// The same within its projects.
pub async fn list_inside_projects(
    tx: &mut Tx,
    organisation: OrganisationId,
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_INSIDE_PROJECTS)
        .bind(organisation).bind(limit).bind(now).fetch_all(c).await)?;
    store::with_applications(tx, rows).await
}

/// What is held or proposed at exactly this organisation, in its projects too, by role; `limit` at most.
pub async fn list_in_organisation(
    tx: &mut Tx,
    organisation: OrganisationId,
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_IN_ORGANISATION)
        .bind(organisation).bind(limit).bind(now).fetch_all(c).await)?;
    store::with_applications(tx, rows).await
}

/// Of some organisations and one more, each pair of which the second stands at or below the first.
pub(crate) async fn list_below_each_other(
    tx: &mut Tx,
    some: &BTreeSet<OrganisationId>,
    other: OrganisationId,
) -> db::Result<BTreeSet<(OrganisationId, OrganisationId)>> {
    if some.is_empty() {
        return Ok(BTreeSet::new());
    }
    let pairs: Vec<(OrganisationId, OrganisationId)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT p.ancestor_id, p.descendant_id FROM organisation_closure p WHERE (p.descendant_id = ");
        query.push_bind(other).push(" AND p.ancestor_id IN (NULL");
        for one in some {
            query.push(", ").push_bind(*one);
        }
        query.push(")) OR (p.ancestor_id = ").push_bind(other).push(" AND p.descendant_id IN (NULL");
        for one in some {
            query.push(", ").push_bind(*one);
        }
        query.push("))").build_query_as().fetch_all(c).await
    })?;
    Ok(pairs.into_iter().collect())
}

/// Pairs of assignments of one person or service, of separated roles: the first anchored in an organisation or below it, the second one
/// reaching below `to` or above it.
pub(crate) async fn list_meeting(
    tx: &mut Tx,
    (moved, to): (OrganisationId, OrganisationId),
    separated: &BTreeSet<(String, String)>,
    now: Timestamp,
) -> db::Result<Vec<(RoleAssignmentId, RoleAssignmentId)>> {
    let mut found = Vec::new();
    for held in [MET_OWN, MET_OWN_LENT, MET_LENT_OWN, MET_LENT] {
        found.extend(list_met(tx, held, (moved, to), separated, now).await?);
    }
    Ok(found)
}

/// Whose roles meet: `a` inside of what is moved, `b` above, each held by oneself or in the place of somebody else.
const MET_OWN: &str =
    "JOIN role_assignments b ON b.principal_id = a.principal_id AND b.principal_kind = a.principal_kind ";
const MET_OWN_LENT: &str =
    "JOIN deputies e ON e.deputy_id = a.principal_id AND a.principal_kind = 'person' AND e.ended_at IS NULL
    JOIN role_assignments b ON b.id = e.assignment_id ";
const MET_LENT_OWN: &str = "JOIN deputies d ON d.assignment_id = a.id AND d.ended_at IS NULL
    JOIN role_assignments b ON b.principal_id = d.deputy_id AND b.principal_kind = 'person' ";
const MET_LENT: &str = "JOIN deputies d ON d.assignment_id = a.id AND d.ended_at IS NULL
    JOIN deputies e ON e.deputy_id = d.deputy_id AND e.ended_at IS NULL JOIN role_assignments b ON b.id = e.assignment_id ";

async fn list_met(
    tx: &mut Tx,
    held: &'static str,
    (moved, to): (OrganisationId, OrganisationId),
    separated: &BTreeSet<(String, String)>,
    now: Timestamp,
) -> db::Result<Vec<(RoleAssignmentId, RoleAssignmentId)>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT a.id, b.id FROM organisation_closure p JOIN role_assignments a ON a.organisation_id = p.descendant_id ",
        );
        query.push(held).push("JOIN organisation_closure q ON q.ancestor_id = b.organisation_id
            WHERE b.include_sub_levels AND a.state <> 'revoked' AND b.state <> 'revoked' AND p.ancestor_id = ");
        if held.contains("deputies d") {
            query.push_bind(moved).push(" AND d.valid_until > ").push_bind(now);
        } else {
            query.push_bind(moved);
        }
        if held.contains("deputies e") {
            query.push(" AND e.valid_until > ").push_bind(now);
        }
        query.push(" AND q.descendant_id = ").push_bind(to);
        query.push(" AND (a.valid_until IS NULL OR a.valid_until > ").push_bind(now);
        query.push(") AND (b.valid_until IS NULL OR b.valid_until > ").push_bind(now).push(") AND (FALSE");
        for (one, other) in separated {
            query.push(" OR (a.role = ").push_bind(one.as_str()).push(" AND b.role = ").push_bind(other.as_str()).push(")");
        }
        query.push(") ORDER BY a.id, b.id").build_query_as().fetch_all(c).await
    })?)
}

/// What takes effect when a project comes to a phase.
pub async fn list_waiting(
    tx: &mut Tx,
    project: ProjectId,
    phase: &str,
    now: Timestamp,
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(LIST_WAITING).bind(project).bind(phase).bind(now).fetch_all(c).await)?;
    store::with_applications(tx, rows).await
}

/// Puts it into effect (P14).
pub async fn save_phase_begun(tx: &mut Tx, project: ProjectId, phase: &str, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(BEGIN_PHASE).bind(project).bind(phase).bind(now).execute(c).await.map(drop))?;
    Ok(())
}
