//! The SQL of deputies. They are never deleted: ending one is a date.

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::model::Deputy;
use crate::db::{self, Tx, on, statements};
use crate::directory::stored::principal;
use crate::kernel::ids::{DeputyId, OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

/// The columns of a deputy, of those who are named now and of a role that is held.
macro_rules! open {
    () => {
        "SELECT d.id, d.assignment_id, a.principal_kind, a.principal_id, a.role, a.organisation_id, d.deputy_id, d.valid_from, d.valid_until
        FROM deputies d JOIN role_assignments a ON a.id = d.assignment_id WHERE d.ended_at IS NULL AND a.state = 'active' AND "
    };
}

statements! {
    INSERT = "INSERT INTO deputies (id, assignment_id, deputy_id, valid_from, valid_until, named_at) VALUES ($1, $2, $3, $4, $5, $6)";
    FIND = concat!(open!(), "d.id = $1");
    LIST_FOR = concat!(open!(), "d.deputy_id = $1 AND d.valid_until > $2 ORDER BY d.valid_from, d.id LIMIT $3");
    LIST_OF = concat!(open!(), "a.principal_id = $1 AND a.principal_kind = 'person' AND d.valid_until > $2 ORDER BY d.valid_from, d.id LIMIT $3");
    LIST = concat!(open!(), "d.valid_until > $1 ORDER BY d.valid_from, d.id LIMIT $2");
    COUNT_OF = "SELECT COUNT(*) FROM deputies WHERE assignment_id = $1 AND ended_at IS NULL AND valid_until > $2";
    FIND_SAME = "SELECT id FROM deputies WHERE assignment_id = $1 AND deputy_id = $2 AND ended_at IS NULL AND valid_until > $3 LIMIT 1";
    END = "UPDATE deputies SET ended_at = $2, ended_by_kind = $3, ended_by_id = $4 WHERE id = $1 AND ended_at IS NULL AND valid_until > $2
        RETURNING id";
    END_ALL = "UPDATE deputies SET ended_at = $2, ended_by_kind = $3, ended_by_id = $4 WHERE deputy_id = $1 AND ended_at IS NULL AND valid_until > $2
        RETURNING id";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: DeputyId,
    assignment_id: RoleAssignmentId,
    principal_kind: String,
    principal_id: Uuid,
    role: String,
    organisation_id: OrganisationId,
    deputy_id: UserId,
    valid_from: Timestamp,
    valid_until: Timestamp,
}

impl Row {
    fn into_model(self) -> db::Result<Deputy> {
        Ok(Deputy {
            id: self.id,
            assignment: self.assignment_id,
            holder: principal(&self.principal_kind, self.principal_id)?,
            role: self.role,
            organisation: self.organisation_id,
            deputy: self.deputy_id,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
        })
    }
}

fn models(rows: Vec<Row>) -> db::Result<Vec<Deputy>> {
    rows.into_iter().map(Row::into_model).collect()
}

pub(super) async fn insert(tx: &mut Tx, new: &Deputy, now: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(INSERT)
        .bind(new.id)
        .bind(new.assignment)
        .bind(new.deputy)
        .bind(new.valid_from)
        .bind(new.valid_until)
        .bind(now)
        .execute(c).await.map(drop))?)
}

/// One who has not been ended, of a role that is held.
pub async fn find(tx: &mut Tx, id: DeputyId) -> db::Result<Option<Deputy>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// For whom somebody stands in now or later, `limit` at most.
pub async fn list_for(tx: &mut Tx, deputy: UserId, (now, limit): (Timestamp, i64)) -> db::Result<Vec<Deputy>> {
    models(on!(tx, c => sqlx::query_as(LIST_FOR).bind(deputy).bind(now).bind(limit).fetch_all(c).await)?)
}

/// Who stands in for somebody now or later, `limit` at most.
pub async fn list_of(tx: &mut Tx, holder: UserId, (now, limit): (Timestamp, i64)) -> db::Result<Vec<Deputy>> {
    models(on!(tx, c => sqlx::query_as(LIST_OF).bind(holder).bind(now).bind(limit).fetch_all(c).await)?)
}

/// All of them now or later, `limit` at most: for the console.
pub async fn list(tx: &mut Tx, (now, limit): (Timestamp, i64)) -> db::Result<Vec<Deputy>> {
    models(on!(tx, c => sqlx::query_as(LIST).bind(now).bind(limit).fetch_all(c).await)?)
}

/// Who stands in for the holders of some assignments now or later.
pub async fn list_of_assignments(tx: &mut Tx, lent: &[RoleAssignmentId], now: Timestamp) -> db::Result<Vec<Deputy>> {
    let mut found = Vec::new();
    for part in lent.chunks(500) {
        let rows: Vec<Row> = on!(tx, c => {
            let mut query = QueryBuilder::new(concat!(open!(), "d.valid_until > "));
            query.push_bind(now).push(" AND d.assignment_id IN (NULL");
            for id in part {
                query.push(", ").push_bind(*id);
            }
            query.push(") ORDER BY d.id").build_query_as().persistent(false).fetch_all(c).await
        })?;
        found.extend(models(rows)?);
    }
    Ok(found)
}

/// How many stand in for the holder of an assignment now or later.
pub(super) async fn count_of(tx: &mut Tx, id: RoleAssignmentId, now: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_OF).bind(id).bind(now).fetch_one(c).await)?)
}

/// Whether somebody stands in there already.
pub(super) async fn is_named(tx: &mut Tx, id: RoleAssignmentId, deputy: UserId, now: Timestamp) -> db::Result<bool> {
    let row: Option<(DeputyId,)> =
        on!(tx, c => sqlx::query_as(FIND_SAME).bind(id).bind(deputy).bind(now).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Ends one; `false` if that had been done already.
pub(super) async fn save_ended(tx: &mut Tx, id: DeputyId, by: PrincipalId, now: Timestamp) -> db::Result<bool> {
    let row: Option<(DeputyId,)> =
        on!(tx, c => sqlx::query_as(END).bind(id).bind(now).bind(by.kind()).bind(by.uuid()).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Ends all that somebody is named for; gives those that were open.
pub(super) async fn save_all_ended(
    tx: &mut Tx,
    deputy: UserId,
    by: PrincipalId,
    now: Timestamp,
) -> db::Result<Vec<DeputyId>> {
    Ok(on!(tx, c => sqlx::query_scalar(END_ALL)
        .bind(deputy).bind(now).bind(by.kind()).bind(by.uuid()).fetch_all(c).await)?)
}

/// Some of them, ended or not, whatever became of the role.
pub(super) async fn list_ended(tx: &mut Tx, ids: &[DeputyId]) -> db::Result<Vec<Deputy>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    models(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT d.id, d.assignment_id, a.principal_kind, a.principal_id, a.role, a.organisation_id, d.deputy_id, d.valid_from, d.valid_until
             FROM deputies d JOIN role_assignments a ON a.id = d.assignment_id WHERE d.id IN (NULL",
        );
        for id in ids {
            query.push(", ").push_bind(*id);
        }
        query.push(") ORDER BY d.id").build_query_as().fetch_all(c).await
    })?)
}
