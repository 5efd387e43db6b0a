//! What a person lets an application of somebody else know and do (OA-42): given once per application, asked for anew when
//! more is wanted, taken back at any time.

use serde_json::json;

use super::family::RevokedFor;
use super::{consent_store as store, family_store};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx};
use crate::directory::client::model::Client;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ClientId, UserId};
use crate::kernel::time::Timestamp;

/// The scope of access that outlives the session (OIDC Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// A consent as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Consent {
    /// The application.
    pub client_id: ClientId,
    /// Its name.
    pub name: String,
    /// What was allowed, separated by spaces.
    pub scope: String,
    /// When.
    pub given_at: Timestamp,
}

/// Whether what was allowed holds everything that is asked for.
pub fn covers(allowed: Option<&str>, asked: &str) -> bool {
    let allowed: Vec<&str> = allowed.unwrap_or_default().split(' ').collect();
    asked.split(' ').filter(|scope| !scope.is_empty()).all(|scope| allowed.contains(&scope))
}

/// Whether what a grant stands on is still allowed (OA-27). The institution's own applications stand on none, unless
/// they keep their access after the session.
pub async fn holds(tx: &mut Tx, client: &Client, user: UserId, scope: &str) -> db::Result<bool> {
    if !client.settings.third_party && !scope.split(' ').any(|held| held == OFFLINE_ACCESS) {
        return Ok(true);
    }
    Ok(covers(store::find(tx, user, client.id).await?.as_deref(), scope))
}

/// Remembers that the person allowed `scope`, beside what they had allowed before.
pub async fn give(tx: &mut Tx, user: UserId, client: ClientId, scope: &str, ctx: &Ctx) -> db::Result<()> {
    let before = store::find(tx, user, client).await?.unwrap_or_default();
    let mut all: Vec<&str> = before.split(' ').chain(scope.split(' ')).filter(|scope| !scope.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    store::save(tx, user, client, &all.join(" "), ctx.now).await?;
    let event = Event::new(Kind::ConsentGiven, Subject::User(user)).with(json!({"client": client, "scope": scope}));
    audit::record(tx, ctx, None, event).await
}

/// Takes everything back; whatever the application holds for this person ends. `false` if nothing had been allowed.
pub async fn withdraw(tx: &mut Tx, user: UserId, client: ClientId, ctx: &Ctx) -> db::Result<bool> {
    if !store::remove(tx, user, client).await? {
        return Ok(false);
    }
    family_store::save_revoked_of_client(tx, user, client, RevokedFor::ConsentWithdrawn, ctx.now).await?;
    let event = Event::new(Kind::ConsentWithdrawn, Subject::User(user)).with(json!({"client": client}));
    audit::record(tx, ctx, None, event).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn more_than_was_allowed_is_not_covered() {
        assert!(covers(Some("email openid profile"), "openid email"));
        assert!(!covers(Some("openid email"), "openid email groups"));
        assert!(!covers(Some("openid emails"), "email"));
        assert!(!covers(None, "openid") && covers(None, ""));
    }
}
