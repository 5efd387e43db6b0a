//! One key that others encrypt to: read back, and its public half.

use std::fmt;

use josekit::jwk::Jwk;
use serde_json::{Value, json};

use super::key_pair::thumbprint;
use super::key_use::KeyType;
use super::signing_key::CryptoError;
use crate::kernel::time::Timestamp;
use crate::proofs::KeyManagement;
use crate::proofs::jwe::Jwe;
use crate::proofs::private_key::PrivateKey;

/// A key in memory: parsed once, shared by all requests.
pub struct OpeningKey {
    /// Its name: the RFC 7638 thumbprint.
    pub kid: String,
    /// Of which kind it is.
    pub key_type: KeyType,
    /// From when on the one before it is published no more.
    pub active_from: Timestamp,
    /// The public half as published: with `kid` and `use` (RFC 7517 §4).
    pub public: Value,
    private: PrivateKey,
}

impl fmt::Debug for OpeningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpeningKey({})", self.kid)
    }
}

impl OpeningKey {
    /// Reads a private JWK.
    pub fn parse(key_type: KeyType, active_from: Timestamp, private: &[u8]) -> Result<Self, CryptoError> {
        let jwk = Jwk::from_bytes(private)?;
        let kid = thumbprint(&jwk);
        let mut public: Value = serde_json::to_value(jwk.to_public_key()?)?;
        if let Some(members) = public.as_object_mut() {
            members.extend([("kid".to_owned(), json!(kid)), ("use".to_owned(), json!("enc"))]);
            // RFC 7517 §4.4: a key that serves several algorithms names none.
            let only = (key_type == KeyType::Rsa).then(|| ("alg".to_owned(), json!(KeyManagement::RsaOaep256)));
            members.extend(only);
        }
        Ok(Self { kid, key_type, active_from, public, private: PrivateKey::parse(&jwk)? })
    }

    /// What is in it, if it was encrypted to this key.
    pub fn open(&self, encrypted: &Jwe<'_>) -> Option<String> {
        encrypted.open(&self.private)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::key_pair::KeyPair;
    use crate::tokens::key_use::KeyUse;

    #[test]
    fn the_published_half_holds_nothing_private() {
        for (key_type, expected) in [
            (KeyType::Ec, &["crv", "kid", "kty", "use", "x", "y"][..]),
            (KeyType::Rsa, &["alg", "e", "kid", "kty", "n", "use"]),
        ] {
            let made = KeyPair::generate(KeyUse::Opening(key_type)).unwrap();
            let key = OpeningKey::parse(key_type, Timestamp(0), &made.private).unwrap();
            let mut names: Vec<_> = key.public.as_object().unwrap().keys().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!((names.as_slice(), key.public["use"].as_str()), (expected, Some("enc")));
        }
    }
}
