//! Errors on the wire: one enum for all endpoints (RFC 6749 §4.1.2.1 and §5.2, OIDC Core §3.1.2.6, RFC 6750 §3.1).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::db;
use crate::proofs::DpopFault;
use crate::tokens::{BearerError, KeyError};
use crate::web::limits::TooMany;

/// What a client is told. The texts are fixed: nothing of the request comes back in them, but at registration, where it says what is wrong
/// with what was sent.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// Something is missing, malformed or sent twice.
    #[error("{0}")]
    InvalidRequest(&'static str),
    /// The client could not be authenticated; always the same text.
    #[error("client authentication failed")]
    InvalidClient,
    /// The code or refresh token does not work; the reason is for the log only.
    #[error("the grant is invalid, expired, revoked, or was issued to another client")]
    InvalidGrant(&'static str),
    /// The client may not use this grant.
    #[error("the client is not registered for this")]
    UnauthorizedClient,
    /// No such grant.
    #[error("the grant type is not supported")]
    UnsupportedGrantType,
    /// No such response type: only `code`.
    #[error("only response_type=code is supported")]
    UnsupportedResponseType,
    /// A scope that the client may not ask for.
    #[error("a scope is not allowed for this client")]
    InvalidScope,
    /// `authorization_details` that are unknown, malformed, too long, or of which nothing can be granted (RFC 9396 §5).
    #[error("{0}")]
    InvalidAuthorizationDetails(&'static str),
    /// The person may not use this application.
    #[error("the person has no access to this application")]
    AccessDenied,
    /// The person did not allow it on the page that asks.
    #[error("the person did not agree")]
    ConsentRefused,
    /// The person left the sign-in by its button.
    #[error("the person did not sign in")]
    Cancelled,
    /// `prompt=none`, and the person would have to be asked (OIDC Core §3.1.2.6).
    #[error("the person has not agreed to this yet")]
    ConsentRequired,
    /// `prompt=none`, and terms of use would have to be accepted first (OIDC Core §3.1.2.6; E16).
    #[error("the person has to accept the terms of use first")]
    InteractionRequired,
    /// A `resource` that is not ours (RFC 8707 §2).
    #[error("access tokens for this resource cannot be had here")]
    InvalidTarget,
    /// `prompt=none` and nobody is signed in (OIDC Core §3.1.2.6).
    #[error("nobody is signed in")]
    LoginRequired,
    /// An essential `acr` cannot be met (OIDC Core §5.5.1.1).
    #[error("the requested authentication context cannot be met")]
    UnmetAuthenticationRequirements,
    /// A `request` parameter that is not signed.
    #[error("unsigned request objects are not supported")]
    RequestNotSupported,
    /// The `request_uri` parameter.
    #[error("request_uri is not supported")]
    RequestUriNotSupported,
    /// A `request_uri` of ours that names nothing of this client that still waits (RFC 9126 §2.2, RFC 9101 §7).
    #[error("request_uri is unknown, used, expired, or another client's")]
    InvalidRequestUri,
    /// A request object that cannot be read, is not signed by the client, or not for us and now (RFC 9101 §7).
    #[error("{0}")]
    InvalidRequestObject(&'static str),
    /// The `registration` parameter.
    #[error("registration is not supported")]
    RegistrationNotSupported,
    /// A DPoP proof that is not good, or lacks a nonce (RFC 9449 §5, §8).
    #[error("{0}")]
    Dpop(DpopFault),
    /// A redirect URI that cannot be registered (RFC 7591 §3.2.2).
    #[error("{0}")]
    InvalidRedirectUri(String),
    /// Client metadata that cannot be registered (RFC 7591 §3.2.2).
    #[error("{0}")]
    InvalidClientMetadata(String),
    /// A software statement that is not good (RFC 7591 §3.2.2).
    #[error("{0}")]
    InvalidSoftwareStatement(&'static str),
    /// One that is good, and not believed here (RFC 7591 §3.2.2).
    #[error("software statements of this issuer are not believed here")]
    UnapprovedSoftwareStatement,
    /// The access token is missing.
    #[error("an access token is needed")]
    MissingToken,
    /// The access token does not work.
    #[error("the access token is not valid")]
    InvalidToken,
    /// It does not work as it was presented: without its proof, or with one that it does not need (RFC 9449 §7.1).
    #[error("the access token is not valid as it was presented")]
    BoundToken,
    /// The access token does not carry the scope.
    #[error("the access token does not carry the scope `openid`")]
    InsufficientScope,
    /// The client asks more often than it may. No code is registered for it: the status says it (RFC 6585 §4).
    #[error("{0}")]
    TooMany(TooMany),
    /// Nobody has decided about the device yet (RFC 8628 §3.5).
    #[error("nobody has decided yet")]
    AuthorizationPending,
    /// The same, and the device asks too often: five seconds more from now on (RFC 8628 §3.5).
    #[error("nobody has decided yet, and the questions come too fast: wait five seconds longer from now on")]
    SlowDown,
    /// It is too late to decide about the device (RFC 8628 §3.5).
    #[error("the device code has expired")]
    ExpiredToken,
    /// Try again: a key is being made.
    #[error("not ready yet, try again")]
    TemporarilyUnavailable,
    /// The transaction met others, or there was no answer in time. A source, so that the former is tried again before anybody is told.
    #[error("too busy, try again")]
    Busy(#[source] db::Error),
    /// Our fault; logged once.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl OAuthError {
    /// The registered code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant(_) => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidAuthorizationDetails(_) => "invalid_authorization_details",
            Self::AccessDenied | Self::ConsentRefused | Self::Cancelled => "access_denied",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::InvalidTarget => "invalid_target",
            Self::LoginRequired => "login_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::InvalidRequestObject(_) => "invalid_request_object",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidRedirectUri(_) => "invalid_redirect_uri",
            Self::InvalidClientMetadata(_) => "invalid_client_metadata",
            Self::InvalidSoftwareStatement(_) => "invalid_software_statement",
            Self::UnapprovedSoftwareStatement => "unapproved_software_statement",
            Self::Dpop(fault) => fault.code(),
            Self::MissingToken | Self::InvalidToken | Self::BoundToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::TooMany(_) | Self::TemporarilyUnavailable | Self::Busy(_) => "temporarily_unavailable",
            Self::Internal(_) => "server_error",
        }
    }

    /// The status at the token and `UserInfo` endpoints.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::InvalidClient | Self::MissingToken | Self::InvalidToken | Self::BoundToken => {
                StatusCode::UNAUTHORIZED
            }
            Self::InsufficientScope => StatusCode::FORBIDDEN,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TemporarilyUnavailable | Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::InvalidRequest(_)
            | Self::InvalidGrant(_)
            | Self::Dpop(_)
            | Self::UnauthorizedClient
            | Self::UnsupportedGrantType
            | Self::UnsupportedResponseType
            | Self::InvalidScope
            | Self::InvalidAuthorizationDetails(_)
            | Self::AccessDenied
            | Self::ConsentRefused
            | Self::Cancelled
            | Self::ConsentRequired
            | Self::InteractionRequired
            | Self::InvalidTarget
            | Self::LoginRequired
            | Self::UnmetAuthenticationRequirements
            | Self::RequestNotSupported
            | Self::RequestUriNotSupported
            | Self::InvalidRequestUri
            | Self::InvalidRequestObject(_)
            | Self::InvalidRedirectUri(_)
            | Self::InvalidClientMetadata(_)
            | Self::InvalidSoftwareStatement(_)
            | Self::UnapprovedSoftwareStatement
            | Self::AuthorizationPending
            | Self::SlowDown
            | Self::ExpiredToken
            | Self::RegistrationNotSupported => StatusCode::BAD_REQUEST,
        }
    }

    /// Something unexpected.
    pub fn internal(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(error))
    }

    /// Logs what is our fault, once, where the answer is made.
    pub(super) fn log(&self, request_id: &str) {
        if let Self::Internal(error) = self {
            tracing::error!(request_id, %error, "a request could not be answered");
        }
    }

    /// `WWW-Authenticate`, where the status asks for one (RFC 6749 §5.2, RFC 6750 §3).
    fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::InvalidClient => Some(r#"Basic realm="token endpoint""#),
            Self::MissingToken => Some("Bearer"),
            Self::InvalidToken => Some(r#"Bearer error="invalid_token""#),
            Self::InsufficientScope => Some(r#"Bearer error="insufficient_scope", scope="openid""#),
            _ => None,
        }
    }
}

