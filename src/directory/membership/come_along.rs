//! Memberships that come with something else, which has been decided with them: access to a module (I29, I55).

use std::collections::BTreeSet;

use super::assign::MembershipError;
use super::batch::Batch;
use super::model::Membership;
use super::store;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{GroupId, MembershipId, PrincipalId, RoleAssignmentId, UserId};

/// Puts each of some people into each of some groups, without an end; who is in one stays as they are.
pub(in crate::directory) async fn assign_all(
    tx: &mut Tx,
    (people, groups): (&BTreeSet<UserId>, &[GroupId]),
    (granted_by, granted_via): (PrincipalId, Option<RoleAssignmentId>),
    ctx: &Ctx,
) -> Result<(), MembershipError> {
    let mut batch = Batch::default();
    for user in people {
        let held = store::list_of_user(tx, *user).await?;
        for group in groups {
            let before = held.iter().find(|membership| membership.group == *group);
            if before.is_some_and(|membership| membership.is_live(ctx.now)) {
                continue;
            }
            if before.is_some() {
                store::remove(tx, *user, *group).await?;
            }
            let membership = Membership {
                id: MembershipId(ctx.uuid()),
                user: *user,
                group: *group,
                granted_by,
                granted_via,
                granted_at: ctx.now,
                until: None,
            };
            store::insert(tx, &membership).await?;
            let ends = (before.and_then(|membership| membership.until), None);
            batch.assigned(tx, (*user, *group), ends, granted_via, ctx).await?;
        }
    }
    batch.finish(tx, ctx).await
}
