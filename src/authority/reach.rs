//! What one list shows: the scope of who asks, cut to the level that was chosen, as nodes and subtrees that do not overlap.
//!
//! Knowing that they do not overlap is what makes totals a sum and leaves the choice of how a list is read.

use std::collections::BTreeMap;

use sqlx::{Database, Encode, QueryBuilder, Type};

use super::model::Extent;
use super::scope::Scope;
use super::store;
use crate::db::{self, Tx, on};
use crate::directory::organisation;
use crate::kernel::ids::OrganisationId;

/// The ids from the root down to each node that was asked about.
pub(super) type Paths = BTreeMap<OrganisationId, Vec<OrganisationId>>;

/// Where the people of a list may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    pub(super) everywhere: bool,
    pub(super) subtrees: Vec<OrganisationId>,
    pub(super) nodes: Vec<OrganisationId>,
    /// All that these organisations manage, as far as it is inside of the chosen node, and perhaps inside of what stands above.
    pub(super) managers: Vec<OrganisationId>,
    pub(super) chosen: Option<(OrganisationId, bool)>,
}

impl Reach {
    /// What is inside of `scope` and of the chosen node, with all below it if so.
    pub async fn of(tx: &mut Tx, scope: &Scope, chosen: Option<(OrganisationId, bool)>) -> db::Result<Self> {
        let level = chosen;
        let chosen = match chosen {
            None => Extent::Everywhere,
            Some((id, true)) => Extent::Subtree(id),
            Some((id, false)) => Extent::Only(id),
        };
        let mine: &[Extent] = match scope {
            Scope::Everywhere => &[Extent::Everywhere],
            Scope::Within(extents) => extents,
        };
        let named: Vec<OrganisationId> = mine.iter().chain([&chosen]).filter_map(|extent| anchor(*extent)).collect();
        let paths = if named.is_empty() { Paths::new() } else { paths(store::list_paths(tx, &named).await?) };
        Ok(Self { chosen: level, ..Self::resolve(mine, chosen, &paths) })
    }

    /// Two extents are nested or have nothing in common, since the organisations are a tree; but for what an organisation manages,
    /// which lies anywhere and is kept beside.
    pub(super) fn resolve(mine: &[Extent], chosen: Extent, paths: &Paths) -> Self {
        let mut inside: Vec<Extent> = Vec::new();
        let of_trees = |extent: &&Extent| !matches!(extent, Extent::ManagedBy(_));
        for extent in mine.iter().filter(of_trees).filter_map(|extent| narrower(*extent, chosen, paths)) {
            if !inside.iter().any(|other| holds(*other, extent, paths)) {
                inside.retain(|other| !holds(extent, *other, paths));
                inside.push(extent);
            }
        }
        let mut managers = Scope::Within(mine.to_vec()).managers();
        managers.dedup();
        let mut reach = Self { managers, ..Self::default() };
        for extent in inside {
            match extent {
                Extent::Everywhere => reach.everywhere = true,
                Extent::Subtree(id) | Extent::Country(id) if is_root(id, paths) => reach.everywhere = true,
                Extent::Subtree(id) | Extent::Country(id) => reach.subtrees.push(id),
                Extent::Only(id) => reach.nodes.push(id),
                Extent::ManagedBy(_) => {}
            }
        }
        if reach.everywhere { Self { everywhere: true, ..Self::default() } } else { reach }
    }

    /// Whether nobody is left out.
    pub fn is_everywhere(&self) -> bool {
        self.everywhere
    }

    /// Whether everybody is inside of `other` as well, both cut to the same level.
    pub fn is_inside(&self, other: &Self) -> bool {
        let subtrees = self.subtrees.iter().all(|id| other.subtrees.contains(id));
        let nodes = self.nodes.iter().all(|id| other.nodes.contains(id) || other.subtrees.contains(id));
        let managed = self.managers.iter().all(|id| other.managers.contains(id));
        other.everywhere || (!self.everywhere && subtrees && nodes && managed)
    }

    /// How many people are there, deleted ones not counted: kept, not counted now.
    pub async fn count(&self, tx: &mut Tx) -> db::Result<i64> {
        if self.everywhere {
            return organisation::people_store::count_all(tx).await;
        }
        let in_trees = organisation::people_store::count(tx, &self.subtrees, &self.nodes).await?;
        if self.managers.is_empty() {
            return Ok(in_trees);
        }
        Ok(in_trees + self.count_managed(tx).await?)
    }

    /// How many organisations there are, counted no further than `most`; what is managed and in a tree as well counts twice.
    pub async fn count_places(&self, tx: &mut Tx, most: i64) -> db::Result<i64> {
        let nodes = i64::try_from(self.nodes.len()).unwrap_or(i64::MAX);
        let further: i64 = on!(tx, c => {
            let mut query = QueryBuilder::new(
                "SELECT COUNT(*) FROM (SELECT sc.descendant_id FROM organisation_closure sc WHERE sc.ancestor_id IN (",
            );
            push_ids(&mut query, &self.subtrees);
            query.push(")");
            if !self.managers.is_empty() {
                query.push(" UNION ALL ");
                self.push_managed(&mut query);
            }
            query.push(" LIMIT ").push_bind(most).push(") places").build_query_scalar().fetch_one(c).await
        })?;
        Ok(further.saturating_add(nodes).min(most))
    }

