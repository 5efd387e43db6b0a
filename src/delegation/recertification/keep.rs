//! Saying that roles are still needed.

use std::collections::BTreeSet;

use super::store;
use crate::audit::{self, Kind};
use crate::authority::Permit;
use crate::authority::action::KeepRole;
use crate::db::{self, Tx};
use crate::delegation::store as roles;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::RoleAssignmentId;

/// Confirms some roles, each decided on its own: one event each, by a fixed number of statements. What somebody took away
/// meanwhile is passed over. Says how many there were.
pub async fn keep(tx: &mut Tx, permits: Vec<Permit<KeepRole>>, ctx: &Ctx) -> db::Result<usize> {
    let ids: Vec<RoleAssignmentId> = permits.iter().map(|permit| permit.action().assignment).collect();
    let kept: BTreeSet<RoleAssignmentId> = store::save_kept(tx, &ids, ctx.now).await?.into_iter().collect();
    let held = roles::list_all(tx, &ids).await?;
    let events = permits.iter().filter_map(|permit| {
        let role = held.iter().find(|role| role.id == permit.action().assignment && kept.contains(&role.id))?;
        Some((permit.via(), role.event(Kind::RoleKept)))
    });
    audit::record_all(tx, ctx, events.collect()).await?;
    Ok(kept.len())
}
