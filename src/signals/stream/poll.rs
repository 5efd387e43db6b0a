//! Fetching (RFC 8936): what waits is given out again and again until the client acknowledges it.

use super::model::{Status, Stream};
use super::store;
use super::verify::UPDATED;
use crate::db::{self, Db, Tx, transact};
use crate::directory::client::model::Client;
use crate::kernel::ids::DeliveryId;
use crate::kernel::time::Timestamp;
use crate::signals::deliver::{self, Sender};
use crate::signals::model::State;
use crate::tokens::KeyError;

/// Most events of one answer.
pub const MAX_EVENTS: i64 = 100;

/// Most events that are acknowledged or refused by one request.
pub const MAX_SETTLED: usize = 1_000;

/// What a client has come to with what it was given before.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// Taken (RFC 8936 §2.2, `ack`).
    pub taken: Vec<DeliveryId>,
    /// Not taken, and in which word (`setErrs`).
    pub refused: Vec<(DeliveryId, String)>,
}

/// What is given out.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// `jti` and token, the oldest first.
    pub sets: Vec<(DeliveryId, String)>,
    /// Whether there is more.
    pub more: bool,
}

/// Why nothing is given out.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// Nothing could be signed.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Takes note of what the client has come to; what is not its own, or over already, is nobody's business (RFC 8936 §2.4).
pub async fn settle(db: &Db, client: &Client, settled: &Settled, now: Timestamp) -> db::Result<()> {
    if settled.taken.is_empty() && settled.refused.is_empty() {
        return Ok(());
    }
    transact!(*db, tx => {
        for id in &settled.taken {
            store::save_finished(tx, (client.id, *id), (State::Sent.as_str(), ""), now).await?;
        }
        for (id, word) in &settled.refused {
            store::save_finished(tx, (client.id, *id), (State::Failed.as_str(), word), now).await?;
        }
        Ok(())
    })
}

/// What waits, signed.
pub async fn fetch(
    db: &Db,
    sender: &Sender,
    (client, stream): (&Client, &Stream),
    limit: i64,
    now: Timestamp,
) -> Result<Batch, PollError> {
    let waiting = store::list_held(&mut db.reader().await?, client.id, now, limit.saturating_add(1)).await?;
    let mut batch = Batch { more: i64::try_from(waiting.len()).unwrap_or(limit) > limit, sets: Vec::new() };
    let mut silent = Vec::new();
    for held in waiting.into_iter().take(usize::try_from(limit).unwrap_or(0)) {
        let of_stream = held.content.event.as_deref() == Some(UPDATED);
        if stream.status != Status::Enabled && !of_stream {
            continue;
        }
        let content = held.content.named(sender.tokens.keys.subjects(), &client.settings);
        if store::is_silent(&mut db.reader().await?, stream.id, &content.sub).await? {
            silent.push(held.id);
            continue;
        }
        batch
            .sets
            .push((held.id, deliver::sign_event(db, sender, client, (held.id, &content, held.created_at)).await?));
    }
    if !silent.is_empty() {
        transact!(*db, tx => drop_all(tx, client, &silent, now).await)?;
    }
    Ok(batch)
}

async fn drop_all(tx: &mut Tx, client: &Client, ids: &[DeliveryId], now: Timestamp) -> db::Result<()> {
    for id in ids {
        store::save_finished(tx, (client.id, *id), (State::Dropped.as_str(), ""), now).await?;
    }
    Ok(())
}
