//! Apps that people have from the provider where they signed in before: their codes go on to work.

use super::{Authenticator, place, store};
use crate::db::{self, Tx};
use crate::factors::vault::Vault;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{AuthenticatorId, UserId};
use crate::kernel::random::Entropy;
use crate::kernel::seal::SealError;

/// Shortest secret that is taken, in bytes. RFC 4226 §4 asks for 16; many were made with 10.
pub const SHORTEST: usize = 10;

/// An app to be kept, its secret sealed for the row that it becomes.
#[derive(Clone, Debug)]
pub struct App {
    id: AuthenticatorId,
    name: String,
    secret: Vec<u8>,
}

impl App {
    /// Seals a secret (RFC 6238 with SHA-1, six digits, thirty seconds).
    pub fn new(
        name: String,
        secret: &[u8],
        vault: &Vault,
        entropy: &Entropy,
        id: AuthenticatorId,
    ) -> Result<Self, SealError> {
        Ok(Self { id, name, secret: vault.seal(place(&id.to_string()), secret, entropy)? })
    }
}

/// Keeps apps as confirmed ones: their owners have proved them elsewhere.
pub async fn keep(tx: &mut Tx, apps: Vec<(UserId, App)>, ctx: &Ctx) -> db::Result<()> {
    let authenticator = |(user, app): (UserId, App)| Authenticator {
        id: app.id,
        user,
        name: app.name,
        secret: app.secret,
        tries: 0,
        created_at: ctx.now,
        confirmed_at: Some(ctx.now),
        last_step: Some(0),
        last_used_at: None,
    };
    store::insert_confirmed(tx, &apps.into_iter().map(authenticator).collect::<Vec<_>>()).await
}
