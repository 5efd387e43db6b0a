//! What is left of errors about roles that are taken or confirmed, nominations, requests and projects when no form can say them.

use crate::delegation::confirm::ConfirmError;
use crate::delegation::nomination::accept::AcceptError;
use crate::delegation::nomination::nominate::NominateError;
use crate::delegation::nomination::withdraw::WithdrawError;
use crate::delegation::request::ask::RequestError;
use crate::delegation::revoke::RevokeError;
use crate::directory::project::error::ProjectError;
use crate::portal::error::Failure;

impl From<RevokeError> for Failure {
    fn from(error: RevokeError) -> Self {
        match error {
            RevokeError::AlreadyRevoked | RevokeError::LastHolder(_) | RevokeError::ReasonRequired => Self::Conflict,
            RevokeError::Db(error) => error.into(),
        }
    }
}

impl From<ConfirmError> for Failure {
    fn from(error: ConfirmError) -> Self {
        match error {
            ConfirmError::NotPending | ConfirmError::SeparationOfDuties => Self::Conflict,
            ConfirmError::Db(error) => error.into(),
        }
    }
}

impl From<NominateError> for Failure {
    fn from(error: NominateError) -> Self {
        match error {
            NominateError::Oneself | NominateError::InvalidDates | NominateError::UnknownRole(_) => Self::BadRequest,
            NominateError::AlreadyNominated | NominateError::Full { .. } | NominateError::TooMany => Self::Conflict,
            NominateError::Db(error) => error.into(),
        }
    }
}

impl From<WithdrawError> for Failure {
    fn from(error: WithdrawError) -> Self {
        match error {
            WithdrawError::NotOpen => Self::Conflict,
            WithdrawError::Db(error) => error.into(),
        }
    }
}

impl From<AcceptError> for Failure {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::NotOpen | AcceptError::NotYours | AcceptError::Oneself => Self::NotFound,
            AcceptError::StepUp => Self::StepUp,
            AcceptError::Grant(error) => error.into(),
            AcceptError::Db(error) => error.into(),
        }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::AlreadyAsked | RequestError::NotOpen => Self::Conflict,
            RequestError::Reason(_) => Self::BadRequest,
            RequestError::Db(error) => error.into(),
        }
    }
}

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::NotFound => Self::NotFound,
            ProjectError::Text { .. }
            | ProjectError::NoOrganisation
            | ProjectError::NoProjects
            | ProjectError::NoContact
            | ProjectError::TooMany
            | ProjectError::Phase => Self::BadRequest,
            ProjectError::CodeTaken
            | ProjectError::TakesPart
            | ProjectError::TakesNoPart
            | ProjectError::Coordinates
            | ProjectError::Over => Self::Conflict,
            ProjectError::Nominate(error) => error.into(),
            ProjectError::Refused(refusal) => refusal.into(),
            ProjectError::Db(error) => error.into(),
        }
    }
}
