//! Taking a role away (D3, D6, D7, E73).

use super::ending::{self, Because, Cause};
use super::holders::{LastHolder, last_holder_of};
use super::model::RoleAssignment;
use super::request::{store as requests, tell};
use super::store;
use crate::audit::{self, Kind};
use crate::authority::action::RevokeRole;
use crate::authority::{Permit, Roles};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;

/// Why a role was not revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevokeError {
    /// It had been revoked already.
    #[error("this role has been revoked already")]
    AlreadyRevoked,
    /// Somebody must remain; an operator may do it and says why.
    #[error("this is the last `{}` here", .0.role)]
    LastHolder(LastHolder),
    /// The operator's way past the guard asks for a reason.
    #[error("say why the last holder loses the role")]
    ReasonRequired,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Revokes an assignment, or rejects a pending one. It has no effect from the next request on (D7).
pub async fn revoke(
    tx: &mut Tx,
    permit: Permit<RevokeRole>,
    roles: &Roles,
    reason: Option<&str>,
    ctx: &Ctx,
) -> Result<RoleAssignment, RevokeError> {
    let id = permit.action().assignment;
    let assignment = store::find(tx, id).await?.ok_or(RevokeError::AlreadyRevoked)?;
    if let Some(last) = last_holder_of(tx, roles, &assignment, ctx.now).await? {
        if !permit.is_operators() {
            return Err(RevokeError::LastHolder(last));
        }
        if reason.is_none_or(|reason| reason.trim().is_empty()) {
            return Err(RevokeError::ReasonRequired);
        }
    }
    if !store::save_revoked(tx, id, permit.actor(), ctx.now, reason).await? {
        return Err(RevokeError::AlreadyRevoked);
    }
    audit::record(tx, ctx, permit.via(), assignment.event(Kind::RoleRevoked)).await?;
    if let Some(asked) = requests::find_open(tx, id).await? {
        tell::who_asked(tx, &asked, ctx).await?;
    }
    requests::save_settled(tx, &[id], permit.actor(), ctx.now).await?;
    let dependent = dependent_on(tx, roles, &assignment).await?;
    let because = Because { cause: Cause::Role(id), reason: None };
    ending::end(tx, &permit, &dependent, because, ctx).await?;
    Ok(assignment)
}

/// What its holder would lose beside `assignment`: roles of the same organisation that require it (P23).
pub async fn dependent_on(tx: &mut Tx, roles: &Roles, assignment: &RoleAssignment) -> db::Result<Vec<RoleAssignment>> {
    let requires = |other: &RoleAssignment| {
        roles.get(&other.role).is_some_and(|role| role.requires.contains(&assignment.role))
            && other.organisation == assignment.organisation
            && other.id != assignment.id
    };
    if assignment.project.is_some() || !roles.iter().any(|role| role.requires.contains(&assignment.role)) {
        return Ok(Vec::new());
    }
    let held = store::list_of(tx, assignment.principal).await?;
    let another = |other: &RoleAssignment| {
        other.id != assignment.id
            && other.role == assignment.role
            && other.organisation == assignment.organisation
            && other.project.is_none()
    };
    if held.iter().any(another) {
        return Ok(Vec::new());
    }
    Ok(held.into_iter().filter(requires).collect())
}
