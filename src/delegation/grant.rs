//! Granting a role (D3, D6, E61–E68).

use super::award::{Award, award};
use super::model::{RoleAssignment, State};
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
    /// Another role must be held first (P22).
    #[error("role `{0}` of the same organisation must be held first")]
    Requires(String),
    /// One person may not hold both. Which other one is not said: it may be held where the caller sees nothing (D8).
    #[error("one person may not hold this role together with another one that this person holds, or is to hold, here")]
    SeparationOfDuties,
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
    let wanted = RoleAssignment {
        id: RoleAssignmentId(ctx.uuid()),
        principal: action.to,
        role: action.role.clone(),
        organisation: action.organisation,
        // A role over the whole installation reaches below whatever was asked.
        include_sub_levels: action.include_sub_levels || role.scope == RoleScope::System,
        applications: action.applications.clone(),
        project: None,
        waits_for_phase: None,
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
    award(tx, Award { roles, role, wanted, as_operator: permit.is_operators(), accepted: None }, ctx).await
}
