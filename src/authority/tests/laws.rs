//! Laws of the decision that hold in every world, each over random ones.

use super::differential::{grant, keep_service, make_service};
use super::world::{Dice, Held, NOW, Somebody, definition, organisation, path};
use crate::authority::action::{Action, ConfirmRole, CreateUser, UpdateUser};
use crate::authority::facts::{AssignmentFacts, Facts, OrganisationFacts, TargetFacts};
use crate::authority::model::{Applications, Assignment, Authority, Extent};
use crate::authority::permission::Permission;
use crate::authority::{Decision, Reason, RoleDefinition, Roles, Scope, decide, requires};
use crate::kernel::ids::{ClientId, PrincipalId, RoleAssignmentId};
use crate::kernel::time::Timestamp;

const WORLDS: usize = 20_000;

fn place(number: usize) -> OrganisationFacts {
    OrganisationFacts { path: path(number), active: true }
}

fn update(target: &Somebody) -> (Action, Facts) {
    let (principal, home) = (target.principal(), place(target.home));
    let facts = TargetFacts { principal, home, deleted: false, assignments: target.assignments() };
    let user = target.principal().person().unwrap();
    (UpdateUser { user }.into(), Facts { target: Some(facts), ..Facts::default() })
}

fn every_world(mut check: impl FnMut(&mut Dice, &Somebody, &Somebody) -> bool) {
    let mut dice = Dice::new(42);
    let mut counted = 0;
    for _ in 0..WORLDS {
        let actor = dice.somebody(1, 3);
        let mut target = dice.somebody(2, 1);
        if !dice.one_in(3) {
            target.home = dice.near(&actor);
        }
        counted += usize::from(check(&mut dice, &actor, &target));
    }
    assert!(counted * 20 >= WORLDS, "only {counted} of {WORLDS} worlds said anything");
}

#[test]
fn d5_nobody_acts_on_their_own_account() {
    every_world(|_, actor, _| {
        let (action, facts) = update(actor);
        let decision = decide(&actor.authority(), &action, &facts, Timestamp(NOW));
        assert!(!matches!(decision, Decision::Allow(_)));
        decision == Decision::Deny(Reason::OwnAccount)
    });
}

#[test]
fn the_named_role_assignment_alone_would_have_been_enough_to_reach_the_target() {
    every_world(|_, actor, target| {
        let authority = actor.authority();
        let (action, facts) = update(target);
        let Decision::Allow(by) = decide(&authority, &action, &facts, Timestamp(NOW)) else { return false };
        let mut parts = authority.assignments.iter().filter(|a| a.id == by[0]);
        assert!(parts.any(|part| part.is_live(Timestamp(NOW)) && part.extent.covers(&path(target.home))));
        true
    });
}

#[test]
fn d7_without_its_live_assignments_nothing_is_allowed() {
    every_world(|_, actor, target| {
        let (action, facts) = update(target);
        let allowed = matches!(decide(&actor.authority(), &action, &facts, Timestamp(NOW)), Decision::Allow(_));
        let mut without = actor.clone();
        without.held.clear();
        assert!(!matches!(decide(&without.authority(), &action, &facts, Timestamp(NOW)), Decision::Allow(_)));
        allowed
    });
}

#[test]
fn d12_from_its_last_instant_on_an_assignment_has_no_effect() {
    every_world(|_, actor, target| {
        let (action, facts) = update(target);
        let mut ended = actor.clone();
        ended.held.iter_mut().for_each(|held| held.until = Some(NOW + 10));
        let authority = ended.authority();
        let before = matches!(decide(&authority, &action, &facts, Timestamp(NOW + 9)), Decision::Allow(_));
        let after = decide(&authority, &action, &facts, Timestamp(NOW + 10));
        assert!(!matches!(after, Decision::Allow(_)));
        before
    });
}

#[test]
fn the_order_of_role_assignments_does_not_matter_and_more_of_them_never_mean_less() {
    every_world(|dice, actor, target| {
        let (action, facts) = update(target);
        let allows = |somebody: &Somebody| {
            matches!(decide(&somebody.authority(), &action, &facts, Timestamp(NOW)), Decision::Allow(_))
        };
        let allowed = allows(actor);
        let mut reversed = actor.clone();
        reversed.held.reverse();
        assert_eq!(allowed, allows(&reversed));
        let mut more = actor.clone();
        more.held.extend(dice.somebody(3, 2).held);
        assert!(!allowed || allows(&more));
        allowed
    });
}

