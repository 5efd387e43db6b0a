//! Moving a person to another home organisation (D1, D13, DA-07).

use serde_json::json;

use super::error::UserError;
use super::guard::Guard;
use super::model::User;
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::action::MoveUser;
use crate::authority::{Permission, Permit};
use crate::db::Tx;
use crate::directory::{group, membership, organisation};
use crate::kernel::ctx::Ctx;

/// Moves; memberships that the actor could not give at the new place are taken away, since nobody there has answered for them.
pub async fn transfer(tx: &mut Tx, permit: Permit<MoveUser>, guard: Guard<'_>, ctx: &Ctx) -> Result<User, UserError> {
    let (id, to) = (permit.action().user, permit.action().to);
    let mut user = store::find(tx, id).await?.ok_or(UserError::NotFound)?;
    let from = user.organisation;
    if from == to {
        return Ok(user);
    }
    guard.check(tx, &permit, id, ctx.now).await?;
    user.organisation = to;
    user.updated_at = ctx.now;
    if !store::save(tx, &user).await? {
        return Err(UserError::Stale);
    }
    store::save_epoch(tx, id).await?;
    let path = organisation::store::path(tx, to).await?.ok_or(UserError::NotFound)?;
    membership::change_store::save_of_user(tx, id, from, ctx).await?;
    let mut dropped = Vec::new();
    for held in membership::store::list_of_user(tx, id).await? {
        let Some(group) = group::store::find(tx, held.group).await? else { continue };
        let mut giving = permit.authority().holding(Permission::MembershipAssign, ctx.now);
        if !giving.any(|a| a.extent.covers(&path) && a.applications.contains(group.application)) {
            membership::store::remove(tx, id, held.group).await?;
            dropped.push(held.group.to_string());
        }
    }
    membership::change_store::save_of_user(tx, id, to, ctx).await?;
    let details = json!({ "from": from, "to": to, "memberships_removed": dropped });
    for seen_by in [from, to] {
        let event = Event::new(Kind::UserMoved, Subject::User(id)).within(seen_by).with(details.clone());
        audit::record(tx, ctx, permit.via(), event).await?;
    }
    store::find(tx, id).await?.ok_or(UserError::NotFound)
}
