//! The SQL of nominations.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::model::{Nomination, State};
use crate::authority::Naming;
use crate::db::{self, Error, Tx, on, statements};
use crate::delegation::model::Place;
use crate::directory::listing::Part;
use crate::directory::listing_store;
use crate::directory::stored::principal;
use crate::directory::user::store as users;
use crate::kernel::ids::{NominationId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId};
use crate::kernel::secret::Digest;
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

/// The columns of a nomination.
macro_rules! columns {
    () => {
        "SELECT id, role, organisation_id, project_id, email, valid_until, state, nominated_by_kind, nominated_by_id, kept_by, nominated_via,
        nominated_at, expires_at FROM nominations "
    };
}

statements! {
    INSERT = "INSERT INTO nominations (id, digest, role, organisation_id, project_id, email, email_folded, valid_until, state,
        nominated_by_kind, nominated_by_id, nominated_via, nominated_at, expires_at, kept_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    FIND = concat!(columns!(), "WHERE id = $1");
    FIND_BY_DIGEST = concat!(columns!(), "WHERE digest = $1");
    FIND_OPEN = concat!(columns!(), "WHERE email_folded = $1 AND state = 'open' AND expires_at > $2 AND role = $3 AND organisation_id = $4
        AND (project_id = $5 OR ($5 IS NULL AND project_id IS NULL))");
    LIST_OPEN_TO = concat!(columns!(), "WHERE email_folded = $1 AND state = 'open' AND expires_at > $2 ORDER BY nominated_at, id LIMIT $3");
    LIST_OPEN_IN_PROJECT = concat!(columns!(), "WHERE project_id = $1 AND state = 'open' AND expires_at > $2 ORDER BY role, nominated_at, id LIMIT $3");
    COUNT_OPEN = "SELECT COUNT(*) FROM nominations WHERE organisation_id = $1 AND project_id IS NULL AND role = $2 AND state = 'open'
        AND expires_at > $3 AND id <> $4";
    COUNT_OPEN_IN_PROJECT = "SELECT COUNT(*) FROM nominations WHERE project_id = $1 AND role = $2 AND state = 'open'
        AND expires_at > $3 AND id <> $4 AND (organisation_id = $5 OR $5 IS NULL)";
    COUNT_BY = "SELECT COUNT(*) FROM nominations WHERE nominated_by_id = $1 AND nominated_at > $2";
    COUNT_TO = "SELECT COUNT(*) FROM nominations WHERE nominated_by_id = $1 AND email_folded = $2 AND nominated_at > $3";
    FORGET_ADDRESSES = "UPDATE nominations SET email = '', email_folded = '' WHERE email <> ''
        AND ((state <> 'open' AND answered_at < $1) OR (state = 'open' AND expires_at < $1))";
    ANSWER = "UPDATE nominations SET state = $2, answered_at = $3, assignment_id = $4 WHERE id = $1 AND state = 'open' AND expires_at > $3
        RETURNING id";
    WITHDRAW_AT = "UPDATE nominations SET state = 'withdrawn', answered_at = $2 WHERE organisation_id = $1 AND state = 'open'";
    WITHDRAW_IN_PROJECT = "UPDATE nominations SET state = 'withdrawn', answered_at = $3
        WHERE project_id = $1 AND (organisation_id = $2 OR $2 IS NULL) AND state = 'open'";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: NominationId,
    role: String,
    organisation_id: OrganisationId,
    project_id: Option<ProjectId>,
    email: String,
    valid_until: Option<Timestamp>,
    state: String,
    nominated_by_kind: String,
    nominated_by_id: Uuid,
    kept_by: Option<UserId>,
    nominated_via: Option<RoleAssignmentId>,
    nominated_at: Timestamp,
    expires_at: Timestamp,
}

impl Row {
    fn into_model(self) -> db::Result<Nomination> {
        Ok(Nomination {
            id: self.id,
            role: self.role,
            organisation: self.organisation_id,
            project: self.project_id,
            email: self.email,
            valid_until: self.valid_until,
            state: State::parse(&self.state).ok_or(Error::Corrupt("nominations.state"))?,
            nominated_by: principal(&self.nominated_by_kind, self.nominated_by_id)?,
            kept_by: self.kept_by,
            nominated_via: self.nominated_via,
            nominated_at: self.nominated_at,
            expires_at: self.expires_at,
        })
    }
}

/// Stores a new one with the digest of the secret in its link.
pub(super) async fn insert(tx: &mut Tx, new: &Nomination, token: &Digest) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT)
        .bind(new.id)
        .bind(token.as_bytes())
        .bind(&new.role)
        .bind(new.organisation)
        .bind(new.project)
        .bind(&new.email)
        .bind(fold(&new.email))
        .bind(new.valid_until)
        .bind(new.state.as_str())
        .bind(new.nominated_by.kind())
        .bind(new.nominated_by.uuid())
        .bind(new.nominated_via)
        .bind(new.nominated_at)
        .bind(new.expires_at)
        .bind(new.kept_by)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// One nomination, whatever its state.
