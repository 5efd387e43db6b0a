//! What an access token leaves of an authority, and what a token may be granted of it. Pure.
//!
//! A token narrows and never widens (`delegation.md` §3): each part that is left lies inside of one assignment that is held and
//! inside of what was asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Applications, Assignment, Authority, Extent};
use super::permission::{Permission, PermissionSet};
use super::scopes::{core_of, permissions_of_scopes};
use crate::directory::organisation::model::OrganisationPath;
use crate::kernel::ids::{ApplicationId, OrganisationId};
use crate::kernel::limits::{Detail, DetailKind, Limits};
use crate::kernel::time::Timestamp;

/// Where the levels that details name stand in the tree now; one that is gone is not in it.
pub type Paths = BTreeMap<OrganisationId, OrganisationPath>;

/// All that a token may carry: one part per detail, or one for its scopes alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narrowing(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    permissions: PermissionSet,
    /// `None` for wherever it is held.
    levels: Option<Vec<(Extent, OrganisationPath)>>,
    applications: Applications,
}

impl Narrowing {
    /// What the limits of a token come to in the tree as it is now.
    pub fn of(limits: &Limits, paths: &Paths) -> Self {
        let permissions = permissions_of_scopes(&limits.scopes);
        if limits.details.is_empty() {
            return Self(vec![Part { permissions, levels: None, applications: Applications::All }]);
        }
        let part = |detail: &Detail| Part {
            permissions: permissions_of_scopes(&detail.actions).intersection(permissions),
            levels: levels(detail, paths),
            applications: asked_applications(detail),
        };
        Self(limits.details.iter().map(part).collect())
    }
}

fn levels(detail: &Detail, paths: &Paths) -> Option<Vec<(Extent, OrganisationPath)>> {
    let extent = |id| if detail.include_sub_levels { Extent::Subtree(id) } else { Extent::Only(id) };
    let named = |named: &Vec<OrganisationId>| {
        named.iter().filter_map(|id| Some((extent(*id), paths.get(id)?.clone()))).collect()
    };
    detail.levels.as_ref().map(named)
}

fn asked_applications(detail: &Detail) -> Applications {
    let named = detail.applications.as_ref();
    named.map_or(Applications::All, |named| Applications::Only(named.iter().copied().collect()))
}

impl Narrowing {
    /// Whether it leaves the directory: that is of the whole tree, and of all applications.
    fn reads_everywhere(&self) -> bool {
        let mut parts = self.0.iter().filter(|part| part.permissions.contains(Permission::OrganisationRead));
        parts.any(|part| part.levels.is_none() && part.applications == Applications::All)
    }
}

impl Authority {
    /// What is left of it by token. Of one assignment there may be several parts; each bears its id.
    #[must_use]
    pub fn narrowed(&self, to: &Narrowing) -> Self {
        let parts = self.assignments.iter().flat_map(|held| to.0.iter().flat_map(|part| part.of(held)));
        Self {
            principal: self.principal,
            assignments: parts.collect(),
            looks_up: self.looks_up && to.reads_everywhere(),
        }
    }
}

impl Part {
    fn of(&self, held: &Assignment) -> Vec<Assignment> {
        let permissions = held.permissions.intersection(self.permissions);
        let Some(applications) = held.applications.common(&self.applications) else { return Vec::new() };
        if permissions.is_empty() {
            return Vec::new();
        }
        let extents = common_extents(held, self.levels.as_deref());
        let left = |extent| Assignment { permissions, extent, applications: applications.clone(), ..held.clone() };
        extents.into_iter().map(left).collect()
    }
}

/// Where an assignment and the levels asked for meet: two extents of a tree are nested or have nothing in common. Of what an
/// organisation manages, a level that is less than the country leaves that level alone, if it is managed.
fn common_extents(held: &Assignment, levels: Option<&[(Extent, OrganisationPath)]>) -> Vec<Extent> {
    let Some(levels) = levels else { return vec![held.extent] };
    let meet = |(level, path): &(Extent, OrganisationPath)| {
        if held.extent.contains(*level, Some(path)) {
            Some(*level)
        } else if matches!(held.extent, Extent::ManagedBy(_)) && held.extent.covers(path) {
            // The node is managed, and what stands below it need not be.
            Some(Extent::Only(path.node()))
        } else {
            level.contains(held.extent, held.anchor.as_ref()).then_some(held.extent)
        }
    };
    levels.iter().filter_map(meet).collect()
}

