//! Naming and removing an authenticator app of one's own.

use crate::audit::Kind;
use crate::db::Tx;
use crate::directory::user::model::User;
use crate::factors::own::{self, FactorError, require_fresh};
use crate::factors::phone_store;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::AuthenticatorId;
use crate::notify::Message;
use crate::sessions::Session;

use super::store;

/// Gives an app another name.
pub async fn rename(
    tx: &mut Tx,
    user: &User,
    (id, name): (AuthenticatorId, &str),
    ctx: &Ctx,
) -> Result<(), FactorError> {
    let name = own::name(name)?;
    if !store::save_name(tx, id, user.id, &name).await? {
        return Err(FactorError::NotFound);
    }
    Ok(own::renamed(tx, user, ctx).await?)
}

/// Removes an app; its codes are nothing from then on (AU-16: both factors proved a moment ago).
pub async fn remove(
    tx: &mut Tx,
    (user, session): (&User, &Session),
    id: AuthenticatorId,
    ctx: &Ctx,
) -> Result<(), FactorError> {
    require_fresh(session, ctx)?;
    let found = store::find(tx, id, user.id).await?.filter(|found| found.confirmed_at.is_some());
    let found = found.ok_or(FactorError::NotFound)?;
    own::keeps_a_way(tx, user).await?;
    if !store::remove(tx, id, user.id).await? {
        return Err(FactorError::NotFound);
    }
    if store::list(tx, user.id).await?.is_empty() {
        phone_store::save_by_app(tx, user.id, false).await?;
    }
    let message = Message::FactorRemoved { given_name: user.given_name.clone(), factor: found.name };
    Ok(own::changed(tx, user, (Kind::FactorRemoved, &message), ctx).await?)
}
