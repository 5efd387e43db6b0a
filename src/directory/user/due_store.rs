//! The SQL of what people hold that is to be confirmed: given before the round began, and not confirmed since. Lists for readers hold what is in their
//! scope and nothing else (D8).

use sqlx::QueryBuilder;

use crate::authority::{ApplicationScope, Authority, Permission, Roles, Scope};
use crate::db::{self, Tx, on};
use crate::delegation::listed_store::Sight;
use crate::delegation::model::RoleAssignment;
use crate::delegation::recertification::model::{DueMembership, DueRole};
use crate::delegation::store::{self as roles, Row};
use crate::kernel::ids::{ApplicationId, GroupId, MembershipId, OrganisationId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

const ROLE_COLUMNS: &str = "SELECT a.id, a.principal_kind, a.principal_id, a.role, a.organisation_id, a.include_sub_levels,
    a.all_applications, a.project_id, a.state, a.valid_from, a.valid_until, a.granted_by_kind, a.granted_by_id, a.granted_via,
    a.granted_at, a.waits_for_phase, u.organisation_id AS home_id, u.given_name, u.family_name, r.due_at ";

/// Roles of people that are in effect or will be, in the round of the organisation that they are held at.
const DUE_ROLES: &str = "FROM recertifications r JOIN role_assignments a ON a.organisation_id = r.organisation_id
    JOIN users u ON u.id = a.principal_id
    WHERE r.closed_at IS NULL AND a.principal_kind = 'person' AND a.state = 'active' AND a.granted_at < r.opened_at
    AND (a.kept_at IS NULL OR a.kept_at < r.opened_at) AND (a.valid_until IS NULL OR a.valid_until > ";

const MEMBERSHIP_COLUMNS: &str = "SELECT m.id, m.user_id, m.group_id, m.granted_at, g.application_id, g.display_name,
    u.organisation_id AS home_id, u.given_name, u.family_name, r.due_at ";

/// Memberships of people at home in an organisation that is in a round.
const DUE_MEMBERSHIPS: &str = "FROM recertifications r JOIN users u ON u.organisation_id = r.organisation_id
    JOIN memberships m ON m.user_id = u.id JOIN groups g ON g.id = m.group_id
    WHERE r.closed_at IS NULL AND r.memberships AND u.deleted_at IS NULL AND m.granted_at < r.opened_at
    AND (m.kept_at IS NULL OR m.kept_at < r.opened_at) AND (m.until IS NULL OR m.until > ";

#[derive(sqlx::FromRow)]
struct RoleRow {
    #[sqlx(flatten)]
    role: Row,
    home_id: OrganisationId,
    given_name: String,
    family_name: String,
    due_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    id: MembershipId,
    user_id: UserId,
    group_id: GroupId,
    granted_at: Timestamp,
    application_id: ApplicationId,
    display_name: String,
    home_id: OrganisationId,
    given_name: String,
    family_name: String,
    due_at: Timestamp,
}

impl MembershipRow {
    fn into_model(self) -> DueMembership {
        DueMembership {
            id: self.id,
            user: self.user_id,
            home: self.home_id,
            name: format!("{} {}", self.given_name, self.family_name),
            group: self.group_id,
            group_name: self.display_name,
            application: self.application_id,
            granted_at: self.granted_at,
            due_at: self.due_at,
        }
    }
}

/// What somebody sees of what is to be confirmed: roles as far as they give roles, of people whom they administer; memberships as far
/// as they give those.
#[derive(Clone, Debug)]
pub struct Reader {
    sight: Sight,
    people: Scope,
    /// Roles that people are named for, wherever they are at home.
    named: Vec<String>,
    asked: Vec<String>,
    memberships: ApplicationScope,
    now: Timestamp,
}

impl Reader {
    /// As whoever holds this authority.
    pub fn of(authority: &Authority, roles: &Roles, now: Timestamp) -> Self {
        let give = Permission::RoleGrant;
        let organisations = Scope::of(authority, &[give], now);
        let sight = Sight {
            applications: ApplicationScope::of(authority, &[give], now),
            in_projects: organisations.clone(),
            projects: authority.carrying(give, now).filter_map(|held| held.project).collect(),
        };
        Self {
            sight,
            people: organisations,
            named: roles.iter().filter(|role| role.nominated).map(|role| role.code.clone()).collect(),
            asked: codes(roles),
            memberships: ApplicationScope::of(authority, &[Permission::MembershipAssign], now),
            now,
        }
    }

    /// Whether there could be roles, and whether memberships.
    pub fn may(&self) -> (bool, bool) {
        (!self.people.is_empty() || !self.sight.projects.is_empty(), !self.memberships.parts().is_empty())
    }
}

/// The roles that are asked about.
fn codes(roles: &Roles) -> Vec<String> {
    roles.iter().filter(|role| role.recertified).map(|role| role.code.clone()).collect()
}

/// Appends ` IN (…)` of texts.
macro_rules! push_texts {
    ($query:expr, $texts:expr) => {{
        $query.push(" IN (NULL");
        for text in $texts {
            $query.push(", ").push_bind(text.as_str());
        }
        $query.push(")");
    }};
}

/// Appends the condition of roles that a reader sees.
macro_rules! push_roles {
    ($query:expr, $reader:expr) => {{
        $query.push(DUE_ROLES).push_bind($reader.now).push(") AND a.role");
        push_texts!($query, &$reader.asked);
        $query.push(" AND ");
        $reader.sight.push(&mut $query);
        $query.push(" AND (a.role");
        push_texts!($query, &$reader.named);
        $query.push(" OR ");
        $reader.people.push_condition(&mut $query, "u.organisation_id");
        $query.push(")");
    }};
}

/// Appends the condition of memberships that a reader sees.
macro_rules! push_memberships {
    ($query:expr, $reader:expr) => {{
        $query.push(DUE_MEMBERSHIPS).push_bind($reader.now).push(") AND ");
        $reader.memberships.push_condition(&mut $query, ("g.application_id", "u.organisation_id"));
    }};
}

async fn into_roles(tx: &mut Tx, rows: Vec<RoleRow>) -> db::Result<Vec<DueRole>> {
    let (mut held, mut about) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    for row in rows {
        about.push((row.home_id, format!("{} {}", row.given_name, row.family_name), row.due_at));
        held.push(row.role);
    }
    let held = roles::with_applications(tx, held).await?;
    let due = held.into_iter().zip(about).map(|(role, (home, name, due_at))| DueRole { role, home, name, due_at });
    Ok(due.collect())
}

/// How many roles a reader sees.
pub async fn count_roles(tx: &mut Tx, reader: &Reader) -> db::Result<u64> {
    let count: i64 = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT COUNT(*) ");
        push_roles!(query, reader);
        query.build_query_scalar().fetch_one(c).await
    })?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Those that a reader sees, the first to lapse first.
pub async fn list_roles(tx: &mut Tx, reader: &Reader, (limit, offset): (i64, i64)) -> db::Result<Vec<DueRole>> {
    let rows: Vec<RoleRow> = on!(tx, c => {
        let mut query = QueryBuilder::new(ROLE_COLUMNS);
        push_roles!(query, reader);
        query.push(" ORDER BY r.due_at, a.organisation_id, a.role, a.id LIMIT ").push_bind(limit);
        query.push(" OFFSET ").push_bind(offset).build_query_as().fetch_all(c).await
    })?;
    into_roles(tx, rows).await
}

/// Which of some roles a reader sees.
pub async fn list_roles_of(
    tx: &mut Tx,
    reader: &Reader,
    ids: &[RoleAssignmentId],
) -> db::Result<Vec<RoleAssignmentId>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT a.id ");
        push_roles!(query, reader);
        query.push(" AND a.id IN (NULL");
        for id in ids {
            query.push(", ").push_bind(*id);
        }
        query.push(") ORDER BY a.id").build_query_scalar().fetch_all(c).await
    })?)
}

