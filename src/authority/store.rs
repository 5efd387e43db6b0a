//! The SQL behind [`super::load`]: assignments with their paths, homes, and the few columns that facts need.

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::directory::module::model::{ModuleStatus, Standing};
use crate::directory::organisation::sign_in_rules_store::home_second_factors;
use crate::kernel::ids::{
    ApplicationId, ClientId, GroupId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId,
};
use crate::kernel::time::Timestamp;

/// The steps of the paths of some organisations, then their managers, then those of them that manage any: one statement.
macro_rules! steps {
    ($which:literal) => {
        concat!(
            "SELECT c.descendant_id, c.ancestor_id, o.status, c.depth FROM organisation_closure c
        JOIN organisations o ON o.id = c.ancestor_id WHERE c.descendant_id ",
            $which,
            " UNION ALL SELECT m.organisation_id, m.manager_id, '', -1 FROM access_managers m WHERE m.organisation_id ",
            $which,
            " UNION ALL SELECT n.descendant_id, n.descendant_id, '', -2 FROM organisation_closure n
        WHERE n.depth = 0 AND EXISTS (SELECT 1 FROM access_managers x WHERE x.manager_id = n.descendant_id) AND n.descendant_id ",
            $which,
            " ORDER BY descendant_id, depth DESC"
        )
    };
}
pub(super) use steps;

/// The depth of a row that names a manager.
pub(super) const MANAGER: i64 = -1;
/// The depth of a row that says that the organisation manages others.
pub(super) const MANAGES: i64 = -2;

/// Memberships `m` in the inner group `$2`, by whatever way, that would give the outer one, `$1`, to who is not in it, or for longer than they
/// are. Those that have ended count as well, since facts are read at no instant: at worst something is refused that gives nobody anything.
macro_rules! gaining {
    () => {
        "FROM group_closure i JOIN memberships m ON m.group_id = i.inner_id WHERE i.outer_id = $2
        AND NOT EXISTS (SELECT 1 FROM group_closure o JOIN memberships n ON n.group_id = o.inner_id
            WHERE o.outer_id = $1 AND n.user_id = m.user_id AND (n.until IS NULL OR n.until >= m.until))"
    };
}

statements! {
    LIST_ASSIGNMENTS = "SELECT id, state, role, organisation_id, include_sub_levels, all_applications, project_id, valid_from, valid_until, granted_by_kind, granted_by_id
        FROM role_assignments WHERE principal_id = $1 AND principal_kind = $2 AND state <> 'revoked'";
    LIST_ASSIGNMENT_APPLICATIONS = "SELECT x.assignment_id, x.application_id FROM role_assignment_applications x
        JOIN role_assignments a ON a.id = x.assignment_id
        WHERE a.principal_id = $1 AND a.principal_kind = $2 AND a.state <> 'revoked'";
    LIST_ASSIGNMENT_PATHS = concat!("WITH place AS (SELECT DISTINCT organisation_id AS id FROM role_assignments
        WHERE principal_id = $1 AND principal_kind = $2 AND state <> 'revoked') ", steps!("IN (SELECT p.id FROM place p)"));
    FIND_PATH = steps!("= $1");
    FIND_PERSON = concat!("SELECT u.organisation_id, u.active, u.blocked, u.account_expires_at, u.deleted_at, ",
        home_second_factors!(), " AS second_factors FROM users u WHERE u.id = $1");
    FIND_SERVICE = "SELECT organisation_id, active FROM clients WHERE id = $1";
    FIND_COMMON_APPLICATION = "SELECT o.application_id FROM groups o JOIN groups i ON i.environment_id = o.environment_id
        WHERE o.id = $1 AND i.id = $2";
    LIST_GAINING = concat!("SELECT DISTINCT m.user_id ", gaining!(), " AND EXISTS (SELECT 1 FROM role_assignments a
        WHERE a.principal_kind = 'person' AND a.principal_id = m.user_id AND a.state <> 'revoked')");
    GAINS_SUSPENDED = concat!("SELECT EXISTS (SELECT 1 ", gaining!(), " AND EXISTS (SELECT 1 FROM users u
        JOIN groups g ON g.id = m.group_id JOIN applications a ON a.id = g.application_id AND a.module_access = 'required'
        JOIN module_accesses d ON d.application_id = a.id AND d.organisation_id = u.organisation_id
        WHERE u.id = m.user_id AND u.deleted_at IS NULL AND d.status = 'suspended'))");
    FIND_GROUP_APPLICATION = "SELECT g.application_id, a.module_access = 'required' FROM groups g
        JOIN applications a ON a.id = g.application_id WHERE g.id = $1";
    FIND_MODULE_STATUS = "SELECT status FROM module_accesses WHERE organisation_id = $1 AND application_id = $2";
    FIND_ASSIGNMENT = "SELECT principal_kind, principal_id, id, role, organisation_id, include_sub_levels, all_applications, project_id, granted_by_kind, granted_by_id
        FROM role_assignments WHERE id = $1 AND state <> 'revoked'";
    FIND_ASSIGNMENT_APPLICATIONS = "SELECT application_id FROM role_assignment_applications WHERE assignment_id = $1";
}

