//! The SQL of module access.

use std::collections::BTreeMap;

use serde_json::json;
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::model::{Held, ModuleAccess, ModuleKind, ModuleOf, ModuleStatus, Standing, Told};
use super::terms::Terms;
use crate::authority::{ApplicationScope, Scope};
use crate::db::{self, Error, Tx, on, statements};
use crate::directory::stored::principal;
use crate::kernel::ids::{ApplicationId, ModuleAccessId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;

statements! {
    FIND = "SELECT * FROM module_accesses WHERE organisation_id = $1 AND application_id = $2";
    LIST_OF_ORGANISATION = "SELECT * FROM module_accesses WHERE organisation_id = $1 ORDER BY application_id";
    LIST_OF_APPLICATION = "SELECT * FROM module_accesses WHERE application_id = $1 ORDER BY granted_at, id LIMIT $2";
    LIST_COORDINATORS_AT = "SELECT l.access_id, l.coordinator_id FROM module_coordinators l
        JOIN module_accesses m ON m.id = l.access_id WHERE m.organisation_id = $1 ORDER BY l.coordinator_id";
    LIST_COORDINATORS_IN = "SELECT l.access_id, l.coordinator_id FROM module_coordinators l
        JOIN module_accesses m ON m.id = l.access_id WHERE m.application_id = $1 ORDER BY l.coordinator_id";
    LIST_ACTIVE_BELOW = "SELECT m.organisation_id, m.application_id FROM organisation_closure c
        JOIN module_accesses m ON m.organisation_id = c.descendant_id
        WHERE c.ancestor_id = $1 AND m.status = 'active' ORDER BY c.depth, m.organisation_id, m.application_id LIMIT $2";
    COUNT_ACTIVE_BELOW = "SELECT COUNT(*) FROM organisation_closure c
        JOIN module_accesses m ON m.organisation_id = c.descendant_id WHERE c.ancestor_id = $1 AND m.status = 'active'";
    COUNT_NAMING = "SELECT COUNT(*) FROM module_coordinators l JOIN module_accesses m ON m.id = l.access_id
        WHERE l.coordinator_id = $1 AND m.application_id = $2";
    LIST_STANDINGS = "SELECT a.id, m.status FROM applications a
        LEFT JOIN module_accesses m ON m.application_id = a.id AND m.organisation_id = $1 WHERE a.module_access = 'required'";
    FIND_TOLD = "SELECT a.module_access AS told_access, m.status AS told_status, m.kind AS told_kind,
        m.classification AS told_classification, m.settings AS told_settings FROM applications a
        LEFT JOIN module_accesses m ON m.application_id = a.id AND m.organisation_id = $1 WHERE a.id = $2";
    INSERT = "INSERT INTO module_accesses (id, organisation_id, application_id, kind, status, granted_at, granted_by_kind,
        granted_by_id, changed_at, changed_by_kind, changed_by_id, version, classification, settings)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    SAVE = "UPDATE module_accesses SET kind = $2, status = $3, changed_at = $4, changed_by_kind = $5, changed_by_id = $6,
        version = $7, classification = $8, settings = $9 WHERE id = $1 AND version + 1 = $7";
    INSERT_COORDINATOR = "INSERT INTO module_coordinators (access_id, coordinator_id) VALUES ($1, $2)";
    REMOVE_NAMINGS = "DELETE FROM module_coordinators WHERE coordinator_id = $1
        OR access_id IN (SELECT m.id FROM module_accesses m WHERE m.organisation_id = $1)";
    REMOVE_OF_ORGANISATION = "DELETE FROM module_accesses WHERE organisation_id = $1";
    REMOVE_COORDINATORS = "DELETE FROM module_coordinators WHERE access_id = $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ModuleAccessId,
    organisation_id: OrganisationId,
    application_id: ApplicationId,
    kind: String,
    status: String,
    granted_at: Timestamp,
    granted_by_kind: String,
    granted_by_id: Uuid,
    changed_at: Timestamp,
    changed_by_kind: String,
    changed_by_id: Uuid,
    version: i64,
    classification: String,
    settings: String,
}