pub async fn find(tx: &mut Tx, id: NominationId) -> db::Result<Option<Nomination>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(id).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// The nomination of a mailed link, whatever its state.
pub async fn find_by_link(tx: &mut Tx, token: &Digest) -> db::Result<Option<Nomination>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_BY_DIGEST).bind(token.as_bytes()).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// Whether somebody has an account of the address: they sign in to answer.
pub async fn has_account(tx: &mut Tx, nomination: &Nomination) -> db::Result<bool> {
    let address = &nomination.email;
    Ok(users::find_by_email(tx, address).await?.is_some() || users::find_by_user_name(tx, address).await?.is_some())
}

/// The open one of the same address for the same role and place.
pub(super) async fn find_same(tx: &mut Tx, wanted: &Nomination, now: Timestamp) -> db::Result<Option<Nomination>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND_OPEN)
        .bind(fold(&wanted.email)).bind(now).bind(&wanted.role).bind(wanted.organisation).bind(wanted.project)
        .fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// Open ones to an address, oldest first, `limit` at most.
pub async fn list_open_to(tx: &mut Tx, email: &str, now: Timestamp, limit: i64) -> db::Result<Vec<Nomination>> {
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(LIST_OPEN_TO).bind(fold(email)).bind(now).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Open ones within a project, by role, `limit` at most.
pub async fn list_in_project(
    tx: &mut Tx,
    project: ProjectId,
    now: Timestamp,
    limit: i64,
) -> db::Result<Vec<Nomination>> {
    let rows: Vec<Row> =
        on!(tx, c => sqlx::query_as(LIST_OPEN_IN_PROJECT).bind(project).bind(now).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Open ones of some roles, each at some organisations, in a project or outside of any, by role, `limit` at most. Whoever reads them says
/// what they may read of: nothing else counts towards the limit.
pub async fn list_some(
    tx: &mut Tx,
    project: Option<ProjectId>,
    some: &[(String, OrganisationId)],
    (now, limit): (Timestamp, i64),
) -> db::Result<Vec<Nomination>> {
    let mut places: BTreeMap<&str, BTreeSet<OrganisationId>> = BTreeMap::new();
    for (role, at) in some {
        places.entry(role.as_str()).or_default().insert(*at);
    }
    // Roles of the same organisations together: engines bound the number of variables.
    let mut roles: BTreeMap<BTreeSet<OrganisationId>, Vec<&str>> = BTreeMap::new();
    for (role, at) in places {
        roles.entry(at).or_default().push(role);
    }
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(concat!(columns!(), "WHERE state = 'open' AND expires_at > "));
        query.push_bind(now);
        match project {
            Some(project) => query.push(" AND project_id = ").push_bind(project),
            None => query.push(" AND project_id IS NULL"),
        };
        let mut before = " AND (";
        for (at, roles) in &roles {
            query.push(before).push("(role IN (NULL");
            for role in roles {
                query.push(", ").push_bind(*role);
            }
            query.push(") AND organisation_id IN (NULL");
            for id in at {
                query.push(", ").push_bind(*id);
            }
            query.push("))");
            before = " OR ";
        }
        query.push(") ORDER BY role, nominated_at, id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(Row::into_model).collect()
}

/// Appends what an open nomination is that whoever could name somebody there reads of.
fn push_open<DB>(query: &mut QueryBuilder<DB>, naming: &Naming, now: Timestamp)
where
    DB: Database,
    for<'q> String: Encode<'q, DB> + Type<DB>,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> ProjectId: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
{
    query.push("FROM nominations n WHERE n.state = 'open' AND n.expires_at > ").push_bind(now).push(" AND ");
    naming.push_condition(query);
    query.push(
        " AND NOT EXISTS (SELECT 1 FROM organisation_closure c JOIN organisations o ON o.id = c.ancestor_id
            WHERE c.descendant_id = n.organisation_id AND o.status <> 'active') AND ",
    );
}

/// A part of the open ones that whoever could make them reads of, and how many there are in all; of organisations in use.
pub async fn part(tx: &mut Tx, naming: &Naming, part: &Part, now: Timestamp) -> db::Result<(i64, Vec<Nomination>)> {
    if naming.is_empty() {
        return Ok((0, Vec::new()));
    }
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT n.id, n.role, n.organisation_id, n.project_id, n.email, n.valid_until, n.state, n.nominated_by_kind,
                n.nominated_by_id, n.kept_by, n.nominated_via, n.nominated_at, n.expires_at ",
        );
        push_open(&mut query, naming, now);
        listing_store::push_part(&mut query, part, "n.id");
        query.build_query_as().fetch_all(c).await
    })?;
    let total: i64 = match part.counted {
        Some(total) => total,
        None => on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT COUNT(*) ");
            push_open(&mut query, naming, now);
            listing_store::push(&mut query, &part.condition);
            query.build_query_scalar().fetch_one(c).await
        })?,
    };
    Ok((total, rows.into_iter().map(Row::into_model).collect::<db::Result<_>>()?))
}

