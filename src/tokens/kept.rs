//! What delegates took of services: secrets, fixed tokens, and what was fetched with them (`docs/adr/0017-services-of-delegates.md`).

use super::access_token::Tokens;
use crate::authority::Decision;
use crate::authority::action::ManageClient;
use crate::db::{self, Db};
use crate::kernel::ids::{ClientId, PrincipalId, UserId};
use crate::kernel::time::Timestamp;

impl Tokens {
    /// Whether what a delegate took for a service is still good: while they may keep the service, by what both hold now. Nobody keeps power by
    /// a secret that they know, and none grows with the service (D4, D7, D13).
    pub async fn is_kept(&self, db: &Db, (client, by): (ClientId, Option<UserId>), now: Timestamp) -> db::Result<bool> {
        let Some(keeper) = by.map(PrincipalId::Person) else { return Ok(true) };
        let Some(door) = &self.door else { return Ok(false) };
        let action = ManageClient { client: Some(client) }.into();
        let decision = door.explain(&mut db.reader().await?, keeper, &action, now).await?;
        Ok(matches!(decision, Decision::Allow(_)))
    }
}
