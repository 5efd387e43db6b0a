//! The SQL of role assignments. They are never deleted: revoking is a change of state.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::model::{RoleAssignment, State};
use crate::authority::Applications;
use crate::db::{self, Error, Tx, on, statements};
use crate::directory::stored::principal;
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// The columns of a role assignment.
macro_rules! columns {
    () => {
        "SELECT id, principal_kind, principal_id, role, organisation_id, include_sub_levels, all_applications, project_id, state,
        valid_from, valid_until, granted_by_kind, granted_by_id, granted_via, granted_at, waits_for_phase FROM role_assignments "
    };
}
pub(super) use columns;

/// The same, joined with something else.
macro_rules! joined {
    () => {
        "SELECT a.id, a.principal_kind, a.principal_id, a.role, a.organisation_id, a.include_sub_levels, a.all_applications,
        a.project_id, a.state, a.valid_from, a.valid_until, a.granted_by_kind, a.granted_by_id, a.granted_via, a.granted_at,
        a.waits_for_phase FROM role_assignments a "
    };
}

statements! {
    FIND = concat!(columns!(), "WHERE id = $1");
    LIST_OF_PRINCIPAL = concat!(columns!(), "WHERE principal_id = $1 AND principal_kind = $2 AND state <> 'revoked' ORDER BY granted_at, id");
    COUNT_GIVEN = "SELECT COUNT(*) FROM role_assignments WHERE organisation_id = $1 AND role = $2 AND granted_by_id = $3 AND granted_at > $4";
    LIST_UNDER = concat!(joined!(), "JOIN organisation_closure c ON c.descendant_id = a.organisation_id
        WHERE c.ancestor_id = $1 AND a.state = $2 ORDER BY a.granted_at, a.id LIMIT $3");
    LIST_COVERING = concat!(joined!(), "JOIN organisation_closure c ON c.ancestor_id = a.organisation_id
        WHERE c.descendant_id = $1 AND a.role = $2 AND a.state = 'active' AND a.project_id IS NULL AND (a.include_sub_levels OR c.depth = 0)
        AND a.valid_from <= $3 AND (a.valid_until IS NULL OR a.valid_until > $3) ORDER BY c.depth, a.granted_at, a.id LIMIT $4");
    LIST_CODES = "SELECT DISTINCT role FROM role_assignments WHERE state = 'active'
        AND valid_from <= $1 AND (valid_until IS NULL OR valid_until > $1) ORDER BY role";
    LIST_AT = concat!(columns!(), "WHERE organisation_id = $1 AND project_id IS NULL AND state = $2 ORDER BY role, granted_at, id LIMIT $3");
    LIST_REACHING = concat!(joined!(), "JOIN organisation_closure c ON c.ancestor_id = a.organisation_id
        WHERE c.descendant_id = $1 AND a.state = 'active' AND a.include_sub_levels
        AND (a.valid_until IS NULL OR a.valid_until > $2) ORDER BY c.depth, a.granted_at, a.id");
    LIST_MANAGING = concat!(columns!(), "WHERE organisation_id IN (SELECT m.manager_id FROM access_managers m WHERE m.organisation_id = $1)
        AND project_id IS NULL AND state = 'active' AND (valid_until IS NULL OR valid_until > $2) ORDER BY granted_at, id LIMIT $3");
    LIST_PRINCIPALS_REACHING = "WITH place (id, depth) AS (SELECT c.ancestor_id, c.depth FROM organisation_closure c WHERE c.descendant_id = $1
        UNION ALL SELECT m.manager_id, 0 FROM access_managers m WHERE m.organisation_id = $1
        UNION ALL SELECT m.manager_id, 0 FROM access_managers m JOIN organisation_closure d ON d.descendant_id = m.manager_id
        JOIN organisation_closure u ON u.ancestor_id = d.ancestor_id AND u.descendant_id = $1
        JOIN organisations k ON k.id = d.ancestor_id JOIN organisations r ON r.id = k.parent_id WHERE r.parent_id IS NULL),
        held AS (SELECT a.id, a.principal_kind, a.principal_id FROM place p JOIN role_assignments a ON a.organisation_id = p.id
        WHERE (a.include_sub_levels OR p.depth = 0) AND a.state = 'active' AND a.valid_from <= $2
        AND (a.valid_until IS NULL OR a.valid_until > $2))
        SELECT h.principal_kind, h.principal_id FROM held h UNION SELECT 'person', d.deputy_id FROM deputies d JOIN held h ON h.id = d.assignment_id
        WHERE d.ended_at IS NULL AND d.valid_from <= $2 AND d.valid_until > $2 ORDER BY 1, 2 LIMIT $3 OFFSET $4";
    LIST_OF_ROLE = concat!(columns!(), "WHERE role = $1 AND state = 'active' AND (valid_until IS NULL OR valid_until > $2) ORDER BY organisation_id, granted_at, id LIMIT $3");
    LIST_APPLICATIONS = "SELECT application_id FROM role_assignment_applications WHERE assignment_id = $1";
    LIST_APPLICATIONS_OF_PRINCIPAL = "SELECT x.assignment_id, x.application_id FROM role_assignment_applications x
        JOIN role_assignments a ON a.id = x.assignment_id WHERE a.principal_id = $1 AND a.principal_kind = $2";
    INSERT = "INSERT INTO role_assignments (id, principal_kind, principal_id, role, organisation_id, include_sub_levels,
        all_applications, state, valid_from, valid_until, granted_by_kind, granted_by_id, granted_via, granted_at, project_id,
        waits_for_phase) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    INSERT_APPLICATION = "INSERT INTO role_assignment_applications (assignment_id, application_id) VALUES ($1, $2)";
    CONFIRM = "UPDATE role_assignments SET state = 'active', confirmed_by_kind = $2, confirmed_by_id = $3, confirmed_at = $4
        WHERE id = $1 AND state = 'pending' RETURNING id";
    REVOKE = "UPDATE role_assignments SET state = 'revoked', revoked_by_kind = $2, revoked_by_id = $3, revoked_at = $4, reason = $5
        WHERE id = $1 AND state <> 'revoked' RETURNING id";
}

/// A stored line.
#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: RoleAssignmentId,
    principal_kind: String,
    principal_id: Uuid,
    role: String,
    organisation_id: OrganisationId,
    include_sub_levels: bool,
    all_applications: bool,
    project_id: Option<ProjectId>,
    state: String,
    valid_from: Timestamp,
    valid_until: Option<Timestamp>,
    granted_by_kind: String,
    granted_by_id: Uuid,
    granted_via: Option<RoleAssignmentId>,
    granted_at: Timestamp,
    waits_for_phase: Option<String>,
}

impl Row {
    fn into_model(self, only: BTreeSet<ApplicationId>) -> db::Result<RoleAssignment> {
        Ok(RoleAssignment {
            id: self.id,
            principal: principal(&self.principal_kind, self.principal_id)?,
            role: self.role,
            organisation: self.organisation_id,
            include_sub_levels: self.include_sub_levels,
            applications: if self.all_applications { Applications::All } else { Applications::Only(only) },
            project: self.project_id,
            waits_for_phase: self.waits_for_phase,
            state: State::parse(&self.state).ok_or(Error::Corrupt("role_assignments.state"))?,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            granted_by: principal(&self.granted_by_kind, self.granted_by_id)?,
            granted_via: self.granted_via,
            granted_at: self.granted_at,
        })
    }
}

/// One assignment, whatever its state.
pub async fn find(tx: &mut Tx, id: RoleAssignmentId) -> db::Result<Option<RoleAssignment>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let only = applications(tx, id).await?;
    row.into_model(only).map(Some)
}

