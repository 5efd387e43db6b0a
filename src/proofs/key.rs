//! One public key of somebody else (RFC 7517), reduced to what a signature is checked with.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jwk::Jwk;
use josekit::jws::{ES256, EdDSA, JwsVerifier, PS256, RS256};
use quick_cache::sync::Cache;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::algorithm::Algorithm;

/// A JWK as it came.
pub type Members = Map<String, Value>;

/// Members that only private or symmetric keys have (RFC 7518 §6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// RSA keys between these many octets are used: shorter ones are weak, longer ones cost more than they are worth.
const RSA_OCTETS: std::ops::RangeInclusive<usize> = 256..=1024;

/// Keys that are remembered; parsing one costs more than a signature.
const REMEMBERED: usize = 4_096;

/// Why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// It holds a private or a symmetric key: whoever sent it has lost it.
    #[error("holds a private or a symmetric key")]
    Private,
    /// Not one of EC P-256, RSA, Ed25519.
    #[error("is none of EC P-256, RSA, OKP Ed25519")]
    Unsupported,
    /// RSA of fewer than 2048 or more than 8192 bits, or with an odd exponent.
    #[error("is an RSA key of fewer than 2048 or more than 8192 bits")]
    Size,
    /// A member is missing or malformed, or they make no key.
    #[error("cannot be read")]
    Malformed,
}

/// What checks signatures of one type of key.
enum Verifiers {
    Ec(Box<dyn JwsVerifier>),
    Ed(Box<dyn JwsVerifier>),
    Rsa { pss: Box<dyn JwsVerifier>, pkcs1: Box<dyn JwsVerifier> },
}

/// A key, parsed once.
pub struct PublicKey {
    thumbprint: String,
    verifiers: Verifiers,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.thumbprint)
    }
}

impl PublicKey {
    /// Reads a public JWK. Only the members that make the key are looked at.
    pub fn parse(members: &Members) -> Result<Self, KeyFault> {
        let bare = bare(members)?;
        Self::of_bare(&bare, thumbprint_of_bare(&bare))
    }

    fn of_bare(bare: &Value, thumbprint: String) -> Result<Self, KeyFault> {
        let jwk = Jwk::from_bytes(bare.to_string()).map_err(|_| KeyFault::Malformed)?;
        let boxed = |made: Result<Box<dyn JwsVerifier>, josekit::JoseError>| made.map_err(|_| KeyFault::Malformed);
        let verifiers = match jwk.key_type() {
            "EC" => Verifiers::Ec(boxed(ES256.verifier_from_jwk(&jwk).map(|made| Box::new(made) as _))?),
            "OKP" => Verifiers::Ed(boxed(EdDSA.verifier_from_jwk(&jwk).map(|made| Box::new(made) as _))?),
            _ => Verifiers::Rsa {
                pss: boxed(PS256.verifier_from_jwk(&jwk).map(|made| Box::new(made) as _))?,
                pkcs1: boxed(RS256.verifier_from_jwk(&jwk).map(|made| Box::new(made) as _))?,
            },
        };
        Ok(Self { thumbprint, verifiers })
    }

    /// RFC 7638: what the key is called in `cnf.jkt` (RFC 9449 §6.1).
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Whether the signature over these bytes was made with this key and this algorithm.
    pub fn verifies(&self, algorithm: Algorithm, bytes: &[u8], signature: &[u8]) -> bool {
        let verifier = match (&self.verifiers, algorithm) {
            (Verifiers::Ec(ec), Algorithm::Es256) => ec,
            (Verifiers::Ed(ed), Algorithm::EdDsa) => ed,
            (Verifiers::Rsa { pss, .. }, Algorithm::Ps256) => pss,
            (Verifiers::Rsa { pkcs1, .. }, Algorithm::Rs256) => pkcs1,
            _ => return false,
        };
        verifier.verify(bytes, signature).is_ok()
    }
}

/// The type of key that an algorithm is used with (RFC 7518 §6.1, RFC 8037 §2).
pub fn key_type(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Es256 => "EC",
        Algorithm::EdDsa => "OKP",
        Algorithm::Ps256 | Algorithm::Rs256 => "RSA",
    }
}

