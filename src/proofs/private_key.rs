//! A private key that what others encrypt is opened with, parsed once.

use std::fmt;

use josekit::jwe::{JweDecrypter, RSA_OAEP_256};
use josekit::jwk::Jwk;

use super::encryption::KeyManagement;

/// What opens by one key, for each algorithm that it is used with.
enum Decrypters {
    Agreed { alone: Box<dyn JweDecrypter>, by_128: Box<dyn JweDecrypter>, by_256: Box<dyn JweDecrypter> },
    Rsa(Box<dyn JweDecrypter>),
}

/// The key.
pub struct PrivateKey(Decrypters);

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}

impl PrivateKey {
    /// Reads a private JWK without `alg`, `use` and `kid`.
    pub fn parse(jwk: &Jwk) -> Result<Self, josekit::JoseError> {
        if jwk.key_type() == "RSA" {
            return Ok(Self(Decrypters::Rsa(Box::new(RSA_OAEP_256.decrypter_from_jwk(jwk)?))));
        }
        let agreed = |alg: KeyManagement| -> Result<Box<dyn JweDecrypter>, josekit::JoseError> {
            let agreement = alg.agreement().unwrap_or(josekit::jwe::ECDH_ES);
            Ok(Box::new(agreement.decrypter_from_jwk(jwk)?))
        };
        Ok(Self(Decrypters::Agreed {
            alone: agreed(KeyManagement::EcdhEs)?,
            by_128: agreed(KeyManagement::EcdhEsA128Kw)?,
            by_256: agreed(KeyManagement::EcdhEsA256Kw)?,
        }))
    }

    /// What opens by this algorithm; none where the key is of another type.
    pub(super) fn decrypter(&self, alg: KeyManagement) -> Option<&dyn JweDecrypter> {
        match (&self.0, alg) {
            (Decrypters::Agreed { alone, .. }, KeyManagement::EcdhEs) => Some(alone.as_ref()),
            (Decrypters::Agreed { by_128, .. }, KeyManagement::EcdhEsA128Kw) => Some(by_128.as_ref()),
            (Decrypters::Agreed { by_256, .. }, KeyManagement::EcdhEsA256Kw) => Some(by_256.as_ref()),
            (Decrypters::Rsa(rsa), KeyManagement::RsaOaep256) => Some(rsa.as_ref()),
            _ => None,
        }
    }
}
