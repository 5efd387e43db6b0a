//! Proposing organisations for a module: whoever identifies them need not be who grants (I71, I72). A proposal gives nothing; granting
//! the access ends it.

use serde_json::json;

use super::error::ModuleError;
use super::{proposal_store, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::{GrantModule, ProposeModule};
use crate::db::Tx;
use crate::directory::application;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ApplicationId, OrganisationId};

/// Proposes one organisation.
pub async fn propose(tx: &mut Tx, permit: Permit<ProposeModule>, ctx: &Ctx) -> Result<(), ModuleError> {
    let (organisation, application) = (permit.action().organisation, permit.action().application);
    let found = application::store::find(tx, application).await?.ok_or(ModuleError::NotFound)?;
    if !found.modules.required {
        return Err(ModuleError::NotAsked);
    }
    if store::find(tx, organisation, application).await?.is_some() {
        return Err(ModuleError::AlreadyGranted);
    }
    proposal_store::insert(tx, (organisation, application), permit.actor(), ctx.now).await?;
    let event = event(Kind::ModuleProposed, organisation, application);
    Ok(audit::record(tx, ctx, permit.via(), event).await?)
}

/// Proposes several as one, each decided on its own; what is proposed or granted meanwhile is passed over. Says how many there were.
pub async fn propose_all(tx: &mut Tx, permits: Vec<Permit<ProposeModule>>, ctx: &Ctx) -> Result<usize, ModuleError> {
    let mut proposed = 0;
    for permit in permits {
        let action = permit.action();
        let known = proposal_store::find(tx, action.organisation, action.application).await?.is_some()
            || store::find(tx, action.organisation, action.application).await?.is_some();
        if !known {
            propose(tx, permit, ctx).await?;
            proposed += 1;
        }
    }
    Ok(proposed)
}

/// Declines what was proposed, by whoever could grant it.
pub async fn decline(tx: &mut Tx, permit: Permit<GrantModule>, ctx: &Ctx) -> Result<(), ModuleError> {
    let (organisation, application) = (permit.action().organisation, permit.action().application);
    if !proposal_store::remove(tx, organisation, application).await? {
        return Err(ModuleError::NotFound);
    }
    let event = event(Kind::ModuleProposalDeclined, organisation, application);
    Ok(audit::record(tx, ctx, permit.via(), event).await?)
}

fn event(kind: Kind, organisation: OrganisationId, application: ApplicationId) -> Event {
    let subject = Subject::Organisation(organisation);
    Event::new(kind, subject).within(organisation).about(application).with(json!({}))
}
