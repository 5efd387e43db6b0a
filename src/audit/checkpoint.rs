//! Signed notes of where the chain stood, to be kept elsewhere (CR-09). Whoever owns the database alone can recompute a
//! chain from a changed line on, or cut its tail; they cannot make the chain agree with a note that has left the house.

use super::store;
use crate::db::{self, Tx};
use crate::kernel::hex::hex;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// What a note begins with: its kind and its version.
const PREFIX: &str = "chamberlain-audit-1";

/// Where the chain stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many lines were sealed.
    pub sequence: i64,
    /// The digest up to and including the last of them, in hexadecimal.
    pub head: String,
    /// When the note was made.
    pub at: Timestamp,
}

impl Checkpoint {
    /// The present end of the chain; `None` before anything is sealed.
    pub async fn take(tx: &mut Tx, now: Timestamp) -> db::Result<Option<Self>> {
        let found = store::find_chain(tx).await?;
        Ok(found.map(|(sequence, chain)| Self { sequence, head: hex(&chain), at: now }))
    }

    fn content(&self) -> String {
        format!("{PREFIX}.{}.{}.{}", self.sequence, self.head, self.at.0)
    }

    /// As one line of text, signed with a key that is not in the database.
    pub fn to_text(&self, sign: impl Fn(&[u8]) -> [u8; 32]) -> String {
        let content = self.content();
        format!("{content}.{}", hex(&sign(content.as_bytes())))
    }

    /// Reads a note; `None` unless it was signed with the same key.
    pub fn parse(text: &str, sign: impl Fn(&[u8]) -> [u8; 32]) -> Option<Self> {
        let (content, signature) = text.trim().rsplit_once('.')?;
        // Digests compare in constant time (CR-07).
        let right = hex(&sign(content.as_bytes()));
        if Digest::of(right.as_bytes()) != Digest::of(signature.as_bytes()) {
            return None;
        }
        let mut parts = content.strip_prefix(PREFIX)?.strip_prefix('.')?.split('.');
        let (sequence, head, at) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { sequence: sequence.parse().ok()?, head: head.to_owned(), at: Timestamp(at.parse().ok()?) })
    }

    /// Whether the log still holds the line at which the note was made, with the same digest. The chain itself is
    /// verified by [`super::chain::verify`].
    pub async fn agrees(&self, tx: &mut Tx) -> db::Result<bool> {
        Ok(store::find_sealed(tx, self.sequence).await?.is_some_and(|chain| hex(&chain) == self.head))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_back_and_every_change_of_it_is_noticed() {
        let sign = |key: u8| {
            move |bytes: &[u8]| {
                let mut mac = [key; 32];
                bytes
                    .iter()
                    .enumerate()
                    .for_each(|(at, byte)| mac[at % 32] = mac[at % 32].wrapping_mul(31).wrapping_add(*byte));
                mac
            }
        };
        let note = Checkpoint { sequence: 42, head: "ab12".to_owned(), at: Timestamp(7) };
        let text = note.to_text(sign(1));
        assert_eq!(Checkpoint::parse(&format!(" {text}\n"), sign(1)), Some(note));
        assert_eq!(Checkpoint::parse(&text, sign(2)), None);
        for (old, new) in [(".42.", ".43."), ("ab12", "ab13"), (".7.", ".8."), ("audit-1", "audit-2"), (".", "")] {
            assert_eq!(Checkpoint::parse(&text.replacen(old, new, 1), sign(1)), None, "{old}");
        }
    }
}
