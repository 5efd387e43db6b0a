//! What requests to change organisations come to as pages.

use crate::directory::amendment::error::AmendmentError;
use crate::portal::error::Failure;

impl From<AmendmentError> for Failure {
    fn from(error: AmendmentError) -> Self {
        match error {
            AmendmentError::NoPerson => Self::Forbidden,
            AmendmentError::Nothing | AmendmentError::Reason(_) | AmendmentError::Size | AmendmentError::Kind => {
                Self::BadRequest
            }
            AmendmentError::AlreadyAsked
            | AmendmentError::TooMany
            | AmendmentError::NotOpen
            | AmendmentError::Stale
            | AmendmentError::TooManyDocuments => Self::Conflict,
            AmendmentError::Organisation(error) => error.into(),
            AmendmentError::Refused(refusal) => refusal.into(),
            AmendmentError::Db(error) => error.into(),
        }
    }
}
