//! Taking a nomination back, for whoever could make it.

use super::model::{Nomination, State};
use super::store;
use crate::audit::{self, Kind};
use crate::authority::Permit;
use crate::authority::action::Nominate;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;

/// Why a nomination was not withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    /// It was answered, withdrawn, or has run out.
    #[error("this nomination is not open any more")]
    NotOpen,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Withdraws; the place is free again and the mailed link leads nowhere.
pub async fn withdraw(
    tx: &mut Tx,
    permit: Permit<Nominate>,
    nomination: &Nomination,
    ctx: &Ctx,
) -> Result<(), WithdrawError> {
    // The permit is for the same role and place, or it is for something else.
    let action = permit.action();
    let same = action.role == nomination.role
        && action.organisation == nomination.organisation
        && action.project == nomination.project;
    if !same || !store::save_answered(tx, nomination.id, State::Withdrawn, None, ctx.now).await? {
        return Err(WithdrawError::NotOpen);
    }
    Ok(audit::record(tx, ctx, permit.via(), nomination.event(Kind::NominationWithdrawn)).await?)
}
