//! Where organisations stand and who manages them, from the rows that say so.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::OrganisationFacts;
use super::store::{self, PathRow};
use crate::db::{self, Tx};
use crate::directory::organisation::model::{OrganisationPath, Status};
use crate::kernel::ids::OrganisationId;

/// What the rows say about one organisation.
struct Steps {
    from_root: Vec<OrganisationId>,
    active: bool,
    managers: BTreeSet<OrganisationId>,
    manages: bool,
}

pub(super) fn paths(rows: Vec<PathRow>) -> BTreeMap<OrganisationId, OrganisationFacts> {
    let mut found: BTreeMap<OrganisationId, Steps> = BTreeMap::new();
    let none = || Steps { from_root: Vec::new(), active: true, managers: BTreeSet::new(), manages: false };
    for row in rows {
        let steps = found.entry(row.descendant_id).or_insert_with(none);
        match row.depth {
            store::MANAGER => drop(steps.managers.insert(row.ancestor_id)),
            store::MANAGES => steps.manages = true,
            _ => {
                steps.from_root.push(row.ancestor_id);
                steps.active &= Status::parse(&row.status) == Some(Status::Active);
            }
        }
    }
    let facts = found.into_iter().filter_map(|(id, steps)| {
        let path = OrganisationPath::new(steps.from_root)?.managed(steps.managers, steps.manages);
        Some((id, OrganisationFacts { path, active: steps.active }))
    });
    facts.collect()
}

pub(super) async fn organisation(tx: &mut Tx, id: OrganisationId) -> db::Result<Option<OrganisationFacts>> {
    Ok(paths(store::find_path(tx, id).await?).remove(&id))
}
