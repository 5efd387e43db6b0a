//! The SQL of the audit log and of its chain.

use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ApplicationId, AuditId, OrganisationId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

macro_rules! columns {
    () => {
        "id, at, kind, actor_kind, actor_id, via, organisation_id, application_id, subject_kind, subject_id, details,
        channel, request_id, ip"
    };
}

/// How many rows go into one statement: SQLite takes 32,766 values.
const ROWS: usize = 500;

statements! {
    INSERT = concat!("INSERT INTO audit_events (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
    LIST_UNSEALED = "SELECT * FROM audit_events WHERE sequence IS NULL ORDER BY at, id LIMIT $1";
    COUNT_UNSEALED = "SELECT COUNT(*) FROM audit_events WHERE sequence IS NULL";
    LIST_SEALED = "SELECT * FROM audit_events WHERE sequence > $1 ORDER BY sequence LIMIT $2";
    LIST_OF_SUBJECT = "SELECT * FROM audit_events WHERE subject_id = $1 AND at >= $2 ORDER BY at DESC, id DESC LIMIT $3";
    LIST_OF_PERSON = "SELECT * FROM (SELECT * FROM audit_events WHERE subject_id = $1 AND at >= $2 ORDER BY at DESC, id DESC LIMIT $3) own
        UNION ALL SELECT * FROM (SELECT e.* FROM role_assignments r CROSS JOIN audit_events e WHERE r.principal_id = $1
        AND e.subject_id = r.id AND e.at >= $2 AND (e.kind IN ('role.granted', 'role.confirmed') OR (e.kind = 'role.revoked'
        AND EXISTS (SELECT 1 FROM audit_events g WHERE g.subject_id = r.id AND g.kind IN ('role.granted', 'role.confirmed'))))
        ORDER BY e.at DESC, e.id DESC LIMIT $3) held ORDER BY at DESC, id DESC LIMIT $3";
    COUNT_OF_KIND = "SELECT COUNT(*) FROM audit_events WHERE subject_id = $1 AND at > $2 AND kind = $3";
    FIND_SEALED = "SELECT chain FROM audit_events WHERE sequence = $1";
    FIND_CHAIN = "SELECT sequence, chain FROM audit_chain WHERE id = 1";
    SAVE_CHAIN = "INSERT INTO audit_chain (id, sequence, chain) VALUES (1, $1, $2)
        ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, chain = excluded.chain";
}

/// One line of the log as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What ([`super::Kind::as_str`]).
    pub kind: String,
    /// Who: `person`, `service`, `console`; nobody before a sign-in.
    pub actor_kind: Option<String>,
    /// Who.
    pub actor_id: Option<Uuid>,
    /// By which role assignment.
    pub via: Option<RoleAssignmentId>,
    /// In whose scope.
    pub organisation_id: Option<OrganisationId>,
    /// About which application.
    pub application_id: Option<ApplicationId>,
    /// To what.
    pub subject_kind: String,
    /// To which.
    pub subject_id: Uuid,
    /// JSON: before, after, and what else belongs to it.
    pub details: String,
    /// Through which door.
    pub channel: String,
    /// In which request.
    pub request_id: String,
    /// From which address.
    pub ip: Option<String>,
    /// Its place in the chain, once sealed.
    pub sequence: Option<i64>,
    /// The digest up to and including it, once sealed.
    pub chain: Option<Vec<u8>>,
}

pub(super) async fn insert(tx: &mut Tx, row: &Row) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(INSERT)
        .bind(row.id)
        .bind(row.at)
        .bind(&row.kind)
        .bind(&row.actor_kind)
        .bind(row.actor_id)
        .bind(row.via)
        .bind(row.organisation_id)
        .bind(row.application_id)
        .bind(&row.subject_kind)
        .bind(row.subject_id)
        .bind(&row.details)
        .bind(&row.channel)
        .bind(&row.request_id)
        .bind(&row.ip)
        .execute(c).await.map(drop))?)
}

