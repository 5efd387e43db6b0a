//! Somebody who never was anybody: made to try out a service (`client self-test`), and cleared away with all that came with them.

use serde_json::json;

use super::scratch_store::{self, Scratch};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageClient;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;

/// Removes whom a service made to be tried out, for whoever manages that service; nobody whom anybody has used, or whom somebody else
/// made. What the service could not delete itself is recorded.
pub async fn clear_away(tx: &mut Tx, permit: Permit<ManageClient>, user: UserId, ctx: &Ctx) -> db::Result<()> {
    let Some(made_by) = permit.action().client else { return Ok(()) };
    let Some(Scratch { organisation, deleted }) = scratch_store::find(tx, user, made_by).await? else { return Ok(()) };
    scratch_store::remove(tx, user).await?;
    if deleted {
        return Ok(());
    }
    let event = Event::new(Kind::UserDeleted, Subject::User(user)).within(organisation);
    audit::record(tx, ctx, permit.via(), event.with(json!({ "reason": "self-test" }))).await
}
