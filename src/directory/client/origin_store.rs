//! The SQL of the origins from which browsers may call the token and `UserInfo` endpoints: those of the settings, indexed.

use std::collections::BTreeSet;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::ClientId;

statements! {
    REMOVE = "DELETE FROM client_origins WHERE client_id = $1";
    INSERT = "INSERT INTO client_origins (origin, client_id) VALUES ($1, $2)";
    FIND = "SELECT o.client_id FROM client_origins o JOIN clients c ON c.id = o.client_id
        WHERE o.origin = $1 AND c.active LIMIT 1";
}

/// Writes the origins of a client in place of those before.
pub(super) async fn save(tx: &mut Tx, client: ClientId, origins: &[String]) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE).bind(client).execute(c).await.map(drop))?;
    for origin in origins.iter().collect::<BTreeSet<_>>() {
        on!(tx, c => sqlx::query(INSERT).bind(origin).bind(client).execute(c).await.map(drop))?;
    }
    Ok(())
}

/// Whether a client in use has registered this origin.
pub async fn is_registered(tx: &mut Tx, origin: &str) -> db::Result<bool> {
    let found: Option<ClientId> = on!(tx, c => sqlx::query_scalar(FIND).bind(origin).fetch_optional(c).await)?;
    Ok(found.is_some())
}
