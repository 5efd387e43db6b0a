//! The role that the first person of an organisation gets by itself (I19).

use super::award::{Award, award};
use super::grant::GrantError;
use super::model::{Place, RoleAssignment, State};
use super::place_store;
use crate::authority::action::{CreateUser, GrantRole};
use crate::authority::facts::{OrganisationFacts, TargetFacts};
use crate::authority::role::{RoleDefinition, SubLevels};
use crate::authority::{Applications, Decision, Facts, Permit, Validity, decide};
use crate::db::{self, Tx};
use crate::directory::organisation::model::Status;
use crate::directory::organisation::{people_store, store as organisations};
use crate::directory::user::model::User;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, RoleAssignmentId};

/// Gives it to whoever has just been created, if there is nobody else and nobody holds it there. It is decided like every grant, by what
/// whoever creates the person holds: nobody hands on by this what they could not give (D3, D4). Where they could not, nobody gets it.
pub(crate) async fn give(tx: &mut Tx, permit: &Permit<CreateUser>, user: &User, ctx: &Ctx) -> db::Result<()> {
    let Some(role) = permit.roles().iter().find(|role| role.first_user) else { return Ok(()) };
    let here = people_store::list_here(tx, &[user.organisation]).await?;
    let place = Place::Organisation(user.organisation);
    let held = place_store::count_places(tx, &role.code, place, ctx.now).await?;
    if here.get(&user.organisation).copied() != Some(1) || held > 0 {
        return Ok(());
    }
    let Some(by) = may_give(tx, permit, (role, user), ctx).await? else { return Ok(()) };
    let wanted = RoleAssignment {
        id: RoleAssignmentId(ctx.uuid()),
        principal: PrincipalId::Person(user.id),
        role: role.code.clone(),
        organisation: user.organisation,
        include_sub_levels: role.sub_levels == SubLevels::Always,
        applications: Applications::All,
        project: None,
        waits_for_phase: None,
        state: State::Active,
        valid_from: ctx.now,
        valid_until: None,
        granted_by: permit.actor(),
        granted_via: by.first().copied().filter(|id| !id.0.is_nil()),
        granted_at: ctx.now,
    };
    let given = Award { roles: permit.roles(), role, wanted, as_operator: permit.is_operators(), accepted: None };
    match award(tx, given, ctx).await {
        Err(GrantError::Db(error)) => Err(error),
        // Nobody else is there: none of its other rules can stand in the way of somebody new.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// By which assignments; `None` if they could not.
async fn may_give(
    tx: &mut Tx,
    permit: &Permit<CreateUser>,
    (role, user): (&RoleDefinition, &User),
    ctx: &Ctx,
) -> db::Result<Option<Vec<RoleAssignmentId>>> {
    let Some(path) = organisations::path(tx, user.organisation).await? else { return Ok(None) };
    let active = organisations::find_effective_status(tx, user.organisation).await? == Some(Status::Active);
    let home = OrganisationFacts { path, active };
    let principal = PrincipalId::Person(user.id);
    let action = GrantRole {
        to: principal,
        role: role.code.clone(),
        organisation: user.organisation,
        include_sub_levels: role.sub_levels == SubLevels::Always,
        applications: Applications::All,
        validity: Validity::default(),
    };
    let target = TargetFacts { principal, home: home.clone(), deleted: false, assignments: Vec::new() };
    let facts = Facts { target: Some(target), organisation: Some(home), role: Some(role.clone()), ..Facts::default() };
    Ok(match decide(permit.authority(), &action.into(), &facts, ctx.now) {
        Decision::Allow(by) => Some(by),
        Decision::Deny(_) => None,
    })
}
