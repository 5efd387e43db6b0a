//! Whoever creates an account tells its owner the user name, never by the way on which the secret went (I17, I18).

use serde_json::json;

use super::error::UserError;
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ResetCredentials;
use crate::db::Tx;
use crate::kernel::ctx::Ctx;

/// How a user name was told. Mail is not among the ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// By phone.
    Phone,
    /// By letter.
    Letter,
    /// In person.
    Person,
}

impl Told {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Letter, Self::Person];

    /// The word in forms and in the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Letter => "letter",
            Self::Person => "person",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == text)
    }
}

/// Records that it was told. `false`: somebody confirmed it before, and nothing is recorded.
pub async fn confirm(tx: &mut Tx, permit: Permit<ResetCredentials>, way: Told, ctx: &Ctx) -> Result<bool, UserError> {
    let user = store::find(tx, permit.action().user).await?.ok_or(UserError::NotFound)?;
    if !store::save_name_told(tx, user.id, ctx.now).await? {
        return Ok(false);
    }
    let event = Event::new(Kind::UserNameTold, Subject::User(user.id)).within(user.organisation);
    audit::record(tx, ctx, permit.via(), event.with(json!({ "by": way.as_str() }))).await?;
    Ok(true)
}
