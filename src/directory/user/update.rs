//! Changing a person's details (D1, D5, D15, E66).

use serde_json::json;

use super::changes::{apply, settle};
use super::error::UserError;
use super::guard::Guard;
use super::model::{User, UserChange};
use super::{store, unique};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::UpdateUser;
use crate::db::Tx;
use crate::directory::membership;
use crate::kernel::ctx::Ctx;

/// Applies a change; `version` is the one that the caller saw, `None` to change whatever is there now.
pub async fn update(
    tx: &mut Tx,
    permit: Permit<UpdateUser>,
    change: UserChange,
    version: Option<i64>,
    guard: Guard<'_>,
    ctx: &Ctx,
) -> Result<User, UserError> {
    let id = permit.action().user;
    let user = store::find(tx, id).await?.ok_or(UserError::NotFound)?;
    if version.is_some_and(|seen| seen != user.version) {
        return Err(UserError::Stale);
    }
    let applied = apply(&user, change, permit.actor(), ctx.now);
    if !applied.is_change() {
        return Ok(user);
    }
    let stays = applied.user.active && applied.user.account_expires_at.is_none_or(|end| ctx.now < end);
    if user.is_usable(ctx.now) && !stays {
        guard.check(tx, &permit, id, ctx.now).await?;
    }
    if applied.user.user_name != user.user_name || applied.became_pending {
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
    store::find(tx, id).await?.ok_or(UserError::NotFound)
}

/// Puts a pending address into effect, because its owner confirmed it or the cooling-off is over (`decisions.md` 5).
/// The caller has established one of the two; there is nobody to permit it.
pub async fn settle_contact(tx: &mut Tx, user: &User, ctx: &Ctx) -> Result<User, UserError> {
    let Some(next) = settle(user, ctx.now) else { return Ok(user.clone()) };
    if !store::save(tx, &next).await? {
        return Err(UserError::Stale);
    }
    store::save_epoch(tx, user.id).await?;
    let event = Event::new(Kind::ContactConfirmed, Subject::User(user.id)).within(user.organisation);
    audit::record(tx, ctx, None, event).await?;
    store::find(tx, user.id).await?.ok_or(UserError::NotFound)
}
