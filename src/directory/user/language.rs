//! The language in which somebody is written to, chosen by themself.

use serde_json::json;

use super::error::UserError;
use super::model::User;
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::db::Tx;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, UserId};

/// Mails come in this language from now on, and applications are told it (`locale`); a tag of a language of ours.
pub async fn set_own(tx: &mut Tx, id: UserId, language: &str, ctx: &Ctx) -> Result<(), UserError> {
    let user = store::find(tx, id).await?.ok_or(UserError::NotFound)?;
    if user.locale.as_deref() == Some(language) {
        return Ok(());
    }
    let next = User { locale: Some(language.to_owned()), updated_at: ctx.now, ..user };
    if !store::save(tx, &next).await? {
        return Err(UserError::Stale);
    }
    let own = ctx.clone().acting_as(PrincipalId::Person(id));
    let event = Event::new(Kind::UserChanged, Subject::User(id)).within(next.organisation);
    audit::record(tx, &own, None, event.with(json!({ "fields": ["locale"] }))).await?;
    Ok(())
}
