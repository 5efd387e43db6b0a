//! A new password on its way to being stored: judged, compared with those its owner had, hashed.

use super::Factors;
use super::password::PasswordError;
use super::policy::{self, PolicyError};
use super::{link_store, password_store, reset};
use crate::db::{self, Db, Tx};
use crate::directory::user::{self, model::User};
use crate::kernel::ctx::Ctx;
use crate::kernel::secret::Digest;

use super::links::Purpose;

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NewPasswordError {
    /// The policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// It could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// The hash of a password that the policy accepts for this person. Where the profile asks that passwords differ from former ones
/// (I84), as many hashes more are computed, one after the other, so that nobody has to wait for more than one place.
pub async fn hash(
    db: &Db,
    factors: &Factors,
    user: &User,
    password: &str,
    ctx: &Ctx,
) -> Result<String, NewPasswordError> {
    let rules = &factors.passwords;
    policy::check(password, &policy::words(user), rules)?;
    if rules.history > 0 {
        let used = password_store::list_used(&mut db.reader().await?, user.id, rules.history).await?;
        for former in used {
            let slot = factors.hasher.reserve().await?;
            if factors.hasher.verify(slot, password, Some(&former)).await? {
                return Err(PolicyError::Used.into());
            }
        }
    }
    let slot = factors.hasher.reserve().await?;
    Ok(factors.hasher.hash(slot, password, ctx.entropy.bytes()).await?)
}

/// Whose password has expired, by the link that both factors gave; nothing is used up.
pub async fn expired(tx: &mut Tx, link: &Digest, ctx: &Ctx) -> db::Result<Option<User>> {
    let Some(id) = link_store::find(tx, Purpose::Expired, link, ctx.now).await? else { return Ok(None) };
    Ok(user::store::find(tx, id).await?.filter(|user| user.is_usable(ctx.now)))
}

/// Uses that link up and sets the new password. `false`: it was used, or too much time has gone by.
pub async fn replace_expired(tx: &mut Tx, link: &Digest, (hash, kept): (&str, u32), ctx: &Ctx) -> db::Result<bool> {
    let Some(user) = expired(tx, link, ctx).await? else { return Ok(false) };
    if link_store::consume(tx, Purpose::Expired, link, ctx.now).await? != Some(user.id) {
        return Ok(false);
    }
    reset::set_password(tx, &user, (hash, kept), ctx).await?;
    Ok(true)
}
