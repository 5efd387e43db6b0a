//! Suspending module access: complete-only (D9, I53, I74–I76). Memberships, kind and coordinators stay as they are.

use serde_json::json;

use super::error::ModuleError;
use super::grant::event;
use super::model::{ModuleAccess, ModuleStatus};
use super::store;
use crate::audit::{self, Kind};
use crate::authority::Permit;
use crate::authority::action::SuspendModule;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;

/// Suspends one.
pub async fn suspend(tx: &mut Tx, permit: Permit<SuspendModule>, ctx: &Ctx) -> Result<ModuleAccess, ModuleError> {
    let action = permit.action();
    let before = store::find(tx, action.organisation, action.application).await?.ok_or(ModuleError::NotFound)?;
    if before.status == ModuleStatus::Suspended {
        return Err(ModuleError::AlreadySuspended);
    }
    let after =
        ModuleAccess { status: ModuleStatus::Suspended, changed_at: ctx.now, changed_by: permit.actor(), ..before };
    if !store::save(tx, &after).await? {
        return Err(ModuleError::Stale);
    }
    audit::record(tx, ctx, permit.via(), event(Kind::ModuleSuspended, &after, json!({}))).await?;
    Ok(ModuleAccess { version: after.version + 1, ..after })
}

/// Suspends several as one, each decided on its own (I75); what somebody else suspended meanwhile is passed over. Says how
/// many there were.
pub async fn suspend_all(tx: &mut Tx, permits: Vec<Permit<SuspendModule>>, ctx: &Ctx) -> Result<usize, ModuleError> {
    let mut suspended = 0;
    for permit in permits {
        match suspend(tx, permit, ctx).await {
            Ok(_) => suspended += 1,
            Err(ModuleError::AlreadySuspended) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(suspended)
}
