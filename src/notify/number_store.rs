//! The SQL of messages to phone numbers, counted by their prefix (a digest).

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{MessageId, SignInId};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    IS_COUNTED = "SELECT COUNT(*) FROM number_uses WHERE id = $1";
    INSERT = "INSERT INTO number_uses (id, prefix, about, answered, sent_at) VALUES ($1, $2, $3, FALSE, $4)";
    COUNT_ALL = "SELECT COUNT(*) FROM (SELECT 1 FROM number_uses WHERE sent_at > $1 LIMIT $2) AS counted";
    COUNT_UNANSWERED = "SELECT COUNT(*) FROM number_uses WHERE prefix = $1 AND sent_at > $2 AND NOT answered";
    COUNT_ANSWERED = "SELECT COUNT(*) FROM (SELECT 1 FROM number_uses WHERE prefix = $1 AND sent_at > $2 AND answered LIMIT $3) AS counted";
    COUNT_CODES = "SELECT COUNT(*), COUNT(CASE WHEN answered THEN 1 END) FROM number_uses
        WHERE sent_at > $1 AND sent_at <= $2 AND about IS NOT NULL";
    SAVE_ANSWERED = "UPDATE number_uses SET answered = TRUE WHERE about = $1";
    REMOVE_OLD = "DELETE FROM number_uses WHERE sent_at <= $1";
    INSERT_ALARM = "INSERT INTO number_alarms (raised_at, sent, answered) SELECT $1, $2, $3
        WHERE NOT EXISTS (SELECT 1 FROM number_alarms WHERE raised_at > $4) ON CONFLICT (raised_at) DO NOTHING";
    FIND_ALARM = "SELECT raised_at, sent, answered FROM number_alarms ORDER BY raised_at DESC LIMIT 1";
    REMOVE_OLD_ALARMS = "DELETE FROM number_alarms WHERE raised_at <= $1";
}

pub(super) async fn is_counted(tx: &mut Tx, id: MessageId) -> db::Result<bool> {
    let count: i64 = on!(tx, c => sqlx::query_scalar(IS_COUNTED).bind(id).fetch_one(c).await)?;
    Ok(count > 0)
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: MessageId,
    prefix: &Digest,
    about: Option<SignInId>,
    now: Timestamp,
) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT).bind(id).bind(prefix.as_bytes()).bind(about).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

pub(super) async fn count_all(tx: &mut Tx, since: Timestamp, most: i64) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_ALL).bind(since).bind(most).fetch_one(c).await)?)
}

pub(super) async fn count_unanswered(tx: &mut Tx, prefix: &Digest, since: Timestamp) -> db::Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(COUNT_UNANSWERED).bind(prefix.as_bytes()).bind(since).fetch_one(c).await)?)
}

pub(super) async fn count_answered(tx: &mut Tx, prefix: &Digest, since: Timestamp, most: i64) -> db::Result<i64> {
    Ok(
        on!(tx, c => sqlx::query_scalar(COUNT_ANSWERED).bind(prefix.as_bytes()).bind(since).bind(most).fetch_one(c).await)?,
    )
}

/// Codes sent between two instants, and how many of them were entered.
pub(super) async fn count_codes(tx: &mut Tx, (since, until): (Timestamp, Timestamp)) -> db::Result<(i64, i64)> {
    Ok(on!(tx, c => sqlx::query_as(COUNT_CODES).bind(since).bind(until).fetch_one(c).await)?)
}

/// Writes down that few codes were entered, unless that was done after `since`; whether it was done now.
pub(super) async fn insert_alarm(
    tx: &mut Tx,
    (sent, answered): (i64, i64),
    (now, since): (Timestamp, Timestamp),
) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT_ALARM)
        .bind(now).bind(sent).bind(answered).bind(since).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// When that was done last, of how many codes, and how many of them were entered.
pub(super) async fn find_alarm(tx: &mut Tx) -> db::Result<Option<(Timestamp, i64, i64)>> {
    Ok(on!(tx, c => sqlx::query_as(FIND_ALARM).fetch_optional(c).await)?)
}

/// The code of a sign-in was entered.
pub async fn save_answered(tx: &mut Tx, about: SignInId) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_ANSWERED).bind(about).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets messages sent before then.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(REMOVE_OLD_ALARMS).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
