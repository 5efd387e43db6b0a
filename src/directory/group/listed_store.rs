//! Groups in lists, with what is shown beside them: one query, narrowed to the applications that the caller sees (D8).

use sqlx::QueryBuilder;

use super::model::Group;
use super::store::Row;
use crate::authority::Applications;
use crate::db::{self, Tx, on};
use crate::kernel::ids::{ClientId, GroupId};

/// A group with what is shown beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedGroup {
    /// The group.
    pub group: Group,
    /// The code of its application.
    pub application: String,
    /// The code of its environment.
    pub environment: String,
    /// How the asking client calls it.
    pub external_id: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    group: Row,
    application_code: String,
    environment_code: String,
    external_id: Option<String>,
}

/// The groups of some applications, or the one with this id among them; by id. There are as many as the institution
/// has set up, so the whole list fits into memory.
pub async fn list(
    tx: &mut Tx,
    applications: &Applications,
    client: ClientId,
    only: Option<GroupId>,
) -> db::Result<Vec<ListedGroup>> {
    let rows: Vec<ListedRow> = on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT g.*, a.code AS application_code, e.code AS environment_code, (SELECT x.external_id FROM external_ids x WHERE x.client_id = ",
        );
        query.push_bind(client).push(
            " AND x.resource_kind = 'group' AND x.resource_id = g.id) AS external_id FROM groups g \
             JOIN applications a ON a.id = g.application_id JOIN environments e ON e.id = g.environment_id WHERE ",
        );
        applications.push_condition(&mut query, "g.application_id");
        if let Some(id) = only {
            query.push(" AND g.id = ").push_bind(id);
        }
        query.push(" ORDER BY g.id");
        query.build_query_as().fetch_all(c).await
    })?;
    let listed = rows.into_iter().map(|row| ListedGroup {
        group: row.group.into_model(),
        application: row.application_code,
        environment: row.environment_code,
        external_id: row.external_id,
    });
    Ok(listed.collect())
}