fn kind(word: &str) -> db::Result<ModuleKind> {
    ModuleKind::parse(word).ok_or(Error::Corrupt("module_accesses.kind"))
}

fn status(word: &str) -> db::Result<ModuleStatus> {
    ModuleStatus::parse(word).ok_or(Error::Corrupt("module_accesses.status"))
}

fn terms(as_what: &str, classification: &str, settings: &str) -> db::Result<Terms> {
    let classification = serde_json::from_str(classification);
    let settings = serde_json::from_str(settings);
    Ok(Terms {
        kind: kind(as_what)?,
        classification: classification.map_err(|_| Error::Corrupt("module_accesses.classification"))?,
        settings: settings.map_err(|_| Error::Corrupt("module_accesses.settings"))?,
    })
}

/// The codes of the classification, and the settings, as they are stored.
fn written(terms: &Terms) -> (String, String) {
    (json!(terms.classification).to_string(), json!(terms.settings).to_string())
}

impl Row {
    fn into_model(self, coordinators: Vec<OrganisationId>) -> db::Result<ModuleAccess> {
        Ok(ModuleAccess {
            id: self.id,
            organisation: self.organisation_id,
            application: self.application_id,
            terms: terms(&self.kind, &self.classification, &self.settings)?,
            status: status(&self.status)?,
            coordinators,
            granted_at: self.granted_at,
            granted_by: principal(&self.granted_by_kind, self.granted_by_id)?,
            changed_at: self.changed_at,
            changed_by: principal(&self.changed_by_kind, self.changed_by_id)?,
            version: self.version,
        })
    }
}

type Links = Vec<(ModuleAccessId, OrganisationId)>;

fn assemble(rows: Vec<Row>, links: Links) -> db::Result<Vec<ModuleAccess>> {
    let mut named: BTreeMap<ModuleAccessId, Vec<OrganisationId>> = BTreeMap::new();
    for (access, coordinator) in links {
        named.entry(access).or_default().push(coordinator);
    }
    let access = |row: Row| {
        let mut coordinators = named.remove(&row.id).unwrap_or_default();
        coordinators.sort_unstable();
        row.into_model(coordinators)
    };
    rows.into_iter().map(access).collect()
}

/// What an organisation holds, in two statements.
pub async fn list_of_organisation(tx: &mut Tx, organisation: OrganisationId) -> db::Result<Vec<ModuleAccess>> {
    let rows = on!(tx, c => sqlx::query_as(LIST_OF_ORGANISATION).bind(organisation).fetch_all(c).await)?;
    let links = on!(tx, c => sqlx::query_as(LIST_COORDINATORS_AT).bind(organisation).fetch_all(c).await)?;
    assemble(rows, links)
}

/// Who holds a module, the oldest first, at most `limit`.
pub async fn list_of_application(tx: &mut Tx, application: ApplicationId, limit: i64) -> db::Result<Vec<ModuleAccess>> {
    let rows = on!(tx, c => sqlx::query_as(LIST_OF_APPLICATION).bind(application).bind(limit).fetch_all(c).await)?;
    let links = on!(tx, c => sqlx::query_as(LIST_COORDINATORS_IN).bind(application).fetch_all(c).await)?;
    assemble(rows, links)
}

/// One module access.
pub async fn find(
    tx: &mut Tx,
    organisation: OrganisationId,
    application: ApplicationId,
) -> db::Result<Option<ModuleAccess>> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(FIND).bind(organisation).bind(application).fetch_optional(c).await)?;
    let Some(row) = row else { return Ok(None) };
    let links = on!(tx, c => sqlx::query_as(LIST_COORDINATORS_AT).bind(organisation).fetch_all(c).await)?;
    Ok(assemble(vec![row], links)?.pop())
}

/// Active accesses of an organisation and of all below it: they stand in the way of its deactivation (D9, I74).
pub async fn list_active_below(
    tx: &mut Tx,
    top: OrganisationId,
    limit: i64,
) -> db::Result<Vec<(OrganisationId, ApplicationId)>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_ACTIVE_BELOW).bind(top).bind(limit).fetch_all(c).await)?)
}

