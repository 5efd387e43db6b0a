//! Proofs that work once, on all nodes: by one insert that does nothing the second time (OA-37, OA-40).

use super::once_store as store;
use crate::db::{self, Db, Tx, transact};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// Something that was signed to be used once, until it expires by itself.
#[derive(Clone, Copy, Debug)]
pub struct Once {
    pub(super) digest: Digest,
    pub(super) until: Timestamp,
}

impl Once {
    /// Of one kind, named by these words; after `until` it is refused for its age.
    pub fn new(kind: &str, words: &[&str], until: Timestamp) -> Self {
        // Lengths before words: no two lists of words read alike.
        let words = words.iter().map(|word| format!("\0{}\0{word}", word.len()));
        let text: String = std::iter::once(kind.to_owned()).chain(words).collect();
        Self { digest: Digest::of(text.as_bytes()), until }
    }
}

/// Uses proofs up together; the place of the first that was used before, if one was. The others are used up all the same: a request brings
/// its proofs once.
pub async fn use_up(db: &Db, proofs: &[Once]) -> db::Result<Option<usize>> {
    if proofs.is_empty() { Ok(None) } else { transact!(db, tx => use_up_within(tx, proofs).await) }
}

/// The same within a transaction, which has to be committed whatever comes of it.
pub async fn use_up_within(tx: &mut Tx, proofs: &[Once]) -> db::Result<Option<usize>> {
    let taken: Vec<Digest> = match proofs {
        [] => return Ok(None),
        [one] => store::insert(tx, *one).await?,
        [one, other, ..] => store::insert_both(tx, *one, *other).await?,
    };
    Ok(proofs.iter().position(|proof| !taken.contains(&proof.digest)))
}
