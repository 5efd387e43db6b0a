//! The SQL of requests for revocations.

use std::collections::BTreeSet;

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::model::{RevocationRequest, State};
use crate::authority::Scope;
use crate::db::{self, Error, Tx, on, statements};
use crate::directory::stored::principal;
use crate::kernel::ids::{PrincipalId, ProjectId, RevocationRequestId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

/// The columns of a request.
macro_rules! columns {
    () => {
        "SELECT id, assignment_id, reason, state, asked_by_kind, asked_by_id, asked_at, answer, answered_at FROM revocation_requests "
    };
}

statements! {
    INSERT = "INSERT INTO revocation_requests (id, assignment_id, reason, state, asked_by_kind, asked_by_id, asked_via, asked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id";
    FIND_OPEN = concat!(columns!(), "WHERE assignment_id = $1 AND state = 'open'");
    LIST_BY = concat!(columns!(), "WHERE asked_by_id = $1 ORDER BY asked_at DESC, id DESC LIMIT $2");
    DECLINE = "UPDATE revocation_requests SET state = 'declined', answer = $2, answered_by_kind = $3, answered_by_id = $4, answered_at = $5
        WHERE assignment_id = $1 AND state = 'open' RETURNING id";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: RevocationRequestId,
    assignment_id: RoleAssignmentId,
    reason: String,
    state: String,
    asked_by_kind: String,
    asked_by_id: Uuid,
    asked_at: Timestamp,
    answer: Option<String>,
    answered_at: Option<Timestamp>,
}

impl Row {
    fn into_model(self) -> db::Result<RevocationRequest> {
        Ok(RevocationRequest {
            id: self.id,
            assignment: self.assignment_id,
            reason: self.reason,
            state: State::parse(&self.state).ok_or(Error::Corrupt("revocation_requests.state"))?,
            asked_by: principal(&self.asked_by_kind, self.asked_by_id)?,
            asked_at: self.asked_at,
            answer: self.answer,
            answered_at: self.answered_at,
        })
    }
}

/// Stores a new one; `false` if one is open for the same assignment.
pub(super) async fn insert(tx: &mut Tx, new: &RevocationRequest, via: Option<RoleAssignmentId>) -> db::Result<bool> {
    let row: Option<(RevocationRequestId,)> = on!(tx, c => sqlx::query_as(INSERT)
        .bind(new.id).bind(new.assignment).bind(&new.reason).bind(new.state.as_str())
        .bind(new.asked_by.kind()).bind(new.asked_by.uuid()).bind(via).bind(new.asked_at)
        .fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// The open one about an assignment.
pub async fn find_open(tx: &mut Tx, about: RoleAssignmentId) -> db::Result<Option<RevocationRequest>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_OPEN).bind(about).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// What somebody has asked for, latest first, `limit` at most.
pub async fn list_by(tx: &mut Tx, by: PrincipalId, limit: i64) -> db::Result<Vec<RevocationRequest>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_BY).bind(by.uuid()).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Open ones about roles at organisations in `scope` or in one of some projects, which somebody else asked for; oldest first, `limit` at
/// most, those after one that was asked for at an instant.
pub async fn list_open_near(
    tx: &mut Tx,
    (scope, projects): (&Scope, &BTreeSet<ProjectId>),
    beside: PrincipalId,
    (limit, after): (i64, Option<(Timestamp, RevocationRequestId)>),
) -> db::Result<Vec<RevocationRequest>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT r.id, r.assignment_id, r.reason, r.state, r.asked_by_kind, r.asked_by_id, r.asked_at, r.answer, r.answered_at
             FROM revocation_requests r JOIN role_assignments a ON a.id = r.assignment_id
             WHERE r.state = 'open' AND r.asked_by_id <> ",
        );
        query.push_bind(beside.uuid()).push(" AND (a.project_id IN (NULL");
        for id in projects {
            query.push(", ").push_bind(*id);
        }
        query.push(") OR ");
        scope.push_condition(&mut query, "a.organisation_id");
        query.push(")");
        if let Some((at, id)) = after {
            query.push(" AND (r.asked_at, r.id) > (").push_bind(at).push(", ").push_bind(id).push(")");
        }
        query.push(" ORDER BY r.asked_at, r.id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(Row::into_model).collect()
}

/// The open ones about some assignments.
pub async fn list_open_about(tx: &mut Tx, about: &[RoleAssignmentId]) -> db::Result<Vec<RevocationRequest>> {
    let mut found = Vec::new();
    for part in about.chunks(500) {
        let rows: Vec<Row> = on!(tx, c => {
            let mut query = QueryBuilder::new(concat!(columns!(), "WHERE state = 'open' AND assignment_id IN (NULL"));
            for id in part {
                query.push(", ").push_bind(*id);
            }
            query.push(") ORDER BY asked_at, id").build_query_as().fetch_all(c).await
        })?;
        for row in rows {
            found.push(row.into_model()?);
        }
    }
    Ok(found)
}

/// Declines the open one about an assignment; `false` if there is none.
pub(super) async fn save_declined(
    tx: &mut Tx,
    about: RoleAssignmentId,
    answer: &str,
    by: PrincipalId,
    at: Timestamp,
) -> db::Result<bool> {
    let row: Option<(RevocationRequestId,)> = on!(tx, c => sqlx::query_as(DECLINE)
        .bind(about).bind(answer).bind(by.kind()).bind(by.uuid()).bind(at).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// What was asked has happened: the assignments are revoked, by whichever way.
pub(crate) async fn save_settled(
    tx: &mut Tx,
    about: &[RoleAssignmentId],
    by: PrincipalId,
    at: Timestamp,
) -> db::Result<()> {
    for part in about.chunks(500) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("UPDATE revocation_requests SET state = 'granted', answered_by_kind = ");
            query.push_bind(by.kind()).push(", answered_by_id = ").push_bind(by.uuid());
            query.push(", answered_at = ").push_bind(at).push(" WHERE state = 'open' AND assignment_id IN (NULL");
            for id in part {
                query.push(", ").push_bind(*id);
            }
            query.push(")").build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}
