//! The levels that somebody may see, as lists and choices. The tree above one's own scope is not shown.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::authority::{Permission, Scope};
use crate::db::{self, Tx};
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::{managing_store, search_store, store};
use crate::kernel::ids::OrganisationId;
use crate::portal::signed_in::SignedIn;
use crate::web::Choice;

/// Up to here all levels are offered; beyond, those near the one chosen, and a search.
pub(super) const ALL: usize = 200;

/// A level with its place in what the person sees.
#[derive(Clone, Debug)]
pub(in crate::portal) struct Level {
    /// The level.
    pub(in crate::portal) organisation: Organisation,
    /// How many visible levels stand above it.
    pub(in crate::portal) depth: usize,
    /// Its name with those above it, as far as they are visible.
    pub(in crate::portal) path: String,
}

/// The levels that are offered.
#[derive(Clone, Debug)]
pub(in crate::portal) struct Near {
    /// Parents before children, siblings by name.
    pub(in crate::portal) levels: Vec<Level>,
    /// Whether that is all there are.
    pub(in crate::portal) whole: bool,
}

/// The scope of some permissions.
pub(super) fn scope(person: &SignedIn, permissions: &[Permission]) -> Scope {
    Scope::of(&person.authority, permissions, person.ctx.now)
}

/// The nodes at which a scope is anchored, with whether it goes on below; of what is managed no more than are offered.
async fn anchors(tx: &mut Tx, scope: &Scope) -> db::Result<Vec<(OrganisationId, bool)>> {
    let mut anchors = match scope {
        Scope::Everywhere => store::find_root(tx).await?.map(|root| (root.id, true)).into_iter().collect(),
        Scope::Within(_) => scope.anchors(),
    };
    let most = i64::try_from(ALL).unwrap_or(i64::MAX);
    let managed = managing_store::list_managed(tx, &scope.managers(), most + 1).await?;
    anchors.extend(managed.into_iter().map(|id| (id, false)));
    Ok(anchors)
}

/// The levels that a person reaches with any of the permissions: all of them while they are few, otherwise the tops of
/// what they reach, the way down to the chosen one and what lies directly below it. As fast in a tree of a million.
pub(in crate::portal) async fn near(
    tx: &mut Tx,
    person: &SignedIn,
    permissions: &[Permission],
    chosen: Option<OrganisationId>,
) -> db::Result<Near> {
    near_in(tx, &scope(person, permissions), chosen).await
}

/// Below which levels a person is offered to put a new one (I12); by their tokens they may elsewhere in their country as well.
fn of_new(person: &SignedIn) -> Scope {
    scope(person, &[Permission::OrganisationCreate]).with_tops_of_countries()
}

/// Those of them that are offered.
pub(super) async fn near_new(tx: &mut Tx, person: &SignedIn, chosen: Option<OrganisationId>) -> db::Result<Near> {
    near_in(tx, &of_new(person), chosen).await
}

/// Whether a level is one of them.
pub(super) async fn takes_new(tx: &mut Tx, person: &SignedIn, level: OrganisationId) -> db::Result<bool> {
    Ok(store::path(tx, level).await?.is_some_and(|path| of_new(person).covers(&path)))
}

/// The same for a scope.
pub(super) async fn near_in(tx: &mut Tx, scope: &Scope, chosen: Option<OrganisationId>) -> db::Result<Near> {
    let anchors = anchors(tx, scope).await?;
    let most = i64::try_from(ALL).unwrap_or(i64::MAX);
    let mut count = 0;
    for (anchor, below) in &anchors {
        count += if *below { search_store::count_below(tx, *anchor, most + 1).await? } else { 1 };
    }
    let whole = count <= ALL;
    let mut found: BTreeMap<OrganisationId, Organisation> = BTreeMap::new();
    let mut keep = |nodes: Vec<Organisation>| found.extend(nodes.into_iter().map(|node| (node.id, node)));
    let tops: BTreeSet<Uuid> = anchors.iter().take(ALL).map(|(anchor, _)| anchor.0).collect();
    keep(search_store::list_some(tx, &tops).await?);
    for (anchor, _) in anchors.iter().filter(|(_, below)| whole && *below) {
        keep(store::list_subtree(tx, *anchor, most).await?);
    }
    if !whole {
        let chosen = find_within(tx, scope, chosen).await?.or_else(|| anchors.first().map(|(anchor, _)| *anchor));
        if let Some(chosen) = chosen {
            let mut inside = false;
            for node in store::list_path(tx, chosen).await? {
                inside = inside || anchors.contains(&(node.id, true));
                // Between what is managed stands what is not.
                if inside || node.id == chosen || tops.contains(&node.id.0) {
                    keep(vec![node]);
                }
            }
            if inside {
                keep(store::list_children(tx, chosen, most / 2).await?);
            }
        }
    }
    Ok(Near { levels: arrange(found), whole })
}

