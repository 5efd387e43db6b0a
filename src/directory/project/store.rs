//! The SQL of projects.

use std::collections::BTreeSet;

use sqlx::QueryBuilder;

use super::error::ProjectError;
use super::model::Project;
use crate::authority::Scope;
use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{OrganisationId, ProjectId};
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

/// The columns of a project.
macro_rules! columns {
    () => {
        "SELECT p.id, p.code, p.title, p.phase, p.coordinator_id, p.closed_at, p.created_at, p.updated_at, p.version FROM projects p "
    };
}

statements! {
    FIND = concat!(columns!(), "WHERE p.id = $1");
    FIND_BY_CODE = concat!(columns!(), "WHERE p.code_folded = $1");
    INSERT = "INSERT INTO projects (id, code, code_folded, title, phase, coordinator_id, closed_at, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SAVE_PHASE = "UPDATE projects SET phase = $2, closed_at = $3, updated_at = $4, version = version + 1 WHERE id = $1 AND phase = $5
        RETURNING id";
    INSERT_PARTICIPANT = "INSERT INTO project_organisations (project_id, organisation_id, joined_at) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING RETURNING organisation_id";
    REMOVE_PARTICIPANT = "DELETE FROM project_organisations WHERE project_id = $1 AND organisation_id = $2 RETURNING organisation_id";
    LIST_PARTICIPANTS = "SELECT organisation_id FROM project_organisations WHERE project_id = $1 ORDER BY joined_at, organisation_id";
    LIST_OPEN_OF = concat!(columns!(), "JOIN project_organisations x ON x.project_id = p.id WHERE x.organisation_id = $1
        AND p.closed_at IS NULL ORDER BY p.code_folded");
    COUNT_PARTICIPANTS = "SELECT COUNT(*) FROM project_organisations WHERE project_id = $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ProjectId,
    code: String,
    title: String,
    phase: String,
    coordinator_id: OrganisationId,
    closed_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl From<Row> for Project {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            code: row.code,
            title: row.title,
            phase: row.phase,
            coordinator: row.coordinator_id,
            closed_at: row.closed_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        }
    }
}

/// One project.
pub async fn find(tx: &mut Tx, id: ProjectId) -> db::Result<Option<Project>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    Ok(row.map(Project::from))
}

/// Some projects.
pub async fn list(tx: &mut Tx, ids: &BTreeSet<ProjectId>) -> db::Result<Vec<Project>> {
    let mut found = Vec::new();
    for part in ids.iter().copied().collect::<Vec<_>>().chunks(500) {
        let rows: Vec<Row> = on!(tx, c => {
            let mut query = QueryBuilder::new(concat!(columns!(), "WHERE p.id IN (NULL"));
            for id in part {
                query.push(", ").push_bind(*id);
            }
            query.push(")").build_query_as().fetch_all(c).await
        })?;
        found.extend(rows.into_iter().map(Project::from));
    }
    Ok(found)
}

/// One project by its code, whatever the case.
pub async fn find_by_code(tx: &mut Tx, code: &str) -> db::Result<Option<Project>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_BY_CODE).bind(fold(code)).fetch_optional(c).await)?;
    Ok(row.map(Project::from))
}

pub(super) async fn insert(tx: &mut Tx, new: &Project) -> Result<(), ProjectError> {
    let done = on!(tx, c => sqlx::query(INSERT)
        .bind(new.id)
        .bind(&new.code)
        .bind(fold(&new.code))
        .bind(&new.title)
        .bind(&new.phase)
        .bind(new.coordinator)
        .bind(new.closed_at)
        .bind(new.created_at)
        .bind(new.updated_at)
        .bind(new.version)
        .execute(c).await.map(drop));
    done.map_err(db::Error::from).map_err(|error| {
        if error.violates("projects", &["code_folded"]) { ProjectError::CodeTaken } else { error.into() }
    })
}

/// Brings a project from one phase to another; `false` if it had left that one already.
pub(super) async fn save_phase(tx: &mut Tx, next: &Project, from: &str) -> db::Result<bool> {
    let row: Option<(ProjectId,)> = on!(tx, c => sqlx::query_as(SAVE_PHASE)
        .bind(next.id).bind(&next.phase).bind(next.closed_at).bind(next.updated_at).bind(from).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// `false` if it takes part already.
pub(super) async fn insert_participant(
    tx: &mut Tx,
    project: ProjectId,
    organisation: OrganisationId,
    at: Timestamp,
) -> db::Result<bool> {
    let row: Option<(OrganisationId,)> = on!(tx, c => sqlx::query_as(INSERT_PARTICIPANT)
        .bind(project).bind(organisation).bind(at).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// `false` if it does not take part.
pub(super) async fn remove_participant(
    tx: &mut Tx,
    project: ProjectId,
    organisation: OrganisationId,
) -> db::Result<bool> {
    let row: Option<(OrganisationId,)> =
        on!(tx, c => sqlx::query_as(REMOVE_PARTICIPANT).bind(project).bind(organisation).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Who takes part, in the order in which they came.
pub async fn list_participants(tx: &mut Tx, project: ProjectId) -> db::Result<Vec<OrganisationId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_PARTICIPANTS).bind(project).fetch_all(c).await)?)
}

/// The projects that are not over in which an organisation takes part.
pub async fn list_open_of(tx: &mut Tx, organisation: OrganisationId) -> db::Result<Vec<Project>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_OPEN_OF).bind(organisation).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Project::from).collect())
}

/// How many take part.
pub async fn count_participants(tx: &mut Tx, project: ProjectId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_PARTICIPANTS).bind(project).fetch_one(c).await)?)
}

/// The projects in which somebody holds a role, and those of organisations in `scope`; by code, `limit` at
/// most from `offset` on.
pub async fn list_seen(
    tx: &mut Tx,
    (scope, held): (&Scope, &[ProjectId]),
    (limit, offset): (i64, i64),
) -> db::Result<Vec<Project>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(concat!(columns!(), "WHERE p.id IN (NULL"));
        for id in held {
            query.push(", ").push_bind(*id);
        }
        query.push(") OR EXISTS (SELECT 1 FROM project_organisations x WHERE x.project_id = p.id AND ");
        scope.push_condition(&mut query, "x.organisation_id");
        query.push(") ORDER BY p.code_folded LIMIT ").push_bind(limit).push(" OFFSET ").push_bind(offset);
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Project::from).collect())
}
