//! Moving a person to another home organisation (D1, D13, DA-07).

use serde_json::json;

use super::error::UserError;
use super::guard::Guard;
use super::leaving;
use super::model::User;
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::MoveUser;
use crate::db::Tx;
use crate::delegation::deputy::end as deputies;
use crate::delegation::ending::{self as role_end, Because, Cause};
use crate::directory::membership::{self, ending};
use crate::directory::organisation::sign_in_rules;
use crate::kernel::ctx::Ctx;

/// Moves; roles that are not over the new home end, and so do memberships that the actor could not give there, since nobody
/// at the new place has answered for them. Each is recorded (D10).
pub async fn transfer(tx: &mut Tx, permit: Permit<MoveUser>, guard: Guard<'_>, ctx: &Ctx) -> Result<User, UserError> {
    let (id, to) = (permit.action().user, permit.action().to);
    let mut user = store::find(tx, id).await?.ok_or(UserError::NotFound)?;
    let from = user.organisation;
    if from == to {
        return Ok(user);
    }
    let left = leaving::of_move(tx, (permit.authority(), guard.roles), (id, to), ctx.now).await?;
    guard.check_roles(tx, &permit, &left.roles_end, ctx.now).await?;
    let needed = sign_in_rules::needed_to_leave(tx, (from, to)).await?;
    sign_in_rules::strong_enough(permit.actor(), needed, ctx).map_err(UserError::WeakSignIn)?;
    user.organisation = to;
    user.updated_at = ctx.now;
    if !store::save(tx, &user).await? {
        return Err(UserError::Stale);
    }
    store::save_epoch(tx, id).await?;
    let because = Because { cause: Cause::Event(Kind::UserMoved), reason: guard.reason };
    role_end::end(tx, &permit, &left.roles_end, because, ctx).await?;
    deputies::end_all_of(tx, &permit, id, ctx).await?;
    membership::change_store::save_of_user(tx, id, from, ctx).await?;
    let because = ending::Because { kind: Kind::UserMoved, via: permit.via() };
    ending::of_user(tx, (id, from), &left.groups_end, because, ctx).await?;
    membership::change_store::save_of_user(tx, id, to, ctx).await?;
    let dropped: Vec<_> = left.groups_end.iter().map(|held| held.group).collect();
    let ended = left.roles_end.len();
    let details = json!({ "from": from, "to": to, "memberships_removed": dropped, "roles_revoked": ended, "reason": guard.reason });
    for seen_by in [from, to] {
        let event = Event::new(Kind::UserMoved, Subject::User(id)).within(seen_by).with(details.clone());
        audit::record(tx, ctx, permit.via(), event).await?;
    }
    store::find(tx, id).await?.ok_or(UserError::NotFound)
}
