//! What a principal may do at one instant: an immutable, small answer compiled from its role assignments.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::permission::{Permission, PermissionSet};
use crate::directory::organisation::model::OrganisationPath;
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId};
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

/// Which organisations a right reaches; never a list of ids, so that it stays right when the tree grows or moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extent {
    /// The whole tree (roles of scope `system`).
    Everywhere,
    /// One node and all below it.
    Subtree(OrganisationId),
    /// One node.
    Only(OrganisationId),
    /// Every node whose Access Managers include this organisation (I03), wherever in its country they stand.
    ManagedBy(OrganisationId),
    /// One node and all below it, in the wider sense that Access Managers have of their country (I42): for finding, and for
    /// becoming manager of what was found.
    Country(OrganisationId),
}

impl Extent {
    /// The node at which it is anchored; none for the whole tree.
    pub fn anchor(self) -> Option<OrganisationId> {
        match self {
            Self::Everywhere => None,
            Self::Subtree(id) | Self::Only(id) | Self::ManagedBy(id) | Self::Country(id) => Some(id),
        }
    }

    /// Whether the node with this path is reached.
    pub fn covers(self, path: &OrganisationPath) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Subtree(organisation) | Self::Country(organisation) => path.is_under(organisation),
            Self::Only(organisation) => path.node() == organisation,
            Self::ManagedBy(manager) => path.managers().contains(&manager),
        }
    }

    /// Whether another extent, anchored at the node with this path, lies inside this one, and will when the tree grows: what an
    /// organisation manages lies in its country, and may come to be anything there.
    pub fn contains(self, other: Self, anchor: Option<&OrganisationPath>) -> bool {
        match (self, other, anchor) {
            (Self::Everywhere, _, _) => true,
            (Self::Subtree(top) | Self::Country(top), Self::ManagedBy(_) | Self::Country(_), Some(path)) => {
                path.country_is_under(top)
            }
            (Self::Subtree(top) | Self::Country(top), Self::Subtree(_) | Self::Only(_), Some(path)) => {
                path.is_under(top)
            }
            (Self::Only(mine), Self::Only(other), _) | (Self::ManagedBy(mine), Self::ManagedBy(other), _) => {
                mine == other
            }
            (Self::ManagedBy(manager), Self::Only(_), Some(path)) => path.managers().contains(&manager),
            _ => false,
        }
    }
}

/// Which applications a right reaches. An explicit set never widens when an application is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applications {
    /// Every one, also those to come; also for rights that have nothing to do with applications.
    All,
    /// Exactly these.
    Only(BTreeSet<ApplicationId>),
}

impl Applications {
    /// Whether one is reached.
    pub fn contains(&self, application: ApplicationId) -> bool {
        match self {
            Self::All => true,
            Self::Only(set) => set.contains(&application),
        }
    }

    /// Those in both; `None` if there are none.
    pub fn common(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::All, other) | (other, Self::All) => Some(other.clone()),
            (Self::Only(mine), Self::Only(other)) => {
                let both: BTreeSet<ApplicationId> = mine.intersection(other).copied().collect();
                (!both.is_empty()).then_some(Self::Only(both))
            }
        }
    }

    /// Whether the other set lies inside this one.
    pub fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Only(_), Self::All) => false,
            (Self::Only(mine), Self::Only(other)) => other.is_subset(mine),
        }
    }
}

/// From when to when a grant is to have effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// First instant of effect; now if left out.
    pub from: Option<Timestamp>,
    /// From this instant on without effect.
    pub until: Option<Timestamp>,
}

/// A role assignment that is confirmed and not revoked, with what its role allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Its id; goes into the permit and the audit log. Nil for the console.
    pub id: RoleAssignmentId,
    /// The code of the role.
    pub role: String,
    /// What the role allows.
    pub permissions: PermissionSet,
    /// Over which organisations.
    pub extent: Extent,
    /// The path of the node at which it is held; `None` for what is held everywhere. A token that leaves less of the extent
    /// leaves this as it is: what only holders at a node may do is not done by narrowing a right to that node.
    pub anchor: Option<OrganisationPath>,
    /// Over which applications.
    pub applications: Applications,
    /// Within which project only; `None` for what has nothing to do with projects.
    pub project: Option<ProjectId>,
    /// First instant of effect.
    pub from: Timestamp,
    /// From this instant on without effect (D12).
    pub until: Option<Timestamp>,
    /// Whose it is, where it is held as their deputy.
    pub on_behalf_of: Option<PrincipalId>,
    /// How strongly its holder has to prove who they are.
    pub second_factor: Strength,
    /// Whether they did not: for the time of this session or token it has no effect.
    pub is_too_weak: bool,
    /// The terms that whoever holds it has yet to accept: until then it has no effect (E17). What somebody could come to by accepting
    /// counts where it is about taking over their account (D5).
    pub lacks: Option<String>,
}

