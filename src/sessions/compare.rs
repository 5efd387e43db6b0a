//! The comparison of a code within a sign-in: one by phone, of an authenticator app, or of a list of recovery codes. The page asks for any
//! of them in one field, so that it looks the same for everybody (AU-10, AU-23).

use std::fmt;

use uuid::Uuid;

use crate::audit::{self, Kind};
use crate::db::{self, Tx};
use crate::directory::user::{self, model::User};
use crate::factors::means::Means;
use crate::factors::phone_code::{self, TRIES_PER_ACCOUNT};
use crate::factors::recovery_code::{self, told::tell_used};
use crate::factors::{Factors, authenticator, phone_store};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{SignInId, UserId};
use crate::kernel::secret::Digest;
use crate::notify::number_store;

use super::code::{self, event};
use super::sign_in::{Purpose, SignIn};
use super::{sign_in_store, start};

/// A code to be compared.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// The sign-in of the form.
    pub sign_in: SignInId,
    /// The browser.
    pub browser: &'a Digest,
    /// As typed.
    pub code: &'a str,
}

impl fmt::Debug for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").field("purpose", &self.purpose).field("sign_in", &self.sign_in).finish_non_exhaustive()
    }
}

/// What came of the comparison.
#[derive(Debug)]
pub enum Compared {
    /// Right: the person, the sign-in, which is over, and what the code came from.
    Right(Box<(User, SignIn, Means)>),
    /// Wrong, and counted.
    Wrong(Box<SignIn>),
    /// Nothing was compared.
    Over,
}

/// Counts first, then compares (AU-03). A right code works once (AU-04), for its own purpose, sign-in and browser (AU-05).
/// One counter for codes by phone, of an app and of a list (AU-36).
pub async fn compare(
    tx: &mut Tx,
    (factors, key): (&Factors, &[u8]),
    asked: Asked<'_>,
    ctx: &Ctx,
) -> db::Result<Compared> {
    let Some(sign_in) = sign_in_store::raise(tx, asked.sign_in, asked.browser, ctx.now).await? else {
        return Ok(Compared::Over);
    };
    let counted = match sign_in.user.filter(|_| sign_in.purpose == asked.purpose) {
        Some(id) => phone_store::raise(tx, id).await?.map(|failures| (id, failures)),
        None => {
            phone_store::raise_nothing(tx).await?;
            None
        }
    };
    let means = means(tx, (factors, key), (&sign_in, asked), counted.map(|(id, _)| id), ctx).await?;
    let (Some((id, _)), Some(means)) = (counted, means) else {
        let stopped = counted.is_some_and(|(_, failures)| failures == TRIES_PER_ACCOUNT);
        record_wrong(tx, &sign_in, stopped, ctx).await?;
        return Ok(Compared::Wrong(Box::new(sign_in)));
    };
    let user = user::store::find(tx, id).await?;
    // A change of credentials, a block or an expiry since the password was checked ends it here (AU-28, AU-40).
    let Some(user) = user.filter(|user| user.epoch == sign_in.user_epoch) else { return Ok(Compared::Over) };
    let at_work = start::is_at_work(tx, &user).await?;
    if !code::may_prove(asked.purpose, &user, at_work, ctx.now) || !sign_in_store::end(tx, sign_in.id, ctx.now).await? {
        return Ok(Compared::Over);
    }
    phone_store::reset(tx, id).await?;
    match means {
        Means::Phone(_) => number_store::save_answered(tx, sign_in.id).await?,
        Means::RecoveryCode => tell_used(tx, &user, ctx).await?,
        Means::App => {}
    }
    Ok(Compared::Right(Box::new((user, sign_in, means))))
}

/// What the code came from, if it is right; it is used up. The same statements where there is nobody (AU-23).
async fn means(
    tx: &mut Tx,
    (factors, key): (&Factors, &[u8]),
    (sign_in, asked): (&SignIn, Asked<'_>),
    whose: Option<UserId>,
    ctx: &Ctx,
) -> db::Result<Option<Means>> {
    let Some(digits) = phone_code::digits(asked.code) else { return Ok(None) };
    let owner = whose.unwrap_or(UserId(Uuid::nil()));
    if digits.len() == recovery_code::DIGITS && asked.purpose.takes_any_code() {
        let digest = factors.vault.recovery_digest(owner, &digits);
        let used = recovery_code::store::use_up(tx, owner, &digest, ctx.now).await?;
        return Ok(used.then_some(Means::RecoveryCode));
    }
    let sent = phone_code::canonical(&digits).and_then(|code| phone_code::digest(key, sign_in.id, &code));
    if matches!((sent, sign_in.code), (Some(entered), Some(code)) if entered == code) && whose.is_some() {
        return Ok(Some(Means::Phone(sign_in.channel)));
    }
    if asked.purpose.takes_any_code() && authenticator::verify::takes(tx, factors, owner, &digits, ctx).await? {
        return Ok(Some(Means::App));
    }
    Ok(None)
}

/// One event for each wrong code: so many more, and the account is stopped. The same work for nobody (AU-10).
async fn record_wrong(tx: &mut Tx, sign_in: &SignIn, stopped: bool, ctx: &Ctx) -> db::Result<()> {
    let user = user::store::find(tx, sign_in.user.unwrap_or(UserId(Uuid::nil()))).await?;
    let kind = if stopped { Kind::Throttled } else { Kind::SignInFailed };
    let details = serde_json::json!({ "purpose": sign_in.purpose.as_str(), "reason": "code" });
    audit::record(tx, ctx, None, event(kind, sign_in.id, user.as_ref()).with(details)).await
}