/// One role assignment as stored, pending or active.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct AssignmentRow {
    pub(super) id: RoleAssignmentId,
    pub(super) state: String,
    pub(super) role: String,
    pub(super) organisation_id: OrganisationId,
    pub(super) include_sub_levels: bool,
    pub(super) all_applications: bool,
    pub(super) project_id: Option<ProjectId>,
    pub(super) valid_from: Timestamp,
    pub(super) valid_until: Option<Timestamp>,
}

/// One step of a path: the node, one node at or above it, and that one's status; or what else [`steps`] says of the node.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct PathRow {
    pub(super) descendant_id: OrganisationId,
    pub(super) ancestor_id: OrganisationId,
    pub(super) status: String,
    pub(super) depth: i64,
}

/// The columns that say whether a person counts.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct PersonRow {
    pub(super) organisation_id: OrganisationId,
    pub(super) active: bool,
    pub(super) blocked: bool,
    pub(super) account_expires_at: Option<Timestamp>,
    pub(super) deleted_at: Option<Timestamp>,
    pub(super) second_factors: Option<String>,
}

/// The columns that say whether a service counts.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct ServiceRow {
    pub(super) organisation_id: Option<OrganisationId>,
    pub(super) active: bool,
}

/// One assignment, whoever holds it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct NamedAssignmentRow {
    pub(super) principal_kind: String,
    pub(super) principal_id: uuid::Uuid,
    pub(super) id: RoleAssignmentId,
    pub(super) role: String,
    pub(super) organisation_id: OrganisationId,
    pub(super) include_sub_levels: bool,
    pub(super) all_applications: bool,
    pub(super) project_id: Option<ProjectId>,
    pub(super) granted_by_kind: String,
    pub(super) granted_by_id: uuid::Uuid,
}

pub(super) async fn list_assignments(tx: &mut Tx, of: PrincipalId) -> db::Result<Vec<AssignmentRow>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_ASSIGNMENTS).bind(of.uuid()).bind(of.kind()).fetch_all(c).await)?)
}

pub(super) async fn list_assignment_applications(
    tx: &mut Tx,
    of: PrincipalId,
) -> db::Result<Vec<(RoleAssignmentId, ApplicationId)>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_ASSIGNMENT_APPLICATIONS).bind(of.uuid()).bind(of.kind()).fetch_all(c).await)?)
}

pub(super) async fn list_assignment_paths(tx: &mut Tx, of: PrincipalId) -> db::Result<Vec<PathRow>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_ASSIGNMENT_PATHS).bind(of.uuid()).bind(of.kind()).fetch_all(c).await)?)
}

