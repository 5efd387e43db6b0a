//! Answering a request: approving, which changes the data in the same transaction, or refusing. Never by whoever asked (D11).

use super::ask::{event, sheet};
use super::error::AmendmentError;
use super::model::{Amendment, Document, State};
use super::sheet::Sheet;
use super::{document_store, store, tell};
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

/// Names what is stored now of what a request is about, its documents, and what is known of them: whoever approves saw it so.
pub fn seen(present: &Sheet, about: &Amendment, attached: &[Document]) -> String {
    let mut values: Vec<String> =
        about.changes.keys().flat_map(|key| [key.clone(), present.get(key).to_owned()]).collect();
    values.extend(attached.iter().flat_map(|one| [one.id.to_string(), one.checked.as_str().to_owned()]));
    hex(Digest::of(values.join("\0").as_bytes()).as_bytes()).chars().take(16).collect()
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
    // Held from here on: no document is attached or judged between this look at them and the approval.
    if !store::save_touched(tx, found.id).await? {
        return Err(AmendmentError::NotOpen);
    }
    let attached = document_store::list(tx, found.id).await?;
    let stored = organisations::find(tx, found.organisation).await?.ok_or(OrganisationError::NotFound)?;
    let (present, _) = sheet(tx, &stored).await?;
    if seen(&present, &found, &attached) != saw {
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
