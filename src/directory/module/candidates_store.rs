//! Who should hold a module: organisations by what they hold already, by name, and by a list from elsewhere (I71, I73). Nothing outside
//! the scope is found or counted (D8).

use std::collections::BTreeSet;

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::model::ModuleStatus;
use crate::authority::{ApplicationScope, Scope};
use crate::db::{self, Error, Tx, on};
use crate::kernel::ids::{ApplicationId, OrganisationId};
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

/// Which organisations are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// All of them.
    #[default]
    Any,
    /// Without access and not proposed.
    Without,
    /// Without access, proposed.
    Proposed,
    /// With access, active or suspended.
    With,
}

impl Standing {
    /// All of them, for choices.
    pub const ALL: [Self; 4] = [Self::Any, Self::Without, Self::Proposed, Self::With];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Without => "without",
            Self::Proposed => "proposed",
            Self::With => "with",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    fn condition(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Without => " AND m.id IS NULL AND p.proposed_at IS NULL",
            Self::Proposed => " AND m.id IS NULL AND p.proposed_at IS NOT NULL",
            Self::With => " AND m.id IS NOT NULL",
        }
    }
}

/// What is searched for.
#[derive(Clone, Debug)]
pub struct Search {
    /// Nothing outside of it is found.
    pub scope: Scope,
    /// The module it is about.
    pub application: ApplicationId,
    /// How they stand to it.
    pub standing: Standing,
    /// Part of the name; empty for any.
    pub name: String,
    /// Only those that hold this other module, active, as far as the reader sees who holds what …
    pub holds: Option<(ApplicationId, ApplicationScope)>,
    /// … classified by this code in it.
    pub class: Option<String>,
}

/// One organisation and how it stands to the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Its legal entity identifier.
    pub lei: Option<String>,
    /// Its id elsewhere.
    pub external_id: Option<String>,
    /// Its access, if it has any.
    pub access: Option<ModuleStatus>,
    /// When it was proposed, if it is.
    pub proposed_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: OrganisationId,
    name: String,
    country: Option<String>,
    lei: Option<String>,
    external_id: Option<String>,
    status: Option<String>,
    proposed_at: Option<Timestamp>,
}

fn models(rows: Vec<Row>) -> db::Result<Vec<Candidate>> {
    let model = |row: Row| {
        let access = row.status.map(|word| ModuleStatus::parse(&word).ok_or(Error::Corrupt("module_accesses.status")));
        Ok(Candidate {
            id: row.id,
            name: row.name,
            country: row.country,
            lei: row.lei,
            external_id: row.external_id,
            access: access.transpose()?,
            proposed_at: row.proposed_at,
        })
    };
    rows.into_iter().map(model).collect()
}

const COLUMNS: &str = "SELECT o.id, o.name, o.country, o.lei, o.external_id, m.status, p.proposed_at";

fn push_from<DB>(query: &mut QueryBuilder<DB>, application: ApplicationId, scope: &Scope)
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
{
    query.push(" FROM organisations o LEFT JOIN module_accesses m ON m.organisation_id = o.id AND m.application_id = ");
    query.push_bind(application);
    query
        .push(" LEFT JOIN module_proposals p ON p.organisation_id = o.id AND p.application_id = ")
        .push_bind(application);
    query.push(" WHERE o.status = 'active' AND ");
    scope.push_condition(query, "o.id");
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

fn push_search<DB>(query: &mut QueryBuilder<DB>, search: &Search)
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    push_from(query, search.application, &search.scope);
    query.push(search.standing.condition());
    let name = fold(&search.name);
    if !name.is_empty() {
        query.push(" AND o.name_folded LIKE ").push_bind(format!("%{}%", escaped(&name))).push(" ESCAPE '\\'");
    }
    if let Some((other, seen)) = &search.holds {
        query.push(
            " AND EXISTS (SELECT 1 FROM module_accesses h WHERE h.organisation_id = o.id AND h.status = 'active' AND h.application_id = ",
        );
        query.push_bind(*other).push(" AND ");
        seen.push_condition(query, ("h.application_id", "o.id"));
        if let Some(code) = &search.class {
            // A JSON array of codes, which hold no quotes.
            query
                .push(" AND h.classification LIKE ")
                .push_bind(format!("%\"{}\"%", escaped(code)))
                .push(" ESCAPE '\\'");
        }
        query.push(")");
    }
}

/// One page of them, by name.
pub async fn list(tx: &mut Tx, search: &Search, limit: i64, offset: i64) -> db::Result<Vec<Candidate>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(COLUMNS);
        push_search(&mut query, search);
        query.push(" ORDER BY o.name_folded, o.id LIMIT ").push_bind(limit).push(" OFFSET ").push_bind(offset);
        query.build_query_as().fetch_all(c).await
    })?;
    models(rows)
}

/// How many there are in all.
pub async fn count(tx: &mut Tx, search: &Search) -> db::Result<u64> {
    let count: i64 = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT COUNT(*)");
        push_search(&mut query, search);
        query.build_query_scalar().fetch_one(c).await
    })?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// A text as a column has it.
type Written = fn(&str) -> String;

/// Those whose name (without case), legal entity identifier or external id is one of some texts: one statement.
pub async fn list_named(
    tx: &mut Tx,
    (scope, application): (&Scope, ApplicationId),
    texts: &BTreeSet<String>,
    limit: i64,
) -> db::Result<Vec<Candidate>> {
    let rows: Vec<Row> = on!(tx, c => {
        let mut query = QueryBuilder::new(COLUMNS);
        push_from(&mut query, application, scope);
        let columns: [(&str, Written); 3] = [
            (" AND (o.name_folded", fold),
            (" OR o.lei", str::to_uppercase),
            (" OR o.external_id", str::to_owned),
        ];
        for (column, written) in columns {
            query.push(column).push(" IN (NULL");
            for text in texts {
                query.push(", ").push_bind(written(text));
            }
            query.push(")");
        }
        query.push(") ORDER BY o.name_folded, o.id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    models(rows)
}
