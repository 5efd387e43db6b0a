//! A public key of somebody to whom something is encrypted (RFC 7516 §5.1).

use std::fmt;
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jwe::{JweContext, JweEncrypter, JweHeader};
use josekit::jwk::Jwk;
use quick_cache::sync::Cache;
use serde_json::{Value, json};

use super::encryption::{ContentEncryption, KeyManagement};
use super::key::{KeyFault, Members, bare as bare_of_signer};

/// Keys that are remembered; parsing one costs more than an encryption.
const REMEMBERED: usize = 4_096;

/// Writes JWEs. It knows no compression.
static WRITER: LazyLock<JweContext> = LazyLock::new(|| {
    let mut context = JweContext::new();
    context.remove_compression("DEF");
    context
});

/// Why nothing could be encrypted: OpenSSL would not.
#[derive(Debug, thiserror::Error)]
#[error("encryption: {0}")]
pub struct EncryptError(#[from] josekit::JoseError);

/// A key and the algorithm that it is used with, parsed once.
pub struct Recipient(Box<dyn JweEncrypter>);

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({})", self.0.algorithm().name())
    }
}

impl Recipient {
    /// Reads a public JWK. Only the members that make the key are looked at.
    pub fn parse(members: &Members, alg: KeyManagement) -> Result<Self, KeyFault> {
        Self::of_bare(&bare(members)?, alg)
    }

    fn of_bare(bare: &Value, alg: KeyManagement) -> Result<Self, KeyFault> {
        let jwk = Jwk::from_bytes(bare.to_string()).map_err(|_| KeyFault::Malformed)?;
        alg.encrypter(&jwk).map(Self).map_err(|_| KeyFault::Malformed)
    }

    /// A signed JWT inside an encrypted one (RFC 7519 §5.2, appendix A.2), under the name of the key. The header repeats the issuer where
    /// that is wanted (RFC 7519 §5.3).
    pub fn encrypt(
        &self,
        jwt: &str,
        enc: ContentEncryption,
        (kid, issuer): (Option<&str>, Option<&str>),
    ) -> Result<String, EncryptError> {
        let mut header = JweHeader::new();
        header.set_content_encryption(enc.as_str());
        header.set_token_type("JWT");
        header.set_content_type("JWT");
        if let Some(kid) = kid {
            header.set_key_id(kid);
        }
        if let Some(issuer) = issuer {
            header.set_issuer(issuer);
        }
        Ok(WRITER.serialize_compact(jwt.as_bytes(), &header, self.0.as_ref())?)
    }
}

/// The members of a key for encryption that make it: EC P-256 and RSA as for signatures, and X25519 (RFC 8037 §2).
fn bare(members: &Members) -> Result<Value, KeyFault> {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    if text("kty") != Some("OKP") {
        return bare_of_signer(members);
    }
    match (text("crv"), text("x")) {
        _ if members.contains_key("d") => Err(KeyFault::Private),
        (Some("X25519"), Some(x)) if URL_SAFE_NO_PAD.decode(x).is_ok_and(|octets| octets.len() == 32) => {
            Ok(json!({"crv": "X25519", "kty": "OKP", "x": x}))
        }
        (Some("X25519"), _) => Err(KeyFault::Malformed),
        _ => Err(KeyFault::Unsupported),
    }
}

/// Judges a key that is registered for encryption alone.
pub(super) fn check(members: &Members) -> Result<(), KeyFault> {
    let bare = bare(members)?;
    let is_rsa = bare.get("kty").is_some_and(|kty| kty == "RSA");
    let alg = if is_rsa { KeyManagement::RsaOaep256 } else { KeyManagement::EcdhEs };
    Recipient::of_bare(&bare, alg).map(drop)
}

/// Whether something can be encrypted to a key of a set by an algorithm (RFC 7517 §4.1 to §4.4).
fn fits(members: &Members, alg: KeyManagement) -> bool {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let (of_type, operations) = match alg {
        KeyManagement::RsaOaep256 => (text("kty") == Some("RSA"), ["encrypt", "wrapKey"]),
        _ => (
            matches!((text("kty"), text("crv")), (Some("EC"), Some("P-256")) | (Some("OKP"), Some("X25519"))),
            ["deriveKey", "deriveBits"],
        ),
    };
    let said = members.get("key_ops").and_then(Value::as_array);
    of_type
        && members.get("use").is_none_or(|used| used == "enc")
        && members.get("alg").is_none_or(|limited| limited == alg.as_str())
        && said.is_none_or(|said| said.iter().any(|one| operations.iter().any(|operation| one == operation)))
}

/// The keys of a set that something can be encrypted to: those that say that they are for that come first.
pub(super) fn candidates<'k>(
    keys: impl Iterator<Item = &'k Members> + Clone,
    alg: KeyManagement,
) -> impl Iterator<Item = &'k Members> {
    let explicit = |members: &&Members| members.contains_key("use");
    let (first, then) = (keys.clone().filter(explicit), keys.filter(move |members| !explicit(members)));
    first.chain(then).filter(move |members| fits(members, alg))
}

/// Keys that were parsed before, by algorithm and what makes them; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Recipients(Arc<Cache<(KeyManagement, String), Arc<Recipient>>>);

impl Default for Recipients {
    fn default() -> Self {
        Self(Arc::new(Cache::new(REMEMBERED)))
    }
}

impl Recipients {
    /// The first of these keys that can be used, and its name.
    pub(super) fn first<'k>(
        &self,
        keys: impl Iterator<Item = &'k Members> + Clone,
        alg: KeyManagement,
    ) -> Option<(Arc<Recipient>, Option<&'k str>)> {
        candidates(keys, alg).find_map(|members| {
            let kid = members.get("kid").and_then(Value::as_str);
            Some((self.get(members, alg)?, kid))
        })
    }

    fn get(&self, members: &Members, alg: KeyManagement) -> Option<Arc<Recipient>> {
        let bare = bare(members).ok()?;
        let name = (alg, bare.to_string());
        if let Some(known) = self.0.get(&name) {
            return Some(known);
        }
        let parsed = Arc::new(Recipient::of_bare(&bare, alg).ok()?);
        self.0.insert(name, Arc::clone(&parsed));
        Some(parsed)
    }
}
