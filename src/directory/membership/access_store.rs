//! What is open to somebody: tiles for My Apps, and the list that pages show. The codes for claims are in `directory/client/entry_store.rs`.

use uuid::Uuid;

use crate::db::{self, Tx, on, statements};
use crate::directory::application::environment_store::EnvironmentRow;
use crate::directory::stored::principal;
use crate::kernel::ids::{ApplicationId, EnvironmentId, GroupId, OrganisationId, UserId};
use crate::kernel::time::Timestamp;

use super::model::{HeldGroup, Tile};

/// Memberships `m` with the groups `g` that they give, by way of `w`: itself, or a group in it.
macro_rules! held {
    ($rest:literal) => {
        concat!(
            "SELECT g.id AS group_id, g.application_id, g.environment_id, g.code, g.display_name, g.description, g.sensitive,
            m.granted_by_kind, m.granted_by_id, m.granted_at, m.until, w.id AS way_id, w.display_name AS way
            FROM memberships m JOIN group_closure i ON i.inner_id = m.group_id JOIN groups g ON g.id = i.outer_id
            JOIN groups w ON w.id = m.group_id ",
            $rest
        )
    };
}

statements! {
    LIST_TILES = "SELECT e.*, a.code AS application_code, a.name AS application_name, a.description,
        a.documentation_url FROM applications a JOIN environments e ON e.application_id = a.id
        WHERE EXISTS (SELECT 1 FROM memberships m JOIN groups g ON g.id = m.group_id
            WHERE m.user_id = $1 AND g.environment_id = e.id AND (m.until IS NULL OR m.until > $2))
        OR NOT e.requires_group AND (e.launch_url IS NOT NULL OR EXISTS (SELECT 1 FROM clients k
            WHERE k.environment_id = e.id AND k.active AND k.settings ->> 'initiate_login_uri' IS NOT NULL))
        AND (a.module_access <> 'required' OR EXISTS (SELECT 1 FROM module_accesses d
            JOIN users u ON u.organisation_id = d.organisation_id WHERE u.id = $1 AND d.application_id = a.id))
        ORDER BY a.code, e.group_prefix, e.code LIMIT $3";
    LIST_HELD = held!("WHERE m.user_id = $1 AND i.inner_id = i.outer_id ORDER BY g.code_folded");
    LIST_GIVEN = held!("WHERE m.user_id = $1 ORDER BY g.code_folded, w.code_folded");
    LIST_HOLDERS = "SELECT DISTINCT a.role, u.given_name, u.family_name FROM role_assignments a
        JOIN organisation_closure c ON c.ancestor_id = a.organisation_id JOIN users u ON u.id = a.principal_id
        WHERE c.descendant_id = $1 AND a.principal_kind = 'person' AND a.state = 'active' AND a.project_id IS NULL AND (c.depth = 0 OR a.include_sub_levels)
        AND (a.all_applications OR EXISTS (SELECT 1 FROM role_assignment_applications x
            WHERE x.assignment_id = a.id AND x.application_id = $2))
        AND a.valid_from <= $3 AND (a.valid_until IS NULL OR a.valid_until > $3)
        AND u.active AND NOT u.blocked AND u.deleted_at IS NULL AND (u.account_expires_at IS NULL OR u.account_expires_at > $3)
        ORDER BY u.family_name, u.given_name, a.role LIMIT 50";
}

/// As many applications are shown to one person.
const MOST_TILES: i64 = 500;

/// Somebody who holds a role over an organisation and an application.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Holder {
    /// The role.
    pub role: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
}

/// Who holds any role over this organisation and this application at `now`: for telling a member whom to ask (E31).
pub async fn list_holders(
    tx: &mut Tx,
    organisation: OrganisationId,
    application: ApplicationId,
    now: Timestamp,
) -> db::Result<Vec<Holder>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_HOLDERS).bind(organisation).bind(application).bind(now).fetch_all(c).await)?)
}

#[derive(sqlx::FromRow)]
struct TileRow {
    #[sqlx(flatten)]
    environment: EnvironmentRow,
    application_code: String,
    application_name: String,
    description: String,
    documentation_url: Option<String>,
}

#[derive(sqlx::FromRow)]
struct HeldRow {
    group_id: GroupId,
    application_id: ApplicationId,
    environment_id: EnvironmentId,
    code: String,
    display_name: String,
    description: String,
    sensitive: bool,
    granted_by_kind: String,
    granted_by_id: Uuid,
    granted_at: Timestamp,
    until: Option<Timestamp>,
    way_id: GroupId,
    way: String,
}

/// The environments that a live membership opens to the user at `now` (E30), and those that ask for no group and lead somewhere: roles
/// alone may count there. The first five hundred; nobody looks through more.
pub async fn list_tiles(tx: &mut Tx, user: UserId, now: Timestamp) -> db::Result<Vec<Tile>> {
    let rows: Vec<TileRow> =
        on!(tx, c => sqlx::query_as(LIST_TILES).bind(user).bind(now).bind(MOST_TILES).fetch_all(c).await)?;
    let tile = |row: TileRow| {
        Ok(Tile {
            environment: row.environment.into_model()?,
            application_code: row.application_code,
            application_name: row.application_name,
            description: row.description,
            documentation_url: row.documentation_url,
        })
    };
    rows.into_iter().map(tile).collect()
}

/// The groups that a user was put into, by code, ended memberships included.
pub async fn list_held(tx: &mut Tx, user: UserId) -> db::Result<Vec<HeldGroup>> {
    list(tx, LIST_HELD, user).await
}

/// The groups that the memberships of a user give, by code, ended ones included: also those around a group that they were put into.
pub async fn list_given(tx: &mut Tx, user: UserId) -> db::Result<Vec<HeldGroup>> {
    list(tx, LIST_GIVEN, user).await
}

async fn list(tx: &mut Tx, sql: &'static str, user: UserId) -> db::Result<Vec<HeldGroup>> {
    let rows: Vec<HeldRow> = on!(tx, c => sqlx::query_as(sql).bind(user).fetch_all(c).await)?;
    let held = |row: HeldRow| {
        Ok(HeldGroup {
            group: row.group_id,
            application: row.application_id,
            environment: row.environment_id,
            code: row.code,
            display_name: row.display_name,
            description: row.description,
            sensitive: row.sensitive,
            granted_by: principal(&row.granted_by_kind, row.granted_by_id)?,
            granted_at: row.granted_at,
            until: row.until,
            by_way_of: (row.way_id != row.group_id).then_some(row.way),
        })
    };
    rows.into_iter().map(held).collect()
}
