//! Saying that memberships are still needed.

use super::assign::MembershipError;
use super::batch::Batch;
use super::store;
use crate::authority::Permit;
use crate::authority::action::KeepMembership;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;

/// Confirms some memberships, each decided on its own. What somebody took away meanwhile is passed over. Says how many there were.
pub async fn keep(tx: &mut Tx, permits: Vec<Permit<KeepMembership>>, ctx: &Ctx) -> Result<usize, MembershipError> {
    // Who is in the group is as before, and so are its versions: the batch is not finished.
    let (mut batch, mut kept) = (Batch::default(), 0);
    for permit in permits {
        let (user, group) = (permit.action().user, permit.action().group);
        if store::save_kept(tx, (user, group), ctx.now).await? {
            batch.kept(tx, (user, group), permit.via(), ctx).await?;
            kept += 1;
        }
    }
    Ok(kept)
}