/// How many they are.
pub async fn count_active_below(tx: &mut Tx, top: OrganisationId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_ACTIVE_BELOW).bind(top).fetch_one(c).await)?)
}

/// How many organisations name this one as their coordinator in a module.
pub async fn count_naming(tx: &mut Tx, coordinator: OrganisationId, application: ApplicationId) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_NAMING).bind(coordinator).bind(application).fetch_one(c).await)?)
}

/// How an organisation stands to each application that asks for module access.
pub async fn list_standings(
    tx: &mut Tx,
    organisation: OrganisationId,
) -> db::Result<BTreeMap<ApplicationId, Standing>> {
    let rows: Vec<(ApplicationId, Option<String>)> =
        on!(tx, c => sqlx::query_as(LIST_STANDINGS).bind(organisation).fetch_all(c).await)?;
    let standing = |(application, word): (ApplicationId, Option<String>)| {
        let standing = word.map_or(Ok(Standing::Missing), |word| status(&word).map(ModuleStatus::standing))?;
        Ok((application, standing))
    };
    rows.into_iter().map(standing).collect()
}

/// What an application is told of an organisation.
pub async fn find_told(tx: &mut Tx, organisation: OrganisationId, application: ApplicationId) -> db::Result<Told> {
    let row: Option<ToldRow> =
        on!(tx, c => sqlx::query_as(FIND_TOLD).bind(organisation).bind(application).fetch_optional(c).await)?;
    row.map_or(Ok(Told::NotAsked), ToldRow::into_model)
}

/// What decides about what an application is told of an organisation, column by column; all empty where there is no application.
#[derive(sqlx::FromRow)]
#[expect(clippy::struct_field_names, reason = "columns that are read beside those of other tables")]
pub(in crate::directory) struct ToldRow {
    told_access: Option<String>,
    told_status: Option<String>,
    told_kind: Option<String>,
    told_classification: Option<String>,
    told_settings: Option<String>,
}

impl ToldRow {
    pub(in crate::directory) fn into_model(self) -> db::Result<Told> {
        if self.told_access.as_deref() != Some("required") {
            return Ok(Told::NotAsked);
        }
        match (self.told_status, self.told_kind, self.told_classification, self.told_settings) {
            (Some(word), Some(as_what), Some(classes), Some(settings)) => {
                Ok(Told::Held(Held { status: status(&word)?, terms: terms(&as_what, &classes, &settings)? }))
            }
            _ => Ok(Told::Missing),
        }
    }
}

fn push_ids<DB>(query: &mut QueryBuilder<DB>, ids: &[OrganisationId])
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
{
    query.push("(NULL");
    for id in ids {
        query.push(", ").push_bind(*id);
    }
    query.push(")");
}

/// How many of some organisations are active coordinators of a module.
pub(super) async fn count_coordinators(
    tx: &mut Tx,
    application: ApplicationId,
    among: &[OrganisationId],
) -> db::Result<i64> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT COUNT(*) FROM module_accesses WHERE kind = 'coordinator' AND status = 'active' AND application_id = ",
        );
        query.push_bind(application).push(" AND organisation_id IN ");
        push_ids(&mut query, among);
        query.build_query_scalar().fetch_one(c).await
    })?)
}

/// The active coordinators of a module inside a scope with their names, at most `limit`: who can be named.
pub async fn list_coordinators(
    tx: &mut Tx,
    application: ApplicationId,
    scope: &Scope,
    limit: i64,
) -> db::Result<Vec<(OrganisationId, String)>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT o.id, o.name FROM module_accesses m JOIN organisations o ON o.id = m.organisation_id
             WHERE m.kind = 'coordinator' AND m.status = 'active' AND m.application_id = ",
        );
        query.push_bind(application).push(" AND ");
        scope.push_condition(&mut query, "o.id");
        query.push(" ORDER BY o.name_folded, o.id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

/// The people at home in an organisation who hold one of some roles there, the earliest first.
pub(super) async fn list_holders(
    tx: &mut Tx,
    organisation: OrganisationId,
    roles: &[&str],
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<UserId>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT u.id FROM users u WHERE u.deleted_at IS NULL AND u.organisation_id = ",
        );
        query.push_bind(organisation);
        query.push(" AND EXISTS (SELECT 1 FROM role_assignments a WHERE a.principal_kind = 'person' AND a.principal_id = u.id
            AND a.project_id IS NULL AND a.state = 'active' AND a.organisation_id = ");
        query.push_bind(organisation).push(" AND a.valid_from <= ").push_bind(now);
        query.push(" AND (a.valid_until IS NULL OR a.valid_until > ").push_bind(now).push(") AND a.role IN (NULL");
        for role in roles {
            query.push(", ").push_bind((*role).to_owned());
        }
        query.push(")) ORDER BY u.created_at, u.id LIMIT ").push_bind(limit);
        query.build_query_scalar().fetch_all(c).await
    })?)
}

