//! The SQL behind decisions about many people at once: a list draws its buttons in three statements, however long it is.

use std::collections::BTreeSet;

use sqlx::{Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::store::{AssignmentRow, PathRow, steps};
use crate::db::{self, Tx, on};
use crate::directory::organisation::sign_in_rules_store::home_second_factors;
use crate::kernel::ids::{ApplicationId, OrganisationId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// An assignment with who holds it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct HeldRow {
    pub(super) principal_kind: String,
    pub(super) principal_id: Uuid,
    #[sqlx(flatten)]
    pub(super) assignment: AssignmentRow,
}

/// Whether a person or a service counts.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct PrincipalRow {
    pub(super) id: Uuid,
    pub(super) organisation_id: Option<OrganisationId>,
    pub(super) active: bool,
    pub(super) blocked: bool,
    pub(super) account_expires_at: Option<Timestamp>,
    pub(super) deleted_at: Option<Timestamp>,
    /// What the organisations above and at home ask of their people.
    pub(super) second_factors: Option<String>,
}

fn push_list<DB, T>(query: &mut QueryBuilder<DB>, ids: &[T])
where
    DB: sqlx::Database,
    T: Copy,
    for<'q> T: Encode<'q, DB> + Type<DB>,
{
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
}

/// The assignments of people or services, pending ones included.
pub(super) async fn list_assignments(tx: &mut Tx, (kind, of): (&str, &[Uuid])) -> db::Result<Vec<HeldRow>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT principal_kind, principal_id, id, state, role, organisation_id, include_sub_levels, all_applications, project_id,
             valid_from, valid_until FROM role_assignments WHERE state <> 'revoked' AND principal_kind = ",
        );
        query.push_bind(kind).push(" AND principal_id IN (");
        push_list(&mut query, of);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// What people hold or will hold as deputies, beside whom they hold it as: whoever takes over their account has that as well (D5).
pub(super) async fn list_lent(tx: &mut Tx, of: &[Uuid]) -> db::Result<Vec<HeldRow>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT 'person' AS principal_kind, d.deputy_id AS principal_id, a.id, a.state, a.role, a.organisation_id, a.include_sub_levels,
             a.all_applications, a.project_id, a.valid_from,
             CASE WHEN a.valid_until < d.valid_until THEN a.valid_until ELSE d.valid_until END AS valid_until
             FROM deputies d JOIN role_assignments a ON a.id = d.assignment_id
             WHERE d.ended_at IS NULL AND a.state <> 'revoked' AND d.deputy_id IN (",
        );
        push_list(&mut query, of);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The columns that say whether people or services count; of a service, those that it has.
pub(super) async fn list_principals(tx: &mut Tx, (kind, of): (&str, &[Uuid])) -> db::Result<Vec<PrincipalRow>> {
    let columns = if kind == "person" {
        concat!(
            "SELECT u.id, u.organisation_id, u.active, u.blocked, u.account_expires_at, u.deleted_at, ",
            home_second_factors!(),
            " AS second_factors FROM users u WHERE u.id IN ("
        )
    } else {
        "SELECT id, organisation_id, active, 0 <> 0 AS blocked, NULL AS account_expires_at, NULL AS deleted_at, NULL AS second_factors FROM clients WHERE id IN ("
    };
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(columns);
        push_list(&mut query, of);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The explicit applications of assignments.
pub(super) async fn list_applications(
    tx: &mut Tx,
    of: &[RoleAssignmentId],
) -> db::Result<Vec<(RoleAssignmentId, ApplicationId)>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT assignment_id, application_id FROM role_assignment_applications WHERE assignment_id IN (",
        );
        push_list(&mut query, of);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The steps of the paths of organisations.
pub(super) async fn list_paths(tx: &mut Tx, of: &BTreeSet<OrganisationId>) -> db::Result<Vec<PathRow>> {
    let of: Vec<OrganisationId> = of.iter().copied().collect();
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("WITH place AS (SELECT s.id FROM organisations s WHERE s.id IN (");
        push_list(&mut query, &of);
        query.push(") ").push(steps!("IN (SELECT p.id FROM place p)"));
        query.build_query_as().fetch_all(c).await
    })?)
}
