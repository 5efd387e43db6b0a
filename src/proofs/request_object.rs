//! A signed authorization request (RFC 9101, FAPI 2.0 Message Signing §5.3.1, OIDC Core §6). Pure: keys are looked for by whoever asks.

use std::time::Duration;

use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::audience::Audience;
use super::jws::Jws;
use super::numeric_date::NumericDate;
use crate::kernel::time::Timestamp;

/// Longest request object that is looked at, encrypted or not, in octets.
pub const LONGEST: usize = 32 * 1024;

/// How long it may live, and how old it may be (FAPI 2.0 Message Signing §5.3.1).
const LIFE: Duration = Duration::from_hours(1);

/// How far the clock of a client may be ahead of ours: 8 s are good, a minute is not.
const SKEW: Duration = Duration::from_secs(15);

/// Claims about the object itself (RFC 7519 §4.1): no parameters of the request.
const OF_THE_OBJECT: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// How strictly it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Our issuer identifier.
    pub issuer: &'a str,
    /// `exp` and `nbf` and `aud` have to be there.
    pub strict: bool,
}

/// A request object as it came.
#[derive(Debug)]
pub struct RequestObject<'a> {
    /// What was signed.
    pub jws: Jws<'a>,
    claims: Map<String, Value>,
}

/// Whether a text is an unsigned object (`alg: none`): known so as to be told apart from a malformed one, and refused like it.
pub fn is_unsigned(text: &str) -> bool {
    text.len() <= LONGEST && text.ends_with('.') && text.matches('.').count() == 2
}

impl<'a> RequestObject<'a> {
    /// Reads an object that says nothing else of itself than what it is (RFC 9101 §10.8: no other kind of JWT is taken for one).
    pub fn read(text: &'a str, algorithms: &[Algorithm]) -> Option<Self> {
        let jws = Jws::read(text, LONGEST, algorithms)?;
        let typ = jws.header.typ.as_deref();
        let is_one = typ.is_none_or(|typ| {
            let typ = typ.strip_prefix("application/").unwrap_or(typ);
            typ.eq_ignore_ascii_case("oauth-authz-req+jwt") || typ.eq_ignore_ascii_case("jwt")
        });
        let claims = jws.claims().filter(|_| is_one)?;
        Some(Self { jws, claims })
    }

    /// Everything but the signature; what is wrong, in words for the client.
    pub fn check(&self, client_id: &str, rules: Rules<'_>, now: Timestamp) -> Result<(), &'static str> {
        let text = |name: &str| self.claims.get(name).and_then(Value::as_str);
        if self.claims.contains_key("request") || self.claims.contains_key("request_uri") {
            return Err("a request object holds no other one");
        }
        if self.claims.contains_key("sub") {
            return Err("a request object has no sub");
        }
        let named = ["iss", "client_id"].into_iter().filter(|name| self.claims.contains_key(*name));
        if named.into_iter().any(|name| text(name) != Some(client_id)) {
            return Err("the request object is of another client");
        }
        match self.claims.get("aud") {
            Some(audience) if !Audience::AnyOf(&[rules.issuer]).is_named_by(audience) => {
                return Err("the aud of the request object is not the issuer");
            }
            None if rules.strict => return Err("the request object has no aud"),
            _ => {}
        }
        self.check_dates(rules.strict, now)
    }

    fn check_dates(&self, strict: bool, now: Timestamp) -> Result<(), &'static str> {
        let date = |name: &str| match self.claims.get(name) {
            None => Ok(None),
            Some(value) => match serde_json::from_value::<NumericDate>(value.clone()) {
                Ok(date) => Ok(Some(date.0)),
                Err(_) => Err("a date of the request object is no number"),
            },
        };
        let (end, start) = (date("exp")?, date("nbf")?);
        if strict && (end.is_none() || start.is_none()) {
            return Err("the request object needs exp and nbf");
        }
        if end.is_some_and(|end| end <= now) {
            return Err("the request object has expired");
        }
        if start.is_some_and(|start| start > now.plus(SKEW)) || date("iat")?.is_some_and(|made| made > now.plus(SKEW)) {
            return Err("the request object is from the future");
        }
        if start.is_some_and(|start| start < now.minus(LIFE)) {
            return Err("the nbf of the request object is more than 60 minutes ago");
        }
        match (start.unwrap_or(now), end) {
            (start, Some(end)) if end > start.plus(LIFE) => Err("the request object lives for more than 60 minutes"),
            _ => Ok(()),
        }
    }

    /// The parameters in it, as they would be in a query: texts as they are, everything else as JSON.
    pub fn parameters(&self) -> impl Iterator<Item = (&str, String)> {
        let parameters = self.claims.iter().filter(|(name, _)| !OF_THE_OBJECT.contains(&name.as_str()));
        parameters.filter(|(_, value)| !value.is_null()).map(|(name, value)| match value {
            Value::String(text) => (name.as_str(), text.clone()),
            other => (name.as_str(), other.to_string()),
        })
    }
}
