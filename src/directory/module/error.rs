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
    /// Not in the list of the module (I26).
    #[error("`{0}` is not in the classification of this module")]
    UnknownClass(String),
    /// Not as the schema of the module has it (I27).
    #[error("the setting `{name}` is wrong: {text}")]
    Setting {
        /// Which one; empty where it is all of them.
        name: String,
        /// What is wrong with it.
        text: String,
    },
    /// More than [`MAX_COORDINATORS`].
    #[error("at most {MAX_COORDINATORS} coordinators can be named")]
    TooManyCoordinators,
    /// It is proposed already.
    #[error("the organisation is proposed for this module already")]
    AlreadyProposed,
    /// Somebody else changed it since it was read.
    #[error("was changed by somebody else in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(db::Error),
}

impl ModuleError {
    /// Something is wrong with a setting; names and texts come from outside and are cut.
    pub(super) fn setting(name: &str, text: &str) -> Self {
        let cut = |text: &str| text.chars().take(200).collect();
        Self::Setting { name: cut(name), text: cut(text) }
    }
}

impl From<db::Error> for ModuleError {
    fn from(error: db::Error) -> Self {
        if error.violates("module_accesses", &["organisation_id", "application_id"]) {
            Self::AlreadyGranted
        } else if error.violates("module_proposals", &["application_id", "organisation_id"]) {
            Self::AlreadyProposed
        } else {
            Self::Db(error)
        }
    }
}
