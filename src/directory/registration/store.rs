//! The SQL of invitations and registrations.

use sqlx::types::Json;
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::model::{Application, Registration, State};
use crate::authority::Scope;
use crate::db::{self, Error, Tx, on, statements};
use crate::directory::listing::Part;
use crate::directory::listing_store;
use crate::directory::stored::principal;
use crate::kernel::ids::{OrganisationId, PrincipalId, RegistrationId, RoleAssignmentId};
use crate::kernel::secret::Digest;
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

macro_rules! columns {
    () => {
        "SELECT r.id, r.parent_id, r.email, r.proposed_name, r.language, r.message, r.state, r.application, r.invited_by_kind,
        r.invited_by_id, r.invited_via, r.invited_at, r.sent_at, r.expires_at, r.registered_at, r.approved_by_kind,
        r.approved_by_id, r.settled_by_kind, r.settled_by_id, r.settled_at, r.answer, r.organisation_id, r.version
        FROM registrations r "
    };
}

statements! {
    FIND = concat!(columns!(), "WHERE r.id = $1");
    FIND_BY_DIGEST = concat!(columns!(), "WHERE r.digest = $1");
    FIND_BY_TRACK = concat!(columns!(), "WHERE r.track_digest = $1");
    COUNT_SAME = "SELECT COUNT(*) FROM registrations WHERE email_folded = $1 AND parent_id = $2
        AND (state IN ('draft', 'registered', 'approved') OR (state IN ('sent', 'opened', 'returned') AND expires_at > $3))";
    COUNT_BY = "SELECT COUNT(*) FROM registrations WHERE invited_by_id = $1 AND invited_at > $2";
    COUNT_OPEN_BY = "SELECT COUNT(*) FROM registrations WHERE invited_by_id = $1
        AND (state IN ('draft', 'registered', 'approved') OR (state IN ('sent', 'opened', 'returned') AND expires_at > $2))";
    COUNT_TO = "SELECT COUNT(*) FROM registrations WHERE invited_by_id = $1 AND email_folded = $2 AND invited_at > $3";
    COUNT_SENT_AGAIN = "SELECT COUNT(*) FROM registrations r JOIN audit_events e ON e.subject_id = r.id
        WHERE r.invited_by_id = $1 AND r.email_folded = $2 AND e.kind = 'registration.sent' AND e.at > $3";
    INSERT = "INSERT INTO registrations (id, digest, parent_id, email, email_folded, proposed_name, language, message, state,
        application, invited_by_kind, invited_by_id, invited_via, invited_at, sent_at, expires_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1)";
    SEND = "UPDATE registrations SET digest = $2, state = CASE state WHEN 'draft' THEN 'sent' ELSE state END, sent_at = $3,
        expires_at = $4, version = version + 1
        WHERE id = $1 AND state IN ('draft', 'sent', 'opened', 'returned') AND version = $5 AND email <> '' RETURNING id";
    WITHDRAW = "UPDATE registrations SET state = 'withdrawn', settled_at = $2, settled_by_kind = $3, settled_by_id = $4,
        version = version + 1 WHERE id = $1 AND state IN ('draft', 'sent', 'opened', 'returned') RETURNING id";
    WITHDRAW_BELOW = "UPDATE registrations SET state = 'withdrawn', settled_at = $2, version = version + 1
        WHERE parent_id = $1 AND state NOT IN ('validated', 'refused', 'withdrawn')";
    SAVE_APPLICATION = "UPDATE registrations SET application = $2, state = CASE state WHEN 'sent' THEN 'opened' ELSE state END,
        version = version + 1
        WHERE id = $1 AND state IN ('sent', 'opened', 'returned') AND expires_at > $3 AND version = $4 RETURNING id";
    SUBMIT = "UPDATE registrations SET state = 'registered', registered_at = $2, track_digest = $3, answer = NULL, version = version + 1
        WHERE id = $1 AND state IN ('sent', 'opened', 'returned') AND expires_at > $2 AND version = $4 RETURNING id";
    ASK = "UPDATE registrations SET asked_at = $2 WHERE id = $1 AND state IN ('sent', 'opened', 'returned')
        AND expires_at <= $2 AND (asked_at IS NULL OR asked_at <= $3) RETURNING id";
    APPROVE = "UPDATE registrations SET state = 'approved', approved_by_kind = $3, approved_by_id = $4, version = version + 1
        WHERE id = $1 AND state = 'registered' AND version = $2 RETURNING id";
    SETTLE = "UPDATE registrations SET state = $3, settled_by_kind = $4, settled_by_id = $5, settled_at = $6, answer = $7,
        version = version + 1 WHERE id = $1 AND state IN ('registered', 'approved') AND version = $2 RETURNING id";
    RETURN = "UPDATE registrations SET state = 'returned', digest = $3, expires_at = $4, sent_at = $5, answer = $6,
        approved_by_kind = NULL, approved_by_id = NULL, version = version + 1
        WHERE id = $1 AND state IN ('registered', 'approved') AND version = $2 RETURNING id";
    SAVE_ORGANISATION = "UPDATE registrations SET organisation_id = $2 WHERE id = $1";
    // A draft that is forgotten is one no more.
    FORGET = "UPDATE registrations SET email = '', email_folded = '', application = $2,
        settled_at = CASE state WHEN 'draft' THEN $1 ELSE settled_at END, state = CASE state WHEN 'draft' THEN 'withdrawn' ELSE state END
        WHERE email <> ''
        AND (settled_at < $1 OR (state IN ('sent', 'opened', 'returned') AND expires_at < $1) OR (state = 'draft' AND invited_at < $1))";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: RegistrationId,
    parent_id: OrganisationId,
    email: String,
    proposed_name: String,
    language: Option<String>,
    message: String,
    state: String,
    application: Json<Application>,
    invited_by_kind: String,
    invited_by_id: Uuid,
    invited_via: Option<RoleAssignmentId>,
    invited_at: Timestamp,
    sent_at: Option<Timestamp>,
    expires_at: Timestamp,
    registered_at: Option<Timestamp>,
    approved_by_kind: Option<String>,
    approved_by_id: Option<Uuid>,
    settled_by_kind: Option<String>,
    settled_by_id: Option<Uuid>,
    settled_at: Option<Timestamp>,
    answer: Option<String>,
    organisation_id: Option<OrganisationId>,
    version: i64,
}

