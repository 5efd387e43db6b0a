//! The SQL of organisations that are deactivated and will be deleted (D9, I81).

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::time::Timestamp;

/// Deactivated at `$1` or before, the last reminder at `$3` or before, with nothing below it any more.
macro_rules! due {
    () => {
        "FROM organisation_deactivations d JOIN organisations o ON o.id = d.organisation_id
        WHERE d.deactivated_at <= $1 AND d.reminders = 3 AND d.reminded_at <= $3 AND o.status = 'deactivated'
        AND NOT EXISTS (SELECT 1 FROM organisations c WHERE c.parent_id = o.id AND c.status <> 'deleted')"
    };
}

statements! {
    INSERT = "INSERT INTO organisation_deactivations (organisation_id, deactivated_at, reminders) VALUES ($1, $2, 0)";
    REMOVE = "DELETE FROM organisation_deactivations WHERE organisation_id = $1";
    FIND = "SELECT deactivated_at FROM organisation_deactivations WHERE organisation_id = $1";
    LIST_DUE = concat!("SELECT o.id ", due!(), " ORDER BY d.deactivated_at, o.id LIMIT $2");
    IS_DUE = concat!("SELECT COUNT(*) ", due!(), " AND o.id = $2");
    LIST_TO_REMIND = "SELECT d.organisation_id, o.name FROM organisation_deactivations d
        JOIN organisations o ON o.id = d.organisation_id
        WHERE d.deactivated_at <= $1 AND d.reminders < $2 ORDER BY d.deactivated_at, d.organisation_id LIMIT $3";
    SAVE_REMINDED = "UPDATE organisation_deactivations SET reminders = $2, reminded_at = $3 WHERE organisation_id = $1 AND reminders < $2";
    LIST_PEOPLE = "SELECT u.id FROM users u WHERE u.organisation_id = $1 AND u.deleted_at IS NULL ORDER BY u.number LIMIT $2";
    REMOVE_PATHS = "DELETE FROM organisation_closure WHERE descendant_id = $1 OR ancestor_id = $1";
    REMOVE_COUNTS = "DELETE FROM organisation_people WHERE organisation_id = $1";
}

/// Which organisations are to be deleted.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// Deactivated then or earlier.
    pub since: Timestamp,
    /// Reminded for the last time then or earlier: nothing is deleted of which nobody was told.
    pub told: Timestamp,
}

/// The time begins.
pub(super) async fn insert(tx: &mut Tx, id: OrganisationId, at: Timestamp) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(INSERT).bind(id).bind(at).execute(c).await.map(drop))?)
}

/// The time is stopped; it begins anew with the next deactivation.
pub(super) async fn remove(tx: &mut Tx, id: OrganisationId) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE).bind(id).execute(c).await.map(drop))?)
}

/// Since when an organisation is deactivated by its own status.
pub async fn find_since(tx: &mut Tx, id: OrganisationId) -> db::Result<Option<Timestamp>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND).bind(id).fetch_optional(c).await)?)
}

/// Organisations that are due, with nothing below them, the oldest first.
pub(super) async fn list_due(tx: &mut Tx, due: Due, limit: i64) -> db::Result<Vec<OrganisationId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_DUE).bind(due.since).bind(limit).bind(due.told).fetch_all(c).await)?)
}

/// Whether this one is one of them.
pub(super) async fn is_due(tx: &mut Tx, id: OrganisationId, due: Due) -> db::Result<bool> {
    let count: i64 =
        on!(tx, c => sqlx::query_scalar(IS_DUE).bind(due.since).bind(id).bind(due.told).fetch_one(c).await)?;
    Ok(count > 0)
}

/// Those deactivated since `before` or longer of whom fewer than so many reminders went out, with their names.
pub(super) async fn list_to_remind(
    tx: &mut Tx,
    before: Timestamp,
    reminders: i64,
    limit: i64,
) -> db::Result<Vec<(OrganisationId, String)>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_TO_REMIND).bind(before).bind(reminders).bind(limit).fetch_all(c).await)?)
}

/// Notes that so many reminders went out; `false` if somebody did before.
pub(super) async fn save_reminded(tx: &mut Tx, id: OrganisationId, reminders: i64, now: Timestamp) -> db::Result<bool> {
    let done = on!(tx, c =>
        sqlx::query(SAVE_REMINDED).bind(id).bind(reminders).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// People of an organisation who are not deleted yet.
pub(super) async fn list_people(tx: &mut Tx, id: OrganisationId, limit: i64) -> db::Result<Vec<UserId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_PEOPLE).bind(id).bind(limit).fetch_all(c).await)?)
}

/// Takes an organisation out of the tree: it stands in no path, so that nothing reaches it and nobody finds it.
pub(super) async fn remove_from_tree(tx: &mut Tx, id: OrganisationId) -> db::Result<()> {
    remove(tx, id).await?;
    on!(tx, c => sqlx::query(REMOVE_COUNTS).bind(id).execute(c).await.map(drop))?;
    Ok(on!(tx, c => sqlx::query(REMOVE_PATHS).bind(id).execute(c).await.map(drop))?)
}
