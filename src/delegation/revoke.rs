//! Taking a role away (D3, D6, D7, E73).

use std::collections::BTreeSet;

use super::ending;
use super::holders::{LastHolder, last_holder_among};
use super::model::RoleAssignment;
use super::request::{store as requests, tell};
use super::{store, tell as mails};
use crate::audit::{self, Kind};
use crate::authority::action::RevokeRole;
use crate::authority::{Applications, Permit, Roles};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::ApplicationId;

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
    let assignment = store::find(tx, permit.action().assignment).await?.ok_or(RevokeError::AlreadyRevoked)?;
    let ends = assignment.clone();
    let ended = end(tx, permit, roles, (assignment, &ends), reason, ctx).await?;
    mails::losers(tx, roles, std::slice::from_ref(&ended), ctx).await?;
    Ok(ended)
}

/// The same where it is given again at once for all of its applications but these: only of these somebody must remain.
pub async fn revoke_for(
    tx: &mut Tx,
    permit: Permit<RevokeRole>,
    roles: &Roles,
    (lost, reason): (BTreeSet<ApplicationId>, Option<&str>),
    ctx: &Ctx,
) -> Result<RoleAssignment, RevokeError> {
    let assignment = store::find(tx, permit.action().assignment).await?.ok_or(RevokeError::AlreadyRevoked)?;
    let ends = RoleAssignment { applications: Applications::Only(lost), ..assignment.clone() };
    end(tx, permit, roles, (assignment, &ends), reason, ctx).await
}

/// Ends `assignment`; what is looked at for its last holder is `ends`, which is a part of it.
async fn end(
    tx: &mut Tx,
    permit: Permit<RevokeRole>,
    roles: &Roles,
    (assignment, ends): (RoleAssignment, &RoleAssignment),
    reason: Option<&str>,
    ctx: &Ctx,
) -> Result<RoleAssignment, RevokeError> {
    let id = assignment.id;
    if let Some(last) = last_holder_among(tx, roles, std::slice::from_ref(ends), ctx.now).await? {
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
    ending::along(tx, &permit, std::slice::from_ref(&assignment), ctx).await?;
    Ok(assignment)
}
