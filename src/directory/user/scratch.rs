//! Somebody who never was anybody: made to try out a service (`client self-test`), and cleared away with all that came with them.

use serde_json::json;

use super::scratch_store::{self, Scratch};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Db, transact};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ClientId, UserId};

/// Removes whom this service has made to be tried out; nobody whom anybody has used. What the service could not delete is recorded.
pub async fn clear_away(db: &Db, (user, made_by): (UserId, ClientId), ctx: &Ctx) -> db::Result<()> {
    transact!(*db, tx => {
        let Some(Scratch { organisation, deleted }) = scratch_store::find(tx, user, made_by).await? else {
            return Ok(());
        };
        scratch_store::remove(tx, user).await?;
        if deleted {
            return Ok(());
        }
        let event = Event::new(Kind::UserDeleted, Subject::User(user)).within(organisation);
        audit::record(tx, ctx, None, event.with(json!({ "reason": "self-test" }))).await
    })
}
