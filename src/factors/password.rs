//! Password hashes: argon2id, 19 MiB, two passes, one lane (OWASP), in PHC form. Memory is used again and again, and
//! no more than a few hashes are computed at once, so that a flood of sign-ins costs neither memory nor latency (IN-18).

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use super::foreign_hash::ForeignHash;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;
/// Fewest bytes of a salt that the function takes.
pub(super) const SALT_BYTES: usize = 8;
const PREFIX: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// Longest password in bytes (AU-25); every byte up to it counts.
pub const MAX_BYTES: usize = 1_024;

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// All hashers are busy and enough others wait; nothing was counted (IN-18).
    #[error("too many sign-ins at once")]
    Overloaded,
    /// The hash could not be computed.
    #[error("the password could not be hashed")]
    Failed,
}

/// Hashes passwords; cheap to clone.
#[derive(Clone)]
pub struct Hasher(Arc<Inner>);

struct Inner {
    working: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    memory: Mutex<Vec<Vec<Block>>>,
    computed: AtomicU64,
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

/// A place among the hashers. Take it before anything is counted.
#[derive(Debug)]
pub struct Slot {
    _waiting: OwnedSemaphorePermit,
    _working: OwnedSemaphorePermit,
}

impl Hasher {
    /// As many at once as `working`, as many more waiting as `waiting`.
    pub fn new(working: usize, waiting: usize) -> Self {
        let waiting = Arc::new(Semaphore::new(working.saturating_add(waiting)));
        Self(Arc::new(Inner {
            working: Arc::new(Semaphore::new(working)),
            waiting,
            memory: Mutex::default(),
            computed: AtomicU64::new(0),
        }))
    }

    /// Waits for a place, or says at once that too many wait.
    pub async fn reserve(&self) -> Result<Slot, PasswordError> {
        let waiting = Arc::clone(&self.0.waiting).try_acquire_owned().map_err(|_| PasswordError::Overloaded)?;
        let working = Arc::clone(&self.0.working).acquire_owned().await.map_err(|_| PasswordError::Overloaded)?;
        Ok(Slot { _waiting: waiting, _working: working })
    }

    /// How many hashes were computed so far, for somebody or for nobody.
    pub fn computed(&self) -> u64 {
        self.0.computed.load(Ordering::Relaxed)
    }

    /// The PHC string of a new password.
    pub async fn hash(&self, slot: Slot, password: &str, salt: [u8; 16]) -> Result<String, PasswordError> {
        let hash = self.compute(slot, password, salt.to_vec()).await?;
        Ok(format!("{PREFIX}{}${}", STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(&*hash)))
    }

    /// Whether the password is the stored one, by whatever function it was hashed. Without a stored hash the same work is done for
    /// nothing (AU-23).
    pub async fn verify(&self, slot: Slot, password: &str, stored: Option<&str>) -> Result<bool, PasswordError> {
        if let Some(foreign) = stored.filter(|stored| !is_ours(stored)).and_then(|text| ForeignHash::parse(text).ok()) {
            let password = Zeroizing::new(password.to_owned());
            let work = move || {
                let is_right = foreign.matches(&password);
                drop(slot);
                is_right
            };
            return tokio::task::spawn_blocking(work).await.map_err(|_| PasswordError::Failed);
        }
        let known = stored.and_then(parse);
        let salt = known.as_ref().map_or_else(|| vec![0; 16], |(salt, _)| salt.clone());
        let hash = self.compute(slot, password, salt).await?;
        Ok(known.is_some_and(|(_, expected)| expected.as_slice().ct_eq(hash.as_slice()).into()))
    }

    async fn compute(&self, slot: Slot, password: &str, salt: Vec<u8>) -> Result<Zeroizing<Vec<u8>>, PasswordError> {
        let password = Zeroizing::new(password.to_owned());
        let inner = Arc::clone(&self.0);
        let work = move || {
            let mut memory = inner.lend();
            let mut out = Zeroizing::new(vec![0; HASH_BYTES]);
            let done = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_BYTES)).map(|params| {
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into_with_memory(
                    password.as_bytes(),
                    &salt,
                    &mut out,
                    memory.as_mut_slice(),
                )
            });
            inner.take_back(memory);
            inner.computed.fetch_add(1, Ordering::Relaxed);
            drop(slot);
            matches!(done, Ok(Ok(()))).then_some(out)
        };
        tokio::task::spawn_blocking(work).await.ok().flatten().ok_or(PasswordError::Failed)
    }
}

impl Inner {
    fn lend(&self) -> Vec<Block> {
        let spare = self.memory.lock().unwrap_or_else(PoisonError::into_inner).pop();
        spare.unwrap_or_else(|| vec![Block::default(); MEMORY_KIB as usize])
    }

    fn take_back(&self, memory: Vec<Block>) {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
    }
}

/// Whether a stored hash is one that we make today; others are replaced when their owner signs in.
pub fn is_ours(stored: &str) -> bool {
    parse(stored).is_some_and(|(salt, hash)| salt.len() >= SALT_BYTES && hash.len() == HASH_BYTES)
}

/// Salt and hash of a PHC string with our parameters.
fn parse(stored: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let (salt, hash) = stored.strip_prefix(PREFIX)?.split_once('$')?;
    Some((STANDARD_NO_PAD.decode(salt).ok()?, STANDARD_NO_PAD.decode(hash).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_byte_counts_and_no_hash_is_never_right() {
        let hasher = Hasher::new(1, 4);
        let long = "é".repeat(100);
        let stored = hasher.hash(hasher.reserve().await.unwrap(), &long, [7; 16]).await.unwrap();
        let check = async |password: &str, stored: Option<&str>| {
            hasher.verify(hasher.reserve().await.unwrap(), password, stored).await.unwrap()
        };
        assert!(check(&long, Some(&stored)).await);
        assert!(!check(&format!("{long} "), Some(&stored)).await);
        assert!(!check(&format!("{long}\0"), Some(&stored)).await);
        assert!(!check("", None).await);
    }

    #[tokio::test]
    async fn in_18_more_than_the_queue_holds_is_refused_at_once() {
        let hasher = Hasher::new(1, 0);
        let held = hasher.reserve().await.unwrap();
        assert!(matches!(hasher.reserve().await, Err(PasswordError::Overloaded)));
        drop(held);
        assert!(hasher.reserve().await.is_ok());
    }
}
