//! The SQL of proofs that were used. A row is a digest of 32 octets and the instant from which it is not needed any more.

use super::once::Once;
use crate::db::{self, Tx, on, statements};
use crate::kernel::time::Timestamp;

statements! {
    INSERT = "INSERT INTO used_proofs (digest, expires_at) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING";
    INSERT_BOTH = "INSERT INTO used_proofs (digest, expires_at) VALUES ($1, $2), ($3, $4) ON CONFLICT (digest) DO NOTHING";
    PURGE = "DELETE FROM used_proofs WHERE expires_at < $1";
}

/// Uses one up; `false` if somebody did before.
pub async fn insert(tx: &mut Tx, one: Once) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT)
        .bind(one.digest.as_bytes()).bind(one.until).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Uses two up; `false` if one of them was used before.
pub async fn insert_both(tx: &mut Tx, one: Once, other: Once) -> db::Result<bool> {
    let done = on!(tx, c => sqlx::query(INSERT_BOTH)
        .bind(one.digest.as_bytes()).bind(one.until)
        .bind(other.digest.as_bytes()).bind(other.until)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 2)
}

/// Forgets those that are refused for their age by now.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGE).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
