//! Access tokens that were not accepted, in the audit log (the refusal contract): whose they were is not known, or not proved.

use serde_json::json;

use super::access_token::Tokens;
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Db, transact};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::ClientId;

impl Tokens {
    /// Records that a bearer was turned away at one of our own APIs for a reason; of a flood only how large it is.
    pub async fn refuse(&self, db: &Db, reason: &'static str, ctx: &Ctx) -> db::Result<()> {
        self.record_refused(db, (None, reason), ctx).await
    }

    /// The same where it is proved whose the token is.
    pub async fn refuse_client(&self, db: &Db, client: ClientId, reason: &'static str, ctx: &Ctx) -> db::Result<()> {
        self.record_refused(db, (Some(client), reason), ctx).await
    }

    async fn record_refused(
        &self,
        db: &Db,
        (client, reason): (Option<ClientId>, &'static str),
        ctx: &Ctx,
    ) -> db::Result<()> {
        let Some(times) = self.refusals.count(client.map(|client| client.0), reason, ctx.now) else { return Ok(()) };
        let client = client.unwrap_or(ClientId(uuid::Uuid::nil()));
        let event = Event::new(Kind::BearerRefused, Subject::Client(client));
        let event = event.with(json!({ "reason": reason, "times": times }));
        transact!(db, tx => audit::record(tx, ctx, None, event.clone()).await)
    }
}
