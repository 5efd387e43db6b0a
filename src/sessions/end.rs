//! Signing out.

use serde_json::json;

use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ResetCredentials;
use crate::db::{self, Tx};
use crate::directory::user;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{SessionId, UserId};
use crate::kernel::secret::Digest;

use super::model::Session;
use super::{sign_in_store, store};
use crate::tokens::family::RevokedFor;
use crate::tokens::family_store;

/// Why a session could not be ended.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// This person has no such session; whether somebody else has is not said (SE-09).
    #[error("no such session")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Ends one session of its own person.
pub async fn end(tx: &mut Tx, user: UserId, session: SessionId, ctx: &Ctx) -> Result<(), EndError> {
    if !store::end(tx, session, user, ctx.now).await? {
        return Err(EndError::NotFound);
    }
    // What was given out in this session ends with it (OA-26).
    Ok(family_store::save_revoked_of_session(tx, session, RevokedFor::SignOut, ctx.now).await?)
}

/// Ends the session of a cookie, in whose browser another one has begun. What the same person was given in it belongs to
/// the new one from now on, so that signing out there ends it; what somebody else was given in it is over (OA-26, SE-03).
/// The new session is stored already.
pub(super) async fn replace(tx: &mut Tx, cookie: &Digest, by: &Session, ctx: &Ctx) -> db::Result<()> {
    match store::end_cookie(tx, cookie, ctx.now).await? {
        Some((session, user)) if user == by.user => {
            store::save_clients_moved(tx, session, by.id).await?;
            family_store::save_session(tx, session, by.id).await
        }
        Some((session, _)) => family_store::save_revoked_of_session(tx, session, RevokedFor::SignOut, ctx.now).await,
        None => Ok(()),
    }
}

/// Ends all sessions of a person but the one that asks; how many there were.
pub async fn end_others(tx: &mut Tx, user: UserId, session: SessionId, ctx: &Ctx) -> Result<u64, EndError> {
    family_store::save_revoked_of_others(tx, user, session, RevokedFor::SignOut, ctx.now).await?;
    Ok(store::end_others(tx, user, session, ctx.now).await?)
}

/// Ends all sessions of a person: after a change of credentials, or "sign out everywhere"; how many there were.
pub async fn end_all(tx: &mut Tx, user: UserId, ctx: &Ctx) -> Result<u64, EndError> {
    family_store::save_revoked_of_user(tx, user, RevokedFor::SignOut, ctx.now).await?;
    Ok(store::end_all(tx, user, ctx.now).await?)
}

/// Ends sessions, what was given out in them, and sign-ins under way; how many sessions there were.
pub(crate) async fn end_opened(tx: &mut Tx, user: UserId, ctx: &Ctx) -> db::Result<u64> {
    let ended = store::end_all(tx, user, ctx.now).await?;
    sign_in_store::end_all(tx, user, ctx.now).await?;
    family_store::save_revoked_of_user(tx, user, RevokedFor::SignOut, ctx.now).await?;
    user::store::save_epoch(tx, user).await?;
    Ok(ended)
}

/// Ends everything that somebody else is signed in to: sessions, what was given out in them, sign-ins under way (D15).
pub async fn end_everywhere(tx: &mut Tx, permit: Permit<ResetCredentials>, ctx: &Ctx) -> Result<u64, EndError> {
    let id = permit.action().user;
    let user = user::store::find(tx, id).await?.filter(|user| user.deleted_at.is_none()).ok_or(EndError::NotFound)?;
    let ended = end_opened(tx, id, ctx).await?;
    let event = Event::new(Kind::SignedOutEverywhere, Subject::User(id)).within(user.organisation);
    audit::record(tx, ctx, permit.via(), event.with(json!({ "sessions": ended }))).await?;
    Ok(ended)
}
