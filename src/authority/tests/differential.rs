//! ∀ worlds and questions, `decide` and the specification agree; and enough of the answers are yes for that to mean something.

use super::naive;
use super::world::{
    self, APPLICATIONS, Dice, Held, Modules, NOW, Somebody, application, applications, definition, organisation, path,
};
use crate::authority::action::{
    Action, AddManager, ApproveContact, AssignMembership, CreateService, CreateUser, GrantModule, GrantRole,
    ManageClient, MoveUser, ProposeModule, ReadClient, ReadContact, RemoveManager, RemoveMembership, RevokeRole,
    SuspendModule, UpdateUser,
};
use crate::authority::facts::{AssignmentFacts, Facts, OrganisationFacts, TargetFacts};
use crate::authority::permission::Permission;
use crate::authority::{Decision, Extent, Managing, ServiceFacts, Validity, decide};
use crate::kernel::ids::{ClientId, GroupId, PrincipalId, RoleAssignmentId, UserId};
use crate::kernel::time::Timestamp;

/// One question with the answer of the specification.
pub(super) struct Question {
    pub(super) action: Action,
    pub(super) facts: Facts,
    pub(super) expected: bool,
}

fn place(number: usize) -> OrganisationFacts {
    OrganisationFacts { path: path(number), active: true }
}

fn person(somebody: &Somebody) -> TargetFacts {
    let (principal, home) = (somebody.principal(), place(somebody.home));
    TargetFacts { principal, home, deleted: false, assignments: somebody.assignments() }
}

fn id_of(somebody: &Somebody) -> UserId {
    somebody.principal().person().unwrap()
}

pub(super) fn update(actor: &Somebody, target: &Somebody) -> Question {
    Question {
        action: UpdateUser { user: id_of(target) }.into(),
        facts: Facts { target: Some(person(target)), ..Facts::default() },
        expected: naive::may_change(actor, target, Permission::UserUpdate),
    }
}

pub(super) fn contact(actor: &Somebody, target: &Somebody) -> Question {
    Question {
        action: ReadContact { user: id_of(target) }.into(),
        facts: Facts { target: Some(person(target)), ..Facts::default() },
        expected: naive::reaches(actor, Permission::UserReadContact, target.home, None),
    }
}

pub(super) fn create(actor: &Somebody, at: usize) -> Question {
    Question {
        action: CreateUser { organisation: organisation(at) }.into(),
        facts: Facts { organisation: Some(place(at)), ..Facts::default() },
        expected: naive::reaches(actor, Permission::UserCreate, at, None),
    }
}

pub(super) fn make_service(actor: &Somebody, at: usize) -> Question {
    Question {
        action: CreateService { organisation: organisation(at) }.into(),
        facts: Facts { organisation: Some(place(at)), ..Facts::default() },
        expected: naive::reaches(actor, Permission::ServiceManage, at, None),
    }
}

/// What the loader would say about a service that holds what somebody holds.
pub(super) fn service(somebody: &Somebody, is_plain: bool) -> Facts {
    let principal = PrincipalId::Service(ClientId(uuid::Uuid::from_u128(somebody.number)));
    let held = somebody.held.iter();
    let givers = held.map(|held| (held.role.to_owned(), definition(held.role).givers())).collect();
    Facts {
        target: Some(TargetFacts { principal, ..person(somebody) }),
        service: ServiceFacts { is_plain, givers },
        ..Facts::default()
    }
}

pub(super) fn keep_service(actor: &Somebody, kept: &Somebody, is_plain: bool) -> Question {
    Question {
        action: ManageClient { client: Some(ClientId(uuid::Uuid::from_u128(kept.number))) }.into(),
        facts: service(kept, is_plain),
        expected: naive::may_keep_service(actor, kept, is_plain),
    }
}

pub(super) fn see_service(actor: &Somebody, seen: &Somebody) -> Question {
    Question {
        action: ReadClient { client: ClientId(uuid::Uuid::from_u128(seen.number)) }.into(),
        facts: service(seen, false),
        expected: naive::may_see_service(actor, seen),
    }
}

pub(super) fn transfer(actor: &Somebody, target: &Somebody, to: usize) -> Question {
    Question {
        action: MoveUser { user: id_of(target), to: organisation(to) }.into(),
        facts: Facts { target: Some(person(target)), destination: Some(place(to)), ..Facts::default() },
        expected: naive::may_change(actor, target, Permission::UserUpdate)
            && naive::reaches(actor, Permission::UserCreate, to, None),
    }
}

pub(super) fn assign(actor: &Somebody, target: &Somebody, one: usize, modules: &Modules) -> Question {
    Question {
        action: AssignMembership { user: id_of(target), group: GroupId(uuid::Uuid::nil()) }.into(),
        facts: of_membership(target, one, modules),
        expected: naive::may_assign(actor, target, one, modules),
    }
}

