//! The participant portal: roles that people are named for along a fixed pattern, in organisations and in projects.

use std::time::Duration;

use chamberlain::authority::Reason;
use chamberlain::authority::action::{ReadProject, ReadRoles, RevokeRole};
use chamberlain::delegation::model::State;
use chamberlain::kernel::ids::{PrincipalId, UserId};

use crate::support::{Consortium, Failure};

const OPERATOR: PrincipalId = PrincipalId::Console;

fn person(id: UserId) -> PrincipalId {
    PrincipalId::Person(id)
}

/// The people of the project: the primary coordinator contact of Acme, a participant contact of Beta, both companies' LEARs.
struct People {
    pcoco: UserId,
    paco: UserId,
    lear_acme: UserId,
    lear_beta: UserId,
}

async fn people(all: &Consortium) -> People {
    let made = People {
        pcoco: all.person(all.acme, "Petra").await,
        paco: all.person(all.beta, "Pavel").await,
        lear_acme: all.person(all.acme, "Lea").await,
        lear_beta: all.person(all.beta, "Leo").await,
    };
    let (acme, beta) = ((all.acme, Some(all.project)), (all.beta, Some(all.project)));
    all.assign(OPERATOR, made.pcoco, "PrimaryCoordinatorContact", acme).await.unwrap();
    all.assign(OPERATOR, made.paco, "ParticipantContact", beta).await.unwrap();
    all.assign(OPERATOR, made.lear_acme, "LEAR", (all.acme, None)).await.unwrap();
    all.assign(OPERATOR, made.lear_beta, "LEAR", (all.beta, None)).await.unwrap();
    made
}

/// Names somebody new at an organisation and lets them accept.
async fn named(
    all: &Consortium,
    by: UserId,
    name: &str,
    role: &str,
    at: crate::support::At,
) -> Result<UserId, Failure> {
    let user = all.person(at.0, name).await;
    let made = all.nominate(person(by), &Consortium::address(name), role, at).await?;
    all.accept(user, made.id).await?.expect("given");
    Ok(user)
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Failure>) -> Reason {
    answer.unwrap_err().reason()
}