/// How many memberships a reader sees.
pub async fn count_memberships(tx: &mut Tx, reader: &Reader) -> db::Result<u64> {
    let count: i64 = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT COUNT(*) ");
        push_memberships!(query, reader);
        query.build_query_scalar().fetch_one(c).await
    })?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Those that a reader sees, the first to lapse first.
pub async fn list_memberships(
    tx: &mut Tx,
    reader: &Reader,
    (limit, offset): (i64, i64),
) -> db::Result<Vec<DueMembership>> {
    let rows: Vec<MembershipRow> = on!(tx, c => {
        let mut query = QueryBuilder::new(MEMBERSHIP_COLUMNS);
        push_memberships!(query, reader);
        query.push(" ORDER BY r.due_at, u.organisation_id, u.id, m.id LIMIT ").push_bind(limit);
        query.push(" OFFSET ").push_bind(offset).build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(MembershipRow::into_model).collect())
}

/// Which of some memberships a reader sees: whose, and in which group.
pub async fn list_memberships_of(
    tx: &mut Tx,
    reader: &Reader,
    ids: &[MembershipId],
) -> db::Result<Vec<(UserId, GroupId)>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT m.user_id, m.group_id ");
        push_memberships!(query, reader);
        query.push(" AND m.id IN (NULL");
        for id in ids {
            query.push(", ").push_bind(*id);
        }
        query.push(") ORDER BY m.id").build_query_as().fetch_all(c).await
    })?)
}

/// Roles at one organisation, the first given first: for the clock.
pub(crate) async fn list_roles_at(
    tx: &mut Tx,
    at: OrganisationId,
    of: &Roles,
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<RoleAssignment>> {
    let asked = codes(of);
    let rows: Vec<RoleRow> = on!(tx, c => {
        let mut query = QueryBuilder::new(ROLE_COLUMNS);
        query.push(DUE_ROLES).push_bind(now).push(") AND a.organisation_id = ").push_bind(at).push(" AND a.role");
        push_texts!(query, &asked);
        query.push(" ORDER BY a.granted_at, a.id LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await
    })?;
    Ok(into_roles(tx, rows).await?.into_iter().map(|due| due.role).collect())
}

/// Memberships of people of one organisation, the first given first: for the clock.
pub(crate) async fn list_memberships_at(
    tx: &mut Tx,
    at: OrganisationId,
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<DueMembership>> {
    let rows: Vec<MembershipRow> = on!(tx, c => {
        let mut query = QueryBuilder::new(MEMBERSHIP_COLUMNS);
        query.push(DUE_MEMBERSHIPS).push_bind(now).push(") AND r.organisation_id = ").push_bind(at);
        query.push(" ORDER BY m.granted_at, m.id LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(MembershipRow::into_model).collect())
}
