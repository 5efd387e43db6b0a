//! ∀ questions about nominations, `decide` and the manual's pattern, written out again by hand, agree; and enough of the answers are yes
//! for that to mean something. No database.

use chamberlain::authority::action::{Action, Nominate, RequestRevocation, RevokeRole};
use chamberlain::authority::facts::{AssignmentFacts, Facts, OrganisationFacts, ProjectFacts, TargetFacts};
use chamberlain::authority::{Applications, Assignment, Authority, Decision, Extent, Roles, Validity, decide};
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::organisation::model::OrganisationPath;
use chamberlain::kernel::ids::{OrganisationId, PrincipalId, ProjectId, RoleAssignmentId, UserId};
use chamberlain::kernel::strength::Strength;
use chamberlain::kernel::time::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use uuid::Uuid;

use crate::support::pattern::{self, OF_ORGANISATION, OF_PROJECT};

const NOW: Timestamp = Timestamp(1_000);
const ORGANISATIONS: usize = 4;
const PROJECTS: usize = 2;
/// One role in the terms of the manual.
#[derive(Clone, Debug)]
struct Held {
    role: &'static str,
    organisation: usize,
    project: Option<usize>,
    live: bool,
    ends: bool,
}

/// What a question is about.
#[derive(Clone, Debug)]
struct Place {
    role: &'static str,
    organisation: usize,
    project: Option<usize>,
}

/// The first organisation coordinates, the last one takes no part.
fn takes_part(organisation: usize) -> bool {
    organisation + 1 < ORGANISATIONS
}

fn counts(held: &Held) -> bool {
    held.live
}

fn named_by(held: &Held, place: &Place) -> bool {
    let same_project = held.project.is_some() && held.project == place.project;
    pattern::names(held.role, place.role, held.organisation == place.organisation, same_project)
}

fn may_nominate(held: &[Held], place: &Place, open: bool) -> bool {
    let fits = match place.project {
        None => OF_ORGANISATION.contains(&place.role),
        Some(_) if !OF_PROJECT.contains(&place.role) || !open || !takes_part(place.organisation) => false,
        Some(_) => !place.role.contains("Coordinator") || place.organisation == 0,
    };
    // Nobody gives without an end what ends for themself (D4).
    fits && held.iter().any(|one| counts(one) && !one.ends && named_by(one, place))
}

fn may_revoke(held: &[Held], place: &Place) -> bool {
    held.iter().any(|one| counts(one) && named_by(one, place))
}

/// P60, P68.
fn may_ask(held: &[Held], place: &Place) -> bool {
    let of_project = OF_PROJECT.contains(&place.role) && place.role != "PrimaryCoordinatorContact";
    let asks = |one: &&Held| ["LEAR", "AccountAdministrator"].contains(&one.role);
    of_project && held.iter().filter(asks).any(|one| counts(one) && one.organisation == place.organisation)
}

fn organisation(number: usize) -> OrganisationId {
    OrganisationId(Uuid::from_u128(0x100 + number as u128))
}

fn path(number: usize) -> OrganisationPath {
    OrganisationPath::new(vec![OrganisationId(Uuid::from_u128(1)), organisation(number)]).unwrap()
}

fn project(number: usize) -> ProjectId {
    ProjectId(Uuid::from_u128(0x200 + number as u128))
}

fn place_facts(number: usize) -> OrganisationFacts {
    OrganisationFacts { path: path(number), active: true }
}

fn compiled(roles: &Roles, held: &Held, number: usize) -> Assignment {
    let role = roles.get(held.role).unwrap();
    let operator = held.role == "Operator";
    Assignment {
        id: RoleAssignmentId(Uuid::from_u128(0x300 + number as u128)),
        role: held.role.to_owned(),
        permissions: role.permissions,
        extent: if operator { Extent::Everywhere } else { Extent::Only(organisation(held.organisation)) },
        anchor: (!operator).then(|| path(held.organisation)),
        applications: Applications::All,
        project: held.project.map(project),
        from: if held.live { Timestamp(0) } else { Timestamp(2_000) },
        until: held.ends.then_some(Timestamp(5_000)),
        on_behalf_of: None,
        second_factor: Strength::Any,
        is_too_weak: false,
        lacks: None,
    }
}

