//! Request parameters of the protocol endpoints: read once, each name at most once (RFC 6749 §3.1; OA-05).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::OAuthError;
use crate::tokens::mint::Kind;

/// More parameters than any request of a real client has (OA-53).
const MAX_PARAMETERS: usize = 64;

/// Longest value of one parameter, in octets.
const MAX_VALUE: usize = 8 * 1024;

/// Those that may be longer: an ID token with many groups comes back in the one, a whole signed request in the other.
const LONGER: [&str; 2] = ["id_token_hint", "request"];

/// The parameters of one request. Those without a value count as not sent (RFC 6749 §3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads a query or a form.
    pub fn parse(bytes: &[u8]) -> Result<Self, OAuthError> {
        let mut parameters = BTreeMap::new();
        for (count, (name, value)) in url::form_urlencoded::parse(bytes).enumerate() {
            check(count, &name, &value)?;
            if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(OAuthError::InvalidRequest("a parameter was sent twice"));
            }
        }
        parameters.retain(|_, value| !value.is_empty());
        Ok(Self(parameters))
    }

    /// Those of a request object, by the same limits.
    pub fn of<'a>(pairs: impl Iterator<Item = (&'a str, String)>) -> Result<Self, OAuthError> {
        let mut parameters = BTreeMap::new();
        for (count, (name, value)) in pairs.enumerate() {
            check(count, name, &value)?;
            parameters.insert(name.to_owned(), value);
        }
        parameters.retain(|_, value| !value.is_empty());
        Ok(Self(parameters))
    }

    /// These, and over them others.
    #[must_use]
    pub fn overlaid(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value of a parameter that has to be there.
    pub fn require(&self, name: &str, missing: &'static str) -> Result<&str, OAuthError> {
        self.get(name).ok_or(OAuthError::InvalidRequest(missing))
    }

    /// Without some of them.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|name, _| !names.contains(&name.as_str()));
        self
    }

    /// With one of them set.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), value.to_owned());
        self
    }

    /// As a query.
    pub fn to_query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
}

/// Limits of one parameter.
fn check(count: usize, name: &str, value: &str) -> Result<(), OAuthError> {
    let longest = if LONGER.contains(&name) { Kind::IdToken.longest() } else { MAX_VALUE };
    if count >= MAX_PARAMETERS || name.len() > MAX_VALUE || value.len() > longest {
        return Err(OAuthError::InvalidRequest("too many or too long parameters"));
    }
    if !is_text(name) || !is_text(value) {
        return Err(OAuthError::InvalidRequest("a parameter is not text in UTF-8"));
    }
    Ok(())
}

/// What cannot be sent back or stored as it came: octets that are no UTF-8 (read as U+FFFD) and control characters.
fn is_text(text: &str) -> bool {
    !text.contains(|c: char| c == char::REPLACEMENT_CHARACTER || c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oa_05_a_parameter_sent_twice_is_refused_even_with_the_same_value() {
        assert!(Parameters::parse(b"state=a&state=a").is_err());
        assert_eq!(Parameters::parse(b"a=1&b=&c=%20x").unwrap().get("c"), Some(" x"));
        assert_eq!(Parameters::parse(b"a=1&b=").unwrap().get("b"), None);
    }

    /// RFC 6749 appendix B; `state` comes back exactly as it was sent or not at all.
    #[test]
    fn a_parameter_is_text_in_utf_8() {
        let parsed = Parameters::parse("state=%C3%A9%E2%82%AC".as_bytes()).unwrap();
        assert_eq!((parsed.get("state"), parsed.to_query().as_str()), (Some("é€"), "state=%C3%A9%E2%82%AC"));
        for bad in ["state=%FF", "state=%C3", "nonce=%00", "state=a%1Bb", "%00=a", "state=%ED%A0%80"] {
            assert!(Parameters::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn oa_53_thousands_of_parameters_or_megabytes_are_refused() {
        assert!(Parameters::parse("a".repeat(1_000_000).as_bytes()).is_err());
        let many: Vec<String> = (0..10_000).map(|n| format!("p{n}=1")).collect();
        assert!(Parameters::parse(many.join("&").as_bytes()).is_err());
    }
}
