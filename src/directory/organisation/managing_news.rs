//! Telling those who manage an organisation that another one manages it with them (I50).

use std::collections::BTreeSet;

use super::managing_store::Pair;
use super::store;
use crate::authority::Roles;
use crate::db::{self, Tx};
use crate::delegation;
use crate::delegation::model::State;
use crate::directory::user;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;
use crate::notify::outbox::Channel;
use crate::notify::{Message, outbox};

/// Most people who are told.
const MOST: usize = 50;

/// Most roles that are looked at.
const NEAR: i64 = 500;

/// Tells whoever holds a role by which they administer it now: at one of those that manage it, or at the organisation itself.
pub(super) async fn tell(tx: &mut Tx, roles: &Roles, (organisation, manager): Pair, ctx: &Ctx) -> db::Result<()> {
    let mut held = delegation::store::list_managing(tx, organisation, (ctx.now, NEAR)).await?;
    held.extend(delegation::store::list_at(tx, organisation, State::Active, NEAR).await?);
    let manages = |code: &str| roles.get(code).is_some_and(|role| !role.managed_permissions.is_empty());
    let live = held.iter().filter(|role| role.is_live(ctx.now) && manages(&role.role));
    let people: BTreeSet<UserId> = live.filter_map(|role| role.principal.person()).collect();
    let own = ctx.actor.and_then(crate::kernel::ids::PrincipalId::person);
    let name = |found: Option<super::model::Organisation>| found.map(|found| found.name).unwrap_or_default();
    let (about, who) = (name(store::find(tx, organisation).await?), name(store::find(tx, manager).await?));
    for person in people.into_iter().filter(|person| Some(*person) != own).take(MOST) {
        let Some(user) = user::store::find(tx, person).await?.filter(|user| user.is_usable(ctx.now)) else { continue };
        let Some(email) = &user.email else { continue };
        let (given_name, organisation, manager) = (user.given_name.clone(), about.clone(), who.clone());
        let message = Message::ManagerAdded { given_name, organisation, manager };
        outbox::enqueue(tx, Channel::Email, email.as_str(), user.locale.as_deref(), &message, ctx).await?;
    }
    Ok(())
}
