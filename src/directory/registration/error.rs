//! Why nothing came of an invitation or of a registration.

use crate::authority::Refusal;
use crate::db;
use crate::delegation::grant::GrantError;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::user::error::UserError;
use crate::kernel::text::TextError;

/// Why nobody was invited, nothing sent, or nothing taken back.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The same address is invited to the same place already.
    #[error("this address is invited already")]
    AlreadyInvited,
    /// Too many in an hour, to one address in a day, or open at once.
    #[error("there are too many invitations of yours; go on later")]
    TooMany,
    /// It was sent a moment ago: a button that was pressed twice.
    #[error("this invitation was sent a moment ago")]
    JustSent,
    /// It was answered or taken back, or somebody else has changed it.
    #[error("this invitation is not open any more")]
    NotOpen,
    /// A text breaks its rule.
    #[error("`{field}` {error}")]
    Text {
        /// Which field.
        field: &'static str,
        /// Which rule.
        error: TextError,
    },
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Why what an authority entered was not kept.
#[derive(Debug, thiserror::Error)]
pub enum ApplicantError {
    /// Used, run out, withdrawn, or changed meanwhile in another window.
    #[error("this link does not work any more")]
    NotOpen,
    /// A part is missing.
    #[error("something is missing")]
    Incomplete,
    /// Changed more often than anybody needs to.
    #[error("this was changed too often; submit it, or ask for another invitation")]
    TooMany,
    /// What is wrong with it.
    #[error(transparent)]
    Organisation(#[from] OrganisationError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Why an authority was not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The decision on one of its parts.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The rules on organisations.
    #[error(transparent)]
    Organisation(#[from] OrganisationError),
    /// The rules on people.
    #[error(transparent)]
    User(#[from] UserError),
    /// The representative cannot be appointed (P15).
    #[error(transparent)]
    Representative(#[from] GrantError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// Decided already, or not what the reviewer saw.
    #[error("there is nothing to decide any more")]
    NotPending,
    /// A reason is needed, and is a text of some length.
    #[error("say why: the reason {0}")]
    Reason(TextError),
    /// It cannot be registered as it stands.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}