impl Assignment {
    /// Whether it has effect at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.lacks.is_none() && !self.is_too_weak && self.is_current(now)
    }

    /// Whether it would have effect at `now` if nothing had to be accepted first.
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|end| now < end)
    }

    /// Whether it lasts at least as long as what ends at `until`: nobody gives what they will not hold themselves (D4).
    pub fn outlasts(&self, until: Option<Timestamp>) -> bool {
        self.until.is_none_or(|mine| until.is_some_and(|end| end <= mine))
    }

    /// The organisation at which it is held; none for roles over everything.
    pub fn place(&self) -> Option<OrganisationId> {
        self.anchor.as_ref().map(OrganisationPath::node)
    }

    /// Whether everything that `other` reaches is reached by this one.
    pub fn spans(&self, other: &Self) -> bool {
        self.extent.contains(other.extent, other.anchor.as_ref())
    }
}

/// What one principal may do, as of when it was compiled; expiry is judged at the `now` of each decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Whose it is.
    pub principal: PrincipalId,
    /// Its assignments, future and expired ones included; by token, what the token leaves of them ([`super::narrow`]).
    pub assignments: Vec<Assignment>,
    /// Whether organisations may be looked up in the general directory: by everybody who can act, where the profile has one (I88).
    pub looks_up: bool,
}

impl Authority {
    /// The authority of nobody in particular: none.
    pub fn none(principal: PrincipalId) -> Self {
        Self { principal, assignments: Vec::new(), looks_up: false }
    }

    /// The live assignments that carry a permission over organisations; what is held in a project says nothing about them.
    pub fn holding(&self, permission: Permission, now: Timestamp) -> impl Iterator<Item = &Assignment> {
        self.carrying(permission, now).filter(|a| a.project.is_none())
    }

    /// The live assignments that carry a permission within a project: those held in it, and those over organisations.
    pub fn holding_in(
        &self,
        permission: Permission,
        project: Option<ProjectId>,
        now: Timestamp,
    ) -> impl Iterator<Item = &Assignment> {
        self.carrying(permission, now).filter(move |a| a.project.is_none() || a.project == project)
    }

    /// The live assignments that carry a permission, in whichever project.
    pub fn carrying(&self, permission: Permission, now: Timestamp) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter().filter(move |a| a.is_live(now) && a.permissions.contains(permission))
    }

    /// Whether it shows who holds which role in a project for the organisation with this path: to whoever holds a role in the project
    /// that does, and to those of the organisation (P59).
    pub fn reads_roles_in(&self, project: ProjectId, place: &OrganisationPath, now: Timestamp) -> bool {
        let mut holding = self.holding_in(Permission::ProjectRead, Some(project), now);
        holding.any(|a| a.project.is_some() || a.extent.covers(place))
    }

    /// The live assignments by which addresses and numbers are seen: those that let one see the person as well (decision 13).
    pub fn reading_contacts(&self, now: Timestamp) -> impl Iterator<Item = &Assignment> {
        self.holding(Permission::UserRead, now).filter(|a| a.permissions.contains(Permission::UserReadContact))
    }

    /// Whether it carries a permission anywhere (for menus; never a decision).
    pub fn has_anywhere(&self, permission: Permission, now: Timestamp) -> bool {
        self.holding(permission, now).next().is_some()
    }

    /// The assignments that would have effect at `now` if their holder had accepted what they ask for, each with these terms.
    pub fn lacking(&self, now: Timestamp) -> impl Iterator<Item = (&Assignment, &str)> {
        self.assignments.iter().filter(move |a| a.is_current(now)).filter_map(|a| Some((a, a.lacks.as_deref()?)))
    }

    /// The same authority in the hands of somebody who proved who they are this strongly.
    pub(super) fn proved_by(self: Arc<Self>, strength: Strength) -> Arc<Self> {
        let (person, weak) = (self.principal.person(), |a: &Assignment| a.second_factor > strength);
        if person.is_none() || !self.assignments.iter().any(weak) {
            return self;
        }
        let marked = self.assignments.iter().map(|a| Assignment { is_too_weak: weak(a), ..a.clone() });
        Arc::new(Self { assignments: marked.collect(), ..(*self).clone() })
    }

    /// The assignments that would have effect at `now` if their holder had proved more strongly who they are.
    pub fn too_weak(&self, now: Timestamp) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter().filter(move |a| a.is_too_weak && a.lacks.is_none() && a.is_current(now))
    }

    /// The same authority once everything is accepted: for explanations, never for a decision.
    pub(super) fn as_if_accepted(&self) -> Self {
        let freed = self.assignments.iter().map(|a| Assignment { lacks: None, ..a.clone() });
        Self { assignments: freed.collect(), ..self.clone() }
    }

    /// The assignments that have effect at `now`.
    pub fn live(&self, now: Timestamp) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter().filter(move |a| a.is_live(now))
    }
}
