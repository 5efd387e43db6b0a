//! The SQL of descriptions.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::QueryBuilder;

use super::model::{Description, Titles};
use crate::db::{self, Error, Tx, on, statements};
use crate::kernel::ids::OrganisationId;

statements! {
    FIND_CONTACT = "SELECT phone, address, website FROM organisation_contacts WHERE organisation_id = $1";
    LIST_TITLES = "SELECT language, legal_name, informal_title FROM organisation_titles WHERE organisation_id = $1";
    LIST_IDENTIFIERS = "SELECT scheme, value FROM organisation_identifiers WHERE organisation_id = $1";
    LIST_CLASSIFICATIONS = "SELECT vocabulary, code FROM organisation_classifications WHERE organisation_id = $1";
    FIND_BY_IDENTIFIER = "SELECT organisation_id FROM organisation_identifiers WHERE scheme = $1 AND value = $2";
    INSERT_CONTACT = "INSERT INTO organisation_contacts (organisation_id, phone, address, website) VALUES ($1, $2, $3, $4)";
    REMOVE_CONTACT = "DELETE FROM organisation_contacts WHERE organisation_id = $1";
    REMOVE_TITLES = "DELETE FROM organisation_titles WHERE organisation_id = $1";
    REMOVE_IDENTIFIERS = "DELETE FROM organisation_identifiers WHERE organisation_id = $1";
    REMOVE_CLASSIFICATIONS = "DELETE FROM organisation_classifications WHERE organisation_id = $1";
}

/// What is known of an organisation; nothing if nobody has said anything.
pub async fn find(tx: &mut Tx, id: OrganisationId) -> db::Result<Description> {
    type Contact = (Option<String>, Option<String>, Option<String>);
    let contact: Option<Contact> = on!(tx, c => sqlx::query_as(FIND_CONTACT).bind(id).fetch_optional(c).await)?;
    let (phone, address, website) = contact.unwrap_or_default();
    let phone =
        phone.map(|phone| phone.parse().map_err(|_| Error::Corrupt("organisation_contacts.phone"))).transpose()?;
    let titles: Vec<(String, Option<String>, Option<String>)> =
        on!(tx, c => sqlx::query_as(LIST_TITLES).bind(id).fetch_all(c).await)?;
    let title = |(language, legal_name, informal_title)| (language, Titles { legal_name, informal_title });
    let identifiers: Vec<(String, String)> =
        on!(tx, c => sqlx::query_as(LIST_IDENTIFIERS).bind(id).fetch_all(c).await)?;
    let codes: Vec<(String, String)> = on!(tx, c => sqlx::query_as(LIST_CLASSIFICATIONS).bind(id).fetch_all(c).await)?;
    let mut classification: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (vocabulary, code) in codes {
        classification.entry(vocabulary).or_default().insert(code);
    }
    let titles = titles.into_iter().map(title).collect();
    Ok(Description { titles, phone, address, website, identifiers: identifiers.into_iter().collect(), classification })
}

/// Whose identifier this is.
pub async fn find_by_identifier(tx: &mut Tx, scheme: &str, value: &str) -> db::Result<Option<OrganisationId>> {
    Ok(on!(tx, c => sqlx::query_scalar(FIND_BY_IDENTIFIER).bind(scheme).bind(value).fetch_optional(c).await)?)
}

/// Writes all of it in place of what was there.
pub(super) async fn save(tx: &mut Tx, id: OrganisationId, said: &Description) -> db::Result<()> {
    remove(tx, id).await?;
    let phone = said.phone.as_ref().map(crate::kernel::text::PhoneNumber::as_str);
    on!(tx, c => sqlx::query(INSERT_CONTACT)
        .bind(id).bind(phone).bind(&said.address).bind(&said.website).execute(c).await.map(drop))?;
    if !said.titles.is_empty() {
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO organisation_titles (organisation_id, language, legal_name, informal_title) ");
            query.push_values(&said.titles, |mut row, (language, titles)| {
                row.push_bind(id).push_bind(language).push_bind(&titles.legal_name).push_bind(&titles.informal_title);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    if !said.identifiers.is_empty() {
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO organisation_identifiers (organisation_id, scheme, value) ");
            query.push_values(&said.identifiers, |mut row, (scheme, value)| {
                row.push_bind(id).push_bind(scheme).push_bind(value);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    let codes: Vec<(&String, &String)> = said
        .classification
        .iter()
        .flat_map(|(vocabulary, codes)| codes.iter().map(move |code| (vocabulary, code)))
        .collect();
    for part in codes.chunks(500) {
        on!(tx, c => {
            let mut query = QueryBuilder::new("INSERT INTO organisation_classifications (organisation_id, vocabulary, code) ");
            query.push_values(part, |mut row, (vocabulary, code)| {
                row.push_bind(id).push_bind(*vocabulary).push_bind(*code);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Forgets all of it: the organisation is deleted, or described anew.
pub(in crate::directory::organisation) async fn remove(tx: &mut Tx, id: OrganisationId) -> db::Result<()> {
    for sql in [REMOVE_CONTACT, REMOVE_TITLES, REMOVE_IDENTIFIERS, REMOVE_CLASSIFICATIONS] {
        on!(tx, c => sqlx::query(sql).bind(id).execute(c).await.map(drop))?;
    }
    Ok(())
}
