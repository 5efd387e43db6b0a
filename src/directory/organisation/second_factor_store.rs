//! The SQL of how strongly the people of organisations have to prove who they are.

use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::OrganisationId;
use crate::kernel::strength::Strength;

/// What the organisations from the root down to that of `users u` ask for, one after the other; NULL where none asks for anything.
macro_rules! home_second_factors {
    () => {
        "(SELECT string_agg(r.second_factor, ' ') FROM organisation_closure rc JOIN sign_in_rules r ON r.organisation_id = rc.ancestor_id
            WHERE rc.descendant_id = u.organisation_id)"
    };
}
pub(crate) use home_second_factors;

statements! {
    LIST_PATH = "SELECT r.organisation_id, r.second_factor FROM organisation_closure c
        JOIN sign_in_rules r ON r.organisation_id = c.ancestor_id WHERE c.descendant_id = $1 ORDER BY c.depth";
    SAVE = "INSERT INTO sign_in_rules (organisation_id, second_factor) VALUES ($1, $2)
        ON CONFLICT (organisation_id) DO UPDATE SET second_factor = excluded.second_factor";
    REMOVE = "DELETE FROM sign_in_rules WHERE organisation_id = $1";
}

/// What an organisation and those above it ask for, itself first; those that ask for nothing are left out.
pub async fn list_path(tx: &mut Tx, of: OrganisationId) -> db::Result<Vec<(OrganisationId, Strength)>> {
    let rows: Vec<(OrganisationId, String)> = on!(tx, c => sqlx::query_as(LIST_PATH).bind(of).fetch_all(c).await)?;
    let read = |(id, text): (OrganisationId, String)| {
        Ok((id, text.parse().map_err(|()| Error::Corrupt("sign_in_rules.second_factor"))?))
    };
    rows.into_iter().map(read).collect()
}

/// The strongest of what [`home_second_factors`] found.
pub(crate) fn strongest(texts: Option<&str>) -> db::Result<Strength> {
    let read = |text: &str| text.parse().map_err(|()| Error::Corrupt("sign_in_rules.second_factor"));
    let all: Vec<Strength> = texts.unwrap_or_default().split_ascii_whitespace().map(read).collect::<db::Result<_>>()?;
    Ok(all.into_iter().max().unwrap_or_default())
}

/// What an organisation asks for from now on.
pub(super) async fn save(tx: &mut Tx, of: OrganisationId, asked: Strength) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(SAVE).bind(of).bind(asked.as_str()).execute(c).await.map(drop))?)
}

/// It asks for nothing of its own any more.
pub(super) async fn remove(tx: &mut Tx, of: OrganisationId) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE).bind(of).execute(c).await.map(drop))?)
}
