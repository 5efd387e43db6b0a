//! A code of an authenticator app beside the password.

use super::{place, step_of, store};
use crate::db::{self, Tx};
use crate::factors::Factors;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;

/// Whether this is a code of one of this person's apps that was not used yet; it is used up (AU-04, AU-35).
pub async fn takes(tx: &mut Tx, factors: &Factors, user: UserId, code: &str, ctx: &Ctx) -> db::Result<bool> {
    for found in store::list(tx, user).await? {
        let opened = factors.vault.open(place(&found.id.to_string()), &found.secret);
        let secret = opened.map_err(|_| db::Error::Corrupt("authenticators.secret"))?;
        if let Some(step) = step_of(&secret, code, ctx.now) {
            return store::save_step(tx, found.id, step, ctx.now).await;
        }
    }
    Ok(false)
}