fn someone(kind: Option<String>, id: Option<Uuid>) -> db::Result<Option<PrincipalId>> {
    kind.zip(id).map(|(kind, id)| principal(&kind, id)).transpose()
}

impl Row {
    fn into_model(self) -> db::Result<Registration> {
        Ok(Registration {
            id: self.id,
            parent: self.parent_id,
            email: self.email,
            proposed_name: self.proposed_name,
            language: self.language,
            message: self.message,
            state: State::parse(&self.state).ok_or(Error::Corrupt("registrations.state"))?,
            application: self.application.0,
            invited_by: principal(&self.invited_by_kind, self.invited_by_id)?,
            invited_via: self.invited_via,
            invited_at: self.invited_at,
            sent_at: self.sent_at,
            expires_at: self.expires_at,
            registered_at: self.registered_at,
            approved_by: someone(self.approved_by_kind, self.approved_by_id)?,
            settled_by: someone(self.settled_by_kind, self.settled_by_id)?,
            settled_at: self.settled_at,
            answer: self.answer,
            organisation: self.organisation_id,
            version: self.version,
        })
    }
}

/// What is searched for in a list.
#[derive(Clone, Debug)]
pub struct Search {
    /// Nothing that would stand outside of it is found or counted.
    pub scope: Scope,
    /// Only what waits for a decision.
    pub pending: bool,
    /// Only in this state.
    pub state: Option<State>,
    /// Only what was submitted until then.
    pub until: Option<Timestamp>,
}

fn push_search<DB>(query: &mut QueryBuilder<DB>, search: &Search)
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> &'static str: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
{
    query.push("WHERE ");
    search.scope.push_condition(query, "r.parent_id");
    if search.pending {
        query.push(" AND r.state IN ('registered', 'approved')");
    }
    if let Some(state) = search.state {
        query.push(" AND r.state = ").push_bind(state.as_str());
    }
    if let Some(until) = search.until {
        query.push(" AND r.registered_at <= ").push_bind(until);
    }
}