/// What some organisations hold of applications that ask for it, as far as it is seen, by the code of the application: one statement.
pub async fn list_of_organisations(
    tx: &mut Tx,
    among: &[OrganisationId],
    seen: Option<&ApplicationScope>,
) -> db::Result<Vec<ModuleOf>> {
    if among.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(OrganisationId, ApplicationId, String, String, String)> = on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.organisation_id, a.id, a.code, m.status, m.kind FROM module_accesses m
             JOIN applications a ON a.id = m.application_id
             WHERE a.module_access = 'required' AND m.organisation_id IN ",
        );
        push_ids(&mut query, among);
        if let Some(seen) = seen {
            query.push(" AND ");
            seen.push_condition(&mut query, ("a.id", "m.organisation_id"));
        }
        query.push(" ORDER BY a.code").build_query_as().fetch_all(c).await
    })?;
    let told = |(organisation, application, code, word, as_what): (_, _, String, String, String)| {
        Ok(ModuleOf { organisation, application, code, status: status(&word)?, kind: kind(&as_what)? })
    };
    rows.into_iter().map(told).collect()
}

/// Adds a module access with the coordinators that it names.
pub(super) async fn insert(tx: &mut Tx, access: &ModuleAccess) -> db::Result<()> {
    let (classification, settings) = written(&access.terms);
    on!(tx, c => sqlx::query(INSERT)
        .bind(access.id)
        .bind(access.organisation)
        .bind(access.application)
        .bind(access.terms.kind.as_str())
        .bind(access.status.as_str())
        .bind(access.granted_at)
        .bind(access.granted_by.kind())
        .bind(access.granted_by.uuid())
        .bind(access.changed_at)
        .bind(access.changed_by.kind())
        .bind(access.changed_by.uuid())
        .bind(access.version)
        .bind(&classification)
        .bind(&settings)
        .execute(c).await.map(drop))?;
    replace_coordinators(tx, access.id, &access.coordinators).await
}

/// Writes terms and status and raises the version; `false` if somebody else was faster.
pub(super) async fn save(tx: &mut Tx, access: &ModuleAccess) -> db::Result<bool> {
    let (classification, settings) = written(&access.terms);
    let done = on!(tx, c => sqlx::query(SAVE)
        .bind(access.id)
        .bind(access.terms.kind.as_str())
        .bind(access.status.as_str())
        .bind(access.changed_at)
        .bind(access.changed_by.kind())
        .bind(access.changed_by.uuid())
        .bind(access.version + 1)
        .bind(&classification)
        .bind(&settings)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Takes away what an organisation holds, and wherever it is named as a coordinator.
pub(in crate::directory) async fn remove_of_organisation(tx: &mut Tx, organisation: OrganisationId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_NAMINGS).bind(organisation).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(REMOVE_OF_ORGANISATION).bind(organisation).execute(c).await.map(drop))?;
    Ok(())
}

/// Names these coordinators and no others.
pub(super) async fn replace_coordinators(
    tx: &mut Tx,
    access: ModuleAccessId,
    coordinators: &[OrganisationId],
) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_COORDINATORS).bind(access).execute(c).await.map(drop))?;
    for coordinator in coordinators {
        on!(tx, c => sqlx::query(INSERT_COORDINATOR).bind(access).bind(*coordinator).execute(c).await.map(drop))?;
    }
    Ok(())
}
