//! Key pairs before they are stored: made here, or brought along as PKCS#8 (RFC 5958).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jwk::alg::ed::{EdCurve, EdKeyPair};
use josekit::jwk::alg::rsa::RsaKeyPair;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::pkey::{Id, PKey, Private};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::key_use::{KeyType, KeyUse};
use super::signing_key::CryptoError;
use crate::proofs::Algorithm;

/// Bits of the RSA keys that are made here, and of those that may be brought along.
const RSA_BITS: u32 = 3_072;
const RSA_BITS_TAKEN: std::ops::RangeInclusive<u32> = 2_048..=4_096;

/// Longest text with a key that is read, in octets.
pub const LONGEST: usize = 64 * 1_024;

/// A key pair, to be sealed and stored.
pub struct KeyPair {
    /// RFC 7638 thumbprint of the public half.
    pub kid: String,
    /// The private JWK as JSON.
    pub private: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl KeyPair {
    /// Makes one. RSA takes a good part of a second: call it on a blocking thread.
    pub fn generate(key_use: KeyUse) -> Result<Self, CryptoError> {
        Self::of(&match family(key_use) {
            Id::EC => EcKeyPair::generate(EcCurve::P256)?.to_jwk_key_pair(),
            Id::ED25519 => EdKeyPair::generate(EdCurve::Ed25519)?.to_jwk_key_pair(),
            _ => RsaKeyPair::generate(RSA_BITS)?.to_jwk_key_pair(),
        })
    }

    /// Reads one that was made elsewhere: PKCS#8 as PEM, encrypted or not.
    pub fn import(key_use: KeyUse, pem: &[u8], passphrase: Option<&[u8]>) -> Result<Self, ImportError> {
        if pem.len() > LONGEST {
            return Err(ImportError::Unreadable);
        }
        // By a callback in any case: without one OpenSSL would ask at the terminal.
        let read = PKey::private_key_from_pem_callback(pem, |place| {
            let given = passphrase.unwrap_or_default();
            Ok(place.get_mut(..given.len()).map_or(0, |place| {
                place.copy_from_slice(given);
                given.len()
            }))
        });
        let key = read.map_err(|_| ImportError::Unreadable)?;
        let of_type = key.id() == family(key_use) && (key.id() != Id::RSA || RSA_BITS_TAKEN.contains(&key.bits()));
        if !of_type {
            return Err(ImportError::Type(key_use.as_str()));
        }
        if !is_whole(&key).unwrap_or(false) {
            return Err(ImportError::Broken);
        }
        imported(&key).map_err(|_| ImportError::Type(key_use.as_str()))
    }

    fn of(jwk: &Jwk) -> Result<Self, CryptoError> {
        Ok(Self { kid: thumbprint(jwk), private: Zeroizing::new(serde_json::to_vec(jwk)?) })
    }
}

/// Why a key that was made elsewhere is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// No PKCS#8 in PEM, or it does not open.
    #[error("the file holds no private key in PEM (PKCS#8), or the passphrase is not right")]
    Unreadable,
    /// Its two halves are not of one key: what it signed could not be checked by anybody.
    #[error(
        "the public and the private half in the file do not belong together, or the public exponent is below 65537"
    )]
    Broken,
    /// A good key, for something else.
    #[error(
        "the key is none for {0}: P-256 for ES256 and ECDH-ES, 2048 to 4096 bits for RS256, PS256 and RSA-OAEP-256, Ed25519 for EdDSA"
    )]
    Type(&'static str),
}

/// Whether the halves belong together. Of Ed25519 only the private one is read, and the other one follows from it.
fn is_whole(key: &PKey<Private>) -> Result<bool, ErrorStack> {
    match key.id() {
        Id::EC => key.ec_key()?.check_key().map(|()| true),
        Id::RSA => {
            let rsa = key.rsa()?;
            Ok(rsa.e().ge(&*BigNum::from_u32(65_537)?) && rsa.check_key()?)
        }
        _ => Ok(true),
    }
}

fn imported(key: &PKey<Private>) -> Result<KeyPair, CryptoError> {
    let pkcs8 = Zeroizing::new(key.private_key_to_pkcs8().map_err(|error| CryptoError::new(&error))?);
    KeyPair::of(&match key.id() {
        Id::EC => EcKeyPair::from_der(pkcs8.as_slice(), Some(EcCurve::P256))?.to_jwk_key_pair(),
        Id::ED25519 => EdKeyPair::from_der(pkcs8.as_slice())?.to_jwk_key_pair(),
        _ => RsaKeyPair::from_der(pkcs8.as_slice())?.to_jwk_key_pair(),
    })
}

