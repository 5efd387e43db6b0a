//! The SQL of groups in groups.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::closure::Nesting;
use crate::db::{self, Tx, on, statements};
use crate::kernel::ids::{EnvironmentId, GroupId};

statements! {
    LIST_OF_ENVIRONMENT = "SELECT n.outer_id, n.inner_id FROM group_nestings n JOIN groups g ON g.id = n.outer_id WHERE g.environment_id = $1";
    LIST_CLOSURE = "SELECT c.outer_id, c.inner_id FROM group_closure c JOIN groups g ON g.id = c.outer_id
        WHERE g.environment_id = $1 AND c.outer_id <> c.inner_id";
    /// By what was nested, which is little: each group alone is in the closure, too.
    LIST_AROUND = "SELECT c.inner_id, g.display_name FROM (SELECT DISTINCT inner_id FROM group_nestings) n
        JOIN group_closure c ON c.inner_id = n.inner_id AND c.outer_id <> n.inner_id JOIN groups g ON g.id = c.outer_id
        ORDER BY g.code_folded";
    INSERT = "INSERT INTO group_nestings (outer_id, inner_id) VALUES ($1, $2)";
    REMOVE = "DELETE FROM group_nestings WHERE outer_id = $1 AND inner_id = $2";
    INSERT_CLOSURE = "INSERT INTO group_closure (outer_id, inner_id) VALUES ($1, $2)";
    REMOVE_CLOSURE = "DELETE FROM group_closure WHERE outer_id = $1 AND inner_id = $2";
}

/// A group that is in another one, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct InnerGroup {
    /// The group that holds it.
    pub outer_id: GroupId,
    /// Which.
    pub inner_id: GroupId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub display_name: String,
}

/// What is written down about groups in groups.
#[derive(Clone, Copy, Debug)]
pub(super) enum Written {
    /// What somebody said.
    Nestings,
    /// What follows from it.
    Closure,
}

impl Written {
    const fn statements(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Nestings => (LIST_OF_ENVIRONMENT, INSERT, REMOVE),
            Self::Closure => (LIST_CLOSURE, INSERT_CLOSURE, REMOVE_CLOSURE),
        }
    }

    /// All of an environment; of what follows, no group with itself.
    pub(super) async fn list(self, tx: &mut Tx, environment: EnvironmentId) -> db::Result<BTreeSet<Nesting>> {
        let rows: Vec<(GroupId, GroupId)> =
            on!(tx, c => sqlx::query_as(self.statements().0).bind(environment).fetch_all(c).await)?;
        Ok(rows.into_iter().map(|(outer, inner)| Nesting { outer, inner }).collect())
    }

    /// Makes `before` what is `wanted`; what stays is not touched, so that nobody hears of it.
    pub(super) async fn change(
        self,
        tx: &mut Tx,
        before: &BTreeSet<Nesting>,
        wanted: &BTreeSet<Nesting>,
    ) -> db::Result<()> {
        let (_, insert, remove) = self.statements();
        let removed = before.difference(wanted).map(|one| (remove, one));
        for (sql, one) in removed.chain(wanted.difference(before).map(|one| (insert, one))) {
            on!(tx, c => sqlx::query(sql).bind(one.outer).bind(one.inner).execute(c).await.map(drop))?;
        }
        Ok(())
    }
}

/// A group is in itself: the row by which its own memberships lead to it.
pub(super) async fn insert_itself(tx: &mut Tx, group: GroupId) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(INSERT_CLOSURE).bind(group).bind(group).execute(c).await.map(drop))?)
}

/// Takes that row away, when the group goes.
pub(super) async fn remove_itself(tx: &mut Tx, group: GroupId) -> db::Result<()> {
    Ok(on!(tx, c => sqlx::query(REMOVE_CLOSURE).bind(group).bind(group).execute(c).await.map(drop))?)
}

/// The groups that are directly in some others, by code. Whoever sees one sees the other: they are of one application.
pub async fn list_inner(tx: &mut Tx, outer: &[GroupId]) -> db::Result<Vec<InnerGroup>> {
    list(tx, "n.outer_id", outer.iter().map(|group| group.0)).await
}

/// In which groups some others are directly. Ids that are nobody's, or a person's, are passed over.
pub async fn list_outer(tx: &mut Tx, inner: impl Iterator<Item = Uuid>) -> db::Result<Vec<InnerGroup>> {
    list(tx, "n.inner_id", inner).await
}

/// What each group gives besides itself: the names of those that it is in, by whatever way, in the order of their codes. Few are in any.
pub async fn list_around(tx: &mut Tx) -> db::Result<BTreeMap<GroupId, Vec<String>>> {
    let rows: Vec<(GroupId, String)> = on!(tx, c => sqlx::query_as(LIST_AROUND).fetch_all(c).await)?;
    let mut around: BTreeMap<GroupId, Vec<String>> = BTreeMap::new();
    for (inner, name) in rows {
        around.entry(inner).or_default().push(name);
    }
    Ok(around)
}

async fn list(tx: &mut Tx, column: &'static str, ids: impl Iterator<Item = Uuid>) -> db::Result<Vec<InnerGroup>> {
    let ids: Vec<Uuid> = ids.collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, c => {
        let mut query = QueryBuilder::new(
            "SELECT n.outer_id, n.inner_id, g.code, g.display_name FROM group_nestings n JOIN groups g ON g.id = n.inner_id WHERE ",
        );
        query.push(column).push(" IN (NULL");
        for id in &ids {
            query.push(", ").push_bind(*id);
        }
        query.push(") ORDER BY g.code_folded, n.outer_id");
        query.build_query_as().fetch_all(c).await
    })?)
}
