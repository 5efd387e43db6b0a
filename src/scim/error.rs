//! SCIM errors on the wire (RFC 7644 §3.12): `status` is a text, `scimType` is one of ten words, or of the three of RFC 9865.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::noted::ScimType;
use super::patch::PatchError;
use crate::authority::{Reason, Refusal};
use crate::db;
use crate::tokens::presented::Challenge;
use crate::web::bearer::{self, Turned};

/// The media type of all answers (RFC 7644 §3.1).
pub const MEDIA_TYPE: &str = "application/scim+json";

/// An error of the SCIM surface.
#[derive(Debug, thiserror::Error)]
pub enum ScimError {
    /// The filter is wrong or names something that cannot be filtered on.
    #[error("{0}")]
    InvalidFilter(String),
    /// The request is not the JSON that it should be.
    #[error("{0}")]
    InvalidSyntax(String),
    /// A path is wrong.
    #[error("{0}")]
    InvalidPath(String),
    /// A value is wrong, or one is missing.
    #[error("{0}")]
    InvalidValue(String),
    /// A path matched nothing that there is for the caller.
    #[error("{0}")]
    NoTarget(String),
    /// The attribute cannot be changed.
    #[error("{0}")]
    Mutability(String),
    /// Taken already; never says by whom (`decisions.md` 2).
    #[error("one of the values is in use already")]
    Uniqueness,
    /// A rule of the service, which neither says who nor what else is there.
    #[error("{0}")]
    Conflict(String),
    /// The filter would match too much.
    #[error("{0}")]
    TooMany(String),
    /// Not a cursor that was given out for this query to this caller (RFC 9865 §2.1).
    #[error("this cursor does not belong to this query; leave it empty to begin again")]
    InvalidCursor,
    /// A cursor that has had its time (RFC 9865 §2.1).
    #[error("this cursor has expired; leave it empty to begin again")]
    ExpiredCursor,
    /// A page size out of range, with a cursor (RFC 9865 §2.1).
    #[error("{0}")]
    InvalidCount(String),
    /// Not there, or not there for the caller: both are answered alike (D8).
    #[error("there is no such resource")]
    NotFound,
    /// Seen, but not to be changed.
    #[error("{0}")]
    Forbidden(String),
    /// No token, or none that is valid; the description goes into `WWW-Authenticate`.
    #[error("a valid access token is needed")]
    Unauthorized,
    /// A token that is bound to a key, without a good proof of it.
    #[error("a valid access token with a DPoP proof of its key is needed")]
    Unproved(Box<Challenge>),
    /// The person has to prove a second factor anew.
    #[error("the person has to {0}")]
    StepUp(Reason),
    /// Not with this verb.
    #[error("this address does not take this method")]
    MethodNotAllowed,
    /// `If-Match` names another version.
    #[error("the resource has changed since it was read")]
    PreconditionFailed,
    /// A change without `If-Match` where the settings ask for one (SC-31).
    #[error("If-Match is needed; send the ETag of the version that was read")]
    PreconditionRequired,
    /// The body or the list in it is too long (SC-20).
    #[error("the request is too large: {0}")]
    TooLarge(String),
    /// Neither `application/scim+json` nor `application/json` (SC-24), or compressed (SC-23).
    #[error("send application/scim+json or application/json, not compressed")]
    UnsupportedMediaType,
    /// Too many requests of one client.
    #[error("too many requests; try again in {0} s")]
    TooManyRequests(u64),
    /// Not offered.
    #[error("{0}")]
    NotImplemented(String),
    /// The same rows were changed by others again and again; the request may be sent once more.
    #[error("too much happens at once; send it again in a moment")]
    Busy,
    /// Unexpected; logged once, and only said to have happened.
    #[error("something went wrong on our side")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ScimError {
    /// The status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::InvalidFilter(_)
            | Self::InvalidSyntax(_)
            | Self::InvalidPath(_)
            | Self::InvalidValue(_)
            | Self::NoTarget(_)
            | Self::Mutability(_)
            | Self::InvalidCursor
            | Self::ExpiredCursor
            | Self::InvalidCount(_)
            | Self::TooMany(_) => StatusCode::BAD_REQUEST,
            Self::Uniqueness | Self::Conflict(_) => StatusCode::CONFLICT,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Unauthorized | Self::Unproved(_) | Self::StepUp(_) => StatusCode::UNAUTHORIZED,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
            Self::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooManyRequests(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotImplemented(_) => StatusCode::NOT_IMPLEMENTED,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The `scimType` (RFC 7644 table 9).
    pub fn scim_type(&self) -> Option<&'static str> {
        match self {
            Self::InvalidFilter(_) => Some("invalidFilter"),
            Self::InvalidSyntax(_) => Some("invalidSyntax"),
            Self::InvalidPath(_) => Some("invalidPath"),
            Self::InvalidValue(_) => Some("invalidValue"),
            Self::NoTarget(_) => Some("noTarget"),
            Self::Mutability(_) => Some("mutability"),
            Self::Uniqueness => Some("uniqueness"),
            Self::TooMany(_) => Some("tooMany"),
            Self::InvalidCursor => Some("invalidCursor"),
            Self::ExpiredCursor => Some("expiredCursor"),
            Self::InvalidCount(_) => Some("invalidCount"),
            Self::Conflict(_)
            | Self::NotFound
            | Self::Forbidden(_)
            | Self::Unauthorized
            | Self::Unproved(_)
            | Self::StepUp(_)
            | Self::MethodNotAllowed
            | Self::PreconditionFailed
            | Self::PreconditionRequired
            | Self::TooLarge(_)
            | Self::UnsupportedMediaType
            | Self::TooManyRequests(_)
            | Self::NotImplemented(_)
            | Self::Busy
            | Self::Internal(_) => None,
        }
    }
}

