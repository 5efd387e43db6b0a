//! The SQL of who stands in for whom, as far as decisions ask.

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::directory::stored::principal;
use crate::kernel::ids::{DeputyId, PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

statements! {
    FIND_ASSIGNMENT = "SELECT assignment_id FROM deputies WHERE id = $1 AND ended_at IS NULL";
}

/// That somebody stands in for the holder of an assignment.
#[derive(Debug)]
pub(super) struct StandIn {
    pub(super) deputy: UserId,
    pub(super) assignment: RoleAssignmentId,
    pub(super) holder: PrincipalId,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    deputy_id: UserId,
    assignment_id: RoleAssignmentId,
    principal_kind: String,
    principal_id: uuid::Uuid,
    valid_from: Timestamp,
    valid_until: Timestamp,
}

/// For which assignments some people stand in, now or later.
pub(super) async fn list(tx: &mut Tx, deputies: &[UserId], now: Timestamp) -> db::Result<Vec<StandIn>> {
    if deputies.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT d.deputy_id, d.assignment_id, a.principal_kind, a.principal_id, d.valid_from, d.valid_until FROM deputies d
             JOIN role_assignments a ON a.id = d.assignment_id WHERE d.ended_at IS NULL AND a.state = 'active' AND d.valid_until > ",
        );
        query.push_bind(now).push(" AND d.deputy_id IN (NULL");
        for deputy in deputies {
            query.push(", ").push_bind(*deputy);
        }
        query.push(") ORDER BY d.valid_from, d.id").build_query_as().fetch_all(c).await
    })?;
    let stand_in = |row: Row| {
        Ok(StandIn {
            deputy: row.deputy_id,
            assignment: row.assignment_id,
            holder: principal(&row.principal_kind, row.principal_id)?,
            from: row.valid_from,
            until: row.valid_until,
        })
    };
    rows.into_iter().map(stand_in).collect()
}

/// The assignment that a deputy was named for, while they are.
pub(super) async fn find_assignment(tx: &mut Tx, id: DeputyId) -> db::Result<Option<RoleAssignmentId>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_ASSIGNMENT).bind(id).fetch_optional(c).await)?)
}