/// The codes of all roles that are in force, whichever profile defined them.
pub async fn list_codes(tx: &mut Tx, now: Timestamp) -> db::Result<Vec<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_CODES).bind(now).fetch_all(c).await)?)
}

/// Some assignments, whatever their state.
pub async fn list_all(tx: &mut Tx, ids: &[RoleAssignmentId]) -> db::Result<Vec<RoleAssignment>> {
    let mut found = Vec::new();
    for part in ids.chunks(500) {
        let rows: Vec<Row> = on!(tx, c => {
            let mut query = QueryBuilder::new(concat!(columns!(), "WHERE id IN (NULL"));
            for id in part {
                query.push(", ").push_bind(*id);
            }
            query.push(")").build_query_as().fetch_all(c).await
        })?;
        found.extend(with_applications(tx, rows).await?);
    }
    Ok(found)
}

async fn applications(tx: &mut Tx, id: RoleAssignmentId) -> db::Result<BTreeSet<ApplicationId>> {
    let rows: Vec<(ApplicationId,)> = on!(tx, c => sqlx::query_as(LIST_APPLICATIONS).bind(id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// What a principal holds or is proposed for, oldest first; two statements, however many there are.
pub async fn list_of(tx: &mut Tx, of: PrincipalId) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(LIST_OF_PRINCIPAL).bind(of.uuid()).bind(of.kind()).fetch_all(c).await)?;
    let pairs: Vec<(RoleAssignmentId, ApplicationId)> = on!(tx, c => sqlx::query_as(LIST_APPLICATIONS_OF_PRINCIPAL).bind(of.uuid()).bind(of.kind()).fetch_all(c).await)?;
    let mut only: BTreeMap<RoleAssignmentId, BTreeSet<ApplicationId>> = BTreeMap::new();
    for (assignment, application) in pairs {
        only.entry(assignment).or_default().insert(application);
    }
    rows.into_iter()
        .map(|row| {
            let set = only.remove(&row.id).unwrap_or_default();
            row.into_model(set)
        })
        .collect()
}

/// Assignments in one state that are anchored at or below a node, oldest first, `limit` at most.
pub async fn list_under(
    tx: &mut Tx,
    node: OrganisationId,
    state: State,
    limit: i64,
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(LIST_UNDER).bind(node).bind(state.as_str()).bind(limit).fetch_all(c).await)?;
    with_applications(tx, rows).await
}

