//! The SQL of the words by which organisations are looked up.

use std::collections::BTreeSet;

use sqlx::QueryBuilder;

use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::OrganisationId;

statements! {
    REMOVE = "DELETE FROM organisation_words WHERE organisation_id = $1";
}

/// Adds the words of an organisation that has none.
pub(in crate::directory::organisation) async fn insert(
    tx: &mut Tx,
    id: OrganisationId,
    words: &BTreeSet<String>,
) -> db::Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    on!(tx, c => {
        let mut query = QueryBuilder::new("INSERT INTO organisation_words (organisation_id, word) ");
        query.push_values(words, |mut row, word| {
            row.push_bind(id).push_bind(word);
        });
        query.build().execute(c).await.map(drop)
    })?;
    Ok(())
}

/// Forgets them.
pub(in crate::directory::organisation) async fn remove(tx: &mut Tx, id: OrganisationId) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE).bind(id).execute(c).await.map(drop))?)
}
