//! Which requests somebody can answer: those about roles that they may take away.

use std::collections::{BTreeMap, BTreeSet};

use super::model::RevocationRequest;
use super::store;
use crate::authority::action::RevokeRole;
use crate::authority::{Door, Listed, Permission, Refusal, Scope};
use crate::db::Tx;
use crate::delegation::model::RoleAssignment;
use crate::delegation::store as roles;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::RoleAssignmentId;

/// How many are judged at once.
pub const ROUND: i64 = 50;

/// Most rounds of one list: what stands near and is others' to answer hides nothing behind it.
const ROUNDS: usize = 200;

/// The open requests of others that the actor can answer, oldest first, `most` at most, each with the role that it is about.
pub async fn answerable(
    tx: &mut Tx,
    door: &Door,
    most: i64,
    ctx: &Ctx,
) -> Result<Vec<(RevocationRequest, RoleAssignment)>, Refusal> {
    let authority = door.authority(tx, ctx).await?;
    let scope = Scope::of(&authority, &[Permission::RoleGrant], ctx.now);
    let carrying = authority.carrying(Permission::RoleGrant, ctx.now);
    let projects: BTreeSet<_> = carrying.filter_map(|assignment| assignment.project).collect();
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..ROUNDS {
        let near = (&scope, &projects);
        let open = store::list_open_near(tx, near, authority.principal, (ROUND, after)).await?;
        let Some(last) = open.last() else { break };
        after = Some((last.asked_at, last.id));
        let whole = i64::try_from(open.len()).is_ok_and(|count| count < ROUND);
        found.extend(judged(tx, door, open, ctx).await?);
        if whole || i64::try_from(found.len()).is_ok_and(|count| count >= most) {
            break;
        }
    }
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

/// Of some requests, those whose role the actor may take away: of roles that people are named for by a fixed number of statements, of
/// others, which no shipped profile lets anybody ask about, one by one.
async fn judged(
    tx: &mut Tx,
    door: &Door,
    open: Vec<RevocationRequest>,
    ctx: &Ctx,
) -> Result<Vec<(RevocationRequest, RoleAssignment)>, Refusal> {
    let ids: Vec<RoleAssignmentId> = open.iter().map(|request| request.assignment).collect();
    let about: BTreeMap<_, _> = roles::list_all(tx, &ids).await?.into_iter().map(|role| (role.id, role)).collect();
    let asked: Vec<_> =
        open.into_iter().filter_map(|one| about.get(&one.assignment).cloned().map(|role| (one, role))).collect();
    let listed: Vec<Listed<'_>> = asked.iter().map(|(_, role)| role.listed()).collect();
    let mut may: Vec<bool> = door.judge_roles(tx, ctx, &listed).await?.iter().map(|rights| rights.revoke).collect();
    for ((_, role), may) in asked.iter().zip(&mut may) {
        if door.roles().get(&role.role).is_some_and(|role| !role.nominated) {
            let action = RevokeRole { assignment: role.id }.into();
            *may = door.judge(tx, ctx, &[action]).await?.contains(&true);
        }
    }
    Ok(asked.into_iter().zip(may).filter(|(_, may)| *may).map(|(one, _)| one).collect())
}
