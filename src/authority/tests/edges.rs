//! One small world for each edge of a rule, where worlds of chance rarely go.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::differential::service as service_facts;
use super::world::{Held, NOW, Somebody, application, definition, organisation, path};
use crate::authority::action::{
    Action, AddManager, BlockUser, ConfirmRole, CreateUser, GrantRole, KeepRole, ManageClient, MoveOrganisation,
    ReadUser, WriteToPeople,
};
use crate::authority::facts::{AssignmentFacts, Facts, OrganisationFacts, TargetFacts};
use crate::authority::model::{Applications, Assignment, Authority, Extent, Validity};
use crate::authority::narrow::granted;
use crate::authority::permission::{Permission, PermissionSet};
use crate::authority::reach::{Paths, Reach};
use crate::authority::scopes::scopes_of_actions;
use crate::authority::{Decision, Managing, Reason, RoleDefinition, Roles, Scope, decide, permit, requires};
use crate::kernel::ids::{ClientId, PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::limits::{Detail, DetailKind};
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

pub(super) fn held(role: &'static str, at: usize, below: bool) -> Held {
    Held { role, at, below, applications: None, from: 0, until: None, lacks: false }
}

pub(super) fn place(number: usize) -> OrganisationFacts {
    OrganisationFacts { path: path(number), active: true }
}

/// How a question about somebody at an organisation is answered.
type Answer<'a> = &'a dyn Fn(&Authority, usize) -> Decision;

/// The first person, who holds these.
pub(super) fn holding(held: Vec<Held>) -> Authority {
    Somebody { number: 1, home: 1, held }.authority()
}

pub(super) fn person(number: u128, home: usize) -> TargetFacts {
    let principal = PrincipalId::Person(UserId(uuid::Uuid::from_u128(number)));
    TargetFacts { principal, home: place(home), deleted: false, assignments: Vec::new() }
}

fn part(permissions: &[Permission], extent: Extent, at: usize) -> Assignment {
    let base = holding(vec![held("DelegatedUserAdmin", at, true)]).assignments.remove(0);
    Assignment { permissions: permissions.iter().copied().collect(), extent, ..base }
}

fn authority(assignments: Vec<Assignment>) -> Authority {
    Authority { assignments, ..holding(Vec::new()) }
}

fn assignment(role: &str, at: usize) -> AssignmentFacts {
    AssignmentFacts {
        id: RoleAssignmentId(uuid::Uuid::from_u128(77)),
        role: role.to_owned(),
        extent: Extent::Only(organisation(at)),
        anchor: path(at),
        active: true,
        applications: Applications::All,
        project: None,
        granted_by: PrincipalId::Person(UserId(uuid::Uuid::from_u128(99))),
    }
}

pub(super) fn decided(authority: &Authority, action: impl Into<Action>, facts: &Facts) -> Decision {
    decide(authority, &action.into(), facts, Timestamp(NOW))
}

pub(super) fn allowed(authority: &Authority, action: impl Into<Action>, facts: &Facts) -> bool {
    matches!(decided(authority, action, facts), Decision::Allow(_))
}

/// D3: what a role carries over whatever its organisation manages is kept, as it is given, by whoever reaches all of that by a role that may
/// give it; and where nothing is managed, nothing more is asked for.
#[test]
fn a_role_over_what_is_managed_is_kept_and_given_by_who_reaches_all_of_that() {
    let role = || Some(definition("Administrator"));
    let kept = |keeper: &Authority, at| {
        let (target, assignment) = (Some(person(2, at)), Some(assignment("Administrator", at)));
        let action = KeepRole { assignment: RoleAssignmentId(uuid::Uuid::from_u128(77)) };
        decided(keeper, action, &Facts { target, assignment, role: role(), ..Facts::default() })
    };
    let given = |giver: &Authority, at| {
        let (target, place) = (Some(person(2, at)), Some(place(at)));
        let action = GrantRole {
            to: person(2, at).principal,
            role: "Administrator".to_owned(),
            organisation: organisation(at),
            include_sub_levels: false,
            applications: Applications::All,
            validity: Validity::default(),
        };
        decided(giver, action, &Facts { target, organisation: place, role: role(), ..Facts::default() })
    };
    // The first manages the third, which manages others; the ninth manages nothing.
    let manager = holding(vec![held("Administrator", 1, false)]);
    let with_another_role = holding(vec![held("Administrator", 1, false), held("DelegatedUserAdmin", 1, true)]);
    let operator = holding(vec![held("Operator", 0, true)]);
    let same = holding(vec![held("Administrator", 9, false)]);
    let answers: [Answer<'_>; 2] = [&kept, &given];
    for answer in answers {
        assert_eq!(answer(&manager, 3), Decision::Deny(Reason::NotPermitted));
        assert_eq!(answer(&with_another_role, 3), Decision::Deny(Reason::NotPermitted));
        assert!(matches!(answer(&operator, 3), Decision::Allow(_)));
        assert!(matches!(answer(&same, 9), Decision::Allow(_)));
    }
}

/// D8, D11: what a deputy could not do anyway is refused as to anybody, and not as their holder's own account.
#[test]
fn a_deputy_is_refused_what_the_role_does_not_allow_as_anybody_is() {
    let holder = person(2, 3);
    let mut lent = holding(vec![held("DelegatedUserAdmin", 1, true)]);
    lent.assignments[0].on_behalf_of = Some(holder.principal);
    let action = BlockUser { user: holder.principal.person().unwrap() };
    let facts = Facts { target: Some(holder), ..Facts::default() };
    assert_eq!(decided(&lent, action, &facts), Decision::Deny(Reason::NotPermitted));
}

/// D13: authority somewhere else, also over a whole country, moves nothing here.
#[test]
fn an_organisation_is_moved_by_who_covers_where_it_stood() {
    let permissions = [Permission::OrganisationUpdate, Permission::OrganisationCreate];
    let action = || MoveOrganisation { organisation: organisation(3), to: organisation(6) };
    let facts = Facts { organisation: Some(place(3)), destination: Some(place(6)), ..Facts::default() };
    let there = part(&permissions, Extent::Subtree(organisation(2)), 2);
    assert_eq!(decided(&authority(vec![there.clone()]), action(), &facts), Decision::Deny(Reason::NotFound));
    let here = part(&permissions, Extent::Subtree(organisation(1)), 1);
    assert!(allowed(&authority(vec![there.clone(), here]), action(), &facts));
    let itself = part(&permissions, Extent::Subtree(organisation(3)), 3);
    assert!(!allowed(&authority(vec![there, itself]), action(), &facts));
}

/// D13: both are in use, and whoever adds a first manager holds what it comes to find in its country.
#[test]
fn a_manager_is_added_among_organisations_in_use_by_who_holds_what_it_gains() {
    let operator = holding(vec![held("Operator", 0, true)]);
    let action = |manager| AddManager { organisation: organisation(9), manager: organisation(manager) };
    let facts = |manager, here, there| Facts {
        organisation: Some(OrganisationFacts { active: here, ..place(9) }),
        manager: Some(OrganisationFacts { active: there, ..place(manager) }),
        managing: Managing { country: [Permission::AccessManagerSelfAdd].into_iter().collect(), ..Managing::default() },
        ..Facts::default()
    };
    assert!(allowed(&operator, action(10), &facts(10, true, true)));
    let above = AddManager { organisation: organisation(1), manager: organisation(9) };
    let top = Facts { organisation: Some(place(1)), ..facts(9, true, true) };
    assert!(path(9).is_under(organisation(1)));
    assert_eq!(decided(&operator, above, &top), Decision::Deny(Reason::StandsAbove));
    for (here, there) in [(false, true), (true, false)] {
        let decision = decided(&operator, action(10), &facts(10, here, there));
        assert_eq!(decision, Decision::Deny(Reason::OrganisationInactive));
    }
    // The fourth manages others already; the tenth would be the first time.
    let permissions = [Permission::AccessManagerManage, Permission::OrganisationRead];
    let both = [9, 10, 4].map(|at| part(&permissions, Extent::Only(organisation(at)), at));
    let both = authority(both.to_vec());
    assert!(allowed(&both, action(4), &facts(4, true, true)));
    assert_eq!(decided(&both, action(10), &facts(10, true, true)), Decision::Deny(Reason::NotPermitted));
}

/// D3, D9: nothing is given where it does not fit, and nothing where either end is deactivated.
#[test]
fn a_role_is_given_that_fits_to_people_and_over_organisations_in_use() {
    let grantor = holding(vec![held("DelegatedUserAdmin", 1, true)]);
    let answer = |role: RoleDefinition, applications: Applications, home, place| {
        let target = TargetFacts { home, ..person(2, 4) };
        let action = GrantRole {
            to: target.principal,
            role: role.code.clone(),
            organisation: organisation(3),
            include_sub_levels: false,
            applications,
            validity: Validity::default(),
        };
        let (target, organisation) = (Some(target), Some(place));
        decided(&grantor, action, &Facts { target, organisation, role: Some(role), ..Facts::default() })
    };
    let role = || definition("DelegatedUserAdmin");
    let closed = |number| OrganisationFacts { active: false, ..place(number) };
    assert!(matches!(answer(role(), Applications::All, place(4), place(3)), Decision::Allow(_)));
    for (home, place) in [(place(4), closed(3)), (closed(4), place(3))] {
        let decision = answer(role(), Applications::All, home, place);
        assert_eq!(decision, Decision::Deny(Reason::OrganisationInactive));
    }
    let nominated = RoleDefinition { nominated: true, ..role() };
    let some = Applications::Only([application(0)].into());
    for (role, applications) in [(nominated, Applications::All), (role(), some)] {
        assert_eq!(answer(role, applications, place(4), place(3)), Decision::Deny(Reason::InvalidGrant));
    }
}

/// D11: whoever confirms covers the organisations and the applications.
#[test]
fn a_role_is_confirmed_by_who_covers_its_organisations_and_its_applications() {
    let permissions = [Permission::RoleConfirm, Permission::UserRead];
    let mut own = part(&permissions, Extent::Subtree(organisation(1)), 1);
    own.applications = Applications::Only([application(0)].into());
    let answer = |at, number| {
        let only = Applications::Only([application(number)].into());
        let assignment = AssignmentFacts { applications: only, ..assignment("ApplicationAccessAdmin", at) };
        let action = ConfirmRole { assignment: assignment.id };
        let (target, assignment) = (Some(person(2, 3)), Some(assignment));
        decided(&authority(vec![own.clone()]), action, &Facts { target, assignment, ..Facts::default() })
    };
    assert!(matches!(answer(3, 0), Decision::Allow(_)));
    assert_eq!(answer(3, 1), Decision::Deny(Reason::NotPermitted));
    assert_eq!(answer(7, 0), Decision::Deny(Reason::NotPermitted));
}

/// D4, D5: a service is kept by the same role or by one whose holders give it; and what has ended counts no more.
#[test]
fn a_service_is_kept_by_who_could_give_all_that_it_holds() {
    let answer = |service: Held, mine: Assignment| {
        let mut keeper = holding(vec![held("ProvisioningAdmin", 1, true)]);
        let facts = service_facts(&Somebody { number: 7, home: 9, held: vec![service] }, true);
        keeper.assignments.push(mine);
        decided(&keeper, ManageClient { client: Some(ClientId(uuid::Uuid::from_u128(7))) }, &facts)
    };
    let own = |role| holding(vec![held(role, 1, true)]).assignments.remove(0);
    let called = |role: &str, like| Assignment { role: role.to_owned(), ..own(like) };
    assert!(matches!(answer(held("DelegatedUserAdmin", 9, true), own("DelegatedUserAdmin")), Decision::Allow(_)));
    assert!(matches!(
        answer(held("DelegatedUserAdmin", 9, true), called("Operator", "DelegatedUserAdmin")),
        Decision::Allow(_)
    ));
    // As much, and it gives roles, but not this one; or it would give this one, and gives none.
    for (service, mine) in [
        ("DelegatedUserAdmin", called("Another", "DelegatedUserAdmin")),
        ("ModuleManager", called("Operator", "ModuleManager")),
    ] {
        assert_eq!(answer(held(service, 9, true), mine), Decision::Deny(Reason::Outranked), "{service}");
    }
    let ended = Held { until: Some(NOW), ..held("DelegatedUserAdmin", 9, true) };
    assert!(matches!(answer(ended, own("ProvisioningAdmin")), Decision::Allow(_)));
}

/// By each right once, however many organisations it reaches.
#[test]
fn writing_to_several_organisations_names_each_right_once() {
    let own = part(&[Permission::OrganisationWriteTo], Extent::Subtree(organisation(1)), 1);
    let (by, audience) = (own.id, vec![place(9), place(10)]);
    let action = WriteToPeople { organisations: vec![organisation(9), organisation(10)] };
    let facts = Facts { audience, ..Facts::default() };
    assert_eq!(decided(&authority(vec![own]), action, &facts), Decision::Allow(vec![by]));
}

/// D11: what a deputy only reads of the one they stand in for is read by that one's right.
#[test]
fn a_deputy_sees_the_one_they_stand_in_for() {
    let holder = person(2, 3);
    let mut lent = holding(vec![held("DelegatedUserAdmin", 1, true)]);
    lent.assignments[0].on_behalf_of = Some(holder.principal);
    let action = ReadUser { user: holder.principal.person().unwrap() };
    assert!(allowed(&lent, action, &Facts { target: Some(holder), ..Facts::default() }));
}

/// Services prove who they are by their secret: no second factor is asked of them.
#[test]
fn only_people_are_too_weak_for_what_they_hold() {
    let mut own = holding(vec![held("DelegatedUserAdmin", 1, true), held("ProvisioningAdmin", 1, true)]);
    own.assignments[0].second_factor = Strength::App;
    let service = Authority { principal: PrincipalId::Service(ClientId(uuid::Uuid::nil())), ..own.clone() };
    let weak = |authority: Authority, strength| {
        let proved = Arc::new(authority).proved_by(strength);
        proved.assignments.iter().map(|part| part.is_too_weak).collect::<Vec<_>>()
    };
    assert_eq!(weak(own.clone(), Strength::Any), [true, false]);
    assert_eq!(weak(own, Strength::App), [false, false]);
    assert_eq!(weak(service, Strength::Any), [false, false]);
}

/// Of scopes that a token asked for, those that let something of its actions through.
#[test]
fn the_scopes_of_actions_are_those_that_they_need() {
    let scopes = ["openid", "users:read", "audit:read"];
    assert_eq!(scopes_of_actions(&scopes, &["users:write"]), ["openid", "users:read"]);
    assert_eq!(scopes_of_actions(&scopes, &["audit:read"]), ["openid", "audit:read"]);
}

#[test]
fn only_a_view_of_a_country_is_one() {
    let country = Extent::Country(organisation(1));
    assert!(Scope::Within(vec![Extent::Only(organisation(9)), country]).has_country());
    assert!(!Scope::Within(vec![Extent::Subtree(organisation(1))]).has_country() && !Scope::Everywhere.has_country());
}

#[test]
fn a_set_of_permissions_holds_each_once() {
    let read = PermissionSet::EMPTY.with(Permission::UserRead);
    let both = read.with(Permission::UserUpdate);
    assert_eq!((read.with(Permission::UserRead), both.union(read), read.union(both)), (read, both, both));
}

/// What is recorded of a change: by which assignment it was made, and at which organisation that is held; the console has none.
#[test]
fn a_permit_names_the_assignment_that_allowed_it() {
    let roles = Roles::new([]);
    let issued = |authority: Authority| {
        let action = CreateUser { organisation: organisation(9) };
        let facts = Facts { organisation: Some(place(9)), ..Facts::default() };
        permit::issue((authority, &roles), action, &facts, Timestamp(NOW)).unwrap()
    };
    let own = holding(vec![held("ProvisioningAdmin", 1, true), held("DelegatedUserAdmin", 1, true)]);
    let id = own.assignments[1].id;
    let permit = issued(own);
    assert_eq!((permit.via(), permit.acts_for()), (Some(id), Some(organisation(1))));
    let mut console = holding(vec![held("Operator", 0, true)]);
    console.assignments[0].id = RoleAssignmentId(uuid::Uuid::nil());
    let permit = issued(console);
    assert_eq!((permit.via(), permit.acts_for()), (None, None));
}

/// A role that requires another one begins and ends with it, and asks as strong a sign-in.
#[test]
fn a_role_that_requires_another_lasts_as_long_and_is_as_strong() {
    let dependent = RoleDefinition { requires: vec!["Administrator".to_owned()], ..definition("DelegatedUserAdmin") };
    let roles = Roles::new([dependent, definition("Administrator")]);
    let bound = |until: Option<i64>| {
        let base = Held { until, ..held("Administrator", 9, false) };
        let own = Held { from: 10, ..held("DelegatedUserAdmin", 9, false) };
        let mut all = holding(vec![base, own]).assignments;
        all[0].second_factor = Strength::App;
        let left = requires::bound(&roles, all).into_iter().filter(|part| part.role == "DelegatedUserAdmin");
        left.map(|part| (part.from.0, part.until.map(|end| end.0), part.second_factor)).collect::<Vec<_>>()
    };
    assert_eq!(bound(None), [(10, None, Strength::App)]);
    assert_eq!(bound(Some(11)), [(10, Some(11), Strength::App)]);
    assert_eq!(bound(Some(10)), []);
}

/// D8: one reach is inside of another one node by node.
#[test]
fn a_reach_is_inside_of_one_that_holds_each_of_its_nodes() {
    let paths: Paths = (0..12).map(|n| (organisation(n), path(n).ids().to_vec())).collect();
    let reach = |extents: &[Extent]| Reach::resolve(extents, Extent::Everywhere, &paths);
    let (only, below) = (|n| Extent::Only(organisation(n)), |n| Extent::Subtree(organisation(n)));
    for (inner, outer, expected) in [
        (vec![only(3)], vec![only(3)], true),
        (vec![only(3)], vec![below(3)], true),
        (vec![below(3)], vec![only(3)], false),
        (vec![only(3)], vec![only(4)], false),
        (vec![below(3)], vec![Extent::Everywhere], true),
        (vec![Extent::Everywhere], vec![below(3)], false),
    ] {
        assert_eq!(reach(&inner).is_inside(&reach(&outer)), expected, "{inner:?} in {outer:?}");
    }
}

/// RFC 9396 §7: what is held at one node and at it with all below is told once, the wider way.
#[test]
fn what_is_granted_twice_at_one_node_is_told_once() {
    let own = holding(vec![held("DelegatedUserAdmin", 9, false), held("DelegatedUserAdmin", 9, true)]);
    let asked = Detail {
        kind: DetailKind::DelegatedAdministration,
        actions: vec!["users:read".to_owned()],
        levels: None,
        include_sub_levels: true,
        applications: None,
    };
    let scopes = ["users:read".to_owned()];
    let told = granted(&own, &scopes, std::slice::from_ref(&asked), &BTreeMap::new(), Timestamp(NOW));
    assert_eq!(told, [Detail { levels: Some(vec![organisation(9)]), ..asked }]);
}
