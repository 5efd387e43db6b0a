//! Errors on the wire: the status of SSF 1.0, and a body with `err` and `description` as in RFC 8935 §2.3.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::db;
use crate::signals::stream::manage::StreamError;
use crate::signals::stream::poll::PollError;
use crate::web::bearer::Turned;
use crate::web::json;

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum SsfError {
    /// Not what is asked for, or a member that cannot be set.
    #[error("{0}")]
    Malformed(String),
    /// The body is too long.
    #[error("the body is too large")]
    TooLarge,
    /// Not with this verb.
    #[error("this address does not take this method")]
    MethodNotAllowed,
    /// The token is good, but not for this.
    #[error("the access token lacks the scope `{0}`")]
    Scope(&'static str),
    /// Nobody is let in.
    #[error(transparent)]
    Turned(#[from] Turned),
    /// The rules of streams.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// Fetching.
    #[error(transparent)]
    Poll(#[from] PollError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl SsfError {
    /// What is wrong with a request.
    pub(super) fn malformed(text: impl Into<String>) -> Self {
        Self::Malformed(text.into())
    }

    fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Malformed(_) | Self::Stream(StreamError::Disabled) => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "invalid_request"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "invalid_request"),
            Self::Scope(_) | Self::Turned(Turned::Elsewhere(_)) => (StatusCode::FORBIDDEN, "access_denied"),
            Self::Turned(Turned::Away | Turned::Ended(_) | Turned::Unproved(_)) => {
                (StatusCode::UNAUTHORIZED, "authentication_failed")
            }
            Self::Turned(Turned::TooMany(..)) | Self::Stream(StreamError::TooSoon(_)) => {
                (StatusCode::TOO_MANY_REQUESTS, "too_many_requests")
            }
            Self::Stream(StreamError::NotFound) => (StatusCode::NOT_FOUND, "not_found"),
            Self::Stream(StreamError::Exists) => (StatusCode::CONFLICT, "conflict"),
            Self::Stream(StreamError::TooManySubjects) => (StatusCode::FORBIDDEN, "too_many_subjects"),
            Self::Turned(Turned::Keys(_) | Turned::Db(_))
            | Self::Stream(StreamError::Seal(_) | StreamError::Db(_))
            | Self::Poll(_)
            | Self::Db(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    fn further(&self, headers: &mut HeaderMap) {
        match self {
            Self::Turned(Turned::Unproved(challenge)) => challenge.put(headers),
            Self::Turned(Turned::Away | Turned::Ended(_)) => {
                let told = HeaderValue::from_static("Bearer realm=\"ssf\", error=\"invalid_token\"");
                headers.insert(header::WWW_AUTHENTICATE, told);
            }
            Self::Scope(scope) => {
                let told = format!("Bearer realm=\"ssf\", error=\"insufficient_scope\", scope=\"{scope}\"");
                headers.extend(HeaderValue::from_str(&told).ok().map(|told| (header::WWW_AUTHENTICATE, told)));
            }
            Self::Turned(Turned::TooMany(_, wait)) | Self::Stream(StreamError::TooSoon(wait)) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(*wait));
            }
            _ => {}
        }
    }
}

impl IntoResponse for SsfError {
    fn into_response(self) -> Response {
        let busy = db::is_busy(&self);
        let (status, word) = if busy { (StatusCode::SERVICE_UNAVAILABLE, "busy") } else { self.kind() };
        let description = if busy {
            "too much happens at once; send it again in a moment".to_owned()
        } else if status.is_server_error() {
            tracing::error!(error = &self as &dyn std::error::Error, "a request about event streams failed");
            "something went wrong on our side".to_owned()
        } else {
            self.to_string()
        };
        let body = serde_json::json!({ "err": word, "description": description });
        let mut response = json::answer(status, body.to_string());
        let headers = response.headers_mut();
        if busy {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(1));
        }
        self.further(headers);
        response
    }
}
