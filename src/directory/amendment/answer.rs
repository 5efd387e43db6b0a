//! Answering a request: approving, which changes the data in the same transaction, or refusing. Never by whoever asked (D11).

use super::ask::{event, sheet};
use super::error::AmendmentError;
use super::model::{Amendment, State};
use super::sheet::Sheet;
use super::{store, tell};
use crate::audit::{self, Kind};
use crate::authority::action::{AnswerAmendment, UpdateOrganisation};
use crate::authority::{Door, Permit};
use crate::db::Tx;
use crate::directory::organisation::describe::change;
use crate::directory::organisation::describe::terms::Terms;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::{store as organisations, update};
use crate::kernel::ctx::Ctx;
use crate::kernel::hex::hex;
use crate::kernel::secret::Digest;
use crate::kernel::text::{TextError, description};

/// Names what is stored now of what a request is about: whoever approves saw it so.
pub fn seen(present: &Sheet, about: &Amendment) -> String {
    let values: Vec<[&str; 2]> = about.changes.keys().map(|key| [key.as_str(), present.get(key)]).collect();
    hex(Digest::of(values.as_flattened().join("\0").as_bytes()).as_bytes()).chars().take(16).collect()
}

/// What is stored now of an organisation, for the comparison.
pub async fn present(tx: &mut Tx, about: &Amendment) -> Result<Sheet, AmendmentError> {
    let stored = organisations::find(tx, about.organisation).await?.ok_or(OrganisationError::NotFound)?;
    Ok(sheet(tx, &stored).await?.0)
}

/// Changes the data as was asked; everything else stays as it is now. What the reviewer `saw` has to be what is stored.
pub async fn approve(
    tx: &mut Tx,
    door: &Door,
    permit: Permit<AnswerAmendment>,
    (saw, terms): (&str, &Terms),
    ctx: &Ctx,
) -> Result<(), AmendmentError> {
    let found = store::find(tx, permit.action().amendment).await?.ok_or(AmendmentError::NotOpen)?;
    if found.state != State::Open {
        return Err(AmendmentError::NotOpen);
    }
    let stored = organisations::find(tx, found.organisation).await?.ok_or(OrganisationError::NotFound)?;
    let (present, _) = sheet(tx, &stored).await?;
    if seen(&present, &found) != saw {
        return Err(AmendmentError::Stale);
    }
    if !store::save_answered(tx, found.id, (State::Approved, None), permit.actor(), ctx.now).await? {
        return Err(AmendmentError::NotOpen);
    }
    let wanted = present.changed(&found.changes).into_parts(stored.external_id.clone());
    let (details, said) = wanted.ok_or(AmendmentError::Stale)?;
    let action = UpdateOrganisation { organisation: found.organisation };
    let update = door.authorise(tx, ctx, action.clone()).await?;
    update::update(tx, update, details, Some(stored.version), ctx).await?;
    let describe = door.authorise(tx, ctx, action).await?;
    change::describe(tx, describe, terms, said, ctx).await?;
    audit::record(tx, ctx, permit.via(), event(&found, Kind::AmendmentApproved)).await?;
    Ok(tell::who_asked(tx, &found, ctx).await?)
}

/// Refuses, with a reason that whoever asked reads.
pub async fn refuse(
    tx: &mut Tx,
    permit: Permit<AnswerAmendment>,
    reason: &str,
    ctx: &Ctx,
) -> Result<(), AmendmentError> {
    let found = store::find(tx, permit.action().amendment).await?.ok_or(AmendmentError::NotOpen)?;
    let reason = description(reason).map_err(AmendmentError::Reason)?;
    if reason.is_empty() {
        return Err(AmendmentError::Reason(TextError::Empty));
    }
    if !store::save_answered(tx, found.id, (State::Refused, Some(&reason)), permit.actor(), ctx.now).await? {
        return Err(AmendmentError::NotOpen);
    }
    audit::record(tx, ctx, permit.via(), event(&found, Kind::AmendmentRefused)).await?;
    Ok(tell::who_asked(tx, &found, ctx).await?)
}
