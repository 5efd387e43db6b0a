//! A round is over: what nobody confirmed lapses. The last holder that a role needs stays, and the operators are told (D6).

use std::collections::BTreeSet;

use super::model::Over;
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::action::Recertify;
use crate::authority::{Permission, Permit, Roles};
use crate::db::{self, Tx};
use crate::delegation::administrators::administrators;
use crate::delegation::ending::{self, Because, Cause};
use crate::delegation::holders::last_holder_among;
use crate::delegation::model::RoleAssignment;
use crate::directory::user::due_store;
use crate::directory::{membership, organisation, user};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::RoleAssignmentId;
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};

/// How many roles, and how many memberships, one transaction ends.
const BATCH: i64 = 100;

/// What stands in the log with everything that lapses.
const REASON: &str = "not confirmed in time";

/// Ends some of what was not confirmed, and the round when that was all. Whether there is more to do.
pub async fn lapse(tx: &mut Tx, permit: Permit<Recertify>, roles: &Roles, over: Over, ctx: &Ctx) -> db::Result<bool> {
    let at = permit.action().organisation;
    if !store::is_over(tx, at, over).await? {
        return Ok(false);
    }
    let unconfirmed = due_store::list_roles_at(tx, at, roles, (ctx.now, BATCH)).await?;
    let mut gone: BTreeSet<RoleAssignmentId> = BTreeSet::new();
    for role in &unconfirmed {
        // The one before may have taken it along.
        if gone.contains(&role.id) {
            continue;
        }
        if last_holder_among(tx, roles, std::slice::from_ref(role), ctx.now).await?.is_some() {
            spare(tx, &permit, roles, role, ctx).await?;
            continue;
        }
        gone.extend(ending::dependent_on(tx, roles, role).await?.iter().map(|role| role.id));
        let because = Because { cause: Cause::Event(Kind::RecertificationClosed), reason: Some(REASON) };
        ending::end(tx, &permit, std::slice::from_ref(role), because, ctx).await?;
    }
    let left = due_store::list_memberships_at(tx, at, (ctx.now, BATCH)).await?;
    membership::ending::lapse(tx, &permit, &left, ctx).await?;
    if !unconfirmed.is_empty() || !left.is_empty() {
        return Ok(true);
    }
    if store::save_closed(tx, at, ctx.now).await? {
        let event = Event::new(Kind::RecertificationClosed, Subject::Organisation(at)).within(at);
        audit::record(tx, ctx, permit.via(), event).await?;
    }
    Ok(false)
}

/// It stays until the next round; whoever confirms roles everywhere hears of it.
async fn spare(
    tx: &mut Tx,
    permit: &Permit<Recertify>,
    roles: &Roles,
    role: &RoleAssignment,
    ctx: &Ctx,
) -> db::Result<()> {
    store::save_kept(tx, &[role.id], ctx.now).await?;
    audit::record(tx, ctx, permit.via(), role.event(Kind::RoleSpared)).await?;
    let place = organisation::store::find(tx, role.organisation).await?.map(|found| found.name).unwrap_or_default();
    for person in administrators(tx, roles, role.organisation, (&[Permission::RoleConfirm], ctx.now)).await? {
        let Some(user) = user::store::find(tx, person).await?.filter(|user| user.is_usable(ctx.now)) else { continue };
        let Some(email) = &user.email else { continue };
        let (given_name, organisation) = (user.given_name.clone(), place.clone());
        let message = Message::RecertificationSpared { given_name, role: role.role.clone(), organisation };
        outbox::enqueue(tx, Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await?;
    }
    Ok(())
}