impl From<db::Error> for ScimError {
    fn from(error: db::Error) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<Turned> for ScimError {
    fn from(turned: Turned) -> Self {
        match turned {
            Turned::Away | Turned::Ended(_) => Self::Unauthorized,
            Turned::Unproved(challenge) => Self::Unproved(challenge),
            Turned::Elsewhere(_) => Self::Forbidden(turned.to_string()),
            Turned::TooMany(_, wait) => Self::TooManyRequests(wait),
            Turned::Keys(error) => Self::Internal(Box::new(error)),
            Turned::Db(error) => error.into(),
        }
    }
}

impl From<PatchError> for ScimError {
    fn from(error: PatchError) -> Self {
        match error {
            PatchError::Syntax(why) => Self::InvalidSyntax(why.to_owned()),
            PatchError::Path => Self::InvalidPath(error.to_string()),
            PatchError::Value(why) => Self::InvalidValue(why.to_owned()),
            PatchError::NoTarget => Self::NoTarget(error.to_string()),
            PatchError::TooMany(most) => Self::TooLarge(format!("at most {most} operations at a time")),
        }
    }
}

impl From<Refusal> for ScimError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied(Reason::NotFound) => Self::NotFound,
            Refusal::Denied(reason @ (Reason::StepUp { .. } | Reason::TooWeak(_))) => Self::StepUp(reason),
            Refusal::Denied(reason) => Self::Forbidden(reason.to_string()),
            Refusal::Anonymous => Self::Unauthorized,
            Refusal::Db(error) => error.into(),
        }
    }
}

impl IntoResponse for ScimError {
    fn into_response(self) -> Response {
        // A conflict that outlasted its attempts, or no answer in time, however deep in the error of a use case.
        if let Self::Internal(error) = &self
            && db::is_busy(error.as_ref())
        {
            return Self::Busy.into_response();
        }
        if let Self::Internal(error) = &self {
            tracing::error!(error = error.as_ref() as &dyn std::error::Error, "a SCIM request failed");
        }
        let status = self.status();
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": status.as_u16().to_string(),
            "detail": self.to_string(),
        });
        if let (Some(scim_type), Some(fields)) = (self.scim_type(), body.as_object_mut()) {
            fields.insert("scimType".to_owned(), scim_type.into());
        }
        let mut response = (status, body.to_string()).into_response();
        if let Some(scim_type) = self.scim_type() {
            response.extensions_mut().insert(ScimType(scim_type));
        }
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        let wait = match &self {
            Self::TooManyRequests(wait) => Some(*wait),
            Self::Busy => Some(1),
            _ => None,
        };
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        if let Self::StepUp(reason) = self {
            bearer::ask_for_step_up(response.headers_mut(), reason);
        } else if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"scim\""));
        }
        if let Self::Unproved(challenge) = &self {
            challenge.put(response.headers_mut());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9110 §15.6.4: what another attempt may not meet is no fault of ours, and says when to come again.
    #[test]
    fn a_conflict_that_outlasts_its_attempts_is_busy_and_not_a_failure() {
        let conflict = db::Error::Retry(sqlx::Error::WorkerCrashed);
        let response = ScimError::from(conflict).into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        let fault = ScimError::Internal(Box::new(std::io::Error::other("disk"))).into_response();
        assert_eq!(fault.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
