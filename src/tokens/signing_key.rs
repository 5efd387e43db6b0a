//! One signing key: made, read back, and its public half.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jwk::alg::ed::{EdCurve, EdKeyPair};
use josekit::jwk::alg::rsa::RsaKeyPair;
use josekit::jws::{ES256, EdDSA, JwsSigner, JwsVerifier, PS256, RS256};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::kernel::ids::KeyId;
use crate::kernel::time::Timestamp;

/// What the server signs with: ES256 unless a client asks for another one (RFC 7518 §3.1, RFC 8037 §3.1).
pub use crate::proofs::Algorithm;

/// Why a key could not be made, read or used.
#[derive(Debug, thiserror::Error)]
#[error("signing key: {0}")]
pub struct CryptoError(String);

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

/// A key pair just made, to be sealed and stored.
pub struct Generated {
    /// RFC 7638 thumbprint of the public half.
    pub kid: String,
    /// The private JWK as JSON.
    pub private: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Generated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generated").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Makes a key pair. RSA takes a good part of a second: call it on a blocking thread.
pub fn generate(algorithm: Algorithm) -> Result<Generated, CryptoError> {
    let jwk = match algorithm {
        Algorithm::Es256 => EcKeyPair::generate(EcCurve::P256)?.to_jwk_key_pair(),
        Algorithm::Rs256 | Algorithm::Ps256 => RsaKeyPair::generate(3072)?.to_jwk_key_pair(),
        Algorithm::EdDsa => EdKeyPair::generate(EdCurve::Ed25519)?.to_jwk_key_pair(),
    };
    Ok(Generated { kid: thumbprint(&jwk), private: Zeroizing::new(serde_json::to_vec(&jwk)?) })
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

/// RFC 7638 §3: SHA-256 over the required members in lexicographic order.
fn thumbprint(jwk: &Jwk) -> String {
    let member = |name| jwk.parameter(name).cloned().unwrap_or_default();
    let canonical = match jwk.key_type() {
        "EC" => json!({"crv": member("crv"), "kty": "EC", "x": member("x"), "y": member("y")}),
        "OKP" => json!({"crv": member("crv"), "kty": "OKP", "x": member("x")}),
        _ => json!({"e": member("e"), "kty": "RSA", "n": member("n")}),
    };
    // `serde_json` keeps members sorted by name, without spaces: exactly the canonical form.
    URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbprint_of_rfc_7638_section_3_1() {
        let jwk = json!({
            "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        });
        let jwk = Jwk::from_bytes(jwk.to_string()).unwrap();
        assert_eq!(thumbprint(&jwk), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn the_published_half_holds_nothing_private() {
        for (algorithm, members) in [
            (Algorithm::Es256, &["alg", "crv", "kid", "kty", "use", "x", "y"][..]),
            (Algorithm::EdDsa, &["alg", "crv", "kid", "kty", "use", "x"]),
            (Algorithm::Ps256, &["alg", "e", "kid", "kty", "n", "use"]),
        ] {
            let made = generate(algorithm).unwrap();
            let key = SigningKey::parse(KeyId(uuid::Uuid::nil()), algorithm, Timestamp(0), &made.private).unwrap();
            let mut names: Vec<_> = key.public.as_object().unwrap().keys().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!((names.as_slice(), key.public["alg"].as_str()), (members, Some(algorithm.as_str())));
            assert!(key.verifies(b"text", &key.sign(b"text").unwrap()));
            assert!(!key.verifies(b"texT", &key.sign(b"text").unwrap()));
        }
    }
}