fn held(dice: &mut StdRng) -> Held {
    let of_project = dice.random_range(0..2) == 0;
    let role = match dice.random_range(0..20) {
        0 => "Operator",
        _ if of_project => OF_PROJECT[dice.random_range(0..OF_PROJECT.len())],
        _ => OF_ORGANISATION[dice.random_range(0..OF_ORGANISATION.len())],
    };
    let project = (of_project && role != "Operator").then(|| dice.random_range(0..PROJECTS));
    let (live, ends) = (dice.random_range(0..8) > 0, dice.random_range(0..8) == 0);
    Held { role, organisation: dice.random_range(0..ORGANISATIONS), project, live, ends }
}

fn asked(dice: &mut StdRng) -> Place {
    let of_project = dice.random_range(0..3) > 0;
    let roles: &[&str] = if of_project { &OF_PROJECT } else { &OF_ORGANISATION };
    let role: &'static str = {
        let all = pattern::roles();
        let name = roles[dice.random_range(0..roles.len())];
        all.into_iter().find(|known| *known == name).unwrap()
    };
    // Now and then a role of projects without one, or the other way round.
    let with_project = if dice.random_range(0..20) == 0 { !of_project } else { of_project };
    let project = with_project.then(|| dice.random_range(0..PROJECTS));
    Place { role, organisation: dice.random_range(0..ORGANISATIONS), project }
}

fn actor() -> PrincipalId {
    PrincipalId::Person(UserId(Uuid::from_u128(7)))
}

fn facts(roles: &Roles, place: &Place, open: bool, own: bool) -> Facts {
    let holder = if own { actor() } else { PrincipalId::Person(UserId(Uuid::from_u128(8))) };
    let participants = (0..ORGANISATIONS).filter(|n| takes_part(*n)).map(place_facts).collect();
    Facts {
        target: Some(TargetFacts { principal: holder, home: place_facts(3), deleted: false, assignments: Vec::new() }),
        organisation: Some(place_facts(place.organisation)),
        project: place.project.map(|n| ProjectFacts {
            id: project(n),
            coordinator: organisation(0),
            participants,
            open,
        }),
        role: roles.get(place.role).cloned(),
        assignment: Some(AssignmentFacts {
            id: RoleAssignmentId(Uuid::from_u128(9)),
            role: place.role.to_owned(),
            extent: Extent::Only(organisation(place.organisation)),
            anchor: path(place.organisation),
            active: true,
            applications: Applications::All,
            project: place.project.map(project),
            granted_by: PrincipalId::Console,
        }),
        ..Facts::default()
    }
}

/// P12, P29–P31, P33, P36–P40, P44–P46, P49, P50, P53, P57, P60, P63, P64, P68–P70, P73, D3, D4,
/// D5: 100,000 questions; more in `make prove`.
#[test]
#[expect(clippy::disallowed_methods, reason = "worlds are made from a seed so that a failure can be repeated")]
fn the_decision_about_nominations_is_the_pattern_of_the_manual() {
    let count: usize =
        std::env::var("CHAMBERLAIN_DECISIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let roles = Profile::shipped("participant-portal").unwrap().unwrap().roles;
    let mut dice = StdRng::seed_from_u64(3);
    let mut yes = [0_usize; 3];
    for number in 0..count {
        let mine: Vec<Held> = (0..dice.random_range(0..4)).map(|_| held(&mut dice)).collect();
        let assignments = mine.iter().enumerate().map(|(n, one)| compiled(&roles, one, n)).collect();
        let authority = Authority { principal: actor(), assignments, looks_up: false };
        let (place, open, own) = (asked(&mut dice), dice.random_range(0..5) > 0, dice.random_range(0..5) == 0);
        let facts = facts(&roles, &place, open, own);
        let assignment = RoleAssignmentId(Uuid::from_u128(9));
        let nominate = Nominate {
            role: place.role.to_owned(),
            organisation: organisation(place.organisation),
            project: place.project.map(project),
            person: None,
            validity: Validity::default(),
        };
        let questions: [(Action, bool); 3] = [
            (nominate.into(), may_nominate(&mine, &place, open)),
            (RevokeRole { assignment }.into(), !own && may_revoke(&mine, &place)),
            (RequestRevocation { assignment }.into(), !own && may_ask(&mine, &place)),
        ];
        for (kind, (action, expected)) in questions.into_iter().enumerate() {
            let answer = decide(&authority, &action, &facts, NOW);
            let allowed = matches!(answer, Decision::Allow(_));
            assert_eq!(
                allowed, expected,
                "question {number}: {action:?}\nheld {mine:?}\nopen {open}, own {own}: {answer:?}"
            );
            yes[kind] += usize::from(allowed);
        }
    }
    // Each kind of question is answered with yes often enough to mean something.
    assert!(yes.iter().all(|yes| *yes > count / 100), "too few are allowed: {yes:?} of {count}");
}
