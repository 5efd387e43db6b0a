//! Problem documents (RFC 9457): what a caller is told. The texts name only what the caller may know.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::view::Side;
use crate::authority::{Reason, Refusal};
use crate::db;
use crate::delegation::confirm::ConfirmError;
use crate::delegation::deputy::name::DeputyError;
use crate::delegation::give::GiveError;
use crate::delegation::grant::GrantError;
use crate::delegation::model::RoleAssignment;
use crate::delegation::nomination::nominate::NominateError;
use crate::delegation::nomination::withdraw::WithdrawError;
use crate::delegation::recertification::answer::AnswerError;
use crate::delegation::request::ask::RequestError;
use crate::delegation::revoke::RevokeError;
use crate::delegation::simulate::SimulateError;
use crate::directory::membership::assign::MembershipError;
use crate::directory::module::error::ModuleError;
use crate::directory::organisation::error::OrganisationError;
use crate::kernel::seal::SealError;
use crate::web::bearer::{self, Turned};

/// The media type of problems (RFC 9457 §3).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request has another answer than the one that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Not there, or not there for the caller: both are answered alike (D8).
    #[error("not found")]
    NotFound,
    /// Not with this verb.
    #[error("this address does not take this method")]
    MethodNotAllowed,
    /// What was sent cannot be read; says where.
    #[error("{0}")]
    Malformed(String),
    /// Not JSON.
    #[error("send application/json, not compressed")]
    MediaType,
    /// Too long.
    #[error("a body has at most 64 KiB")]
    TooLarge,
    /// `If-Match` names another version (RFC 9110 §13.1.1).
    #[error("it has changed since it was read")]
    Stale,
    /// What was shown before is not what would happen now (DA-26).
    #[error("the effect is not the one that was shown; look at it again")]
    EffectChanged,
    /// It was only to be seen what would come of it; nothing is kept.
    #[error("only a preview")]
    Previewed(Box<RoleAssignment>),
    /// The same for a role that would be taken away, and what would go with it.
    #[error("only a preview")]
    Previewing(Box<(RoleAssignment, Side)>),
    /// The bearer.
    #[error(transparent)]
    Turned(#[from] Turned),
    /// The decision.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The rules on granting roles.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// The rules on revoking roles.
    #[error(transparent)]
    Revoke(#[from] RevokeError),
    /// The rules on confirming roles.
    #[error(transparent)]
    Confirm(#[from] ConfirmError),
    /// The rules on deputies.
    #[error(transparent)]
    Deputy(#[from] DeputyError),
    /// The rules on memberships.
    #[error(transparent)]
    Membership(#[from] MembershipError),
    /// The rules on naming people for roles.
    #[error(transparent)]
    Nominate(#[from] NominateError),
    /// The rules on taking that back.
    #[error(transparent)]
    Withdraw(#[from] WithdrawError),
    /// The rules on asking for revocations.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The rules on module access.
    #[error(transparent)]
    Module(#[from] ModuleError),
    /// The rules on organisations.
    #[error(transparent)]
    Organisation(#[from] OrganisationError),
    /// Sealing where a list goes on.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<SimulateError> for ApiError {
    fn from(error: SimulateError) -> Self {
        match error {
            SimulateError::Refused(error) => error.into(),
            SimulateError::Give(error) => error.into(),
            SimulateError::Revoke(error) => error.into(),
            SimulateError::Organisation(error) => error.into(),
            SimulateError::Db(error) => error.into(),
            // It does not leave its module.
            SimulateError::Done(_) => Self::NotFound,
        }
    }
}

impl From<GiveError> for ApiError {
    fn from(error: GiveError) -> Self {
        match error {
            GiveError::Refused(error) => error.into(),
            GiveError::Grant(error) => error.into(),
        }
    }
}

impl From<AnswerError> for ApiError {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Refused(error) => error.into(),
            AnswerError::Revoke(error) => error.into(),
            AnswerError::Membership(error) => error.into(),
            AnswerError::Db(error) => error.into(),
        }
    }
}

impl ApiError {
    /// The status, and the word at the end of the problem's `type`.
    pub fn kind(&self) -> (StatusCode, &'static str) {
        let conflict = (StatusCode::CONFLICT, "conflict");
        let invalid = (StatusCode::BAD_REQUEST, "invalid");
        let ours = (StatusCode::INTERNAL_SERVER_ERROR, "internal");
        match self {
            Self::NotFound | Self::Refused(Refusal::Denied(Reason::NotFound)) => (StatusCode::NOT_FOUND, "not-found"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"),
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed"),
            Self::MediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::Stale | Self::Module(ModuleError::Stale) => (StatusCode::PRECONDITION_FAILED, "changed"),
            Self::EffectChanged => (StatusCode::CONFLICT, "effect-changed"),
            Self::Turned(Turned::Away | Turned::Ended(_) | Turned::Unproved(_)) | Self::Refused(Refusal::Anonymous) => {
                (StatusCode::UNAUTHORIZED, "unauthorized")
            }
            Self::Turned(Turned::Elsewhere(_)) => (StatusCode::FORBIDDEN, "refused"),
            Self::Turned(Turned::TooMany(..)) => (StatusCode::TOO_MANY_REQUESTS, "too-many-requests"),
            Self::Nominate(NominateError::TooMany) => (StatusCode::TOO_MANY_REQUESTS, "too-many-requests"),
            Self::Refused(Refusal::Denied(Reason::StepUp { .. } | Reason::TooWeak(_))) => {
                (StatusCode::UNAUTHORIZED, "step-up")
            }
            Self::Refused(Refusal::Denied(_)) => (StatusCode::FORBIDDEN, "refused"),
            Self::Module(ModuleError::NotFound) | Self::Organisation(OrganisationError::NotFound) => {
                (StatusCode::NOT_FOUND, "not-found")
            }
            Self::Grant(GrantError::InvalidDates | GrantError::UnknownRole(_))
            | Self::Nominate(NominateError::InvalidDates | NominateError::UnknownRole(_))
            | Self::Request(RequestError::Reason(_))
            | Self::Revoke(RevokeError::ReasonRequired)
            | Self::Deputy(DeputyError::InvalidDates)
            | Self::Organisation(
                OrganisationError::Text { .. } | OrganisationError::Country | OrganisationError::Lei,
            ) => invalid,
            Self::Previewed(_)
            | Self::Previewing(_)
            | Self::Db(_)
            | Self::Seal(_)
            | Self::Turned(Turned::Keys(_) | Turned::Db(_))
            | Self::Refused(Refusal::Db(_))
            | Self::Grant(GrantError::Db(_))
            | Self::Revoke(RevokeError::Db(_))
            | Self::Confirm(ConfirmError::Db(_))
            | Self::Deputy(DeputyError::Db(_))
            | Self::Membership(MembershipError::Db(_))
            | Self::Nominate(NominateError::Db(_))
            | Self::Withdraw(WithdrawError::Db(_))
            | Self::Request(RequestError::Db(_))
            | Self::Module(ModuleError::Db(_))
            | Self::Organisation(OrganisationError::Db(_)) => ours,
            Self::Grant(_)
            | Self::Revoke(_)
            | Self::Confirm(_)
            | Self::Deputy(_)
            | Self::Membership(_)
            | Self::Nominate(_)
            | Self::Withdraw(_)
            | Self::Request(_)
            | Self::Module(_)
            | Self::Organisation(_) => conflict,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let busy = db::is_busy(&self);
        let (status, word) = if busy { (StatusCode::SERVICE_UNAVAILABLE, "busy") } else { self.kind() };
        let detail = if busy {
            "too much happens at once; send it again in a moment".to_owned()
        } else if status.is_server_error() {
            tracing::error!(error = &self as &dyn std::error::Error, "a request to the JSON API failed");
            "something went wrong on our side".to_owned()
        } else {
            self.to_string()
        };
        let body = json!({
            "type": format!("urn:chamberlain:problem:{word}"),
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "detail": detail,
        });
        let mut response = (status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if busy {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(1));
        }
        if let Self::Turned(Turned::TooMany(_, wait)) = &self {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(*wait));
        }
        if let Self::Refused(Refusal::Denied(reason @ (Reason::StepUp { .. } | Reason::TooWeak(_)))) = &self {
            bearer::ask_for_step_up(headers, *reason);
        } else if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"api\""));
        }
        if let Self::Turned(Turned::Unproved(challenge)) = &self {
            challenge.put(headers);
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
        let conflict = || db::Error::Retry(sqlx::Error::WorkerCrashed);
        for error in
            [ApiError::from(conflict()), GrantError::from(conflict()).into(), RevokeError::from(conflict()).into()]
        {
            let response = error.into_response();
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        }
    }
}
