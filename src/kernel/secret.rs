//! Secrets that are only ever stored as digests (session cookies, codes, refresh tokens, links), and secrets that must be
//! kept in clear (configuration, queued messages) but are never shown.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::random::Entropy;

/// A bearer secret in clear: 256 random bits as 43 characters of base64url. Never logged, never stored.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

impl Token {
    /// A fresh secret.
    pub fn generate(entropy: &Entropy) -> Self {
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(entropy.bytes::<32>())))
    }

    /// Wraps a secret that came from outside.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The secret in clear, to be handed out once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The secret for a message to its owner.
    pub fn seal(&self) -> Sealed {
        Sealed(self.0.clone())
    }

    /// What is stored and looked up: SHA-256 of the whole text (OA-49), enough for 256 bits of entropy.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A configured or queued secret of any form: shown by nothing, compared by nothing.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Sealed(Zeroizing<String>);

impl Sealed {
    /// The secret in clear.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Sealed {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<Sealed> for String {
    fn from(sealed: Sealed) -> Self {
        sealed.0.as_str().to_owned()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl JsonSchema for Sealed {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Sealed".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "password" })
    }
}

/// SHA-256 of a secret. Stored as 32 bytes (`BLOB`/`BYTEA`); bind it with [`Digest::as_bytes`].
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// A keyed digest that was made elsewhere.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a stored digest; `None` if it has another length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, for binding and for keys of maps.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Comparison takes the same time wherever the digests differ (CR-07).
impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Digest {}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}
