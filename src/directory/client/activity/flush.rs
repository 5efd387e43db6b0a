//! Writes what was noted: all that waits in one transaction, so that it costs one commit a second at most, and a reading request none.

use super::note::{Activity, Noted};
use super::store;
use crate::db::{self, Db, transact};
use crate::kernel::ids::ClientId;
use crate::kernel::random::Entropy;

/// How many requests are written in one transaction at most, so that nobody who writes waits long for it.
const BATCH: usize = 2_000;

/// Writes what waits. What cannot be written is lost: it is no record that anything rests on.
pub async fn flush(db: &Db, activity: &Activity, entropy: &Entropy) -> db::Result<()> {
    let mut waiting: Vec<(ClientId, Noted)> = activity.take().into_iter().collect();
    // In one order, so that nodes do not wait for each other crosswise.
    waiting.sort_by_key(|(client, _)| *client);
    while !waiting.is_empty() {
        let (mut taken, mut rows) = (0, 0);
        while taken < waiting.len() && rows < BATCH {
            rows += waiting.get(taken).map_or(0, |(_, noted)| noted.requests.len() + 1);
            taken += 1;
        }
        let part: Vec<_> = waiting.drain(..taken).collect();
        transact!(*db, tx => {
            for (client, noted) in &part {
                write(tx, *client, noted, entropy).await?;
            }
            Ok::<_, db::Error>(())
        })?;
    }
    Ok(())
}

async fn write(tx: &mut db::Tx, client: ClientId, noted: &Noted, entropy: &Entropy) -> db::Result<()> {
    if let Some(at) = noted.used_at {
        store::save_use(tx, client, at).await?;
    }
    for (habit, (times, last_at)) in &noted.habits {
        store::save_habit(tx, client, *habit, (*times, *last_at)).await?;
    }
    if !noted.requests.is_empty() {
        let rows: Vec<_> = noted.requests.iter().map(|request| (entropy.uuid(request.at), request)).collect();
        store::insert_requests(tx, client, &rows).await?;
        store::remove_surplus(tx, client).await?;
    }
    Ok(())
}
