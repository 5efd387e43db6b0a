//! Creating an organisation. Nobody at home there administers it until a role is granted there; where organisations manage others, the
//! one for which it was created does at once (I39).

use serde_json::json;

use super::describe::change;
use super::describe::model::Description;
use super::describe::terms::Terms;
use super::error::OrganisationError;
use super::model::{MAX_DEPTH, Organisation, OrganisationDetails, Status};
use super::{managing, name_key_store, rules, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::CreateOrganisation;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::OrganisationId;

/// Creates an organisation below the one that was permitted, or the root of a new installation.
pub async fn create(
    tx: &mut Tx,
    permit: Permit<CreateOrganisation>,
    details: OrganisationDetails,
    ctx: &Ctx,
) -> Result<Organisation, OrganisationError> {
    let parent = permit.action().parent;
    match parent {
        Some(parent) => {
            let path = store::path(tx, parent).await?.ok_or(OrganisationError::NotFound)?;
            if path.depth() >= MAX_DEPTH {
                return Err(OrganisationError::TooDeep);
            }
        }
        None if store::find_root(tx).await?.is_some() => return Err(OrganisationError::RootExists),
        None => {}
    }
    let details = rules::checked(details)?;
    let organisation = Organisation {
        id: OrganisationId(ctx.uuid()),
        parent,
        name: details.name,
        country: details.country,
        lei: details.lei,
        external_id: details.external_id,
        status: Status::Active,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    store::insert(tx, &organisation).await?;
    name_key_store::save(tx, &organisation, &Description::default()).await?;
    let event = Event::new(Kind::OrganisationCreated, Subject::Organisation(organisation.id)).within(organisation.id);
    audit::record(tx, ctx, permit.via(), event.with(json!({ "parent": parent, "name": organisation.name }))).await?;
    if let Some(creator) = permit.acts_for().filter(|_| permit.roles().has_managers()) {
        managing::begin(tx, organisation.id, creator, (permit.actor(), permit.via()), ctx).await?;
    }
    Ok(organisation)
}

/// The same, with what is known of it besides: contact, names per language, identifiers, classification (I13–I16).
pub async fn create_described(
    tx: &mut Tx,
    permit: Permit<CreateOrganisation>,
    details: OrganisationDetails,
    (said, terms): (Description, &Terms),
    ctx: &Ctx,
) -> Result<Organisation, OrganisationError> {
    let via = permit.via();
    let organisation = create(tx, permit, details, ctx).await?;
    change::write(tx, (&organisation, terms), said, via, ctx).await?;
    Ok(organisation)
}
