//! HTTP details that several endpoints share: prebuilt documents, form bodies, cross-origin answers.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error::OAuthError;
use super::params::Parameters;
use crate::kernel::hex::hex;
use crate::kernel::secret::Digest;

/// A document made once: its bytes and its entity tag.
#[derive(Clone, Debug)]
pub(super) struct Document {
    bytes: Bytes,
    etag: String,
}

impl Document {
    /// The tag is over the bytes.
    pub(super) fn new(bytes: Bytes) -> Self {
        let digest = Digest::of(&bytes);
        let hex: String = hex(digest.as_bytes()).chars().take(24).collect();
        Self { etag: format!("\"{hex}\""), bytes }
    }

    /// The document, or 304 if the caller has it (RFC 9110 §13.1.2). Public: readable from every origin.
    pub(super) fn respond(&self, headers: &HeaderMap) -> Response {
        let has_it = headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == self.etag.as_bytes());
        let mut response =
            if has_it { StatusCode::NOT_MODIFIED.into_response() } else { self.bytes.clone().into_response() };
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        if let Ok(etag) = HeaderValue::from_str(&self.etag) {
            answer.insert(header::ETAG, etag);
        }
        response
    }
}

/// A form body (RFC 6749 §3.2): nothing else is read.
pub(super) fn form(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Parameters, OAuthError> {
    let body = body.map_err(|_| OAuthError::InvalidRequest("the body is too large or could not be read"))?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = kind.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(OAuthError::InvalidRequest("the body must be application/x-www-form-urlencoded"));
    }
    Parameters::parse(&body)
}

/// Lets a page of a registered origin read the answer. Never with credentials: there are no cookies here.
pub(super) fn allow_origin(response: &mut Response, request: &HeaderMap, origins: &[String]) {
    if let Some(origin) = request.get(header::ORIGIN)
        && origins.iter().any(|registered| registered.as_bytes() == origin.as_bytes())
    {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Origin"));
}

/// The answer to a preflight (Fetch §3.2.2). It lets anybody ask; what comes back is readable by registered origins only.
pub(super) async fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
