//! What is lent, and what is held over an application as such.

use super::world::{Held, NOW, Somebody, application, definition, path};
use crate::authority::action::{ManageGroup, NameDeputy, NestGroup};
use crate::authority::facts::{Facts, OrganisationFacts, TargetFacts};
use crate::authority::model::{Applications, Assignment, Authority, Extent};
use crate::authority::permission::{Permission, PermissionSet};
use crate::authority::{Decision, Reason, RoleDefinition, decide};
use crate::directory::module::model::Standing;
use crate::kernel::ids::{ClientId, EnvironmentId, GroupId, PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

fn holder(role: &'static str, at: usize) -> Somebody {
    let applications = None;
    let held = Held { role, at, below: true, applications, from: 0, until: None, lacks: false };
    Somebody { number: 1, home: at, held: vec![held] }
}

fn named(authority: &Authority, deputy: PrincipalId, whole: &Authority) -> Decision {
    let home = OrganisationFacts { path: path(3), active: true };
    let target = TargetFacts { principal: deputy, home, deleted: false, assignments: Vec::new() };
    let role = RoleDefinition { deputies: true, ..definition("DelegatedUserAdmin") };
    let lent = whole.assignments.clone();
    let facts = Facts { target: Some(target), role: Some(role), lent, ..Facts::default() };
    let until = Timestamp(NOW + 1);
    let action = NameDeputy { assignment: whole.assignments[0].id, deputy: UserId(deputy.uuid()), from: None, until };
    decide(authority, &action.into(), &facts, Timestamp(NOW))
}

/// D3: people stand in for people, and for all that is lent: not by a service, nor one, nor by a part of the role.
#[test]
fn only_people_lend_and_stand_in_and_only_the_whole_role() {
    let person = |number| PrincipalId::Person(UserId(uuid::Uuid::from_u128(number)));
    let service = PrincipalId::Service(ClientId(uuid::Uuid::from_u128(9)));
    let whole = holder("DelegatedUserAdmin", 1).authority();
    assert!(matches!(named(&whole, person(2), &whole), Decision::Allow(_)));
    // A part that is only read by, in the whole country: it comes with the others.
    let mut wider = whole.clone();
    let reads = PermissionSet::from_iter([Permission::OrganisationRead]);
    wider.assignments.push(Assignment {
        permissions: reads,
        extent: Extent::Country(super::world::organisation(1)),
        ..whole.assignments[0].clone()
    });
    assert!(matches!(named(&wider, person(2), &wider), Decision::Allow(_)));
    // Another one by which roles are given, within what is held anyway.
    let mut within = whole.clone();
    within.assignments.push(Assignment {
        extent: Extent::Only(super::world::organisation(3)),
        anchor: Some(path(3)),
        ..whole.assignments[0].clone()
    });
    assert!(matches!(named(&whole, person(2), &within), Decision::Allow(_)));
    assert_eq!(named(&whole, service, &whole), Decision::Deny(Reason::InvalidGrant));
    let by_service = Authority { principal: service, ..whole.clone() };
    assert_eq!(named(&by_service, person(2), &whole), Decision::Deny(Reason::InvalidGrant));
    for (extent, applications) in [
        (Extent::Subtree(super::world::organisation(3)), Applications::All),
        (whole.assignments[0].extent, Applications::Only([application(0)].into())),
    ] {
        let mut part = whole.clone();
        (part.assignments[0].extent, part.assignments[0].applications) = (extent, applications);
        assert_eq!(named(&part, person(2), &whole), Decision::Deny(Reason::NotPermitted));
    }
}

/// D2, C16: the groups of an application are managed by whoever holds that over the whole tree, and for that application.
#[test]
fn an_application_is_managed_over_the_whole_tree_and_for_itself() {
    let mut operator = holder("Operator", 0).authority();
    let managed = |authority: &Authority, number| {
        let environment = EnvironmentId(uuid::Uuid::nil());
        let action = ManageGroup { application: application(number), environment };
        matches!(decide(authority, &action.into(), &Facts::default(), Timestamp(NOW)), Decision::Allow(_))
    };
    assert!(managed(&operator, 0) && managed(&operator, 1));
    operator.assignments[0].applications = Applications::Only([application(0)].into());
    assert!(managed(&operator, 0) && !managed(&operator, 1));
    operator.assignments[0].extent = Extent::Subtree(super::world::organisation(0));
    assert!(!managed(&operator, 0));
}

/// D13: groups are put into each other by whoever holds both over the whole tree, the groups of the application and memberships in them; and
/// not where they would come into one by it.
#[test]
fn groups_are_put_into_each_other_by_whoever_may_give_what_comes_of_it() {
    let operator = holder("Operator", 0).authority();
    let asked = |authority: &Authority, facts: Facts| {
        let group = |number| GroupId(uuid::Uuid::from_u128(number));
        let action = NestGroup { outer: group(1), inner: group(2) };
        decide(authority, &action.into(), &facts, Timestamp(NOW))
    };
    let facts = || Facts { application: Some(application(0)), ..Facts::default() };
    assert!(matches!(asked(&operator, facts()), Decision::Allow(_)));
    assert_eq!(asked(&operator, Facts::default()), Decision::Deny(Reason::NotFound));
    let gaining = |principal| Facts { gaining: vec![principal], ..facts() };
    assert_eq!(asked(&operator, gaining(operator.principal)), Decision::Deny(Reason::OwnAccount));
    let suspended = Facts { module: Standing::Suspended, ..facts() };
    assert_eq!(asked(&operator, suspended), Decision::Deny(Reason::ModuleSuspended));
    let other = PrincipalId::Person(UserId(uuid::Uuid::from_u128(7)));
    assert!(matches!(asked(&operator, gaining(other)), Decision::Allow(_)));
    let mut service = operator.clone();
    service.assignments[0].on_behalf_of = Some(other);
    assert_eq!(asked(&service, gaining(other)), Decision::Deny(Reason::OwnAccount), "by whoever acts through it");
    assert!(matches!(asked(&service, facts()), Decision::Allow(_)));
    for (kept, reason) in [
        (&[Permission::GroupManage, Permission::MembershipAssign][..], Reason::NotFound),
        (&[Permission::GroupManage, Permission::MembershipRead], Reason::NotPermitted),
        (&[Permission::MembershipAssign, Permission::MembershipRead], Reason::NotPermitted),
    ] {
        let mut less = operator.clone();
        less.assignments[0].permissions = kept.iter().copied().collect();
        assert_eq!(asked(&less, facts()), Decision::Deny(reason), "{kept:?}");
    }
    // By one role or by two: each that was needed is named, once.
    let mut two = operator.clone();
    two.assignments.push(two.assignments[0].clone());
    two.assignments[1].id = RoleAssignmentId(uuid::Uuid::from_u128(2));
    let ids: Vec<_> = two.assignments.iter().map(|one| one.id).collect();
    assert_eq!(asked(&operator, facts()), Decision::Allow(vec![ids[0]]));
    two.assignments[0].permissions = [Permission::GroupManage, Permission::MembershipRead].into_iter().collect();
    two.assignments[1].permissions = [Permission::MembershipAssign, Permission::MembershipRead].into_iter().collect();
    assert_eq!(asked(&two, facts()), Decision::Allow(ids));
    let mut within = operator;
    within.assignments[0].extent = Extent::Subtree(super::world::organisation(0));
    assert_eq!(asked(&within, facts()), Decision::Deny(Reason::NotPermitted));
}
