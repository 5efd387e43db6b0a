//! The queue of messages. A message is written in the transaction of its cause, so that neither happens without the other.

use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::MessageId;

use super::message::Message;
use super::outbox_store as store;

/// By which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Mail.
    Email,
    /// Text to a phone.
    Sms,
    /// Spoken to a phone.
    Voice,
    /// Nowhere: the same work for an account that does not exist (AU-23).
    Nothing,
}

impl Channel {
    /// The word stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Nothing => "nothing",
        }
    }
}

/// Queues a message.
pub async fn enqueue(
    tx: &mut Tx,
    channel: Channel,
    recipient: &str,
    locale: Option<&str>,
    message: &Message,
    ctx: &Ctx,
) -> db::Result<()> {
    let expires_at = message.lifetime(ctx.links).map(|lifetime| ctx.now.plus(lifetime));
    let row =
        store::NewRow { id: MessageId(ctx.uuid()), channel, recipient, locale, message, now: ctx.now, expires_at };
    store::insert(tx, &row).await
}
