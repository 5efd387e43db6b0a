//! A document that a client sends to make something new: read against its schema, member by member.

use std::str::FromStr;

use axum::body::Body;
use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::body;
use super::error::ScimError;
use super::router::bytes;
use super::tolerated::Tolerated;
use crate::kernel::time::Timestamp;

/// The members of a document, spelled as the schema spells them.
#[derive(Debug)]
pub struct Document(Map<String, Value>);

impl Document {
    /// Reads the body of a request.
    pub async fn read(
        schema: &str,
        (headers, sent): (&HeaderMap, Body),
        tolerated: &Tolerated,
    ) -> Result<Self, ScimError> {
        Ok(Self(body::resource(schema, body::read(headers, &bytes(sent, tolerated.limits()).await?)?, tolerated)?))
    }

    /// A text, if there is one.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// A text that has to be there.
    pub fn needed(&self, name: &str) -> Result<&str, ScimError> {
        self.text(name).ok_or_else(|| missing(name))
    }

    /// A switch; off if it is left out.
    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A sub-attribute of a complex one.
    pub fn within(&self, name: &str, sub: &str) -> Option<&str> {
        self.0.get(name)?.get(sub)?.as_str()
    }

    /// The id of what a complex attribute refers to; it has to be there.
    pub fn reference<T: FromStr>(&self, name: &str) -> Result<T, ScimError> {
        let value = self.within(name, "value").ok_or_else(|| missing(name))?;
        value.parse().map_err(|_| wrong(name, "an id"))
    }

    /// The ids of what a list refers to; `None` if it is left out.
    pub fn references<T: FromStr + Ord, C: FromIterator<T>>(&self, name: &str) -> Result<Option<C>, ScimError> {
        let Some(list) = self.0.get(name).and_then(Value::as_array) else { return Ok(None) };
        let ids = list.iter().map(|one| {
            let value = one.get("value").and_then(Value::as_str).unwrap_or_default();
            value.parse().map_err(|_| wrong(name, "a list of ids"))
        });
        ids.collect::<Result<C, _>>().map(Some)
    }

    /// An instant, if there is one.
    pub fn instant(&self, name: &str) -> Result<Option<Timestamp>, ScimError> {
        let read = |text| Timestamp::parse_rfc3339(text).ok_or_else(|| wrong(name, "an instant (RFC 3339)"));
        self.text(name).map(read).transpose()
    }

    /// Something that is written as a text, if there is one.
    pub fn parsed<T: FromStr>(&self, name: &str, kind: &str) -> Result<Option<T>, ScimError> {
        self.text(name).map(|text| text.parse().map_err(|_| wrong(name, kind))).transpose()
    }
}

fn missing(name: &str) -> ScimError {
    ScimError::InvalidValue(format!("`{name}` is missing"))
}

fn wrong(name: &str, kind: &str) -> ScimError {
    ScimError::InvalidValue(format!("`{name}` must be {kind}"))
}