pub(super) fn remove(actor: &Somebody, target: &Somebody, one: usize, modules: &Modules) -> Question {
    Question {
        action: RemoveMembership { user: id_of(target), group: GroupId(uuid::Uuid::nil()) }.into(),
        facts: of_membership(target, one, modules),
        expected: naive::may_remove(actor, target, one),
    }
}

fn of_membership(target: &Somebody, one: usize, modules: &Modules) -> Facts {
    let module = modules.standing(target.home, one);
    Facts { target: Some(person(target)), application: Some(application(one)), module, ..Facts::default() }
}

pub(super) fn grant_module(actor: &Somebody, at: usize, one: usize, coordinators: &[usize]) -> Question {
    let (organisation, application) = (organisation(at), application(one));
    let named = coordinators.iter().map(|one| place(*one));
    Question {
        action: GrantModule {
            organisation,
            application,
            coordinators: coordinators.iter().map(|one| world::organisation(*one)).collect(),
        }
        .into(),
        facts: Facts { organisation: Some(place(at)), coordinators: named.collect(), ..Facts::default() },
        expected: naive::may_grant_module(actor, at, one, coordinators),
    }
}

pub(super) fn propose_module(actor: &Somebody, at: usize, one: usize) -> Question {
    Question {
        action: ProposeModule { organisation: organisation(at), application: application(one) }.into(),
        facts: Facts { organisation: Some(place(at)), ..Facts::default() },
        expected: naive::may_propose_module(actor, at, one),
    }
}

pub(super) fn suspend_module(actor: &Somebody, at: usize, one: usize) -> Question {
    Question {
        action: SuspendModule { organisation: organisation(at), application: application(one) }.into(),
        facts: Facts { organisation: Some(place(at)), ..Facts::default() },
        expected: naive::may_suspend_module(actor, at, one),
    }
}

pub(super) fn add_manager(actor: &Somebody, at: usize, manager: usize) -> Question {
    let (gained, country) = ("Administrator", "Administrator");
    let managing = Managing {
        managed: world::managed_permissions_of(gained).into_iter().collect(),
        country: world::country_permissions_of(country).into_iter().collect(),
    };
    Question {
        action: AddManager { organisation: organisation(at), manager: organisation(manager) }.into(),
        facts: Facts { organisation: Some(place(at)), manager: Some(place(manager)), managing, ..Facts::default() },
        expected: naive::may_add_manager(actor, at, manager),
    }
}

pub(super) fn remove_manager(actor: &Somebody, at: usize, manager: usize) -> Question {
    Question {
        action: RemoveManager { organisation: organisation(at), manager: organisation(manager) }.into(),
        facts: Facts { organisation: Some(place(at)), ..Facts::default() },
        expected: naive::may_remove_manager(actor, at),
    }
}

pub(super) fn ask(dice: &mut Dice, actor: &Somebody, target: &Somebody) -> Question {
    let facts = Facts { target: Some(person(target)), ..Facts::default() };
    match dice.below(15) {
        0 => update(actor, target),
        1 => {
            let at = dice.near(actor);
            create(actor, at)
        }
        2 => {
            let to = dice.near(actor);
            transfer(actor, target, to)
        }
        3 => {
            let (one, modules) = (dice.below(APPLICATIONS), dice.modules());
            if dice.one_in(3) { remove(actor, target, one, &modules) } else { assign(actor, target, one, &modules) }
        }
        8 => {
            let named: Vec<usize> = if dice.one_in(2) { vec![dice.near(actor)] } else { Vec::new() };
            grant_module(actor, dice.near(actor), dice.below(APPLICATIONS), &named)
        }
        9 => {
            let (at, one) = (dice.near(actor), dice.below(APPLICATIONS));
            if dice.one_in(2) { suspend_module(actor, at, one) } else { propose_module(actor, at, one) }
        }
        10 => {
            // Their own organisation or one near, to manage what is in its country.
            let own = actor.held.iter().map(|held| held.at).find(|_| dice.one_in(2));
            let manager = own.unwrap_or_else(|| dice.near(actor));
            // Mostly one that it does not stand below.
            let beside = |at: &usize| !world::path(manager).is_under(organisation(*at));
            let beside: Vec<usize> = world::neighbours(manager).into_iter().filter(beside).collect();
            let at = if dice.one_in(3) || beside.is_empty() { dice.near(actor) } else { dice.pick(&beside) };
            add_manager(actor, at, manager)
        }
        11 => {
            let at = dice.near(actor);
            remove_manager(actor, at, dice.below(9))
        }
        12 => make_service(actor, dice.near(actor)),
        13 => see_service(actor, target),
        14 => {
            let held = if dice.one_in(2) { Vec::new() } else { vec![nudged(dice, actor)] };
            let is_plain = !dice.one_in(8);
            keep_service(actor, &Somebody { number: 7, home: target.home, held }, is_plain)
        }
        4 => {
            let proposer = [None, Some(actor.principal()), Some(target.principal()), Some(PrincipalId::Console)];
            let proposed_by = dice.pick(&proposer);
            Question {
                action: ApproveContact { user: id_of(target) }.into(),
                facts: Facts { proposed_by: proposed_by.into_iter().collect(), ..facts },
                expected: naive::may_change(actor, target, Permission::UserUpdate)
                    && proposed_by.is_some_and(|proposer| proposer != actor.principal()),
            }
        }
        5 => contact(actor, target),
        6 => grant(actor, target, &nudged(dice, actor)),
        _ => revoke(actor, target, &nudged(dice, actor)),
    }
}

