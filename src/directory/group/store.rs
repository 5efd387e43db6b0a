//! The SQL of groups.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use sqlx::types::Json;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ApplicationId, EnvironmentId, GroupId};
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

use super::model::Group;
use super::nesting_store;

statements! {
    FIND = "SELECT * FROM groups WHERE id = $1";
    FIND_BY_CODE = "SELECT * FROM groups WHERE code_folded = $1";
    LIST = "SELECT * FROM groups ORDER BY code_folded";
    LIST_OF_APPLICATION = "SELECT * FROM groups WHERE application_id = $1 ORDER BY code_folded";
    COUNT_BY_ENVIRONMENT = "SELECT environment_id, COUNT(*) FROM groups GROUP BY environment_id";
    LIST_OF_ENVIRONMENT = "SELECT * FROM groups WHERE environment_id = $1 ORDER BY code_folded";
    INSERT = "INSERT INTO groups
        (id, application_id, environment_id, code, code_folded, display_name, description, documentation_url,
        sensitive, scim, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    SAVE = "UPDATE groups SET
        application_id = $2, environment_id = $3, code = $4, code_folded = $5, display_name = $6, description = $7,
        documentation_url = $8, sensitive = $9, scim = $10, created_at = $11, updated_at = $12, version = $13
        WHERE id = $1 AND version + 1 = $13";
    REMOVE = "DELETE FROM groups WHERE id = $1 AND version = $2";
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: GroupId,
    application_id: ApplicationId,
    environment_id: EnvironmentId,
    code: String,
    code_folded: String,
    display_name: String,
    description: String,
    documentation_url: Option<String>,
    sensitive: bool,
    scim: Json<Map<String, Value>>,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl Row {
    fn of(group: &Group, version: i64) -> Self {
        Self {
            id: group.id,
            application_id: group.application,
            environment_id: group.environment,
            code: group.code.clone(),
            code_folded: fold(&group.code),
            display_name: group.display_name.clone(),
            description: group.description.clone(),
            documentation_url: group.documentation_url.clone(),
            sensitive: group.sensitive,
            scim: Json(group.scim.clone()),
            created_at: group.created_at,
            updated_at: group.updated_at,
            version,
        }
    }

    pub(super) fn into_model(self) -> Group {
        Group {
            id: self.id,
            application: self.application_id,
            environment: self.environment_id,
            code: self.code,
            display_name: self.display_name,
            description: self.description,
            documentation_url: self.documentation_url,
            sensitive: self.sensitive,
            scim: self.scim.0,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }

    async fn write(self, tx: &mut Tx, sql: &'static str) -> db::Result<u64> {
        Ok(on!(tx, c => sqlx::query(sql)
            .bind(self.id)
            .bind(self.application_id)
            .bind(self.environment_id)
            .bind(&self.code)
            .bind(&self.code_folded)
            .bind(&self.display_name)
            .bind(&self.description)
            .bind(&self.documentation_url)
            .bind(self.sensitive)
            .bind(&self.scim)
            .bind(self.created_at)
            .bind(self.updated_at)
            .bind(self.version)
            .execute(c).await.map(|done| done.rows_affected()))?)
    }
}

/// One group.
pub async fn find(tx: &mut Tx, id: GroupId) -> db::Result<Option<Group>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    Ok(row.map(Row::into_model))
}

/// The group with this code, in whatever case it is written.
pub async fn find_by_code(tx: &mut Tx, code: &str) -> db::Result<Option<Group>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_BY_CODE).bind(fold(code)).fetch_optional(c).await)?;
    Ok(row.map(Row::into_model))
}

/// All groups by code; for the operator, and to be narrowed by the caller's scope.
pub async fn list(tx: &mut Tx) -> db::Result<Vec<Group>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Row::into_model).collect())
}

/// The groups of an application, in all of its environments, by code.
pub async fn list_of_application(tx: &mut Tx, application: ApplicationId) -> db::Result<Vec<Group>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_OF_APPLICATION).bind(application).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Row::into_model).collect())
}

/// How many groups each environment has; those without any are missing.
pub async fn count_by_environment(tx: &mut Tx) -> db::Result<BTreeMap<EnvironmentId, i64>> {
    let rows: Vec<(EnvironmentId, i64)> = on!(tx, c => sqlx::query_as(COUNT_BY_ENVIRONMENT).fetch_all(c).await)?;
    Ok(rows.into_iter().collect())
}

/// The groups of one environment, by code.
pub async fn list_of_environment(tx: &mut Tx, environment: EnvironmentId) -> db::Result<Vec<Group>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_OF_ENVIRONMENT).bind(environment).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Row::into_model).collect())
}

/// Adds a group, which is in itself from then on (`nesting_store`).
pub async fn insert(tx: &mut Tx, group: &Group) -> db::Result<()> {
    Row::of(group, group.version).write(tx, INSERT).await?;
    nesting_store::insert_itself(tx, group.id).await
}

/// Writes the group and raises its version; `false` if it is no longer at `group.version`.
pub async fn save(tx: &mut Tx, group: &Group) -> db::Result<bool> {
    Ok(Row::of(group, group.version + 1).write(tx, SAVE).await? == 1)
}

/// Takes a group away once its memberships are gone; `false` if it is no longer at `group.version`.
pub async fn remove(tx: &mut Tx, group: &Group) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(REMOVE).bind(group.id).bind(group.version).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}
