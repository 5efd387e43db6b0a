//! Random small worlds: a tree of twelve organisations, three applications, actors and targets that hold roles.

use std::collections::BTreeSet;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use uuid::Uuid;

use crate::authority::model::{Applications, Assignment, Authority, Extent};
use crate::authority::permission::{Permission, PermissionSet};
use crate::authority::role::{Confirmation, GrantRule, Relation, RoleDefinition, RoleScope, SubLevels};
use crate::directory::module::model::Standing;
use crate::directory::organisation::model::OrganisationPath;
use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::labels::Labels;
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

/// The parent of each organisation; the first is the root.
pub(super) const PARENTS: [Option<usize>; 12] =
    [None, Some(0), Some(0), Some(1), Some(1), Some(3), Some(2), Some(6), Some(7), Some(1), Some(1), Some(6)];
/// Who manages whom: the manager first, both of one country (1 or 2).
pub(super) const MANAGES: [(usize, usize); 6] = [(3, 4), (3, 5), (4, 5), (1, 3), (7, 8), (2, 6)];
/// How many applications there are.
pub(super) const APPLICATIONS: usize = 3;
/// The instant of every decision.
pub(super) const NOW: i64 = 1_000;

/// One assignment in the terms of the specification.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) role: &'static str,
    pub(super) at: usize,
    pub(super) below: bool,
    /// `None` is every application.
    pub(super) applications: Option<BTreeSet<usize>>,
    pub(super) from: i64,
    pub(super) until: Option<i64>,
    /// Its holder has yet to accept the terms that it asks for (E17).
    pub(super) lacks: bool,
}

/// Somebody who holds roles and lives somewhere.
#[derive(Clone, Debug)]
pub(super) struct Somebody {
    pub(super) number: u128,
    pub(super) home: usize,
    pub(super) held: Vec<Held>,
}

/// The roles of the ECB profile, written out again.
pub(super) fn permissions_of(role: &str) -> Vec<Permission> {
    use Permission as P;
    match role {
        "Operator" => P::ALL.to_vec(),
        "DelegatedUserAdmin" => vec![
            P::UserRead,
            P::UserReadContact,
            P::UserCreate,
            P::UserUpdate,
            P::UserDelete,
            P::UserResetCredentials,
            P::MembershipRead,
            P::RoleRead,
            P::RoleGrant,
            P::OrganisationRead,
            P::AuditRead,
        ],
        "ApplicationAccessAdmin" => {
            vec![
                P::UserRead,
                P::MembershipRead,
                P::MembershipAssign,
                P::RoleRead,
                P::RoleGrant,
                P::OrganisationRead,
                P::AuditRead,
            ]
        }
        "ProvisioningAdmin" => vec![P::OrganisationRead, P::ServiceManage],
        // As in the profile of authorities that manage each other, a little narrower.
        "Administrator" => vec![
            P::UserRead,
            P::UserReadContact,
            P::UserCreate,
            P::UserUpdate,
            P::MembershipRead,
            P::MembershipAssign,
            P::RoleRead,
            P::RoleGrant,
            P::OrganisationRead,
        ],
        // Of no shipped profile: manages the module access of its organisations to its applications.
        "ModuleManager" => vec![P::OrganisationRead, P::ModuleManage],
        // Of no shipped profile either: says who should hold them.
        "ModuleProposer" => vec![P::OrganisationRead, P::ModulePropose],
        _ => Vec::new(),
    }
}

/// What a role carries over what the organisation of its holder manages.
pub(super) fn managed_permissions_of(role: &str) -> Vec<Permission> {
    use Permission as P;
    if role != "Administrator" {
        return Vec::new();
    }
    [permissions_of(role), vec![P::AccessManagerManage, P::ModuleManage]].concat()
}

/// What a role carries in the country of an organisation that manages others.
pub(super) fn country_permissions_of(role: &str) -> Vec<Permission> {
    use Permission as P;
    if role == "Administrator" { vec![P::OrganisationRead, P::AccessManagerSelfAdd] } else { Vec::new() }
}

pub(super) const ROLES: [&str; 7] = [
    "Operator",
    "DelegatedUserAdmin",
    "ApplicationAccessAdmin",
    "ModuleManager",
    "ModuleProposer",
    "Administrator",
    "ProvisioningAdmin",
];

