//! Changing a person's details (D1, D5, D15, E66).

use serde_json::json;

use super::changes::{Asking, apply};
use super::error::UserError;
use super::guard::Guard;
use super::model::{User, UserChange};
use super::{contact, contact_store, store, unique};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::UpdateUser;
use crate::db::Tx;
use crate::directory::membership;
use crate::kernel::ctx::Ctx;
use crate::kernel::text;

/// Applies a change; `version` is the one that the caller saw, `None` to change whatever is there now.
pub async fn update(
    tx: &mut Tx,
    permit: Permit<UpdateUser>,
    mut change: UserChange,
    version: Option<i64>,
    guard: Guard<'_>,
    ctx: &Ctx,
) -> Result<User, UserError> {
    let id = permit.action().user;
    let user = store::find(tx, id).await?.ok_or(UserError::NotFound)?;
    if version.is_some_and(|seen| seen != user.version) {
        return Err(UserError::Stale);
    }
    if let Some(name) = &mut change.user_name {
        *name = text::user_name(name).map_err(UserError::UserName)?;
    }
    let at_once = user.activated_at.is_none() && !contact_store::holds_anything(tx, id).await?;
    let asking = Asking { by: ctx.answering(permit.actor()), at_once };
    let applied = apply(&user, change, asking, ctx.now);
    if !applied.is_change() {
        return Ok(user);
    }
    let stays = applied.user.active && applied.user.account_expires_at.is_none_or(|end| ctx.now < end);
    if user.is_usable(ctx.now) && !stays {
        guard.check(tx, &permit, id, ctx.now).await?;
    }
    let moved = applied.user.email != user.email || applied.user.phone != user.phone;
    if applied.user.user_name != user.user_name || applied.became_pending || moved {
        unique::check_free(tx, &applied.user).await?;
    }
    if !store::save(tx, &applied.user).await? {
        return Err(UserError::Stale);
    }
    if applied.raises_epoch {
        store::save_epoch(tx, id).await?;
    }
    if applied.fields.iter().any(|field| matches!(*field, "givenName" | "familyName")) {
        // Lists of members show the name.
        membership::change_store::save_of_user(tx, id, user.organisation, ctx).await?;
    }
    let kind = if applied.became_pending { Kind::ContactPending } else { Kind::UserChanged };
    let (active, expires) = (applied.user.active, applied.user.account_expires_at);
    let details = json!({ "fields": applied.fields, "active": active, "expires": expires, "reason": guard.reason });
    let event = Event::new(kind, Subject::User(id)).within(user.organisation).with(details);
    audit::record(tx, ctx, permit.via(), event).await?;
    if applied.became_pending {
        contact::announce(tx, &applied.user, ctx).await?;
    } else if moved {
        contact::redirect(tx, &user, &applied.user, ctx).await?;
    }
    store::find(tx, id).await?.ok_or(UserError::NotFound)
}
