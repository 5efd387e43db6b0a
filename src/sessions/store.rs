//! The SQL of sessions. Whether a session is live is decided by one predicate, `live!`.

use std::collections::BTreeMap;

use sqlx::types::Json;

use crate::db::{self, Tx, on, statements};
use crate::directory::client::model::ClientSettings;
use crate::kernel::ids::{ClientId, SessionId, UserId};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

use super::model::{Session, Settings};

/// Whether the session `s` is live at an instant, as a condition in SQL.
macro_rules! live {
    ($now:literal) => {
        concat!(
            "s.ended_at IS NULL AND s.idle_expires_at > ",
            $now,
            " AND s.expires_at > ",
            $now,
            " AND ",
            $crate::directory::user::usable::usable_since!(user: "s.user_id", epoch: "s.user_epoch", now: $now)
        )
    };
}
pub(crate) use live;

statements! {
    /// SE-05, AU-40: not ended, neither limit passed by our clock, the account usable now, nothing about it changed
    /// that asks for a new sign-in (epoch), and no organisation above it suspended.
    FIND_LIVE = concat!("SELECT s.* FROM sessions s WHERE s.digest = $1 AND ", live!("$2"));
    LIST = "SELECT s.* FROM sessions s JOIN users u ON u.id = s.user_id
        WHERE s.user_id = $1 AND s.ended_at IS NULL AND s.idle_expires_at > $2 AND s.expires_at > $2 AND u.epoch = s.user_epoch
        ORDER BY s.created_at DESC, s.id DESC LIMIT 100";
    INSERT = "INSERT INTO sessions (id, digest, user_id, user_epoch, auth_time, second_factor_at, amr, acr, locale, user_agent, ip,
        created_at, last_seen_at, idle_expires_at, expires_at, browser, remembered_since)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    SAVE_SEEN = "UPDATE sessions SET last_seen_at = $2, idle_expires_at = $3 WHERE id = $1 AND ended_at IS NULL AND last_seen_at < $4";
    FIND_OWN = "SELECT * FROM sessions WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND idle_expires_at > $3 AND expires_at > $3";
    /// Only whoever still has the old cookie gets the new one.
    SAVE_STEPPED_UP = "UPDATE sessions SET digest = $3, auth_time = $4, second_factor_at = $4, amr = $5, acr = $7, last_seen_at = $4,
        idle_expires_at = $6, remembered_since = NULL
        WHERE id = $1 AND digest = $2 AND ended_at IS NULL";
    END = "UPDATE sessions SET ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL";
    END_COOKIE = "UPDATE sessions SET ended_at = $2 WHERE digest = $1 AND ended_at IS NULL RETURNING id, user_id";
    KEEP_NAME = "INSERT INTO session_former_ids (session_id, former_id) SELECT n.id, s.id FROM sessions s JOIN sessions n ON n.id = $2
        WHERE s.id = $1 UNION SELECT n.id, f.former_id FROM session_former_ids f JOIN sessions n ON n.id = $2 WHERE f.session_id = $1";
    // What was proved before is what the applications know of the session that they know by its old name.
    NOTE_LEVEL = "INSERT INTO signal_changes (kind, session_id, user_id, former)
        SELECT 'assurance', n.id, n.user_id, s.acr || ' ' || CAST(s.amr AS TEXT) FROM sessions s JOIN sessions n ON n.id = $2
        WHERE s.id = $1 AND (s.acr <> n.acr OR s.amr <> n.amr)";
    MOVE_CLIENTS = "UPDATE session_clients SET session_id = $2 WHERE session_id = $1";
    END_ALL = "UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL";
    END_OTHERS = "UPDATE sessions SET ended_at = $3 WHERE user_id = $1 AND id <> $2 AND ended_at IS NULL";
    REMOVE_OLD_NAMES = "DELETE FROM session_former_ids WHERE session_id IN (SELECT id FROM sessions WHERE expires_at <= $1)";
    REMOVE_OLD_CLIENTS = "DELETE FROM session_clients WHERE session_id IN (SELECT id FROM sessions WHERE expires_at <= $1)";
    REMOVE_OLD = "DELETE FROM sessions WHERE expires_at <= $1";
    SAVE_CLIENT = "INSERT INTO session_clients (session_id, client_id, first_used_at, last_used_at) VALUES ($1, $2, $3, $3)
        ON CONFLICT (session_id, client_id) DO UPDATE SET last_used_at = excluded.last_used_at";
    LIST_CLIENTS = "SELECT c.name, c.settings FROM session_clients x JOIN clients c ON c.id = x.client_id
        WHERE x.session_id = $1 ORDER BY c.name, c.id";
    LIST_FORMER = "SELECT former_id FROM session_former_ids WHERE session_id = $1 ORDER BY former_id DESC LIMIT 20";
    LIST_CLIENTS_OF = "SELECT x.session_id, c.name FROM session_clients x JOIN clients c ON c.id = x.client_id
        JOIN sessions s ON s.id = x.session_id WHERE s.user_id = $1 AND s.ended_at IS NULL ORDER BY c.name, c.id";
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: SessionId,
    user_id: UserId,
    auth_time: Timestamp,
    second_factor_at: Timestamp,
    amr: Json<Vec<String>>,
    acr: String,
    remembered_since: Option<Timestamp>,
    browser: Option<Vec<u8>>,
    locale: Option<String>,
    user_agent: String,
    ip: Option<String>,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user: row.user_id,
            auth_time: row.auth_time,
            second_factor_at: row.second_factor_at,
            amr: row.amr.0,
            acr: row.acr,
            remembered_since: row.remembered_since,
            browser: row.browser.as_deref().and_then(Digest::from_slice),
            locale: row.locale,
            user_agent: row.user_agent,
            ip: row.ip,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
        }
    }
}

