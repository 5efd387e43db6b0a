//! Organisations that manage others (I03): adding one, removing one, and what becomes of it when organisations come and go.

use std::collections::BTreeSet;

use serde_json::json;

use super::error::OrganisationError;
use super::managing_links::Links;
use super::managing_store::{self, Pair};
use super::model::MAX_MANAGERS;
use super::{managing_news, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::{AddManager, RemoveManager};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId, RoleAssignmentId};

/// Adds one (I50, I51). Those who manage it already are told when somebody added their own organisation (`decisions.md` 1).
pub async fn add(tx: &mut Tx, permit: Permit<AddManager>, ctx: &Ctx) -> Result<(), OrganisationError> {
    let (organisation, manager) = (permit.action().organisation, permit.action().manager);
    if managing_store::is_managed_by(tx, (organisation, manager)).await? {
        return Err(OrganisationError::ManagesAlready);
    }
    let present = managing_store::count_managers(tx, organisation).await?;
    if usize::try_from(present).unwrap_or(usize::MAX) >= MAX_MANAGERS {
        return Err(OrganisationError::TooManyManagers);
    }
    let own = permit.acts_for() == Some(manager);
    if own {
        managing_news::tell(tx, permit.roles(), (organisation, manager), ctx).await?;
    }
    managing_store::insert(tx, (organisation, manager), (permit.actor(), ctx.now)).await?;
    let event = event(Kind::AccessManagerAdded, (organisation, manager));
    let event = if own { event.with(json!({ "manager": manager, "own": true })) } else { event };
    Ok(audit::record(tx, ctx, permit.via(), event).await?)
}

/// Removes one, never the last (I51).
pub async fn remove(tx: &mut Tx, permit: Permit<RemoveManager>, ctx: &Ctx) -> Result<(), OrganisationError> {
    let pair = (permit.action().organisation, permit.action().manager);
    if !managing_store::remove(tx, pair).await? {
        let manages = managing_store::is_managed_by(tx, pair).await?;
        return Err(if manages { OrganisationError::LastManager } else { OrganisationError::NotManaging });
    }
    Ok(audit::record(tx, ctx, permit.via(), event(Kind::AccessManagerRemoved, pair)).await?)
}

/// By whom, by which right.
type By = (PrincipalId, Option<RoleAssignmentId>);

/// Whoever creates an organisation acts for one of their own: that one manages it (I39), if it is of the same country.
pub(super) async fn begin(
    tx: &mut Tx,
    organisation: OrganisationId,
    creator: OrganisationId,
    by: By,
    ctx: &Ctx,
) -> db::Result<()> {
    let (Some(here), Some(there)) = (store::path(tx, organisation).await?, store::path(tx, creator).await?) else {
        return Ok(());
    };
    if here.country().is_none() || here.country() != there.country() || organisation == creator {
        return Ok(());
    }
    insert_recorded(tx, (organisation, creator), by, ctx).await
}

/// An organisation is gone: what it managed alone comes to the top of its country.
pub(super) async fn end(tx: &mut Tx, organisation: OrganisationId, by: By, ctx: &Ctx) -> db::Result<()> {
    let country = store::path(tx, organisation).await?.and_then(|path| path.country());
    managing_store::remove_of(tx, organisation).await?;
    let ended = managing_store::remove_by(tx, organisation).await?;
    record_ended(tx, &ended, by, ctx).await?;
    let left = ended.iter().map(|pair| pair.0).collect();
    match country {
        Some(country) => adopt(tx, &left, country, by, ctx).await,
        None => Ok(()),
    }
}

/// An organisation goes with all below it to another place, and this is what comes of it (D4, D13).
pub(super) async fn follow(tx: &mut Tx, links: &Links, by: By, ctx: &Ctx) -> db::Result<()> {
    managing_store::remove_each(tx, &links.ended).await?;
    record_ended(tx, &links.ended, by, ctx).await?;
    for pair in &links.begun {
        insert_recorded(tx, *pair, by, ctx).await?;
    }
    Ok(())
}

/// Those of some that nobody manages any more come to the top of their country.
async fn adopt(
    tx: &mut Tx,
    some: &BTreeSet<OrganisationId>,
    country: OrganisationId,
    by: By,
    ctx: &Ctx,
) -> db::Result<()> {
    let managed: BTreeSet<_> = managing_store::list_pairs(tx, some).await?.into_iter().map(|pair| pair.0).collect();
    for orphan in some.iter().filter(|id| !managed.contains(id) && **id != country) {
        insert_recorded(tx, (*orphan, country), by, ctx).await?;
    }
    Ok(())
}

async fn insert_recorded(tx: &mut Tx, pair: Pair, by: By, ctx: &Ctx) -> db::Result<()> {
    managing_store::insert(tx, pair, (by.0, ctx.now)).await?;
    audit::record(tx, ctx, by.1, event(Kind::AccessManagerAdded, pair)).await
}

async fn record_ended(tx: &mut Tx, ended: &[Pair], by: By, ctx: &Ctx) -> db::Result<()> {
    let events = ended.iter().map(|pair| (by.1, event(Kind::AccessManagerRemoved, *pair)));
    audit::record_all(tx, ctx, events.collect()).await
}

fn event(kind: Kind, (organisation, manager): Pair) -> Event {
    Event::new(kind, Subject::Organisation(organisation)).within(organisation).with(json!({ "manager": manager }))
}
