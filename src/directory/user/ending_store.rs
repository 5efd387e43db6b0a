//! Lists of the few people whose accounts are at an end: deleted and still restorable, or expiring soon. Each is read along its
//! own index; the scope is that of the caller (D8).

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::listed::{Listed, SELECTED};
use super::search::{Search, containing};
use super::state_condition::push_password;
use crate::authority::Reach;
use crate::db::{self, Tx, on};
use crate::directory::membership::group_condition::push_group;
use crate::kernel::ids::{ApplicationId, GroupId, OrganisationId};
use crate::kernel::time::Timestamp;

/// Which end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Deleted after this instant.
    Deleted(Timestamp),
    /// In use now, and no longer at this instant.
    Expiring(Timestamp),
}

fn push_search<DB>(query: &mut QueryBuilder<DB>, (search, ending): (&Search, Ending), reach: &Reach, now: Timestamp)
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    for<'q> ApplicationId: Encode<'q, DB> + Type<DB>,
    for<'q> GroupId: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
{
    query.push(" FROM users u WHERE ");
    match ending {
        Ending::Deleted(since) => {
            query.push("u.erased_at IS NULL AND u.deleted_at > ").push_bind(since);
        }
        Ending::Expiring(before) => {
            query
                .push("u.deleted_at IS NULL AND u.active AND NOT u.blocked AND u.account_expires_at > ")
                .push_bind(now);
            query.push(" AND u.account_expires_at <= ").push_bind(before);
        }
    }
    query.push(" AND ");
    reach.push_probe(query, "u.organisation_id");
    for (column, text) in search.texts() {
        query.push(" AND ").push(column).push(" LIKE ").push_bind(containing(&text)).push(" ESCAPE '\\'");
    }
    if search.is_guarded() {
        query.push(" AND ");
        search.contacts.push_condition(query, "u.organisation_id");
    }
    if let Some((password, expired_since)) = search.password {
        query.push(" AND ");
        push_password(query, password, expired_since);
    }
    if let Some(group) = &search.group {
        query.push(" AND ");
        push_group(query, (group.0, &group.1, &search.scope), now);
    }
}

/// One page of people and how many there are in all; the state of the search is not looked at.
pub async fn page(
    tx: &mut Tx,
    (search, ending): (&Search, Ending),
    now: Timestamp,
    (limit, offset): (i64, i64),
) -> db::Result<(Vec<Listed>, u64)> {
    let reach = Reach::of(tx, &search.scope, search.organisation).await?;
    let rows: Vec<Listed> = on!(tx, c => {
        let mut query = QueryBuilder::new(SELECTED);
        push_search(&mut query, (search, ending), &reach, now);
        query.push(" ORDER BY ").push(search.sort.order(search.descending));
        query.push(" LIMIT ").push_bind(limit).push(" OFFSET ").push_bind(offset);
        query.build_query_as().fetch_all(c).await
    })?;
    let count: i64 = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT COUNT(*)");
        push_search(&mut query, (search, ending), &reach, now);
        query.build_query_scalar().fetch_one(c).await
    })?;
    Ok((rows, u64::try_from(count).unwrap_or(0)))
}
