//! Sends what is due. Each message is leased first: another node, or this one after a crash, sends it once the lease is
//! over. The channels do not wait for one another, and the messages of a batch leave together: a gateway that hangs
//! delays nothing but its own channel (R10).

use std::time::Duration;

use tokio::task::JoinSet;

use super::numbers::{self, Use};
use super::outbox::Channel;
use super::outbox_store as store;
use super::render::render;
use super::transports::{Parcel, Transports};
use crate::db::{self, Db, transact};
use crate::kernel::time::{Clock, Timestamp};
use crate::locale::Locale;

const LEASE: Duration = Duration::from_mins(1);
const BATCH: i64 = 20;
const MAX_ATTEMPTS: i64 = 10;

/// Sends messages of all channels until none is due; how many were sent.
pub async fn deliver_due(db: &Db, transports: &Transports, clock: &Clock) -> db::Result<usize> {
    drop_dead(db, clock.now()).await?;
    let (mail, sms, voice) = tokio::join!(
        deliver_channel(db, transports, clock, Channel::Email),
        deliver_channel(db, transports, clock, Channel::Sms),
        deliver_channel(db, transports, clock, Channel::Voice),
    );
    Ok(mail? + sms? + voice?)
}

/// What was for nobody, and what would come too late, is over without being sent (AU-23, invariant 11).
pub async fn drop_dead(db: &Db, now: Timestamp) -> db::Result<()> {
    transact!(db, tx => {
        tx.take_time().await?;
        store::save_dropped(tx, now).await
    })
}

/// Sends messages of one channel until none is due; how many were sent.
pub async fn deliver_channel(db: &Db, transports: &Transports, clock: &Clock, channel: Channel) -> db::Result<usize> {
    let mut sent = 0;
    loop {
        let now = clock.now();
        let due: Vec<store::Leased> =
            transact!(db, tx => store::list_due(tx, channel, now, (now.plus(LEASE), BATCH)).await)?;
        if due.is_empty() {
            return Ok(sent);
        }
        let mut under_way = JoinSet::new();
        for message in due {
            // One after the other, so that they do not meet in the counters.
            if let Some(outcome) = refuse(db, transports, channel, &message, clock.now()).await? {
                finish(db, channel, &message, outcome, clock.now()).await?;
                continue;
            }
            if !transports.is_remote(channel) {
                // In the order in which they were queued; nothing here has to be waited for.
                let outcome = attempt(transports, clock.now(), channel, &message).await;
                sent += usize::from(finish(db, channel, &message, outcome, clock.now()).await?);
                continue;
            }
            let (db, transports, clock) = (db.clone(), transports.clone(), clock.clone());
            under_way.spawn(async move {
                let outcome = attempt(&transports, clock.now(), channel, &message).await;
                finish(&db, channel, &message, outcome, clock.now()).await
            });
        }
        while let Some(done) = under_way.join_next().await {
            // A send that panicked keeps its lease and is tried again.
            sent += usize::from(done.unwrap_or(Ok(false))?);
        }
    }
}

/// What became of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Sent,
    /// To be tried again.
    Later,
    /// Never to be sent: refused by the receiving side for good, or tried too often.
    Failed,
    /// Never to be sent: a limit of ours.
    Refused,
    /// Nobody to send it to.
    Dropped,
}

impl Outcome {
    fn state(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Later => "queued",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Dropped => "dropped",
        }
    }
}

/// Writes down what became of a message; whether it was sent.
async fn finish(
    db: &Db,
    channel: Channel,
    message: &store::Leased,
    outcome: Outcome,
    now: Timestamp,
) -> db::Result<bool> {
    metrics::counter!("chamberlain_messages_total", "channel" => channel.as_str(), "outcome" => outcome.state())
        .increment(1);
    if outcome == Outcome::Later {
        let exponent = u32::try_from(message.attempts).unwrap_or(0).min(9);
        let due_at = now.plus(Duration::from_secs(1 << exponent));
        transact!(db, tx => store::save_delayed(tx, message.id, due_at).await)?;
    } else {
        transact!(db, tx => store::save_finished(tx, message.id, outcome.state(), now).await)?;
    }
    Ok(outcome == Outcome::Sent)
}

/// Whether a limit of ours keeps a message to a phone from being sent (AU-09).
async fn refuse(
    db: &Db,
    transports: &Transports,
    channel: Channel,
    message: &store::Leased,
    now: Timestamp,
) -> db::Result<Option<Outcome>> {
    let (Some(to), Some(content)) = (&message.recipient, &message.content) else { return Ok(Some(Outcome::Dropped)) };
    if !matches!(channel, Channel::Sms | Channel::Voice) {
        return Ok(None);
    }
    let of = Use { message: message.id, number: to, about: content.0.about() };
    let admitted: db::Result<_> = transact!(db, tx => numbers::admit(tx, of, &transports.numbers, now).await);
    Ok(admitted?.err().map(|limit| {
        tracing::error!(message = %message.id, limit, "a message to a phone was not sent");
        Outcome::Refused
    }))
}

async fn attempt(transports: &Transports, now: Timestamp, channel: Channel, message: &store::Leased) -> Outcome {
    let (Some(to), Some(content)) = (&message.recipient, &message.content) else { return Outcome::Dropped };
    let locale = message.locale.as_deref().and_then(Locale::parse).unwrap_or_default();
    let words = render(&content.0, channel, locale, &transports.sender);
    let parcel = Parcel { id: message.id, to, words: &words, locale, now };
    let Err(error) = transports.send(channel, parcel).await else { return Outcome::Sent };
    tracing::warn!(message = %message.id, attempts = message.attempts, error = %error, "a message could not be sent");
    if error.is_permanent() || message.attempts >= MAX_ATTEMPTS { Outcome::Failed } else { Outcome::Later }
}