/// Whether assignments of a role name applications.
pub(super) fn is_about_applications(role: &str) -> bool {
    matches!(role, "ApplicationAccessAdmin" | "ModuleManager" | "ModuleProposer")
}

/// Which applications ask for module access, and which organisations hold it.
#[derive(Clone, Debug, Default)]
pub(super) struct Modules {
    pub(super) asking: BTreeSet<usize>,
    /// Organisation and application.
    pub(super) active: BTreeSet<(usize, usize)>,
    pub(super) suspended: BTreeSet<(usize, usize)>,
}

impl Modules {
    /// What the loader would say.
    pub(super) fn standing(&self, organisation: usize, application: usize) -> Standing {
        let place = (organisation, application);
        if !self.asking.contains(&application) {
            Standing::NotAsked
        } else if self.active.contains(&place) {
            Standing::Active
        } else if self.suspended.contains(&place) {
            Standing::Suspended
        } else {
            Standing::Missing
        }
    }
}

/// The definition that `decide` is given for a role.
pub(super) fn definition(role: &str) -> RoleDefinition {
    let rules = |with: &str| {
        [with, "Operator"].map(|role| GrantRule { role: role.to_owned(), relation: Relation::Covering }).to_vec()
    };
    RoleDefinition {
        code: role.to_owned(),
        scope: match role {
            "Operator" => RoleScope::System,
            "DelegatedUserAdmin" | "Administrator" | "ProvisioningAdmin" => RoleScope::Organisation,
            _ => RoleScope::OrganisationAndApplications,
        },
        permissions: permissions_of(role).into_iter().collect::<PermissionSet>(),
        managed_permissions: managed_permissions_of(role).into_iter().collect::<PermissionSet>(),
        country_permissions: country_permissions_of(role).into_iter().collect::<PermissionSet>(),
        first_user: false,
        auto_groups: false,
        sub_levels: if role == "Administrator" { SubLevels::Never } else { SubLevels::Allowed },
        granted_by: rules(role),
        revoked_by: rules(role),
        min: 0,
        max: None,
        confirmation: Confirmation::None,
        separation_of_duties: Vec::new(),
        nominated: false,
        requires: Vec::new(),
        dormant: false,
        revocation_requests_by: Vec::new(),
        recertified: false,
        second_factor: Strength::Any,
        ends_with_grantor: false,
        deputies: false,
        terms: None,
        texts: Labels::default(),
        entitlements: Vec::new(),
    }
}

pub(super) fn organisation(number: usize) -> OrganisationId {
    OrganisationId(Uuid::from_u128(0x100 + number as u128))
}

pub(super) fn application(number: usize) -> ApplicationId {
    ApplicationId(Uuid::from_u128(0x200 + number as u128))
}

pub(super) fn path(of: usize) -> OrganisationPath {
    let mut ids = vec![organisation(of)];
    let mut at = of;
    while let Some(parent) = PARENTS[at] {
        ids.push(organisation(parent));
        at = parent;
    }
    ids.reverse();
    let managers = MANAGES.iter().filter(|(_, managed)| *managed == of).map(|(manager, _)| organisation(*manager));
    let manages = MANAGES.iter().any(|(manager, _)| *manager == of);
    OrganisationPath::new(ids).unwrap().managed(managers.collect(), manages)
}

/// The organisations of the same country.
pub(super) fn neighbours(of: usize) -> Vec<usize> {
    let same = |other: &usize| path(*other).country() == path(of).country();
    (0..PARENTS.len()).filter(same).collect()
}

impl Somebody {
    pub(super) fn principal(&self) -> PrincipalId {
        PrincipalId::Person(UserId(Uuid::from_u128(self.number)))
    }

    pub(super) fn assignments(&self) -> Vec<Assignment> {
        let numbered = self.held.iter().enumerate();
        numbered.flat_map(|(i, held)| held.compiled(self.number * 1_000 + i as u128)).collect()
    }

    pub(super) fn authority(&self) -> Authority {
        Authority { principal: self.principal(), assignments: self.assignments(), looks_up: false }
    }
}

