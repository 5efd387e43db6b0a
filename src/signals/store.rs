//! The SQL of changes that applications may have to be told, and of whom they concern.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::types::Json;
use sqlx::{Encode, QueryBuilder, Type};

use crate::db::{self, Error, Tx, on, statements};
use crate::directory::client::model::ClientSettings;
use crate::kernel::ids::{ApplicationId, ClientId, EnvironmentId, GroupId, OrganisationId, SessionId, UserId};
use crate::kernel::time::Timestamp;

use super::assurance::Level;
use super::model::{Change, Pair};

statements! {
    ANY_CHANGE = "SELECT EXISTS (SELECT 1 FROM signal_changes)";
    TAKE = "DELETE FROM signal_changes WHERE number IN (SELECT number FROM signal_changes ORDER BY number LIMIT $1)
        RETURNING number, kind, session_id, user_id, organisation_id, application_id, after_id, environment_id,
            group_id, former";
    GO_ON = "INSERT INTO signal_changes (kind, organisation_id, application_id, group_id, environment_id, after_id)
        VALUES ($1, $2, $3, $4, $5, $6)";
    SAVE_KNOWN = "INSERT INTO client_people (client_id, user_id, since) VALUES ($1, $2, $3) ON CONFLICT (client_id, user_id) DO NOTHING";
    FORGET = "DELETE FROM client_people WHERE user_id = $1";
    LEFT = "DELETE FROM session_clients WHERE session_id = $1 AND client_id = $2";
    FIND_MARK = "SELECT at FROM signal_marks WHERE name = 'lapse'";
    FIRST_MARK = "INSERT INTO signal_marks (name, at) VALUES ('lapse', $1) ON CONFLICT (name) DO NOTHING";
    FIND_PLACE = "SELECT at FROM signal_marks WHERE name = 'provisioning'";
    FIRST_PLACE = "INSERT INTO signal_marks (name, at) VALUES ('provisioning', $1) ON CONFLICT (name) DO NOTHING";
    MOVE_PLACE = "UPDATE signal_marks SET at = $2 WHERE name = 'provisioning' AND at = $1";
    MOVE_MARK = "UPDATE signal_marks SET at = $2 WHERE name = 'lapse' AND at = $1";
    LAPSED_MEMBERSHIPS = "INSERT INTO signal_changes (kind, user_id, environment_id)
        SELECT 'membership', m.user_id, g.environment_id FROM memberships m JOIN groups g ON g.id = m.group_id
        WHERE m.until > $1 AND m.until <= $2";
    LAPSED_ROLES = "INSERT INTO signal_changes (kind, user_id) SELECT 'role', principal_id FROM role_assignments
        WHERE valid_until > $1 AND valid_until <= $2 AND state = 'active' AND principal_kind = 'person'";
    // What begins at once, or with the phase of a project, was written down by the trigger.
    BEGUN_ROLES = "INSERT INTO signal_changes (kind, user_id) SELECT 'role', principal_id FROM role_assignments
        WHERE valid_from > $1 AND valid_from <= $2 AND valid_from > granted_at AND project_id IS NULL AND state = 'active' AND principal_kind = 'person'";
}

#[derive(sqlx::FromRow)]
struct ChangeRow {
    number: i64,
    kind: String,
    session_id: Option<SessionId>,
    user_id: Option<UserId>,
    organisation_id: Option<OrganisationId>,
    application_id: Option<ApplicationId>,
    environment_id: Option<EnvironmentId>,
    group_id: Option<GroupId>,
    after_id: Option<SessionId>,
    former: Option<String>,
}

impl ChangeRow {
    fn into_model(self) -> db::Result<Change> {
        let change = match (self.kind.as_str(), self.user_id, self.organisation_id) {
            ("session", _, _) => self.session_id.map(Change::Session),
            ("disabled", Some(user), _) => Some(Change::Disabled(user)),
            ("enabled", Some(user), _) => Some(Change::Enabled(user)),
            ("purged", Some(user), _) => Some(Change::Purged(user)),
            ("person", Some(user), _) => Some(Change::Person(user)),
            ("password", Some(user), _) => Some(Change::Password(user)),
            ("phone", Some(user), _) => Some(Change::Phone(user)),
            ("assurance", _, _) => {
                let level = self.former.as_deref().and_then(|former| former.split_once(' '));
                let level =
                    level.and_then(|(acr, amr)| Some(Level::of(acr, &serde_json::from_str::<Vec<String>>(amr).ok()?)));
                self.session_id.zip(level).map(|(id, level)| Change::Assurance(id, level))
            }
            ("email", Some(user), _) => self.former.map(|former| Change::Email(user, former)),
            ("role", Some(user), _) => Some(Change::Role(user)),
            ("membership", Some(user), _) => self.environment_id.map(|at| Change::Membership(user, at)),
            ("organisation", _, Some(id)) => Some(Change::Organisation(id, self.after_id)),
            ("module", _, Some(id)) => self.application_id.map(|of| Change::Module(id, of, self.after_id)),
            ("group", _, _) => {
                self.group_id.zip(self.environment_id).map(|(id, at)| Change::Group(id, at, self.after_id))
            }
            _ => None,
        };
        change.ok_or(Error::Corrupt("signal_changes.kind"))
    }
}

