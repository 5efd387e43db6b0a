//! The SQL behind the facts about a project.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{OrganisationId, ProjectId};
use crate::kernel::time::Timestamp;

statements! {
    FIND = "SELECT coordinator_id, closed_at FROM projects WHERE id = $1";
    LIST_PARTICIPANTS = "SELECT organisation_id FROM project_organisations WHERE project_id = $1";
}

/// The columns that a decision asks for.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct ProjectRow {
    pub(super) coordinator_id: OrganisationId,
    pub(super) closed_at: Option<Timestamp>,
}

pub(super) async fn find(tx: &mut Tx, id: ProjectId) -> db::Result<Option<ProjectRow>> {
    Ok(on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?)
}

pub(super) async fn list_participants(tx: &mut Tx, id: ProjectId) -> db::Result<Vec<OrganisationId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_PARTICIPANTS).bind(id).fetch_all(c).await)?)
}
