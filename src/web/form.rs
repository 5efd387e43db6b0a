//! Forms as browsers send them. Reading one checks its hidden token; there is no way around it.

use std::collections::BTreeMap;
use std::fmt;

use axum::body::to_bytes;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::http::header;

use super::app::App;
use super::csrf;
use super::extract::RequestInfo;
use super::limits::FORM_BYTES;
use super::respond::Failure;

/// The fields of a submitted form. A name occurs once, unless it ends in `[]` (checkbox lists).
#[derive(Clone, Default)]
pub struct Form(BTreeMap<String, Vec<String>>);

/// Shows the names of the fields only: values are passwords and codes (IN-06).
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Why a form could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// One name, two values: which one is meant differs between readers.
    #[error("a field was sent twice")]
    Duplicate,
    /// More fields than any page has.
    #[error("too many fields")]
    TooMany,
}

/// More than any page has: a list of 1,000 groups with dates.
const MAX_FIELDS: usize = 4_096;

impl Form {
    /// Reads `application/x-www-form-urlencoded` or a query string.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormError> {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (count, (name, value)) in url::form_urlencoded::parse(bytes).enumerate() {
            if count >= MAX_FIELDS {
                return Err(FormError::TooMany);
            }
            let values = fields.entry(name.clone().into_owned()).or_default();
            if !values.is_empty() && !name.ends_with("[]") {
                return Err(FormError::Duplicate);
            }
            values.push(value.into_owned());
        }
        Ok(Self(fields))
    }

    /// The value of a field as sent; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// The value of a field without surrounding space, if anything is left.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name).trim()).filter(|text| !text.is_empty())
    }

    /// Without any but some fields.
    #[must_use]
    pub fn only(mut self, names: &[&str]) -> Self {
        self.0.retain(|name, _| names.contains(&name.as_str()));
        self
    }

    /// Whether a field was sent at all: checkboxes and buttons.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All values of a list, whose name ends in `[]`.
    pub fn list(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// All fields whose name starts with a prefix, without it: name and first value.
    pub fn starting_with<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, values)| Some((name.strip_prefix(prefix)?, values.first()?.as_str())))
    }
}

impl<S: Send + Sync> FromRequest<S> for Form
where
    App: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let Ok(info) = <RequestInfo as FromRequestParts<S>>::from_request_parts(&mut parts, state).await;
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Err(Failure::BadRequest);
        }
        let bytes = to_bytes(body, FORM_BYTES).await.map_err(|_| Failure::TooLarge)?;
        let form = Self::parse(&bytes).map_err(|_| Failure::BadRequest)?;
        if csrf::verify(Some(&info.browser), info.session.as_ref(), form.text(csrf::FIELD)) {
            Ok(form)
        } else {
            Err(Failure::Csrf)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_sent_twice_is_an_error_unless_it_is_a_list() {
        assert_eq!(Form::parse(b"a=1&a=2").unwrap_err(), FormError::Duplicate);
        let form = Form::parse(b"g%5B%5D=1&g%5B%5D=2&name=+Ann+&until-x=2027-01-01").unwrap();
        assert_eq!(form.list("g[]"), ["1", "2"]);
        assert_eq!(form.given("name"), Some("Ann"));
        assert_eq!(form.starting_with("until-").collect::<Vec<_>>(), [("x", "2027-01-01")]);
        assert!(!form.has("b") && form.text("b").is_empty());
    }
}
