//! Granting a role (D3, D6, E61–E68).

use super::model::{RoleAssignment, State};
use super::{rules, store};
use crate::audit::{self, Kind};
use crate::authority::action::GrantRole;
use crate::authority::role::RoleScope;
use crate::authority::{Permit, Roles};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::RoleAssignmentId;

/// Why a role was not granted.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The same or more is held or proposed already.
    #[error("this role is already held or proposed for this scope")]
    AlreadyHeld,
    /// The most holders that the role allows are reached, pending ones included (D14).
    #[error("at most {max} may hold this role here")]
    Full {
        /// The most.
        max: u32,
    },
    /// One person may not hold both.
    #[error("conflicts with role `{0}`")]
    SeparationOfDuties(String),
    /// It would end before it begins.
    #[error("the role would end before it begins")]
    InvalidDates,
    /// The role is not defined by the profile any more.
    #[error("role `{0}` is not defined")]
    UnknownRole(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Grants, or proposes where somebody has to confirm; tells which by the state of what it returns.
pub async fn grant(
    tx: &mut Tx,
    permit: Permit<GrantRole>,
    roles: &Roles,
    ctx: &Ctx,
) -> Result<RoleAssignment, GrantError> {
    let action = permit.action();
    let role = roles.get(&action.role).ok_or_else(|| GrantError::UnknownRole(action.role.clone()))?;
    let mut wanted = RoleAssignment {
        id: RoleAssignmentId(ctx.uuid()),
        principal: action.to,
        role: action.role.clone(),
        organisation: action.organisation,
        // A role over the whole installation reaches below whatever was asked.
        include_sub_levels: action.include_sub_levels || role.scope == RoleScope::System,
        applications: action.applications.clone(),
        state: State::Active,
        valid_from: action.validity.from.unwrap_or(ctx.now),
        valid_until: action.validity.until,
        granted_by: permit.actor(),
        granted_via: permit.via(),
        granted_at: ctx.now,
    };
    if wanted.valid_until.is_some_and(|end| end <= wanted.valid_from.max(ctx.now)) {
        return Err(GrantError::InvalidDates);
    }
    let held = store::list_of(tx, action.to).await?;
    if rules::already_covered(&held, &wanted).is_some() {
        return Err(GrantError::AlreadyHeld);
    }
    if let Some(conflict) = rules::conflicting(role, &held, &wanted) {
        return Err(GrantError::SeparationOfDuties(conflict.role.clone()));
    }
    if let Some(max) = role.max
        && store::count_places(tx, &role.code, action.organisation, ctx.now).await? >= i64::from(max)
    {
        return Err(GrantError::Full { max });
    }
    let holders = store::count_holders(tx, &role.code, action.organisation, (action.to.uuid(), None), ctx.now).await?;
    if rules::waits_for_confirmation(role, (permit.actor(), permit.is_operators()), holders.others) {
        wanted.state = State::Pending;
    }
    store::insert(tx, &wanted).await?;
    let kind = if wanted.state == State::Pending { Kind::RoleProposed } else { Kind::RoleGranted };
    audit::record(tx, ctx, permit.via(), wanted.event(kind)).await?;
    Ok(wanted)
}
