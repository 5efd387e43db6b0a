//! One signing key: read back, and its public half.

use std::fmt;

use josekit::jwk::Jwk;
use josekit::jws::{ES256, EdDSA, JwsSigner, JwsVerifier, PS256, RS256};
use serde_json::{Value, json};

use super::key_pair::thumbprint;
use crate::kernel::ids::KeyId;
use crate::kernel::time::Timestamp;

/// What the server signs with: ES256 unless a client asks for another one (RFC 7518 §3.1, RFC 8037 §3.1).
pub use crate::proofs::Algorithm;

/// Why a key could not be made, read or used.
#[derive(Debug, thiserror::Error)]
#[error("signing key: {0}")]
pub struct CryptoError(String);

impl CryptoError {
    /// What a library said.
    pub(super) fn new(error: &impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl From<josekit::JoseError> for CryptoError {
    fn from(error: josekit::JoseError) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for CryptoError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// A key in memory: parsed once, shared by all requests.
pub struct SigningKey {
    /// Its row.
    pub id: KeyId,
    /// Its name in JWT headers: the RFC 7638 thumbprint.
    pub kid: String,
    /// The only algorithm it is used with (OA-33).
    pub algorithm: Algorithm,
    /// From when on it signs; it is published from its creation.
    pub active_from: Timestamp,
    /// The public half as published: with `kid`, `alg` and `use` (RFC 7517 §4).
    pub public: Value,
    signer: Box<dyn JwsSigner>,
    verifier: Box<dyn JwsVerifier>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, {})", self.algorithm.as_str(), self.kid)
    }
}

impl SigningKey {
    /// Reads a private JWK.
    pub fn parse(id: KeyId, algorithm: Algorithm, active_from: Timestamp, private: &[u8]) -> Result<Self, CryptoError> {
        let jwk = Jwk::from_bytes(private)?;
        let public = jwk.to_public_key()?;
        let (signer, verifier): (Box<dyn JwsSigner>, Box<dyn JwsVerifier>) = match algorithm {
            Algorithm::Es256 => (Box::new(ES256.signer_from_jwk(&jwk)?), Box::new(ES256.verifier_from_jwk(&public)?)),
            Algorithm::Rs256 => (Box::new(RS256.signer_from_jwk(&jwk)?), Box::new(RS256.verifier_from_jwk(&public)?)),
            Algorithm::Ps256 => (Box::new(PS256.signer_from_jwk(&jwk)?), Box::new(PS256.verifier_from_jwk(&public)?)),
            Algorithm::EdDsa => (Box::new(EdDSA.signer_from_jwk(&jwk)?), Box::new(EdDSA.verifier_from_jwk(&public)?)),
        };
        let kid = thumbprint(&jwk);
        let mut published: Value = serde_json::to_value(&public)?;
        if let Some(members) = published.as_object_mut() {
            // RFC 7517 §4.4: `alg` only here; a stored JWK with `alg` could not serve a sibling algorithm.
            members.extend([
                ("kid".to_owned(), json!(kid)),
                ("alg".to_owned(), json!(algorithm.as_str())),
                ("use".to_owned(), json!("sig")),
            ]);
        }
        Ok(Self { id, kid, algorithm, active_from, public: published, signer, verifier })
    }

    /// The raw signature over some bytes (JWS signing input).
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, CryptoError> {
        Ok(self.signer.sign(bytes)?)
    }

    /// Whether the signature over these bytes was made with this key.
    pub fn verifies(&self, bytes: &[u8], signature: &[u8]) -> bool {
        self.verifier.verify(bytes, signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::key_pair::KeyPair;

    #[test]
    fn the_published_half_holds_nothing_private() {
        for (algorithm, members) in [
            (Algorithm::Es256, &["alg", "crv", "kid", "kty", "use", "x", "y"][..]),
            (Algorithm::EdDsa, &["alg", "crv", "kid", "kty", "use", "x"]),
            (Algorithm::Ps256, &["alg", "e", "kid", "kty", "n", "use"]),
        ] {
            let made = KeyPair::generate(algorithm.into()).unwrap();
            let key = SigningKey::parse(KeyId(uuid::Uuid::nil()), algorithm, Timestamp(0), &made.private).unwrap();
            let mut names: Vec<_> = key.public.as_object().unwrap().keys().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!((names.as_slice(), key.public["alg"].as_str()), (members, Some(algorithm.as_str())));
            assert!(key.verifies(b"text", &key.sign(b"text").unwrap()));
            assert!(!key.verifies(b"texT", &key.sign(b"text").unwrap()));
        }
    }
}
