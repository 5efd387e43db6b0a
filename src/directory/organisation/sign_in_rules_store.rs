//! The SQL of what organisations ask of the sign-in of their people.

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
    LIST_PATH = "SELECT r.organisation_id, r.second_factor, r.password_set FROM organisation_closure c
        JOIN sign_in_rules r ON r.organisation_id = c.ancestor_id WHERE c.descendant_id = $1 ORDER BY c.depth";
    SAVE_SECOND_FACTOR = "INSERT INTO sign_in_rules (organisation_id, second_factor) VALUES ($1, $2)
        ON CONFLICT (organisation_id) DO UPDATE SET second_factor = excluded.second_factor";
    SAVE_PASSWORD_SET = "INSERT INTO sign_in_rules (organisation_id, password_set) VALUES ($1, $2)
        ON CONFLICT (organisation_id) DO UPDATE SET password_set = excluded.password_set";
}

/// What one organisation asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Which one.
    pub organisation: OrganisationId,
    /// How strongly its people prove who they are at least.
    pub second_factor: Strength,
    /// The code of the rules for their passwords; none for those of the organisation above.
    pub password_set: Option<String>,
}

fn strength(text: &str) -> db::Result<Strength> {
    text.parse().map_err(|()| Error::Corrupt("sign_in_rules.second_factor"))
}

/// What an organisation and those above it ask for, itself first; those that were never asked are left out.
pub async fn list_path(tx: &mut Tx, of: OrganisationId) -> db::Result<Vec<Rules>> {
    let rows: Vec<(OrganisationId, String, Option<String>)> =
        on!(tx, c => sqlx::query_as(LIST_PATH).bind(of).fetch_all(c).await)?;
    let read = |(organisation, text, password_set): (OrganisationId, String, Option<String>)| {
        Ok(Rules { organisation, second_factor: strength(&text)?, password_set })
    };
    rows.into_iter().map(read).collect()
}

/// How strongly the people of an organisation have to prove who they are: the strongest of what it and those above it ask for.
pub async fn asked_of(tx: &mut Tx, organisation: OrganisationId) -> db::Result<Strength> {
    Ok(list_path(tx, organisation).await?.iter().map(|rules| rules.second_factor).max().unwrap_or_default())
}

/// The strongest of what [`home_second_factors`] found.
pub(crate) fn strongest(texts: Option<&str>) -> db::Result<Strength> {
    let all: db::Result<Vec<Strength>> = texts.unwrap_or_default().split_ascii_whitespace().map(strength).collect();
    Ok(all?.into_iter().max().unwrap_or_default())
}

/// What an organisation asks for from now on.
pub(super) async fn save_second_factor(tx: &mut Tx, of: OrganisationId, asked: Strength) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(SAVE_SECOND_FACTOR).bind(of).bind(asked.as_str()).execute(c).await.map(drop))?)
}

/// The rules for the passwords of its people from now on.
pub(super) async fn save_password_set(tx: &mut Tx, of: OrganisationId, set: Option<&str>) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(SAVE_PASSWORD_SET).bind(of).bind(set).execute(c).await.map(drop))?)
}