/// Assignments in one state that are anchored at exactly this node, `limit` at most.
pub async fn list_at(tx: &mut Tx, node: OrganisationId, state: State, limit: i64) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(LIST_AT).bind(node).bind(state.as_str()).bind(limit).fetch_all(c).await)?;
    with_applications(tx, rows).await
}

/// Whoever holds a live role that may reach an organisation, each once, `limit` at most after the first `from`: from above, as one of its managers, or as one
/// that manages any organisation of the same country (I07, I42).
pub async fn list_principals_reaching(
    tx: &mut Tx,
    organisation: OrganisationId,
    now: Timestamp,
    (limit, from): (usize, i64),
) -> db::Result<Vec<PrincipalId>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(String, Uuid)> = on!(tx, c => sqlx::query_as(LIST_PRINCIPALS_REACHING)
        .bind(organisation).bind(now).bind(limit).bind(from).fetch_all(c).await)?;
    rows.into_iter().map(|(kind, id)| principal(&kind, id)).collect()
}

/// The assignments of one role that have effect at `now` or later, by organisation, `limit` at most.
pub async fn list_of_role(tx: &mut Tx, role: &str, now: Timestamp, limit: i64) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(LIST_OF_ROLE).bind(role).bind(now).bind(limit).fetch_all(c).await)?;
    with_applications(tx, rows).await
}