/// How many places of a role are kept for people who have not answered, beside one nomination (D14).
pub async fn count_open(
    tx: &mut Tx,
    role: &str,
    place: Place,
    beside: Option<NominationId>,
    now: Timestamp,
) -> db::Result<i64> {
    let beside = beside.unwrap_or(NominationId(Uuid::nil()));
    Ok(match place {
        Place::Organisation(organisation) => on!(tx, c => sqlx::query_scalar(COUNT_OPEN)
            .bind(organisation).bind(role).bind(now).bind(beside).fetch_one(c).await)?,
        Place::Project(project, organisation) => on!(tx, c => sqlx::query_scalar(COUNT_OPEN_IN_PROJECT)
            .bind(project).bind(role).bind(now).bind(beside).bind(organisation).fetch_one(c).await)?,
    })
}

/// How many somebody has made since.
pub(super) async fn count_by(tx: &mut Tx, by: PrincipalId, since: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_BY).bind(by.uuid()).bind(since).fetch_one(c).await)?)
}

/// How many somebody has made to one address since.
pub(super) async fn count_to(tx: &mut Tx, by: PrincipalId, email: &str, since: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_TO).bind(by.uuid()).bind(fold(email)).bind(since).fetch_one(c).await)?)
}

/// Forgets the addresses of those that were answered or ran out before an instant.
pub async fn forget_addresses(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(FORGET_ADDRESSES).bind(before).execute(c).await.map(drop))?)
}

/// Answers an open one; `false` if it was answered, withdrawn or too old already: only one answer counts.
pub(super) async fn save_answered(
    tx: &mut Tx,
    id: NominationId,
    state: State,
    assignment: Option<RoleAssignmentId>,
    now: Timestamp,
) -> db::Result<bool> {
    let row: Option<(NominationId,)> = on!(tx, c => sqlx::query_as(ANSWER)
        .bind(id).bind(state.as_str()).bind(now).bind(assignment).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Withdraws all of a project, or of one organisation in it: it is over, or the organisation leaves.
pub(crate) async fn save_all_withdrawn(
    tx: &mut Tx,
    project: ProjectId,
    organisation: Option<OrganisationId>,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(WITHDRAW_IN_PROJECT).bind(project).bind(organisation).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Withdraws all for an organisation, in projects too: it is deleted.
pub(crate) async fn save_all_withdrawn_at(tx: &mut Tx, organisation: OrganisationId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(WITHDRAW_AT).bind(organisation).bind(now).execute(c).await.map(drop))?;
    Ok(())
}
