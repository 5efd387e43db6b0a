//! What giving a role asks for whoever gives it and by whichever way: places, separation of duties, confirmation (D6, D11, D14).

use super::grant::GrantError;
use super::model::{Place, RoleAssignment, State};
use super::nomination::model::Nomination;
use super::nomination::store as nominations;
use super::{place_store, rules, separation, store, tell};
use crate::audit::{self, Kind};
use crate::authority::Roles;
use crate::authority::role::RoleDefinition;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::NominationId;
use crate::kernel::time::Timestamp;

/// A role that is about to be given.
pub(super) struct Award<'a> {
    pub(super) roles: &'a Roles,
    pub(super) role: &'a RoleDefinition,
    pub(super) wanted: RoleAssignment,
    /// Whether by an operator's right.
    pub(super) as_operator: bool,
    /// The nomination that is accepted, which keeps a place for it.
    pub(super) accepted: Option<&'a Nomination>,
}

/// Gives it, or proposes it where somebody has to confirm.
pub(super) async fn award(tx: &mut Tx, given: Award<'_>, ctx: &Ctx) -> Result<RoleAssignment, GrantError> {
    let Award { roles, role, mut wanted, as_operator, accepted } = given;
    let held = store::list_of(tx, wanted.principal).await?;
    if rules::already_covered(&held, &wanted).is_some() {
        return Err(GrantError::AlreadyHeld);
    }
    if let Some(missing) = rules::missing_requirement(role, &held, &wanted, ctx.now) {
        return Err(GrantError::Requires(missing.to_owned()));
    }
    if separation::conflict(tx, roles, &wanted, ctx.now).await?.is_some() {
        return Err(GrantError::SeparationOfDuties);
    }
    let place = Place::of(role.scope, wanted.organisation, wanted.project);
    if let Some(max) = role.max
        && places_taken(tx, role, place, accepted.map(|one| one.id), ctx.now).await? >= i64::from(max)
    {
        return Err(GrantError::Full { max });
    }
    let others = place_store::count_others(tx, &role.code, place, wanted.principal.uuid(), ctx.now).await?;
    let waits = rules::waits_for_confirmation(role, (wanted.granted_by, as_operator), others);
    if waits || wanted.waits_for_phase.is_some() {
        wanted.state = State::Pending;
        wanted.granted_by = accepted.map_or_else(|| ctx.answering(wanted.granted_by), Nomination::answering);
    }
    store::insert(tx, &wanted).await?;
    let kind = if wanted.state == State::Pending { Kind::RoleProposed } else { Kind::RoleGranted };
    audit::record(tx, ctx, wanted.granted_via, wanted.event(kind)).await?;
    if wanted.is_proposed(ctx.now) {
        tell::those_who_confirm(tx, roles, &wanted, ctx).await?;
    } else if wanted.state == State::Active && accepted.is_none() {
        tell::holders(tx, roles, std::slice::from_ref(&wanted), ctx).await?;
    }
    Ok(wanted)
}

/// Places that are held, proposed or kept for somebody who has not answered yet (D14), beside one nomination.
pub(super) async fn places_taken(
    tx: &mut Tx,
    role: &RoleDefinition,
    place: Place,
    beside: Option<NominationId>,
    now: Timestamp,
) -> db::Result<i64> {
    let held = place_store::count_places(tx, &role.code, place, now).await?;
    Ok(held + nominations::count_open(tx, &role.code, place, beside, now).await?)
}
