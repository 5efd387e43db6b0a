//! Rules of granting that need no database.

use std::collections::BTreeSet;

use super::model::RoleAssignment;
use crate::authority::role::{Confirmation, RoleDefinition, RoleScope};
use crate::authority::{Applications, Roles};
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::time::Timestamp;

/// Whether a grant waits for somebody to confirm it (requirements, decision 2).
///
/// The console acts for the operator of the server, and an operator's grant is the confirmation of a first holder; where the role says
/// `always`, two people are needed whoever asks.
/// `grantor` is who asks, and whether by an operator's right.
pub fn waits_for_confirmation(role: &RoleDefinition, grantor: (PrincipalId, bool), holders: i64) -> bool {
    let (principal, as_operator) = grantor;
    match role.confirmation {
        _ if principal == PrincipalId::Console => false,
        Confirmation::None => false,
        Confirmation::Always => true,
        Confirmation::FirstInScope => holders == 0 && !as_operator,
    }
}

/// An assignment that makes a new one pointless: same role and organisation, at least as wide.
pub fn already_covered<'a>(held: &'a [RoleAssignment], wanted: &RoleAssignment) -> Option<&'a RoleAssignment> {
    held.iter().find(|have| {
        have.role == wanted.role
            && have.organisation == wanted.organisation
            && have.project == wanted.project
            && (have.include_sub_levels || !wanted.include_sub_levels)
            && have.applications.includes(&wanted.applications)
            && have.valid_until.is_none_or(|end| wanted.valid_until.is_some_and(|wanted| wanted <= end))
    })
}

/// Whether one person may not hold two roles together: said by either of them.
pub fn are_separated(roles: &Roles, one: &str, other: &str) -> bool {
    let names = |role: &str, named: &str| {
        roles.get(role).is_some_and(|role| role.separation_of_duties.iter().any(|code| code == named))
    };
    names(one, other) || names(other, one)
}

/// A role with each one that it is separated from, both ways round.
pub fn separated_from(roles: &Roles, role: &RoleDefinition) -> Vec<(String, String)> {
    let others = roles.iter().filter(|other| are_separated(roles, &role.code, &other.code));
    others.map(|other| (role.code.clone(), other.code.clone())).collect()
}

/// Whether two assignments meet in time, for some application, and in a project where both are of one: proposed ones count as those that
/// they will be.
pub fn meet(one: &RoleAssignment, other: &RoleAssignment, now: Timestamp) -> bool {
    let ends_before = |one: &RoleAssignment, other: &RoleAssignment| {
        one.valid_until.is_some_and(|end| end <= now || end <= other.valid_from)
    };
    let applications = match (&one.applications, &other.applications) {
        (Applications::Only(one), Applications::Only(other)) => !one.is_disjoint(other),
        _ => true,
    };
    let projects = match (one.project, other.project) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    !ends_before(one, other) && !ends_before(other, one) && applications && projects
}

/// Whether two assignments that meet reach the same organisation; `below` holds each pair of theirs of which the second stands at or
/// below the first.
pub fn overlap(
    roles: &Roles,
    (one, other): (&RoleAssignment, &RoleAssignment),
    below: &BTreeSet<(OrganisationId, OrganisationId)>,
) -> bool {
    let everywhere = |held: &RoleAssignment| roles.get(&held.role).is_some_and(|role| role.scope == RoleScope::System);
    let reaches = |one: &RoleAssignment, other: &RoleAssignment| {
        one.organisation == other.organisation
            || one.include_sub_levels && below.contains(&(one.organisation, other.organisation))
    };
    everywhere(one) || everywhere(other) || reaches(one, other) || reaches(other, one)
}

