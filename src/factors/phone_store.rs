//! The SQL of the phone as a factor: preferred channel, wrong codes in a row, codes sent.

use uuid::Uuid;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::UserId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

use super::means::Ways;
use super::phone_code::{PhoneChannel, TRIES_PER_ACCOUNT};

statements! {
    FIND = "SELECT (SELECT preferred_channel FROM phone_factors WHERE user_id = $1),
        COALESCE((SELECT by_app FROM phone_factors WHERE user_id = $1), FALSE),
        EXISTS (SELECT 1 FROM authenticators WHERE user_id = $1 AND confirmed_at IS NOT NULL),
        EXISTS (SELECT 1 FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL)";
    SAVE_CHANNEL = "INSERT INTO phone_factors (user_id, preferred_channel, failures) VALUES ($1, $2, 0)
        ON CONFLICT (user_id) DO UPDATE SET preferred_channel = excluded.preferred_channel, by_app = FALSE";
    SAVE_BY_APP = "INSERT INTO phone_factors (user_id, preferred_channel, failures, by_app) VALUES ($1, 'sms', 0, $2)
        ON CONFLICT (user_id) DO UPDATE SET by_app = excluded.by_app";
    INSERT = "INSERT INTO phone_factors (user_id, preferred_channel, failures) VALUES ($1, 'sms', 0) ON CONFLICT (user_id) DO NOTHING";
    RAISE = "UPDATE phone_factors SET failures = failures + 1 WHERE user_id = $1 AND failures < $2 RETURNING failures";
    RESET = "UPDATE phone_factors SET failures = 0 WHERE user_id = $1";
    IS_STOPPED = "SELECT failures FROM phone_factors WHERE user_id = $1";
    INSERT_SEND = "INSERT INTO code_sends (id, key, resend, sent_at) VALUES ($1, $2, $3, $4)";
    COUNT_SENDS = "SELECT COUNT(*) FROM code_sends WHERE key = $1 AND sent_at > $2";
    COUNT_RESENDS = "SELECT COUNT(*) FROM code_sends WHERE key = $1 AND sent_at > $2 AND resend";
    REMOVE_OLD_SENDS = "DELETE FROM code_sends WHERE sent_at <= $1";
}

/// How codes come to a person: by the channel that was used last, SMS before any, or from their app.
pub async fn find_ways(tx: &mut Tx, user: UserId) -> db::Result<Ways> {
    let (channel, by_app, has_app, has_codes): (Option<String>, bool, bool, bool) =
        on!(tx, c => sqlx::query_as(FIND).bind(user).fetch_one(c).await)?;
    let channel = channel.and_then(|text| PhoneChannel::parse(&text)).unwrap_or(PhoneChannel::Sms);
    Ok(Ways { channel, by_app: by_app && has_app, without_phone: has_app || has_codes })
}

/// Makes the app the default, or the phone again.
pub async fn save_by_app(tx: &mut Tx, user: UserId, by_app: bool) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_BY_APP).bind(user).bind(by_app).execute(c).await.map(drop))?;
    Ok(())
}

/// Makes a channel the default (E27).
pub async fn save_channel(tx: &mut Tx, user: UserId, channel: PhoneChannel) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE_CHANNEL).bind(user).bind(channel.as_str()).execute(c).await.map(drop))?;
    Ok(())
}

/// Counts a try before it is compared: how many in a row there are now, or `None` when the account has none left (AU-02).
pub async fn raise(tx: &mut Tx, user: UserId) -> db::Result<Option<i64>> {
    on!(tx, c => sqlx::query(INSERT).bind(user).execute(c).await.map(drop))?;
    Ok(on!(tx, c => sqlx::query_scalar(RAISE).bind(user).bind(TRIES_PER_ACCOUNT).fetch_optional(c).await)?)
}

/// The same work where there is nobody (AU-23).
pub async fn raise_nothing(tx: &mut Tx) -> db::Result<()> {
    let nobody = UserId(Uuid::nil());
    on!(tx, c => sqlx::query(RESET).bind(nobody).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(RAISE).bind(nobody).bind(TRIES_PER_ACCOUNT).execute(c).await.map(drop))?;
    Ok(())
}

/// Forgets the wrong codes in a row: after a right one, or an administrator's unblock.
pub async fn reset(tx: &mut Tx, user: UserId) -> db::Result<()> {
    on!(tx, c => sqlx::query(RESET).bind(user).execute(c).await.map(drop))?;
    Ok(())
}

/// Whether the phone of this account has stopped being a factor.
pub async fn is_stopped(tx: &mut Tx, user: UserId) -> db::Result<bool> {
    let failures: Option<i64> = on!(tx, c => sqlx::query_scalar(IS_STOPPED).bind(user).fetch_optional(c).await)?;
    Ok(failures.is_some_and(|failures| failures >= TRIES_PER_ACCOUNT))
}

/// Remembers that a code was sent for this key.
pub async fn insert_send(tx: &mut Tx, id: Uuid, key: &Digest, resend: bool, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(INSERT_SEND).bind(id).bind(key.as_bytes()).bind(resend).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// How many codes were sent for this key since then; `resends` counts only those asked for again.
pub async fn count_sends(tx: &mut Tx, key: &Digest, since: Timestamp, resends: bool) -> db::Result<i64> {
    let sql = if resends { COUNT_RESENDS } else { COUNT_SENDS };
    Ok(on!(tx, c => sqlx::query_scalar(sql).bind(key.as_bytes()).bind(since).fetch_one(c).await)?)
}

/// Forgets codes sent before then.
pub async fn remove_old_sends(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD_SENDS).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
