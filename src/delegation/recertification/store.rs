//! The SQL of rounds. An organisation has one line: the round that it is in, or was in last.

use sqlx::QueryBuilder;

use super::model::{Over, Round};
use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{OrganisationId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

/// Over at `$1`, the last reminder sent at `$2` or before.
macro_rules! over {
    () => {
        "FROM recertifications r WHERE r.closed_at IS NULL AND r.due_at <= $1 AND r.reminders = 3 AND r.reminded_at <= $2
        AND r.organisation_id NOT IN (SELECT s.descendant_id FROM organisation_closure s JOIN organisations u ON u.id = s.ancestor_id WHERE u.status <> 'active')"
    };
}

statements! {
    OPEN = "INSERT INTO recertifications (organisation_id, opened_at, due_at, memberships, reminders) VALUES ($1, $2, $3, $4, 0)
        ON CONFLICT (organisation_id) DO UPDATE SET opened_at = excluded.opened_at, due_at = excluded.due_at,
        memberships = excluded.memberships, reminders = 0, reminded_at = NULL, closed_at = NULL
        WHERE recertifications.closed_at IS NOT NULL RETURNING organisation_id";
    CLOSE = "UPDATE recertifications SET closed_at = $2 WHERE organisation_id = $1 AND closed_at IS NULL RETURNING organisation_id";
    CLOSE_STOPPED = "UPDATE recertifications SET closed_at = $1 WHERE closed_at IS NULL
        AND organisation_id IN (SELECT s.descendant_id FROM organisation_closure s JOIN organisations u ON u.id = s.ancestor_id WHERE u.status <> 'active')";
    CLOSE_ALL = "UPDATE recertifications SET closed_at = $1 WHERE closed_at IS NULL";
    LIST_TO_OPEN = "SELECT o.id FROM organisations o LEFT JOIN recertifications r ON r.organisation_id = o.id
        WHERE o.status = 'active' AND o.id NOT IN (SELECT s.descendant_id FROM organisation_closure s JOIN organisations u ON u.id = s.ancestor_id WHERE u.status <> 'active')
        AND ((r.organisation_id IS NULL AND o.created_at <= $1) OR (r.closed_at IS NOT NULL AND r.opened_at <= $1))
        ORDER BY o.id LIMIT $2";
    LIST_TO_OPEN_UNDER = "SELECT o.id FROM organisation_closure c JOIN organisations o ON o.id = c.descendant_id
        LEFT JOIN recertifications r ON r.organisation_id = o.id
        WHERE c.ancestor_id = $1 AND o.id NOT IN (SELECT s.descendant_id FROM organisation_closure s JOIN organisations u ON u.id = s.ancestor_id WHERE u.status <> 'active')
        AND (r.organisation_id IS NULL OR r.closed_at IS NOT NULL) AND o.id > $2 ORDER BY o.id LIMIT $3";
    LIST_TO_REMIND = "SELECT r.organisation_id, r.opened_at, r.due_at FROM recertifications r
        WHERE r.closed_at IS NULL AND r.due_at <= $1 AND r.reminders < $2 ORDER BY r.due_at, r.organisation_id LIMIT $3";
    LIST_OPEN = "SELECT r.organisation_id, r.opened_at, r.due_at FROM recertifications r WHERE r.closed_at IS NULL
        ORDER BY r.due_at, r.organisation_id LIMIT $1";
    LIST_OVER = concat!("SELECT r.organisation_id ", over!(), " ORDER BY r.due_at, r.organisation_id LIMIT $3");
    IS_OVER = concat!("SELECT COUNT(*) ", over!(), " AND r.organisation_id = $3");
    SAVE_REMINDED = "UPDATE recertifications SET reminders = $2, reminded_at = $3 WHERE organisation_id = $1 AND reminders < $2 AND closed_at IS NULL";
    INSERT_REMINDER = "INSERT INTO recertification_reminders (user_id, number, day) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    REMOVE_REMINDERS = "DELETE FROM recertification_reminders WHERE day < $1";
}

/// Begins a round; `false` if the organisation is in one.
pub(super) async fn save_open(tx: &mut Tx, round: Round, memberships: bool) -> db::Result<bool> {
    let row: Option<(OrganisationId,)> = on!(tx, c => sqlx::query_as(OPEN)
        .bind(round.organisation).bind(round.opened_at).bind(round.due_at).bind(memberships).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Ends a round; `false` if it had ended.
pub(super) async fn save_closed(tx: &mut Tx, id: OrganisationId, now: Timestamp) -> db::Result<bool> {
    let row: Option<(OrganisationId,)> =
        on!(tx, c => sqlx::query_as(CLOSE).bind(id).bind(now).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Ends the rounds of organisations that are not active any more, by themselves or by one above: nothing lapses there.
pub(super) async fn save_stopped(tx: &mut Tx, now: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(CLOSE_STOPPED).bind(now).execute(c).await.map(drop))?)
}

/// Ends every round: nothing lapses.
pub(super) async fn save_all_closed(tx: &mut Tx, now: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(CLOSE_ALL).bind(now).execute(c).await.map(drop))?)
}

/// Active organisations whose last round began then or earlier; those that never were in one and are as old.
pub(super) async fn list_to_open(tx: &mut Tx, before: Timestamp, limit: i64) -> db::Result<Vec<OrganisationId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_TO_OPEN).bind(before).bind(limit).fetch_all(c).await)?)
}