/// The members that RFC 7638 §3.2 names, and RFC 8037 §2 for Ed25519; nothing else of the JWK is used.
pub(super) fn bare(members: &Members) -> Result<Value, KeyFault> {
    if PRIVATE.iter().any(|name| members.contains_key(*name)) {
        return Err(KeyFault::Private);
    }
    let text = |name: &str| members.get(name).and_then(Value::as_str).ok_or(KeyFault::Malformed);
    let octets = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).map_err(|_| KeyFault::Malformed);
    match text("kty")? {
        "EC" if text("crv")? == "P-256" => match (octets("x")?.len(), octets("y")?.len()) {
            (32, 32) => Ok(json!({"crv": "P-256", "kty": "EC", "x": text("x")?, "y": text("y")?})),
            _ => Err(KeyFault::Malformed),
        },
        "OKP" if text("crv")? == "Ed25519" => match octets("x")?.len() {
            32 => Ok(json!({"crv": "Ed25519", "kty": "OKP", "x": text("x")?})),
            _ => Err(KeyFault::Malformed),
        },
        "RSA" => {
            let (exponent, modulus) = (octets("e")?, octets("n")?);
            let odd = exponent.last().is_some_and(|last| last % 2 == 1);
            if !RSA_OCTETS.contains(&modulus.len()) || !(1..=4).contains(&exponent.len()) || !odd || exponent == [1] {
                return Err(KeyFault::Size);
            }
            Ok(json!({"e": text("e")?, "kty": "RSA", "n": text("n")?}))
        }
        _ => Err(KeyFault::Unsupported),
    }
}

/// `serde_json` writes members in the order given, and they are given in lexicographic order: the canonical form.
fn thumbprint_of_bare(bare: &Value) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bare.to_string()))
}

/// Keys that were parsed before, by thumbprint, which covers all that is used of them; cheap to clone.
#[derive(Clone, Debug)]
pub struct ParsedKeys(Arc<Cache<String, Arc<PublicKey>>>);

impl Default for ParsedKeys {
    fn default() -> Self {
        Self(Arc::new(Cache::new(REMEMBERED)))
    }
}

impl ParsedKeys {
    /// The key of a JWK.
    pub fn get(&self, members: &Members) -> Result<Arc<PublicKey>, KeyFault> {
        let bare = bare(members)?;
        let thumbprint = thumbprint_of_bare(&bare);
        if let Some(key) = self.0.get(&thumbprint) {
            return Ok(key);
        }
        let key = Arc::new(PublicKey::of_bare(&bare, thumbprint.clone())?);
        self.0.insert(thumbprint, Arc::clone(&key));
        Ok(key)
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(value: &Value) -> Members {
        value.as_object().unwrap().clone()
    }

    /// RFC 7638 §3.1, RFC 8037 appendix A.3.
    #[test]
    fn thumbprints_are_those_of_the_rfcs() {
        let rsa = json!({
            "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
        });
        let ed = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        let thumbprint = |jwk| PublicKey::parse(&members(jwk)).unwrap().thumbprint().to_owned();
        assert_eq!(thumbprint(&rsa), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        assert_eq!(thumbprint(&ed), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    /// OA-33, OA-40: private, symmetric, weak and malformed keys are no keys.
    #[test]
    fn oa_33_only_public_keys_of_enough_strength_are_keys() {
        let ec = json!({"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"});
        assert!(PublicKey::parse(&members(&ec)).is_ok());
        let with = |name: &str, value: Value| {
            let mut jwk = members(&ec);
            jwk.insert(name.to_owned(), value);
            PublicKey::parse(&jwk).unwrap_err()
        };
        for (name, value, fault) in [
            ("d", json!("870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"), KeyFault::Private),
            ("k", json!("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"), KeyFault::Private),
            ("kty", json!("oct"), KeyFault::Unsupported),
            ("kty", json!("RSA"), KeyFault::Malformed),
            ("crv", json!("P-384"), KeyFault::Unsupported),
            // Not on the curve.
            ("x", json!("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"), KeyFault::Malformed),
            ("x", json!("AA"), KeyFault::Malformed),
            ("x", json!(7), KeyFault::Malformed),
            ("y", json!("====="), KeyFault::Malformed),
        ] {
            assert_eq!(with(name, value.clone()), fault, "{name} {value}");
        }
        for (n, e) in [(255, "AQAB"), (1025, "AQAB"), (256, "AQ"), (256, "Ag"), (256, "AQAAAAAB")] {
            let rsa = json!({"kty": "RSA", "e": e, "n": URL_SAFE_NO_PAD.encode(vec![0xd7; n])});
            assert_eq!(PublicKey::parse(&members(&rsa)).unwrap_err(), KeyFault::Size, "{n} {e}");
        }
    }
}
