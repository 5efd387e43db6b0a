//! Changing an organisation, switching it off and on again (D9, DA-44).

use serde_json::json;

use super::error::OrganisationError;
use super::model::{Organisation, OrganisationDetails, Status};
use super::{describe, ending_store, name_key_store, rules, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::UpdateOrganisation;
use crate::db::Tx;
use crate::directory::{module, user};
use crate::kernel::ctx::Ctx;

/// Replaces the particulars. `version` is the one the caller saw; `None` takes whatever is there.
pub async fn update(
    tx: &mut Tx,
    permit: Permit<UpdateOrganisation>,
    details: OrganisationDetails,
    version: Option<i64>,
    ctx: &Ctx,
) -> Result<Organisation, OrganisationError> {
    let before = store::find(tx, permit.action().organisation).await?.ok_or(OrganisationError::NotFound)?;
    if version.is_some_and(|seen| seen != before.version) {
        return Err(OrganisationError::Stale);
    }
    let details = rules::checked(details)?;
    let after = Organisation {
        name: details.name,
        country: details.country,
        lei: details.lei,
        external_id: details.external_id,
        updated_at: ctx.now,
        ..before.clone()
    };
    if after.name != before.name {
        let said = describe::store::find(tx, after.id).await?;
        name_key_store::save(tx, &after, &said).await?;
    }
    let particulars =
        |o: &Organisation| json!({ "name": o.name, "country": o.country, "lei": o.lei, "external_id": o.external_id });
    let change = json!({ "before": particulars(&before), "after": particulars(&after) });
    save(tx, after, (Kind::OrganisationChanged, change), &permit, ctx).await
}

/// Switches it off, once every module access there and below is suspended (D9, I74, I89): nobody signs in on its behalf or below it, all rights anchored there stop (DA-44).
pub async fn deactivate(
    tx: &mut Tx,
    permit: Permit<UpdateOrganisation>,
    ctx: &Ctx,
) -> Result<Organisation, OrganisationError> {
    set_status(tx, permit, Status::Deactivated, ctx).await
}

/// Switches it on again; sessions and tokens that were cut stay cut, module access stays suspended (I82, I83).
pub async fn reactivate(
    tx: &mut Tx,
    permit: Permit<UpdateOrganisation>,
    ctx: &Ctx,
) -> Result<Organisation, OrganisationError> {
    set_status(tx, permit, Status::Active, ctx).await
}

async fn set_status(
    tx: &mut Tx,
    permit: Permit<UpdateOrganisation>,
    status: Status,
    ctx: &Ctx,
) -> Result<Organisation, OrganisationError> {
    let before = store::find(tx, permit.action().organisation).await?.ok_or(OrganisationError::NotFound)?;
    if before.parent.is_none() {
        return Err(OrganisationError::Root);
    }
    if before.status == status {
        return Ok(before);
    }
    if status == Status::Deactivated {
        let active = module::store::count_active_below(tx, before.id).await?;
        if active > 0 {
            return Err(OrganisationError::ModulesActive(active));
        }
    }
    user::store::save_epoch_below(tx, before.id).await?;
    let kind = if status == Status::Active {
        ending_store::remove(tx, before.id).await?;
        Kind::OrganisationReactivated
    } else {
        ending_store::insert(tx, before.id, ctx.now).await?;
        Kind::OrganisationDeactivated
    };
    save(tx, Organisation { status, updated_at: ctx.now, ..before }, (kind, json!({})), &permit, ctx).await
}

async fn save(
    tx: &mut Tx,
    organisation: Organisation,
    (kind, details): (Kind, serde_json::Value),
    permit: &Permit<UpdateOrganisation>,
    ctx: &Ctx,
) -> Result<Organisation, OrganisationError> {
    if !store::save(tx, &organisation).await? {
        return Err(OrganisationError::Stale);
    }
    let event = Event::new(kind, Subject::Organisation(organisation.id)).within(organisation.id).with(details);
    audit::record(tx, ctx, permit.via(), event).await?;
    Ok(Organisation { version: organisation.version + 1, ..organisation })
}
