//! What a stream says about itself: that it works, and what has become of it (SSF 1.0 §8.1.4, §8.1.5).

use serde_json::{Map, Value, json};

use super::manage::StreamError;
use super::model::{HELD, Status, Stream, VERIFICATION_INTERVAL};
use super::store;
use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::DeliveryId;
use crate::signals::claims::Content;
use crate::signals::delivery_store::{self, New};
use crate::signals::model::{DeliveryKind, State};

/// The event that was asked for.
pub const VERIFICATION: &str = "https://schemas.openid.net/secevent/ssf/event-type/verification";

/// The event of a status that the client has not set itself.
pub const UPDATED: &str = "https://schemas.openid.net/secevent/ssf/event-type/stream-updated";

/// Sends a verification with the `state` of the client; only now and then.
pub async fn verify(tx: &mut Tx, stream: &Stream, state: Option<&str>, ctx: &Ctx) -> Result<(), StreamError> {
    if stream.status == Status::Disabled {
        return Err(StreamError::Disabled);
    }
    if !store::save_verified(tx, stream.id, (ctx.now, ctx.now.minus(VERIFICATION_INTERVAL))).await? {
        return Err(StreamError::TooSoon(VERIFICATION_INTERVAL.as_secs()));
    }
    let says = state.map(|state| Map::from_iter([("state".to_owned(), json!(state))])).unwrap_or_default();
    Ok(tell(tx, stream, (VERIFICATION, says), stream.begins(), ctx).await?)
}

/// Tells the client what an operator has done; also in a stream that is paused or disabled by it.
pub(super) async fn tell_updated(tx: &mut Tx, stream: &Stream, ctx: &Ctx) -> db::Result<()> {
    let mut says = Map::from_iter([("status".to_owned(), json!(stream.status.as_str()))]);
    says.extend(stream.reason.as_ref().map(|reason| ("reason".to_owned(), json!(reason))));
    let begins = Stream { status: Status::Enabled, ..stream.clone() }.begins();
    tell(tx, stream, (UPDATED, says), begins, ctx).await
}

async fn tell(
    tx: &mut Tx,
    stream: &Stream,
    (uri, says): (&str, Map<String, Value>),
    state: State,
    ctx: &Ctx,
) -> db::Result<()> {
    let (id, kind) = (DeliveryId(ctx.uuid()), DeliveryKind::Stream);
    let content = Content::about_stream(stream.id, uri, says);
    let row = New { id, client: stream.client, kind, content, state, until: ctx.now.plus(HELD) };
    delivery_store::insert_all(tx, &[row], ctx.now).await
}