/// One page: what waits, the oldest first; otherwise the latest first.
pub async fn list(tx: &mut Tx, search: &Search, limit: i64, offset: i64) -> db::Result<Vec<Registration>> {
    let order =
        if search.pending { " ORDER BY r.registered_at, r.id" } else { " ORDER BY r.invited_at DESC, r.id DESC" };
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(columns!());
        push_search(&mut query, search);
        query.push(order).push(" LIMIT ").push_bind(limit).push(" OFFSET ").push_bind(offset);
        query.build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(Row::into_model).collect()
}

/// How many there are in all.
pub async fn count(tx: &mut Tx, search: &Search) -> db::Result<u64> {
    let count: i64 = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT COUNT(*) FROM registrations r ");
        push_search(&mut query, search);
        query.build_query_scalar().fetch_one(c).await
    })?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A part of those that were not taken back, would stand inside of a scope, and meet a condition on `r`, and how many there are in all.
pub async fn part(tx: &mut Tx, scope: &Scope, part: &Part) -> db::Result<(i64, Vec<Registration>)> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(columns!());
        query.push("WHERE ");
        scope.push_condition(&mut query, "r.parent_id");
        query.push(" AND r.state <> 'withdrawn' AND ");
        listing_store::push_part(&mut query, part, "r.id");
        query.build_query_as().fetch_all(c).await
    })?;
    let total: i64 = match part.counted {
        Some(total) => total,
        None => on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT COUNT(*) FROM registrations r WHERE ");
            scope.push_condition(&mut query, "r.parent_id");
            query.push(" AND r.state <> 'withdrawn' AND ");
            listing_store::push(&mut query, &part.condition);
            query.build_query_scalar().fetch_one(c).await
        })?,
    };
    Ok((total, rows.into_iter().map(Row::into_model).collect::<db::Result<_>>()?))
}

/// One of them, whatever its state.
pub async fn find(tx: &mut Tx, id: RegistrationId) -> db::Result<Option<Registration>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// The one of a mailed link, whatever its state.
pub async fn find_by_link(tx: &mut Tx, token: &Digest) -> db::Result<Option<Registration>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_BY_DIGEST).bind(token.as_bytes()).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// The one of a link by which its state is seen.
pub async fn find_by_track(tx: &mut Tx, token: &Digest) -> db::Result<Option<Registration>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_BY_TRACK).bind(token.as_bytes()).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// Whether the address is invited to the same place and has not been answered.
pub(super) async fn is_invited(tx: &mut Tx, email: &str, parent: OrganisationId, now: Timestamp) -> db::Result<bool> {
    let count: i64 =
        on!(tx, c => sqlx::query_scalar(COUNT_SAME).bind(fold(email)).bind(parent).bind(now).fetch_one(c).await)?;
    Ok(count > 0)
}

/// How many somebody has written since.
pub(super) async fn count_by(tx: &mut Tx, by: PrincipalId, since: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_BY).bind(by.uuid()).bind(since).fetch_one(c).await)?)
}

/// How many of somebody's are not settled.
pub(super) async fn count_open_by(tx: &mut Tx, by: PrincipalId, now: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_OPEN_BY).bind(by.uuid()).bind(now).fetch_one(c).await)?)
}

/// How many somebody has written to one address since.
pub(super) async fn count_to(tx: &mut Tx, by: PrincipalId, email: &str, since: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_TO).bind(by.uuid()).bind(fold(email)).bind(since).fetch_one(c).await)?)
}

/// How often invitations of somebody to one address were sent again since.
pub(super) async fn count_sent_again(tx: &mut Tx, by: PrincipalId, email: &str, since: Timestamp) -> db::Result<i64> {
    Ok(
        on!(tx, c => sqlx::query_scalar(COUNT_SENT_AGAIN).bind(by.uuid()).bind(fold(email)).bind(since).fetch_one(c).await)?,
    )
}

/// Stores a new one with the digest of the secret in its link.
pub(super) async fn insert(tx: &mut Tx, new: &Registration, token: &Digest) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id)
        .bind(token.as_bytes())
        .bind(new.parent)
        .bind(&new.email)
        .bind(fold(&new.email))
        .bind(&new.proposed_name)
        .bind(&new.language)
        .bind(&new.message)
        .bind(new.state.as_str())
        .bind(Json(&new.application))
        .bind(new.invited_by.kind())
        .bind(new.invited_by.uuid())
        .bind(new.invited_via)
        .bind(new.invited_at)
        .bind(new.sent_at)
        .bind(new.expires_at)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Gives it another link; the one before leads nowhere. `false` if it is not open or has changed.