/// The live session of a cookie; `None` for every other cookie whatever is wrong with it (SE-07).
pub async fn find_live(tx: &mut Tx, cookie: &Digest, now: Timestamp) -> db::Result<Option<Session>> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(FIND_LIVE).bind(cookie.as_bytes()).bind(now).fetch_optional(c).await)?;
    Ok(row.map(Session::from))
}

/// The live sessions of a person, newest first.
pub async fn list(tx: &mut Tx, user: UserId, now: Timestamp) -> db::Result<Vec<Session>> {
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(LIST).bind(user).bind(now).fetch_all(c).await)?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// A live session of this person by its id.
pub(super) async fn find_own(tx: &mut Tx, id: SessionId, user: UserId, now: Timestamp) -> db::Result<Option<Session>> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(FIND_OWN).bind(id).bind(user).bind(now).fetch_optional(c).await)?;
    Ok(row.map(Session::from))
}

/// Adds a session that begins with this cookie at this epoch of the account.
pub async fn insert(
    tx: &mut Tx,
    session: &Session,
    cookie: &Digest,
    epoch: i64,
    settings: &Settings,
) -> db::Result<()> {
    let idle = session.created_at.plus(settings.idle()).min(session.expires_at);
    on!(tx, c => sqlx::query(INSERT)
        .bind(session.id).bind(cookie.as_bytes()).bind(session.user).bind(epoch)
        .bind(session.auth_time).bind(session.second_factor_at).bind(Json(&session.amr)).bind(&session.acr)
        .bind(session.locale.as_deref()).bind(&session.user_agent).bind(session.ip.as_deref())
        .bind(session.created_at).bind(session.last_seen_at).bind(idle).bind(session.expires_at)
        .bind(session.browser.as_ref().map(Digest::as_bytes)).bind(session.remembered_since)
        .execute(c).await.map(drop))?;
    Ok(())
}

/// Remembers that the session is in use; writes at most once a minute. Never moves the absolute limit.
pub async fn save_seen(tx: &mut Tx, session: &Session, settings: &Settings, now: Timestamp) -> db::Result<()> {
    let idle = now.plus(settings.idle()).min(session.expires_at);
    let stale = now.minus(SEEN_EVERY);
    on!(tx, c => sqlx::query(SAVE_SEEN).bind(session.id).bind(now).bind(idle).bind(stale).execute(c).await.map(drop))?;
    Ok(())
}

/// Both factors were proved again: from now on a new cookie stands for the session (SE-01). `false` if it has ended.
pub(super) async fn save_stepped_up(
    tx: &mut Tx,
    session: &Session,
    (old, new): (&Digest, &Digest),
    settings: &Settings,
) -> db::Result<bool> {
    let idle = session.auth_time.plus(settings.idle()).min(session.expires_at);
    Ok(on!(tx, c => sqlx::query(SAVE_STEPPED_UP)
        .bind(session.id).bind(old.as_bytes()).bind(new.as_bytes()).bind(session.auth_time).bind(Json(&session.amr)).bind(idle).bind(&session.acr)
        .execute(c).await.map(|done| done.rows_affected()))?
        == 1)
}

