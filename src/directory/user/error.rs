//! Why a change of a person was refused by the rules, after it had been permitted.

use crate::db;
use crate::delegation::holders::LastHolder;
use crate::kernel::strength::Strength;
use crate::kernel::text::TextError;

/// What can go wrong when people are created, changed, moved or deleted.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// Their organisation asks its people for more than the new one, and whoever moves them did not sign in as strongly.
    #[error("sign in with {} yourself first", match .0 { Strength::Passkey => "a passkey", _ => "an authenticator app or a passkey" })]
    WeakSignIn(Strength),
    /// The e-mail address belongs to somebody, here or elsewhere (`decisions.md` 2).
    #[error("this e-mail address is in use")]
    EmailTaken,
    /// The user name belongs to somebody.
    #[error("this user name is in use")]
    UserNameTaken,
    /// The user name looks like another one, or is none (AU-24).
    #[error("the user name {0}")]
    UserName(TextError),
    /// Neither a user name nor an e-mail address was given.
    #[error("give a user name or an e-mail address")]
    NameMissing,
    /// Somebody must remain in a role (D6).
    #[error("this is the last `{}` here", .0.role)]
    LastHolder(LastHolder),
    /// The operator's way past the last-holder guard asks for a reason.
    #[error("say why the last holder loses the role")]
    ReasonRequired,
    /// Somebody else changed it in between.
    #[error("this was changed by somebody else in the meantime")]
    Stale,
    /// It is gone.
    #[error("not found")]
    NotFound,
    /// It is not deleted, so it cannot be restored; or it is past restoring.
    #[error("this person cannot be restored")]
    NotRestorable,
    /// The database.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for UserError {
    fn from(error: db::Error) -> Self {
        if error.violates("users", &["email_folded"]) {
            Self::EmailTaken
        } else if error.violates("users", &["user_name_folded"]) {
            Self::UserNameTaken
        } else {
            Self::Db(error)
        }
    }
}
