//! Setting a password: by activation, recovery, or its owner; everything that stood on the old one dies (AU-28).

use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx};
use crate::directory::user;
use crate::directory::user::model::User;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::secret::Digest;
use crate::notify::{Message, outbox};
use crate::sessions::{sign_in_store, store as session_store};

use super::{known_store, link_store, password_store, phone_store, remembered, throttle_store};

/// Stores a new hash and ends sessions, tokens (by the epoch), sign-ins under way and links of its owner.
/// `kept`: so many of the replaced ones are remembered (I84).
pub async fn set_password(tx: &mut Tx, user: &User, (hash, kept): (&str, u32), ctx: &Ctx) -> db::Result<()> {
    password_store::keep(tx, user.id, kept, ctx.now).await?;
    password_store::save(tx, user.id, hash, ctx.now).await?;
    forget_ways_in(tx, user.id, ctx).await?;
    known_store::remove_all(tx, user.id).await?;
    session_store::end_all(tx, user.id, ctx.now).await?;
    phone_store::reset(tx, user.id).await?;
    user::store::save_epoch(tx, user.id).await?;
    let own = ctx.clone().acting_as(PrincipalId::Person(user.id));
    audit::record(tx, &own, None, Event::new(Kind::PasswordChanged, Subject::User(user.id)).within(user.organisation))
        .await?;
    let Some(email) = &user.email else { return Ok(()) };
    throttle_store::remove(tx, throttle_store::PASSWORD, &Digest::of(email.folded().as_bytes())).await?;
    if user.activated_at.is_none() {
        // Their first one, by which they take the account over: nothing of theirs has changed.
        return Ok(());
    }
    let message = Message::PasswordChanged { given_name: user.given_name.clone() };
    outbox::enqueue(tx, outbox::Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await
}

/// Links that were mailed and sign-ins under way die with the address or number to which they went (AU-26, AU-28), and no browser is
/// remembered any more (ADR 0019).
pub async fn forget_ways_in(tx: &mut Tx, user: UserId, ctx: &Ctx) -> db::Result<()> {
    link_store::remove_all(tx, user).await?;
    remembered::store::remove_all(tx, user).await?;
    sign_in_store::end_all(tx, user, ctx.now).await
}
