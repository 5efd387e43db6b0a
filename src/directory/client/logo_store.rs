//! The SQL of logos: only what was drawn here ([`Logo`]).

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::ClientId;

use super::logo::Logo;

statements! {
    FIND = "SELECT png FROM client_logos WHERE client_id = $1";
    SAVE = "INSERT INTO client_logos (client_id, png) VALUES ($1, $2) ON CONFLICT (client_id) DO UPDATE SET png = excluded.png";
    REMOVE = "DELETE FROM client_logos WHERE client_id = $1";
}

/// The logo of a client, as PNG.
pub async fn find(tx: &mut Tx, client: ClientId) -> db::Result<Option<Vec<u8>>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND).bind(client).fetch_optional(c).await)?)
}

/// Gives it one, in place of the one it had.
pub async fn save(tx: &mut Tx, client: ClientId, logo: &Logo) -> db::Result<()> {
    on!(tx, c => sqlx::query(SAVE).bind(client).bind(logo.as_bytes()).execute(c).await.map(drop))?;
    Ok(())
}

/// Takes it away.
pub async fn remove(tx: &mut Tx, client: ClientId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE).bind(client).execute(c).await.map(drop))?;
    Ok(())
}
