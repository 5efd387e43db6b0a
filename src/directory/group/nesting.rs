//! Putting groups into groups: whoever is in the inner one is in the outer one as well, and nobody else hears of it by another way.
//!
//! Both are of one application and environment, so that nobody comes to another application by way of one (DA-14). What it gives to whom is
//! decided by `authority/decide_groups.rs` (D13).

use std::collections::BTreeSet;

use serde_json::json;

use super::closure::{self, Impossible, Nesting};
use super::manage::{GroupError, find};
use super::model::Group;
use super::nesting_store::Written;
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::{ManageGroup, NestGroup};
use crate::db::Tx;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{GroupId, RoleAssignmentId};

/// Most groups directly in one.
pub const MOST_INNER: usize = 100;

/// Puts groups into a group and takes others out of it, which are in it or were; nothing happens where all is so already. Says whether
/// anything did.
pub async fn change(
    tx: &mut Tx,
    permit: Permit<ManageGroup>,
    outer: GroupId,
    (added, removed): (Vec<Permit<NestGroup>>, &BTreeSet<GroupId>),
    ctx: &Ctx,
) -> Result<bool, GroupError> {
    let mut group = find(tx, outer, &permit, None).await?;
    let before = Written::Nestings.list(tx, group.environment).await?;
    let present: BTreeSet<GroupId> = before.iter().filter(|one| one.outer == outer).map(|one| one.inner).collect();
    let mut wanted: BTreeSet<GroupId> = present.difference(removed).copied().collect();
    for permit in added {
        let NestGroup { outer: into, inner } = *permit.action();
        if into != outer {
            return Err(GroupError::NotFound);
        }
        wanted.insert(inner);
    }
    if wanted == present {
        return Ok(false);
    }
    if wanted.len() > MOST_INNER {
        return Err(GroupError::TooManyInner);
    }
    let groups = store::list_of_environment(tx, group.environment).await?;
    let codes = |ids: BTreeSet<GroupId>| {
        let codes: Vec<String> =
            groups.iter().filter(|one| ids.contains(&one.id)).map(|one| one.code.clone()).collect();
        if codes.len() == ids.len() { Ok(codes) } else { Err(GroupError::InnerElsewhere) }
    };
    let added = codes(wanted.difference(&present).copied().collect())?;
    let removed = codes(present.difference(&wanted).copied().collect())?;
    let mut after = before.clone();
    after.retain(|one| one.outer != outer);
    after.extend(wanted.into_iter().map(|inner| Nesting { outer, inner }));
    let followed = closure::of(&after)?;
    Written::Nestings.change(tx, &before, &after).await?;
    let following = Written::Closure.list(tx, group.environment).await?;
    Written::Closure.change(tx, &following, &followed).await?;
    group.updated_at = ctx.now;
    if !store::save(tx, &group).await? {
        return Err(GroupError::Stale);
    }
    record(tx, &group, (added, removed), permit.via(), ctx).await?;
    Ok(true)
}

async fn record(
    tx: &mut Tx,
    outer: &Group,
    (added, removed): (Vec<String>, Vec<String>),
    via: Option<RoleAssignmentId>,
    ctx: &Ctx,
) -> Result<(), GroupError> {
    let details = json!({ "code": outer.code, "inner_added": added, "inner_removed": removed });
    let event = Event::new(Kind::GroupChanged, Subject::Group(outer.id)).about(outer.application).with(details);
    Ok(audit::record(tx, ctx, via, event).await?)
}

/// Takes a group that goes out of all others and them out of it.
pub(super) async fn leave(
    tx: &mut Tx,
    group: &Group,
    via: Option<RoleAssignmentId>,
    ctx: &Ctx,
) -> Result<(), GroupError> {
    let before = Written::Nestings.list(tx, group.environment).await?;
    let around: BTreeSet<GroupId> = before.iter().filter(|one| one.inner == group.id).map(|one| one.outer).collect();
    let mut groups =
        if around.is_empty() { Vec::new() } else { store::list_of_environment(tx, group.environment).await? };
    groups.retain(|one| around.contains(&one.id));
    for mut outer in groups {
        outer.updated_at = ctx.now;
        if !store::save(tx, &outer).await? {
            return Err(GroupError::Stale);
        }
        record(tx, &outer, (Vec::new(), vec![group.code.clone()]), via, ctx).await?;
    }
    let mut after = before.clone();
    after.retain(|one| one.outer != group.id && one.inner != group.id);
    if after.len() < before.len() {
        Written::Nestings.change(tx, &before, &after).await?;
        let following = Written::Closure.list(tx, group.environment).await?;
        Written::Closure.change(tx, &following, &closure::of(&after)?).await?;
    }
    Ok(super::nesting_store::remove_itself(tx, group.id).await?)
}

impl From<Impossible> for GroupError {
    fn from(impossible: Impossible) -> Self {
        match impossible {
            Impossible::Circle => Self::Circle,
            Impossible::TooDeep => Self::TooDeep,
        }
    }
}
