//! Ending it early.

use super::model::Deputy;
use super::name::DeputyError;
use super::store;
use crate::audit::{self, Kind};
use crate::authority::Permit;
use crate::authority::action::EndDeputy;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;

/// Takes back what was lent; it has no effect from the next request on (D7).
pub async fn end(tx: &mut Tx, permit: Permit<EndDeputy>, ctx: &Ctx) -> Result<Deputy, DeputyError> {
    let id = permit.action().deputy;
    let deputy = store::find(tx, id).await?.ok_or(DeputyError::NotOpen)?;
    if !store::save_ended(tx, id, permit.actor(), ctx.now).await? {
        return Err(DeputyError::NotOpen);
    }
    audit::record(tx, ctx, permit.via(), deputy.event(Kind::DeputyEnded)).await?;
    Ok(deputy)
}
