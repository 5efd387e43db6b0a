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
        let Some(times) = self.refusals.count(None, reason, ctx.now) else { return Ok(()) };
        let event = Event::new(Kind::BearerRefused, Subject::Client(ClientId(uuid::Uuid::nil())));
        let event = event.with(json!({ "reason": reason, "times": times }));
        transact!(db, tx => audit::record(tx, ctx, None, event.clone()).await)
    }
}
