//! Randomness. The only file that makes random numbers or new ids.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;

use super::time::Timestamp;

/// A source of random bytes: the operating system's generator, or a seeded one in tests.
#[derive(Clone)]
pub struct Entropy(Arc<Mutex<StdRng>>);

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}

impl Entropy {
    /// A cryptographic generator seeded by the operating system (CR-08).
    pub fn system() -> Self {
        Self(Arc::new(Mutex::new(rand::make_rng())))
    }

    /// A generator that always gives the same sequence: for tests and for nothing else.
    #[expect(clippy::disallowed_methods, reason = "the one place that makes generators")]
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Fills an array with random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// A new `UUIDv7` for the given instant.
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.0.div_euclid(1_000)).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// A uniformly random number below `bound` (rejection sampling, no modulo bias). `bound` must not be zero.
    pub fn below(&self, bound: u32) -> u32 {
        let limit = u32::MAX - (u32::MAX % bound.max(1));
        loop {
            let draw = u32::from_le_bytes(self.bytes());
            if draw < limit {
                return draw % bound.max(1);
            }
        }
    }
}
