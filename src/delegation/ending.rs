//! Roles that end because something else does: an account, a home, the part of an organisation in a project, a role that they require
//! (D6, D9, D10). They do not come back by themselves.

use serde_json::{Value, json};

use super::model::RoleAssignment;
use super::request::{store as requests, tell};
use super::store;
use crate::audit::{self, Kind};
use crate::authority::Permit;
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

/// Revokes roles, proposals included: one event each, by a fixed number of statements; and whoever asked for it reads that it is done.
pub(crate) async fn end<A>(
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
