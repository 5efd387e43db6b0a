//! The SQL of deputies as lists show them, with the names of both: whoever sees a role sees who holds it, and who stands in (D8).

use sqlx::{QueryBuilder, Type};

use crate::db::{self, Tx, on};
use crate::delegation::listed_store::Sight;
use crate::kernel::ids::{DeputyId, OrganisationId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

const COLUMNS: &str = "SELECT d.id, d.assignment_id, d.deputy_id, d.valid_from, d.valid_until, a.principal_id AS holder_id,
    h.organisation_id AS home_id, h.given_name || ' ' || h.family_name AS holder_name, u.given_name || ' ' || u.family_name AS deputy_name ";

/// Those who stand in now or later, in the sight of a reader, or of a role that the reader holds, or as which the reader stands in.
const OPEN: &str = "FROM deputies d JOIN role_assignments a ON a.id = d.assignment_id JOIN users u ON u.id = d.deputy_id
    JOIN users h ON h.id = a.principal_id WHERE d.ended_at IS NULL AND a.state = 'active' AND a.principal_kind = 'person'
    AND u.deleted_at IS NULL AND d.valid_until > ";

/// Somebody who stands in, as shown.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Shown {
    /// Its id.
    pub id: DeputyId,
    /// For which assignment.
    #[sqlx(rename = "assignment_id")]
    pub assignment: RoleAssignmentId,
    /// Who stands in.
    #[sqlx(rename = "deputy_id")]
    pub deputy: UserId,
    /// Their name.
    pub deputy_name: String,
    /// For whom.
    #[sqlx(rename = "holder_id")]
    pub holder: UserId,
    /// Their name.
    pub holder_name: String,
    /// Where the holder is at home.
    #[sqlx(rename = "home_id")]
    pub home: OrganisationId,
    /// From when on.
    pub valid_from: Timestamp,
    /// From then on no more.
    pub valid_until: Timestamp,
}

/// Whose list it is, and of whom.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// What the reader sees.
    pub sight: &'a Sight,
    /// The reader.
    pub reader: UserId,
    /// Only of this deputy.
    pub deputy: Option<UserId>,
}

fn push<DB>(query: &mut QueryBuilder<DB>, asked: &Asked<'_>, now: Timestamp)
where
    DB: sqlx::Database,
    for<'q> OrganisationId: sqlx::Encode<'q, DB> + Type<DB>,
    for<'q> crate::kernel::ids::ApplicationId: sqlx::Encode<'q, DB> + Type<DB>,
    for<'q> crate::kernel::ids::ProjectId: sqlx::Encode<'q, DB> + Type<DB>,
    for<'q> UserId: sqlx::Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: sqlx::Encode<'q, DB> + Type<DB>,
{
    query.push(OPEN).push_bind(now).push(" AND (a.principal_id = ").push_bind(asked.reader);
    query.push(" OR d.deputy_id = ").push_bind(asked.reader).push(" OR ");
    asked.sight.push(query);
    query.push(")");
    if let Some(deputy) = asked.deputy {
        query.push(" AND d.deputy_id = ").push_bind(deputy);
    }
}

/// How many there are.
pub async fn count(tx: &mut Tx, asked: &Asked<'_>, now: Timestamp) -> db::Result<u64> {
    let count: i64 = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT COUNT(*) ");
        push(&mut query, asked, now);
        query.build_query_scalar().fetch_one(c).await
    })?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A part of them, the first to end first.
pub async fn list(
    tx: &mut Tx,
    asked: &Asked<'_>,
    now: Timestamp,
    (limit, offset): (i64, i64),
) -> db::Result<Vec<Shown>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(COLUMNS);
        push(&mut query, asked, now);
        query.push(" ORDER BY d.valid_until, d.id LIMIT ").push_bind(limit);
        query.push(" OFFSET ").push_bind(offset).build_query_as().fetch_all(c).await
    })?)
}
