//! Writes an event in the caller's transaction: if it cannot be written, the change does not happen (CR-10).

use super::event::Event;
use super::store;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{AuditId, RoleAssignmentId};

/// Records what the actor of `ctx` did, by which of their role assignments.
pub async fn record(tx: &mut Tx, ctx: &Ctx, via: Option<RoleAssignmentId>, event: Event) -> db::Result<()> {
    let (subject_kind, subject_id) = event.subject.parts();
    let row = store::Row {
        id: AuditId(ctx.uuid()),
        at: ctx.now,
        kind: event.kind.as_str().to_owned(),
        actor_kind: ctx.actor.map(|actor| actor.kind().to_owned()),
        actor_id: ctx.actor.map(super::super::kernel::ids::PrincipalId::uuid),
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
    };
    store::insert(tx, &row).await
}
