//! How strongly the people of an organisation, and of all below it, have to prove who they are (`docs/adr/0020-second-factor-by-place.md`). What one of them asks for
//! is the least that holds below: nobody further down asks for less.

use serde_json::json;

use super::error::OrganisationError;
use super::{second_factor_store, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::UpdateOrganisation;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::PrincipalId;
use crate::kernel::strength::Strength;

/// Says what is asked for. Only who signed in as strongly themselves changes it, whichever way: so nobody shuts themselves out, and whoever
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
    let id = permit.action().organisation;
    store::find(tx, id).await?.ok_or(OrganisationError::NotFound)?;
    let own = second_factor_store::list_path(tx, id).await?.into_iter().find(|(of, _)| *of == id);
    let before = own.map(|(_, before)| before).unwrap_or_default();
    if before == asked {
        return Ok(());
    }
    let needed = before.max(asked);
    if matches!(permit.actor(), PrincipalId::Person(_)) && ctx.strength < needed {
        return Err(OrganisationError::WeakSignIn(needed));
    }
    if asked == Strength::Any {
        second_factor_store::remove(tx, id).await?;
    } else {
        second_factor_store::save(tx, id, asked).await?;
    }
    let change = json!({ "before": { "second_factor": before }, "after": { "second_factor": asked } });
    let event = Event::new(Kind::OrganisationSignInChanged, Subject::Organisation(id)).within(id).with(change);
    audit::record(tx, ctx, permit.via(), event).await?;
    Ok(())
}
