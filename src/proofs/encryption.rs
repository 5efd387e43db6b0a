//! How something is encrypted to somebody (RFC 7518 §4, §5): how the key of the content is managed, and how the content is encrypted. Nothing
//! else is offered or taken: no `RSA1_5`, no RSA-OAEP with SHA-1, nothing symmetric, no passwords, no compression.

use josekit::jwe;
use josekit::jwe::JweEncrypter;
use josekit::jwe::alg::ecdh_es::EcdhEsJweAlgorithm;
use josekit::jwk::Jwk;
use serde::{Deserialize, Serialize};

/// How the key of the content comes to its recipient: `alg` of a JWE (RFC 7516 §4.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyManagement {
    /// Agreed on by elliptic curves (RFC 7518 §4.6).
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
    /// Wrapped by what is agreed on.
    #[serde(rename = "ECDH-ES+A128KW")]
    EcdhEsA128Kw,
    /// The same with 256 bits.
    #[serde(rename = "ECDH-ES+A256KW")]
    EcdhEsA256Kw,
    /// Encrypted by RSA (RFC 7518 §4.3).
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
}

impl KeyManagement {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::EcdhEs, Self::EcdhEsA128Kw, Self::EcdhEsA256Kw, Self::RsaOaep256];

    /// The registered name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA128Kw => "ECDH-ES+A128KW",
            Self::EcdhEsA256Kw => "ECDH-ES+A256KW",
            Self::RsaOaep256 => "RSA-OAEP-256",
        }
    }

    /// Reads a registered name.
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// The algorithm by which a key is agreed on; none of RSA.
    pub(super) fn agreement(self) -> Option<EcdhEsJweAlgorithm> {
        match self {
            Self::EcdhEs => Some(jwe::ECDH_ES),
            Self::EcdhEsA128Kw => Some(jwe::ECDH_ES_A128KW),
            Self::EcdhEsA256Kw => Some(jwe::ECDH_ES_A256KW),
            Self::RsaOaep256 => None,
        }
    }

    /// What encrypts to a public key; an error where the key is of another type.
    pub(super) fn encrypter(self, key: &Jwk) -> Result<Box<dyn JweEncrypter>, josekit::JoseError> {
        match self.agreement() {
            Some(agreement) => Ok(Box::new(agreement.encrypter_from_jwk(key)?)),
            None => Ok(Box::new(jwe::RSA_OAEP_256.encrypter_from_jwk(key)?)),
        }
    }
}

/// How the content is encrypted and kept from changes: `enc` of a JWE (RFC 7516 §4.1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ContentEncryption {
    /// AES-CBC with HMAC-SHA-256 (RFC 7518 §5.2.3): what holds where nothing is said (OIDC Registration §2).
    #[default]
    #[serde(rename = "A128CBC-HS256")]
    A128CbcHs256,
    /// AES-CBC with HMAC-SHA-512 (RFC 7518 §5.2.5).
    #[serde(rename = "A256CBC-HS512")]
    A256CbcHs512,
    /// AES-GCM (RFC 7518 §5.3).
    #[serde(rename = "A128GCM")]
    A128Gcm,
    /// The same with 256 bits.
    #[serde(rename = "A256GCM")]
    A256Gcm,
}

impl ContentEncryption {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::A128CbcHs256, Self::A256CbcHs512, Self::A128Gcm, Self::A256Gcm];

    /// The registered name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A256CbcHs512 => "A256CBC-HS512",
            Self::A128Gcm => "A128GCM",
            Self::A256Gcm => "A256GCM",
        }
    }

    /// Reads a registered name.
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}

/// Both of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encrypted {
    /// How the key comes there.
    pub alg: KeyManagement,
    /// How the content is encrypted.
    pub enc: ContentEncryption,
}

/// What is asked for and not offered, or not asked for whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoEncryption {
    /// Not offered.
    #[error("encryption `{0}` is not offered")]
    Name(String),
    /// OIDC Registration §2: "When …_enc is included, …_alg MUST also be provided".
    #[error("content encryption `{0}` needs an algorithm for its key")]
    Alone(String),
}

impl Encrypted {
    /// Reads two registered names; nothing where there is none.
    pub fn read(alg: Option<&str>, enc: Option<&str>) -> Result<Option<Self>, NoEncryption> {
        let named = |text: &str| ContentEncryption::named(text).ok_or_else(|| NoEncryption::Name(text.to_owned()));
        let known = enc.map(named).transpose()?;
        match (alg, enc) {
            (None, None) => Ok(None),
            (None, Some(enc)) => Err(NoEncryption::Alone(enc.to_owned())),
            (Some(alg), _) => {
                let alg = KeyManagement::named(alg).ok_or_else(|| NoEncryption::Name(alg.to_owned()))?;
                Ok(Some(Self { alg, enc: known.unwrap_or_default() }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_is_encrypted_as_openid_connect_says_unless_something_else_is_said() {
        let ecdh = |enc| Ok(Some(Encrypted { alg: KeyManagement::EcdhEs, enc }));
        assert_eq!(Encrypted::read(Some("ECDH-ES"), None), ecdh(ContentEncryption::A128CbcHs256));
        assert_eq!(Encrypted::read(Some("ECDH-ES"), Some("A256GCM")), ecdh(ContentEncryption::A256Gcm));
        assert_eq!(Encrypted::read(None, None), Ok(None));
        assert_eq!(Encrypted::read(None, Some("A128GCM")), Err(NoEncryption::Alone("A128GCM".to_owned())));
    }

    /// RFC 8725 §3.2: nothing weak, nothing symmetric, nothing that costs more than it is worth.
    #[test]
    fn nothing_else_is_offered() {
        for odd in [
            "RSA1_5",
            "RSA-OAEP",
            "dir",
            "A128KW",
            "A256GCMKW",
            "PBES2-HS256+A128KW",
            "ECDH-ES+A192KW",
            "none",
            "ecdh-es",
        ] {
            assert_eq!(Encrypted::read(Some(odd), None), Err(NoEncryption::Name(odd.to_owned())));
        }
        for odd in ["A192GCM", "A192CBC-HS384", "A128CBC", "none"] {
            assert_eq!(Encrypted::read(Some("ECDH-ES"), Some(odd)), Err(NoEncryption::Name(odd.to_owned())));
        }
        for alg in KeyManagement::ALL {
            let stored = serde_json::to_value(alg).unwrap();
            assert_eq!((stored.as_str(), KeyManagement::named(alg.as_str())), (Some(alg.as_str()), Some(alg)));
        }
        for enc in ContentEncryption::ALL {
            assert_eq!(serde_json::to_value(enc).unwrap(), enc.as_str());
        }
    }
}
