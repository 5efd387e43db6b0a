//! What every endpoint needs of a request: who asks, how lists are cut, how answers are written.

use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::error::{MEDIA_TYPE, ScimError};
use super::noted::Noted;
use super::projection::Projection;
use super::router::{Scim, bytes};
use super::tolerated::Tolerated;
use super::{body, etag, filter};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{ClientId, PrincipalId};
use crate::web::bearer::{self, Turned};
use crate::web::extract::RequestInfo;

/// Most resources on one page (SC-19).
pub const MAX_PAGE: i64 = 200;
const DEFAULT_PAGE: i64 = 100;

/// RFC 7644 §3.4.3.
const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// Who asks, judged anew from the token of this request (SC-28).
#[derive(Debug)]
pub struct Caller {
    /// The context of use cases.
    pub ctx: Ctx,
    /// Through which client; external ids are its own. With a token that a person made for scripts, their id stands for it.
    pub client: ClientId,
    /// Whether it is such a token.
    pub is_own_token: bool,
    /// How literally the request is read, and what was tolerated of it.
    pub tolerated: Tolerated,
}

impl FromRequestParts<Scim> for Caller {
    type Rejection = ScimError;

    async fn from_request_parts(parts: &mut Parts, scim: &Scim) -> Result<Self, ScimError> {
        let info = match RequestInfo::from_request_parts(parts, scim).await {
            Ok(info) => info,
            Err(never) => match never {},
        };
        let noted = parts.extensions.get::<Noted>().cloned().unwrap_or_default();
        let asking = bearer::admit(&scim.app, &scim.tokens, (&info, &parts.headers), Channel::Scim).await;
        let asking = asking.inspect_err(|turned| {
            if let Turned::Elsewhere(client) = turned {
                noted.is_of(*client, &Tolerated::default());
            }
        })?;
        let tolerated = Tolerated::of(asking.tolerance);
        if matches!(asking.ctx.actor, Some(PrincipalId::Service(_))) {
            noted.is_of(asking.client, &tolerated);
        }
        // For what reads the rest of the request.
        parts.extensions.insert(tolerated.clone());
        Ok(Self { ctx: asking.ctx, client: asking.client, is_own_token: asking.is_own_token, tolerated })
    }
}

/// The parameters of lists, in the query or in the body of `/.search` (RFC 7644 §3.4.2, §3.4.3).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ListParameters {
    filter: Option<String>,
    sort_by: Option<String>,
    sort_order: Option<String>,
    start_index: Option<String>,
    count: Option<String>,
    attributes: Option<String>,
    excluded_attributes: Option<String>,
    /// How literally the filter is read.
    #[serde(skip)]
    tolerated: Tolerated,
}

/// A list as it is asked for, checked.
#[derive(Debug)]
pub struct ListRequest {
    /// The filter.
    pub filter: Option<filter::Filter>,
    /// Sorted by.
    pub sort_by: Option<super::attribute::AttributePath>,
    /// From the end.
    pub descending: bool,
    /// The first one, from 1.
    pub start_index: i64,
    /// How many at most, 0 to [`MAX_PAGE`].
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
            let body = body::read(&parts.headers, &bytes(body).await?)?;
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
                .filter(|_| text.len() <= super::filter_parser::MAX_LENGTH)
                .ok_or_else(|| ScimError::InvalidPath("`sortBy` is not an attribute".to_owned()))
        };
        Ok(ListRequest {
            filter,
            sort_by: self.sort_by.as_deref().filter(|text| !text.is_empty()).map(path).transpose()?,
            descending: self.sort_order.as_deref().is_some_and(|order| order.eq_ignore_ascii_case("descending")),
            start_index: number(&self.start_index, 1)?.max(1),
            count: number(&self.count, DEFAULT_PAGE)?.clamp(0, MAX_PAGE),
            projection: self.projection()?,
        })
    }
}

/// Where the path of the address ends in an id that nobody could have, it is not found (SC-25).
pub fn id<T: std::str::FromStr>(text: &str) -> Result<T, ScimError> {
    text.parse().map_err(|_| ScimError::NotFound)
}

/// A header as text.
pub fn text_header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// An answer with a body.
pub fn answer(status: StatusCode, body: &Value) -> Response {
    head(status, axum::body::Body::from(body.to_string()))
}

/// The head of every answer with a body (RFC 7644 §3.1).
pub fn head(status: StatusCode, body: axum::body::Body) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Writes `meta.version`; gives it back.
pub fn stamp(resource: &mut Map<String, Value>) -> String {
    let version = etag::of(resource);
    if let Some(meta) = resource.get_mut("meta").and_then(Value::as_object_mut) {
        meta.insert("version".to_owned(), json!(version));
    }
    version
}

/// An answer with a resource, its `ETag` and, when it is new, its address. `version` is `None` where it was not worked out.
pub fn answer_resource(
    status: StatusCode,
    resource: &Map<String, Value>,
    version: Option<&str>,
    projection: &Projection,
) -> Response {
    let location =
        resource.get("meta").and_then(|meta| meta.get("location")).and_then(Value::as_str).map(str::to_owned);
    let mut response = answer(status, &Value::Object(projection.apply(resource)));
    let headers = response.headers_mut();
    for (name, value) in
        [(header::ETAG, version), (header::LOCATION, location.as_deref()), (header::CONTENT_LOCATION, None)]
    {
        if let Some(Ok(value)) = value.map(HeaderValue::from_str) {
            headers.insert(name, value);
        }
    }
    response
}

/// An answer with a list (RFC 7644 §3.4.2).
pub fn answer_list(total: i64, start_index: i64, resources: Vec<Map<String, Value>>) -> Response {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start_index,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    answer(StatusCode::OK, &body)
}
