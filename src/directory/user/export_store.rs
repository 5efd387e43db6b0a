//! The SQL of exports: everybody inside of a reach, page by page in the order in which they were created.

use sqlx::QueryBuilder;

use super::model::User;
use super::row_store::UserRow;
use crate::authority::Reach;
use crate::db::{self, Tx, on};

#[derive(sqlx::FromRow)]
struct NumberedRow {
    number: i64,
    #[sqlx(flatten)]
    user: UserRow,
}

/// The people behind a number, and the number of the last of them.
pub(super) async fn page(tx: &mut Tx, reach: &Reach, after: i64, limit: i64) -> db::Result<(Vec<User>, Option<i64>)> {
    let rows: Vec<NumberedRow> = on!(tx, c => {
        let mut query = QueryBuilder::new("SELECT u.* FROM users u WHERE u.deleted_at IS NULL AND u.number > ");
        query.push_bind(after).push(" AND ");
        reach.push_probe(&mut query, "u.organisation_id");
        query.push(" ORDER BY u.number LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(c).await
    })?;
    let last = rows.last().map(|row| row.number);
    let people = rows.into_iter().map(|row| row.user.into_model()).collect::<db::Result<_>>()?;
    Ok((people, last))
}
