//! Sealing at rest: AES-256-GCM under the key-encryption key of the configuration.
//!
//! Each value is bound to its place (table, row, column), so that a ciphertext moved elsewhere does not open (CR-02).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use openssl::symm::{Cipher, decrypt_aead, encrypt_aead};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::random::Entropy;

const VERSION: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;

/// The key-encryption key: 256 bits from the configuration, never stored in the database (CR-05).
#[derive(Clone)]
pub struct Kek(Zeroizing<[u8; 32]>);

impl fmt::Debug for Kek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kek(…)")
    }
}

/// Why something could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The configured key is not 32 bytes of base64.
    #[error("the key-encryption key must be 32 random bytes in base64; make one with `openssl rand -base64 32`")]
    Malformed,
    /// Wrong key, wrong place, or changed bytes.
    #[error(
        "a sealed value does not open: the key-encryption key is not the one it was sealed with, or the row was changed"
    )]
    DoesNotOpen,
    /// OpenSSL refused.
    #[error("sealing failed")]
    OpenSsl(#[from] openssl::error::ErrorStack),
}

/// Where a sealed value is stored.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The table.
    pub table: &'static str,
    /// The primary key of the row, as text.
    pub row: &'a str,
    /// The column.
    pub column: &'static str,
}

impl Place<'_> {
    fn associated_data(&self) -> Vec<u8> {
        [self.table, self.row, self.column].join("\0").into_bytes()
    }
}

impl Kek {
    /// Reads 32 bytes of base64 (either alphabet).
    pub fn parse(text: &str) -> Result<Self, SealError> {
        let text = text.trim();
        let bytes =
            STANDARD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)).or_else(|_| URL_SAFE_NO_PAD.decode(text));
        let bytes = Zeroizing::new(bytes.map_err(|_| SealError::Malformed)?);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| SealError::Malformed)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// A fresh key, for the demo and for tests.
    pub fn generate(entropy: &Entropy) -> Self {
        Self(Zeroizing::new(entropy.bytes()))
    }

    /// The key as [`Kek::parse`] reads it.
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0.as_slice()))
    }

    /// HMAC-SHA-256 of `message` under a key derived for one purpose.
    pub fn derive(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        let key = hmac(self.0.as_slice(), purpose.as_bytes());
        hmac(&key, message)
    }

    /// A key for one purpose, under which so much is sealed that it must not wear out this one.
    #[must_use]
    pub fn derived(&self, purpose: &str) -> Self {
        Self(Zeroizing::new(self.derive(purpose, b"key")))
    }

    /// Seals `plain` for one place: version, nonce, ciphertext, tag.
    pub fn seal(&self, place: Place<'_>, plain: &[u8], entropy: &Entropy) -> Result<Vec<u8>, SealError> {
        let nonce = entropy.bytes::<NONCE>();
        let mut tag = [0; TAG];
        let aad = place.associated_data();
        let sealed = encrypt_aead(Cipher::aes_256_gcm(), self.0.as_slice(), Some(&nonce), &aad, plain, &mut tag)?;
        Ok([&[VERSION], nonce.as_slice(), &sealed, &tag].concat())
    }

    /// Opens what [`Kek::seal`] made for the same place.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let body = sealed.strip_prefix(&[VERSION]).ok_or(SealError::DoesNotOpen)?;
        let (nonce, rest) = body.split_at_checked(NONCE).ok_or(SealError::DoesNotOpen)?;
        let end = rest.len().checked_sub(TAG).ok_or(SealError::DoesNotOpen)?;
        let (text, tag) = rest.split_at(end);
        let aad = place.associated_data();
        decrypt_aead(Cipher::aes_256_gcm(), self.0.as_slice(), Some(nonce), &aad, text, tag)
            .map(Zeroizing::new)
            .map_err(|_| SealError::DoesNotOpen)
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes a key of any length; the error cannot happen and an all-zero answer would be refused by every check.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'static> = Place { table: "signing_keys", row: "1", column: "sealed" };

    #[test]
    fn opens_in_its_place_only() {
        let entropy = Entropy::seeded(1);
        let kek = Kek::generate(&entropy);
        let sealed = kek.seal(HERE, b"secret", &entropy).unwrap();
        assert_eq!(kek.open(HERE, &sealed).unwrap().as_slice(), b"secret");
        for elsewhere in [Place { row: "2", ..HERE }, Place { table: "x", ..HERE }, Place { column: "x", ..HERE }] {
            assert!(matches!(kek.open(elsewhere, &sealed), Err(SealError::DoesNotOpen)));
        }
        assert!(matches!(Kek::generate(&entropy).open(HERE, &sealed), Err(SealError::DoesNotOpen)));
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let entropy = Entropy::seeded(2);
        let kek = Kek::generate(&entropy);
        let sealed = kek.seal(HERE, b"secret", &entropy).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(kek.open(HERE, &changed).is_err());
            assert!(kek.open(HERE, &sealed[..at]).is_err());
        }
    }

    #[test]
    fn reads_its_own_base64_and_nothing_shorter() {
        let kek = Kek::generate(&Entropy::seeded(3));
        assert_eq!(Kek::parse(&kek.to_base64()).unwrap().derive("a", b"b"), kek.derive("a", b"b"));
        assert!(matches!(Kek::parse("c2hvcnQ="), Err(SealError::Malformed)));
    }
}
