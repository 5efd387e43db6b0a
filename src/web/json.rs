//! JSON as programs send and get it.

use axum::body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

/// Why a body is not read.
#[derive(Debug)]
pub enum Unread {
    /// Not `application/json`, or compressed: it could be a thousand times as large as it looks.
    MediaType,
    /// Too many octets.
    TooLarge,
    /// Not JSON, or not what is asked for; in the words of the parser.
    Malformed(String),
}

/// A body of at most `longest` octets.
pub async fn read<T: DeserializeOwned>(request: Request, longest: usize) -> Result<T, Unread> {
    let headers = request.headers();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_json = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !is_json || headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Unread::MediaType);
    }
    let bytes = body::to_bytes(request.into_body(), longest).await.map_err(|_| Unread::TooLarge)?;
    serde_json::from_slice(&bytes).map_err(|error| Unread::Malformed(error.to_string()))
}

/// An answer that nothing on its way may keep.
pub fn answer(status: StatusCode, text: String) -> Response {
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
