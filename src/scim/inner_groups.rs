//! Groups among the members of a group (RFC 7643 §4.2). Whoever sees a group sees those in it, which are of the same application; whoever
//! manages the groups of the application changes that, since it concerns everybody (D13, DA-14).

use std::collections::BTreeSet;

use super::error::ScimError;
use super::members::{no_member, refused};
use super::request::Caller;
use super::router::Scim;
use crate::authority::action::{ManageGroup, NestGroup};
use crate::db::Tx;
use crate::directory::group::manage::GroupError;
use crate::directory::group::{nesting, nesting_store, store};
use crate::kernel::ids::GroupId;

/// Adds; which is in already stays.
pub async fn add(
    tx: &mut Tx,
    by: (&Scim, &Caller),
    outer: GroupId,
    groups: &BTreeSet<GroupId>,
) -> Result<(), ScimError> {
    if groups.is_empty() {
        return Ok(());
    }
    let added = groups.difference(&ids(tx, outer).await?).copied().collect();
    change(tx, by, outer, (added, BTreeSet::new())).await
}

/// Removes; which is not in is passed over.
pub async fn remove(
    tx: &mut Tx,
    by: (&Scim, &Caller),
    outer: GroupId,
    groups: &BTreeSet<GroupId>,
) -> Result<(), ScimError> {
    if groups.is_empty() {
        return Ok(());
    }
    let removed = groups.intersection(&ids(tx, outer).await?).copied().collect();
    change(tx, by, outer, (BTreeSet::new(), removed)).await
}

/// Makes these the groups in the group. Whoever may not, and names no other than there are, leaves those that they do not name: clients that
/// know nothing of groups in groups send lists of people (SC-13).
pub async fn replace(
    tx: &mut Tx,
    by: (&Scim, &Caller),
    outer: GroupId,
    wanted: &BTreeSet<GroupId>,
) -> Result<(), ScimError> {
    let present = ids(tx, outer).await?;
    let added: BTreeSet<GroupId> = wanted.difference(&present).copied().collect();
    let only_fewer = added.is_empty();
    match change(tx, by, outer, (added, present.difference(wanted).copied().collect())).await {
        Err(ScimError::Forbidden(_)) if only_fewer => Ok(()),
        changed => changed,
    }
}

/// Which groups are directly in a group.
pub async fn ids(tx: &mut Tx, outer: GroupId) -> Result<BTreeSet<GroupId>, ScimError> {
    Ok(nesting_store::list_inner(tx, &[outer]).await?.into_iter().map(|inner| inner.inner_id).collect())
}

/// Asks nothing where nothing changes. A group of another environment, out of sight or not there is refused like anybody who is not there; those of
/// the same environment are in sight where the group is.
async fn change(
    tx: &mut Tx,
    (scim, caller): (&Scim, &Caller),
    outer: GroupId,
    (added, removed): (BTreeSet<GroupId>, BTreeSet<GroupId>),
) -> Result<(), ScimError> {
    if added.is_empty() && removed.is_empty() {
        return Ok(());
    }
    if added.len() > nesting::MOST_INNER {
        return Err(GroupError::TooManyInner.into());
    }
    let group = store::find(tx, outer).await?.ok_or(ScimError::NotFound)?;
    let beside = store::list_of_environment(tx, group.environment).await?;
    if beside.iter().filter(|one| added.contains(&one.id)).count() < added.len() {
        return Err(no_member());
    }
    let door = &scim.app.door;
    let action = ManageGroup { application: group.application, environment: group.environment };
    let permit = door.authorise(tx, &caller.ctx, action).await.map_err(refused)?;
    let added = added.into_iter().map(|inner| NestGroup { outer, inner }).collect();
    let added = door.authorise_all(tx, &caller.ctx, added).await.map_err(refused)?;
    nesting::change(tx, permit, outer, (added, &removed), &caller.ctx).await?;
    Ok(())
}
