//! Lists of people: filtered, sorted, counted, and never outside the searcher's scope (D8).

use sqlx::{Encode, QueryBuilder, Type};

use super::model::{Status, User};
use super::row_store::UserRow;
use crate::authority::Scope;
use crate::db::{self, Tx, on};
use crate::kernel::ids::{GroupId, OrganisationId};
use crate::kernel::text::fold;
use crate::kernel::time::Timestamp;

/// The columns that lists are sorted by (E48). Names, not input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// Given name.
    GivenName,
    /// Family name.
    #[default]
    FamilyName,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
}

impl SortBy {
    /// Ascending and descending, with ties broken so that paging neither skips nor repeats anybody.
    fn order(self, descending: bool) -> &'static str {
        match (self, descending) {
            (Self::GivenName, false) => "u.given_name_folded, u.family_name_folded, u.id",
            (Self::GivenName, true) => "u.given_name_folded DESC, u.family_name_folded DESC, u.id DESC",
            (Self::FamilyName, false) => "u.family_name_folded, u.given_name_folded, u.id",
            (Self::FamilyName, true) => "u.family_name_folded DESC, u.given_name_folded DESC, u.id DESC",
            (Self::Email, false) => "u.email_folded, u.id",
            (Self::Email, true) => "u.email_folded DESC, u.id DESC",
            (Self::Phone, false) => "u.phone, u.id",
            (Self::Phone, true) => "u.phone DESC, u.id DESC",
        }
    }
}

/// What is searched for. Texts are parts of the value, upper or lower case; empty ones do not filter.
#[derive(Clone, Debug)]
pub struct Search {
    /// Nobody outside of it is found or counted.
    pub scope: Scope,
    /// Only this organisation, and those below it if so.
    pub organisation: Option<(OrganisationId, bool)>,
    /// Only members of this group.
    pub group: Option<GroupId>,
    /// Part of the given name.
    pub given_name: String,
    /// Part of the family name.
    pub family_name: String,
    /// Part of the e-mail address.
    pub email: String,
    /// Part of the phone number.
    pub phone: String,
    /// The state of the account.
    pub status: Option<Status>,
    /// Sorted by.
    pub sort: SortBy,
    /// From Z to A.
    pub descending: bool,
}

fn push_search<DB>(query: &mut QueryBuilder<DB>, search: &Search, now: Timestamp)
where
    DB: sqlx::Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> GroupId: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    query.push(" FROM users u WHERE u.deleted_at IS NULL AND ");
    search.scope.push_condition(query, "u.organisation_id");
    match search.organisation {
        Some((id, true)) => {
            query
                .push(" AND u.organisation_id IN (SELECT descendant_id FROM organisation_closure WHERE ancestor_id = ");
            query.push_bind(id).push(")");
        }
        Some((id, false)) => {
            query.push(" AND u.organisation_id = ").push_bind(id);
        }
        None => {}
    }
    if let Some(group) = search.group {
        query
            .push(" AND EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.group_id = ")
            .push_bind(group);
        query.push(" AND (m.until IS NULL OR m.until > ").push_bind(now).push("))");
    }
    let texts = [
        ("u.given_name_folded", fold(&search.given_name)),
        ("u.family_name_folded", fold(&search.family_name)),
        ("u.email_folded", fold(&search.email)),
        ("u.phone", search.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()),
    ];
    for (column, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        query.push(" AND ").push(column).push(" LIKE ").push_bind(containing(&text)).push(" ESCAPE '\\'");
    }
    push_status(query, search.status, now);
}

/// A pattern for texts that hold `text`, whose own wildcards are taken literally.
fn containing(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// The conditions of [`User::status`], in the same order of strength.
fn push_status<DB>(query: &mut QueryBuilder<DB>, status: Option<Status>, now: Timestamp)
where
    DB: sqlx::Database,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
{
    match status {
        None => {}
        Some(Status::Deleted) => {
            query.push(" AND FALSE");
        }
        Some(Status::Blocked) => {
            query.push(" AND u.blocked");
        }
        Some(Status::Deactivated) => {
            query.push(" AND NOT u.blocked AND NOT u.active");
        }
        Some(Status::Expired) => {
            query.push(" AND NOT u.blocked AND u.active AND u.account_expires_at <= ").push_bind(now);
        }
        Some(Status::New | Status::Active) => {
            query
                .push(" AND NOT u.blocked AND u.active AND (u.account_expires_at IS NULL OR u.account_expires_at > ")
                .push_bind(now);
            query.push(if status == Some(Status::New) {
                ") AND u.activated_at IS NULL"
            } else {
                ") AND u.activated_at IS NOT NULL"
            });
        }
    }
}

/// One page of people.
pub async fn list(tx: &mut Tx, search: &Search, now: Timestamp, limit: i64, offset: i64) -> db::Result<Vec<User>> {
    let rows: Vec<UserRow> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT u.*");
        push_search(&mut query, search, now);
        query.push(" ORDER BY ").push(search.sort.order(search.descending));
        query.push(" LIMIT ").push_bind(limit).push(" OFFSET ").push_bind(offset);
        query.build_query_as().fetch_all(c).await
    })?;
    rows.into_iter().map(UserRow::into_model).collect()
}

/// How many people there are in all.
pub async fn count(tx: &mut Tx, search: &Search, now: Timestamp) -> db::Result<u64> {
    let count: i64 = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT COUNT(*)");
        push_search(&mut query, search, now);
        query.build_query_scalar().fetch_one(c).await
    })?;
    Ok(u64::try_from(count).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_search_are_plain_characters() {
        assert_eq!(containing("50%_\\"), "%50\\%\\_\\\\%");
    }
}
