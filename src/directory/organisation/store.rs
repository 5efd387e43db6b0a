//! The SQL of organisations and of their closure table.

use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::OrganisationId;
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

use super::model::{Organisation, OrganisationPath, Status};
use super::people_store;

macro_rules! columns {
    () => {
        "o.id, o.parent_id, o.name, o.name_folded, o.country, o.lei, o.external_id, o.status, o.created_at, o.updated_at, o.version"
    };
}

statements! {
    FIND = concat!("SELECT ", columns!(), " FROM organisations o WHERE o.id = $1");
    FIND_ROOT = concat!("SELECT ", columns!(), " FROM organisations o WHERE o.parent_id IS NULL");
    FIND_BY_EXTERNAL_ID = concat!("SELECT ", columns!(), " FROM organisations o WHERE o.external_id = $1");
    FIND_BY_LEI = concat!("SELECT ", columns!(), " FROM organisations o WHERE o.lei = $1");
    LIST_CHILDREN = concat!("SELECT ", columns!(), " FROM organisations o WHERE o.parent_id = $1 AND o.status <> 'deleted' ORDER BY o.name_folded, o.id LIMIT $2");
    LIST_PATH = concat!(
        "SELECT ", columns!(), " FROM organisation_closure c JOIN organisations o ON o.id = c.ancestor_id",
        " WHERE c.descendant_id = $1 ORDER BY c.depth DESC"
    );
    LIST_SUBTREE = concat!(
        "SELECT ", columns!(), " FROM organisation_closure c JOIN organisations o ON o.id = c.descendant_id",
        " WHERE c.ancestor_id = $1 ORDER BY c.depth, o.name_folded, o.id LIMIT $2"
    );
    LIST_NAMED_BELOW = concat!(
        "SELECT ", columns!(), " FROM organisation_closure c JOIN organisations o ON o.id = c.descendant_id",
        " WHERE c.ancestor_id = $1 AND o.name_folded = $2 ORDER BY c.depth, o.id LIMIT 2"
    );
    /// Its managers follow at -1, and itself at -2 if it manages any.
    PATH = "SELECT ancestor_id, depth FROM organisation_closure WHERE descendant_id = $1
        UNION ALL SELECT manager_id, -1 FROM access_managers WHERE organisation_id = $1
        UNION ALL SELECT c.descendant_id, -2 FROM organisation_closure c WHERE c.descendant_id = $1 AND c.depth = 0
            AND EXISTS (SELECT 1 FROM access_managers m WHERE m.manager_id = $1)
        ORDER BY depth DESC";
    COUNT_PATH = "SELECT COUNT(*), COUNT(CASE WHEN o.status <> 'active' THEN 1 END)
        FROM organisation_closure c JOIN organisations o ON o.id = c.ancestor_id WHERE c.descendant_id = $1";
    INSERT = "INSERT INTO organisations
        (id, parent_id, name, name_folded, country, lei, external_id, status, created_at, updated_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    SAVE = "UPDATE organisations SET parent_id = $2, name = $3, name_folded = $4, country = $5, lei = $6, external_id = $7,
        status = $8, created_at = $9, updated_at = $10, version = $11 WHERE id = $1 AND version + 1 = $11";
    INSERT_SELF = "INSERT INTO organisation_closure (ancestor_id, descendant_id, depth) VALUES ($1, $1, 0)";
    INSERT_ABOVE = "INSERT INTO organisation_closure (ancestor_id, descendant_id, depth)
        SELECT c.ancestor_id, o.id, c.depth + 1
        FROM organisations o JOIN organisation_closure c ON c.descendant_id = o.parent_id WHERE o.id = $1";
    SAVE_CHANGED_AT = "UPDATE organisations SET updated_at = $2 WHERE id = $1";
    FIND_HEIGHT = "SELECT MAX(depth) FROM organisation_closure WHERE ancestor_id = $1";
    DETACH = "DELETE FROM organisation_closure
        WHERE descendant_id IN (SELECT d.descendant_id FROM organisation_closure d WHERE d.ancestor_id = $1)
        AND ancestor_id NOT IN (SELECT d.descendant_id FROM organisation_closure d WHERE d.ancestor_id = $1)";
    ATTACH = "INSERT INTO organisation_closure (ancestor_id, descendant_id, depth)
        SELECT above.ancestor_id, below.descendant_id, above.depth + below.depth + 1
        FROM organisation_closure above CROSS JOIN organisation_closure below
        WHERE above.descendant_id = $1 AND below.ancestor_id = $2";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: OrganisationId,
    parent_id: Option<OrganisationId>,
    name: String,
    name_folded: String,
    country: Option<String>,
    lei: Option<String>,
    external_id: Option<String>,
    status: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    version: i64,
}

impl Row {
    fn of(organisation: &Organisation, version: i64) -> Self {
        Self {
            id: organisation.id,
            parent_id: organisation.parent,
            name: organisation.name.clone(),
            name_folded: fold(&organisation.name),
            country: organisation.country.clone(),
            lei: organisation.lei.clone(),
            external_id: organisation.external_id.clone(),
            status: organisation.status.as_str().to_owned(),
            created_at: organisation.created_at,
            updated_at: organisation.updated_at,
            version,
        }
    }

    fn into_model(self) -> db::Result<Organisation> {
        Ok(Organisation {
            id: self.id,
            parent: self.parent_id,
            name: self.name,
            country: self.country,
            lei: self.lei,
            external_id: self.external_id,
            status: Status::parse(&self.status).ok_or(Error::Corrupt("organisations.status"))?,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        })
    }

    async fn write(self, tx: &mut Tx, sql: &'static str) -> db::Result<u64> {
        Ok(on!(tx, c => sqlx::query(sql)
            .bind(self.id)
            .bind(self.parent_id)
            .bind(&self.name)
            .bind(&self.name_folded)
            .bind(&self.country)
            .bind(&self.lei)
            .bind(&self.external_id)
            .bind(&self.status)
            .bind(self.created_at)
            .bind(self.updated_at)
            .bind(self.version)
            .execute(c).await.map(|done| done.rows_affected()))?)
    }
}

async fn find_one(tx: &mut Tx, sql: &'static str, id: OrganisationId) -> db::Result<Option<Organisation>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(sql).bind(id).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

async fn list_by(tx: &mut Tx, sql: &'static str, id: OrganisationId) -> db::Result<Vec<Organisation>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(id).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// One organisation.
pub async fn find(tx: &mut Tx, id: OrganisationId) -> db::Result<Option<Organisation>> {
    find_one(tx, FIND, id).await
}

/// The root of the tree; `None` before the installation was set up.
pub async fn find_root(tx: &mut Tx) -> db::Result<Option<Organisation>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_ROOT).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// The organisation that the institution knows under its own key.
pub async fn find_by_external_id(tx: &mut Tx, external_id: &str) -> db::Result<Option<Organisation>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_BY_EXTERNAL_ID).bind(external_id).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// The organisation with this Legal Entity Identifier.
pub async fn find_by_lei(tx: &mut Tx, lei: &str) -> db::Result<Option<Organisation>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_BY_LEI).bind(lei).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// The nodes directly below, by name, at most `limit`.
pub async fn list_children(tx: &mut Tx, parent: OrganisationId, limit: i64) -> db::Result<Vec<Organisation>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_CHILDREN).bind(parent).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// The nodes from the root down to this one, this one last.
pub async fn list_path(tx: &mut Tx, id: OrganisationId) -> db::Result<Vec<Organisation>> {
    list_by(tx, LIST_PATH, id).await
}

