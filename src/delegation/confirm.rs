//! Confirming or rejecting what somebody else proposed (D11, E07).

use super::model::{RoleAssignment, State};
use super::{separation, store, tell};
use crate::audit::{self, Kind};
use crate::authority::Permit;
use crate::authority::action::ConfirmRole;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::text::{self, TextError};

/// Why a proposal was not decided.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmError {
    /// It is not pending (any more): decided already, withdrawn, or run out (DA-27).
    #[error("there is nothing to decide any more")]
    NotPending,
    /// One person may not hold both: judged again, since much may have changed since it was proposed.
    #[error("one person may not hold this role together with another one that this person holds, or is to hold, here")]
    SeparationOfDuties,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Puts a proposed role into effect.
pub async fn confirm(tx: &mut Tx, permit: Permit<ConfirmRole>, ctx: &Ctx) -> Result<RoleAssignment, ConfirmError> {
    let mut proposal = pending(tx, &permit, ctx).await?;
    if separation::conflict(tx, permit.roles(), &proposal, ctx.now).await?.is_some() {
        return Err(ConfirmError::SeparationOfDuties);
    }
    if !store::save_confirmed(tx, proposal.id, permit.actor(), ctx.now).await? {
        return Err(ConfirmError::NotPending);
    }
    proposal.state = State::Active;
    audit::record(tx, ctx, permit.via(), proposal.event(Kind::RoleConfirmed)).await?;
    tell::holders(tx, permit.roles(), std::slice::from_ref(&proposal), ctx).await?;
    tell::who_proposed(tx, permit.roles(), &proposal, ctx).await?;
    Ok(proposal)
}

/// Refuses a proposed role.
pub async fn reject(
    tx: &mut Tx,
    permit: Permit<ConfirmRole>,
    reason: &str,
    ctx: &Ctx,
) -> Result<RoleAssignment, ConfirmError> {
    let mut proposal = pending(tx, &permit, ctx).await?;
    if !store::save_revoked(tx, proposal.id, permit.actor(), ctx.now, Some(reason)).await? {
        return Err(ConfirmError::NotPending);
    }
    proposal.state = State::Revoked;
    audit::record(tx, ctx, permit.via(), proposal.event(Kind::RoleRejected)).await?;
    tell::who_proposed(tx, permit.roles(), &proposal, ctx).await?;
    Ok(proposal)
}

async fn pending(tx: &mut Tx, permit: &Permit<ConfirmRole>, ctx: &Ctx) -> Result<RoleAssignment, ConfirmError> {
    let found = store::find(tx, permit.action().assignment).await?;
    found.filter(|proposal| proposal.is_proposed(ctx.now)).ok_or(ConfirmError::NotPending)
}

/// Why something is refused, as somebody typed it: it has to say something.
pub fn reason(text: &str) -> Result<String, TextError> {
    let reason = text::description(text)?;
    if reason.is_empty() { Err(TextError::Empty) } else { Ok(reason) }
}