#[test]
fn d8_what_a_list_shows_is_what_a_decision_allows() {
    every_world(|dice, actor, _| {
        let authority = actor.authority();
        let at = dice.near(actor);
        let scope = Scope::of(&authority, &[Permission::UserCreate], Timestamp(NOW));
        let listed = match &scope {
            Scope::Everywhere => true,
            Scope::Within(extents) => extents.iter().any(|extent| extent.covers(&path(at))),
        };
        let action = CreateUser { organisation: organisation(at) }.into();
        let facts = Facts { organisation: Some(place(at)), ..Facts::default() };
        assert_eq!(listed, matches!(decide(&authority, &action, &facts, Timestamp(NOW)), Decision::Allow(_)));
        listed
    });
}

#[test]
fn d8_what_is_out_of_sight_is_not_found_rather_than_forbidden() {
    every_world(|_, actor, target| {
        let (action, facts) = update(target);
        let sees = Scope::of(&actor.authority(), &[Permission::UserRead, Permission::OrganisationRead], Timestamp(NOW));
        let seen = match &sees {
            Scope::Everywhere => true,
            Scope::Within(extents) => extents.iter().any(|extent| extent.covers(&path(target.home))),
        };
        let decision = decide(&actor.authority(), &action, &facts, Timestamp(NOW));
        assert_eq!(!seen, decision == Decision::Deny(Reason::NotFound));
        !seen
    });
}

/// The same somebody, who makes services as well.
fn keeping(somebody: &Somebody) -> Somebody {
    let mut keeping = somebody.clone();
    let (role, from) = ("ProvisioningAdmin", 0);
    keeping.held.push(Held { role, at: 0, below: true, applications: None, from, until: None, lacks: false });
    keeping
}

/// D4, D5, D13: no service is a ladder. Whoever may take its secret could do themselves whatever it may do, to anybody else but themselves,
/// and give whatever role it may give.
#[test]
fn d4_whatever_a_service_may_do_whoever_keeps_it_may_do() {
    every_world(|dice, actor, target| {
        let held = if dice.one_in(3) { dice.somebody(3, 2).held } else { actor.held.clone() };
        let actor = &keeping(actor);
        let kept = Somebody { number: 7, home: dice.near(actor), held };
        let question = keep_service(actor, &kept, true);
        let keeps = decide(&actor.authority(), &question.action, &question.facts, Timestamp(NOW));
        if !matches!(keeps, Decision::Allow(_)) || actor.held.iter().any(|held| held.role == "Operator") {
            return false;
        }
        let acting = Authority { principal: question.facts.target.unwrap().principal, ..kept.authority() };
        let mut asked = vec![update(target)];
        let given = kept.held.iter().map(|held| Held { at: dice.near(actor), ..held.clone() });
        asked.extend(given.map(|held| grant(&kept, target, &held)).map(|question| (question.action, question.facts)));
        for later in [NOW, NOW + 1] {
            for (action, facts) in &asked {
                let allows =
                    |authority| matches!(decide(authority, action, facts, Timestamp(later)), Decision::Allow(_));
                assert!(!allows(&acting) || allows(&actor.authority()), "{actor:?}\n{kept:?}\n{target:?}\n{action:?}");
            }
        }
        !kept.held.is_empty()
    });
}

/// D5: services make and keep no services, themselves least of all; a leaked secret would not end.
#[test]
fn no_service_makes_or_keeps_a_service() {
    every_world(|dice, actor, _| {
        let actor = &keeping(actor);
        let kept = Somebody { number: 7, home: dice.near(actor), held: Vec::new() };
        let script =
            Authority { principal: PrincipalId::Service(ClientId(uuid::Uuid::from_u128(9))), ..actor.authority() };
        let everywhere = actor.held.iter().any(|held| held.role == "Operator");
        let mut counted = false;
        for question in [keep_service(actor, &kept, true), make_service(actor, kept.home)] {
            let decision = decide(&script, &question.action, &question.facts, Timestamp(NOW));
            assert!(everywhere || !matches!(decision, Decision::Allow(_)), "{actor:?}");
            counted |= question.expected && !everywhere;
        }
        counted
    });
}