impl OAuthError {
    /// As the answer of a protected resource: every refusal names the scheme (RFC 6750 §3).
    pub(super) fn into_bearer_response(self) -> Response {
        let malformed = matches!(self, Self::InvalidRequest(_));
        let mut response = self.into_response();
        if malformed {
            let challenge = HeaderValue::from_static(r#"Bearer error="invalid_request""#);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl IntoResponse for OAuthError {
    /// RFC 6749 §5.2: JSON, never cached.
    fn into_response(self) -> Response {
        if let Self::Internal(error) = &self {
            tracing::error!(%error, "an OAuth request failed");
        }
        let body = json!({"error": self.code(), "error_description": self.to_string()});
        let mut response = (self.status(), Json(body)).into_response();
        if let Self::Dpop(fault) = &self {
            // For whoever has the nonces.
            response.extensions_mut().insert(*fault);
        }
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Self::TooMany(wait) = &self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.retry_after));
        }
        if let Some(challenge) = self.challenge() {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

impl From<db::Error> for OAuthError {
    fn from(error: db::Error) -> Self {
        if error.is_busy() { Self::Busy(error) } else { Self::internal(error) }
    }
}

impl From<KeyError> for OAuthError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::NotReady => Self::TemporarilyUnavailable,
            KeyError::Db(error) => error.into(),
            KeyError::WrongKek | KeyError::Seal(_) | KeyError::Crypto(_) => Self::internal(error),
        }
    }
}

impl From<DpopFault> for OAuthError {
    fn from(fault: DpopFault) -> Self {
        Self::Dpop(fault)
    }
}

impl From<BearerError> for OAuthError {
    fn from(error: BearerError) -> Self {
        match error {
            BearerError::Invalid | BearerError::Ended(_) => Self::InvalidToken,
            BearerError::Bound => Self::BoundToken,
            BearerError::Unproved(fault) => Self::Dpop(fault),
            BearerError::Keys(error) => error.into(),
            BearerError::Db(error) => error.into(),
        }
    }
}
