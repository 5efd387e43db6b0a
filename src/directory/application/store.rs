//! The SQL of applications. Environments are in `environment_store.rs`.

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::ApplicationId;
use crate::kernel::time::Timestamp;

use super::model::Application;
use crate::directory::module::model::ModuleRules;

statements! {
    FIND = "SELECT * FROM applications WHERE id = $1";
    FIND_BY_CODE = "SELECT * FROM applications WHERE code = $1";
    LIST = "SELECT * FROM applications ORDER BY code";
    INSERT = "INSERT INTO applications
        (id, code, name, description, documentation_url, module_access, linked_coordinators, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SAVE = "UPDATE applications SET
        code = $2, name = $3, description = $4, documentation_url = $5, module_access = $6, linked_coordinators = $7,
        created_at = $8, updated_at = $9, version = $10
        WHERE id = $1 AND version + 1 = $10";
    COUNT_USES = "SELECT (SELECT COUNT(*) FROM environments WHERE application_id = $1)
        + (SELECT COUNT(*) FROM role_assignment_applications WHERE application_id = $1)
        + (SELECT COUNT(*) FROM module_accesses WHERE application_id = $1)";
    REMOVE = "DELETE FROM applications WHERE id = $1 AND version = $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ApplicationId,
    code: String,
    name: String,
    description: String,
    documentation_url: Option<String>,
    module_access: String,
    linked_coordinators: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl Row {
    fn of(application: &Application, version: i64) -> Self {
        Self {
            id: application.id,
            code: application.code.clone(),
            name: application.name.clone(),
            description: application.description.clone(),
            documentation_url: application.documentation_url.clone(),
            module_access: application.modules.word().to_owned(),
            linked_coordinators: application.modules.coordinators.as_str().to_owned(),
            created_at: application.created_at,
            updated_at: application.updated_at,
            version,
        }
    }

    fn into_model(self) -> db::Result<Application> {
        let modules = ModuleRules::parse(&self.module_access, &self.linked_coordinators);
        Ok(Application {
            id: self.id,
            code: self.code,
            name: self.name,
            description: self.description,
            documentation_url: self.documentation_url,
            modules: modules.ok_or(db::Error::Corrupt("applications.module_access"))?,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        })
    }

    async fn write(self, tx: &mut Tx, sql: &'static str) -> db::Result<u64> {
        Ok(on!(tx, c => sqlx::query(sql)
            .bind(self.id)
            .bind(&self.code)
            .bind(&self.name)
            .bind(&self.description)
            .bind(&self.documentation_url)
            .bind(&self.module_access)
            .bind(&self.linked_coordinators)
            .bind(self.created_at)
            .bind(self.updated_at)
            .bind(self.version)
            .execute(c).await.map(|done| done.rows_affected()))?)
    }
}

/// One application.
pub async fn find(tx: &mut Tx, id: ApplicationId) -> db::Result<Option<Application>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// The application with this code, written exactly so.
pub async fn find_by_code(tx: &mut Tx, code: &str) -> db::Result<Option<Application>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_BY_CODE).bind(code).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// All applications by code; an institution has tens, not thousands.
pub async fn list(tx: &mut Tx) -> db::Result<Vec<Application>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Adds an application.
pub async fn insert(tx: &mut Tx, application: &Application) -> db::Result<()> {
    Row::of(application, application.version).write(tx, INSERT).await.map(drop)
}

/// Writes the application and raises its version; `false` if it is no longer at `application.version`.
pub async fn save(tx: &mut Tx, application: &Application) -> db::Result<bool> {
    Ok(Row::of(application, application.version + 1).write(tx, SAVE).await? == 1)
}

/// How many environments, role assignments and module accesses stand on the application, ended assignments included: the record needs it.
pub async fn count_uses(tx: &mut Tx, id: ApplicationId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_USES).bind(id).fetch_one(c).await)?)
}

/// Takes an application away on which nothing stands; `false` if it is no longer at `application.version`.
pub async fn remove(tx: &mut Tx, application: &Application) -> db::Result<bool> {
    let done = on!(tx, c =>
        sqlx::query(REMOVE).bind(application.id).bind(application.version).execute(c).await.map(|d| d.rows_affected()))?;
    Ok(done == 1)
}
