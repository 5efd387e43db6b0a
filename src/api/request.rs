//! What every endpoint needs of a request and of an answer.

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::ApiError;
use super::router::Api;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::hex::hex;
use crate::kernel::secret::Digest;
use crate::web::bearer;
use crate::web::extract::RequestInfo;
use crate::web::json::{self, Unread};

/// Largest body, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Most of one page of a list.
pub const MAX_PAGE: i64 = 200;

/// What a handler gives back.
pub type ApiResult = Result<Response, ApiError>;

/// Who asks, judged anew from the token of this request.
#[derive(Debug)]
pub struct Caller {
    /// The context of use cases.
    pub ctx: Ctx,
    if_match: Option<String>,
    if_none_match: Option<String>,
}

impl FromRequestParts<Api> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let Ok(info) = RequestInfo::from_request_parts(parts, api).await;
        let asking = bearer::admit(&api.app, &api.tokens, (&info, &parts.headers), Channel::Api).await?;
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Self { ctx: asking.ctx, if_match: text(header::IF_MATCH), if_none_match: text(header::IF_NONE_MATCH) })
    }
}

impl Caller {
    /// Whether the version is one that the caller wants to change, if it named any (RFC 9110 §13.1.1).
    pub fn check(&self, version: &str) -> Result<(), ApiError> {
        match &self.if_match {
            Some(named) if !names(named, version) => Err(ApiError::Stale),
            _ => Ok(()),
        }
    }

    /// A thing with its version; 304 if the caller has that (RFC 9110 §13.1.2).
    pub fn answer(&self, status: StatusCode, body: &impl Serialize) -> ApiResult {
        let text = to_text(body)?;
        let version = version_of(&text);
        if status == StatusCode::OK && self.if_none_match.as_deref().is_some_and(|named| names(named, &version)) {
            return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, version)]).into_response());
        }
        let mut response = json::answer(status, text);
        response.headers_mut().extend(HeaderValue::from_str(&version).ok().map(|value| (header::ETAG, value)));
        Ok(response)
    }
}

/// The version of a thing as the caller sees it (decision 14).
pub fn version(body: &impl Serialize) -> Result<String, ApiError> {
    Ok(version_of(&to_text(body)?))
}

fn version_of(text: &str) -> String {
    let digest = hex(Digest::of(text.as_bytes()).as_bytes());
    format!("\"{}\"", digest.chars().take(24).collect::<String>())
}

fn names(condition: &str, version: &str) -> bool {
    condition.trim() == "*" || condition.split(',').any(|tag| tag.trim().trim_start_matches("W/") == version)
}

fn to_text(body: &impl Serialize) -> Result<String, ApiError> {
    let value = serde_json::to_value(body).map_err(|_| ApiError::Malformed("cannot be written".to_owned()))?;
    Ok(Value::to_string(&value))
}

/// Something without a version.
pub fn answer(status: StatusCode, body: &impl Serialize) -> ApiResult {
    Ok(json::answer(status, to_text(body)?))
}

/// Where a new thing is.
pub fn located(response: ApiResult, path: &str) -> ApiResult {
    response.map(|mut response| {
        let location = HeaderValue::from_str(path).ok().map(|value| (header::LOCATION, value));
        response.headers_mut().extend(location);
        response
    })
}

/// The body as JSON; whatever is unknown in it is an error.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Api> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &Api) -> Result<Self, ApiError> {
        json::read(request, MAX_BODY).await.map(Self).map_err(|unread| match unread {
            Unread::MediaType => ApiError::MediaType,
            Unread::TooLarge => ApiError::TooLarge,
            Unread::Malformed(why) => ApiError::Malformed(why),
        })
    }
}

/// The parameters of the address; whatever is unknown in them is an error.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Api> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, ApiError> {
        let read = Query::<T>::try_from_uri(&parts.uri);
        read.map(|read| Self(read.0)).map_err(|error| ApiError::Malformed(error.body_text()))
    }
}

/// Which part of a list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Part {
    limit: Option<i64>,
    offset: Option<i64>,
}

impl Part {
    /// How many, after how many.
    pub fn bounds(&self) -> (i64, i64) {
        (self.limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE), self.offset.unwrap_or(0).clamp(0, 1_000_000))
    }
}

/// The ids in the path; one that nobody could have is not found.
#[derive(Debug)]
pub struct Ids<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Api> for Ids<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let read = Path::<T>::from_request_parts(parts, api).await;
        read.map(|read| Self(read.0)).map_err(|_| ApiError::NotFound)
    }
}
