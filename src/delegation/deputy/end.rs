//! Ending it early.

use super::model::Deputy;
use super::name::DeputyError;
use super::store;
use crate::audit::{self, Kind};
use crate::authority::Permit;
use crate::authority::action::EndDeputy;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;

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

/// Ends all that somebody holds in the place of others: they leave, or move. One event each; it does not come back by itself.
pub(crate) async fn end_all_of<A>(tx: &mut Tx, permit: &Permit<A>, deputy: UserId, ctx: &Ctx) -> db::Result<()> {
    let ended = store::save_all_ended(tx, deputy, permit.actor(), ctx.now).await?;
    let found = store::list_ended(tx, &ended).await?;
    let events = found.iter().map(|deputy| (permit.via(), deputy.event(Kind::DeputyEnded)));
    audit::record_all(tx, ctx, events.collect()).await
}
