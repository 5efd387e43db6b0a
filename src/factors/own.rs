//! What is the same whichever factor of one's own is added, named or removed: both factors proved a moment ago, a limit, a way to sign in that
//! stays, a line in the history and a mail (AU-14, AU-16, ASVS 6.3.7).

use super::{own_store, remembered};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx};
use crate::directory::user::{self, model::User};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::PrincipalId;
use crate::kernel::seal::SealError;
use crate::kernel::text::{TextError, line};
use crate::notify::{Message, outbox};
use crate::sessions::Session;

/// How many apps, and how many passkeys, somebody may have.
pub const MOST: usize = 10;
/// Longest name of one.
pub const MAX_NAME: usize = 60;

/// Why a factor of one's own was not changed.
#[derive(Debug, thiserror::Error)]
pub enum FactorError {
    /// Both factors were not proved a moment ago: step up first.
    #[error("prove both factors again")]
    Stale,
    /// There are as many as there may be.
    #[error("there are as many as there may be")]
    TooMany,
    /// The name cannot be used.
    #[error(transparent)]
    Name(#[from] TextError),
    /// There is none of this id.
    #[error("not found")]
    NotFound,
    /// Without it nobody could sign in to this account.
    #[error("the last way to sign in stays")]
    Last,
    /// What was entered or signed is not right, or comes too late.
    #[error("it is not right")]
    Wrong,
    /// It is at this account or another one already.
    #[error("it is known already")]
    Known,
    /// The key-encryption key does not fit.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Refuses a session that did not prove both factors a moment ago (AU-14).
pub fn require_fresh(session: &Session, ctx: &Ctx) -> Result<(), FactorError> {
    if session.is_fresh(ctx.now) { Ok(()) } else { Err(FactorError::Stale) }
}

/// A name as its owner wrote it.
pub fn name(text: &str) -> Result<String, FactorError> {
    Ok(line(text, MAX_NAME)?)
}

/// Whether somebody could still sign in with one app or passkey less.
pub(super) async fn keeps_a_way(tx: &mut Tx, user: &User) -> Result<(), FactorError> {
    let count = own_store::count_ways(tx, user.id).await?;
    // Read here: a number that was taken away a moment ago is none.
    let has_phone = user::store::find(tx, user.id).await?.is_some_and(|user| user.phone.is_some());
    if has_phone || count > 1 { Ok(()) } else { Err(FactorError::Last) }
}

/// Records that its owner gave one of them another name.
pub(super) async fn renamed(tx: &mut Tx, user: &User, ctx: &Ctx) -> db::Result<()> {
    let own = ctx.clone().acting_as(PrincipalId::Person(user.id));
    let event = Event::new(Kind::FactorRenamed, Subject::User(user.id)).within(user.organisation);
    audit::record(tx, &own, None, event).await
}

/// Records another way to sign in, or one less, and tells its owner: no browser is remembered any more (ADR 0019).
pub(super) async fn changed(tx: &mut Tx, user: &User, told: (Kind, &Message), ctx: &Ctx) -> db::Result<()> {
    remembered::store::remove_all(tx, user.id).await?;
    tell(tx, user, told, ctx).await
}

/// Records a change that its owner made, and tells them by mail.
pub(super) async fn tell(tx: &mut Tx, user: &User, (kind, message): (Kind, &Message), ctx: &Ctx) -> db::Result<()> {
    let own = ctx.clone().acting_as(PrincipalId::Person(user.id));
    audit::record(tx, &own, None, Event::new(kind, Subject::User(user.id)).within(user.organisation)).await?;
    let Some(email) = &user.email else { return Ok(()) };
    outbox::enqueue(tx, outbox::Channel::Email, email.as_str(), user.locale.as_deref(), message, ctx).await
}
