//! Proof Key for Code Exchange (RFC 7636). Pure. Only `S256`: `plain` protects against nobody who can read the request (OA-08).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::kernel::secret::Digest;

/// Whether a challenge has the form of an S256 one: base64url of 32 bytes (RFC 7636 §4.2).
pub fn is_challenge(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether a verifier has the form of RFC 7636 §4.1: 43 to 128 unreserved characters.
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

/// Whether the verifier answers the challenge, in constant time (RFC 7636 §4.6). A verifier without a challenge does
/// not match, nor does a challenge without a verifier (OA-07; RFC 9700 §4.8.2).
pub fn matches(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) if is_verifier(verifier) => {
            let expected = URL_SAFE_NO_PAD.decode(challenge).ok().and_then(|bytes| Digest::from_slice(&bytes));
            expected == Some(Digest::of(verifier.as_bytes()))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B and what departs from it by one step, as data.
    const VECTORS: &str = include_str!("../../conformance/vectors/rfc7636.json");

    #[test]
    fn vectors_of_rfc_7636() {
        let vectors: Vec<serde_json::Value> = serde_json::from_str(VECTORS).unwrap();
        assert!(vectors.len() >= 6);
        for vector in vectors {
            let answer = matches(vector["challenge"].as_str(), vector["verifier"].as_str());
            assert_eq!(answer, vector["matches"].as_bool().unwrap(), "{vector}");
        }
    }

    #[test]
    fn a_challenge_is_43_characters_of_base64url() {
        assert!(is_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
        for bad in ["", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"] {
            assert!(!is_challenge(bad));
        }
    }
}
