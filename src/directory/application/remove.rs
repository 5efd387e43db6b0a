//! Deleting applications and environments on which nothing stands any more; nothing is taken along.

use serde_json::json;

use super::manage::ApplicationError;
use super::{environment_store, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageApplication;
use crate::db::Tx;
use crate::directory::module::{catalogue_store, proposal_store};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::EnvironmentId;

/// Deletes an application without environments that no role assignment names.
pub async fn remove(tx: &mut Tx, permit: Permit<ManageApplication>, ctx: &Ctx) -> Result<(), ApplicationError> {
    let id = permit.action().application.ok_or(ApplicationError::NotFound)?;
    let application = store::find(tx, id).await?.ok_or(ApplicationError::NotFound)?;
    if store::count_uses(tx, id).await? > 0 {
        return Err(ApplicationError::InUse);
    }
    catalogue_store::remove(tx, id).await?;
    proposal_store::remove_of_application(tx, id).await?;
    if !store::remove(tx, &application).await? {
        return Err(ApplicationError::Stale);
    }
    let event = Event::new(Kind::ApplicationDeleted, Subject::Application(id)).about(id);
    Ok(audit::record(tx, ctx, permit.via(), event.with(json!({ "code": application.code }))).await?)
}

/// Deletes an environment of the permitted application that has neither groups nor clients.
pub async fn remove_environment(
    tx: &mut Tx,
    permit: Permit<ManageApplication>,
    id: EnvironmentId,
    ctx: &Ctx,
) -> Result<(), ApplicationError> {
    let application = permit.action().application;
    let found = environment_store::find(tx, id).await?.filter(|found| Some(found.application) == application);
    let environment = found.ok_or(ApplicationError::NotFound)?;
    if environment_store::count_uses(tx, id).await? > 0 {
        return Err(ApplicationError::InUse);
    }
    if !environment_store::remove(tx, id).await? {
        return Err(ApplicationError::NotFound);
    }
    let event = Event::new(Kind::EnvironmentDeleted, Subject::Environment(id)).about(environment.application);
    Ok(audit::record(tx, ctx, permit.via(), event.with(json!({ "code": environment.code }))).await?)
}
