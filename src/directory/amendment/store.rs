//! The SQL of requests to change organisations.

use sqlx::QueryBuilder;
use sqlx::types::Json;
use uuid::Uuid;

use super::model::{Amendment, Changes, State};
use crate::authority::Scope;
use crate::db::{self, Error, Tx, on, statements};
use crate::directory::stored::principal;
use crate::kernel::ids::{AmendmentId, OrganisationId, PrincipalId, UserId};
use crate::kernel::time::Timestamp;

macro_rules! columns {
    () => {
        "SELECT a.id, a.organisation_id, a.changes, a.reason, a.state, a.asked_by, a.asked_at, a.answered_by_kind, a.answered_by_id, a.answer, a.answered_at FROM amendments a "
    };
}

statements! {
    INSERT = "INSERT INTO amendments (id, organisation_id, changes, reason, state, asked_by, asked_at, version)
        VALUES ($1, $2, $3, $4, 'open', $5, $6, 1) ON CONFLICT DO NOTHING RETURNING id";
    FIND = concat!(columns!(), "WHERE a.id = $1");
    FIND_OPEN_OF = concat!(columns!(), "WHERE a.organisation_id = $1 AND a.state = 'open'");
    LIST_BY = concat!(columns!(), "WHERE a.asked_by = $1 ORDER BY a.asked_at DESC, a.id DESC LIMIT $2");
    COUNT_SINCE = "SELECT COUNT(*) FROM amendments WHERE organisation_id = $1 AND asked_at > $2";
    SAVE_ANSWERED = "UPDATE amendments SET state = $2, answer = $3, answered_by_kind = $4, answered_by_id = $5, answered_at = $6, version = version + 1
        WHERE id = $1 AND state = 'open' RETURNING id";
    SAVE_TOUCHED = "UPDATE amendments SET version = version + 1 WHERE id = $1 AND state = 'open' RETURNING id";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AmendmentId,
    organisation_id: OrganisationId,
    changes: Json<Changes>,
    reason: String,
    state: String,
    asked_by: UserId,
    asked_at: Timestamp,
    answered_by_kind: Option<String>,
    answered_by_id: Option<Uuid>,
    answer: Option<String>,
    answered_at: Option<Timestamp>,
}

impl Row {
    fn into_model(self) -> db::Result<Amendment> {
        let answered_by = self.answered_by_kind.zip(self.answered_by_id);
        Ok(Amendment {
            id: self.id,
            organisation: self.organisation_id,
            changes: self.changes.0,
            reason: self.reason,
            state: State::parse(&self.state).ok_or(Error::Corrupt("amendments.state"))?,
            asked_by: self.asked_by,
            asked_at: self.asked_at,
            answered_by: answered_by.map(|(kind, id)| principal(&kind, id)).transpose()?,
            answer: self.answer,
            answered_at: self.answered_at,
        })
    }
}

/// Stores a new one; `false` if one is open for the same organisation.
pub(super) async fn insert(tx: &mut Tx, new: &Amendment) -> db::Result<bool> {
    let row: Option<(AmendmentId,)> = on!(tx, c => sqlx::query_as(INSERT)
        .bind(new.id).bind(new.organisation).bind(Json(&new.changes)).bind(&new.reason).bind(new.asked_by).bind(new.asked_at)
        .fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// One.
pub async fn find(tx: &mut Tx, id: AmendmentId) -> db::Result<Option<Amendment>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// The open one of an organisation; there is one at most.
pub(super) async fn find_open_of(tx: &mut Tx, of: OrganisationId) -> db::Result<Option<Amendment>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_OPEN_OF).bind(of).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// What somebody has asked for, latest first, `limit` at most.
pub async fn list_by(tx: &mut Tx, by: UserId, limit: i64) -> db::Result<Vec<Amendment>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST_BY).bind(by).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Open ones about organisations in a scope, which somebody else asked for; oldest first, `limit` at most.
pub async fn list_open(tx: &mut Tx, scope: &Scope, beside: UserId, limit: i64) -> db::Result<Vec<Amendment>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(concat!(columns!(), "WHERE a.state = 'open' AND a.asked_by <> "));
        query.push_bind(beside).push(" AND ");
        scope.push_condition(&mut query, "a.organisation_id");
        query.push(" ORDER BY a.asked_at, a.id LIMIT ").push_bind(limit).build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(Row::into_model).collect()
}

/// How many were asked about an organisation since then.
pub(super) async fn count_since(tx: &mut Tx, id: OrganisationId, since: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_SINCE).bind(id).bind(since).fetch_one(c).await)?)
}

/// Ends an open one; `false` if it is not open any more.
pub(super) async fn save_answered(
    tx: &mut Tx,
    id: AmendmentId,
    (state, answer): (State, Option<&str>),
    by: PrincipalId,
    at: Timestamp,
) -> db::Result<bool> {
    let row: Option<(AmendmentId,)> = on!(tx, c => sqlx::query_as(SAVE_ANSWERED)
        .bind(id).bind(state.as_str()).bind(answer).bind(by.kind()).bind(by.uuid()).bind(at).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Holds an open one for the rest of the transaction; `false` if it is not open any more.
pub(super) async fn save_touched(tx: &mut Tx, id: AmendmentId) -> db::Result<bool> {
    let row: Option<(AmendmentId,)> = on!(tx, c => sqlx::query_as(SAVE_TOUCHED).bind(id).fetch_optional(c).await)?;
    Ok(row.is_some())
}
