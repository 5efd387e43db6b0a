//! DPoP proofs (RFC 9449): a key that whoever asks shows to have, for one request. What a token is bound to is the thumbprint of that key.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::algorithm::Algorithm;
use super::jws::Jws;
use super::key::ParsedKeys;
use super::nonce::Nonces;
use super::numeric_date::NumericDate;
use super::once::Once;
use crate::kernel::time::Timestamp;

/// The header with the proof (§4.1).
pub const PROOF: HeaderName = HeaderName::from_static("dpop");

/// The header with the nonce for the next one (§8.2).
pub const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// What a proof is typed as (§4.2).
const TYP: &str = "dpop+jwt";

/// Longest proof that is looked at, in octets: an RSA key of 8192 bits and its signature fit.
const LONGEST: usize = 6 * 1024;

/// Longest address in a proof, in octets.
const MAX_URL: usize = 2_000;

/// Longest `jti`, in octets.
const MAX_JTI: usize = 512;

/// How old a proof may be, and how far ahead the clock that made it (§11.1; the conformance suite asks for 10 s each way).
const PAST: Duration = Duration::from_mins(1);
const FUTURE: Duration = Duration::from_secs(15);

/// What is wrong with a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DpopFault {
    /// `invalid_dpop_proof` (§5); the words say what to look at.
    #[error("{0}")]
    Invalid(&'static str),
    /// `use_dpop_nonce` (§8): another try with the nonce that comes with this answer.
    #[error("a DPoP proof with the nonce of this answer is needed")]
    Nonce,
}

impl DpopFault {
    /// The registered code (§12.2).
    pub fn code(self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid_dpop_proof",
            Self::Nonce => "use_dpop_nonce",
        }
    }
}

/// The request that a proof is for.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// Its verb.
    pub method: &'a str,
    /// Its address as clients see it, without query: each that leads to it.
    pub urls: &'a [String],
    /// The access token that comes with it, at a protected resource.
    pub token: Option<&'a str>,
    /// Whether a nonce of ours has to be in the proof.
    pub nonce: bool,
}

/// A proof that was found good; [`Once`] has to be used up before anything is done for it.
#[derive(Clone, Debug)]
pub struct Held {
    /// The thumbprint of the key (RFC 7638), as in `cnf.jkt` (§6.1).
    pub jkt: String,
    /// What makes it work once.
    pub once: Once,
}

#[derive(Debug, Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: NumericDate,
    #[serde(default)]
    ath: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
}

/// Checks proofs; cheap to clone.
#[derive(Clone, Debug)]
pub struct Dpop {
    /// Whether every proof needs a nonce.
    pub require_nonce: bool,
    nonces: Nonces,
    parsed: ParsedKeys,
}

/// The proof of a request, if there is one; two are none (§4.3: "not more than one").
pub fn read(headers: &HeaderMap) -> Result<Option<&str>, DpopFault> {
    let mut values = headers.get_all(PROOF).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| DpopFault::Invalid("the DPoP header is no JWT")),
        (Some(_), Some(_)) => Err(DpopFault::Invalid("there is more than one DPoP header")),
    }
}

impl Dpop {
    /// With nonces under a key for them alone.
    pub fn new(nonce_key: [u8; 32]) -> Self {
        Self { require_nonce: false, nonces: Nonces::new(nonce_key), parsed: ParsedKeys::default() }
    }

    /// The nonce for the next proof, as a header.
    pub fn nonce(&self, now: Timestamp) -> HeaderValue {
        // Base64url is always a header value; an empty nonce is asked for anew.
        HeaderValue::from_str(&self.nonces.issue(now)).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// Checks a proof for a request (§4.3), but for whether it was used before.
    pub fn check(&self, proof: &str, shown: Shown<'_>, now: Timestamp) -> Result<Held, DpopFault> {
        let invalid = |reason| Err(DpopFault::Invalid(reason));
        let Some(jws) = Jws::read(proof, LONGEST, &Algorithm::STRONG) else {
            return invalid("the DPoP proof is no JWT signed with ES256, PS256 or EdDSA");
        };
        if jws.header.typ.as_deref() != Some(TYP) {
            return invalid("the DPoP proof is not of type dpop+jwt");
        }
        let Some(key) = jws.header.jwk.as_ref().and_then(|members| self.parsed.get(members).ok()) else {
            return invalid("the DPoP proof does not bring a public key");
        };
        if !jws.is_signed_by(&key) {
            return invalid("the DPoP proof is not signed by its key");
        }
        let Some(claims) = jws.claims::<Claims>() else {
            return invalid("the DPoP proof lacks jti, htm, htu or iat");
        };
        if claims.htm != shown.method || !shown.urls.iter().any(|url| is_same(&claims.htu, url)) {
            return invalid("the DPoP proof is for another method or address");
        }
        if claims.iat.0 > now.plus(FUTURE) || claims.iat.0 <= now.minus(PAST) {
            return invalid("the DPoP proof is too old or from the future");
        }
        if claims.jti.is_empty() || claims.jti.len() > MAX_JTI {
            return invalid("the jti of the DPoP proof is empty or too long");
        }
        if shown.token.is_some_and(|token| claims.ath.as_deref() != Some(&hashed(token))) {
            return invalid("the DPoP proof is for another access token");
        }
        match claims.nonce.as_deref() {
            None if shown.nonce || self.require_nonce => return Err(DpopFault::Nonce),
            Some(nonce) if !self.nonces.takes(nonce, now) => return Err(DpopFault::Nonce),
            _ => {}
        }
        let jkt = key.thumbprint().to_owned();
        let once = Once::new("DPoP proof", &[&jkt, &claims.jti], claims.iat.0.plus(PAST));
        Ok(Held { jkt, once })
    }
}

/// `ath` (§4.2).
fn hashed(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}

/// Whether two addresses are the same without query and fragment, after syntax-based and scheme-based normalisation (§4.3; RFC 3986 §6.2.2, §6.2.3).
fn is_same(named: &str, asked: &str) -> bool {
    let bare = |text: &str| {
        let mut url = Url::parse(text).ok().filter(|url| text.len() <= MAX_URL && url.has_host())?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    bare(named).is_some_and(|named| bare(asked) == Some(named))
}

/// Whether a text can be the thumbprint of a key (RFC 7638, base64url of 32 octets).
pub fn is_thumbprint(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok_and(|octets| octets.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9449 §4.3: query and fragment do not count, nor the case of scheme and host, nor the port of the scheme.
    #[test]
    fn oa_40_addresses_are_compared_normalised() {
        let asked = "https://id.example/oauth2/token";
        for same in [
            "https://id.example/oauth2/token",
            "HTTPS://ID.example:443/oauth2/token?x=1#y",
            "https://id.example/a/../oauth2/token",
        ] {
            assert!(is_same(same, asked), "{same}");
        }
        for other in [
            "",
            "/oauth2/token",
            "https://id.example/oauth2/token/",
            "http://id.example/oauth2/token",
            "https://id.example:8443/oauth2/token",
            "https://id.example/OAUTH2/token",
            "https://evil.example/oauth2/token",
            "https://id.example.evil.example/oauth2/token",
            "https://id.example@evil.example/oauth2/token",
            "https://u@id.example/oauth2/token",
            "urn:x",
        ] {
            assert!(!is_same(other, asked), "{other}");
        }
    }
}
