//! Another e-mail address of one's own: asked for a moment after both factors were proved, told to the old address, and in
//! effect once a link that went to the new one was opened by its owner, signed in (AU-14, AU-26).
//!
//! Whether somebody else has the address is not told: then no link goes out, and everything else is the same
//! (`decisions.md` 2).

use super::{link_store, links, throttle_store};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx};
use crate::directory::user::error::UserError;
use crate::directory::user::model::User;
use crate::directory::user::{contact, store};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;
use crate::kernel::secret::Digest;
use crate::kernel::text::EmailAddress;
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};
use crate::sessions::Session;

/// Counts how often one person asks; its key is the digest of their id.
const THROTTLE: &str = "new_email";

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Both factors have to be proved again first.
    #[error("confirm first that it is you")]
    Stale,
    /// It is the address already.
    #[error("this is the address already")]
    Same,
    /// Asked for too often in a row.
    #[error("asked for too often")]
    TooMany,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Sends a link to the new address and tells the old one; nothing has changed yet.
pub async fn ask(
    tx: &mut Tx,
    (user, session): (&User, &Session),
    email: &EmailAddress,
    ctx: &Ctx,
) -> Result<(), AskError> {
    if !session.is_fresh(ctx.now) {
        return Err(AskError::Stale);
    }
    if user.email.as_ref().is_some_and(|present| present.folded() == email.folded()) {
        return Err(AskError::Same);
    }
    if throttle_store::raise(tx, THROTTLE, &key(user), ctx.now).await?.is_some() {
        return Err(AskError::TooMany);
    }
    let token = links::issue_for_address(tx, user.id, email.as_str(), ctx).await?;
    let (given_name, locale) = (user.given_name.clone(), user.locale.as_deref());
    let channel = if contact::may_have(tx, user, email).await? { Channel::Email } else { Channel::Nothing };
    let message = Message::EmailConfirm { given_name: given_name.clone(), token: token.seal() };
    outbox::enqueue(tx, channel, email.as_str(), locale, &message, ctx).await?;
    if let Some(old) = &user.email {
        let message = Message::EmailAsked { given_name };
        outbox::enqueue(tx, Channel::Email, old.as_str(), locale, &message, ctx).await?;
    }
    let event = Event::new(Kind::EmailAsked, Subject::User(user.id)).within(user.organisation);
    Ok(audit::record(tx, ctx, None, event).await?)
}

fn key(user: &User) -> Digest {
    Digest::of(user.id.0.as_bytes())
}

/// The address that a link of this person proves, without using it up; `None` if it is dead, or somebody else's.
pub async fn find(tx: &mut Tx, user: &User, token: &Digest, ctx: &Ctx) -> db::Result<Option<String>> {
    let found = link_store::find_address(tx, links::Purpose::NewEmail, token, ctx.now).await?;
    Ok(found.filter(|(owner, _)| *owner == user.id).map(|(_, address)| address))
}

/// The owner opened the link: the address changes. `false` if the link is dead, somebody else's, or the address taken since.
pub async fn confirm(tx: &mut Tx, user: UserId, token: &Digest, ctx: &Ctx) -> db::Result<bool> {
    // As they are now, whatever has changed since the request began.
    let Some(user) = store::find(tx, user).await? else { return Ok(false) };
    let used = link_store::consume_address(tx, (links::Purpose::NewEmail, token), user.id, ctx.now).await?;
    let Some(email) = used.and_then(|address| address.parse::<EmailAddress>().ok()) else { return Ok(false) };
    throttle_store::remove(tx, THROTTLE, &key(&user)).await?;
    match contact::set_own_email(tx, &user, &email, ctx).await {
        Ok(_) => Ok(true),
        Err(UserError::Db(error)) => Err(error),
        Err(_) => Ok(false),
    }
}
