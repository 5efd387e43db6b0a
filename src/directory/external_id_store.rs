//! The ids by which provisioning clients know our resources (RFC 7643 §3.1): unique per client, never a key of ours (SC-14).

use std::collections::{BTreeMap, BTreeSet};

use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::ClientId;

/// What kind of resource an external id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceKind {
    /// A user.
    User,
    /// A group.
    Group,
}

impl ResourceKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
        }
    }
}

statements! {
    FIND = "SELECT external_id FROM external_ids WHERE client_id = $1 AND resource_kind = $2 AND resource_id = $3";
    FIND_RESOURCE = "SELECT resource_id FROM external_ids WHERE client_id = $1 AND resource_kind = $2 AND external_id = $3";
    SAVE = "INSERT INTO external_ids (client_id, resource_kind, resource_id, external_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (client_id, resource_kind, resource_id) DO UPDATE SET external_id = excluded.external_id";
    REMOVE = "DELETE FROM external_ids WHERE client_id = $1 AND resource_kind = $2 AND resource_id = $3";
    REMOVE_ALL = "DELETE FROM external_ids WHERE resource_kind = $1 AND resource_id = $2";
}

/// How the client calls the resource.
pub async fn find(tx: &mut Tx, client: ClientId, kind: ResourceKind, resource: Uuid) -> db::Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND).bind(client).bind(kind.as_str()).bind(resource).fetch_optional(c).await)?)
}

/// How the client calls some resources.
pub async fn list(
    tx: &mut Tx,
    client: ClientId,
    kind: ResourceKind,
    resources: &BTreeSet<Uuid>,
) -> db::Result<BTreeMap<Uuid, String>> {
    if resources.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(Uuid, String)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT resource_id, external_id FROM external_ids WHERE client_id = ");
        query.push_bind(client).push(" AND resource_kind = ").push_bind(kind.as_str()).push(" AND resource_id IN (NULL");
        for resource in resources {
            query.push(", ").push_bind(*resource);
        }
        query.push(")").build_query_as().persistent(false).fetch_all(c).await
    })?;
    Ok(rows.into_iter().collect())
}

/// Which resource the client calls so.
pub async fn find_resource(
    tx: &mut Tx,
    client: ClientId,
    kind: ResourceKind,
    external_id: &str,
) -> db::Result<Option<Uuid>> {
    Ok(
        on!(tx, c => sqlx::query_scalar(FIND_RESOURCE).bind(client).bind(kind.as_str()).bind(external_id).fetch_optional(c).await)?,
    )
}

/// Remembers how the client calls the resource; violates `external_ids(client_id, resource_kind, external_id)` if it
/// calls another one so.
pub async fn save(
    tx: &mut Tx,
    client: ClientId,
    kind: ResourceKind,
    resource: Uuid,
    external_id: &str,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE).bind(client).bind(kind.as_str()).bind(resource).bind(external_id).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets how the client calls the resource.
pub async fn remove(tx: &mut Tx, client: ClientId, kind: ResourceKind, resource: Uuid) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE).bind(client).bind(kind.as_str()).bind(resource).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets how every client calls the resource, because it was deleted.
pub async fn remove_all(tx: &mut Tx, kind: ResourceKind, resource: Uuid) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_ALL).bind(kind.as_str()).bind(resource).execute(c).await.map(drop))?;
    Ok(())
}