on_both! {
    /// P17, P20, P63, P65, P69–P71, D3: the pattern of organisation roles, each arrow and each missing one; more than one may hold them.
    async fn organisation_roles_follow_their_pattern(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let (acme, beta) = ((all.acme, None), (all.beta, None));
        let accad = named(&all, who.lear_acme, "Ada", "AccountAdministrator", acme).await.unwrap();
        named(&all, who.lear_acme, "Abe", "AccountAdministrator", acme).await.unwrap();
        named(&all, accad, "Fay", "FinancialSignatory", acme).await.unwrap();
        named(&all, who.lear_acme, "Finn", "FinancialSignatory", acme).await.unwrap();
        // An account administrator names no other; nobody but the operator makes a LEAR; nobody reaches another organisation.
        assert_eq!(refused(all.nominate(person(accad), "x@y.example", "AccountAdministrator", acme).await), Reason::NotPermitted);
        assert_eq!(refused(all.nominate(person(who.lear_acme), "x@y.example", "LEAR", acme).await), Reason::NotPermitted);
        assert_eq!(refused(all.nominate(person(who.lear_acme), "x@y.example", "AccountAdministrator", beta).await), Reason::NotFound);
    }

    /// P24, P29, P31, P36, P37, P44, P47, P49–P51, P53: the pattern of project roles, by organisation, which are nothing
    /// without a project.
    async fn project_roles_follow_their_pattern(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let (acme, beta) = ((all.acme, Some(all.project)), (all.beta, Some(all.project)));
        let coco = named(&all, who.pcoco, "Cora", "CoordinatorContact", acme).await.unwrap();
        named(&all, coco, "Carl", "CoordinatorContact", acme).await.unwrap();
        named(&all, coco, "Tara", "TaskManager", acme).await.unwrap();
        named(&all, who.pcoco, "Tom", "TaskManager", acme).await.unwrap();
        named(&all, who.pcoco, "Tess", "TeamMember", acme).await.unwrap();
        named(&all, coco, "Theo", "TeamMember", acme).await.unwrap();
        let paco = named(&all, who.pcoco, "Paul", "ParticipantContact", beta).await.unwrap();
        named(&all, paco, "Pia", "ParticipantContact", beta).await.unwrap();
        let manager = named(&all, paco, "Timo", "TaskManager", beta).await.unwrap();
        for (by, role, at) in [
            // Only the primary coordinator contact reaches other organisations, and only for participant contacts.
            (coco, "ParticipantContact", beta),
            (who.pcoco, "TaskManager", beta),
            (paco, "TaskManager", acme),
            (paco, "CoordinatorContact", acme),
            // Task managers name nobody (P50).
            (manager, "TeamMember", beta),
        ] {
            assert_eq!(refused(all.nominate(person(by), "x@y.example", role, at).await), Reason::NotPermitted, "{role}");
        }
        // Coordinator contacts are of the organisation that coordinates; outsiders take no part.
        let outside = (all.gamma, Some(all.project));
        assert_eq!(refused(all.nominate(OPERATOR, "x@y.example", "CoordinatorContact", beta).await), Reason::InvalidGrant);
        assert_eq!(refused(all.nominate(OPERATOR, "x@y.example", "ParticipantContact", outside).await), Reason::InvalidGrant);
        assert_eq!(refused(all.nominate(OPERATOR, "x@y.example", "TaskManager", (all.acme, None)).await), Reason::InvalidGrant);
    }

    /// P25, P34, P41, P58, D6, D14: a place is taken from the nomination on, and free again when it is withdrawn or runs out.
    async fn nominations_count_towards_the_most_holders(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let acme = (all.acme, Some(all.project));
        let mut open = Vec::new();
        for n in 0..4 {
            let address = format!("coco{n}@new.example");
            open.push(all.nominate(person(who.pcoco), &address, "CoordinatorContact", acme).await.unwrap().id);
        }
        let fifth = |address: &'static str| all.nominate(person(who.pcoco), address, "CoordinatorContact", acme);
        assert_eq!(fifth("e@new.example").await.unwrap_err().to_string(), "at most 4 may hold this role here");
        all.withdraw(person(who.pcoco), open[0]).await.unwrap();
        fifth("f@new.example").await.unwrap();
        assert!(fifth("g@new.example").await.is_err());
        all.world.clock.advance(Duration::from_hours(14 * 24));
        fifth("h@new.example").await.unwrap();
        // One LEAR for an organisation, one primary coordinator contact for a project.
        let second = all.person(all.acme, "Second").await;
        for (role, at) in [("LEAR", (all.acme, None)), ("PrimaryCoordinatorContact", acme)] {
            let full = all.assign(OPERATOR, second, role, at).await.unwrap_err();
            assert_eq!(full.to_string(), "at most 1 may hold this role here");
        }
    }

    /// P21–P23, P54, P72, D12: a financial signatory has no right until assigned to a project, and only while the first role lasts.
    async fn a_dormant_role_wakes_in_a_project_and_takes_it_along_when_it_goes(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let (acme, in_project) = ((all.acme, None), (all.acme, Some(all.project)));
        let signatory = named(&all, who.lear_acme, "Sina", "FinancialSignatory", acme).await.unwrap();
        let read = ReadProject { project: all.project };
        assert_eq!(all.may(signatory, read.clone()).await, Err(Reason::NotFound), "no right for the time being");
        // Not by somebody who is no signatory of the same organisation; and nobody learns who that is.
        let other = all.person(all.acme, "Olaf").await;
        let coordinator = person(who.pcoco);
        let assign = |to| all.assign(coordinator, to, "ProjectFinancialSignatory", in_project);
        assert_eq!(refused(assign(other).await), Reason::NotFound);
        assert_eq!(refused(assign(UserId(uuid::Uuid::from_u128(9))).await), Reason::NotFound);
        assign(signatory).await.unwrap();
        assign(named(&all, who.lear_acme, "Sven", "FinancialSignatory", acme).await.unwrap()).await.unwrap();
        assert_eq!(all.may(signatory, read.clone()).await, Ok(()));
        let first = all.held(signatory).await.into_iter().find(|role| role.role == "FinancialSignatory").unwrap();
        all.revoke(person(who.lear_acme), first.id).await.unwrap();
        assert!(all.held(signatory).await.is_empty(), "both are gone");
        assert_eq!(all.may(signatory, read).await, Err(Reason::NotFound));
    }

    /// P23, D12: what is required may be held in parts; the role that requires it has effect in each of them, and not between.
    async fn a_role_that_requires_another_lasts_as_long_as_that_is_held_in_whichever_part(world: World) {
        let all = Consortium::found(world).await;
        let signs = all.person(all.acme, "Sina").await;
        let now = all.world.clock.now();
        let day = |n: u64| Some(now.plus(Duration::from_hours(24 * n)));
        for (from, until) in [(None, day(1)), (day(2), None)] {
            let ctx = all.world.ctx_of(OPERATOR);
            let action = chamberlain::authority::action::Nominate {
                validity: chamberlain::authority::Validity { from, until },
                ..Consortium::action("FinancialSignatory", (all.acme, None), Some(signs))
            };
            let done: Result<(), Failure> = chamberlain::transact!(all.world.db, tx => {
                let permit = all.door.authorise(tx, &ctx, action.clone()).await?;
                let roles = all.door.roles();
                chamberlain::delegation::nomination::nominate::assign(tx, permit, roles, None, &ctx).await.map(drop).map_err(crate::support::failure)
            });
            done.unwrap();
        }
        all.assign(OPERATOR, signs, "ProjectFinancialSignatory", (all.acme, Some(all.project))).await.unwrap();
        let mut seen = Vec::new();
        for hours in [1, 35, 24] {
            all.world.clock.advance(Duration::from_hours(hours));
            seen.push(all.may(signs, ReadProject { project: all.project }).await.is_ok());
        }
        assert_eq!(seen, [true, false, true]);
    }

    /// P17, P18, D4, D14: accepted by whoever owns the address, once, and only while whoever made it could still make it.
    async fn a_nomination_is_accepted_once_by_its_address_and_judged_again(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let beta = (all.beta, Some(all.project));
        let (mine, other) = (all.person(all.gamma, "Mia").await, all.person(all.gamma, "Oda").await);
        let paco = named(&all, who.pcoco, "Paco", "ParticipantContact", beta).await.unwrap();
        let open = all.nominate(person(paco), "Mia@BANK.example", "TeamMember", beta).await.unwrap();
        let again = all.nominate(person(paco), "mia@bank.example", "TeamMember", beta).await.unwrap_err();
        assert_eq!(again.to_string(), "this address is nominated for this role already");
        let wrong = all.accept(other, open.id).await.unwrap_err();
        assert_eq!(wrong.to_string(), "this nomination is for another e-mail address");
        let given = all.accept(mine, open.id).await.unwrap().expect("given");
        assert_eq!((given.granted_by, given.organisation, given.project), (person(paco), all.beta, Some(all.project)));
        assert!(all.accept(mine, open.id).await.is_err(), "single use");
        // Whoever made the next one loses the role before it is answered.
        let late = all.nominate(person(paco), &Consortium::address("Oda"), "TeamMember", beta).await.unwrap();
        let role = all.held(paco).await[0].id;
        all.revoke(person(who.pcoco), role).await.unwrap();
        assert!(all.accept(other, late.id).await.unwrap().is_none(), "lapsed");
        assert!(all.held(other).await.is_empty());
        assert!(all.accept(other, late.id).await.is_err(), "and settled");
        assert_eq!(all.nominate(person(who.pcoco), &Consortium::address("Petra"), "TeamMember", (all.acme, beta.1)).await
            .unwrap_err().to_string(), "nobody can nominate themself", "D5");
    }

    /// D5, D4: nobody takes what they named an address for, by making that address their own.
    async fn nobody_accepts_a_nomination_of_their_own_by_another_address(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let made = all.nominate(person(who.lear_acme), "lea.two@bank.example", "AccountAdministrator", (all.acme, None)).await.unwrap();
        all.readdress(who.lear_acme, "lea.two@bank.example").await;
        let own = all.accept(who.lear_acme, made.id).await.unwrap_err();
        assert_eq!(own.to_string(), "nobody can accept a nomination of their own");
        assert_eq!(all.held(who.lear_acme).await.len(), 1);
    }

    /// D12, D4: whoever holds a role until a day names others until then, and takes nominations of their peers back.
    async fn a_role_that_ends_is_handed_on_for_no_longer(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let (acme, end) = ((all.acme, Some(all.project)), all.world.clock.now().plus(Duration::from_hours(48)));
        let peer = all.person(all.acme, "Peer").await;
        let ctx = all.world.ctx_of(person(who.pcoco));
        let action = chamberlain::authority::action::Nominate {
            validity: chamberlain::authority::Validity { from: None, until: Some(end) },
            ..Consortium::action("CoordinatorContact", acme, None)
        };
        let made: Result<_, Failure> = chamberlain::transact!(all.world.db, tx => {
            let permit = all.door.authorise(tx, &ctx, action.clone()).await?;
            let email = Consortium::address("Peer").parse().unwrap();
            chamberlain::delegation::nomination::nominate::nominate(tx, permit, all.door.roles(), &email, &ctx).await.map_err(crate::support::failure)
        });
        let made = made.unwrap();
        assert_eq!(made.expires_at, end, "not to be accepted when it would be over");
        all.accept(peer, made.id).await.unwrap().unwrap();
        assert_eq!(refused(all.nominate(person(peer), "x@y.example", "TaskManager", acme).await), Reason::OutlivesGrantor);
        let tx = &mut all.world.db.reader().await.unwrap();
        let offered = all.door.judge_nominations(tx, &all.world.ctx_of(person(peer)), acme.1, &[all.acme]).await.unwrap();
        assert!(offered.iter().any(|(role, _)| role == "TaskManager"), "{offered:?}");
        let without_end = all.nominate(person(who.pcoco), "y@y.example", "TaskManager", acme).await.unwrap();
        all.withdraw(person(peer), without_end.id).await.unwrap();
    }

    /// P18, D8, D14: the answer tells nothing of whether anybody has the address.
    async fn a_nomination_is_the_same_for_an_address_known_and_unknown(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let beta = (all.beta, Some(all.project));
        all.person(all.gamma, "Known").await;
        let known = all.nominate(person(who.paco), &Consortium::address("Known"), "TaskManager", beta).await.unwrap();
        let unknown = all.nominate(person(who.paco), "unknown@nowhere.example", "TaskManager", beta).await.unwrap();
        let without = |mut nomination: chamberlain::delegation::nomination::model::Nomination| {
            nomination.id = chamberlain::kernel::ids::NominationId(uuid::Uuid::nil());
            nomination.email.clear();
            nomination
        };
        assert_eq!(without(known), without(unknown));
    }

    /// P39, P41, P43, P46 (requirements, decision 1), D6: revoked by the same pattern; the last participant contact stays.
    async fn the_last_participant_contact_of_an_organisation_stays(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let beta = (all.beta, Some(all.project));
        let first = all.held(who.paco).await[0].id;
        let last = all.revoke(person(who.pcoco), first).await.unwrap_err();
        assert_eq!(last.to_string(), "this is the last `ParticipantContact` here");
        let peer = named(&all, who.pcoco, "Peer", "ParticipantContact", beta).await.unwrap();
        assert_eq!(refused(all.revoke(person(peer), all.held(peer).await[0].id).await), Reason::OwnAccount);
        all.revoke(person(peer), first).await.unwrap();
        // P33, P64: the primary coordinator contact and the LEAR are the operator's to change.
        for holder in [who.pcoco, who.lear_acme] {
            let role = all.held(holder).await[0].id;
            let other = if holder == who.pcoco { who.lear_acme } else { who.pcoco };
            let reason = all.may(other, RevokeRole { assignment: role }).await.unwrap_err();
            assert!(matches!(reason, Reason::NotPermitted | Reason::NotFound), "{reason:?}");
        }
    }

    /// P59, P60, P66, P68: a LEAR sees who represents the organisation in projects and asks for revocations; whoever may revoke
    /// answers.
    async fn a_revocation_is_asked_for_by_the_lear_and_answered_by_who_may(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let beta = (all.beta, Some(all.project));
        let manager = named(&all, who.paco, "Tim", "TaskManager", beta).await.unwrap();
        let role = all.held(manager).await[0].id;
        assert_eq!(all.may(who.lear_beta, ReadRoles { organisation: all.beta }).await, Ok(()));
        assert_eq!(all.may(who.lear_beta, ReadProject { project: all.project }).await, Ok(()));
        assert_eq!(refused(all.revoke(person(who.lear_beta), role).await), Reason::NotPermitted, "asks, does not act");
        assert_eq!(refused(all.ask(who.lear_acme, role, "left").await), Reason::NotFound, "not of the same organisation");
        let outsider = all.person(all.gamma, "Out").await;
        assert_eq!(refused(all.ask(outsider, role, "left").await), Reason::NotFound);
        assert_eq!(all.ask(who.lear_beta, role, "  ").await.unwrap_err().to_string(), "say why: the reason must not be empty");
        all.ask(who.lear_beta, role, "has left us").await.unwrap();
        assert!(all.ask(who.lear_beta, role, "again").await.is_err(), "one at a time");
        assert_eq!(refused(all.decline(who.lear_beta, role, "no").await), Reason::NotPermitted);
        all.decline(who.paco, role, "stays until May").await.unwrap();
        all.ask(who.lear_beta, role, "now, please").await.unwrap();
        all.revoke(person(who.paco), role).await.unwrap();
        let asked = {
            let tx = &mut all.world.db.reader().await.unwrap();
            chamberlain::delegation::request::store::list_by(tx, person(who.lear_beta), 10).await.unwrap()
        };
        let states: Vec<_> = asked.iter().map(|request| request.state.as_str()).collect();
        assert_eq!(states.len(), 2);
        assert!(states.contains(&"granted") && states.contains(&"declined"), "{states:?}");
    }

    /// P14: named in the proposal, in effect from the negotiation on; when the project is over nobody is named any more.
    async fn a_role_may_wait_for_a_phase_of_its_project(world: World) {
        let all = Consortium::found(world).await;
        let beta = (all.beta, Some(all.project));
        let contact = all.person(all.beta, "Connie").await;
        all.assign_from_phase(OPERATOR, (contact, "ParticipantContact"), beta, Some("negotiation")).await.unwrap();
        let read = ReadProject { project: all.project };
        assert_eq!(all.may(contact, read.clone()).await, Err(Reason::NotFound));
        let waiting = all.held(contact).await.remove(0);
        assert_eq!(waiting.state, State::Pending);
        assert!(all.confirm(waiting.id).await.is_err(), "not somebody's to confirm");
        // Skipping a phase begins it all the same.
        all.advance("running").await.unwrap();
        assert_eq!(all.may(contact, read.clone()).await, Ok(()));
        assert!(all.advance("negotiation").await.is_err(), "only forward");
        let open = all.nominate(person(contact), "new@new.example", "TaskManager", beta).await.unwrap();
        all.advance("closed").await.unwrap();
        assert_eq!(refused(all.nominate(person(contact), "late@new.example", "TaskManager", beta).await), Reason::ProjectOver);
        assert_eq!(all.may(contact, read).await, Ok(()), "still to be read");
        let newcomer = all.person(all.gamma, "New").await;
        assert!(all.accept(newcomer, open.id).await.is_err());
    }

    /// D9, D10: what was held for an organisation that leaves the project ends with it.
    async fn roles_end_when_the_organisation_leaves_the_project(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        all.nominate(person(who.paco), "a@b.example", "TeamMember", (all.beta, Some(all.project))).await.unwrap();
        assert!(all.leave(all.acme).await.is_err(), "the coordinator stays");
        all.leave(all.beta).await.unwrap();
        assert!(all.held(who.paco).await.is_empty());
        assert_eq!(all.held(who.pcoco).await.len(), 1);
        assert_eq!(all.may(who.lear_beta, ReadProject { project: all.project }).await, Err(Reason::NotFound));
    }

    /// D1, D5, D8: what is held in a project says nothing about the organisation's people or about other projects.
    async fn a_role_in_a_project_reaches_nothing_outside_of_it(world: World) {
        let all = Consortium::found(world).await;
        let who = people(&all).await;
        let other = all.start("BETA-2", all.acme, &[all.gamma]).await.unwrap().id;
        let coordinator = who.pcoco;
        assert_eq!(all.may(coordinator, ReadProject { project: other }).await, Err(Reason::NotFound));
        let elsewhere = (all.gamma, Some(other));
        assert_eq!(refused(all.nominate(person(coordinator), "x@y.example", "ParticipantContact", elsewhere).await), Reason::NotFound);
        assert_eq!(all.may(coordinator, ReadRoles { organisation: all.acme }).await, Err(Reason::NotFound));
        let colleague = all.person(all.acme, "Colleague").await;
        let read = chamberlain::authority::action::ReadUser { user: colleague };
        assert_eq!(all.may(coordinator, read).await, Err(Reason::NotFound));
    }
}
