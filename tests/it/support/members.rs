//! Who is in which group, changed as the console does.

use chamberlain::authority::action::{AssignMembership, RemoveMembership};
use chamberlain::directory::membership::assign;
use chamberlain::kernel::ids::{GroupId, PrincipalId, UserId};
use chamberlain::transact;

use super::relying_party::Provider;
use super::{Failure, failure};

impl Provider {
    /// Puts somebody into a group, or takes them out.
    pub async fn set_member(&self, user: UserId, group: GroupId, member: bool) {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let door = &self.oidc.app.door;
        let done: Result<(), Failure> = transact!(self.world.db, tx => {
            if member {
                let permit = door.authorise(tx, &ctx, AssignMembership { user, group }).await?;
                assign::assign(tx, permit, None, &ctx).await.map(drop).map_err(failure)
            } else {
                let permit = door.authorise(tx, &ctx, RemoveMembership { user, group }).await?;
                assign::remove(tx, permit, &ctx).await.map_err(failure)
            }
        });
        done.unwrap();
    }
}