/// Where something is granted, for which applications: whether below as well, and which, if not all.
type Where = (bool, Option<BTreeSet<ApplicationId>>);
/// The nodes; `None` for the whole tree.
type Nodes = Option<BTreeSet<OrganisationId>>;

/// What is granted of what was asked for: the parts of it that are held now, told in the same terms (RFC 9396 §7). `scopes` are
/// those that the token will carry: what they do not carry, no detail does.
pub fn granted(
    authority: &Authority,
    scopes: &[String],
    asked: &[Detail],
    paths: &Paths,
    now: Timestamp,
) -> Vec<Detail> {
    let mut by_action: BTreeMap<&str, BTreeMap<Where, Nodes>> = BTreeMap::new();
    for detail in asked {
        for action in &detail.actions {
            let one = Detail { actions: vec![action.clone()], ..detail.clone() };
            let limits = Limits { scopes: scopes.to_vec(), details: vec![one] };
            let left = authority.narrowed(&Narrowing::of(&limits, paths));
            let places = by_action.entry(action).or_default();
            let core = core_of(action);
            let held = left.live(now).filter(|a| !a.permissions.intersection(core).is_empty());
            held.for_each(|assignment| note(places, assignment));
        }
    }
    let mut grouped: BTreeMap<(Where, Nodes), Vec<String>> = BTreeMap::new();
    for (action, places) in by_action {
        for place in thinned(&places) {
            grouped.entry(place).or_default().push(action.to_owned());
        }
    }
    grouped.into_iter().map(|((place, nodes), actions)| told(place, nodes, actions)).collect()
}

fn note(places: &mut BTreeMap<Where, Nodes>, assignment: &Assignment) {
    let applications = match &assignment.applications {
        Applications::All => None,
        Applications::Only(some) => Some(some.clone()),
    };
    let below = !matches!(assignment.extent, Extent::Only(_));
    let nodes = places.entry((below, applications)).or_insert_with(|| Some(BTreeSet::new()));
    // What is managed is told as its country, which was asked for whole where it is left whole.
    let node = match assignment.extent {
        Extent::ManagedBy(_) => assignment.anchor.as_ref().and_then(OrganisationPath::country),
        other => other.anchor(),
    };
    match (node, nodes.as_mut()) {
        (Some(node), Some(nodes)) => drop(nodes.insert(node)),
        (None, _) => *nodes = None,
        (Some(_), None) => {}
    }
}

/// Without what is granted at the same node more widely as well.
fn thinned(places: &BTreeMap<Where, Nodes>) -> BTreeMap<Where, Nodes> {
    let includes = |wide: &Where, narrow: &Where| {
        let applications = match (&wide.1, &narrow.1) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(wide), Some(narrow)) => narrow.is_subset(wide),
        };
        wide != narrow && applications && (wide.0 || !narrow.0)
    };
    let left = places.iter().filter_map(|(place, nodes)| {
        let wider: Vec<&Nodes> = places.iter().filter(|(other, _)| includes(other, place)).map(|(_, n)| n).collect();
        let Some(nodes) = nodes else {
            return wider.iter().all(|nodes| nodes.is_some()).then(|| (place.clone(), None));
        };
        let told = |node: &&OrganisationId| !wider.iter().any(|n| n.as_ref().is_none_or(|n| n.contains(*node)));
        let nodes: BTreeSet<OrganisationId> = nodes.iter().filter(told).copied().collect();
        (!nodes.is_empty()).then(|| (place.clone(), Some(nodes)))
    });
    left.collect()
}

fn told((include_sub_levels, applications): Where, nodes: Nodes, actions: Vec<String>) -> Detail {
    Detail {
        kind: DetailKind::DelegatedAdministration,
        actions,
        levels: nodes.map(|nodes| nodes.into_iter().collect()),
        include_sub_levels,
        applications: applications.map(|some| some.into_iter().collect()),
    }
}
