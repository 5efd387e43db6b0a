//! What somebody who is believed says about a program (RFC 7591 §2.3). Pure: keys are looked for by whoever asks.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::assertion::SKEW;
use super::audience::Audience;
use super::jws::Jws;
use super::numeric_date::NumericDate;
use crate::kernel::time::Timestamp;

/// Longest statement that is looked at, in octets.
const LONGEST: usize = 16 * 1024;

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    #[serde(default)]
    aud: Option<Value>,
    #[serde(default)]
    exp: Option<NumericDate>,
    #[serde(default)]
    nbf: Option<NumericDate>,
    #[serde(default)]
    iat: Option<NumericDate>,
}

/// A statement as it came; nothing of it is believed before its signature was checked.
#[derive(Debug)]
pub struct Statement<'a> {
    /// What was signed.
    pub jws: Jws<'a>,
    claims: Claims,
    all: Map<String, Value>,
}

impl<'a> Statement<'a> {
    /// Reads a statement. Signed, and not by a shared key: whoever checks it could have made it.
    pub fn read(text: &'a str) -> Option<Self> {
        let jws = Jws::read(text, LONGEST, &Algorithm::ALL)?;
        let (claims, all) = (jws.claims()?, jws.claims()?);
        Some(Self { jws, claims, all })
    }

    /// Who says it.
    pub fn issuer(&self) -> &str {
        &self.claims.iss
    }

    /// All that it says, that which is no metadata included.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.all
    }

    /// Everything but the signature and the issuer; what is wrong. One without `exp` never ends, one without `aud` is for everybody.
    pub fn check(&self, audience: Audience<'_>, now: Timestamp) -> Result<(), &'static str> {
        let ahead = |date: Option<NumericDate>| date.is_some_and(|date| date.0 > now.plus(SKEW));
        if self.claims.exp.is_some_and(|exp| exp.0 <= now) {
            Err("the software statement has expired")
        } else if ahead(self.claims.nbf) || ahead(self.claims.iat) {
            Err("the software statement is from the future")
        } else if self.claims.aud.as_ref().is_some_and(|aud| !audience.is_named_by(aud)) {
            Err("the software statement is for somebody else")
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    fn text(claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.AA", encode(&json!({"alg": "RS256"})), encode(claims))
    }

    /// RFC 7591 §2.3: it has to say who says it; RFC 7519 §4.1: what it says about time and audience holds.
    #[test]
    fn a_statement_says_who_says_it_and_holds_in_its_time() {
        let now = Timestamp::from_seconds(1_000_000);
        let judged = |more: Value| {
            let mut claims = json!({"iss": "https://federation.example", "redirect_uris": ["https://rp.example/cb"]});
            claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let text = text(&claims);
            Statement::read(&text).map(|read| read.check(Audience::AnyOf(&["https://id.example"]), now).is_ok())
        };
        for (claims, expected) in [
            (json!({}), Some(true)),
            (json!({"exp": 1_000_001, "iat": 999_000, "nbf": 1_000_010}), Some(true)),
            (json!({"exp": 1_000_000}), Some(false)),
            (json!({"iat": 1_000_016}), Some(false)),
            (json!({"nbf": 1_000_016}), Some(false)),
            (json!({"aud": "https://id.example"}), Some(true)),
            (json!({"aud": ["https://other.example", "https://id.example"]}), Some(true)),
            (json!({"aud": "https://other.example"}), Some(false)),
            (json!({"exp": "tomorrow"}), None),
            (json!({"iss": 7}), None),
            (json!({"iss": null}), None),
        ] {
            assert_eq!(judged(claims.clone()), expected, "{claims}");
        }
        assert!(Statement::read(&text(&json!({"iss": "a", "x": "x".repeat(LONGEST)}))).is_none(), "too long");
        assert!(Statement::read(&text(&json!(["iss"]))).is_none() && Statement::read("").is_none());
    }
}
