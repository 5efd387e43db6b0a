//! Roles that end because something else does: an account, a home, the part of an organisation in a project, a role that they require
//! (D6, D9, D10). They do not come back by themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::model::RoleAssignment;
use super::request::{store as requests, tell};
use super::{store, tell as mails};
use crate::audit::{self, Kind};
use crate::authority::role::RoleScope;
use crate::authority::{Permit, Roles};
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::RoleAssignmentId;
use crate::kernel::time::Timestamp;

/// Those that have not run out already, proposals included.
pub(crate) fn running(held: Vec<RoleAssignment>, now: Timestamp) -> Vec<RoleAssignment> {
    held.into_iter().filter(|role| role.valid_until.is_none_or(|end| now < end)).collect()
}

/// What ends them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cause {
    /// Something that is an event of its own.
    Event(Kind),
    /// The end of a role that they require.
    Role(RoleAssignmentId),
}

/// Why roles end: what ends them, and what whoever did it said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Because<'a> {
    pub(crate) cause: Cause,
    pub(crate) reason: Option<&'a str>,
}

/// Revokes roles, proposals included, and what ends with them: one event each, by a fixed number of statements; and whoever asked for it reads that it is done.
pub(crate) async fn end<A>(
    tx: &mut Tx,
    permit: &Permit<A>,
    ended: &[RoleAssignment],
    because: Because<'_>,
    ctx: &Ctx,
) -> db::Result<()> {
    revoke_all(tx, permit, ended, because, ctx).await?;
    mails::losers(tx, permit.roles(), ended, ctx).await?;
    along(tx, permit, ended, ctx).await
}

/// Revokes what ends with roles that have ended just now.
pub(crate) async fn along<A>(tx: &mut Tx, permit: &Permit<A>, ended: &[RoleAssignment], ctx: &Ctx) -> db::Result<()> {
    let mut lost = Vec::new();
    for level in dependents(tx, permit.roles(), ended).await? {
        lost.extend(level.iter().map(|(_, role)| role.clone()));
        let mut by_cause: BTreeMap<RoleAssignmentId, Vec<RoleAssignment>> = BTreeMap::new();
        for (cause, role) in level {
            by_cause.entry(cause).or_default().push(role);
        }
        for (cause, roles) in by_cause {
            let because = Because { cause: Cause::Role(cause), reason: None };
            revoke_all(tx, permit, &roles, because, ctx).await?;
        }
    }
    mails::losers(tx, permit.roles(), &lost, ctx).await
}

/// What would end with a role, whoever holds it: what the same holder has that requires it (P23), what was handed on by it (I02), and what
/// ends with these.
pub async fn dependent_on(tx: &mut Tx, roles: &Roles, assignment: &RoleAssignment) -> db::Result<Vec<RoleAssignment>> {
    dependent_on_all(tx, roles, std::slice::from_ref(assignment)).await
}

/// The same for several that end together.
pub(crate) async fn dependent_on_all(
    tx: &mut Tx,
    roles: &Roles,
    ended: &[RoleAssignment],
) -> db::Result<Vec<RoleAssignment>> {
    let levels = dependents(tx, roles, ended).await?;
    Ok(levels.into_iter().flatten().map(|(_, role)| role).collect())
}

/// Roles, each with the one because of which it ends.
type Level = Vec<(RoleAssignmentId, RoleAssignment)>;

async fn dependents(tx: &mut Tx, roles: &Roles, ended: &[RoleAssignment]) -> db::Result<Vec<Level>> {
    let handed_on: BTreeSet<&str> =
        roles.iter().filter(|role| role.ends_with_grantor).map(|role| role.code.as_str()).collect();
    let mut gone: BTreeSet<RoleAssignmentId> = ended.iter().map(|role| role.id).collect();
    let (mut levels, mut last) = (Vec::new(), ended.to_vec());
    while !last.is_empty() {
        let mut level: Level = Vec::new();
        for one in &last {
            level.extend(requiring(tx, roles, one, &gone).await?.into_iter().map(|role| (one.id, role)));
        }
        if !handed_on.is_empty() {
            // What an operator gave stays: it was given for the installation, not handed on.
            let of_system =
                |role: &RoleAssignment| roles.get(&role.role).is_some_and(|role| role.scope == RoleScope::System);
            let ids: Vec<RoleAssignmentId> = last.iter().filter(|role| !of_system(role)).map(|role| role.id).collect();
            let given = store::list_given_by(tx, &ids, &handed_on).await?;
            level.extend(given.into_iter().filter_map(|role| Some((role.granted_via?, role))));
        }
        level.retain(|(_, role)| gone.insert(role.id));
        last = level.iter().map(|(_, role)| role.clone()).collect();
        if !level.is_empty() {
            levels.push(level);
        }
    }
    Ok(levels)
}

/// What its holder has that requires it, unless they have another one like it (P23).
async fn requiring(
    tx: &mut Tx,
    roles: &Roles,
    ended: &RoleAssignment,
    gone: &BTreeSet<RoleAssignmentId>,
) -> db::Result<Vec<RoleAssignment>> {
    if ended.project.is_some() || !roles.iter().any(|role| role.requires.contains(&ended.role)) {
        return Ok(Vec::new());
    }
    let mut held = store::list_of(tx, ended.principal).await?;
    held.retain(|other| !gone.contains(&other.id) && other.organisation == ended.organisation);
    if held.iter().any(|other| other.role == ended.role && other.project.is_none()) {
        return Ok(Vec::new());
    }
    let requires =
        |other: &RoleAssignment| roles.get(&other.role).is_some_and(|role| role.requires.contains(&ended.role));
    held.retain(requires);
    Ok(held)
}

async fn revoke_all<A>(
    tx: &mut Tx,
    permit: &Permit<A>,
    ended: &[RoleAssignment],
    because: Because<'_>,
    ctx: &Ctx,
) -> db::Result<()> {
    if ended.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = ended.iter().map(|role| role.id).collect();
    store::save_all_revoked(tx, &ids, permit.actor(), ctx.now, because.reason).await?;
    for asked in requests::list_open_about(tx, &ids).await? {
        tell::who_asked(tx, &asked, ctx).await?;
    }
    requests::save_settled(tx, &ids, permit.actor(), ctx.now).await?;
    let cause: Value = match because.cause {
        Cause::Event(kind) => json!(kind.as_str()),
        Cause::Role(id) => json!(id),
    };
    let events = ended.iter().map(|role| {
        let mut event = role.event(Kind::RoleRevoked);
        if let Some(details) = event.details.as_object_mut() {
            details.insert("because".to_owned(), cause.clone());
        }
        (permit.via(), event)
    });
    audit::record_all(tx, ctx, events.collect()).await
}