/// Whether there is anything to take; asked of a reader, so that an idle server writes nothing.
pub async fn has_changes(tx: &mut Tx) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query_scalar(ANY_CHANGE).fetch_one(c).await)?)
}

/// Takes the oldest changes: they are gone unless this transaction fails. Of two nodes one waits for the other, and finds them gone.
pub(super) async fn take(tx: &mut Tx, limit: i64) -> db::Result<Vec<Change>> {
    let mut rows: Vec<ChangeRow> = on!(tx, c => sqlx::query_as(TAKE).bind(limit).fetch_all(c).await)?;
    rows.sort_by_key(|row| row.number);
    rows.into_iter().map(ChangeRow::into_model).collect()
}

/// What is left of a change that concerns many: done up to a session.
pub(super) async fn insert_rest(tx: &mut Tx, change: &Change, after: SessionId) -> db::Result<()> {
    let (kind, (organisation, application), (group, environment)) = match *change {
        Change::Organisation(id, _) => ("organisation", (Some(id), None), (None, None)),
        Change::Module(id, of, _) => ("module", (Some(id), Some(of)), (None, None)),
        Change::Group(id, at, _) => ("group", (None, None), (Some(id), Some(at))),
        _ => return Ok(()),
    };
    on!(tx, c => sqlx::query(GO_ON)
        .bind(kind).bind(organisation).bind(application).bind(group).bind(environment).bind(after)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// `(…)` for `IN`; ids, or names.
pub(super) fn push_ids<DB, I>(query: &mut QueryBuilder<DB>, ids: &BTreeSet<I>)
where
    DB: sqlx::Database,
    I: Clone + for<'q> Encode<'q, DB> + Type<DB> + 'static,
{
    query.push("(NULL");
    for id in ids {
        query.push(", ").push_bind(id.clone());
    }
    query.push(")");
}

#[derive(sqlx::FromRow)]
struct PairRow {
    session_id: SessionId,
    user_id: UserId,
    client_id: ClientId,
    environment_id: Option<EnvironmentId>,
    application_id: Option<ApplicationId>,
    settings: Json<ClientSettings>,
}

const PAIRS: &str = "SELECT x.session_id, s.user_id, x.client_id, k.environment_id, e.application_id, k.settings
    FROM session_clients x JOIN sessions s ON s.id = x.session_id
    JOIN clients k ON k.id = x.client_id LEFT JOIN environments e ON e.id = k.environment_id WHERE k.active AND ";

/// Which clients sessions were used for.
pub(super) async fn list_pairs(tx: &mut Tx, sessions: &BTreeSet<SessionId>) -> db::Result<Vec<Pair>> {
    let rows: Vec<PairRow> = on!(tx, c => {
        let mut query = QueryBuilder::new(PAIRS);
        query.push("x.session_id IN ");
        push_ids(&mut query, sessions);
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Pair::from).collect())
}

/// For which clients people are signed in somewhere.
pub(super) async fn list_pairs_of(tx: &mut Tx, users: &BTreeSet<UserId>) -> db::Result<Vec<Pair>> {
    let rows: Vec<PairRow> = on!(tx, c => {
        let mut query = QueryBuilder::new(PAIRS);
        query.push("s.ended_at IS NULL AND s.user_id IN ");
        push_ids(&mut query, users);
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(Pair::from).collect())
}

impl From<PairRow> for Pair {
    fn from(row: PairRow) -> Self {
        Self {
            session: row.session_id,
            user: row.user_id,
            client: row.client_id,
            environment: row.environment_id,
            application: row.application_id,
            settings: row.settings.0,
        }
    }
}

/// Under which names sessions were known before.
pub(super) async fn list_former(
    tx: &mut Tx,
    sessions: &BTreeSet<SessionId>,
) -> db::Result<BTreeMap<SessionId, Vec<SessionId>>> {
    let rows: Vec<(SessionId, SessionId)> = on!(tx, c => {
        let mut query =
            QueryBuilder::new("SELECT session_id, former_id FROM session_former_ids WHERE session_id IN ");
        push_ids(&mut query, sessions);
        query.push(" ORDER BY former_id").build_query_as().fetch_all(c).await
    })?;
    let mut former: BTreeMap<SessionId, Vec<SessionId>> = BTreeMap::new();
    for (session, id) in rows {
        former.entry(session).or_default().push(id);
    }
    Ok(former)
}

/// What clients were granted in sessions: all scopes together.
pub(super) async fn list_scopes(
    tx: &mut Tx,
    sessions: &BTreeSet<SessionId>,
) -> db::Result<BTreeMap<(SessionId, ClientId), String>> {
    let rows: Vec<(SessionId, ClientId, String)> = on!(tx, c => {
        let mut query =
            QueryBuilder::new("SELECT session_id, client_id, scope FROM token_families WHERE revoked_at IS NULL AND session_id IN ");
        push_ids(&mut query, sessions);
        query.build_query_as().fetch_all(c).await
    })?;
    let mut scopes: BTreeMap<_, String> = BTreeMap::new();
    for (session, client, scope) in rows {
        let all = scopes.entry((session, client)).or_default();
        all.push(' ');
        all.push_str(&scope);
    }
    Ok(scopes)
}

/// What clients were granted by people, in all that is neither revoked nor over: all scopes together.
pub(super) async fn list_scopes_of(
    tx: &mut Tx,
    users: &BTreeSet<UserId>,
    now: Timestamp,
) -> db::Result<BTreeMap<(UserId, ClientId), String>> {
    let rows: Vec<(UserId, ClientId, String)> = on!(tx, c => {
        let mut query =
            QueryBuilder::new("SELECT user_id, client_id, scope FROM token_families WHERE revoked_at IS NULL AND user_id IN ");
        push_ids(&mut query, users);
        query.push(" AND expires_at > ").push_bind(now);
        query.build_query_as().fetch_all(c).await
    })?;
    let mut scopes: BTreeMap<_, String> = BTreeMap::new();
    for (user, client, scope) in rows {
        let all = scopes.entry((user, client)).or_default();
        all.push(' ');
        all.push_str(&scope);
    }
    Ok(scopes)
}

/// Which clients that take events know of people.
pub(super) async fn list_knowing(
    tx: &mut Tx,
    users: &BTreeSet<UserId>,
) -> db::Result<Vec<(ClientId, UserId, ClientSettings)>> {
    let rows: Vec<(ClientId, UserId, Json<ClientSettings>)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT p.client_id, p.user_id, k.settings FROM client_people p
            JOIN clients k ON k.id = p.client_id WHERE k.active AND p.user_id IN ");
        push_ids(&mut query, users);
        query.build_query_as().fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(|(client, user, settings)| (client, user, settings.0)).collect())
}

/// Remembers that a client that takes events knows of somebody.
pub async fn save_known(tx: &mut Tx, client: ClientId, user: UserId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_KNOWN).bind(client).bind(user).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets who knows of somebody.
pub(super) async fn remove_known(tx: &mut Tx, user: UserId) -> db::Result<()> {
    on!(tx, c => sqlx::query(FORGET).bind(user).execute(c).await.map(drop))?;
    Ok(())
}

/// A session is not used for a client any more.
pub(super) async fn remove_pair(tx: &mut Tx, session: SessionId, client: ClientId) -> db::Result<()> {
    on!(tx, c => sqlx::query(LEFT).bind(session).bind(client).execute(c).await.map(drop))?;
    Ok(())
}

/// Up to when it was looked what time has ended; the first look only sets the mark.
pub(super) async fn find_mark(tx: &mut Tx, now: Timestamp) -> db::Result<Timestamp> {
    let mark: Option<Timestamp> = on!(tx, c => sqlx::query_scalar(FIND_MARK).fetch_optional(c).await)?;
    if mark.is_none() {
        on!(tx, c => sqlx::query(FIRST_MARK).bind(now).execute(c).await.map(drop))?;
    }
    Ok(mark.unwrap_or(now))
}

/// Moves the mark on; `false` if another node did.
pub(super) async fn save_mark(tx: &mut Tx, from: Timestamp, to: Timestamp) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query(MOVE_MARK).bind(from).bind(to).execute(c).await.map(|done| done.rows_affected()))? == 1)
}

/// Writes down what has ended or begun by itself between two instants.
pub(super) async fn insert_lapsed(tx: &mut Tx, from: Timestamp, to: Timestamp) -> db::Result<()> {
    for sql in [LAPSED_MEMBERSHIPS, LAPSED_ROLES, BEGUN_ROLES] {
        on!(tx, c => sqlx::query(sql).bind(from).bind(to).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Up to which line of the audit log services were told; `None` before the first time.
pub(super) async fn find_place(tx: &mut Tx) -> db::Result<Option<i64>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_PLACE).fetch_optional(c).await)?)
}

/// Moves that place on; `false` if another node did.
pub(super) async fn save_place(tx: &mut Tx, from: Option<i64>, to: i64) -> db::Result<bool> {
    let done = match from {
        None => on!(tx, c => sqlx::query(FIRST_PLACE).bind(to).execute(c).await.map(|done| done.rows_affected())),
        Some(from) => {
            on!(tx, c => sqlx::query(MOVE_PLACE).bind(from).bind(to).execute(c).await.map(|done| done.rows_affected()))
        }
    };
    Ok(done? == 1)
}
