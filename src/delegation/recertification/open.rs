//! A round begins.

use serde_json::json;

use super::model::{Round, Rules};
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::Recertify;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;

/// Begins a round of an organisation; `None` if it is in one.
pub async fn open(tx: &mut Tx, permit: Permit<Recertify>, rules: Rules, ctx: &Ctx) -> db::Result<Option<Round>> {
    let organisation = permit.action().organisation;
    let round = Round { organisation, opened_at: ctx.now, due_at: ctx.now.plus(rules.lasts) };
    if !store::save_open(tx, round, rules.memberships).await? {
        return Ok(None);
    }
    let event = Event::new(Kind::RecertificationOpened, Subject::Organisation(organisation)).within(organisation);
    let details = json!({ "until": round.due_at, "memberships": rules.memberships });
    audit::record(tx, ctx, permit.via(), event.with(details)).await?;
    Ok(Some(round))
}
