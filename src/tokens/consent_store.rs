//! The SQL of consents.

use super::consent::Consent;
use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{ClientId, UserId};
use crate::kernel::time::Timestamp;

statements! {
    FIND = "SELECT scope FROM consents WHERE user_id = $1 AND client_id = $2";
    SAVE = "INSERT INTO consents (user_id, client_id, scope, given_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (user_id, client_id) DO UPDATE SET scope = excluded.scope, given_at = excluded.given_at";
    REMOVE = "DELETE FROM consents WHERE user_id = $1 AND client_id = $2";
    LIST_GRANTED = "SELECT c.name, f.scope, f.created_at, f.expires_at FROM token_families f JOIN clients c ON c.id = f.client_id
        WHERE f.user_id = $1 AND f.revoked_at IS NULL AND f.expires_at > $2 ORDER BY f.created_at, f.id LIMIT 500";
    LIST = "SELECT x.client_id, c.name, x.scope, x.given_at FROM consents x JOIN clients c ON c.id = x.client_id
        WHERE x.user_id = $1 ORDER BY c.name, c.id LIMIT 500";
}

/// What a person has allowed an application.
pub async fn find(tx: &mut Tx, user: UserId, client: ClientId) -> db::Result<Option<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND).bind(user).bind(client).fetch_optional(c).await)?)
}

/// Everything that a person has allowed, by the name of the application.
pub async fn list(tx: &mut Tx, user: UserId) -> db::Result<Vec<Consent>> {
    Ok(on!(tx, c => sqlx::query_as(LIST).bind(user).fetch_all(c).await)?)
}

/// That an application holds tokens of a person.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Granted {
    /// The name of the application.
    pub name: String,
    /// What it may, separated by spaces.
    pub scope: String,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Which applications hold tokens that still work, the oldest first.
pub async fn list_granted(tx: &mut Tx, user: UserId, now: Timestamp) -> db::Result<Vec<Granted>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_GRANTED).bind(user).bind(now).fetch_all(c).await)?)
}

pub(super) async fn save(tx: &mut Tx, user: UserId, client: ClientId, scope: &str, now: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE).bind(user).bind(client).bind(scope).bind(now).execute(c).await.map(drop))?;
    Ok(())
}

pub(super) async fn remove(tx: &mut Tx, user: UserId, client: ClientId) -> db::Result<bool> {
    Ok(on!(tx, c => sqlx::query(REMOVE).bind(user).bind(client).execute(c).await.map(|done| done.rows_affected()))? > 0)
}
