//! The SQL of who has something over what an organisation manages.

use std::collections::BTreeSet;

use sqlx::QueryBuilder;

use super::model::RoleAssignment;
use super::store::{self, Row, columns};
use crate::db::{self, Tx, on};
use crate::kernel::ids::OrganisationId;
use crate::kernel::time::Timestamp;

/// Most ids of one statement.
const MOST: usize = 500;

/// What is held at some organisations of some roles, whether or not it has begun.
pub(super) async fn list_managing(
    tx: &mut Tx,
    at: &BTreeSet<OrganisationId>,
    roles: &BTreeSet<&str>,
    now: Timestamp,
) -> db::Result<Vec<RoleAssignment>> {
    let at: Vec<OrganisationId> = at.iter().copied().collect();
    let mut found = Vec::new();
    for some in at.chunks(MOST) {
        let rows: Vec<Row> = on!(tx, c => {
            let mut query = QueryBuilder::new(concat!(columns!(), "WHERE project_id IS NULL AND state = 'active' AND (valid_until IS NULL OR valid_until > "));
            query.push_bind(now).push(") AND role IN (NULL");
            for role in roles {
                query.push(", ").push_bind((*role).to_owned());
            }
            query.push(") AND organisation_id IN (NULL");
            for id in some {
                query.push(", ").push_bind(*id);
            }
            query.push(") ORDER BY granted_at, id").build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    store::with_applications(tx, found).await
}
