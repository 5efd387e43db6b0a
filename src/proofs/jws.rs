//! A signed JWT of somebody else (RFC 7515 §3.1), read but not yet believed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::algorithm::Algorithm;
use super::key::{Members, PublicKey};

/// The members of a header that mean something here. Where else a key could be (`jku`, `x5u`, `x5c`) is never looked at (OA-34).
#[derive(Debug, Deserialize)]
pub struct Header {
    alg: String,
    /// What the JWT is for (RFC 8725 §3.11).
    #[serde(default)]
    pub typ: Option<String>,
    /// Which key signed it.
    #[serde(default)]
    pub kid: Option<String>,
    /// The key itself; only a DPoP proof may bring it (RFC 9449 §4.2).
    #[serde(default)]
    pub jwk: Option<Members>,
    #[serde(default)]
    crit: Option<Value>,
    #[serde(default)]
    b64: Option<Value>,
}

/// A JWT in its three parts.
#[derive(Debug)]
pub struct Jws<'a> {
    /// Its header.
    pub header: Header,
    /// What it is signed with.
    pub algorithm: Algorithm,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Reads a compact JWT of at most `longest` octets whose algorithm is one of `allowed` (OA-33). A critical member is one that we do not
    /// know (RFC 7515 §4.1.11): there is none that we do.
    pub fn read(token: &'a str, longest: usize, allowed: &[Algorithm]) -> Option<Self> {
        if token.len() > longest {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
        let header: Header = serde_json::from_slice(&decode(header)?).ok()?;
        let algorithm = Algorithm::parse(&header.alg).filter(|algorithm| allowed.contains(algorithm))?;
        if header.crit.is_some() || header.b64.is_some() {
            return None;
        }
        Some(Self { header, algorithm, signed, payload: decode(payload)?, signature: decode(signature)? })
    }

    /// The claims, whoever signed them. Known names that come twice are an error, where `T` is a struct.
    pub fn claims<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.payload).ok()
    }

    /// Whether this key signed it.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.verifies(self.algorithm, self.signed.as_bytes(), &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str) -> String {
        format!("{}.{}.AA", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode("{}"))
    }

    /// OA-33, OA-34
    #[test]
    fn oa_33_and_34_only_allowed_algorithms_and_no_critical_members() {
        let read = |header: &str| Jws::read(&token(header), 1_000, &[Algorithm::Es256]).is_some();
        assert!(read(r#"{"alg":"ES256"}"#) && read(r#"{"alg":"ES256","kid":"a","x5t":"b"}"#));
        for bad in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"HS256"}"#,
            r#"{"alg":"RS256"}"#,
            r#"{"alg":"es256"}"#,
            r#"{"kid":"a"}"#,
            r#"{"alg":"none","alg":"ES256"}"#,
            r#"{"alg":"ES256","crit":[]}"#,
            r#"{"alg":"ES256","crit":["exp"],"exp":1}"#,
            r#"{"alg":"ES256","b64":false}"#,
            r#"{"alg":"ES256","jwk":"x"}"#,
            "",
            "[]",
        ] {
            assert!(!read(bad), "{bad}");
        }
    }

    #[test]
    fn a_token_has_three_parts_and_an_end() {
        let good = token(r#"{"alg":"ES256"}"#);
        assert!(Jws::read(&good, good.len(), &Algorithm::ALL).is_some());
        assert!(Jws::read(&good, good.len() - 1, &Algorithm::ALL).is_none());
        for bad in [format!("{good}.AA"), good.replace('.', ""), format!("{good}="), format!(" {good}")] {
            assert!(Jws::read(&bad, 1_000, &Algorithm::ALL).is_none(), "{bad}");
        }
    }
}