impl Held {
    fn compiled(&self, id: u128) -> Vec<Assignment> {
        let everywhere = self.role == "Operator";
        let own = Assignment {
            id: RoleAssignmentId(Uuid::from_u128(id)),
            role: self.role.to_owned(),
            permissions: permissions_of(self.role).into_iter().collect(),
            extent: match (everywhere, self.below) {
                (true, _) => Extent::Everywhere,
                (false, true) => Extent::Subtree(organisation(self.at)),
                (false, false) => Extent::Only(organisation(self.at)),
            },
            anchor: (!everywhere).then(|| path(self.at)),
            applications: applications(self.applications.as_ref()),
            project: None,
            from: Timestamp(self.from),
            until: self.until.map(Timestamp),
            on_behalf_of: None,
            second_factor: Strength::Any,
            is_too_weak: false,
            lacks: self.lacks.then(|| "terms".to_owned()),
        };
        let mut parts = vec![own.clone()];
        if self.role == "Administrator" && path(self.at).manages() {
            let permissions = managed_permissions_of(self.role).into_iter().collect();
            let extent = Extent::ManagedBy(organisation(self.at));
            parts.push(Assignment { permissions, extent, ..own.clone() });
            let permissions = country_permissions_of(self.role).into_iter().collect();
            let extent = Extent::Country(path(self.at).country().unwrap());
            parts.push(Assignment { permissions, extent, ..own });
        }
        parts
    }
}

pub(super) fn applications(set: Option<&BTreeSet<usize>>) -> Applications {
    set.map_or(Applications::All, |some| Applications::Only(some.iter().map(|n| application(*n)).collect()))
}

/// A source of worlds; the same seed gives the same ones.
pub(super) struct Dice(StdRng);

impl Dice {
    #[expect(clippy::disallowed_methods, reason = "worlds are made from a seed so that a failure can be repeated")]
    pub(super) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound)
    }

    pub(super) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *from.choose(&mut self.0).unwrap()
    }

    pub(super) fn some_applications(&mut self) -> BTreeSet<usize> {
        let mut set: BTreeSet<usize> = (0..APPLICATIONS).filter(|_| self.one_in(2)).collect();
        if set.is_empty() {
            set.insert(self.below(APPLICATIONS));
        }
        set
    }

    pub(super) fn modules(&mut self) -> Modules {
        let mut modules = Modules { asking: self.some_applications(), ..Modules::default() };
        for organisation in 0..PARENTS.len() {
            for application in 0..APPLICATIONS {
                let place = (organisation, application);
                match self.below(4) {
                    0 => drop(modules.suspended.insert(place)),
                    1 | 2 => drop(modules.active.insert(place)),
                    _ => {}
                }
            }
        }
        modules
    }

    fn held(&mut self) -> Held {
        let role = if self.one_in(12) { "Operator" } else { self.pick(&ROLES[1..]) };
        Held {
            role,
            at: if role == "Operator" { 0 } else { self.below(PARENTS.len()) },
            below: role == "Operator" || (role != "Administrator" && !self.one_in(3)),
            applications: is_about_applications(role).then(|| self.some_applications()),
            from: if self.one_in(8) { NOW + 1 } else { 0 },
            until: match self.below(8) {
                0 => Some(NOW),
                1 => Some(NOW + 1),
                _ => None,
            },
            lacks: self.one_in(10),
        }
    }

    pub(super) fn somebody(&mut self, number: u128, most: usize) -> Somebody {
        let count = self.below(most + 1);
        Somebody { number, home: self.below(PARENTS.len()), held: (0..count).map(|_| self.held()).collect() }
    }

    /// An organisation near what the actor holds, so that many questions are answered with yes.
    pub(super) fn near(&mut self, actor: &Somebody) -> usize {
        if actor.held.is_empty() || self.one_in(3) {
            return self.below(PARENTS.len());
        }
        let anchor = actor.held[self.below(actor.held.len())].at;
        let managed = |n: &usize| MANAGES.contains(&(anchor, *n));
        let children: Vec<usize> = (0..PARENTS.len()).filter(|n| PARENTS[*n] == Some(anchor) || managed(n)).collect();
        if children.is_empty() || self.one_in(2) { anchor } else { self.pick(&children) }
    }
}
