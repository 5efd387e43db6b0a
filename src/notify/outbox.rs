//! The queue of messages. A message is written in the transaction of its cause, so that neither happens without the other.

use std::time::Duration;

use crate::db::{self, Tx};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::MessageId;
use crate::kernel::time::Timestamp;

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

/// One of many mails that are queued together.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Where to.
    pub recipient: String,
    /// In which language.
    pub locale: Option<String>,
    /// What.
    pub message: Message,
}

/// How many of many mails are due at the same instant: what else is queued meanwhile goes between them.
const AT_ONCE: usize = 20;

/// Queues many mails, a second for every few of them, with few statements.
pub async fn enqueue_all(tx: &mut Tx, letters: Vec<Letter>, ctx: &Ctx) -> db::Result<()> {
    enqueue_from(tx, letters, ctx.now, ctx).await
}

/// The same, the first ones at that instant.
pub async fn enqueue_from(tx: &mut Tx, letters: Vec<Letter>, from: Timestamp, ctx: &Ctx) -> db::Result<()> {
    let rows = letters.iter().enumerate().map(|(number, letter)| store::NewRow {
        id: MessageId(ctx.uuid()),
        channel: Channel::Email,
        recipient: &letter.recipient,
        locale: letter.locale.as_deref(),
        message: &letter.message,
        now: from.plus(lasting(number / AT_ONCE * AT_ONCE)),
        expires_at: letter.message.lifetime(ctx.links).map(|lifetime| from.plus(lifetime)),
    });
    let rows: Vec<store::NewRow<'_>> = rows.collect();
    store::insert_all(tx, &rows, ctx.now).await
}

/// How long so many mails take until the last one is due.
pub fn lasting(letters: usize) -> Duration {
    Duration::from_secs(u64::try_from(letters.div_ceil(AT_ONCE)).unwrap_or(u64::MAX))
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
