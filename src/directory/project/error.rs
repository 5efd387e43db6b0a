//! Why a project was not written.

use super::model::MAX_ORGANISATIONS;
use crate::authority::Refusal;
use crate::db;
use crate::delegation::nomination::nominate::NominateError;
use crate::kernel::text::TextError;

/// Why a project was not written.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// It does not exist.
    #[error("there is no such project")]
    NotFound,
    /// An organisation does not exist or is deactivated.
    #[error("there is no such active organisation")]
    NoOrganisation,
    /// Another project has this code.
    #[error("there is already a project with this code")]
    CodeTaken,
    /// A field does not look as it must.
    #[error("{field} {error}")]
    Text {
        /// Which.
        field: &'static str,
        /// Why.
        error: TextError,
    },
    /// It takes part already.
    #[error("the organisation takes part already")]
    TakesPart,
    /// It does not take part.
    #[error("the organisation does not take part")]
    TakesNoPart,
    /// The coordinator stays.
    #[error("the organisation that coordinates a project cannot leave it")]
    Coordinates,
    /// More than [`MAX_ORGANISATIONS`].
    #[error("at most {MAX_ORGANISATIONS} organisations take part in a project")]
    TooMany,
    /// The profile has no projects.
    #[error("the profile has no projects")]
    NoProjects,
    /// The phase is not one of the profile, or not a later one.
    #[error("a project goes only forward, through the phases of the profile")]
    Phase,
    /// It is over.
    #[error("the project is over")]
    Over,
    /// The profile has no role for whom a proposal names.
    #[error("the profile has no role for the contact person of a proposal")]
    NoContact,
    /// The contact person cannot be named.
    #[error("the contact person cannot be named: {0}")]
    Nominate(#[from] NominateError),
    /// Whoever starts the project may not name them.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}
