//! The mail about a role that waits: to those who may confirm it (D11).

use std::time::Duration;

use super::administrators::administrators;
use super::model::RoleAssignment;
use super::store;
use crate::authority::action::ConfirmRole;
use crate::authority::{Action, Decision, Permission, Roles, decisions};
use crate::db::{self, Tx};
use crate::directory::user;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, UserId};
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};

/// Most people who are told.
const MOST: usize = 20;

/// Tells whoever may confirm it; once an hour of what one proposes at one place, however often: the mail only says where to look.
pub(super) async fn those_who_confirm(tx: &mut Tx, roles: &Roles, about: &RoleAssignment, ctx: &Ctx) -> db::Result<()> {
    let place = (about.organisation, about.role.as_str());
    let an_hour_ago = ctx.now.minus(Duration::from_hours(1));
    if store::count_given(tx, place, about.granted_by, an_hour_ago).await? > 1 {
        return Ok(());
    }
    let near = administrators(tx, roles, about.organisation, (&[Permission::RoleConfirm], ctx.now)).await?;
    if near.is_empty() {
        return Ok(());
    }
    let near: Vec<PrincipalId> = near.into_iter().map(PrincipalId::Person).collect();
    let action = Action::from(ConfirmRole { assignment: about.id });
    // Nobody is told of what they could not confirm: what they proposed themselves, or what reaches further than their own role.
    let judged = decisions(tx, roles, (&near, std::slice::from_ref(&action)), ctx.now).await?;
    let able = judged.into_iter().filter(|(_, decided)| matches!(decided.as_slice(), [Decision::Allow(_)]));
    let able: Vec<UserId> = able.filter_map(|(principal, _)| principal.person()).take(MOST).collect();
    for person in able {
        let Some(user) = user::store::find(tx, person).await?.filter(|user| user.is_usable(ctx.now)) else { continue };
        let Some(email) = &user.email else { continue };
        let message = Message::RoleProposed { given_name: user.given_name.clone() };
        outbox::enqueue(tx, Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await?;
    }
    Ok(())
}
