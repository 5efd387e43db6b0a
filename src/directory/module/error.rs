//! Why module access did not change.

use super::model::MAX_COORDINATORS;
use crate::db;

/// Why module access did not change.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// The application does without.
    #[error("this application asks for no module access")]
    NotAsked,
    /// The organisation holds it already.
    #[error("the organisation holds this module already")]
    AlreadyGranted,
    /// The organisation does not hold it, or the application is gone.
    #[error("not found")]
    NotFound,
    /// It is active already.
    #[error("this module access is active already")]
    AlreadyActive,
    /// It is suspended already.
    #[error("this module access is suspended already")]
    AlreadySuspended,
    /// Authority becomes coordinator, or the other way round, only while suspended (I57, D9).
    #[error("authority and coordinator can be exchanged only while the module access is suspended")]
    KindWhileActive,
    /// Others name it as their coordinator.
    #[error("other organisations name this one as their coordinator")]
    Named,
    /// The application asks authorities to name a coordinator (I54).
    #[error("an authority has to name a coordinator in this module")]
    CoordinatorMissing,
    /// The application forbids it, or it is a coordinator itself (I28).
    #[error("no coordinator can be named here")]
    CoordinatorForbidden,
    /// It holds the module not at all, not as coordinator, or suspended; or it is the organisation itself.
    #[error("only another organisation that is an active coordinator of this module can be named")]
    NotCoordinator,
    /// More than [`MAX_COORDINATORS`].
    #[error("at most {MAX_COORDINATORS} coordinators can be named")]
    TooManyCoordinators,
    /// Somebody else changed it since it was read.
    #[error("was changed by somebody else in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for ModuleError {
    fn from(error: db::Error) -> Self {
        if error.violates("module_accesses", &["organisation_id", "application_id"]) {
            Self::AlreadyGranted
        } else {
            Self::Db(error)
        }
    }
}
