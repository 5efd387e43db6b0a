//! What an organisation asks of the sign-in of its people and of those of all below it (`docs/adr/0020-second-factor-by-place.md`): how strongly
//! they prove who they are, of which nobody further down asks for less, and by which rules of the profile their passwords are judged.

use serde_json::json;

use super::error::OrganisationError;
use super::{sign_in_rules_store as rules, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::action::UpdateOrganisation;
use crate::authority::{Authority, Extent, Permission, Permit};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::password_rules::PasswordSets;
use crate::kernel::strength::Strength;

/// Says how strongly. Only who signed in as strongly themselves changes it, whichever way: so nobody shuts themselves out, and whoever
/// found an open browser takes nothing back.
///
/// # Errors
///
/// [`OrganisationError::WeakSignIn`] with how strongly whoever asks has to have signed in; services are asked for nothing.
pub async fn ask(
    tx: &mut Tx,
    permit: Permit<UpdateOrganisation>,
    asked: Strength,
    ctx: &Ctx,
) -> Result<(), OrganisationError> {
    let before = own(tx, &permit).await?.0;
    if before == asked {
        return Ok(());
    }
    strong_enough(permit.actor(), before.max(asked), ctx).map_err(OrganisationError::WeakSignIn)?;
    rules::save_second_factor(tx, permit.action().organisation, asked).await?;
    let change = json!({ "before": { "second_factor": before }, "after": { "second_factor": asked } });
    record(tx, &permit, change, ctx).await
}

/// Whether whoever changes what is asked for signed in as strongly themselves; if not, how strongly they have to. Only people are asked.
pub fn strong_enough(actor: PrincipalId, needed: Strength, ctx: &Ctx) -> Result<(), Strength> {
    let is_person = matches!(actor, PrincipalId::Person(_));
    if is_person && ctx.strength < needed { Err(needed) } else { Ok(()) }
}

/// What whoever moves somebody or something out of an organisation has to have signed in with: as much as is asked there, where less is asked at
/// the new place. It is one more way to take a rule off.
pub(in crate::directory) async fn needed_to_leave(
    tx: &mut Tx,
    (from, to): (OrganisationId, OrganisationId),
) -> db::Result<Strength> {
    let (here, there) = (rules::asked_of(tx, from).await?, rules::asked_of(tx, to).await?);
    Ok(if there < here { here } else { Strength::Any })
}

/// Names the rules for passwords by their code in the profile; none for those of the organisation above. For operators alone: what one of them
/// chose for a part of the tree is not loosened further down. It holds for the next password of everybody there.
///
/// # Errors
///
/// [`OrganisationError::OperatorsOnly`] for others, [`OrganisationError::PasswordSet`] for a set that the profile does not have.
pub async fn choose_passwords(
    tx: &mut Tx,
    permit: Permit<UpdateOrganisation>,
    (set, sets): (Option<&str>, &PasswordSets),
    ctx: &Ctx,
) -> Result<(), OrganisationError> {
    let before = own(tx, &permit).await?.1;
    if before.as_deref() == set {
        return Ok(());
    }
    if !may_choose_passwords(permit.authority(), ctx) {
        return Err(OrganisationError::OperatorsOnly);
    }
    if set.is_some_and(|set| !sets.named.contains_key(set)) {
        return Err(OrganisationError::PasswordSet);
    }
    rules::save_password_set(tx, permit.action().organisation, set).await?;
    let change = json!({ "before": { "password_set": before }, "after": { "password_set": set } });
    record(tx, &permit, change, ctx).await
}

/// Whether somebody may choose rules for passwords: who may change every organisation.
pub fn may_choose_passwords(authority: &Authority, ctx: &Ctx) -> bool {
    authority.holding(Permission::OrganisationUpdate, ctx.now).any(|held| held.extent == Extent::Everywhere)
}

/// What it asks for itself.
async fn own(
    tx: &mut Tx,
    permit: &Permit<UpdateOrganisation>,
) -> Result<(Strength, Option<String>), OrganisationError> {
    let id = permit.action().organisation;
    store::find(tx, id).await?.ok_or(OrganisationError::NotFound)?;
    let own = rules::list_path(tx, id).await?.into_iter().find(|asked| asked.organisation == id);
    Ok(own.map(|own| (own.second_factor, own.password_set)).unwrap_or_default())
}

async fn record(
    tx: &mut Tx,
    permit: &Permit<UpdateOrganisation>,
    change: serde_json::Value,
    ctx: &Ctx,
) -> Result<(), OrganisationError> {
    let id = permit.action().organisation;
    let event = Event::new(Kind::OrganisationSignInChanged, Subject::Organisation(id)).within(id).with(change);
    Ok(audit::record(tx, ctx, permit.via(), event).await?)
}
