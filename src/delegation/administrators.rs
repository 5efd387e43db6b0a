//! Who administers an organisation, from above, at the place, or by managing it: whom mails about it go to.

use std::collections::BTreeSet;

use super::model::State;
use super::store;
use crate::authority::{Permission, PermissionSet, Roles};
use crate::db::{self, Tx};
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::time::Timestamp;

/// Most roles that are looked at, at the place and at those who manage it: more than anybody gives at one organisation.
const HELD: i64 = 1_000;

/// Most people who are told.
const RECIPIENTS: usize = 50;

/// People with a live role over it that carries one of some permissions there.
pub(crate) async fn administrators(
    tx: &mut Tx,
    roles: &Roles,
    id: OrganisationId,
    (permissions, now): (&[Permission], Timestamp),
) -> db::Result<Vec<UserId>> {
    let carries = |set: PermissionSet| permissions.iter().any(|permission| set.contains(*permission));
    let mut held = store::list_at(tx, id, State::Active, HELD).await?;
    held.extend(store::list_reaching(tx, id, now).await?);
    held.retain(|role| roles.get(&role.role).is_some_and(|found| carries(found.permissions)));
    let managing = store::list_managing(tx, id, (now, HELD)).await?;
    let manages = |code: &str| roles.get(code).is_some_and(|role| carries(role.managed_permissions));
    held.extend(managing.into_iter().filter(|role| manages(&role.role)));
    let mut seen = BTreeSet::new();
    let live = held.iter().filter(|role| role.is_live(now) && role.project.is_none());
    let people = live.filter_map(|role| role.principal.person()).filter(|person| seen.insert(*person));
    Ok(people.take(RECIPIENTS).collect())
}
