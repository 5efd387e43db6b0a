//! Naming and removing a passkey of one's own.

use crate::audit::Kind;
use crate::db::Tx;
use crate::directory::user::model::User;
use crate::factors::own::{self, FactorError, require_fresh};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::PasskeyId;
use crate::notify::Message;
use crate::sessions::Session;

use super::store;

/// Gives a passkey another name.
pub async fn rename(tx: &mut Tx, user: &User, (id, name): (PasskeyId, &str), ctx: &Ctx) -> Result<(), FactorError> {
    let name = own::name(name)?;
    if !store::save_name(tx, id, user.id, &name).await? {
        return Err(FactorError::NotFound);
    }
    Ok(own::renamed(tx, user, ctx).await?)
}

/// Removes a passkey; it opens nothing from then on (AU-16: both factors proved a moment ago).
pub async fn remove(
    tx: &mut Tx,
    (user, session): (&User, &Session),
    id: PasskeyId,
    ctx: &Ctx,
) -> Result<(), FactorError> {
    require_fresh(session, ctx)?;
    let all = store::list(tx, user.id).await?;
    let found = all.into_iter().find(|passkey| passkey.id == id).ok_or(FactorError::NotFound)?;
    own::keeps_a_way(tx, user).await?;
    if !store::remove(tx, id, user.id).await? {
        return Err(FactorError::NotFound);
    }
    let message = Message::FactorRemoved { given_name: user.given_name.clone(), factor: found.name };
    Ok(own::changed(tx, user, (Kind::FactorRemoved, &message), ctx).await?)
}
