//! Putting people into groups and taking them out (D2, E49–E60). One row each, however large the group is.

use serde_json::json;

use super::model::Membership;
use super::{change_store, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::{AssignMembership, RemoveMembership};
use crate::db::{self, Tx};
use crate::directory::{group, user};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{GroupId, MembershipId, RoleAssignmentId, UserId};
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
    let (user, group) = (permit.action().user, permit.action().group);
    if until.is_some_and(|end| end <= ctx.now) {
        return Err(MembershipError::InvalidEnd);
    }
    if let Some(held) = store::find(tx, user, group).await? {
        if held.is_live(ctx.now) && held.until == until {
            return Err(MembershipError::AlreadyMember);
        }
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
    let details = json!({ "group": group, "until": until });
    record(tx, Kind::MembershipAssigned, (user, group), permit.via(), (ctx, details)).await?;
    Ok(membership)
}

/// Takes a membership away; the next token and the next page know it (E60).
pub async fn remove(tx: &mut Tx, permit: Permit<RemoveMembership>, ctx: &Ctx) -> Result<(), MembershipError> {
    let (user, group) = (permit.action().user, permit.action().group);
    store::remove(tx, user, group).await?.ok_or(MembershipError::NotMember)?;
    record(tx, Kind::MembershipRemoved, (user, group), permit.via(), (ctx, json!({ "group": group }))).await
}

/// Lets the version of the group move for those who see the member, and writes the event.
async fn record(
    tx: &mut Tx,
    kind: Kind,
    (user, group): (UserId, GroupId),
    via: Option<RoleAssignmentId>,
    (ctx, details): (&Ctx, serde_json::Value),
) -> Result<(), MembershipError> {
    let home = user::store::find(tx, user).await?.ok_or(MembershipError::NotFound)?.organisation;
    let application = group::store::find(tx, group).await?.ok_or(MembershipError::NotFound)?.application;
    change_store::save(tx, group, home, ctx).await?;
    let event = Event::new(kind, Subject::User(user)).within(home).about(application).with(details);
    Ok(audit::record(tx, ctx, via, event).await?)
}
