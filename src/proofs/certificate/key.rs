//! The public key of a certificate as a JWK (RFC 7518 §6): only the types that keys of clients are of.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use x509_parser::oid_registry::{OID_EC_P256, OID_SIG_ED25519};
use x509_parser::prelude::X509Certificate;
use x509_parser::public_key::PublicKey;

use crate::proofs::key;

/// Octets of a coordinate of P-256.
const COORDINATE: usize = 32;

/// The bare JWK of its key; `None` for a key that no client may be registered with.
pub(super) fn of(certificate: &X509Certificate<'_>) -> Option<Value> {
    let info = certificate.public_key();
    let text = |octets: &[u8]| URL_SAFE_NO_PAD.encode(octets);
    let members = if info.algorithm.algorithm == OID_SIG_ED25519 {
        json!({"kty": "OKP", "crv": "Ed25519", "x": text(&info.subject_public_key.data)})
    } else {
        match info.parsed().ok()? {
            PublicKey::RSA(rsa) => {
                json!({"kty": "RSA", "n": text(unsigned(rsa.modulus)), "e": text(unsigned(rsa.exponent))})
            }
            PublicKey::EC(point) => {
                let curve = info.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok())?;
                let (tag, both) = point.data().split_first()?;
                if curve != OID_EC_P256 || *tag != 4 || both.len() != 2 * COORDINATE {
                    return None;
                }
                let (x, y) = both.split_at(COORDINATE);
                json!({"kty": "EC", "crv": "P-256", "x": text(x), "y": text(y)})
            }
            _ => return None,
        }
    };
    let members: &Map<String, Value> = members.as_object()?;
    key::bare(members).ok()
}

/// An ASN.1 integer without the zeros before it (RFC 7518 §6.3.1.1).
fn unsigned(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}