/// The live holders of a role whose scope reaches an organisation, nearest first: whom people ask for access.
pub async fn list_covering(
    tx: &mut Tx,
    organisation: OrganisationId,
    role: &str,
    now: Timestamp,
    limit: i64,
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> = on!(tx, c =>
        sqlx::query_as(LIST_COVERING).bind(organisation).bind(role).bind(now).bind(limit).fetch_all(c).await)?;
    with_applications(tx, rows).await
}

/// The assignments that reach below an organisation, nearest first: whoever administers what is put there (D13).
pub async fn list_reaching(
    tx: &mut Tx,
    organisation: OrganisationId,
    now: Timestamp,
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_REACHING).bind(organisation).bind(now).fetch_all(c).await)?;
    with_applications(tx, rows).await
}

/// Those of some assignments of which it is no news that they begin or have ended: since then the holder was given the same role at the
/// same place by another one, which is none of them, or lost that; or holds another one still.
pub(super) async fn list_no_news(
    tx: &mut Tx,
    ids: &BTreeSet<RoleAssignmentId>,
    (since, now): (Timestamp, Timestamp),
) -> db::Result<BTreeSet<RoleAssignmentId>> {
    let mut beside: Vec<(RoleAssignmentId, RoleAssignmentId)> = Vec::new();
    for part in ids.iter().collect::<Vec<_>>().chunks(1_000) {
        let some: Vec<(RoleAssignmentId, RoleAssignmentId)> = on!(tx, c => {
            let mut query = QueryBuilder::new(
                "SELECT a.id, o.id FROM role_assignments a JOIN role_assignments o ON o.principal_id = a.principal_id AND o.role = a.role
                AND o.organisation_id = a.organisation_id AND o.id <> a.id AND o.state <> 'pending'
                AND (o.project_id = a.project_id OR (o.project_id IS NULL AND a.project_id IS NULL))
                WHERE (o.granted_at >= ",
            );
            query.push_bind(since).push(" OR o.revoked_at >= ").push_bind(since);
            query.push(" OR (a.state = 'revoked' AND o.state = 'active' AND (o.valid_until IS NULL OR o.valid_until > ");
            query.push_bind(now).push("))) AND a.id IN (NULL");
            for id in part {
                query.push(", ").push_bind(**id);
            }
            query.push(")").build_query_as().persistent(false).fetch_all(c).await
        })?;
        beside.extend(some);
    }
    Ok(beside.into_iter().filter(|(_, other)| !ids.contains(other)).map(|(id, _)| id).collect())
}

/// How often somebody has given or proposed a role at a place since, whatever has become of it.
pub(super) async fn count_given(
    tx: &mut Tx,
    (organisation, role): (OrganisationId, &str),
    by: PrincipalId,
    since: Timestamp,
) -> db::Result<i64> {
    Ok(
        on!(tx, c => sqlx::query_scalar(COUNT_GIVEN).bind(organisation).bind(role).bind(by.uuid()).bind(since).fetch_one(c).await)?,
    )
}

/// The assignments held at those that manage an organisation, the earliest first, `limit` at most: of them, those count whose role
/// carries something over what is managed (I07).
pub async fn list_managing(
    tx: &mut Tx,
    organisation: OrganisationId,
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<RoleAssignment>> {
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(LIST_MANAGING).bind(organisation).bind(now).bind(limit).fetch_all(c).await)?;
    with_applications(tx, rows).await
}

pub(crate) async fn with_applications(tx: &mut Tx, rows: Vec<Row>) -> db::Result<Vec<RoleAssignment>> {
    let explicit: Vec<RoleAssignmentId> = rows.iter().filter(|row| !row.all_applications).map(|row| row.id).collect();
    let mut only: BTreeMap<RoleAssignmentId, BTreeSet<ApplicationId>> = BTreeMap::new();
    for part in explicit.chunks(500) {
        let pairs: Vec<(RoleAssignmentId, ApplicationId)> = on!(tx, c => {
            let mut query = QueryBuilder::new(
                "SELECT assignment_id, application_id FROM role_assignment_applications WHERE assignment_id IN (NULL",
            );
            for id in part {
                query.push(", ").push_bind(*id);
            }
            query.push(")").build_query_as().fetch_all(c).await
        })?;
        for (assignment, application) in pairs {
            only.entry(assignment).or_default().insert(application);
        }
    }
    let model = |row: Row| {
        let set = only.remove(&row.id).unwrap_or_default();
        row.into_model(set)
    };
    rows.into_iter().map(model).collect()
}

/// Those of some roles that were given by one of some assignments, and have not ended.
pub(super) async fn list_given_by(
    tx: &mut Tx,
    by: &[RoleAssignmentId],
    roles: &BTreeSet<&str>,
) -> db::Result<Vec<RoleAssignment>> {
    let mut found = Vec::new();
    for part in by.chunks(500) {
        let rows: Vec<Row> = on!(tx, c => {
            let mut query = QueryBuilder::new(concat!(columns!(), "WHERE state <> 'revoked' AND granted_via IN (NULL"));
            for id in part {
                query.push(", ").push_bind(*id);
            }
            query.push(") AND role IN (NULL");
            for role in roles {
                query.push(", ").push_bind(*role);
            }
            query.push(") ORDER BY granted_at, id").build_query_as().fetch_all(c).await
        })?;
        found.extend(with_applications(tx, rows).await?);
    }
    Ok(found)
}

/// Stores a new assignment with its applications.
pub async fn insert(tx: &mut Tx, new: &RoleAssignment) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id)
        .bind(new.principal.kind())
        .bind(new.principal.uuid())
        .bind(&new.role)
        .bind(new.organisation)
        .bind(new.include_sub_levels)
        .bind(new.applications == Applications::All)
        .bind(new.state.as_str())
        .bind(new.valid_from)
        .bind(new.valid_until)
        .bind(new.granted_by.kind())
        .bind(new.granted_by.uuid())
        .bind(new.granted_via)
        .bind(new.granted_at)
        .bind(new.project)
        .bind(new.waits_for_phase.as_deref())
        .execute(c).await.map(drop))?;
    for application in new.explicit_applications() {
        on!(tx, c => sqlx::query(INSERT_APPLICATION).bind(new.id).bind(application).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Turns a pending assignment into an active one; `false` if it was not pending any more.
pub async fn save_confirmed(tx: &mut Tx, id: RoleAssignmentId, by: PrincipalId, at: Timestamp) -> db::Result<bool> {
    let row: Option<(RoleAssignmentId,)> = on!(tx, c =>
        sqlx::query_as(CONFIRM).bind(id).bind(by.kind()).bind(by.uuid()).bind(at).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Revokes or rejects; `false` if that had been done already.
pub async fn save_revoked(
    tx: &mut Tx,
    id: RoleAssignmentId,
    by: PrincipalId,
    at: Timestamp,
    reason: Option<&str>,
) -> db::Result<bool> {
    let row: Option<(RoleAssignmentId,)> = on!(tx, c =>
        sqlx::query_as(REVOKE).bind(id).bind(by.kind()).bind(by.uuid()).bind(at).bind(reason).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Revokes many at once.
pub(crate) async fn save_all_revoked(
    tx: &mut Tx,
    ids: &[RoleAssignmentId],
    by: PrincipalId,
    at: Timestamp,
    reason: Option<&str>,
) -> db::Result<()> {
    for part in ids.chunks(1_000) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("UPDATE role_assignments SET state = 'revoked', revoked_by_kind = ");
            query.push_bind(by.kind()).push(", revoked_by_id = ").push_bind(by.uuid());
            query.push(", revoked_at = ").push_bind(at).push(", reason = ").push_bind(reason);
            query.push(" WHERE state <> 'revoked' AND id IN (NULL");
            for id in part {
                query.push(", ").push_bind(*id);
            }
            query.push(")").build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}
