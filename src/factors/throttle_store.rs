//! The SQL of failures in a row. They are raised before anything is compared (AU-03).

use std::time::Duration;

use crate::db::{self, Tx, on, statements};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

use super::throttle;

statements! {
    INSERT = "INSERT INTO throttles (kind, key, failures, not_before, updated_at) VALUES ($1, $2, 0, 0, $3) ON CONFLICT (kind, key) DO NOTHING";
    RAISE = "UPDATE throttles SET failures = failures + 1, updated_at = $3
        WHERE kind = $1 AND key = $2 AND not_before <= $3 AND failures < $4 RETURNING failures";
    SAVE_WAIT = "UPDATE throttles SET not_before = $3 WHERE kind = $1 AND key = $2";
    COUNT = "UPDATE throttles SET failures = CASE WHEN not_before <= $3 THEN 1 ELSE failures + 1 END,
        not_before = CASE WHEN not_before <= $3 THEN $4 ELSE not_before END, updated_at = $3
        WHERE kind = $1 AND key = $2 RETURNING failures";
    FIND = "SELECT not_before FROM throttles WHERE kind = $1 AND key = $2";
    REMOVE = "DELETE FROM throttles WHERE kind = $1 AND key = $2";
    REMOVE_OLD = "DELETE FROM throttles WHERE (updated_at <= $1 AND failures < $3) OR updated_at <= $2
        OR (kind IN ('device_browser', 'device_person', 'device_address') AND not_before <= $4)";
}

/// The password of an account, known or not; the key is the digest of the folded address.
pub const PASSWORD: &str = "password";
/// The password as tried in a browser where its owner has signed in before; the key is [`super::known_store::digest`].
pub const PASSWORD_KNOWN: &str = "password_known";

/// The code of a device as typed in a browser; the key is the digest of its cookie.
pub const DEVICE_BROWSER: &str = "device_browser";
/// The same as typed by whoever is signed in.
pub const DEVICE_PERSON: &str = "device_person";
/// The same as typed from an address.
pub const DEVICE_ADDRESS: &str = "device_address";

/// Counts a try, and how many there were since the window began that is open now; on all nodes together.
pub async fn count(tx: &mut Tx, kind: &str, key: &Digest, (window, now): (Duration, Timestamp)) -> db::Result<i64> {
    on!(tx, c => sqlx::query(INSERT).bind(kind).bind(key.as_bytes()).bind(now).execute(c).await.map(drop))?;
    let end = now.plus(window);
    Ok(on!(tx, c => sqlx::query_scalar(COUNT).bind(kind).bind(key.as_bytes()).bind(now).bind(end).fetch_one(c).await)?)
}

/// Counts a try. `Ok(None)`: go on and compare. `Ok(Some(until))`: refused, nothing may be compared before then.
pub async fn raise(tx: &mut Tx, kind: &str, key: &Digest, now: Timestamp) -> db::Result<Option<Timestamp>> {
    on!(tx, c => sqlx::query(INSERT).bind(kind).bind(key.as_bytes()).bind(now).execute(c).await.map(drop))?;
    let raised: Option<i64> = on!(tx, c => sqlx::query_scalar(RAISE)
        .bind(kind).bind(key.as_bytes()).bind(now).bind(throttle::MAX_FAILURES).fetch_optional(c).await)?;
    let Some(failures) = raised else {
        let until: Option<Timestamp> =
            on!(tx, c => sqlx::query_scalar(FIND).bind(kind).bind(key.as_bytes()).fetch_optional(c).await)?;
        return Ok(Some(until.unwrap_or(now).max(now)));
    };
    let until = now.plus(throttle::wait(failures));
    on!(tx, c => sqlx::query(SAVE_WAIT).bind(kind).bind(key.as_bytes()).bind(until).execute(c).await.map(drop))?;
    Ok(None)
}

/// Forgets the failures: after a complete sign-in or a new password.
pub async fn remove(tx: &mut Tx, kind: &str, key: &Digest) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE).bind(kind).bind(key.as_bytes()).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets counters that say little a day later, and the others after three months: waiting is no way around
/// [`throttle::MAX_FAILURES`]. Those of tries within a window go with it.
pub async fn remove_old(tx: &mut Tx, now: Timestamp) -> db::Result<()> {
    let (day, quarter) = (now.minus(Duration::from_hours(24)), now.minus(Duration::from_hours(90 * 24)));
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(day).bind(quarter).bind(throttle::FREE).bind(now).execute(c).await.map(drop))?;
    Ok(())
}
