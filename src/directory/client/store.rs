//! The SQL of OAuth clients. Their secrets are in `secret_store.rs`.

use std::collections::BTreeMap;

use sqlx::QueryBuilder;
use sqlx::types::Json;

use crate::authority::Scope;
use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::{ClientId, EnvironmentId, OrganisationId};
use crate::kernel::time::Timestamp;

use super::model::{Client, ClientKind, ClientSettings};
use super::origin_store;

statements! {
    FIND = "SELECT * FROM clients WHERE id = $1";
    FIND_BY_CLIENT_ID = "SELECT * FROM clients WHERE client_id = $1";
    LIST = "SELECT * FROM clients ORDER BY client_id";
    COUNT_OF_ORGANISATION = "SELECT COUNT(*) FROM clients WHERE organisation_id = $1";
    LIST_OF_ENVIRONMENT = "SELECT * FROM clients WHERE environment_id = $1 ORDER BY client_id";
    INSERT = "INSERT INTO clients
        (id, client_id, name, kind, environment_id, organisation_id, active, settings, epoch, created_at, updated_at,
        version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    SAVE = "UPDATE clients SET
        client_id = $2, name = $3, kind = $4, environment_id = $5, organisation_id = $6, active = $7, settings = $8,
        epoch = $9, created_at = $10, updated_at = $11, version = $12
        WHERE id = $1 AND version + 1 = $12";
    RAISE_EPOCH = "UPDATE clients SET epoch = epoch + 1 WHERE id = $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ClientId,
    client_id: String,
    name: String,
    kind: String,
    environment_id: Option<EnvironmentId>,
    organisation_id: Option<OrganisationId>,
    active: bool,
    settings: Json<ClientSettings>,
    epoch: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl Row {
    fn of(client: &Client, version: i64) -> Self {
        Self {
            id: client.id,
            client_id: client.client_id.clone(),
            name: client.name.clone(),
            kind: client.kind.as_str().to_owned(),
            environment_id: client.environment,
            organisation_id: client.organisation,
            active: client.active,
            settings: Json(client.settings.clone()),
            epoch: client.epoch,
            created_at: client.created_at,
            updated_at: client.updated_at,
            version,
        }
    }

    fn into_model(self) -> db::Result<Client> {
        Ok(Client {
            id: self.id,
            client_id: self.client_id,
            name: self.name,
            kind: ClientKind::parse(&self.kind).ok_or(Error::Corrupt("clients.kind"))?,
            environment: self.environment_id,
            organisation: self.organisation_id,
            active: self.active,
            settings: self.settings.0,
            epoch: self.epoch,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        })
    }

    async fn write(self, tx: &mut Tx, sql: &'static str) -> db::Result<u64> {
        Ok(on!(tx, c => sqlx::query(sql)
            .bind(self.id)
            .bind(&self.client_id)
            .bind(&self.name)
            .bind(&self.kind)
            .bind(self.environment_id)
            .bind(self.organisation_id)
            .bind(self.active)
            .bind(&self.settings)
            .bind(self.epoch)
            .bind(self.created_at)
            .bind(self.updated_at)
            .bind(self.version)
            .execute(c).await.map(|done| done.rows_affected()))?)
    }
}

/// One client.
pub async fn find(tx: &mut Tx, id: ClientId) -> db::Result<Option<Client>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// The client with this public `client_id`.
pub async fn find_by_client_id(tx: &mut Tx, client_id: &str) -> db::Result<Option<Client>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_BY_CLIENT_ID).bind(client_id).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// All clients by `client_id`.
pub async fn list(tx: &mut Tx) -> db::Result<Vec<Client>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// The services of organisations inside a scope, by organisation and name.
pub async fn list_services(tx: &mut Tx, scope: &Scope, limit: i64) -> db::Result<Vec<Client>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT s.* FROM clients s WHERE s.kind = 'machine' AND s.organisation_id IS NOT NULL AND ");
        scope.push_condition(&mut query, "s.organisation_id");
        query.push(" ORDER BY s.name, s.client_id LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(Row::into_model).collect()
}

/// How many services an organisation has, switched off or not.
pub async fn count_services(tx: &mut Tx, of: OrganisationId) -> db::Result<usize> {
    let count: i64 = on!(tx, c => sqlx::query_scalar(COUNT_OF_ORGANISATION).bind(of).fetch_one(c).await)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The clients of one environment.
pub async fn list_of_environment(tx: &mut Tx, environment: EnvironmentId) -> db::Result<Vec<Client>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_OF_ENVIRONMENT).bind(environment).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Where sign-ins that begin here are sent, by environment: of each the first client by `client_id` that says so. One that registered itself
/// is asked only where none that an operator made says anything.
pub async fn list_initiated(
    tx: &mut Tx,
    environments: &[EnvironmentId],
) -> db::Result<BTreeMap<EnvironmentId, String>> {
    if environments.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT * FROM clients WHERE active AND environment_id IN (");
        let mut ids = query.separated(", ");
        for id in environments {
            ids.push_bind(*id);
        }
        // The last one of an environment wins below.
        query.push(") ORDER BY CASE WHEN id IN (SELECT r.client_id FROM client_registrations r) THEN 0 ELSE 1 END, client_id DESC");
        query.build_query_as().fetch_all(c).await
    })?;
    let said = rows.into_iter().filter_map(|row| Some((row.environment_id?, row.settings.0.initiate_login_uri?)));
    Ok(said.collect())
}

/// Adds a client.
pub async fn insert(tx: &mut Tx, client: &Client) -> db::Result<()> {
    Row::of(client, client.version).write(tx, INSERT).await?;
    origin_store::save(tx, client.id, &client.settings.cors_origins).await
}

/// Writes the client and raises its version; `false` if it is no longer at `client.version`.
pub async fn save(tx: &mut Tx, client: &Client) -> db::Result<bool> {
    if Row::of(client, client.version + 1).write(tx, SAVE).await? == 0 {
        return Ok(false);
    }
    origin_store::save(tx, client.id, &client.settings.cors_origins).await?;
    Ok(true)
}

/// Lets tokens of the client be judged anew (D7).
pub async fn save_epoch(tx: &mut Tx, id: ClientId) -> db::Result<()> {
    on!(tx, c => sqlx::query(RAISE_EPOCH).bind(id).execute(c).await.map(drop))?;
    Ok(())
}