/// The kind of key that it takes.
fn family(key_use: KeyUse) -> Id {
    match key_use {
        KeyUse::Signing(Algorithm::Es256) | KeyUse::Opening(KeyType::Ec) => Id::EC,
        KeyUse::Signing(Algorithm::EdDsa) => Id::ED25519,
        KeyUse::Signing(Algorithm::Rs256 | Algorithm::Ps256) | KeyUse::Opening(KeyType::Rsa) => Id::RSA,
    }
}

/// RFC 7638 §3: SHA-256 over the required members in lexicographic order.
pub(super) fn thumbprint(jwk: &Jwk) -> String {
    let member = |name| jwk.parameter(name).cloned().unwrap_or_default();
    let canonical = match jwk.key_type() {
        "EC" => json!({"crv": member("crv"), "kty": "EC", "x": member("x"), "y": member("y")}),
        "OKP" => json!({"crv": member("crv"), "kty": "OKP", "x": member("x")}),
        _ => json!({"e": member("e"), "kty": "RSA", "n": member("n")}),
    };
    // Written in the order of their names, and without spaces: exactly the canonical form.
    URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.to_string()))
}

#[cfg(test)]
mod tests {
    use openssl::ec::{EcGroup, EcKey};
    use openssl::nid::Nid;
    use openssl::rsa::Rsa;
    use openssl::symm::Cipher;

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

    fn pem(key: &PKey<Private>) -> Vec<u8> {
        key.private_key_to_pem_pkcs8().unwrap()
    }

    fn on_curve(curve: Nid) -> PKey<Private> {
        PKey::from_ec_key(EcKey::generate(&EcGroup::from_curve_name(curve).unwrap()).unwrap()).unwrap()
    }

    #[test]
    fn a_key_of_the_right_kind_is_imported_encrypted_or_not() {
        let (p256, ed) = (on_curve(Nid::X9_62_PRIME256V1), PKey::generate_ed25519().unwrap());
        let rsa = PKey::from_rsa(Rsa::generate(2_048).unwrap()).unwrap();
        let all = Algorithm::ALL.map(KeyUse::Signing).into_iter().chain(KeyUse::OPENING);
        for key_use in all {
            for key in [&p256, &ed, &rsa] {
                let sealed = key.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"open sesame").unwrap();
                let (plain, opened) = (
                    KeyPair::import(key_use, &pem(key), None),
                    KeyPair::import(key_use, &sealed, Some(b"open sesame")),
                );
                if key.id() == family(key_use) {
                    assert_eq!(plain.unwrap().kid, opened.unwrap().kid);
                    assert!(matches!(KeyPair::import(key_use, &sealed, Some(b"x")), Err(ImportError::Unreadable)));
                    assert!(matches!(KeyPair::import(key_use, &sealed, None), Err(ImportError::Unreadable)));
                } else {
                    assert!(matches!((plain, opened), (Err(ImportError::Type(_)), Err(ImportError::Type(_)))));
                }
            }
        }
    }

    #[test]
    fn a_weak_key_or_none_is_refused() {
        let es256 = KeyUse::Signing(Algorithm::Es256);
        let short = PKey::from_rsa(Rsa::generate(1_024).unwrap()).unwrap();
        let refused = KeyPair::import(KeyUse::Signing(Algorithm::Ps256), &pem(&short), None);
        assert!(matches!(refused, Err(ImportError::Type("PS256"))));
        for curve in [Nid::SECP256K1, Nid::SECP384R1] {
            assert!(matches!(KeyPair::import(es256, &pem(&on_curve(curve)), None), Err(ImportError::Type("ES256"))));
        }
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let (own, other) = (EcKey::generate(&group).unwrap(), EcKey::generate(&group).unwrap());
        let mixed = EcKey::from_private_components(&group, own.private_key(), other.public_key()).unwrap();
        let mixed = pem(&PKey::from_ec_key(mixed).unwrap());
        assert!(matches!(KeyPair::import(es256, &mixed, None), Err(ImportError::Broken)));
        let three = PKey::from_rsa(Rsa::generate_with_e(2_048, &BigNum::from_u32(3).unwrap()).unwrap()).unwrap();
        let refused = KeyPair::import(KeyUse::Signing(Algorithm::Ps256), &pem(&three), None);
        assert!(matches!(refused, Err(ImportError::Broken)));
        // No passphrase is good here, and none does any harm.
        let sealed = PKey::from_ec_key(own).unwrap();
        let sealed = sealed.private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"open sesame").unwrap();
        for odd in [&b"open\0sesame"[..], b"\0", &[b'x'; 5_000]] {
            assert!(matches!(KeyPair::import(es256, &sealed, Some(odd)), Err(ImportError::Unreadable)));
        }
        let public = on_curve(Nid::X9_62_PRIME256V1).public_key_to_pem().unwrap();
        for odd in
            [&b""[..], b"-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n", &public, &vec![b'A'; LONGEST + 1]]
        {
            assert!(matches!(KeyPair::import(es256, odd, None), Err(ImportError::Unreadable)));
        }
    }
}
