//! What somebody calls a browser in which they are signed in.

use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx};
use crate::directory::user::model::User;
use crate::factors::own::MAX_NAME;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{PrincipalId, SessionId};
use crate::kernel::text::{TextError, line};

use super::model::Session;
use super::{browser_store, store};

/// Why a browser got no name.
#[derive(Debug, thiserror::Error)]
pub enum NamingError {
    /// This person has no such session; whether somebody else has is not said (SE-09).
    #[error("no such session")]
    NotFound,
    /// The name cannot be used.
    #[error(transparent)]
    Name(#[from] TextError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// A session of this person, with what they call its browser.
pub async fn find(tx: &mut Tx, user: &User, session: SessionId, ctx: &Ctx) -> db::Result<Option<(Session, String)>> {
    let Some(found) = store::find_own(tx, session, user.id, ctx.now).await? else { return Ok(None) };
    let Some(browser) = found.browser else { return Ok(None) };
    let name = browser_store::find(tx, &browser, user.id).await?;
    Ok(Some((found, name.unwrap_or_default())))
}

/// Gives the browser of a session a name, by which its later sessions are listed, too; without one it has none any more.
pub async fn name(tx: &mut Tx, user: &User, (session, name): (SessionId, &str), ctx: &Ctx) -> Result<(), NamingError> {
    let found = store::find_own(tx, session, user.id, ctx.now).await?;
    let browser = found.and_then(|session| session.browser).ok_or(NamingError::NotFound)?;
    if name.trim().is_empty() {
        browser_store::remove(tx, &browser, user.id).await?;
    } else {
        browser_store::save(tx, &browser, (user.id, &line(name, MAX_NAME)?), ctx.now).await?;
    }
    let own = ctx.clone().acting_as(PrincipalId::Person(user.id));
    let event = Event::new(Kind::BrowserNamed, Subject::User(user.id)).within(user.organisation);
    Ok(audit::record(tx, &own, None, event).await?)
}
