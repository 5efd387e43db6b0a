//! The SQL of sign-ins under way: one per browser, a new one replaces the old.

use crate::db::{self, Tx, on, statements};
use crate::factors::phone_code::{PhoneChannel, TRIES_PER_CODE, TRIES_PER_SIGN_IN};
use crate::kernel::ids::{SignInId, UserId};
use crate::kernel::secret::Digest;
use crate::kernel::text::PhoneNumber;
use crate::kernel::time::Timestamp;

use super::sign_in::{Purpose, SignIn};

statements! {
    SAVE = "INSERT INTO sign_ins (id, browser, purpose, user_id, user_epoch, account, ending, channel, code_digest, code_sent_at,
            code_expires_at, code_tries, tries, resends, started_at, number)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (browser) DO UPDATE SET id = excluded.id, purpose = excluded.purpose, user_id = excluded.user_id,
            user_epoch = excluded.user_epoch, account = excluded.account, ending = excluded.ending, channel = excluded.channel,
            code_digest = excluded.code_digest, code_sent_at = excluded.code_sent_at, code_expires_at = excluded.code_expires_at,
            code_tries = excluded.code_tries, tries = excluded.tries, resends = excluded.resends, started_at = excluded.started_at,
            number = excluded.number, ended_at = NULL";
    FIND = "SELECT * FROM sign_ins WHERE browser = $1 AND ended_at IS NULL";
    FIND_OF_BROWSER = "SELECT * FROM sign_ins WHERE id = $1 AND browser = $2";
    RAISE = "UPDATE sign_ins SET code_tries = code_tries + 1, tries = tries + 1
        WHERE id = $1 AND browser = $2 AND ended_at IS NULL AND code_expires_at > $3 AND code_tries < $4 AND tries < $5 RETURNING *";
    END = "UPDATE sign_ins SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    END_ALL = "UPDATE sign_ins SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL";
    REMOVE_OLD = "DELETE FROM sign_ins WHERE started_at <= $1";
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: SignInId,
    browser: Vec<u8>,
    purpose: String,
    user_id: Option<UserId>,
    user_epoch: i64,
    account: Vec<u8>,
    ending: String,
    channel: String,
    code_digest: Option<Vec<u8>>,
    code_sent_at: Timestamp,
    code_expires_at: Timestamp,
    code_tries: i64,
    tries: i64,
    resends: i64,
    number: Option<String>,
    started_at: Timestamp,
}

impl Row {
    fn into_model(self) -> db::Result<SignIn> {
        let corrupt = |column| move || db::Error::Corrupt(column);
        Ok(SignIn {
            id: self.id,
            browser: Digest::from_slice(&self.browser).ok_or_else(corrupt("sign_ins.browser"))?,
            purpose: Purpose::parse(&self.purpose).ok_or_else(corrupt("sign_ins.purpose"))?,
            user: self.user_id,
            user_epoch: self.user_epoch,
            account: Digest::from_slice(&self.account).ok_or_else(corrupt("sign_ins.account"))?,
            ending: self.ending,
            number: self
                .number
                .map(|number| number.parse().map_err(|_| db::Error::Corrupt("sign_ins.number")))
                .transpose()?,
            channel: PhoneChannel::parse(&self.channel).ok_or_else(corrupt("sign_ins.channel"))?,
            code: self.code_digest.as_deref().and_then(Digest::from_slice),
            code_sent_at: self.code_sent_at,
            code_expires_at: self.code_expires_at,
            code_tries: self.code_tries,
            tries: self.tries,
            resends: self.resends,
            started_at: self.started_at,
        })
    }
}

/// Writes a sign-in; it takes the place of any other in its browser.
pub async fn save(tx: &mut Tx, of: &SignIn) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE)
        .bind(of.id).bind(of.browser.as_bytes()).bind(of.purpose.as_str()).bind(of.user).bind(of.user_epoch)
        .bind(of.account.as_bytes()).bind(&of.ending).bind(of.channel.as_str())
        .bind(of.code.as_ref().map(Digest::as_bytes)).bind(of.code_sent_at).bind(of.code_expires_at)
        .bind(of.code_tries).bind(of.tries).bind(of.resends).bind(of.started_at)
        .bind(of.number.as_ref().map(PhoneNumber::as_str))
        .execute(c).await.map(drop))?;
    Ok(())
}

/// The sign-in under way in this browser, expired ones included: the caller judges [`SignIn::stage`].
pub async fn find(tx: &mut Tx, browser: &Digest) -> db::Result<Option<SignIn>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(FIND).bind(browser.as_bytes()).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// One sign-in of this browser, whether or not it is over.
pub async fn find_of_browser(tx: &mut Tx, id: SignInId, browser: &Digest) -> db::Result<Option<SignIn>> {
    let row: Option<Row> =
        on!(tx, c => sqlx::query_as(FIND_OF_BROWSER).bind(id).bind(browser.as_bytes()).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// Counts a try before it is compared (AU-03); `None` when there is none left, or nothing to try.
pub async fn raise(tx: &mut Tx, id: SignInId, browser: &Digest, now: Timestamp) -> db::Result<Option<SignIn>> {
    let row: Option<Row> = on!(tx, c => sqlx::query_as(RAISE)
        .bind(id).bind(browser.as_bytes()).bind(now).bind(TRIES_PER_CODE).bind(TRIES_PER_SIGN_IN).fetch_optional(c).await)?;
    row.map(Row::into_model).transpose()
}

/// Ends a sign-in; `false` if somebody else ended it first (AU-04).
pub async fn end(tx: &mut Tx, id: SignInId, now: Timestamp) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query(END).bind(id).bind(now).execute(c).await.map(|done| done.rows_affected()))? == 1)
}

/// Ends every sign-in of a person (AU-28).
pub async fn end_all(tx: &mut Tx, user: UserId, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(END_ALL).bind(user).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

/// Removes sign-ins that began before then.
pub async fn remove_old(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE_OLD).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
