//! The SQL of the installation's own random values.

use crate::db::{self, Tx, on, statements};
use crate::kernel::time::Timestamp;

statements! {
    INSERT = "INSERT INTO installation_secrets (name, value, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    FIND = "SELECT value FROM installation_secrets WHERE name = $1";
}

/// The value of this name; the given one becomes it if there is none.
pub async fn find_or_insert(tx: &mut Tx, name: &str, fresh: &[u8], now: Timestamp) -> db::Result<Vec<u8>> {
    on!(tx, c => sqlx::query(INSERT).bind(name).bind(fresh).bind(now).execute(c).await.map(drop))?;
    Ok(on!(tx, c => sqlx::query_scalar(FIND).bind(name).fetch_one(c).await)?)
}