/// A role of the same organisation that must be held for the wanted one and is not (P22).
pub fn missing_requirement<'a>(
    role: &'a RoleDefinition,
    held: &[RoleAssignment],
    wanted: &RoleAssignment,
    now: Timestamp,
) -> Option<&'a str> {
    let holds = |code: &String| {
        held.iter().any(|have| {
            have.role == *code
                && have.organisation == wanted.organisation
                && have.project.is_none()
                && have.is_live(now)
        })
    };
    role.requires.iter().find(|code| !holds(code)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{already_covered, meet, missing_requirement, overlap};
    use crate::authority::Applications;
    use crate::authority::role::RoleDefinition;
    use crate::delegation::ending::running;
    use crate::delegation::model::{RoleAssignment, State};
    use crate::delegation::profile::Profile;
    use crate::kernel::ids::{ApplicationId, OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId};
    use crate::kernel::time::Timestamp;

    const NOW: Timestamp = Timestamp(1_000);

    fn organisation(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    fn project(number: u128) -> ProjectId {
        ProjectId(Uuid::from_u128(number))
    }

    fn some(numbers: &[u128]) -> Applications {
        Applications::Only(numbers.iter().map(|number| ApplicationId(Uuid::from_u128(*number))).collect())
    }

    fn held() -> RoleAssignment {
        RoleAssignment {
            id: RoleAssignmentId(Uuid::from_u128(1)),
            principal: PrincipalId::Person(UserId(Uuid::from_u128(1))),
            role: "DelegatedUserAdmin".to_owned(),
            organisation: organisation(1),
            include_sub_levels: false,
            applications: Applications::All,
            project: None,
            waits_for_phase: None,
            state: State::Active,
            valid_from: Timestamp(0),
            valid_until: None,
            granted_by: PrincipalId::Console,
            granted_via: None,
            granted_at: Timestamp(0),
        }
    }

    fn until(end: i64) -> RoleAssignment {
        RoleAssignment { valid_until: Some(Timestamp(end)), ..held() }
    }

    fn profile() -> Profile {
        Profile::shipped("ecb-identity-portal").unwrap().unwrap()
    }

    #[test]
    fn what_is_held_covers_the_same_and_less_and_nothing_else() {
        let below = RoleAssignment { include_sub_levels: true, ..held() };
        let about = |numbers| RoleAssignment { applications: some(numbers), ..held() };
        let covered = |have: &RoleAssignment, wanted: &RoleAssignment| {
            already_covered(std::slice::from_ref(have), wanted).is_some()
        };
        let enough = [
            (held(), held()),
            (below.clone(), held()),
            (below.clone(), below.clone()),
            (held(), about(&[1])),
            (held(), until(9)),
            (until(9), until(9)),
        ];
        for (have, wanted) in &enough {
            assert!(covered(have, wanted), "{have:?} {wanted:?}");
        }
        let too_little = [
            (RoleAssignment { role: "Operator".to_owned(), ..held() }, held()),
            (RoleAssignment { organisation: organisation(2), ..held() }, held()),
            (RoleAssignment { project: Some(project(1)), ..held() }, held()),
            (held(), below),
            (about(&[1]), about(&[1, 2])),
            (until(9), held()),
            (until(9), until(10)),
        ];
        for (have, wanted) in &too_little {
            assert!(!covered(have, wanted), "{have:?} {wanted:?}");
        }
    }

    /// Two assignments meet unless their times, their applications or their projects keep them apart.
    #[test]
    fn assignments_meet_unless_something_keeps_them_apart() {
        let from = |start| RoleAssignment { valid_from: Timestamp(start), ..held() };
        let about = |numbers| RoleAssignment { applications: some(numbers), ..held() };
        let of = |number| RoleAssignment { project: Some(project(number)), ..held() };
        let together = [
            (held(), held()),
            (until(1_001), held()),
            (until(2_000), from(1_999)),
            (about(&[1]), held()),
            (about(&[1]), about(&[1, 2])),
            (of(1), of(1)),
            (of(1), held()),
        ];
        let apart = [(until(1_000), held()), (until(2_000), from(2_000)), (about(&[1]), about(&[2])), (of(1), of(2))];
        for (pairs, expected) in [(&together[..], true), (&apart[..], false)] {
            for (one, other) in pairs {
                assert_eq!(meet(one, other, NOW), expected, "{one:?} {other:?}");
                assert_eq!(meet(other, one, NOW), expected, "{other:?} {one:?}");
            }
        }
    }

    #[test]
    fn assignments_overlap_at_one_organisation_or_below_the_one_that_goes_on() {
        let roles = profile().roles;
        let there = |below| RoleAssignment { organisation: organisation(2), include_sub_levels: below, ..held() };
        let here = |below| RoleAssignment { include_sub_levels: below, ..held() };
        let operator = RoleAssignment { role: "Operator".to_owned(), organisation: organisation(9), ..held() };
        let below = [(organisation(1), organisation(2))].into();
        let apart = std::collections::BTreeSet::new();
        for (one, other, stands, expected) in [
            (here(false), here(false), &apart, true),
            (here(true), there(true), &apart, false),
            (here(true), there(false), &below, true),
            (here(false), there(true), &below, false),
            (operator, there(false), &apart, true),
        ] {
            assert_eq!(overlap(&roles, (&one, &other), stands), expected, "{one:?} {other:?}");
            assert_eq!(overlap(&roles, (&other, &one), stands), expected, "{other:?} {one:?}");
        }
    }

    /// What is required is held at this very organisation, in no project, and now.
    #[test]
    fn what_a_role_requires_is_held_here_and_now() {
        let role = profile().roles.get("DelegatedUserAdmin").unwrap().clone();
        let role = RoleDefinition { requires: vec!["DelegatedUserAdmin".to_owned()], ..role };
        let missing = |have: RoleAssignment| missing_requirement(&role, &[have], &held(), NOW).is_some();
        assert!(!missing(held()) && !missing(until(1_001)));
        for other in [
            RoleAssignment { role: "Operator".to_owned(), ..held() },
            RoleAssignment { organisation: organisation(2), ..held() },
            RoleAssignment { project: Some(project(1)), ..held() },
            RoleAssignment { state: State::Pending, ..held() },
            RoleAssignment { valid_from: Timestamp(1_001), ..held() },
            until(1_000),
        ] {
            assert!(missing(other.clone()), "{other:?}");
        }
    }

    #[test]
    fn a_role_is_handed_on_if_it_was_given_by_one_and_ends_with_it() {
        let roles = Profile::shipped("imi").unwrap().unwrap().roles;
        let given = |role: &str, by| {
            let granted_via = by;
            RoleAssignment { role: role.to_owned(), granted_via, ..held() }.role_is_handed_on(&roles)
        };
        let by = Some(RoleAssignmentId(Uuid::from_u128(2)));
        assert!(given("RegistrationDelegate", by));
        assert!(!given("RegistrationDelegate", None) && !given("Operator", by) && !given("Nobody", by));
    }

    #[test]
    fn what_has_run_out_runs_no_more() {
        let proposed = RoleAssignment { state: State::Pending, ..held() };
        let left = running(vec![until(999), until(1_000), until(1_001), held(), proposed.clone()], NOW);
        assert_eq!(left, [until(1_001), held(), proposed]);
    }
}
