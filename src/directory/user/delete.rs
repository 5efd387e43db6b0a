//! Deleting a person: at once without effect, restorable for a while (requirements, decision 8), erased afterwards (`erase.rs`).

use std::time::Duration;

use serde_json::json;

use super::error::UserError;
use super::guard::Guard;
use super::model::User;
use super::{store, unique};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::{BlockUser, DeleteUser};
use crate::db::Tx;
use crate::delegation::deputy::end as deputies;
use crate::delegation::ending::{self as role_end, Because, Cause};
use crate::delegation::store as roles;
use crate::directory::membership::{self, ending};
use crate::factors::reset;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::PrincipalId;

/// Deletes: nobody signs in, no token or link works, memberships and roles have ended, the name and address are free for a
/// new person with a new id.
pub async fn delete(
    tx: &mut Tx,
    permit: Permit<DeleteUser>,
    version: Option<i64>,
    guard: Guard<'_>,
    ctx: &Ctx,
) -> Result<(), UserError> {
    let id = permit.action().user;
    let mut user = store::find(tx, id).await?.filter(|user| user.deleted_at.is_none()).ok_or(UserError::NotFound)?;
    if version.is_some_and(|seen| seen != user.version) {
        return Err(UserError::Stale);
    }
    guard.check(tx, &permit, id, ctx.now).await?;
    let held = role_end::running(roles::list_of(tx, PrincipalId::Person(id)).await?, ctx.now);
    guard.check_roles(tx, &permit, &held, ctx.now).await?;
    user.deleted_at = Some(ctx.now);
    // A change of address that waited is void: it does not take effect once somebody restores the account.
    user.pending = None;
    user.updated_at = ctx.now;
    if !store::save(tx, &user).await? {
        return Err(UserError::Stale);
    }
    store::save_epoch(tx, id).await?;
    membership::change_store::save_of_user(tx, id, user.organisation, ctx).await?;
    reset::forget_ways_in(tx, id, ctx).await?;
    let groups = membership::access_store::list_held(tx, id).await?;
    let because = ending::Because { kind: Kind::UserDeleted, via: permit.via() };
    ending::of_user(tx, (id, user.organisation), &groups, because, ctx).await?;
    let because = Because { cause: Cause::Event(Kind::UserDeleted), reason: guard.reason };
    role_end::end(tx, &permit, &held, because, ctx).await?;
    deputies::end_all_of(tx, &permit, id, ctx).await?;
    let groups: Vec<_> = groups.iter().map(|held| held.group).collect();
    let details = json!({ "memberships_removed": groups, "roles_revoked": held.len(), "reason": guard.reason });
    let event = Event::new(Kind::UserDeleted, Subject::User(id)).within(user.organisation).with(details);
    Ok(audit::record(tx, ctx, permit.via(), event).await?)
}

/// Undoes a deletion while the retention lasts; memberships and roles do not come back by themselves.
pub async fn restore(
    tx: &mut Tx,
    permit: Permit<DeleteUser>,
    retention: Duration,
    ctx: &Ctx,
) -> Result<User, UserError> {
    let id = permit.action().user;
    let mut user = store::find(tx, id).await?.ok_or(UserError::NotFound)?;
    if user.erased_at.is_some() || user.deleted_at.is_none_or(|at| at.plus(retention) <= ctx.now) {
        return Err(UserError::NotRestorable);
    }
    user.deleted_at = None;
    user.updated_at = ctx.now;
    unique::check_free(tx, &user).await?;
    if !store::save(tx, &user).await? {
        return Err(UserError::Stale);
    }
    let event = Event::new(Kind::UserRestored, Subject::User(id)).within(user.organisation);
    audit::record(tx, ctx, permit.via(), event).await?;
    store::find(tx, id).await?.ok_or(UserError::NotFound)
}

/// Blocks or unblocks over the customer's head; the customer's own switch stays where it is (SC-32).
pub async fn set_blocked(
    tx: &mut Tx,
    permit: Permit<BlockUser>,
    blocked: bool,
    guard: Guard<'_>,
    ctx: &Ctx,
) -> Result<User, UserError> {
    let id = permit.action().user;
    let mut user = store::find(tx, id).await?.ok_or(UserError::NotFound)?;
    if user.blocked == blocked {
        return Ok(user);
    }
    if blocked {
        guard.check(tx, &permit, id, ctx.now).await?;
    }
    user.blocked = blocked;
    user.updated_at = ctx.now;
    if !store::save(tx, &user).await? {
        return Err(UserError::Stale);
    }
    store::save_epoch(tx, id).await?;
    let kind = if blocked { Kind::UserBlocked } else { Kind::UserUnblocked };
    let event = Event::new(kind, Subject::User(id)).within(user.organisation).with(json!({ "reason": guard.reason }));
    audit::record(tx, ctx, permit.via(), event).await?;
    store::find(tx, id).await?.ok_or(UserError::NotFound)
}
