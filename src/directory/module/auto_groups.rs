//! The groups that come with a module by themselves: all of them for those who hold a role of the profile that says so (I29, I55).

use std::collections::BTreeSet;

use super::error::ModuleError;
use super::store;
use crate::authority::action::GrantModule;
use crate::authority::{Permission, Permit};
use crate::db::Tx;
use crate::directory::membership::assign::MembershipError;
use crate::directory::membership::come_along;
use crate::directory::organisation;
use crate::directory::{application, group};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;

/// Most people who get them.
const MOST: i64 = 1_000;

/// Gives them, as far as whoever grants the module could (D2, D13): never to themself (D5), and to nobody if they may not give
/// memberships of the application there.
pub(super) async fn give(tx: &mut Tx, permit: &Permit<GrantModule>, ctx: &Ctx) -> Result<(), ModuleError> {
    let (organisation, application) = (permit.action().organisation, permit.action().application);
    let roles: Vec<&str> =
        permit.roles().iter().filter(|role| role.auto_groups).map(|role| role.code.as_str()).collect();
    if roles.is_empty() {
        return Ok(());
    }
    let Some(path) = organisation::store::path(tx, organisation).await? else { return Ok(()) };
    let mut giving = permit.authority().holding(Permission::MembershipAssign, ctx.now);
    let Some(by) = giving.find(|a| a.extent.covers(&path) && a.applications.contains(application)) else {
        return Ok(());
    };
    let via = Some(by.id).filter(|id| !id.0.is_nil());
    let mut people: BTreeSet<UserId> =
        store::list_holders(tx, organisation, &roles, (ctx.now, MOST)).await?.into_iter().collect();
    if let Some(own) = permit.actor().person() {
        people.remove(&own);
    }
    let found = application::store::find(tx, application).await?.ok_or(ModuleError::NotFound)?;
    let groups: Vec<_> = group::store::list_of_application(tx, found.id).await?.iter().map(|group| group.id).collect();
    match come_along::assign_all(tx, (&people, &groups), (permit.actor(), via), ctx).await {
        Ok(()) => Ok(()),
        Err(MembershipError::Db(error)) => Err(error.into()),
        // Both were read in this transaction.
        Err(_) => Err(ModuleError::NotFound),
    }
}