    /// The people of what is managed and is not in the trees: as long as there are organisations of that kind, not people.
    async fn count_managed(&self, tx: &mut Tx) -> db::Result<i64> {
        Ok(on!(tx, c => {
            let mut query = QueryBuilder::new(
                "SELECT CAST(COALESCE(SUM(p.here), 0) AS BIGINT) FROM organisation_people p WHERE p.organisation_id IN (",
            );
            self.push_managed(&mut query);
            query.push(")");
            if !self.subtrees.is_empty() {
                query.push(" AND NOT EXISTS (SELECT 1 FROM organisation_closure sc WHERE sc.descendant_id = p.organisation_id AND sc.ancestor_id IN (");
                push_ids(&mut query, &self.subtrees);
                query.push("))");
            }
            if !self.nodes.is_empty() {
                query.push(" AND p.organisation_id NOT IN (");
                push_ids(&mut query, &self.nodes);
                query.push(")");
            }
            query.build_query_scalar().fetch_one(c).await
        })?)
    }

    /// The ids of what is managed, within the chosen node.
    fn push_managed<DB>(&self, query: &mut QueryBuilder<DB>)
    where
        DB: Database,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    {
        query.push("SELECT sm.organisation_id FROM access_managers sm WHERE sm.manager_id IN (");
        push_ids(query, &self.managers);
        query.push(")");
        match self.chosen {
            None => {}
            Some((id, false)) => {
                query.push(" AND sm.organisation_id = ").push_bind(id);
            }
            Some((id, true)) => {
                query.push(" AND EXISTS (SELECT 1 FROM organisation_closure cc WHERE cc.descendant_id = sm.organisation_id AND cc.ancestor_id = ");
                query.push_bind(id).push(")");
            }
        }
    }

    /// Appends the condition that `column` is inside, as a probe for each row: for lists that are read in their own order.
    /// `column` is a constant of the caller, never input.
    pub fn push_probe<DB>(&self, query: &mut QueryBuilder<DB>, column: &'static str)
    where
        DB: Database,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    {
        if self.everywhere {
            query.push("TRUE");
            return;
        }
        query.push("(FALSE");
        if !self.subtrees.is_empty() {
            query.push(" OR EXISTS (SELECT 1 FROM organisation_closure sc WHERE sc.descendant_id = ").push(column);
            query.push(" AND sc.ancestor_id IN (");
            push_ids(query, &self.subtrees);
            query.push("))");
        }
        if !self.nodes.is_empty() {
            query.push(" OR ").push(column).push(" IN (");
            push_ids(query, &self.nodes);
            query.push(")");
        }
        if !self.managers.is_empty() {
            query.push(" OR EXISTS (");
            self.push_managed(query);
            query.push(" AND sm.organisation_id = ").push(column).push(")");
        }
        query.push(")");
    }

    /// The same as a set to start from: for lists that are gathered organisation by organisation.
    pub fn push_members<DB>(&self, query: &mut QueryBuilder<DB>, column: &'static str)
    where
        DB: Database,
        for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
    {
        if self.everywhere {
            query.push("TRUE");
            return;
        }
        query.push(column).push(" IN (SELECT sc.descendant_id FROM organisation_closure sc WHERE sc.ancestor_id IN (");
        push_ids(query, &self.subtrees);
        query.push(") UNION ALL SELECT sn.descendant_id FROM organisation_closure sn WHERE sn.depth = 0 AND sn.descendant_id IN (");
        push_ids(query, &self.nodes);
        query.push(")");
        if !self.managers.is_empty() {
            query.push(" UNION ALL ");
            self.push_managed(query);
        }
        query.push(")");
    }
}

fn push_ids<DB>(query: &mut QueryBuilder<DB>, ids: &[OrganisationId])
where
    DB: Database,
    for<'q> OrganisationId: Encode<'q, DB> + Type<DB>,
{
    if ids.is_empty() {
        query.push("NULL");
        return;
    }
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
}

fn anchor(extent: Extent) -> Option<OrganisationId> {
    match extent {
        Extent::Everywhere | Extent::ManagedBy(_) => None,
        Extent::Subtree(id) | Extent::Only(id) | Extent::Country(id) => Some(id),
    }
}

fn paths(rows: Vec<(OrganisationId, OrganisationId)>) -> Paths {
    let mut paths = Paths::new();
    for (node, above) in rows {
        paths.entry(node).or_default().push(above);
    }
    paths
}

fn is_root(id: OrganisationId, paths: &Paths) -> bool {
    paths.get(&id).is_some_and(|path| path.len() == 1)
}

/// Whether everything of `inner` is in `outer`.
fn holds(outer: Extent, inner: Extent, paths: &Paths) -> bool {
    match (outer, anchor(inner)) {
        (Extent::Everywhere, _) => true,
        (_, None) => false,
        (Extent::ManagedBy(_), _) => false,
        (Extent::Subtree(top) | Extent::Country(top), Some(id)) => {
            id == top || paths.get(&id).is_some_and(|path| path.contains(&top))
        }
        (Extent::Only(node), Some(id)) => node == id && matches!(inner, Extent::Only(_)),
    }
}

/// What two extents have in common.
fn narrower(one: Extent, other: Extent, paths: &Paths) -> Option<Extent> {
    if holds(one, other, paths) {
        Some(other)
    } else if holds(other, one, paths) {
        Some(one)
    } else {
        None
    }
}