pub(super) async fn find_path(tx: &mut Tx, of: OrganisationId) -> db::Result<Vec<PathRow>> {
    Ok(on!(tx, c => sqlx::query_as(FIND_PATH).bind(of).fetch_all(c).await)?)
}

/// Each node with each one at or above it.
pub(super) async fn list_paths(
    tx: &mut Tx,
    of: &[OrganisationId],
) -> db::Result<Vec<(OrganisationId, OrganisationId)>> {
    Ok(on!(tx, c => {
        let mut query =
            QueryBuilder::new("SELECT descendant_id, ancestor_id FROM organisation_closure WHERE descendant_id IN (NULL");
        for id in of {
            query.push(", ").push_bind(*id);
        }
        query.push(")").build_query_as().fetch_all(c).await
    })?)
}

pub(super) async fn find_person(tx: &mut Tx, id: UserId) -> db::Result<Option<PersonRow>> {
    Ok(on!(tx, c => sqlx::query_as(FIND_PERSON).bind(id).fetch_optional(c).await)?)
}

pub(super) async fn find_service(tx: &mut Tx, id: ClientId) -> db::Result<Option<ServiceRow>> {
    Ok(on!(tx, c => sqlx::query_as(FIND_SERVICE).bind(id).fetch_optional(c).await)?)
}

/// The application of a group, and whether it asks for module access.
pub(super) async fn find_group_application(tx: &mut Tx, id: GroupId) -> db::Result<Option<(ApplicationId, bool)>> {
    Ok(on!(tx, c => sqlx::query_as(FIND_GROUP_APPLICATION).bind(id).fetch_optional(c).await)?)
}

/// The application of two groups of one environment.
pub(super) async fn find_common_application(
    tx: &mut Tx,
    outer: GroupId,
    inner: GroupId,
) -> db::Result<Option<ApplicationId>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_COMMON_APPLICATION).bind(outer).bind(inner).fetch_optional(c).await)?)
}

/// Whether somebody would come into the outer group whose organisation may only complete what is under way (D9).
pub(super) async fn gains_suspended(tx: &mut Tx, outer: GroupId, inner: GroupId) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query_scalar(GAINS_SUSPENDED).bind(outer).bind(inner).fetch_one(c).await)?)
}

/// Who of those that hold a role is in the inner group, by whatever way, and not in the outer one, or not for as long.
pub(super) async fn list_gaining(tx: &mut Tx, outer: GroupId, inner: GroupId) -> db::Result<Vec<PrincipalId>> {
    let people: Vec<UserId> =
        on!(tx, c => sqlx::query_scalar(LIST_GAINING).bind(outer).bind(inner).fetch_all(c).await)?;
    Ok(people.into_iter().map(PrincipalId::Person).collect())
}

/// How an organisation stands to a module that asks for access.
pub(super) async fn find_standing(
    tx: &mut Tx,
    organisation: OrganisationId,
    application: ApplicationId,
) -> db::Result<Standing> {
    let status: Option<String> = on!(tx, c =>
        sqlx::query_scalar(FIND_MODULE_STATUS).bind(organisation).bind(application).fetch_optional(c).await)?;
    match status.as_deref().map(ModuleStatus::parse) {
        None => Ok(Standing::Missing),
        Some(Some(status)) => Ok(status.standing()),
        Some(None) => Err(db::Error::Corrupt("module_accesses.status")),
    }
}

pub(super) async fn find_assignment(tx: &mut Tx, id: RoleAssignmentId) -> db::Result<Option<NamedAssignmentRow>> {
    Ok(on!(tx, c => sqlx::query_as(FIND_ASSIGNMENT).bind(id).fetch_optional(c).await)?)
}

pub(super) async fn find_assignment_applications(tx: &mut Tx, id: RoleAssignmentId) -> db::Result<Vec<ApplicationId>> {
    let rows: Vec<(ApplicationId,)> =
        on!(tx, c => sqlx::query_as(FIND_ASSIGNMENT_APPLICATIONS).bind(id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}
