//! The owner of an account takes it over (E41, I67): by a one-time link that went to its address.

use super::error::UserError;
use super::model::User;
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::db::Tx;
use crate::kernel::ctx::Ctx;

/// Marks the account as activated and its address as proved; `phone_proved` if a code to its number was answered, too.
/// Nobody permits this: the caller has seen the owner's one-time link.
pub async fn activate(tx: &mut Tx, user: &User, phone_proved: bool, ctx: &Ctx) -> Result<User, UserError> {
    let mut next = user.clone();
    next.activated_at = Some(user.activated_at.unwrap_or(ctx.now));
    next.email_verified = true;
    next.phone_verified = user.phone_verified || phone_proved;
    next.updated_at = ctx.now;
    if !store::save(tx, &next).await? {
        return Err(UserError::Stale);
    }
    let event = Event::new(Kind::UserActivated, Subject::User(user.id)).within(user.organisation);
    audit::record(tx, ctx, None, event).await?;
    store::find(tx, user.id).await?.ok_or(UserError::NotFound)
}
