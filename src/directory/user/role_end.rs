//! Roles end with the account, or with the home that they were for (D6, D9, D10). They do not come back by themselves.

use serde_json::json;

use crate::audit::{self, Kind};
use crate::authority::Permit;
use crate::db::{self, Tx};
use crate::delegation::model::RoleAssignment;
use crate::delegation::request::store as requests;
use crate::delegation::store;
use crate::kernel::ctx::Ctx;
use crate::kernel::time::Timestamp;

/// Those that have not run out already, proposals included.
pub(super) fn running(held: Vec<RoleAssignment>, now: Timestamp) -> Vec<RoleAssignment> {
    held.into_iter().filter(|role| role.valid_until.is_none_or(|end| now < end)).collect()
}

/// Why roles end: the event that ends them, and what whoever did it said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Because<'a> {
    pub(super) kind: Kind,
    pub(super) reason: Option<&'a str>,
}

/// Revokes roles of one person, proposals included: one event each, by a fixed number of statements.
pub(super) async fn end<A>(
    tx: &mut Tx,
    permit: &Permit<A>,
    ended: &[RoleAssignment],
    because: Because<'_>,
    ctx: &Ctx,
) -> db::Result<()> {
    let ids: Vec<_> = ended.iter().map(|role| role.id).collect();
    store::save_all_revoked(tx, &ids, permit.actor(), ctx.now, because.reason).await?;
    requests::save_settled(tx, &ids, permit.actor(), ctx.now).await?;
    let events = ended.iter().map(|role| {
        let mut event = role.event(Kind::RoleRevoked);
        if let Some(details) = event.details.as_object_mut() {
            details.insert("because".to_owned(), json!(because.kind.as_str()));
        }
        (permit.via(), event)
    });
    audit::record_all(tx, ctx, events.collect()).await
}