/// How exactly "last seen" is kept.
pub const SEEN_EVERY: std::time::Duration = std::time::Duration::from_mins(1);

/// Ends one session of this person; `false` if there is none (SE-09).
pub async fn end(tx: &mut Tx, id: SessionId, user: UserId, now: Timestamp) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query(END).bind(id).bind(user).bind(now).execute(c).await.map(|done| done.rows_affected()))?
        > 0)
}

/// Ends the session of a cookie, if it has one; which it was, and whose.
pub(super) async fn end_cookie(
    tx: &mut Tx,
    cookie: &Digest,
    now: Timestamp,
) -> db::Result<Option<(SessionId, UserId)>> {
    Ok(on!(tx, c => sqlx::query_as(END_COOKIE).bind(cookie.as_bytes()).bind(now).fetch_optional(c).await)?)
}

/// Lets another session have been used for the applications of one.
pub(super) async fn save_clients_moved(tx: &mut Tx, from: SessionId, to: SessionId) -> db::Result<()> {
    // The applications go on knowing it by its old name (`sid`).
    on!(tx, c => sqlx::query(KEEP_NAME).bind(from).bind(to).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(NOTE_LEVEL).bind(from).bind(to).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(MOVE_CLIENTS).bind(from).bind(to).execute(c).await.map(drop))?;
    Ok(())
}

/// Ends every session of this person; how many there were.
pub async fn end_all(tx: &mut Tx, user: UserId, now: Timestamp) -> db::Result<u64> {
    Ok(on!(tx, c => sqlx::query(END_ALL).bind(user).bind(now).execute(c).await.map(|done| done.rows_affected()))?)
}

/// Ends every session of this person but one; how many there were.
pub async fn end_others(tx: &mut Tx, user: UserId, but: SessionId, now: Timestamp) -> db::Result<u64> {
    Ok(
        on!(tx, c => sqlx::query(END_OTHERS).bind(user).bind(but).bind(now).execute(c).await.map(|done| done.rows_affected()))?,
    )
}

/// Removes sessions whose absolute limit lies before `before`.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD_NAMES).bind(before).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(REMOVE_OLD_CLIENTS).bind(before).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?;
    Ok(())
}

/// Remembers that the session was used for an application.
pub async fn save_client(tx: &mut Tx, session: SessionId, client: ClientId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_CLIENT).bind(session).bind(client).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// An application that a session was used for.
#[derive(Clone, Debug)]
pub struct Used {
    /// Its name.
    pub name: String,
    /// How it is registered.
    pub settings: ClientSettings,
}

impl Used {
    /// Whether we tell it ourselves when the session ends; others are told by frames in the page of whoever signs out, if at all.
    pub fn is_told_by_us(&self) -> bool {
        self.settings.backchannel_logout_uri.is_some() || self.settings.security_events_uri.is_some()
    }
}

/// The applications that the session was used for, by name.
pub async fn list_clients(tx: &mut Tx, session: SessionId) -> db::Result<Vec<Used>> {
    let rows: Vec<(String, Json<ClientSettings>)> =
        on!(tx, c => sqlx::query_as(LIST_CLIENTS).bind(session).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(name, settings)| Used { name, settings: settings.0 }).collect())
}

/// Under which ids an application may know the session: its own, and those of sessions that it has taken over.
pub async fn list_ids(tx: &mut Tx, session: SessionId) -> db::Result<Vec<SessionId>> {
    let mut ids: Vec<SessionId> = on!(tx, c => sqlx::query_scalar(LIST_FORMER).bind(session).fetch_all(c).await)?;
    ids.push(session);
    Ok(ids)
}

/// The names of the applications that each session of a person was used for.
pub async fn list_clients_of(tx: &mut Tx, user: UserId) -> db::Result<BTreeMap<SessionId, Vec<String>>> {
    let rows: Vec<(SessionId, String)> = on!(tx, c => sqlx::query_as(LIST_CLIENTS_OF).bind(user).fetch_all(c).await)?;
    let mut names: BTreeMap<SessionId, Vec<String>> = BTreeMap::new();
    for (session, name) in rows {
        names.entry(session).or_default().push(name);
    }
    Ok(names)
}
