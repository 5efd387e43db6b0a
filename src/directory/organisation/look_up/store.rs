//! The SQL of the directory. Each page is read by a fixed number of statements, and each of them looks at so many rows at most,
//! however many organisations there are.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::hits::{self, Part as Hit};
use super::model::{Found, Page, Part, Place, Wanted};
use crate::authority::DirectoryRules;
use crate::db::{self, Error, Tx, on, statements};
use crate::directory::module::model::{ModuleKind, ModuleStatus};
use crate::directory::organisation::describe::model::{Description, Titles};
use crate::kernel::ids::{ApplicationId, OrganisationId};
use crate::kernel::text::PhoneNumber;
use crate::kernel::time::Timestamp;

/// Most applications to choose from.
const MOST_APPLICATIONS: i64 = 200;

statements! {
    LIST_APPLICATIONS = "SELECT id, code, name FROM applications WHERE module_access = 'required' ORDER BY code LIMIT $1";
}

#[derive(sqlx::FromRow)]
struct Row {
    id: OrganisationId,
    name: String,
    name_folded: String,
    country: Option<String>,
    updated_at: Timestamp,
}

/// The applications whose modules organisations hold: id, code, name.
pub async fn list_applications(tx: &mut Tx) -> db::Result<Vec<(ApplicationId, String, String)>> {
    Ok(on!(tx, c => sqlx::query_as(LIST_APPLICATIONS).bind(MOST_APPLICATIONS).fetch_all(c).await)?)
}

/// A page of what is in use: neither deactivated itself nor below one that is (I80).
pub async fn list(tx: &mut Tx, wanted: &Wanted, shown: DirectoryRules, limit: u32) -> db::Result<Page> {
    let parts = Hit::all(wanted);
    let lead = lead(tx, &parts, wanted.bounds.hits).await?;
    let walks = lead.is_none() && !parts.is_empty();
    let mut rows = rows(tx, wanted, (&parts, lead), i64::from(limit) + 1).await?;
    let whole = usize::try_from(limit).unwrap_or(usize::MAX);
    let next = if rows.len() > whole {
        rows.truncate(whole);
        rows.last().map(|row| Place { name: row.name_folded.clone(), id: row.id })
    } else if walks {
        last_looked_at(tx, wanted).await?
    } else {
        None
    };
    Ok(Page { found: told(tx, rows, shown).await?, next })
}

/// One of them; whether it is in use was decided.
pub async fn find(tx: &mut Tx, id: OrganisationId, shown: DirectoryRules) -> db::Result<Option<Found>> {
    let row: Option<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT o.id, o.name, o.name_folded, o.country, o.updated_at FROM organisations o WHERE o.id = ");
        query.push_bind(id).build_query_as().fetch_optional(c).await
    })?;
    Ok(told(tx, row.into_iter().collect(), shown).await?.pop())
}

/// The part with the fewest hits, unless all have more than are collected.
async fn lead(tx: &mut Tx, parts: &[Hit], most: i64) -> db::Result<Option<usize>> {
    let mut best: Option<(i64, usize)> = None;
    for (number, part) in parts.iter().enumerate() {
        let hits: i64 = on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT COUNT(*) FROM (");
            hits::push_hits(&mut query, part);
            query.push(" LIMIT ").push_bind(most + 1).push(") x").build_query_scalar().fetch_one(c).await
        })?;
        if hits <= most && best.is_none_or(|(fewest, _)| hits < fewest) {
            best = Some((hits, number));
        }
    }
    Ok(best.map(|(_, number)| number))
}

async fn rows(
    tx: &mut Tx,
    wanted: &Wanted,
    (parts, lead): (&[Hit], Option<usize>),
    limit: i64,
) -> db::Result<Vec<Row>> {
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT o.id, o.name, o.name_folded, o.country, o.updated_at FROM ");
        match lead.and_then(|number| parts.get(number)) {
            Some(lead) => {
                query.push("(SELECT DISTINCT a.id FROM (");
                hits::push_hits(&mut query, lead);
                query.push(") a) h JOIN organisations o ON o.id = h.id WHERE TRUE");
                push_after(&mut query, wanted.after.as_ref());
            }
            None if parts.is_empty() => {
                query.push("organisations o WHERE TRUE");
                push_after(&mut query, wanted.after.as_ref());
            }
            None => {
                query.push("(SELECT o.id, o.name, o.name_folded, o.country, o.updated_at, o.status FROM organisations o WHERE TRUE");
                push_after(&mut query, wanted.after.as_ref());
                query.push(" ORDER BY o.name_folded, o.id LIMIT ").push_bind(wanted.bounds.steps).push(") o WHERE TRUE");
            }
        }
        for part in parts.iter().enumerate().filter(|(number, _)| Some(*number) != lead).map(|(_, part)| part) {
            hits::push_probe(&mut query, part);
        }
        query.push(" AND o.status = 'active' AND NOT EXISTS (SELECT 1 FROM organisation_closure uc JOIN organisations up ON up.id = uc.ancestor_id");
        query.push(" WHERE uc.descendant_id = o.id AND up.status <> 'active')");
        query.push(" ORDER BY o.name_folded, o.id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?)
}

fn push_after<DB>(query: &mut QueryBuilder<DB>, after: Option<&Place>)
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    if let Some(place) = after {
        query.push(" AND (o.name_folded, o.id) > (").push_bind(place.name.clone()).push(", ");
        query.push_bind(place.id).push(")");
    }
}

