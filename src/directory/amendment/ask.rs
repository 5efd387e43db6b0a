//! Asking for a change, and taking that back.

use std::time::Duration;

use serde_json::json;

use super::error::AmendmentError;
use super::model::{Amendment, MAX_A_DAY, State};
use super::sheet::Sheet;
use super::{document_store, store, tell};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::{RequestAmendment, WithdrawAmendment};
use crate::db::{self, Tx};
use crate::directory::organisation::describe::model::Description;
use crate::directory::organisation::describe::rules as descriptions;
use crate::directory::organisation::describe::store as described;
use crate::directory::organisation::describe::terms::Terms;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::model::{Organisation, OrganisationDetails};
use crate::directory::organisation::{rules, store as organisations};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{AmendmentId, OrganisationId, PrincipalId, RoleAssignmentId};
use crate::kernel::text::description;

/// What is stored, as a sheet.
pub(super) async fn sheet(tx: &mut Tx, of: &Organisation) -> Result<(Sheet, Description), AmendmentError> {
    let said = described::find(tx, of.id).await?;
    let details = OrganisationDetails {
        name: of.name.clone(),
        country: of.country.clone(),
        lei: of.lei.clone(),
        external_id: of.external_id.clone(),
    };
    Ok((Sheet::of(&details, &said), said))
}

/// Asks whoever may change the organisation to change it. Whether an identifier belongs to somebody else shows at the approval.
pub async fn ask(
    tx: &mut Tx,
    permit: Permit<RequestAmendment>,
    (details, said): (OrganisationDetails, Description),
    (reason, terms): (&str, &Terms),
    ctx: &Ctx,
) -> Result<Amendment, AmendmentError> {
    let id = permit.action().organisation;
    let asked_by = permit.actor().person().ok_or(AmendmentError::NoPerson)?;
    let stored = organisations::find(tx, id).await?.ok_or(OrganisationError::NotFound)?;
    let (present, present_said) = sheet(tx, &stored).await?;
    let details = rules::checked(OrganisationDetails { external_id: stored.external_id.clone(), ..details })?;
    let said = descriptions::checked(said, terms, &present_said)?;
    let changes = present.changes_to(&Sheet::of(&details, &said));
    if changes.is_empty() {
        return Err(AmendmentError::Nothing);
    }
    if store::count_since(tx, id, ctx.now.minus(Duration::from_hours(24))).await? >= MAX_A_DAY {
        return Err(AmendmentError::TooMany);
    }
    let amendment = Amendment {
        id: AmendmentId(ctx.uuid()),
        organisation: id,
        changes,
        reason: description(reason).map_err(AmendmentError::Reason)?,
        state: State::Open,
        asked_by,
        asked_at: ctx.now,
        answered_by: None,
        answer: None,
        answered_at: None,
    };
    if !store::insert(tx, &amendment).await? {
        return Err(AmendmentError::AlreadyAsked);
    }
    audit::record(tx, ctx, permit.via(), event(&amendment, Kind::AmendmentAsked)).await?;
    tell::those_who_may(tx, permit.roles(), &amendment, ctx).await?;
    Ok(amendment)
}

/// Takes it back; by whoever asked. Its documents are not kept: nobody decides on them.
pub async fn withdraw(tx: &mut Tx, permit: Permit<WithdrawAmendment>, ctx: &Ctx) -> Result<(), AmendmentError> {
    let found = store::find(tx, permit.action().amendment).await?.ok_or(AmendmentError::NotOpen)?;
    if !store::save_answered(tx, found.id, (State::Withdrawn, None), permit.actor(), ctx.now).await? {
        return Err(AmendmentError::NotOpen);
    }
    document_store::remove_withdrawn(tx, found.organisation).await?;
    Ok(audit::record(tx, ctx, permit.via(), event(&found, Kind::AmendmentWithdrawn)).await?)
}

/// Closes what is open about an organisation that is deleted: there is nothing left to change (D9).
pub(in crate::directory) async fn close(
    tx: &mut Tx,
    of: OrganisationId,
    (by, via): (PrincipalId, Option<RoleAssignmentId>),
    ctx: &Ctx,
) -> db::Result<()> {
    let Some(found) = store::find_open_of(tx, of).await? else { return Ok(()) };
    if store::save_answered(tx, found.id, (State::Withdrawn, None), by, ctx.now).await? {
        document_store::remove_withdrawn(tx, of).await?;
        audit::record(tx, ctx, via, event(&found, Kind::AmendmentWithdrawn)).await?;
    }
    Ok(())
}

/// What is recorded: which values, not what they are; those stand in the event of the change itself.
pub(super) fn event(about: &Amendment, kind: Kind) -> Event {
    let keys: Vec<&String> = about.changes.keys().collect();
    let event = Event::new(kind, Subject::Organisation(about.organisation)).within(about.organisation);
    event.with(json!({ "amendment": about.id, "values": keys }))
}
