//! After an upgrade: organisations that were there before the directory come into it (I88).

use uuid::Uuid;

use super::name_key_store;
use crate::db::{self, Db, transact};
use crate::kernel::ids::OrganisationId;

/// How many one transaction changes.
pub const BATCH: i64 = 200;

/// Remembers by which keys and words organisations are found, until none is left: so many in a transaction, so that others come to
/// write in between. Where none is missing it only reads.
pub async fn catch_up(db: &Db, batch: i64) -> db::Result<()> {
    let mut after = OrganisationId(Uuid::nil());
    while !name_key_store::list_missing(&mut db.reader().await?, after, 1).await?.is_empty() {
        let last: db::Result<Option<OrganisationId>> =
            transact!(db, tx => name_key_store::save_missing(tx, after, batch).await);
        // Somebody else was faster.
        let Some(last) = last? else { break };
        after = last;
    }
    Ok(())
}