pub(super) async fn save_sent(
    tx: &mut Tx,
    (id, version): (RegistrationId, i64),
    token: &Digest,
    (now, expires_at): (Timestamp, Timestamp),
) -> db::Result<bool> {
    let row: Option<(RegistrationId,)> = on!(tx, c => sqlx::query_as(SEND)
        .bind(id).bind(token.as_bytes()).bind(now).bind(expires_at).bind(version).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Takes it back; `false` if the authority has submitted it, or it is settled.
pub(super) async fn save_withdrawn(
    tx: &mut Tx,
    id: RegistrationId,
    by: PrincipalId,
    now: Timestamp,
) -> db::Result<bool> {
    let row: Option<(RegistrationId,)> = on!(tx, c => sqlx::query_as(WITHDRAW)
        .bind(id).bind(now).bind(by.kind()).bind(by.uuid()).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Takes all back that would stand below an organisation: it is deleted.
pub(crate) async fn save_all_withdrawn_below(tx: &mut Tx, parent: OrganisationId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(WITHDRAW_BELOW).bind(parent).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Keeps what was entered; `false` if the link does not work any more or it was changed meanwhile.
pub(super) async fn save_application(tx: &mut Tx, changed: &Registration, now: Timestamp) -> db::Result<bool> {
    let row: Option<(RegistrationId,)> = on!(tx, c => sqlx::query_as(SAVE_APPLICATION)
        .bind(changed.id).bind(Json(&changed.application)).bind(now).bind(changed.version).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Ends the use of the link: once. `false` if it does not work any more.
pub(super) async fn save_submitted(
    tx: &mut Tx,
    (id, version): (RegistrationId, i64),
    track: &Digest,
    now: Timestamp,
) -> db::Result<bool> {
    let row: Option<(RegistrationId,)> = on!(tx, c => sqlx::query_as(SUBMIT)
        .bind(id).bind(now).bind(track.as_bytes()).bind(version).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Remembers that another link was asked for; `false` if that was not long ago, or there is nothing to ask for.
pub(super) async fn save_asked(tx: &mut Tx, id: RegistrationId, now: Timestamp, since: Timestamp) -> db::Result<bool> {
    let row: Option<(RegistrationId,)> =
        on!(tx, c => sqlx::query_as(ASK).bind(id).bind(now).bind(since).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// The first of two has validated it; `false` if somebody was faster.
pub(super) async fn save_approved(
    tx: &mut Tx,
    (id, version): (RegistrationId, i64),
    by: PrincipalId,
) -> db::Result<bool> {
    let row: Option<(RegistrationId,)> = on!(tx, c => sqlx::query_as(APPROVE)
        .bind(id).bind(version).bind(by.kind()).bind(by.uuid()).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Settles what waits for a decision; `false` if somebody was faster: only one decision counts.
pub(super) async fn save_settled(
    tx: &mut Tx,
    (id, version): (RegistrationId, i64),
    (state, answer): (State, Option<&str>),
    by: PrincipalId,
    now: Timestamp,
) -> db::Result<bool> {
    let row: Option<(RegistrationId,)> = on!(tx, c => sqlx::query_as(SETTLE)
        .bind(id).bind(version).bind(state.as_str()).bind(by.kind()).bind(by.uuid()).bind(now).bind(answer)
        .fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Gives it back to the authority with another link; `false` if somebody was faster.
pub(super) async fn save_returned(
    tx: &mut Tx,
    (id, version): (RegistrationId, i64),
    (token, answer): (&Digest, &str),
    (now, expires_at): (Timestamp, Timestamp),
) -> db::Result<bool> {
    let row: Option<(RegistrationId,)> = on!(tx, c => sqlx::query_as(RETURN)
        .bind(id).bind(version).bind(token.as_bytes()).bind(expires_at).bind(now).bind(answer).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Remembers what became of it.
pub(super) async fn save_organisation(tx: &mut Tx, id: RegistrationId, organisation: OrganisationId) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_ORGANISATION).bind(id).bind(organisation).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets addresses and what was entered of those that were settled or ran out before an instant.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    let nothing = Json(Application::default());
    Ok(on!(tx, c => sqlx::query(FORGET).bind(before).bind(&nothing).execute(c).await.map(drop))?)
}
