//! Fetching (RFC 8936): what waits is given out again and again until the client acknowledges it.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Status, Stream};
use super::store;
use super::verify::UPDATED;
use crate::db::{self, Db, transact};
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
    pub taken: BTreeSet<DeliveryId>,
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
    let mut refused: BTreeMap<&str, BTreeSet<DeliveryId>> = BTreeMap::new();
    for (id, word) in &settled.refused {
        refused.entry(word).or_default().insert(*id);
    }
    transact!(*db, tx => {
        if !settled.taken.is_empty() {
            store::save_finished(tx, (client.id, &settled.taken), (State::Sent, ""), now).await?;
        }
        for (word, ids) in &refused {
            store::save_finished(tx, (client.id, ids), (State::Failed, word), now).await?;
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
    // Nothing but what has become of the stream, while it is held back.
    let only = (stream.status != Status::Enabled).then_some(UPDATED);
    let tx = &mut db.reader().await?;
    let waiting = store::list_held(tx, client.id, (only, limit.saturating_add(1)), now).await?;
    let mut batch = Batch { more: i64::try_from(waiting.len()).unwrap_or(limit) > limit, sets: Vec::new() };
    let given = waiting.into_iter().take(usize::try_from(limit).unwrap_or(0));
    let subjects = sender.tokens.keys.subjects();
    let named: Vec<_> = given.map(|held| (held.content.named(subjects, &client.settings), held)).collect();
    let names = named.iter().map(|(content, _)| content.sub.clone()).collect();
    let silent = store::list_silent(tx, stream.id, &names).await?;
    let mut dropped = BTreeSet::new();
    for (content, held) in named {
        if silent.contains(&content.sub) {
            dropped.insert(held.id);
            continue;
        }
        let token = deliver::sign_event(db, sender, client, (held.id, &content, held.created_at)).await?;
        batch.sets.push((held.id, token));
    }
    if !dropped.is_empty() {
        let done: db::Result<()> = transact!(*db, tx =>
            store::save_finished(tx, (client.id, &dropped), (State::Dropped, ""), now).await);
        done?;
    }
    Ok(batch)
}
