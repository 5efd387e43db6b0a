//! How a page fails. The page layer renders it; see [`crate::web::respond`].

use axum::response::Response;

use crate::authority::Refusal;
use crate::db;
use crate::delegation::grant::GrantError;
use crate::delegation::revoke::RevokeError;
use crate::directory::membership::assign::MembershipError;
use crate::directory::user::error::UserError;

pub use crate::web::Failure;

/// What a handler gives back.
pub type PageResult = Result<Response, Failure>;

/// Why a change was not made. What its form can say is taken out by the handler; the rest becomes a [`Failure`].
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The decision.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The rules on people.
    #[error("{0}")]
    User(#[from] UserError),
    /// The rules on memberships.
    #[error("{0}")]
    Membership(#[from] MembershipError),
    /// The rules on granting roles.
    #[error("{0}")]
    Grant(#[from] GrantError),
    /// The rules on revoking roles.
    #[error("{0}")]
    Revoke(#[from] RevokeError),
    /// The database.
    #[error("{0}")]
    Db(#[from] db::Error),
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Refused(refusal) => refusal.into(),
            ChangeError::User(error) => error.into(),
            ChangeError::Membership(error) => error.into(),
            ChangeError::Grant(error) => error.into(),
            ChangeError::Revoke(error) => error.into(),
            ChangeError::Db(error) => error.into(),
        }
    }
}

impl From<UserError> for Failure {
    fn from(error: UserError) -> Self {
        match error {
            UserError::EmailTaken
            | UserError::UserNameTaken
            | UserError::LastHolder(_)
            | UserError::ReasonRequired
            | UserError::Stale
            | UserError::NotRestorable => Self::Conflict,
            UserError::NameMissing => Self::BadRequest,
            UserError::NotFound => Self::NotFound,
            UserError::Db(error) => error.into(),
        }
    }
}

impl From<MembershipError> for Failure {
    fn from(error: MembershipError) -> Self {
        match error {
            MembershipError::AlreadyMember | MembershipError::NotMember => Self::Conflict,
            MembershipError::InvalidEnd => Self::BadRequest,
            MembershipError::NotFound => Self::NotFound,
            MembershipError::Db(error) => error.into(),
        }
    }
}

impl From<GrantError> for Failure {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::AlreadyHeld | GrantError::Full { .. } | GrantError::SeparationOfDuties(_) => Self::Conflict,
            GrantError::InvalidDates | GrantError::UnknownRole(_) => Self::BadRequest,
            GrantError::Db(error) => error.into(),
        }
    }
}

impl From<RevokeError> for Failure {
    fn from(error: RevokeError) -> Self {
        match error {
            RevokeError::AlreadyRevoked | RevokeError::LastHolder(_) | RevokeError::ReasonRequired => Self::Conflict,
            RevokeError::Db(error) => error.into(),
        }
    }
}
