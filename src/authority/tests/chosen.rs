//! Who names whom for a role.

use super::edges::{allowed, decided, held, holding, person, place};
use super::world::{NOW, application, definition, organisation, path};
use crate::authority::action::Nominate;
use crate::authority::facts::{Facts, ProjectFacts, TargetFacts};
use crate::authority::model::{Applications, Assignment, Authority, Validity};
use crate::authority::permission::Permission;
use crate::authority::role::{GrantRule, Relation, RoleScope};
use crate::authority::{Decision, Naming, Reason, RoleDefinition, Roles};
use crate::kernel::ids::{OrganisationId, ProjectId};
use crate::kernel::time::Timestamp;

const PROJECT: ProjectId = ProjectId(uuid::Uuid::nil());

fn role(relation: Relation) -> RoleDefinition {
    let granted_by = vec![GrantRule { role: "DelegatedUserAdmin".to_owned(), relation }];
    RoleDefinition { code: "Contact".to_owned(), nominated: true, granted_by, ..definition("Administrator") }
}

fn named(role: &RoleDefinition, project: Option<ProjectId>, person: Option<&TargetFacts>) -> Nominate {
    let (code, person) = (role.code.clone(), person.map(|person| person.principal.person().unwrap()));
    Nominate { role: code, organisation: organisation(9), project, person, validity: Validity::default() }
}

fn facts(role: RoleDefinition, project: Option<ProjectFacts>, target: Option<TargetFacts>) -> Facts {
    Facts { role: Some(role), organisation: Some(place(9)), project, target, ..Facts::default() }
}

fn grantor(at: usize) -> Authority {
    holding(vec![held("DelegatedUserAdmin", at, true)])
}

/// Only roles that people are named for, in a project if they are about one.
#[test]
fn people_are_named_for_roles_of_that_kind_only() {
    let open = role(Relation::Covering);
    assert!(allowed(&grantor(9), named(&open, None, None), &facts(open.clone(), None, None)));
    let granted = RoleDefinition { nominated: false, ..open.clone() };
    let decision = decided(&grantor(9), named(&granted, None, None), &facts(granted, None, None));
    assert_eq!(decision, Decision::Deny(Reason::InvalidGrant));
    let decision = decided(&grantor(9), named(&open, Some(PROJECT), None), &facts(open, None, None));
    assert_eq!(decision, Decision::Deny(Reason::InvalidGrant));
}

/// Whoever is out of sight is chosen from those who hold, now and at this very organisation, what the role requires.
#[test]
fn out_of_sight_only_who_holds_here_and_now_what_is_required_is_chosen() {
    let role = RoleDefinition { requires: vec!["Administrator".to_owned()], ..role(Relation::Covering) };
    let answer = |assignments: Vec<Assignment>| {
        let person = TargetFacts { assignments, ..person(2, 7) };
        decided(&grantor(9), named(&role, None, Some(&person)), &facts(role.clone(), None, Some(person.clone())))
    };
    let own = |role, at| holding(vec![held(role, at, false)]).assignments.remove(0);
    assert!(matches!(answer(vec![own("Administrator", 9)]), Decision::Allow(_)));
    let ended = Assignment { until: Some(Timestamp(NOW)), ..own("Administrator", 9) };
    let elsewhere = Assignment { project: Some(PROJECT), ..own("Administrator", 9) };
    for other in [own("Administrator", 3), own("DelegatedUserAdmin", 9), ended, elsewhere] {
        assert_eq!(answer(vec![other]), Decision::Deny(Reason::NotFound));
    }
    assert_eq!(answer(Vec::new()), Decision::Deny(Reason::NotFound));
}

/// D3: a rule about the same organisation is for holders at it who reach all that is given; one about the same project for nobody outside
/// of projects.
#[test]
fn a_rule_about_the_same_organisation_or_project_is_for_who_holds_there() {
    let answer = |authority: &Authority, relation| {
        let role = role(relation);
        decided(authority, named(&role, None, None), &facts(role, None, None))
    };
    assert!(matches!(answer(&grantor(9), Relation::SameOrganisation), Decision::Allow(_)));
    assert_eq!(answer(&grantor(1), Relation::SameOrganisation), Decision::Deny(Reason::NotPermitted));
    let mut narrower = grantor(9);
    narrower.assignments[0].applications = Applications::Only([application(0)].into());
    assert_eq!(answer(&narrower, Relation::SameOrganisation), Decision::Deny(Reason::NotPermitted));
    assert_eq!(answer(&grantor(9), Relation::SameProject), Decision::Deny(Reason::NotPermitted));
}

/// D8: whoever sees who holds what there is told that they may not; anybody else finds nothing.
#[test]
fn who_sees_the_roles_there_is_told_that_they_name_nobody() {
    let role = role(Relation::SameOrganisation);
    let answer = |authority: &Authority| decided(authority, named(&role, None, None), &facts(role.clone(), None, None));
    let mut reader = grantor(9);
    reader.assignments[0].permissions = [Permission::RoleRead].into_iter().collect();
    assert_eq!(answer(&reader), Decision::Deny(Reason::NotPermitted));
    assert_eq!(answer(&grantor(7)), Decision::Deny(Reason::NotFound));
}

/// In a project people are named for the organisations that take part, and for its own roles by its coordinator only.
#[test]
fn in_a_project_people_are_named_for_who_takes_part() {
    let of = |scope| RoleDefinition { scope, ..role(Relation::Covering) };
    let answer = |scope, coordinator: OrganisationId, participants: &[usize]| {
        let participants = participants.iter().map(|number| place(*number)).collect();
        let project = ProjectFacts { id: PROJECT, coordinator, participants, open: true };
        let role = of(scope);
        decided(&grantor(9), named(&role, Some(PROJECT), None), &facts(role, Some(project), None))
    };
    let (here, there) = (path(9).node(), organisation(10));
    assert!(matches!(answer(RoleScope::Project, here, &[9, 10]), Decision::Allow(_)));
    assert_eq!(answer(RoleScope::Project, there, &[9, 10]), Decision::Deny(Reason::InvalidGrant));
    assert!(matches!(answer(RoleScope::ProjectAndOrganisation, there, &[10, 9]), Decision::Allow(_)));
    assert_eq!(answer(RoleScope::ProjectAndOrganisation, there, &[10]), Decision::Deny(Reason::InvalidGrant));
}

/// For lists: what somebody may name people for is gathered place by place, each with its own projects; and what is held in a project says
/// nothing outside of it.
#[test]
fn what_one_may_name_for_is_gathered_by_place_with_its_projects() {
    let naming = |relation, held: &[(usize, Option<u128>)]| {
        let parts = held.iter().map(|(at, project)| Assignment {
            project: project.map(|number| ProjectId(uuid::Uuid::from_u128(number))),
            ..grantor(*at).assignments.remove(0)
        });
        let authority = Authority { assignments: parts.collect(), ..grantor(9) };
        Naming::of(&authority, &Roles::new([role(relation)]), Timestamp(NOW))
    };
    let one = |held| format!("{:?}", naming(Relation::SameProjectAndOrganisation, held));
    let told = one(&[(9, Some(1)), (9, Some(2)), (10, Some(1))]);
    assert_eq!((told.matches("Part {").count(), told.matches("ProjectId(").count()), (2, 3), "{told}");
    assert!(naming(Relation::SameOrganisation, &[(9, Some(1))]).is_empty());
    assert!(naming(Relation::SameProject, &[(9, None)]).is_empty());
    assert!(!naming(Relation::SameOrganisation, &[(9, None)]).is_empty());
}
