//! The names behind ids, many in one statement: lists show names and never ask once per row.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Encode, QueryBuilder, Type};
use uuid::Uuid;

use crate::authority::Scope;
use crate::db::{self, Tx, on};
use crate::kernel::ids::{OrganisationId, UserId};
use crate::kernel::time::Timestamp;

/// Most ids of one statement: engines bound the number of variables.
const MOST: usize = 500;

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// An application.
    Application,
    /// A group: its code.
    Group,
    /// A project: its code.
    Project,
    /// A client: its public id.
    Client,
    /// A person: the name under which they sign in. For the console, which sees everybody; pages ask [`list_people`].
    Login,
}

impl Named {
    fn sql(self) -> &'static str {
        match self {
            Self::Application => "SELECT t.id, t.name FROM applications t WHERE t.id IN (",
            Self::Group => "SELECT t.id, t.code FROM groups t WHERE t.id IN (",
            Self::Project => "SELECT t.id, t.code FROM projects t WHERE t.id IN (",
            Self::Client => "SELECT t.id, t.client_id FROM clients t WHERE t.id IN (",
            Self::Login => "SELECT t.id, t.user_name FROM users t WHERE t.id IN (",
        }
    }
}

fn push_ids<DB>(query: &mut QueryBuilder<DB>, ids: &[Uuid])
where
    DB: sqlx::Database,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
{
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
}

/// The names of things; those that are gone are missing.
pub async fn list(tx: &mut Tx, named: Named, ids: &BTreeSet<Uuid>) -> db::Result<BTreeMap<Uuid, String>> {
    let mut names = BTreeMap::new();
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    for some in ids.chunks(MOST) {
        let rows: Vec<(Uuid, String)> = on!(tx, c => {
            let mut query = QueryBuilder::new(named.sql());
            push_ids(&mut query, some);
            query.build_query_as().fetch_all(c).await
        })?;
        // What is left of somebody who was erased has none.
        names.extend(rows.into_iter().filter(|(_, name)| !name.is_empty()));
    }
    Ok(names)
}

/// The names of organisations inside a scope; those outside of it are missing (D8).
pub async fn list_organisations(
    tx: &mut Tx,
    scope: &Scope,
    ids: &BTreeSet<Uuid>,
) -> db::Result<BTreeMap<Uuid, String>> {
    let mut names = BTreeMap::new();
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    for some in ids.chunks(MOST) {
        let rows: Vec<(Uuid, String)> = on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT o.id, o.name FROM organisations o WHERE ");
            scope.push_condition(&mut query, "o.id");
            query.push(" AND o.id IN (");
            push_ids(&mut query, some);
            query.build_query_as().fetch_all(c).await
        })?;
        names.extend(rows);
    }
    Ok(names)
}

/// Which of some organisations are inside a scope.
pub async fn list_inside(
    tx: &mut Tx,
    scope: &Scope,
    ids: &BTreeSet<OrganisationId>,
) -> db::Result<BTreeSet<OrganisationId>> {
    match scope {
        Scope::Everywhere => return Ok(ids.clone()),
        Scope::Within(_) if scope.is_empty() => return Ok(BTreeSet::new()),
        Scope::Within(_) => {}
    }
    let named = list_organisations(tx, scope, &ids.iter().map(|id| id.0).collect()).await?;
    Ok(named.into_keys().map(OrganisationId).collect())
}

/// The names of people inside a scope; those outside of it are missing, as are those who never were (D8), and those who have
/// no name but an address that is outside of the second one (decision 13).
pub async fn list_people(
    tx: &mut Tx,
    (scope, contacts): (&Scope, &Scope),
    ids: &BTreeSet<Uuid>,
) -> db::Result<BTreeMap<Uuid, String>> {
    let mut names = BTreeMap::new();
    let ids: Vec<Uuid> = ids.iter().copied().collect();
    for some in ids.chunks(MOST) {
        let rows: Vec<(Uuid, String, String, String)> = on!(tx, c => {
            let mut query = QueryBuilder::new("SELECT u.id, u.given_name, u.family_name, CASE WHEN ");
            contacts.push_condition(&mut query, "u.organisation_id");
            query.push(" OR u.user_name NOT LIKE '%@%' AND u.user_name NOT LIKE '+%' THEN u.user_name ELSE '' END FROM users u WHERE ");
            scope.push_condition(&mut query, "u.organisation_id");
            query.push(" AND u.id IN (");
            push_ids(&mut query, some);
            query.build_query_as().fetch_all(c).await
        })?;
        let named = rows.into_iter().map(|(id, given, family, user_name)| (id, shown(&given, &family, user_name)));
        names.extend(named.filter(|(_, name)| !name.is_empty()));
    }
    Ok(names)
}

/// What a person is called: SCIM also creates people of whom nothing is known but the user name.
fn shown(given: &str, family: &str, user_name: String) -> String {
    let name = format!("{given} {family}").trim().to_owned();
    if name.is_empty() { user_name } else { name }
}

/// Name and e-mail address of people whose accounts are in use.
pub async fn list_contacts(
    tx: &mut Tx,
    ids: &[UserId],
    now: Timestamp,
) -> db::Result<BTreeMap<UserId, (String, Option<String>)>> {
    let mut contacts = BTreeMap::new();
    for some in ids.chunks(MOST) {
        let rows: Vec<(UserId, String, String, Option<String>)> = on!(tx, c => {
            let mut query = QueryBuilder::new(
                "SELECT id, given_name, family_name, email FROM users WHERE active AND NOT blocked AND deleted_at IS NULL
                 AND activated_at IS NOT NULL AND (account_expires_at IS NULL OR account_expires_at > ",
            );
            query.push_bind(now).push(") AND id IN (");
            push_ids(&mut query, &some.iter().map(|id| id.0).collect::<Vec<_>>());
            query.build_query_as().fetch_all(c).await
        })?;
        contacts.extend(rows.into_iter().map(|(id, given, family, email)| (id, (format!("{given} {family}"), email))));
    }
    Ok(contacts)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_person_without_a_name_is_called_by_the_user_name() {
        assert_eq!(super::shown("", "", "anna".to_owned()), "anna");
        assert_eq!(super::shown("Anna", "", "anna".to_owned()), "Anna");
    }
}
