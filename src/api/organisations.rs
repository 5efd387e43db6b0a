//! Moving organisations: what it comes to for whoever holds roles, then the move, if that is still so (D13, DA-26).

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::assignments::sight;
use super::error::ApiError;
use super::request::{ApiResult, Asked, Body, Caller, Ids, answer};
use super::router::Api;
use super::view::{Move, MoveEffect, Moved, RoleAssignmentView, Side};
use crate::authority::action::MoveOrganisation;
use crate::db::{Tx, transact};
use crate::delegation::effect::{self, Concerned, Effect};
use crate::delegation::listed_store::{self, Sight, Wanted};
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::{store, transfer as moving};
use crate::kernel::ids::{OrganisationId, RoleAssignmentId};

/// Most role assignments that are listed on each side.
const LISTED: i64 = 200;

/// Where it would go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct To {
    to: OrganisationId,
}

async fn effect(
    tx: &mut Tx,
    organisation: OrganisationId,
    to: OrganisationId,
    (api, caller): (&Api, &Caller),
) -> Result<Effect, ApiError> {
    let from = store::find(tx, organisation).await?.and_then(|found| found.parent).ok_or(ApiError::NotFound)?;
    Ok(effect::of_transfer(tx, api.app.door.roles(), (organisation, from, to), caller.ctx.now).await?)
}

/// Those in sight, and how many there are besides (D8).
pub(super) async fn side(tx: &mut Tx, sight: &Sight, all: &Concerned) -> Result<Side, ApiError> {
    let most = usize::try_from(LISTED).unwrap_or(0);
    let held: Vec<RoleAssignmentId> = all.holders.iter().map(|one| one.id).take(most).collect();
    let lent = all.deputies.iter().map(|one| one.assignment).take(most);
    let ids = held.iter().copied().chain(lent).collect::<BTreeSet<_>>().into_iter().collect();
    let shown = listed_store::list(tx, sight, &Wanted { ids: Some(ids), ..Wanted::default() }, 2 * LISTED).await?;
    let deputies = all.deputies.iter().filter(|deputy| shown.iter().any(|one| one.id == deputy.assignment)).count();
    let shown = shown.iter().filter(|one| held.contains(&one.id));
    let role_assignments: Vec<_> = shown.map(RoleAssignmentView::of).collect();
    let others = all.holders.len().saturating_sub(role_assignments.len());
    Ok(Side { role_assignments, others, deputies })
}

/// `GET /organisations/{id}/move?to=…`
pub async fn preview(
    State(api): State<Api>,
    caller: Caller,
    Ids(organisation): Ids<OrganisationId>,
    Asked(To { to }): Asked<To>,
) -> ApiResult {
    let tx = &mut api.app.db.reader().await?;
    api.app.door.authorise_read(tx, &caller.ctx, MoveOrganisation { organisation, to }).await?;
    let effect = effect(tx, organisation, to, (&api, &caller)).await?;
    let sight = sight(tx, &api, &caller).await?;
    let (loses, gains) = (side(tx, &sight, &effect.loses).await?, side(tx, &sight, &effect.gains).await?);
    answer(StatusCode::OK, &MoveEffect { effect: effect.digest(), loses, gains })
}

/// `POST /organisations/{id}/move`
pub async fn transfer(
    State(api): State<Api>,
    caller: Caller,
    Ids(organisation): Ids<OrganisationId>,
    Body(body): Body<Move>,
) -> ApiResult {
    let to = OrganisationId(body.to);
    let moved: Result<Organisation, ApiError> = transact!(api.app.db, tx => {
        let permit = api.app.door.authorise(tx, &caller.ctx, MoveOrganisation { organisation, to }).await?;
        if effect(tx, organisation, to, (&api, &caller)).await?.digest() == body.effect {
            Ok(moving::transfer(tx, permit, &caller.ctx).await?)
        } else {
            Err(ApiError::EffectChanged)
        }
    });
    let moved = moved?;
    answer(StatusCode::OK, &Moved { organisation: moved.id.0, parent: moved.parent.map(|id| id.0) })
}
