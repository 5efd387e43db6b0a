//! Describing an organisation, by whoever may change it.

use serde_json::json;

use super::model::Description;
use super::terms::Terms;
use super::{rules, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::UpdateOrganisation;
use crate::db::Tx;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::{name_key_store, store as organisations};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::RoleAssignmentId;

/// Replaces what is known of it; nothing happens, and nothing is recorded, where nothing changes.
pub async fn describe(
    tx: &mut Tx,
    permit: Permit<UpdateOrganisation>,
    terms: &Terms,
    said: Description,
    ctx: &Ctx,
) -> Result<Description, OrganisationError> {
    let organisation =
        organisations::find(tx, permit.action().organisation).await?.ok_or(OrganisationError::NotFound)?;
    write(tx, (&organisation, terms), said, permit.via(), ctx).await
}

/// The same for an organisation that has just been created by the same permit.
pub(in crate::directory) async fn write(
    tx: &mut Tx,
    (organisation, terms): (&Organisation, &Terms),
    said: Description,
    via: Option<RoleAssignmentId>,
    ctx: &Ctx,
) -> Result<Description, OrganisationError> {
    let before = store::find(tx, organisation.id).await?;
    let after = rules::checked(said, terms, &before)?;
    name_key_store::save(tx, organisation, &after).await?;
    if before == after {
        return Ok(after);
    }
    store::save(tx, organisation.id, &after).await?;
    organisations::save_changed_at(tx, organisation.id, ctx.now).await?;
    let event = Event::new(Kind::OrganisationDescribed, Subject::Organisation(organisation.id)).within(organisation.id);
    audit::record(tx, ctx, via, event.with(json!({ "before": before, "after": after }))).await?;
    Ok(after)
}
