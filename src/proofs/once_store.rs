//! The SQL of proofs that were used. A row is a digest of 32 octets and the instant from which it is not needed any more.

use super::once::Once;
use crate::db::{self, Tx, on, statements};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

statements! {
    INSERT = "INSERT INTO used_proofs (digest, expires_at) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING RETURNING digest";
    INSERT_BOTH = "INSERT INTO used_proofs (digest, expires_at) VALUES ($1, $2), ($3, $4)
        ON CONFLICT (digest) DO NOTHING RETURNING digest";
    PURGE = "DELETE FROM used_proofs WHERE expires_at < $1";
}

/// Uses one up; it comes back unless somebody did before.
pub async fn insert(tx: &mut Tx, one: Once) -> db::Result<Vec<Digest>> {
    let taken: Vec<Vec<u8>> = on!(tx, c => sqlx::query_scalar(INSERT)
        .bind(one.digest.as_bytes()).bind(one.until).fetch_all(c).await)?;
    Ok(digests(&taken))
}

/// Uses two up in one statement; those come back that nobody had used before.
pub async fn insert_both(tx: &mut Tx, one: Once, other: Once) -> db::Result<Vec<Digest>> {
    let taken: Vec<Vec<u8>> = on!(tx, c => sqlx::query_scalar(INSERT_BOTH)
        .bind(one.digest.as_bytes()).bind(one.until)
        .bind(other.digest.as_bytes()).bind(other.until)
        .fetch_all(c).await)?;
    Ok(digests(&taken))
}

fn digests(rows: &[Vec<u8>]) -> Vec<Digest> {
    rows.iter().filter_map(|row| Digest::from_slice(row)).collect()
}

/// Forgets those that are refused for their age by now.
pub async fn remove_expired(tx: &mut Tx, before: Timestamp) -> db::Result<()> {
    on!(tx, c => sqlx::query(PURGE).bind(before).execute(c).await.map(drop))?;
    Ok(())
}