/// The node and everything below it, upper levels first, at most `limit`.
pub async fn list_subtree(tx: &mut Tx, id: OrganisationId, limit: i64) -> db::Result<Vec<Organisation>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_SUBTREE).bind(id).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// The node of this name among a node and everything below it; `None` if there is none or more than one.
pub async fn find_named_below(tx: &mut Tx, id: OrganisationId, name: &str) -> db::Result<Option<Organisation>> {
    let mut rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(LIST_NAMED_BELOW).bind(id).bind(fold(name)).fetch_all(c).await)?;
    let only = if rows.len() == 1 { rows.pop() } else { None };
    only.map(Row::into_model).transpose()
}

/// Where the node stands, and who manages it; `None` if there is no such node.
pub async fn path(tx: &mut Tx, id: OrganisationId) -> db::Result<Option<OrganisationPath>> {
    let rows: Vec<(OrganisationId, i64)> = on!(tx, c => sqlx::query_as(PATH).bind(id).fetch_all(c).await)?;
    let of = |depth: fn(i64) -> bool| rows.iter().filter(move |row| depth(row.1)).map(|row| row.0);
    let path = OrganisationPath::new(of(|depth| depth >= 0).collect());
    Ok(path.map(|path| path.managed(of(|depth| depth == -1).collect(), of(|depth| depth == -2).next().is_some())))
}

