//! Deleting an organisation whose time has come (D9, I81): what is left is a stone without a name.

use serde_json::json;

use super::ending_store::{self, Due};
use super::error::OrganisationError;
use super::model::{Organisation, Status};
use super::{describe, managing, name_key_store, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::UpdateOrganisation;
use crate::db::Tx;
use crate::delegation::place_store;
use crate::directory::{amendment, module, project, registration};
use crate::kernel::ctx::Ctx;

/// Deletes an organisation that is due, on which nothing stands any more: no people,
/// no roles, no organisation below it. Its id is never used again; its name is free, and kept in the log only.
pub async fn delete(
    tx: &mut Tx,
    permit: Permit<UpdateOrganisation>,
    due: Due,
    ctx: &Ctx,
) -> Result<(), OrganisationError> {
    let id = permit.action().organisation;
    let organisation = store::find(tx, id).await?.ok_or(OrganisationError::NotFound)?;
    if !ending_store::is_due(tx, id, due).await? {
        return Err(OrganisationError::NotDue);
    }
    let held = place_store::list_in_organisation(tx, id, (ctx.now, 1)).await?;
    if !held.is_empty() || !project::store::list_open_of(tx, id).await?.is_empty() {
        return Err(OrganisationError::InUse);
    }
    if !ending_store::list_people(tx, id, 1).await?.is_empty() {
        return Err(OrganisationError::InUse);
    }
    managing::end(tx, id, (permit.actor(), permit.via()), ctx).await?;
    amendment::ask::close(tx, id, (permit.actor(), permit.via()), ctx).await?;
    let modules = module::store::list_of_organisation(tx, id).await?;
    module::store::remove_of_organisation(tx, id).await?;
    module::proposal_store::remove_of_organisation(tx, id).await?;
    let stone = Organisation {
        name: id.to_string(),
        country: None,
        lei: None,
        external_id: None,
        status: Status::Deleted,
        updated_at: ctx.now,
        ..organisation.clone()
    };
    if !store::save(tx, &stone).await? {
        return Err(OrganisationError::Stale);
    }
    registration::store::save_all_withdrawn_below(tx, id, ctx.now).await?;
    describe::store::remove(tx, id).await?;
    name_key_store::remove(tx, id).await?;
    ending_store::remove_from_tree(tx, id).await?;
    // Whoever administers what stands above reads of it: it stands nowhere itself any more.
    let event = Event::new(Kind::OrganisationDeleted, Subject::Organisation(id));
    let event = organisation.parent.into_iter().fold(event, Event::within);
    let modules: Vec<_> = modules.iter().map(|held| held.application).collect();
    let details = json!({ "name": organisation.name, "external_id": organisation.external_id, "modules": modules });
    Ok(audit::record(tx, ctx, permit.via(), event.with(details)).await?)
}
