//! What is asked of a list: filter, order, page and attributes (RFC 7644 §3.4.2, §3.4.3, RFC 9865).

use axum::extract::{FromRequest, Query, Request};
use axum::http::Method;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::ScimError;
use super::limits::Limits;
use super::projection::Projection;
use super::router::{Scim, bytes};
use super::tolerated::Tolerated;
use super::{body, filter};

/// As many are on a page if nothing is said.
pub fn default_page(limits: &Limits) -> i64 {
    i64::from(limits.page.min(100))
}

/// RFC 7644 §3.4.3.
const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// The parameters of lists, in the query or in the body of `/.search` (RFC 7644 §3.4.2, §3.4.3).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ListParameters {
    filter: Option<String>,
    sort_by: Option<String>,
    sort_order: Option<String>,
    start_index: Option<String>,
    count: Option<String>,
    cursor: Option<String>,
    attributes: Option<String>,
    excluded_attributes: Option<String>,
    /// How literally the filter is read.
    #[serde(skip)]
    tolerated: Tolerated,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// With the n-th, from 1 (RFC 7644 §3.4.2.4).
    Index(i64),
    /// Behind what an opaque cursor says, or at the beginning if it is empty (RFC 9865 §2).
    Cursor(String),
}

impl Start {
    /// After how many of a list that is counted through.
    pub fn offset(&self) -> i64 {
        match self {
            Self::Index(first) => first.saturating_sub(1),
            Self::Cursor(_) => 0,
        }
    }
}

/// A list as it is asked for, checked.
#[derive(Clone, Debug)]
pub struct ListRequest {
    /// The filter.
    pub filter: Option<filter::Filter>,
    /// Sorted by.
    pub sort_by: Option<super::attribute::AttributePath>,
    /// From the end.
    pub descending: bool,
    /// Where the page begins.
    pub start: Start,
    /// How many at most, 0 to [`Limits::page`] (SC-19).
    pub count: i64,
    /// Which attributes.
    pub projection: Projection,
}

/// As they are sent: in the query of a GET, or in the body of a `SearchRequest`.
impl FromRequest<Scim> for ListParameters {
    type Rejection = ScimError;

    async fn from_request(request: Request, _: &Scim) -> Result<Self, ScimError> {
        let tolerated = request.extensions().get::<Tolerated>().cloned().unwrap_or_default();
        if request.method() == Method::POST {
            let (parts, body) = request.into_parts();
            let body = body::read(&parts.headers, &bytes(body, tolerated.limits()).await?)?;
            body::check_schemas(&body, SEARCH_REQUEST, &tolerated)?;
            return Ok(Self { tolerated, ..Self::of_body(&body) });
        }
        Ok(Self { tolerated, ..Self::of_query(request.uri().query().unwrap_or_default())? })
    }
}

impl ListParameters {
    /// From the query of a GET.
    pub fn of_query(query: &str) -> Result<Self, ScimError> {
        let uri: axum::http::Uri =
            format!("/?{query}").parse().map_err(|_| ScimError::InvalidValue("the query cannot be read".to_owned()))?;
        let read = Query::<Self>::try_from_uri(&uri)
            .map_err(|_| ScimError::InvalidValue("the query cannot be read".to_owned()))?;
        Ok(read.0)
    }

    /// From the body of a `SearchRequest`: lists instead of commas.
    pub fn of_body(body: &Map<String, Value>) -> Self {
        let read = |name: &str| match filter::get(body, name) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Array(names)) => Some(names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")),
            _ => None,
        };
        Self {
            filter: read("filter"),
            sort_by: read("sortBy"),
            sort_order: read("sortOrder"),
            start_index: read("startIndex"),
            count: read("count"),
            cursor: read("cursor"),
            attributes: read("attributes"),
            excluded_attributes: read("excludedAttributes"),
            tolerated: Tolerated::default(),
        }
    }

    /// Which attributes.
    pub fn projection(&self) -> Result<Projection, ScimError> {
        Projection::parse(self.attributes.as_deref(), self.excluded_attributes.as_deref())
    }

    /// Checked; numbers out of range are moved into it, words that are no numbers are errors.
    pub fn check(&self) -> Result<ListRequest, ScimError> {
        let number = |text: &Option<String>, default: i64| match text.as_deref().map(str::trim) {
            None | Some("") => Ok(default),
            Some(text) => text
                .parse::<i128>()
                .map(|n| i64::try_from(n.clamp(-1, 1_000_000_000)).unwrap_or(default))
                .map_err(|_| ScimError::InvalidValue("`startIndex` and `count` must be whole numbers".to_owned())),
        };
        let filter = match self.filter.as_deref().filter(|text| !text.trim().is_empty()) {
            None => None,
            Some(text) => Some(
                super::filter_parser::read(text, &self.tolerated).map_err(|error| ScimError::InvalidFilter(error.0))?,
            ),
        };
        let path = |text: &str| {
            super::attribute::AttributePath::parse(text)
                .filter(|_| text.len() <= self.tolerated.limits().filter_bytes)
                .ok_or_else(|| ScimError::InvalidPath("`sortBy` is not an attribute".to_owned()))
        };
        Ok(ListRequest {
            filter,
            sort_by: self.sort_by.as_deref().filter(|text| !text.is_empty()).map(path).transpose()?,
            descending: self.sort_order.as_deref().is_some_and(|order| order.eq_ignore_ascii_case("descending")),
            start: self.start(number(&self.start_index, 1)?)?,
            count: self.page_size(number(&self.count, default_page(self.tolerated.limits()))?)?,
            projection: self.projection()?,
        })
    }

    fn start(&self, first: i64) -> Result<Start, ScimError> {
        match (&self.cursor, &self.start_index) {
            (None, _) => Ok(Start::Index(first.max(1))),
            (Some(_), Some(index)) if !index.is_empty() => {
                Err(ScimError::InvalidValue("a page begins at `startIndex` or behind `cursor`, not at both".to_owned()))
            }
            (Some(cursor), _) => Ok(Start::Cursor(cursor.clone())),
        }
    }

    /// RFC 9865 §2.1: with a cursor, a number out of range is an error; by index it is moved into it.
    fn page_size(&self, count: i64) -> Result<i64, ScimError> {
        let most = i64::from(self.tolerated.limits().page);
        if self.cursor.is_some() && !(1..=most).contains(&count) {
            return Err(ScimError::InvalidCount(format!("with a cursor, `count` is between 1 and {most}")));
        }
        Ok(count.clamp(0, most))
    }
}