/// The level, if it is inside.
async fn find_within(tx: &mut Tx, scope: &Scope, id: Option<OrganisationId>) -> db::Result<Option<OrganisationId>> {
    let Some(path) = (match id {
        Some(id) => store::path(tx, id).await?,
        None => None,
    }) else {
        return Ok(None);
    };
    Ok(scope.covers(&path).then(|| path.node()))
}

/// The level that was asked for if it is within reach, otherwise the top of what is.
pub(super) async fn chosen_or_top(
    tx: &mut Tx,
    person: &SignedIn,
    permissions: &[Permission],
    asked: Option<OrganisationId>,
) -> db::Result<Option<OrganisationId>> {
    let scope = scope(person, permissions);
    if let Some(found) = find_within(tx, &scope, asked).await? {
        return Ok(Some(found));
    }
    let anchors = anchors(tx, &scope).await?;
    let own = scope.anchors();
    match top(tx, if own.is_empty() && !anchors.is_empty() { anchors.get(..1).unwrap_or_default() } else { &own })
        .await?
    {
        Some(top) => Ok(Some(top)),
        None => Ok(anchors.first().map(|(anchor, _)| *anchor)),
    }
}

/// Whether a person reaches any level but this one with the permissions: whether there is a choice of another.
pub(super) async fn reaches_another(
    tx: &mut Tx,
    person: &SignedIn,
    permissions: &[Permission],
    than: OrganisationId,
) -> db::Result<bool> {
    let anchors = anchors(tx, &scope(person, permissions)).await?;
    if anchors.iter().any(|(anchor, _)| *anchor != than) {
        return Ok(true);
    }
    Ok(anchors.iter().any(|(_, below)| *below) && search_store::count_below(tx, than, 2).await? > 1)
}

/// The highest anchor; of several the first by name, as lists show them.
async fn top(tx: &mut Tx, anchors: &[(OrganisationId, bool)]) -> db::Result<Option<OrganisationId>> {
    let mut nodes = Vec::new();
    for (anchor, _) in anchors {
        if let Some(node) = store::find(tx, *anchor).await? {
            let depth = store::path(tx, *anchor).await?.map_or(0, |path| path.depth());
            nodes.push((depth, crate::kernel::text::fold(&node.name), node.id));
        }
    }
    Ok(nodes.into_iter().min().map(|(_, _, id)| id))
}

/// Levels found by a part of their name, with the place of each; at most `limit`.
pub(super) async fn matching(
    tx: &mut Tx,
    person: &SignedIn,
    permissions: &[Permission],
    name: &str,
    limit: usize,
) -> db::Result<Vec<Level>> {
    let scope = scope(person, permissions);
    let search = search_store::Search { scope: scope.clone(), name: name.to_owned(), parent: None };
    let found = search_store::list(tx, &search, i64::try_from(limit).unwrap_or(0), 0).await?;
    placed(tx, &scope, found).await
}

/// Levels with their places, in the order given.
pub(super) async fn placed(tx: &mut Tx, scope: &Scope, found: Vec<Organisation>) -> db::Result<Vec<Level>> {
    let ids: Vec<_> = found.iter().map(|node| node.id).collect();
    let mut places = search_store::list_places(tx, scope, &ids).await?;
    let place = |node: Organisation| {
        let names = places.remove(&node.id).unwrap_or_default();
        Level { depth: names.len().saturating_sub(1), path: names.join(" / "), organisation: node }
    };
    Ok(found.into_iter().map(place).collect())
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
pub(in crate::portal) fn choices(levels: &[Level], present: Option<OrganisationId>) -> Vec<Choice> {
    let present = present.map(|id| id.to_string()).unwrap_or_default();
    levels.iter().map(|level| Choice::new(level.organisation.id.to_string(), level.path.clone(), &present)).collect()
}
