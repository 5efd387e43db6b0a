//! Moving an organisation with everything below it. The permit has judged both ends and the subtree (D13, DA-08).
//!
//! Nobody is signed out by it: the people stay with their organisation, and what anybody may do is read anew at each request (D7).

use serde_json::json;

use super::error::OrganisationError;
use super::model::{MAX_DEPTH, Organisation};
use super::{managing, sign_in_rules, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::MoveOrganisation;
use crate::db::Tx;
use crate::delegation::{effect, separation};
use crate::kernel::ctx::Ctx;

/// Hangs the organisation under the permitted parent; refuses cycles and too deep a tree (DA-09).
pub async fn transfer(
    tx: &mut Tx,
    permit: Permit<MoveOrganisation>,
    ctx: &Ctx,
) -> Result<Organisation, OrganisationError> {
    let (id, to) = (permit.action().organisation, permit.action().to);
    let organisation = store::find(tx, id).await?.ok_or(OrganisationError::NotFound)?;
    let from = organisation.parent.ok_or(OrganisationError::Root)?;
    let destination = store::path(tx, to).await?.ok_or(OrganisationError::NotFound)?;
    if destination.is_under(id) {
        return Err(OrganisationError::Cycle);
    }
    let height = usize::try_from(store::find_height(tx, id).await?).unwrap_or(usize::MAX);
    if destination.depth().saturating_add(1).saturating_add(height) > MAX_DEPTH {
        return Err(OrganisationError::TooDeep);
    }
    if from == to {
        return Ok(organisation);
    }
    if separation::met_by_move(tx, permit.roles(), (id, to), ctx.now).await? {
        return Err(OrganisationError::SeparationOfDuties);
    }
    let needed = sign_in_rules::needed_to_leave(tx, (from, to)).await?;
    sign_in_rules::strong_enough(permit.actor(), needed, ctx).map_err(OrganisationError::WeakSignIn)?;
    let effect = effect::of_transfer(tx, permit.roles(), (id, from, to), ctx.now).await?;
    let moved = Organisation { updated_at: ctx.now, ..organisation };
    if !store::save_parent(tx, &moved, to).await? {
        return Err(OrganisationError::Stale);
    }
    managing::follow(tx, &effect.links, (permit.actor(), permit.via()), ctx).await?;
    let event = Event::new(Kind::OrganisationMoved, Subject::Organisation(id)).within(id);
    let details = json!({ "before": from, "after": to, "loses": effect.loses.ids(), "gains": effect.gains.ids() });
    audit::record(tx, ctx, permit.via(), event.with(details)).await?;
    Ok(Organisation { parent: Some(to), version: moved.version + 1, ..moved })
}
