//! Asking, and declining.

use super::model::{RevocationRequest, State};
use super::{store, tell};
use crate::audit::{self, Kind};
use crate::authority::action::{DeclineRevocation, RequestRevocation};
use crate::authority::{Door, Permit};
use crate::db::{self, Tx};
use crate::delegation::store as assignments;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::RevocationRequestId;
use crate::kernel::text::{self, TextError};

/// Why nothing was asked or declined.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// One is open for this role already.
    #[error("somebody has asked for this already; it waits for an answer")]
    AlreadyAsked,
    /// It was answered, or the role is gone.
    #[error("there is nothing to answer any more")]
    NotOpen,
    /// A reason is needed, and is a text of some length.
    #[error("say why: the reason {0}")]
    Reason(TextError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Asks whoever may to revoke an assignment.
pub async fn ask(
    tx: &mut Tx,
    door: &Door,
    permit: Permit<RequestRevocation>,
    reason: &str,
    ctx: &Ctx,
) -> Result<RevocationRequest, RequestError> {
    let about = permit.action().assignment;
    let assignment = assignments::find(tx, about).await?.ok_or(RequestError::NotOpen)?;
    let new = RevocationRequest {
        id: RevocationRequestId(ctx.uuid()),
        assignment: about,
        reason: reason_given(reason)?,
        state: State::Open,
        asked_by: permit.actor(),
        asked_at: ctx.now,
        answer: None,
        answered_at: None,
    };
    if !store::insert(tx, &new, permit.via()).await? {
        return Err(RequestError::AlreadyAsked);
    }
    audit::record(tx, ctx, permit.via(), assignment.event(Kind::RevocationRequested)).await?;
    tell::those_who_may(tx, door, &assignment, permit.actor(), ctx).await?;
    Ok(new)
}

/// Declines, with a reason that whoever asked reads.
pub async fn decline(
    tx: &mut Tx,
    permit: Permit<DeclineRevocation>,
    answer: &str,
    ctx: &Ctx,
) -> Result<(), RequestError> {
    let about = permit.action().assignment;
    let assignment = assignments::find(tx, about).await?.ok_or(RequestError::NotOpen)?;
    let open = store::find_open(tx, about).await?.ok_or(RequestError::NotOpen)?;
    if !store::save_declined(tx, about, &reason_given(answer)?, permit.actor(), ctx.now).await? {
        return Err(RequestError::NotOpen);
    }
    tell::who_asked(tx, &open, ctx).await?;
    Ok(audit::record(tx, ctx, permit.via(), assignment.event(Kind::RevocationDeclined)).await?)
}

fn reason_given(text: &str) -> Result<String, RequestError> {
    let reason = text::description(text).map_err(RequestError::Reason)?;
    if reason.is_empty() { Err(RequestError::Reason(TextError::Empty)) } else { Ok(reason) }
}
