//! What an administrator may start for somebody else. None of it sets, learns or shows a secret (D15, DA-19).

use serde_json::json;

use super::links::{self, Purpose};
use super::{known_store, own_store, password_store, phone_store, recovery_code, remembered, throttle_store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ResetCredentials;
use crate::db::{self, Tx};
use crate::directory::user::{self, model::User};
use crate::kernel::ctx::Ctx;
use crate::kernel::secret::Digest;
use crate::notify::{Message, outbox};
use crate::sessions::end;

/// Why nothing was started.
#[derive(Debug, thiserror::Error)]
pub enum AssistError {
    /// The account is in use already, or cannot be used: an activation link would be of no use.
    #[error("this account does not wait for its activation")]
    NotNew,
    /// The account has no password that could be forgotten.
    #[error("this account has not been activated yet")]
    NotActivated,
    /// There is no address to write to.
    #[error("this account has no e-mail address")]
    NoEmail,
    /// There is no app, passkey, recovery code or remembered browser to take away.
    #[error("this account has neither apps nor passkeys nor recovery codes nor remembered browsers")]
    NoFactors,
    /// The person is gone.
    #[error("not found")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Sends the activation link again; those sent before die.
pub async fn invite_again(tx: &mut Tx, permit: Permit<ResetCredentials>, ctx: &Ctx) -> Result<(), AssistError> {
    let user = find(tx, &permit).await?;
    if user.activated_at.is_some() || !user.active || user.blocked {
        return Err(AssistError::NotNew);
    }
    if user.email.is_none() {
        return Err(AssistError::NoEmail);
    }
    links::invite(tx, &user, ctx).await?;
    record(tx, Kind::InvitationSent, &user, &permit, ctx).await
}

/// Mails the person a link by which they choose a new password; they need their phone for it (AU-27).
pub async fn start_recovery(tx: &mut Tx, permit: Permit<ResetCredentials>, ctx: &Ctx) -> Result<(), AssistError> {
    let user = find(tx, &permit).await?;
    if !user.is_usable(ctx.now) || password_store::find(tx, user.id).await?.is_none() {
        return Err(AssistError::NotActivated);
    }
    let Some(email) = &user.email else { return Err(AssistError::NoEmail) };
    let token = links::issue(tx, Purpose::Recovery, user.id, ctx).await?;
    let message = Message::Recovery { given_name: user.given_name.clone(), token: token.seal() };
    outbox::enqueue(tx, outbox::Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await?;
    record(tx, Kind::CredentialsReset, &user, &permit, ctx).await
}

/// Forgets wrong passwords and codes in a row, so that the person can try again (`decisions.md` 9).
pub async fn unlock(tx: &mut Tx, permit: Permit<ResetCredentials>, ctx: &Ctx) -> Result<(), AssistError> {
    let user = find(tx, &permit).await?;
    phone_store::reset(tx, user.id).await?;
    if let Some(email) = &user.email {
        throttle_store::remove(tx, throttle_store::PASSWORD, &Digest::of(email.folded().as_bytes())).await?;
    }
    record(tx, Kind::UserUnlocked, &user, &permit, ctx).await
}

/// Takes away all apps, passkeys, recovery codes and remembered browsers of somebody who has lost them, or from whom they were stolen, and ends what they
/// opened. It lets nobody in: the password and the phone stay as they are, and what changes those waits as ever (D15). Its owner is told.
pub async fn take_away(
    tx: &mut Tx,
    permit: Permit<ResetCredentials>,
    reason: Option<&str>,
    ctx: &Ctx,
) -> Result<(), AssistError> {
    let user = find(tx, &permit).await?;
    let (codes, _) = recovery_code::store::count(tx, user.id).await?;
    let (apps, passkeys) = own_store::remove_ways(tx, user.id).await?;
    let browsers = remembered::store::remove_all(tx, user.id).await?;
    if apps == 0 && passkeys == 0 && codes == 0 && browsers == 0 {
        return Err(AssistError::NoFactors);
    }
    recovery_code::store::remove_all(tx, user.id).await?;
    phone_store::save_by_app(tx, user.id, false).await?;
    known_store::remove_all(tx, user.id).await?;
    end::end_opened(tx, user.id, ctx).await?;
    let details =
        json!({ "apps": apps, "passkeys": passkeys, "recovery_codes": codes, "browsers": browsers, "reason": reason });
    let event = Event::new(Kind::FactorsTaken, Subject::User(user.id)).within(user.organisation).with(details);
    audit::record(tx, ctx, permit.via(), event).await?;
    let Some(email) = &user.email else { return Ok(()) };
    let message = Message::FactorsTaken { given_name: user.given_name.clone() };
    Ok(outbox::enqueue(tx, outbox::Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await?)
}

async fn find(tx: &mut Tx, permit: &Permit<ResetCredentials>) -> Result<User, AssistError> {
    let found = user::store::find(tx, permit.action().user).await?;
    found.filter(|user| user.deleted_at.is_none()).ok_or(AssistError::NotFound)
}

async fn record(
    tx: &mut Tx,
    kind: Kind,
    user: &User,
    permit: &Permit<ResetCredentials>,
    ctx: &Ctx,
) -> Result<(), AssistError> {
    let event = Event::new(kind, Subject::User(user.id)).within(user.organisation);
    Ok(audit::record(tx, ctx, permit.via(), event).await?)
}
