//! Why an organisation was not written.

use super::model::{MAX_DEPTH, MAX_MANAGERS};
use crate::db;
use crate::kernel::strength::Strength;
use crate::kernel::text::TextError;

/// Why an organisation was not written.
#[derive(Debug, thiserror::Error)]
pub enum OrganisationError {
    /// A sibling has this name.
    #[error("there is already an organisation of this name at this place")]
    NameTaken,
    /// Another organisation has this identifier.
    #[error("there is already an organisation with this identifier")]
    IdentifierTaken,
    /// There is a root, and there is only one.
    #[error("the tree has a root already")]
    RootExists,
    /// Somebody would come to hold together what one person may not (D13). Who and what is not said: it may be out of sight.
    #[error(
        "by this move somebody would hold roles over one organisation that one person may not hold together; revoke one of them first"
    )]
    SeparationOfDuties,
    /// The new place is the organisation itself or below it (DA-09).
    #[error("an organisation cannot be moved below itself")]
    Cycle,
    /// The tree would grow too deep (DA-09).
    #[error("the tree may be at most {MAX_DEPTH} levels deep")]
    TooDeep,
    /// The root stays where it is and stays active.
    #[error("the root can be neither moved nor deactivated")]
    Root,
    /// It, or one below it, still has module access that is active (D9, I74).
    #[error("{0} module accesses here and below are still active; suspend them first")]
    ModulesActive(i64),
    /// The organisation manages it already.
    #[error("this organisation manages it already")]
    ManagesAlready,
    /// As many manage it as can.
    #[error("at most {MAX_MANAGERS} organisations can manage one")]
    TooManyManagers,
    /// It manages it not, or not any more.
    #[error("this organisation does not manage it")]
    NotManaging,
    /// Somebody has to manage it (I51).
    #[error("this is the last organisation that manages it; add another one first")]
    LastManager,
    /// It is not deactivated, or not for long enough (I81).
    #[error("its time has not come")]
    NotDue,
    /// People, roles or organisations below it are left.
    #[error("something still stands on it")]
    InUse,
    /// Whoever asks this of others, or takes it back, did not sign in as strongly.
    #[error("sign in with {} yourself first", match .0 { Strength::Passkey => "a passkey", _ => "an authenticator app or a passkey" })]
    WeakSignIn(Strength),
    /// What only operators of the installation say.
    #[error("only operators choose rules for passwords")]
    OperatorsOnly,
    /// The profile has no such rules for passwords.
    #[error("the profile has no such rules for passwords")]
    PasswordSet,
    /// It is gone.
    #[error("not found")]
    NotFound,
    /// Somebody else changed it since it was read.
    #[error("was changed by somebody else in the meantime")]
    Stale,
    /// A text breaks its rule.
    #[error("`{field}` {error}")]
    Text {
        /// Which field.
        field: &'static str,
        /// Which rule.
        error: TextError,
    },
    /// Not a country code (ISO 3166-1 alpha-2).
    #[error("`country` must be two letters, for example `DE`")]
    Country,
    /// Not a Legal Entity Identifier (ISO 17442).
    #[error("`lei` must be 20 letters and digits with the right check digits")]
    Lei,
    /// No language tag, or too many languages.
    #[error("a name is given per language, by tags of two letters such as `de`")]
    Language,
    /// Not a link of the web that is safe to follow.
    #[error("`website` must start with https://")]
    Website,
    /// The scheme is not one of the profile, or the identifier is not shaped like one of it.
    #[error("the identifier of scheme `{0}` is not one")]
    Identifier(String),
    /// Not an entry of a vocabulary of the profile.
    #[error("the classification names an entry that no vocabulary has")]
    Classification,
    /// The database.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for OrganisationError {
    fn from(error: db::Error) -> Self {
        if error.violates("organisations", &["parent_id", "name_folded"]) {
            Self::NameTaken
        } else if error.violates("organisations", &["lei"])
            || error.violates("organisations", &["external_id"])
            || error.violates("organisation_identifiers", &["scheme", "value"])
        {
            Self::IdentifierTaken
        } else if error.violates("access_managers", &["organisation_id", "manager_id"]) {
            Self::ManagesAlready
        } else {
            Self::Db(error)
        }
    }
}