/// Where a walk gave up; `None` if it reached the end.
async fn last_looked_at(tx: &mut Tx, wanted: &Wanted) -> db::Result<Option<Place>> {
    let last: Option<(String, OrganisationId)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT o.name_folded, o.id FROM organisations o WHERE TRUE");
        push_after(&mut query, wanted.after.as_ref());
        query.push(" ORDER BY o.name_folded, o.id LIMIT 1 OFFSET ").push_bind(wanted.bounds.steps - 1);
        query.build_query_as().fetch_optional(c).await
    })?;
    Ok(last.map(|(name, id)| Place { name, id }))
}

/// With what they say about themselves, and with their modules: as far as it is shown.
async fn told(tx: &mut Tx, rows: Vec<Row>, shown: DirectoryRules) -> db::Result<Vec<Found>> {
    let ids: Vec<OrganisationId> = rows.iter().map(|row| row.id).collect();
    let mut said = descriptions(tx, &ids, shown).await?;
    let mut parts = if shown.applications { modules(tx, &ids).await? } else { BTreeMap::new() };
    let found = rows.into_iter().map(|row| Found {
        said: said.remove(&row.id).unwrap_or_default(),
        parts: parts.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        country: row.country,
        changed_at: row.updated_at,
    });
    Ok(found.collect())
}

fn push_ids<DB>(query: &mut QueryBuilder<DB>, ids: &[OrganisationId])
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
{
    query.push(" IN (NULL");
    for id in ids {
        query.push(", ").push_bind(*id);
    }
    query.push(")");
}

type Descriptions = BTreeMap<OrganisationId, Description>;

async fn descriptions(tx: &mut Tx, ids: &[OrganisationId], shown: DirectoryRules) -> db::Result<Descriptions> {
    type Title = (OrganisationId, String, Option<String>, Option<String>);
    type Contact = (OrganisationId, Option<String>, Option<String>, Option<String>);
    let mut all = Descriptions::new();
    let titles: Vec<Title> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT organisation_id, language, legal_name, informal_title FROM organisation_titles WHERE organisation_id");
        push_ids(&mut query, ids);
        query.build_query_as().fetch_all(c).await
    })?;
    for (id, language, legal_name, informal_title) in titles {
        all.entry(id).or_default().titles.insert(language, Titles { legal_name, informal_title });
    }
    let classes: Vec<(OrganisationId, String, String)> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT organisation_id, vocabulary, code FROM organisation_classifications WHERE organisation_id");
        push_ids(&mut query, ids);
        query.build_query_as().fetch_all(c).await
    })?;
    for (id, vocabulary, code) in classes {
        let codes: &mut BTreeSet<String> = all.entry(id).or_default().classification.entry(vocabulary).or_default();
        codes.insert(code);
    }
    if !shown.contact {
        return Ok(all);
    }
    let contacts: Vec<Contact> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT organisation_id, phone, address, website FROM organisation_contacts WHERE organisation_id");
        push_ids(&mut query, ids);
        query.build_query_as().fetch_all(c).await
    })?;
    for (id, phone, address, website) in contacts {
        let phone: Option<PhoneNumber> =
            phone.map(|phone| phone.parse().map_err(|_| Error::Corrupt("organisation_contacts.phone"))).transpose()?;
        let said = all.entry(id).or_default();
        (said.phone, said.address, said.website) = (phone, address, website);
    }
    Ok(all)
}

async fn modules(tx: &mut Tx, ids: &[OrganisationId]) -> db::Result<BTreeMap<OrganisationId, Vec<Part>>> {
    type Held = (OrganisationId, String, String, String, String);
    let rows: Vec<Held> = on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT m.organisation_id, a.code, a.name, m.kind, m.status FROM module_accesses m
            JOIN applications a ON a.id = m.application_id WHERE a.module_access = 'required' AND m.organisation_id",
        );
        push_ids(&mut query, ids);
        query.push(" ORDER BY a.code").build_query_as().fetch_all(c).await
    })?;
    let mut all: BTreeMap<OrganisationId, Vec<Part>> = BTreeMap::new();
    for (id, code, name, kind, status) in rows {
        let kind = ModuleKind::parse(&kind).ok_or(Error::Corrupt("module_accesses.kind"))?;
        let status = ModuleStatus::parse(&status).ok_or(Error::Corrupt("module_accesses.status"))?;
        all.entry(id).or_default().push(Part { code, name, kind, status });
    }
    Ok(all)
}
