//! Sends what is due. Each message is leased first: another node, or this one after a crash, sends it once the lease is over.

use std::time::Duration;

use super::outbox::Channel;
use super::outbox_store as store;
use super::render::render;
use super::transports::Transports;
use crate::db::{self, Db, transact};
use crate::kernel::time::Clock;
use crate::locale::Locale;

const LEASE: Duration = Duration::from_mins(1);
const BATCH: i64 = 20;
const MAX_ATTEMPTS: i64 = 10;

/// Sends messages until none is due; how many were sent.
pub async fn deliver_due(db: &Db, transports: &Transports, clock: &Clock) -> db::Result<usize> {
    let mut sent = 0;
    loop {
        let now = clock.now();
        let due = transact!(db, tx => store::list_due(tx, now, now.plus(LEASE), BATCH).await)?;
        if due.is_empty() {
            return Ok(sent);
        }
        for message in due {
            sent += usize::from(deliver(db, transports, clock, &message).await?);
        }
    }
}

async fn deliver(db: &Db, transports: &Transports, clock: &Clock, message: &store::Leased) -> db::Result<bool> {
    let (now, channel) = (clock.now(), Channel::parse(&message.channel));
    let state = match (&message.recipient, &message.content) {
        (Some(to), Some(content)) if message.expires_at.is_none_or(|end| end > now) && channel != Channel::Nothing => {
            let locale = message.locale.as_deref().and_then(Locale::parse).unwrap_or_default();
            let words = render(&content.0, channel, locale, &transports.sender);
            match transports.send(channel, to, &words, now).await {
                Ok(()) => "sent",
                Err(error) => {
                    tracing::warn!(message = %message.id, attempts = message.attempts, error = %error, "a message could not be sent");
                    if message.attempts < MAX_ATTEMPTS { "queued" } else { "failed" }
                }
            }
        }
        _ => "dropped",
    };
    if state == "queued" {
        let exponent = u32::try_from(message.attempts).unwrap_or(0).min(9);
        let due_at = now.plus(Duration::from_secs(1 << exponent));
        transact!(db, tx => store::save_delayed(tx, message.id, due_at).await)?;
    } else {
        transact!(db, tx => store::save_finished(tx, message.id, state, now).await)?;
    }
    Ok(state == "sent")
}
