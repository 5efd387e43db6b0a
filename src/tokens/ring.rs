//! The keys in memory at one instant, and which of the stored ones they are.

use std::sync::Arc;

use axum::body::Bytes;
use serde_json::{Value, json};

use super::document::Document;
use super::key_use::{KeyType, KeyUse};
use super::keys::{KEPT_AFTER_USE, KeyError, StoredKey};
use super::opening_key::OpeningKey;
use super::signing_key::{Algorithm, SigningKey};
use crate::kernel::ids::KeyId;
use crate::kernel::time::Timestamp;
use crate::proofs::KeyManagement;
use crate::proofs::jwe::Jwe;

/// How many keys are tried for something that does not name its one: the next, the present and the last one.
const MOST_TRIED: usize = 3;

/// The keys in memory at one instant.
#[derive(Debug)]
pub struct Ring {
    signing: Vec<Arc<SigningKey>>,
    opening: Vec<OpeningKey>,
    pub(super) ids: Vec<KeyId>,
    jwks: Document,
    pub(super) built_at: Timestamp,
}

impl Ring {
    /// A ring without keys.
    pub(super) fn empty(now: Timestamp) -> Self {
        let (signing, opening, ids) = (Vec::new(), Vec::new(), Vec::new());
        Self { signing, opening, ids, jwks: Document::new(Bytes::new()), built_at: now }
    }

    /// Takes in what is needed at `now` of the stored keys, which are in the order of `active_from`; `open` unseals one.
    pub(super) fn build<P: AsRef<[u8]>>(
        stored: &[StoredKey],
        now: Timestamp,
        open: impl Fn(&StoredKey) -> Result<P, KeyError>,
    ) -> Result<Self, KeyError> {
        let (mut signing, mut opening, mut public) = (Vec::new(), Vec::new(), Vec::<Value>::new());
        for key in stored.iter().filter(|key| is_needed(stored, key, now)) {
            let private = open(key)?;
            match key.key_use {
                KeyUse::Signing(algorithm) => {
                    let read = SigningKey::parse(key.id, algorithm, key.active_from, private.as_ref())?;
                    public.push(read.public.clone());
                    signing.push(Arc::new(read));
                }
                KeyUse::Opening(key_type) => {
                    let read = OpeningKey::parse(key_type, key.active_from, private.as_ref())?;
                    if !is_succeeded(stored, key, now) {
                        public.push(read.public.clone());
                    }
                    opening.push(read);
                }
            }
        }
        let jwks = Document::new(json!({ "keys": public }).to_string().into());
        Ok(Self { signing, opening, ids: stored.iter().map(|key| key.id).collect(), jwks, built_at: now })
    }

    /// The key that signs at `now`: the youngest one that is active.
    pub fn signer(&self, algorithm: Algorithm, now: Timestamp) -> Option<&Arc<SigningKey>> {
        self.signing.iter().rev().find(|key| key.algorithm == algorithm && key.active_from <= now)
    }

    /// A published key by its name (RFC 7515 §4.1.4): for checking what we signed.
    pub fn find(&self, kid: &str) -> Option<&Arc<SigningKey>> {
        self.signing.iter().find(|key| key.kid == kid)
    }

    /// The key set as published (RFC 7517 §5), made once.
    pub fn jwks(&self) -> &Document {
        &self.jwks
    }

    /// All published keys that sign, did or will.
    pub fn published(&self) -> impl Iterator<Item = &SigningKey> {
        self.signing.iter().map(AsRef::as_ref)
    }

    /// Whether there is a key for this in use.
    pub(super) fn has(&self, key_use: KeyUse, now: Timestamp) -> bool {
        match key_use {
            KeyUse::Signing(algorithm) => self.signer(algorithm, now).is_some(),
            KeyUse::Opening(key_type) => {
                self.opening.iter().any(|key| key.key_type == key_type && key.active_from <= now)
            }
        }
    }

    /// What is in something encrypted to us: by the key that it names, or by any where it names none (RFC 7516 §5.2).
    pub fn open(&self, encrypted: &Jwe<'_>) -> Option<String> {
        let key_type = if encrypted.alg == KeyManagement::RsaOaep256 { KeyType::Rsa } else { KeyType::Ec };
        let is_meant =
            |key: &&OpeningKey| key.key_type == key_type && encrypted.kid.as_ref().is_none_or(|kid| *kid == key.kid);
        self.opening.iter().rev().filter(is_meant).take(MOST_TRIED).find_map(|key| key.open(encrypted))
    }
}

/// From when on a younger key is used instead of this one; `keys` are in the order of `active_from`.
fn succeeded_at(keys: &[StoredKey], key: &StoredKey) -> Option<Timestamp> {
    let is_younger = |other: &&StoredKey| other.key_use == key.key_use && other.active_from > key.active_from;
    keys.iter().find(is_younger).map(|younger| younger.active_from)
}

/// Whether a younger key is used already. Nobody is given this one any more to encrypt to; who was given it may go on for as long as a key
/// set is kept.
pub fn is_succeeded(keys: &[StoredKey], key: &StoredKey, now: Timestamp) -> bool {
    succeeded_at(keys, key).is_some_and(|at| at <= now)
}

/// Which of the stored keys are needed at `now`: all but those whose successor has been active for longer than any token lives.
pub(super) fn is_needed(keys: &[StoredKey], key: &StoredKey, now: Timestamp) -> bool {
    succeeded_at(keys, key).is_none_or(|at| now < at.plus(KEPT_AFTER_USE))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::tokens::keys::PUBLISHED_BEFORE_USE;

    fn key(n: u128, active_from: Timestamp) -> StoredKey {
        let (id, created_at) = (KeyId(uuid::Uuid::from_u128(n)), Timestamp(0));
        let key_use = KeyUse::Signing(Algorithm::Es256);
        StoredKey { id, key_use, kid: n.to_string(), sealed: Vec::new(), created_at, active_from }
    }

    #[test]
    fn a_key_is_kept_until_its_last_token_has_expired() {
        let day = Timestamp(0).plus(PUBLISHED_BEFORE_USE);
        let keys = [key(1, Timestamp(0)), key(2, day)];
        let end = day.plus(KEPT_AFTER_USE);
        assert!(is_needed(&keys, &keys[0], Timestamp(0)) && is_needed(&keys, &keys[1], Timestamp(0)));
        assert!(is_needed(&keys, &keys[0], end.minus(Duration::from_secs(1))));
        assert!(!is_needed(&keys, &keys[0], end));
        assert!(is_needed(&keys, &keys[1], end));
        assert!(is_succeeded(&keys, &keys[0], day) && !is_succeeded(&keys, &keys[1], end));
        assert!(!is_succeeded(&keys, &keys[0], day.minus(Duration::from_secs(1))));
    }
}
