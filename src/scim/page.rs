//! A page of a list, and its answer (RFC 7644 §3.4.2, RFC 9865 §2).

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::request::answer;

/// How a page was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cut {
    /// From the n-th.
    Index(i64),
    /// Behind a cursor; the next page begins behind this one, if there is one.
    Cursor(Option<String>),
}

/// A page of resources as they are returned.
#[derive(Clone, Debug)]
pub struct Page {
    /// How many there are on all pages.
    pub total: i64,
    /// How it was cut.
    pub cut: Cut,
    /// What is on it.
    pub resources: Vec<Map<String, Value>>,
}

impl Page {
    /// A list that is one page.
    pub fn whole(resources: Vec<Map<String, Value>>) -> Self {
        Self { total: i64::try_from(resources.len()).unwrap_or(i64::MAX), cut: Cut::Index(1), resources }
    }

    /// The answer.
    pub fn answer(self) -> Response {
        let mut body = head(self.total, &self.cut, self.resources.len());
        body.insert("Resources".to_owned(), self.resources.into_iter().map(Value::Object).collect());
        answer(StatusCode::OK, &Value::Object(body))
    }
}

/// A `ListResponse` without its resources.
pub fn head(total: i64, cut: &Cut, shown: usize) -> Map<String, Value> {
    let mut fields = Map::from_iter([
        ("schemas".to_owned(), json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"])),
        ("totalResults".to_owned(), total.into()),
        ("itemsPerPage".to_owned(), shown.into()),
    ]);
    match cut {
        Cut::Index(first) => fields.insert("startIndex".to_owned(), (*first).into()),
        Cut::Cursor(next) => next.clone().and_then(|next| fields.insert("nextCursor".to_owned(), next.into())),
    };
    fields
}
