//! The SQL of environments of applications.

use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::{ApplicationId, EnvironmentId};
use crate::kernel::time::Timestamp;

use super::model::Environment;

statements! {
    FIND = "SELECT * FROM environments WHERE id = $1";
    LIST_OF_APPLICATION = "SELECT * FROM environments WHERE application_id = $1 ORDER BY group_prefix, code";
    LIST = "SELECT * FROM environments ORDER BY application_id, group_prefix, code";
    INSERT = "INSERT INTO environments
        (id, application_id, code, title, group_prefix, launch_url, requires_group, created_at, second_factor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SAVE = "UPDATE environments SET
        application_id = $2, code = $3, title = $4, group_prefix = $5, launch_url = $6, requires_group = $7,
        created_at = $8, second_factor = $9
        WHERE id = $1";
    COUNT_USES = "SELECT (SELECT COUNT(*) FROM groups WHERE environment_id = $1)
        + (SELECT COUNT(*) FROM clients WHERE environment_id = $1)";
    REMOVE = "DELETE FROM environments WHERE id = $1";
}

/// One line of the table, column by column.
#[derive(sqlx::FromRow)]
pub(crate) struct EnvironmentRow {
    id: EnvironmentId,
    application_id: ApplicationId,
    code: String,
    title: String,
    group_prefix: String,
    launch_url: Option<String>,
    requires_group: bool,
    created_at: Timestamp,
    second_factor: String,
}

impl EnvironmentRow {
    fn of(environment: &Environment) -> Self {
        Self {
            id: environment.id,
            application_id: environment.application,
            code: environment.code.clone(),
            title: environment.title.clone(),
            group_prefix: environment.group_prefix.clone(),
            launch_url: environment.launch_url.clone(),
            requires_group: environment.requires_group,
            created_at: environment.created_at,
            second_factor: environment.second_factor.as_str().to_owned(),
        }
    }

    /// The environment that the row describes.
    pub(crate) fn into_model(self) -> db::Result<Environment> {
        Ok(Environment {
            id: self.id,
            application: self.application_id,
            code: self.code,
            title: self.title,
            group_prefix: self.group_prefix,
            launch_url: self.launch_url,
            requires_group: self.requires_group,
            created_at: self.created_at,
            second_factor: self.second_factor.parse().map_err(|()| Error::Corrupt("environments.second_factor"))?,
        })
    }

    async fn write(self, tx: &mut Tx, sql: &'static str) -> db::Result<u64> {
        Ok(on!(tx, c => sqlx::query(sql)
            .bind(self.id)
            .bind(self.application_id)
            .bind(&self.code)
            .bind(&self.title)
            .bind(&self.group_prefix)
            .bind(&self.launch_url)
            .bind(self.requires_group)
            .bind(self.created_at)
            .bind(&self.second_factor)
            .execute(c).await.map(|done| done.rows_affected()))?)
    }
}

/// One environment.
pub async fn find(tx: &mut Tx, id: EnvironmentId) -> db::Result<Option<Environment>> {
    let row: Option<EnvironmentRow> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(EnvironmentRow::into_model).transpose()
}

/// The environments of an application, production (the empty prefix) first.
pub async fn list_of_application(tx: &mut Tx, application: ApplicationId) -> db::Result<Vec<Environment>> {
    let rows: Vec<EnvironmentRow> =
        on!(tx, c => sqlx::query_as(LIST_OF_APPLICATION).bind(application).fetch_all(c).await)?;
    rows.into_iter().map(EnvironmentRow::into_model).collect()
}

/// All environments.
pub async fn list(tx: &mut Tx) -> db::Result<Vec<Environment>> {
    let rows: Vec<EnvironmentRow> = on!(tx, c => sqlx::query_as(LIST).fetch_all(c).await)?;
    rows.into_iter().map(EnvironmentRow::into_model).collect()
}

/// Adds an environment.
pub async fn insert(tx: &mut Tx, environment: &Environment) -> db::Result<()> {
    EnvironmentRow::of(environment).write(tx, INSERT).await.map(drop)
}

/// Writes the environment; `false` if there is none.
pub async fn save(tx: &mut Tx, environment: &Environment) -> db::Result<bool> {
    Ok(EnvironmentRow::of(environment).write(tx, SAVE).await? == 1)
}

/// How many groups and clients stand on the environment.
pub async fn count_uses(tx: &mut Tx, id: EnvironmentId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_USES).bind(id).fetch_one(c).await)?)
}

/// Takes an environment away on which nothing stands; `false` if it was gone.
pub async fn remove(tx: &mut Tx, id: EnvironmentId) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query(REMOVE).bind(id).execute(c).await.map(|done| done.rows_affected()))? == 1)
}
