//! The assertion by which a client proves itself (RFC 7523 §3, OIDC Core §9). Pure: keys are looked for by whoever asks.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::algorithm::Algorithm;
use super::audience::Audience;
use super::jws::Jws;
use super::numeric_date::NumericDate;
use super::once::Once;
use crate::kernel::time::Timestamp;

/// The only value of `client_assertion_type` (RFC 7523 §2.2).
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Longest assertion that is looked at, in octets.
const LONGEST: usize = 8 * 1024;

/// Longest life, however far its `exp` is away (OA-36).
const LIFE: Duration = Duration::from_mins(5);

/// How far the clock of a client may be ahead of ours: more than 8 s, far less than a minute (FAPI 2.0 Security Profile §5.3.2.1).
pub const SKEW: Duration = Duration::from_secs(15);

/// Longest `jti`, in octets.
const MAX_JTI: usize = 512;

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Value,
    exp: NumericDate,
    jti: String,
    #[serde(default)]
    nbf: Option<NumericDate>,
    #[serde(default)]
    iat: Option<NumericDate>,
}

/// An assertion as it came; nothing of it is believed before its signature was checked.
#[derive(Debug)]
pub struct Assertion<'a> {
    /// What was signed.
    pub jws: Jws<'a>,
    claims: Claims,
}

impl<'a> Assertion<'a> {
    /// Reads an assertion.
    pub fn read(text: &'a str) -> Option<Self> {
        let jws = Jws::read(text, LONGEST, &Algorithm::ALL)?;
        let claims = jws.claims()?;
        Some(Self { jws, claims })
    }

    /// Who it says that it is.
    pub fn client_id(&self) -> &str {
        &self.claims.sub
    }

    /// Everything but the signature; what is wrong, for the log.
    pub fn check(&self, algorithms: &[Algorithm], audience: Audience<'_>, now: Timestamp) -> Result<(), &'static str> {
        let claims = &self.claims;
        let soon = now.plus(SKEW);
        let ahead = |date: Option<NumericDate>| date.is_some_and(|date| date.0 > soon);
        if !algorithms.contains(&self.jws.algorithm) {
            Err("an assertion with another algorithm")
        } else if claims.iss != claims.sub {
            Err("an assertion of one client about another")
        } else if !audience.is_named_by(&claims.aud) {
            Err("an assertion for somebody else")
        } else if claims.exp.0 <= now {
            Err("an assertion that has expired")
        } else if claims.exp.0 > soon.plus(LIFE) {
            Err("an assertion that lives too long")
        } else if ahead(claims.nbf) || ahead(claims.iat) {
            Err("an assertion from the future")
        } else if claims.jti.is_empty() || claims.jti.len() > MAX_JTI {
            Err("an assertion without a usable jti")
        } else {
            Ok(())
        }
    }

    /// What makes it work once (OA-37).
    pub fn once(&self) -> Once {
        Once::new("client assertion", &[&self.claims.sub, &self.claims.jti], self.claims.exp.0)
    }
}