/// Active organisations at and below one that are in no round, by id, behind `after`.
pub async fn list_to_open_under(
    tx: &mut Tx,
    top: OrganisationId,
    after: OrganisationId,
    limit: i64,
) -> db::Result<Vec<OrganisationId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_TO_OPEN_UNDER).bind(top).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Rounds that are to end then or earlier, of which fewer than so many reminders went out.
pub(super) async fn list_to_remind(
    tx: &mut Tx,
    until: Timestamp,
    reminders: i64,
    limit: i64,
) -> db::Result<Vec<Round>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_TO_REMIND).bind(until).bind(reminders).bind(limit).fetch_all(c).await)?)
}

/// Rounds under way, the first to end first.
pub async fn list_open(tx: &mut Tx, limit: i64) -> db::Result<Vec<Round>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_OPEN).bind(limit).fetch_all(c).await)?)
}

/// Organisations whose round is over.
pub(super) async fn list_over(tx: &mut Tx, over: Over, limit: i64) -> db::Result<Vec<OrganisationId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_OVER).bind(over.until).bind(over.told).bind(limit).fetch_all(c).await)?)
}

/// Whether this one is one of them.
pub(super) async fn is_over(tx: &mut Tx, id: OrganisationId, over: Over) -> db::Result<bool> {
    let count: i64 =
        on!(tx, c => sqlx::query_scalar(IS_OVER).bind(over.until).bind(over.told).bind(id).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Notes that so many reminders went out; `false` if somebody did before.
pub(super) async fn save_reminded(tx: &mut Tx, id: OrganisationId, reminders: i64, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c =>
        sqlx::query(SAVE_REMINDED).bind(id).bind(reminders).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Notes that somebody is sent a reminder today; `false` if they were sent the same already.
pub(super) async fn insert_reminder(tx: &mut Tx, user: UserId, number: i64, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT_REMINDER)
        .bind(user).bind(number).bind(now.to_date()).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Forgets who was sent what before a day.
pub async fn remove_reminders(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE_REMINDERS).bind(before.to_date()).execute(c).await.map(drop))?)
}

/// Notes that some roles are still needed; gives those that are in effect.
pub(super) async fn save_kept(
    tx: &mut Tx,
    ids: &[RoleAssignmentId],
    now: Timestamp,
) -> db::Result<Vec<RoleAssignmentId>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("UPDATE role_assignments SET kept_at = ");
        query.push_bind(now).push(" WHERE state = 'active' AND id IN (NULL");
        for id in ids {
            query.push(", ").push_bind(*id);
        }
        query.push(") RETURNING id").build_query_scalar().fetch_all(c).await
    })?)
}