/// The status that counts: deactivated as soon as the node or one above it is (DA-44). `None` if there is no such node; to
/// find that out takes the same single statement (AU-23).
pub async fn find_effective_status(tx: &mut Tx, id: OrganisationId) -> db::Result<Option<Status>> {
    let (levels, deactivated): (i64, i64) = on!(tx, c => sqlx::query_as(COUNT_PATH).bind(id).fetch_one(c).await)?;
    Ok(match (levels, deactivated) {
        (0, _) => None,
        (_, 0) => Some(Status::Active),
        _ => Some(Status::Deactivated),
    })
}

/// How many levels lie below the node; 0 for a leaf.
pub async fn find_height(tx: &mut Tx, id: OrganisationId) -> db::Result<i64> {
    let height: Option<i64> = on!(tx, c => sqlx::query_scalar(FIND_HEIGHT).bind(id).fetch_one(c).await)?;
    Ok(height.unwrap_or(0))
}

/// Adds a node and its lines of the closure. The parent must exist.
pub async fn insert(tx: &mut Tx, organisation: &Organisation) -> db::Result<()> {
    Row::of(organisation, organisation.version).write(tx, INSERT).await?;
    on!(tx, c => sqlx::query(INSERT_SELF).bind(organisation.id).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(INSERT_ABOVE).bind(organisation.id).execute(c).await.map(drop))?;
    Ok(())
}

/// Writes everything but the place in the tree, and raises the version. `false` if somebody else was faster.
pub async fn save(tx: &mut Tx, organisation: &Organisation) -> db::Result<bool> {
    Ok(Row::of(organisation, organisation.version + 1).write(tx, SAVE).await? == 1)
}

/// Remembers when what it says about itself was last changed, which stands in tables of its own.
pub(super) async fn save_changed_at(tx: &mut Tx, id: OrganisationId, at: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(SAVE_CHANGED_AT).bind(id).bind(at).execute(c).await.map(drop))?)
}

/// Hangs a subtree under another parent; the caller has ruled out a cycle. `false` if somebody else was faster.
pub async fn save_parent(tx: &mut Tx, organisation: &Organisation, parent: OrganisationId) -> db::Result<bool> {
    let moved = Organisation { parent: Some(parent), ..organisation.clone() };
    if !save(tx, &moved).await? {
        return Ok(false);
    }
    let people = people_store::count_below(tx, organisation.id).await?;
    people_store::add_above(tx, organisation.id, -people).await?;
    on!(tx, c => sqlx::query(DETACH).bind(organisation.id).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(ATTACH).bind(parent).bind(organisation.id).execute(c).await.map(drop))?;
    people_store::add_above(tx, organisation.id, people).await?;
    Ok(true)
}
