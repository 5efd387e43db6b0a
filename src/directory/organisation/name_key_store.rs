//! The SQL by which organisations of similar names are found (I09).

use std::collections::BTreeSet;

use sqlx::QueryBuilder;

use super::describe::model::Description;
use super::model::Organisation;
use super::{describe, look_up, similar, store};
use crate::authority::Scope;
use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::OrganisationId;

/// Most rows that are compared.
const NEAR: i64 = 1_000;

/// Most organisations that are named.
const SHOWN: usize = 10;

statements! {
    REMOVE = "DELETE FROM organisation_name_keys WHERE organisation_id = $1";
    LIST_WITHOUT = "SELECT o.id FROM organisations o WHERE o.id > $1 AND o.status <> 'deleted'
        AND NOT EXISTS (SELECT 1 FROM organisation_words w WHERE w.organisation_id = o.id) ORDER BY o.id LIMIT $2";
}

/// Remembers by which keys and words an organisation is found: its own name, and its names in other languages.
pub(super) async fn save(tx: &mut Tx, organisation: &Organisation, said: &Description) -> db::Result<()> {
    remove(tx, organisation.id).await?;
    let names = said.legal_names().chain([organisation.name.as_str()]).map(similar::words);
    let rows: BTreeSet<(String, String)> = names
        .flat_map(|words| similar::keys(&words).into_iter().map(move |key| (key, words.join(" "))).collect::<Vec<_>>())
        .collect();
    for part in rows.into_iter().collect::<Vec<_>>().chunks(500) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO organisation_name_keys (key, organisation_id, words) ");
            query.push_values(part, |mut row, (key, words)| {
                row.push_bind(key).push_bind(organisation.id).push_bind(words);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    look_up::word_store::insert(tx, organisation.id, &look_up::words::of(organisation, said)).await
}

/// Forgets them: the organisation is deleted.
pub(super) async fn remove(tx: &mut Tx, id: OrganisationId) -> db::Result<()> {
    on!(tx, c => sqlx::query(REMOVE).bind(id).execute(c).await.map(drop))?;
    look_up::word_store::remove(tx, id).await
}

/// The organisations after one, by id, that were there before these tables were, and are not in them yet.
pub(super) async fn list_missing(tx: &mut Tx, after: OrganisationId, limit: i64) -> db::Result<Vec<OrganisationId>> {
    Ok(on!(tx, c => sqlx::query_scalar(LIST_WITHOUT).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Remembers the keys and words of so many of them; the last one, if there was any.
pub(super) async fn save_missing(tx: &mut Tx, after: OrganisationId, limit: i64) -> db::Result<Option<OrganisationId>> {
    let without = list_missing(tx, after, limit).await?;
    for id in &without {
        let Some(organisation) = store::find(tx, *id).await? else { continue };
        let said = describe::store::find(tx, *id).await?;
        save(tx, &organisation, &said).await?;
    }
    Ok(without.last().copied())
}

/// The organisations inside the scope whose name may mean the same as one of some names. Those outside are neither named nor
/// counted: the answer is the same whether they are there or not (D8).
pub async fn list_alike(tx: &mut Tx, scope: &Scope, names: &[&str]) -> db::Result<Vec<OrganisationId>> {
    let wanted: Vec<Vec<String>> = names.iter().map(|name| similar::words(name)).collect();
    let keys: BTreeSet<String> =
        wanted.iter().flat_map(|words| similar::keys(words)).filter(|key| !key.is_empty()).collect();
    if keys.is_empty() || scope.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(OrganisationId, String)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT DISTINCT k.organisation_id, k.words FROM organisation_name_keys k WHERE k.key IN (");
        let mut list = query.separated(", ");
        for key in &keys {
            list.push_bind(key);
        }
        query.push(") AND ");
        scope.push_condition(&mut query, "k.organisation_id");
        query.push(" LIMIT ").push_bind(NEAR);
        query.build_query_as().fetch_all(c).await
    })?;
    let mut found: BTreeSet<OrganisationId> = BTreeSet::new();
    for (id, words) in rows {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        if wanted.iter().any(|wanted| similar::alike(wanted, &words)) {
            found.insert(id);
        }
    }
    Ok(found.into_iter().take(SHOWN).collect())
}
