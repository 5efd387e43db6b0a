//! A person who was named for a role and has no account makes one and takes the role in one step (P18, D14).

use serde_json::json;

use super::error::UserError;
use super::model::{NewUser, User};
use super::{create, store, unique};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::{Door, Refusal};
use crate::db::{self, Tx};
use crate::delegation::nomination::accept::{AcceptError, Accepted, lapse, take};
use crate::delegation::nomination::model::Nomination;
use crate::factors::links::{self, Purpose};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::PrincipalId;
use crate::kernel::secret::Token;
use crate::notify::{Message, outbox};

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The nomination cannot be accepted.
    #[error(transparent)]
    Accept(#[from] AcceptError),
    /// The account cannot be made.
    #[error(transparent)]
    User(#[from] UserError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// What came of registering.
#[derive(Debug)]
pub enum Registered {
    /// The account, and the link by which it is activated.
    Made(Box<User>, Token),
    /// Whoever made the nomination may no longer give the role; it is settled, and no account is made.
    Lapsed,
}

/// Makes the account at the organisation for which the person was named, gives the role, uses the nomination up, and makes the link
/// by which a password is set and the phone proved. By the right of whoever named them, as it is now, and by nobody's right over
/// the organisation's people (D13, ADR 0010). The address is the one that was named, whatever `new` says: only who reads its mail has
/// the link.
pub async fn register(
    tx: &mut Tx,
    door: &Door,
    nomination: &Nomination,
    new: NewUser,
    ctx: &Ctx,
) -> Result<Registered, RegisterError> {
    if !nomination.is_open(ctx.now) {
        return Err(AcceptError::NotOpen.into());
    }
    let email = nomination.email.parse().map_err(|_| AcceptError::NotYours)?;
    let permit = match door.authorise_nomination(tx, ctx, nomination.nominated_by, nomination.action()).await {
        Ok(permit) => permit,
        Err(Refusal::Db(error)) => return Err(error.into()),
        Err(Refusal::Denied(_) | Refusal::Anonymous) => {
            lapse(tx, nomination, ctx).await?;
            return Ok(Registered::Lapsed);
        }
    };
    let new = NewUser { email: Some(email), user_name: None, ..new };
    let organisation = permit.action().organisation;
    let user = User { self_registered: true, ..create::at(organisation, permit.actor(), new, ctx)? };
    unique::check_free(tx, &user).await?;
    store::insert(tx, &user).await?;
    let event = Event::new(Kind::SelfRegistered, Subject::User(user.id)).within(organisation);
    audit::record(tx, ctx, permit.via(), event.with(json!({ "role": nomination.role }))).await?;
    let own = ctx.clone().acting_as(PrincipalId::Person(user.id));
    if matches!(take(tx, door, nomination, user.id, &own).await?, Accepted::Lapsed) {
        // It was allowed a moment ago in this transaction.
        return Err(AcceptError::NotOpen.into());
    }
    let token = links::issue(tx, Purpose::Activation, user.id, ctx).await?;
    // Whoever closes the browser here finds the same link in the mail.
    let message = Message::Activation { given_name: user.given_name.clone(), token: token.seal() };
    let (to, locale) = (&nomination.email, user.locale.as_deref());
    outbox::enqueue(tx, outbox::Channel::Email, to, locale, &message, ctx).await?;
    Ok(Registered::Made(Box::new(user), token))
}
