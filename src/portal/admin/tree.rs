//! The levels that somebody may see, as lists and choices. The tree above one's own scope is not shown.

use std::collections::BTreeMap;

use crate::authority::{Permission, Scope};
use crate::db::{self, Tx};
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::store;
use crate::kernel::ids::OrganisationId;
use crate::portal::signed_in::SignedIn;
use crate::web::Choice;

/// Most levels that a list of choices holds; larger trees are searched by level on the page Levels.
const MOST: i64 = 2_000;

/// A level with its place in what the person sees.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// The level.
    pub(super) organisation: Organisation,
    /// How many visible levels stand above it.
    pub(super) depth: usize,
    /// Its name with those above it, as far as they are visible.
    pub(super) path: String,
}

/// The levels that a person reaches with any of the permissions, parents before children, by name.
pub(super) async fn levels(tx: &mut Tx, person: &SignedIn, permissions: &[Permission]) -> db::Result<Vec<Level>> {
    let scope = Scope::of(&person.authority, permissions, person.ctx.now);
    let mut found: BTreeMap<OrganisationId, Organisation> = BTreeMap::new();
    if scope == Scope::Everywhere
        && let Some(root) = store::find_root(tx).await?
    {
        found.extend(store::list_subtree(tx, root.id, MOST).await?.into_iter().map(|node| (node.id, node)));
        found.insert(root.id, root);
    }
    for (anchor, below) in scope.anchors() {
        if below {
            found.extend(store::list_subtree(tx, anchor, MOST).await?.into_iter().map(|node| (node.id, node)));
        }
        found.extend(store::find(tx, anchor).await?.map(|node| (node.id, node)));
    }
    Ok(arrange(found))
}

/// Parents before children, siblings by name.
fn arrange(found: BTreeMap<OrganisationId, Organisation>) -> Vec<Level> {
    let mut children: BTreeMap<Option<OrganisationId>, Vec<Organisation>> = BTreeMap::new();
    for node in found.values() {
        let parent = node.parent.filter(|parent| found.contains_key(parent));
        children.entry(parent).or_default().push(node.clone());
    }
    for siblings in children.values_mut() {
        siblings.sort_by_key(|node| std::cmp::Reverse(crate::kernel::text::fold(&node.name)));
    }
    let mut stack: Vec<Level> = Vec::new();
    let mut arranged = Vec::new();
    for organisation in children.remove(&None).unwrap_or_default() {
        stack.push(Level { path: organisation.name.clone(), organisation, depth: 0 });
    }
    while let Some(level) = stack.pop() {
        for organisation in children.remove(&Some(level.organisation.id)).unwrap_or_default() {
            let path = format!("{} / {}", level.path, organisation.name);
            stack.push(Level { organisation, depth: level.depth + 1, path });
        }
        arranged.push(level);
    }
    arranged
}

/// Levels as choices of a list.
pub(super) fn choices(levels: &[Level], present: Option<OrganisationId>) -> Vec<Choice> {
    let present = present.map(|id| id.to_string()).unwrap_or_default();
    levels.iter().map(|level| Choice::new(level.organisation.id.to_string(), level.path.clone(), &present)).collect()
}