/// D3, D4, D11: whatever a deputy may do, the one they stand in for may do; and nothing to that one.
#[test]
fn a_deputy_may_nothing_that_the_one_they_stand_in_for_may_not() {
    every_world(|dice, holder, target| {
        let deputy = dice.somebody(4, 0);
        let lent =
            holder.assignments().into_iter().map(|part| Assignment { on_behalf_of: Some(holder.principal()), ..part });
        let lent = Authority { principal: deputy.principal(), assignments: lent.collect(), looks_up: false };
        let allows = |authority: &Authority, asked: &Somebody| {
            let (action, facts) = update(asked);
            matches!(decide(authority, &action, &facts, Timestamp(NOW)), Decision::Allow(_))
        };
        assert!(!allows(&lent, holder), "nobody is acted upon by their own right");
        let allowed = allows(&lent, target);
        assert_eq!(allowed, allows(&holder.authority(), target));
        allowed
    });
}

/// D11: who proposed a role does not confirm it by lending the right to.
#[test]
fn d11_a_deputy_confirms_nothing_that_the_one_they_stand_in_for_proposed() {
    let held = |at| Held { role: "Operator", at, below: true, applications: None, from: 0, until: None, lacks: false };
    let [holder, deputy, nominee] = [1, 2, 3].map(|number| Somebody { number, home: 3, held: vec![held(0)] });
    let lent =
        holder.assignments().into_iter().map(|part| Assignment { on_behalf_of: Some(holder.principal()), ..part });
    let lent = Authority { principal: deputy.principal(), assignments: lent.collect(), looks_up: false };
    let proposal = |granted_by| {
        let target =
            TargetFacts { principal: nominee.principal(), home: place(3), deleted: false, assignments: Vec::new() };
        let assignment = AssignmentFacts {
            id: RoleAssignmentId(uuid::Uuid::from_u128(9)),
            role: "DelegatedUserAdmin".to_owned(),
            extent: Extent::Only(organisation(3)),
            anchor: path(3),
            active: true,
            applications: Applications::All,
            project: None,
            granted_by,
        };
        let action = ConfirmRole { assignment: assignment.id }.into();
        let facts = Facts { target: Some(target), assignment: Some(assignment), ..Facts::default() };
        decide(&lent, &action, &facts, Timestamp(NOW))
    };
    assert_eq!(proposal(holder.principal()), Decision::Deny(Reason::OwnProposal));
    assert_eq!(proposal(deputy.principal()), Decision::Deny(Reason::OwnProposal));
    assert!(matches!(proposal(nominee.principal()), Decision::Allow(_)));
}

#[test]
fn d9_in_a_deactivated_organisation_nobody_is_created() {
    every_world(|dice, actor, _| {
        let at = dice.near(actor);
        let action = CreateUser { organisation: organisation(at) }.into();
        let closed = Facts { organisation: Some(OrganisationFacts { active: false, ..place(at) }), ..Facts::default() };
        let decision = decide(&actor.authority(), &action, &closed, Timestamp(NOW));
        assert!(!matches!(decision, Decision::Allow(_)));
        decision == Decision::Deny(Reason::OrganisationInactive)
    });
}

/// E17, P22: a role that requires another one waits for the terms of that one as well.
#[test]
fn a_role_that_requires_another_waits_for_its_terms() {
    let dependent = RoleDefinition { requires: vec!["Administrator".to_owned()], ..definition("DelegatedUserAdmin") };
    let roles = Roles::new([dependent, definition("Administrator")]);
    let held = |role, lacks| Held { role, at: 1, below: false, applications: None, from: 0, until: None, lacks };
    for (base, own) in [(false, false), (true, false), (false, true)] {
        let held = vec![held("Administrator", base), held("DelegatedUserAdmin", own)];
        let bound = requires::bound(&roles, Somebody { number: 1, home: 1, held }.assignments());
        let live = bound.iter().any(|a| a.role == "DelegatedUserAdmin" && a.is_live(Timestamp(NOW)));
        assert_eq!(live, !base && !own);
    }
}
