//! Putting people into groups and taking them out (D2, E49–E60). One row each, however large the group is.

use super::batch::Batch;
use super::model::Membership;
use super::store;
use crate::authority::Permit;
use crate::authority::action::{AssignMembership, RemoveMembership};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::MembershipId;
use crate::kernel::time::Timestamp;

/// Why a membership did not change.
#[derive(Debug, thiserror::Error)]
pub enum MembershipError {
    /// They are in it already, and until the same instant.
    #[error("already a member")]
    AlreadyMember,
    /// They are not in it.
    #[error("not a member")]
    NotMember,
    /// It would have ended already.
    #[error("the membership would end before it begins")]
    InvalidEnd,
    /// The person or the group is gone.
    #[error("not found")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Adds a membership, or gives an existing one another end.
pub async fn assign(
    tx: &mut Tx,
    permit: Permit<AssignMembership>,
    until: Option<Timestamp>,
    ctx: &Ctx,
) -> Result<Membership, MembershipError> {
    let mut batch = Batch::default();
    let membership = assign_in(tx, permit, until, &mut batch, ctx).await?;
    batch.finish(tx, ctx).await?;
    Ok(membership)
}

/// Takes a membership away; the next token and the next page know it (E60).
pub async fn remove(tx: &mut Tx, permit: Permit<RemoveMembership>, ctx: &Ctx) -> Result<(), MembershipError> {
    let mut batch = Batch::default();
    remove_in(tx, permit, &mut batch, ctx).await?;
    batch.finish(tx, ctx).await
}

/// What a set of changes came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Memberships that are there now and were not, or end at another instant.
    pub assigned: usize,
    /// Memberships that are gone.
    pub removed: usize,
}

/// Changes the groups of a person, or the members of a group, as one: all of it or nothing. Each element was decided on its
/// own; what is already as wanted is passed over, since somebody else may have been faster.
pub async fn change_all(
    tx: &mut Tx,
    wanted: Vec<(Permit<AssignMembership>, Option<Timestamp>)>,
    unwanted: Vec<Permit<RemoveMembership>>,
    ctx: &Ctx,
) -> Result<Changed, MembershipError> {
    let (mut batch, mut changed) = (Batch::default(), Changed::default());
    for permit in unwanted {
        match remove_in(tx, permit, &mut batch, ctx).await {
            Ok(()) => changed.removed += 1,
            Err(MembershipError::NotMember) => {}
            Err(error) => return Err(error),
        }
    }
    for (permit, until) in wanted {
        match assign_in(tx, permit, until, &mut batch, ctx).await {
            Ok(_) => changed.assigned += 1,
            Err(MembershipError::AlreadyMember) => {}
            Err(error) => return Err(error),
        }
    }
    batch.finish(tx, ctx).await?;
    Ok(changed)
}

/// Puts somebody into a group without an end; whoever is in it stays as they are, until the end that they have.
pub async fn join(tx: &mut Tx, permit: Permit<AssignMembership>, ctx: &Ctx) -> Result<(), MembershipError> {
    let held = store::find(tx, permit.action().user, permit.action().group).await?;
    if held.is_some_and(|held| held.is_live(ctx.now)) {
        return Ok(());
    }
    assign(tx, permit, None, ctx).await.map(drop)
}

pub(super) async fn assign_in(
    tx: &mut Tx,
    permit: Permit<AssignMembership>,
    until: Option<Timestamp>,
    batch: &mut Batch,
    ctx: &Ctx,
) -> Result<Membership, MembershipError> {
    let (user, group) = (permit.action().user, permit.action().group);
    if until.is_some_and(|end| end <= ctx.now) {
        return Err(MembershipError::InvalidEnd);
    }
    let mut before = None;
    if let Some(held) = store::find(tx, user, group).await? {
        if held.is_live(ctx.now) && held.until == until {
            return Err(MembershipError::AlreadyMember);
        }
        before = held.until;
        store::remove(tx, user, group).await?;
    }
    let membership = Membership {
        id: MembershipId(ctx.uuid()),
        user,
        group,
        granted_by: permit.actor(),
        granted_via: permit.via(),
        granted_at: ctx.now,
        until,
    };
    store::insert(tx, &membership).await?;
    batch.assigned(tx, (user, group), (before, until), permit.via(), ctx).await?;
    Ok(membership)
}

async fn remove_in(
    tx: &mut Tx,
    permit: Permit<RemoveMembership>,
    batch: &mut Batch,
    ctx: &Ctx,
) -> Result<(), MembershipError> {
    let (user, group) = (permit.action().user, permit.action().group);
    store::remove(tx, user, group).await?.ok_or(MembershipError::NotMember)?;
    batch.removed(tx, (user, group), permit.via(), ctx).await
}