pub(super) async fn insert_all(tx: &mut Tx, rows: &[Row]) -> db::Result<()> {
    for part in rows.chunks(ROWS) {
        on!(tx, c => {
            let mut query = QueryBuilder::new(concat!("INSERT INTO audit_events (", columns!(), ") "));
            query.push_values(part, |mut values, row| {
                values
                    .push_bind(row.id)
                    .push_bind(row.at)
                    .push_bind(&row.kind)
                    .push_bind(&row.actor_kind)
                    .push_bind(row.actor_id)
                    .push_bind(row.via)
                    .push_bind(row.organisation_id)
                    .push_bind(row.application_id)
                    .push_bind(&row.subject_kind)
                    .push_bind(row.subject_id)
                    .push_bind(&row.details)
                    .push_bind(&row.channel)
                    .push_bind(&row.request_id)
                    .push_bind(&row.ip);
            });
            query.build().persistent(part.len() == ROWS).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

pub(super) async fn list_unsealed(tx: &mut Tx, limit: i64) -> db::Result<Vec<Row>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_UNSEALED).bind(limit).fetch_all(c).await)?)
}

pub(super) async fn count_unsealed(tx: &mut Tx) -> db::Result<i64> {
    let row: (i64,) = on!(tx, c => sqlx::query_as(COUNT_UNSEALED).fetch_one(c).await)?;
    Ok(row.0)
}

/// Lines of the chain after a place, in their order.
pub async fn list_sealed(tx: &mut Tx, after: i64, limit: i64) -> db::Result<Vec<Row>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_SEALED).bind(after).bind(limit).fetch_all(c).await)?)
}

/// What was done to one person or thing since an instant, newest first.
pub async fn list_of_subject(tx: &mut Tx, subject: Uuid, since: Timestamp, limit: i64) -> db::Result<Vec<Row>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_OF_SUBJECT).bind(subject).bind(since).bind(limit).fetch_all(c).await)?)
}

/// The same of a person, with what was decided about their roles; what somebody only proposed is not theirs to read.
pub async fn list_of_person(tx: &mut Tx, person: UserId, since: Timestamp, limit: i64) -> db::Result<Vec<Row>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_OF_PERSON).bind(person).bind(since).bind(limit).fetch_all(c).await)?)
}

/// How often something of one kind was done to one person or thing after an instant.
pub async fn count_of_kind(tx: &mut Tx, subject: Uuid, kind: super::Kind, after: Timestamp) -> db::Result<i64> {
    Ok(
        on!(tx, c => sqlx::query_scalar(COUNT_OF_KIND).bind(subject).bind(after).bind(kind.as_str()).fetch_one(c).await)?,
    )
}

/// Gives lines their places in the chain.
pub(super) async fn save_sealed(tx: &mut Tx, links: &[(AuditId, i64, Vec<u8>)]) -> db::Result<()> {
    for part in links.chunks(ROWS) {
        on!(tx, c => {
            // Both engines name the columns of a list of values like that.
            let mut query = QueryBuilder::new("UPDATE audit_events SET sequence = v.column2, chain = v.column3 FROM (");
            query.push_values(part, |mut values, (id, sequence, chain)| {
                values.push_bind(*id).push_bind(*sequence).push_bind(chain);
            });
            query.push(") AS v WHERE audit_events.id = v.column1 AND audit_events.sequence IS NULL");
            query.build().persistent(part.len() == ROWS).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// The digest at one place of the chain.
pub(super) async fn find_sealed(tx: &mut Tx, sequence: i64) -> db::Result<Option<Vec<u8>>> {
    let found: Option<Option<Vec<u8>>> =
        on!(tx, c => sqlx::query_scalar(FIND_SEALED).bind(sequence).fetch_optional(c).await)?;
    Ok(found.flatten())
}

pub(super) async fn find_chain(tx: &mut Tx) -> db::Result<Option<(i64, Vec<u8>)>> {
    Ok(on!(tx, c => sqlx::query_as(FIND_CHAIN).fetch_optional(c).await)?)
}

pub(super) async fn save_chain(tx: &mut Tx, sequence: i64, chain: &[u8]) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(SAVE_CHAIN).bind(sequence).bind(chain).execute(c).await.map(drop))?)
}
