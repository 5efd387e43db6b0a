//! Request parameters of the protocol endpoints: read once, each name at most once (RFC 6749 §3.1; OA-05).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::OAuthError;

/// More parameters than any request of a real client has (OA-53).
const MAX_PARAMETERS: usize = 64;

/// Longest value of one parameter.
const MAX_VALUE: usize = 8 * 1024;

/// The parameters of one request. Those without a value count as not sent (RFC 6749 §3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads a query or a form.
    pub fn parse(bytes: &[u8]) -> Result<Self, OAuthError> {
        let mut parameters = BTreeMap::new();
        for (count, (name, value)) in url::form_urlencoded::parse(bytes).enumerate() {
            if count >= MAX_PARAMETERS || name.len() > MAX_VALUE || value.len() > MAX_VALUE {
                return Err(OAuthError::InvalidRequest("too many or too long parameters"));
            }
            if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(OAuthError::InvalidRequest("a parameter was sent twice"));
            }
        }
        parameters.retain(|_, value| !value.is_empty());
        Ok(Self(parameters))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value of a parameter that has to be there.
    pub fn require(&self, name: &str, missing: &'static str) -> Result<&str, OAuthError> {
        self.get(name).ok_or(OAuthError::InvalidRequest(missing))
    }

    /// As a query.
    pub fn to_query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }
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

    #[test]
    fn oa_53_thousands_of_parameters_or_megabytes_are_refused() {
        assert!(Parameters::parse("a".repeat(1_000_000).as_bytes()).is_err());
        let many: Vec<String> = (0..10_000).map(|n| format!("p{n}=1")).collect();
        assert!(Parameters::parse(many.join("&").as_bytes()).is_err());
    }
}
