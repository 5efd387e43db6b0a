//! What a decision costs in the process: it must stay below a microsecond whatever the size of the tree (G21).

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark prints figures, and stops where it is wrong"
)]

mod support;

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::Duration;

use chamberlain::authority::action::AssignMembership;
use chamberlain::authority::facts::{OrganisationFacts, TargetFacts};
use chamberlain::authority::{
    Action, Applications, Assignment, Authority, Decision, Extent, Facts, Permission, decide,
};
use chamberlain::directory::organisation::model::OrganisationPath;
use chamberlain::kernel::ids::{ApplicationId, GroupId, OrganisationId, PrincipalId, RoleAssignmentId, UserId};
use chamberlain::kernel::strength::Strength;
use chamberlain::kernel::time::Timestamp;
use uuid::Uuid;

fn assignment(number: u128, organisation: OrganisationId, path: &OrganisationPath) -> Assignment {
    Assignment {
        id: RoleAssignmentId(Uuid::from_u128(number)),
        role: "ApplicationAccessAdmin".to_owned(),
        permissions: [Permission::UserRead, Permission::MembershipRead, Permission::MembershipAssign]
            .into_iter()
            .collect(),
        extent: Extent::Subtree(organisation),
        anchor: Some(path.clone()),
        project: None,
        applications: Applications::Only((0..20).map(|n| ApplicationId(Uuid::from_u128(n))).collect::<BTreeSet<_>>()),
        from: Timestamp(0),
        until: None,
        on_behalf_of: None,
        second_factor: Strength::Any,
        is_too_weak: false,
        lacks: None,
    }
}

fn measure(depth: u128, held: u128) -> f64 {
    let ids: Vec<OrganisationId> = (0..=depth).map(|n| OrganisationId(Uuid::from_u128(1_000 + n))).collect();
    let path = OrganisationPath::new(ids.clone()).unwrap();
    let other = OrganisationPath::new(vec![ids[0], OrganisationId(Uuid::from_u128(7))]).unwrap();
    let mut assignments: Vec<Assignment> = (1..held).map(|n| assignment(n, other.node(), &other)).collect();
    assignments.push(assignment(held, ids[ids.len() / 2], &path));
    let authority =
        Authority { principal: PrincipalId::Person(UserId(Uuid::from_u128(1))), assignments, looks_up: false };
    let target = PrincipalId::Person(UserId(Uuid::from_u128(2)));
    let home = OrganisationFacts { path, active: true };
    let facts = Facts {
        target: Some(TargetFacts { principal: target, home, assignments: Vec::new(), deleted: false }),
        application: Some(ApplicationId(Uuid::from_u128(19))),
        ..Facts::default()
    };
    let action: Action = AssignMembership { user: UserId(Uuid::from_u128(2)), group: GroupId(Uuid::nil()) }.into();
    assert!(matches!(decide(&authority, &action, &facts, Timestamp(1)), Decision::Allow(_)));
    support::median_of_five(|| {
        support::rate(Duration::from_millis(200), || {
            black_box(decide(black_box(&authority), black_box(&action), black_box(&facts), Timestamp(1)));
        })
    })
}

fn main() {
    support::heading("decision", "in process, one thread, median of 5 x 0.2 s");
    for (depth, held) in [(2, 1), (16, 1), (2, 10), (16, 50)] {
        let what = format!("depth {depth}, {held} assignments of 20 applications");
        support::goal(&what, 1e9 / measure(depth, held), "ns", support::Goal::AtMost(1_000.0));
    }
}