/// A grant derived from what the actor holds with at most one field nudged; otherwise hardly any would be allowed.
fn nudged(dice: &mut Dice, actor: &Somebody) -> Held {
    let base = if actor.held.is_empty() { None } else { Some(actor.held[dice.below(actor.held.len())].clone()) };
    let mut held = base.filter(|held| held.role != "Operator").unwrap_or_else(|| Held {
        role: "ApplicationAccessAdmin",
        at: dice.near(actor),
        below: dice.one_in(2),
        applications: Some(dice.some_applications()),
        from: 0,
        until: None,
        lacks: false,
    });
    held.until = dice.pick(&[held.until, held.until, None, Some(NOW + 1)]);
    match dice.below(5) {
        0 => held.at = dice.near(actor),
        1 if held.role != "Administrator" => held.below = !held.below,
        2 if held.applications.is_some() => held.applications = Some(dice.some_applications()),
        3 => {
            held.role = if held.role == "DelegatedUserAdmin" { "ApplicationAccessAdmin" } else { "DelegatedUserAdmin" };
            held.below = held.below || dice.one_in(2);
            held.applications = (held.role == "ApplicationAccessAdmin").then(|| dice.some_applications());
        }
        _ => {}
    }
    held
}

pub(super) fn grant(actor: &Somebody, target: &Somebody, granted: &Held) -> Question {
    let action = GrantRole {
        to: target.principal(),
        role: granted.role.to_owned(),
        organisation: organisation(granted.at),
        include_sub_levels: granted.below,
        applications: applications(granted.applications.as_ref()),
        validity: Validity { from: None, until: granted.until.map(Timestamp) },
    };
    let facts = Facts {
        target: Some(person(target)),
        organisation: Some(place(granted.at)),
        role: Some(definition(granted.role)),
        ..Facts::default()
    };
    Question { action: action.into(), facts, expected: naive::may_grant(actor, target, granted) }
}

pub(super) fn revoke(actor: &Somebody, target: &Somebody, revoked: &Held) -> Question {
    let node = organisation(revoked.at);
    let id = RoleAssignmentId(uuid::Uuid::from_u128(7));
    let assignment = AssignmentFacts {
        project: None,
        id,
        role: revoked.role.to_owned(),
        extent: if revoked.role == "Operator" {
            Extent::Everywhere
        } else if revoked.below {
            Extent::Subtree(node)
        } else {
            Extent::Only(node)
        },
        anchor: path(revoked.at),
        active: true,
        applications: applications(revoked.applications.as_ref()),
        granted_by: target.principal(),
    };
    let facts = Facts {
        target: Some(person(target)),
        assignment: Some(assignment),
        role: Some(definition(revoked.role)),
        ..Facts::default()
    };
    Question {
        action: RevokeRole { assignment: id }.into(),
        facts,
        expected: naive::may_revoke(actor, target, revoked),
    }
}

/// How many decisions `make test` compares; `make prove` sets the variable.
#[expect(clippy::disallowed_methods, reason = "how long a test runs is no configuration of the product")]
fn rounds() -> usize {
    std::env::var("CHAMBERLAIN_DECISIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000)
}

#[test]
fn decide_agrees_with_the_naive_specification_in_every_world() {
    let mut dice = Dice::new(20_261_123);
    let rounds = rounds();
    let mut allowed = std::collections::BTreeMap::<&str, (usize, usize)>::new();
    for round in 0..rounds {
        let actor = dice.somebody(1, 3);
        let mut target = dice.somebody(2, 2);
        if !dice.one_in(4) {
            target.home = dice.near(&actor);
        }
        if dice.one_in(20) {
            target = actor.clone();
        }
        let question = ask(&mut dice, &actor, &target);
        let decision = decide(&actor.authority(), &question.action, &question.facts, Timestamp(NOW));
        let answer = matches!(decision, Decision::Allow(_));
        assert_eq!(
            answer, question.expected,
            "round {round}: {decision:?}\nactor {actor:?}\ntarget {target:?}\n{:?}",
            question.action
        );
        let (yes, all) = allowed.entry(question.action.name()).or_default();
        *yes += usize::from(answer);
        *all += 1;
    }
    for (action, (yes, all)) in allowed {
        assert!(yes * 100 >= all * 4, "{action}: only {yes} of {all} were allowed; the comparison would be vacuous");
        assert!(yes * 100 <= all * 96, "{action}: {yes} of {all} were allowed; the comparison would be vacuous");
    }
}
