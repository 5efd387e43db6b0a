//! Answering a round, whichever surface asks: each role or membership is decided on its own, and one refusal refuses all. What somebody
//! else has decided meanwhile, or is out of sight, is passed over.

use super::keep;
use crate::authority::action::{KeepMembership, KeepRole, RemoveMembership, RevokeRole};
use crate::authority::{Door, Refusal};
use crate::db::{self, Tx};
use crate::delegation::revoke::{self, RevokeError};
use crate::directory::membership;
use crate::directory::membership::assign::MembershipError;
use crate::directory::user::due_store::{self as due, Reader};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{MembershipId, RoleAssignmentId, UserId};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The decision.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The rules on revoking roles.
    #[error(transparent)]
    Revoke(#[from] RevokeError),
    /// The rules on memberships.
    #[error(transparent)]
    Membership(#[from] MembershipError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Keeps, or takes away, those of these roles that wait; how many they were.
pub async fn roles(
    tx: &mut Tx,
    (door, reader): (&Door, &Reader),
    (keeps, ids): (bool, &[RoleAssignmentId]),
    ctx: &Ctx,
) -> Result<usize, AnswerError> {
    let open = due::list_roles_of(tx, reader, ids).await?;
    if keeps {
        let actions = open.into_iter().map(|assignment| KeepRole { assignment }).collect();
        let permits = door.authorise_all(tx, ctx, actions).await?;
        return Ok(keep::keep(tx, permits, ctx).await?);
    }
    let mut ended = 0;
    let actions = open.into_iter().map(|assignment| RevokeRole { assignment }).collect();
    for permit in door.authorise_all(tx, ctx, actions).await? {
        match revoke::revoke(tx, permit, door.roles(), None, ctx).await {
            Ok(_) => ended += 1,
            // The one before took it along.
            Err(RevokeError::AlreadyRevoked) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(ended)
}

/// The same for memberships.
pub async fn memberships(
    tx: &mut Tx,
    (door, reader): (&Door, &Reader),
    (keeps, ids): (bool, &[MembershipId]),
    ctx: &Ctx,
) -> Result<usize, AnswerError> {
    let open: Vec<(UserId, _)> = due::list_memberships_of(tx, reader, ids).await?;
    if keeps {
        let actions = open.into_iter().map(|(user, group)| KeepMembership { user, group }).collect();
        let permits = door.authorise_all(tx, ctx, actions).await?;
        return Ok(membership::keep::keep(tx, permits, ctx).await?);
    }
    let actions = open.into_iter().map(|(user, group)| RemoveMembership { user, group }).collect();
    let permits = door.authorise_all(tx, ctx, actions).await?;
    Ok(membership::assign::change_all(tx, Vec::new(), permits, ctx).await?.removed)
}
