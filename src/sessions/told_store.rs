//! The SQL of sessions that applications have to be told about: those that are dead, though nobody has ended them, and those of a
//! module or a group.

use std::collections::BTreeSet;

use sqlx::QueryBuilder;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ApplicationId, EnvironmentId, GroupId, OrganisationId, SessionId, UserId};
use crate::kernel::time::Timestamp;

statements! {
    /// The sessions below an organisation that are dead by whatever raised the epoch of their person, a page at a time. Sessions are
    /// few beside people: they are walked.
    LIST_DEAD_BELOW = "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
        JOIN organisation_closure c ON c.descendant_id = u.organisation_id AND c.ancestor_id = $1
        WHERE s.ended_at IS NULL AND s.id > $2 AND u.epoch <> s.user_epoch ORDER BY s.id LIMIT $3";
    LIST_OF_MODULE = "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id AND u.organisation_id = $1
        WHERE s.ended_at IS NULL AND s.id > $3 AND EXISTS (SELECT 1 FROM session_clients x JOIN clients k ON k.id = x.client_id
            JOIN environments e ON e.id = k.environment_id WHERE x.session_id = s.id AND e.application_id = $2)
        ORDER BY s.id LIMIT $4";
    LIST_OF_GROUP = "SELECT s.id FROM sessions s JOIN memberships m ON m.user_id = s.user_id AND m.group_id = $1
        WHERE s.ended_at IS NULL AND s.id > $3 AND EXISTS (SELECT 1 FROM session_clients x JOIN clients k ON k.id = x.client_id
            WHERE x.session_id = s.id AND k.environment_id = $2)
        ORDER BY s.id LIMIT $4";
}

/// The same rule as in `store.rs`, seen from the other side; the session's own limits do not matter, for an application may have
/// longer ones.
const DEAD_OF: &str = " WHERE ended_at IS NULL AND id IN (SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.ended_at IS NULL AND (u.epoch <> s.user_epoch OR NOT u.active OR u.blocked OR u.deleted_at IS NOT NULL
        OR (u.account_expires_at IS NOT NULL AND u.account_expires_at <= ";

/// What was proved in some sessions that have not ended: `acr` and `amr` as stored.
pub async fn list_levels(tx: &mut Tx, ids: &BTreeSet<SessionId>) -> db::Result<Vec<(SessionId, String, Vec<String>)>> {
    let rows: Vec<(SessionId, String, Json<Vec<String>>)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT id, acr, amr FROM sessions WHERE ended_at IS NULL AND id IN (NULL");
        for id in ids {
            query.push(", ").push_bind(*id);
        }
        query.push(")").build_query_as().persistent(false).fetch_all(c).await
    })?;
    Ok(rows.into_iter().map(|(id, acr, amr)| (id, acr, amr.0)).collect())
}

/// Sessions below an organisation that nothing is done in any more, after one.
pub async fn list_dead_below(
    tx: &mut Tx,
    organisation: OrganisationId,
    after: Option<SessionId>,
    limit: i64,
) -> db::Result<Vec<SessionId>> {
    let after = after.unwrap_or(SessionId(Uuid::nil()));
    Ok(on!(tx, c => sqlx::query_scalar(LIST_DEAD_BELOW).bind(organisation).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Sessions of people of an organisation that were used for an application, after one.
pub async fn list_of_module(
    tx: &mut Tx,
    (organisation, application): (OrganisationId, ApplicationId),
    after: Option<SessionId>,
    limit: i64,
) -> db::Result<Vec<SessionId>> {
    let after = after.unwrap_or(SessionId(Uuid::nil()));
    Ok(on!(tx, c => sqlx::query_scalar(LIST_OF_MODULE)
        .bind(organisation).bind(application).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Sessions of members of a group that were used for clients of an environment, after one.
pub async fn list_of_group(
    tx: &mut Tx,
    (group, environment): (GroupId, EnvironmentId),
    after: Option<SessionId>,
    limit: i64,
) -> db::Result<Vec<SessionId>> {
    let after = after.unwrap_or(SessionId(Uuid::nil()));
    Ok(on!(tx, c => sqlx::query_scalar(LIST_OF_GROUP)
        .bind(group).bind(environment).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Ends the sessions of these people that they can do nothing in any more.
pub async fn save_dead_ended(tx: &mut Tx, users: &BTreeSet<UserId>, now: Timestamp) -> db::Result<()> {
    on!(tx, c => {
        let mut query = QueryBuilder::new("UPDATE sessions SET ended_at = ");
        query.push_bind(now).push(DEAD_OF).push_bind(now).push(")) AND s.user_id IN (NULL");
        for id in users {
            query.push(", ").push_bind(*id);
        }
        query.push("))").build().execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Ends these sessions.
pub async fn save_all_ended(tx: &mut Tx, sessions: &[SessionId], now: Timestamp) -> db::Result<()> {
    on!(tx, c => {
        let mut query = QueryBuilder::new("UPDATE sessions SET ended_at = ");
        query.push_bind(now).push(" WHERE ended_at IS NULL AND id IN (NULL");
        for id in sessions {
            query.push(", ").push_bind(*id);
        }
        query.push(")").build().execute(c).await.map(drop)
    })?;
    Ok(())
}
