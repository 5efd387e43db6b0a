//! HTTP details that several endpoints share: prebuilt documents, form bodies, cross-origin answers.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error::OAuthError;
use super::params::Parameters;
use super::refusals::Refusal;
use super::state::Oidc;
use crate::directory::client::model::Client;
use crate::directory::client::origin_store;
use crate::tokens::cache::KnownClient;
use crate::web::RequestInfo;

/// Longest origin that is looked up, in octets.
const MAX_ORIGIN: usize = 300;

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

/// The origin of the page that asks, if it may read the answer (SE-13): one that the client has registered, or where the
/// client is not known (errors, preflights) one that some client has.
pub(super) async fn reader_origin(oidc: &Oidc, headers: &HeaderMap, client: Option<&Client>) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    let text = origin.to_str().ok().filter(|text| text.len() <= MAX_ORIGIN && *text != "null")?;
    let registered = match client {
        Some(client) => client.settings.cors_origins.iter().any(|registered| registered == text),
        None => {
            let tx = &mut oidc.app.db.reader().await.ok()?;
            origin_store::is_registered(tx, text).await.ok()?
        }
    };
    registered.then(|| origin.clone())
}

/// Lets the page of that origin read the answer. Never with credentials: there are no cookies here.
pub(super) fn allow_origin(response: &mut Response, origin: Option<HeaderValue>) {
    if let Some(origin) = origin {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        // RFC 9449 §8: what a page needs to try again.
        let told = HeaderValue::from_static("dpop-nonce, www-authenticate");
        response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, told);
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Origin"));
}

/// What an endpoint that clients ask themselves answers: what came of the request, or the refusal, recorded; readable from the origins of
/// the client that asked, once it is known.
pub(super) async fn settled<T: IntoResponse>(
    oidc: &Oidc,
    info: &RequestInfo,
    headers: &HeaderMap,
    known: Option<&KnownClient>,
    outcome: Result<T, Refusal>,
) -> Response {
    let mut response = match outcome {
        Ok(answer) => answer.into_response(),
        Err(refusal) => refusal.settle(oidc, info).await.into_response(),
    };
    let origin = reader_origin(oidc, headers, known.map(|known| &known.client)).await;
    allow_origin(&mut response, origin);
    response
}

/// The answer to a preflight (Fetch §3.2.2).
pub(super) async fn preflight(State(oidc): State<Oidc>, headers: HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let origin = reader_origin(&oidc, &headers, None).await;
    if origin.is_some() {
        let allowed = [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, dpop"),
            (header::ACCESS_CONTROL_MAX_AGE, "600"),
        ];
        for (name, value) in allowed {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    allow_origin(&mut response, origin);
    response
}
