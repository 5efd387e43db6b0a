//! The hash chain over the log (CR-09): each line's digest covers the line and the digest before it.

use sha2::{Digest as _, Sha256};

use super::store::{self, Row};
use crate::db::{self, Db, Tx, transact};
use crate::kernel::hex::hex;

/// How many lines are sealed in one transaction.
const BATCH: i64 = 500;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many sealed lines are intact.
    pub sealed: i64,
    /// The last digest, in hexadecimal; compare it with one noted elsewhere to find a cut tail.
    pub head: String,
    /// Lines that wait to be sealed; no more than a second old while a server runs.
    pub tail: i64,
    /// The first place at which the chain is broken.
    pub broken_at: Option<i64>,
}

/// Links the lines that are not sealed yet into the chain; gives how many.
pub async fn seal(db: &Db) -> db::Result<usize> {
    transact!(db, tx => seal_batch(tx).await)
}

async fn seal_batch(tx: &mut Tx) -> db::Result<usize> {
    let rows = store::list_unsealed(tx, BATCH).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let (mut sequence, mut chain) = store::find_chain(tx).await?.unwrap_or((0, vec![0; 32]));
    let mut links = Vec::with_capacity(rows.len());
    for row in &rows {
        sequence += 1;
        chain = link(&chain, sequence, row);
        links.push((row.id, sequence, chain.clone()));
    }
    store::save_sealed(tx, &links).await?;
    store::save_chain(tx, sequence, &chain).await?;
    Ok(rows.len())
}

/// How many lines the chain has.
pub async fn length(tx: &mut Tx) -> db::Result<i64> {
    Ok(store::find_chain(tx).await?.map_or(0, |(sequence, _)| sequence))
}

/// Recomputes the whole chain.
pub async fn verify(tx: &mut Tx) -> db::Result<Verified> {
    let (mut sequence, mut chain) = (0, vec![0; 32]);
    let mut broken_at = None;
    while broken_at.is_none() {
        let rows = store::list_sealed(tx, sequence, BATCH).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            let expected = link(&chain, sequence + 1, row);
            if row.sequence != Some(sequence + 1) || row.chain.as_deref() != Some(expected.as_slice()) {
                broken_at = Some(sequence + 1);
                break;
            }
            sequence += 1;
            chain = expected;
        }
    }
    let head = store::find_chain(tx).await?;
    if broken_at.is_none() && head.is_some_and(|head| head != (sequence, chain.clone())) {
        broken_at = Some(sequence + 1);
    }
    let head = hex(&chain);
    Ok(Verified { sealed: sequence, head, tail: store::count_unsealed(tx).await?, broken_at })
}

/// SHA-256 over the digest before, the place, and every column, each with its length before it.
fn link(before: &[u8], sequence: i64, row: &Row) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(sequence.to_be_bytes());
    let optional = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let columns = [
        row.id.to_string(),
        row.at.0.to_string(),
        row.kind.clone(),
        row.actor_kind.clone().unwrap_or_default(),
        optional(row.actor_id),
        optional(row.via.map(|id| id.0)),
        optional(row.organisation_id.map(|id| id.0)),
        optional(row.application_id.map(|id| id.0)),
        row.subject_kind.clone(),
        row.subject_id.to_string(),
        row.details.clone(),
        row.channel.clone(),
        row.request_id.clone(),
        row.ip.clone().unwrap_or_default(),
    ];
    for column in columns {
        hash.update((column.len() as u64).to_be_bytes());
        hash.update(column.as_bytes());
    }
    hash.finalize().to_vec()
}
