//! What every endpoint needs of a request: who asks, how answers are written.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::error::{MEDIA_TYPE, ScimError};
use super::etag;
use super::noted::Noted;
use super::projection::Projection;
use super::router::Scim;
use super::tolerated::Tolerated;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{ClientId, PrincipalId};
use crate::web::bearer;
use crate::web::extract::RequestInfo;

/// Who asks, judged anew from the token of this request (SC-28).
#[derive(Clone, Debug)]
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

/// A caller who has been let in already. Only this surface can put it into a request.
#[derive(Clone, Debug)]
pub(super) struct Admitted(pub(super) Caller);

impl FromRequestParts<Scim> for Caller {
    type Rejection = ScimError;

    async fn from_request_parts(parts: &mut Parts, scim: &Scim) -> Result<Self, ScimError> {
        // A part of a request of theirs, which was let in as a whole.
        if let Some(Admitted(caller)) = parts.extensions.get::<Admitted>() {
            let caller = caller.clone();
            parts.extensions.insert(caller.tolerated.clone());
            return Ok(caller);
        }
        let info = match RequestInfo::from_request_parts(parts, scim).await {
            Ok(info) => info,
            Err(never) => match never {},
        };
        let noted = parts.extensions.get::<Noted>().cloned().unwrap_or_default();
        let asking = bearer::admit(&scim.app, &scim.tokens, (&info, &parts.headers), Channel::Scim).await;
        let asking = asking.inspect_err(|turned| {
            if let Some(client) = turned.service() {
                noted.turns_away(client);
            }
        })?;
        let tolerated = Tolerated::of(asking.tolerance, scim.settings.limits);
        if matches!(asking.ctx.actor, Some(PrincipalId::Service(_))) {
            noted.is_of(asking.client, &tolerated);
        }
        // For what reads the rest of the request.
        parts.extensions.insert(tolerated.clone());
        Ok(Self { ctx: asking.ctx, client: asking.client, is_own_token: asking.is_own_token, tolerated })
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
