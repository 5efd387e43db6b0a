//! The keys by which factors are kept at rest: secrets of authenticator apps sealed, recovery codes as keyed digests. Both are worth
//! nothing to whoever has the database alone (ASVS 6.5.2, 11.2).

use std::fmt;

use crate::kernel::ids::UserId;
use crate::kernel::random::Entropy;
use crate::kernel::seal::{Kek, Place, SealError};
use crate::kernel::secret::Digest;
use zeroize::Zeroizing;

/// The keys; cheap to clone.
#[derive(Clone)]
pub struct Vault {
    kek: Kek,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// Under a key of its own, derived from the key-encryption key.
    pub fn new(kek: &Kek) -> Self {
        Self { kek: kek.derived("factors") }
    }

    /// Seals bytes for one place of the database.
    pub fn seal(&self, place: Place<'_>, plain: &[u8], entropy: &Entropy) -> Result<Vec<u8>, SealError> {
        self.kek.seal(place, plain, entropy)
    }

    /// Opens what was sealed for that place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.kek.open(place, sealed)
    }

    /// What is stored of a recovery code: of its owner, so that equal codes of two people do not look alike.
    pub fn recovery_digest(&self, user: UserId, code: &str) -> Digest {
        let message = [user.0.as_bytes().as_slice(), code.as_bytes()].concat();
        Digest::from_bytes(self.kek.derive("recovery code", &message))
    }
}
