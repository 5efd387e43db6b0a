//! Writes an event in the caller's transaction: if it cannot be written, the change does not happen (CR-10).

use super::event::Event;
use super::store;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{AuditId, PrincipalId, RoleAssignmentId};

/// Records what the actor of `ctx` did, by which of their role assignments.
pub async fn record(tx: &mut Tx, ctx: &Ctx, via: Option<RoleAssignmentId>, event: Event) -> db::Result<()> {
    store::insert(tx, &row(ctx, via, event)).await
}

/// Records many things that were done at once, each with the role assignment that allowed it.
pub async fn record_all(tx: &mut Tx, ctx: &Ctx, events: Vec<(Option<RoleAssignmentId>, Event)>) -> db::Result<()> {
    let rows: Vec<store::Row> = events.into_iter().map(|(via, event)| row(ctx, via, event)).collect();
    store::insert_all(tx, &rows).await
}

fn row(ctx: &Ctx, via: Option<RoleAssignmentId>, event: Event) -> store::Row {
    let (subject_kind, subject_id) = event.subject.parts();
    store::Row {
        id: AuditId(ctx.uuid()),
        at: ctx.now,
        kind: event.kind.as_str().to_owned(),
        actor_kind: ctx.actor.map(|actor| actor.kind().to_owned()),
        actor_id: ctx.actor.map(PrincipalId::uuid),
        via,
        organisation_id: event.organisation,
        application_id: event.application,
        subject_kind: subject_kind.to_owned(),
        subject_id,
        details: event.details.to_string(),
        channel: ctx.channel.as_str().to_owned(),
        request_id: ctx.request_id.clone(),
        ip: ctx.ip.map(|ip| ip.to_string()),
        sequence: None,
        chain: None,
    }
}
