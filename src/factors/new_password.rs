//! A new password on its way to being stored: judged, compared with those its owner had, hashed.

use super::Factors;
use super::password::PasswordError;
use super::policy::{self, PolicyError};
use super::{link_store, password_store, reset, throttle_store};
use crate::db::{self, Db, Tx, transact};
use crate::directory::user::{self, model::User};
use crate::kernel::ctx::Ctx;
use crate::kernel::hex::hex;
use crate::kernel::password_rules::PasswordRules;
use crate::kernel::secret::Digest;
use crate::kernel::text::EmailAddress;
use crate::kernel::time::Timestamp;

use super::links::Purpose;
use zeroize::Zeroizing;

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NewPasswordError {
    /// The policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// Too many tries; nothing was compared. When to try again.
    #[error("too many failures")]
    Throttled(Timestamp),
    /// It could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// The hash of a password that the policy accepts for this person. Where the profile asks that passwords differ from former ones
/// (I84), as many hashes more are computed, one after the other, so that nobody has to wait for more than one place.
pub async fn hash(
    db: &Db,
    factors: &Factors,
    user: &User,
    password: &str,
    ctx: &Ctx,
) -> Result<String, NewPasswordError> {
    let rules = factors.password_rules(db, user).await?;
    policy::check(password, &policy::words(user), &rules)?;
    judge_slowly(factors, (user, rules), password).await?;
    if rules.history > 0 {
        // Whether it is a former one is an answer about a password: counted like a try to sign in, before anything is compared (AU-22).
        let account = Digest::of(user.email.as_ref().map(EmailAddress::folded).unwrap_or_default().as_bytes());
        let raised = transact!(db, tx => throttle_store::raise(tx, throttle_store::PASSWORD, &account, ctx.now).await)?;
        if let Some(until) = raised {
            return Err(NewPasswordError::Throttled(until));
        }
        let used = password_store::list_used(&mut db.reader().await?, user.id, rules.history).await?;
        for former in used {
            let slot = factors.hasher.reserve().await?;
            if factors.hasher.verify(slot, password, Some(&former)).await? {
                return Err(PolicyError::Used.into());
            }
        }
    }
    let slot = factors.hasher.reserve().await?;
    Ok(factors.hasher.hash(slot, password, ctx.entropy.bytes()).await?)
}

/// What takes a while, in a place among the hashers (IN-18).
async fn judge_slowly(
    factors: &Factors,
    (user, rules): (&User, PasswordRules),
    password: &str,
) -> Result<(), NewPasswordError> {
    let slot = factors.hasher.reserve().await?;
    let list = factors.breached.clone();
    let words = policy::words(user).map(str::to_owned);
    let password = Zeroizing::new(password.to_owned());
    let work = move || {
        let judged = policy::check_strength(&password, &words.each_ref().map(String::as_str), &rules)
            .and_then(|()| policy::check_breached(&password, list.as_ref()));
        drop(slot);
        judged
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(|_| PasswordError::Failed)??)
}

/// Whose password has expired, by the secret that both factors gave this browser; nothing is used up.
pub async fn expired(tx: &mut Tx, (link, browser): (&Digest, &Digest), ctx: &Ctx) -> db::Result<Option<User>> {
    let found = link_store::find_address(tx, Purpose::Expired, link, ctx.now).await?;
    let Some((id, _)) = found.filter(|(_, of)| *of == hex(browser.as_bytes())) else { return Ok(None) };
    Ok(user::store::find(tx, id).await?.filter(|user| user.is_usable(ctx.now)))
}

/// Uses that secret up and sets the new password. `false`: it was used, or too much time has gone by.
pub async fn replace_expired(
    tx: &mut Tx,
    (link, browser): (&Digest, &Digest),
    (hash, kept): (&str, u32),
    ctx: &Ctx,
) -> db::Result<bool> {
    let Some(user) = expired(tx, (link, browser), ctx).await? else { return Ok(false) };
    if link_store::consume(tx, Purpose::Expired, link, ctx.now).await? != Some(user.id) {
        return Ok(false);
    }
    reset::set_password(tx, &user, (hash, kept), ctx).await?;
    Ok(true)
}
