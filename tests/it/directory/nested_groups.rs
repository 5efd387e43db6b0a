//! Groups in groups: whoever is in the inner one is in the outer one, wherever that is asked; and nobody by another way (D13, DA-14).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chamberlain::authority::action::{AssignMembership, ManageGroup, NestGroup};
use chamberlain::authority::{Applications, Reason};
use chamberlain::db::transact;
use chamberlain::directory::client::entry;
use chamberlain::directory::group::manage as groups;
use chamberlain::directory::membership::{access_store, assign, store as memberships};
use chamberlain::directory::user::contact_store;
use chamberlain::directory::user::search_store::{self, Search};
use chamberlain::kernel::ids::{GroupId, PrincipalId, UserId};
use chamberlain::kernel::random::Entropy;
use chamberlain::kernel::time::Timestamp;

use crate::support::{Bank, Failure, Modules, Nested, failure};

const OPERATOR: PrincipalId = PrincipalId::Console;

/// The `groups` claim of somebody at the application of a group.
async fn claim(bank: &Bank, user: UserId, of: GroupId) -> Vec<String> {
    let environment = Nested::of(&bank.world, &bank.door).find(of).await.environment;
    let tx = &mut bank.world.db.reader().await.unwrap();
    entry::find(tx, user, Some(environment), bank.world.clock.now()).await.unwrap().groups
}

/// How many people a list finds in a group.
async fn found(bank: &Bank, group: GroupId) -> u64 {
    use chamberlain::authority::{ApplicationScope, Permission, Scope};
    let tx = &mut bank.world.db.reader().await.unwrap();
    let (ctx, now) = (bank.world.ctx_of(OPERATOR), bank.world.clock.now());
    let authority = bank.door.authority(tx, &ctx).await.unwrap();
    let seen = ApplicationScope::of(&authority, &[Permission::MembershipRead], now);
    let search = Search { group: Some((group, seen)), ..Search::everybody(Scope::Everywhere, None) };
    let listed = search_store::list(tx, &search, now, 500, 0).await.unwrap().len();
    let count = search_store::count(tx, &search, now).await.unwrap();
    assert_eq!(listed as u64, count);
    count
}

/// Puts somebody into a group until an instant.
async fn until(bank: &Bank, user: UserId, group: GroupId, end: Option<Timestamp>) {
    let ctx = bank.world.ctx_of(OPERATOR);
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, AssignMembership { user, group }).await?;
        assign::assign(tx, permit, end, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

on_both! {
    /// D13: of two groups that are put into each other at once, and of three in a ring, none comes into itself: somebody is too late.
    async fn groups_put_into_each_other_at_once_are_no_ring(world: World) {
        let bank = Bank::found(world).await;
        let nested = Nested::of(&bank.world, &bank.door);
        for round in 0..10 {
            let [mut a, mut b, mut c] = [bank.imas_user; 3];
            for (group, name) in [(&mut a, "A"), (&mut b, "B"), (&mut c, "C")] {
                *group = nested.beside(bank.imas_user, &format!("{name}{round}"), false).await;
            }
            let pair = tokio::join!(nested.nest(a, b), nested.nest(b, a));
            assert!(pair.0.is_ok() ^ pair.1.is_ok(), "{pair:?}");
            for (outer, inner) in [(a, b), (b, a)] {
                nested.unnest(outer, inner).await.unwrap();
            }
            let ring = tokio::join!(nested.nest(a, b), nested.nest(b, c), nested.nest(c, a));
            let late = [&ring.0, &ring.1, &ring.2].into_iter().filter(|outcome| outcome.is_err()).count();
            assert_eq!(late, 1, "{ring:?}");
        }
    }

    /// D9, D13: as long as the access of an organisation is suspended nothing is added for its people, by way of another group either.
    async fn d9_nobody_of_a_suspended_organisation_comes_into_a_group(world: World) {
        let bank = Bank::found(world).await;
        let nested = Nested::of(&bank.world, &bank.door);
        let outer = nested.beside(bank.imas_user, "IMAS_SIGNERS", false).await;
        let modules = Modules::of(&bank.world, &bank.door);
        modules.ask(bank.imas).await;
        modules.grant((bank.frankfurt, bank.imas)).await.unwrap();
        let ada = bank.person(bank.frankfurt, "Ada").await;
        bank.assign(OPERATOR, ada, bank.imas_user).await.unwrap();
        modules.suspend((bank.frankfurt, bank.imas)).await.unwrap();
        assert_eq!(nested.nest(outer, bank.imas_user).await.unwrap_err().reason(), Reason::ModuleSuspended);
        modules.regrant((bank.frankfurt, bank.imas)).await.unwrap();
        nested.nest(outer, bank.imas_user).await.unwrap();
    }

    /// D13: whoever is put into the inner group is in the outer one and in what that is in, in tokens and in lists, until one or the other ends;
    /// what they were put into themselves stays one row.
    async fn whoever_is_within_is_within_all_around(world: World) {
        let bank = Bank::found(world).await;
        let nested = Nested::of(&bank.world, &bank.door);
        let (inner, outer) = (bank.imas_user, nested.beside(bank.imas_user, "IMAS_READERS", false).await);
        let all = nested.beside(bank.imas_user, "IMAS_ALL", false).await;
        let ada = bank.person(bank.frankfurt, "Ada").await;
        bank.assign(OPERATOR, ada, inner).await.unwrap();
        assert_eq!(claim(&bank, ada, inner).await, ["IMAS_PORTAL_USER"]);
        assert!(nested.nest(outer, inner).await.unwrap() && nested.nest(all, outer).await.unwrap());
        assert!(!nested.nest(outer, inner).await.unwrap(), "it is in it already");
        assert_eq!(claim(&bank, ada, inner).await, ["IMAS_ALL", "IMAS_PORTAL_USER", "IMAS_READERS"]);
        assert_eq!((found(&bank, all).await, found(&bank, outer).await), (1, 1));
        let tx = &mut bank.world.db.reader().await.unwrap();
        let given = access_store::list_given(tx, ada).await.unwrap();
        let ways: Vec<(&str, Option<&str>)> = given.iter().map(|one| (one.code.as_str(), one.by_way_of.as_deref())).collect();
        let way = Some("IMAS_PORTAL_USER");
        assert_eq!(ways, [("IMAS_ALL", way), ("IMAS_PORTAL_USER", None), ("IMAS_READERS", way)]);
        assert_eq!(access_store::list_held(tx, ada).await.unwrap().len(), 1);
        assert!(claim(&bank, ada, bank.casper_submitter).await.is_empty(), "of no other application");
        assert!(nested.unnest(outer, inner).await.unwrap());
        assert_eq!(claim(&bank, ada, inner).await, ["IMAS_PORTAL_USER"]);
        assert_eq!((found(&bank, all).await, found(&bank, outer).await), (0, 0));
    }

    /// D12: what somebody was put into until a day gives what is around it until that day.
    async fn what_has_ended_gives_nothing_around_it(world: World) {
        let bank = Bank::found(world).await;
        let nested = Nested::of(&bank.world, &bank.door);
        let outer = nested.beside(bank.imas_user, "IMAS_READERS", false).await;
        nested.nest(outer, bank.imas_user).await.unwrap();
        let ada = bank.person(bank.frankfurt, "Ada").await;
        until(&bank, ada, bank.imas_user, Some(bank.world.clock.now().plus(Duration::from_mins(1)))).await;
        assert_eq!((claim(&bank, ada, outer).await.len(), found(&bank, outer).await), (2, 1));
        bank.world.clock.advance(Duration::from_mins(1));
        assert_eq!((claim(&bank, ada, outer).await.len(), found(&bank, outer).await), (0, 0));
    }

    /// D15: whoever comes to a sensitive group by way of another one is guarded as its members are.
    async fn whoever_comes_to_a_sensitive_group_by_way_of_another_is_guarded(world: World) {
        let bank = Bank::found(world).await;
        let nested = Nested::of(&bank.world, &bank.door);
        let signers = nested.beside(bank.imas_user, "IMAS_SIGNERS", true).await;
        let ada = bank.person(bank.frankfurt, "Ada").await;
        bank.assign(OPERATOR, ada, bank.imas_user).await.unwrap();
        let now = bank.world.clock.now();
        let guarded = || async { contact_store::is_guarded(&mut bank.world.db.reader().await.unwrap(), ada, now).await.unwrap() };
        assert!(!guarded().await);
        nested.nest(signers, bank.imas_user).await.unwrap();
        assert!(guarded().await);
    }

    /// DA-14: only groups of one application and environment, no circle, not too deep: each is refused, and changes nothing.
    async fn da_14_a_group_holds_no_group_that_it_cannot(world: World) {
        let bank = Bank::found(world).await;
        let nested = Nested::of(&bank.world, &bank.door);
        let outer = nested.beside(bank.imas_user, "IMAS_READERS", false).await;
        assert_eq!(nested.nest(outer, bank.casper_submitter).await.unwrap_err().reason(), Reason::NotFound, "of another application");
        nested.nest(outer, bank.imas_user).await.unwrap();
        for (around, within) in [(bank.imas_user, outer), (outer, outer), (bank.imas_user, bank.imas_user)] {
            let refused = nested.nest(around, within).await.unwrap_err();
            assert!(matches!(&refused, Failure::UseCase(text) if text.contains("in itself")), "{refused}");
        }
        let mut chain = vec![outer];
        for number in 0..7 {
            let next = nested.beside(outer, &format!("IMAS_LEVEL_{number}"), false).await;
            let refused = nested.nest(next, chain[chain.len() - 1]).await;
            assert_eq!(refused.is_err(), chain.len() == 7, "{number}: {refused:?}");
            chain.push(next);
        }
        assert!(claim(&bank, bank.person(bank.frankfurt, "Ada").await, outer).await.is_empty());
    }

    /// D13: it takes the right over the groups of the application; a delegate has it for no group, and nobody comes into one by their own doing.
    async fn d13_nobody_comes_into_a_group_by_their_own_doing(world: World) {
        let bank = Bank::found(world).await;
        let nested = Nested::of(&bank.world, &bank.door);
        let (inner, outer) = (bank.imas_user, nested.beside(bank.imas_user, "IMAS_READERS", false).await);
        let (nest, elsewhere) = (NestGroup { outer, inner }, NestGroup { outer, inner: bank.casper_submitter });
        let delegate = bank.access_admin(bank.root, true, &[bank.imas], "Ada").await;
        assert_eq!(bank.may(delegate, nest.clone()).await, Err(Reason::NotPermitted));
        assert_eq!(bank.may(delegate, elsewhere.clone()).await, Err(Reason::NotFound));
        let stranger = bank.access_admin(bank.root, true, &[bank.casper], "Carl").await;
        assert_eq!(bank.may(stranger, nest.clone()).await, Err(Reason::NotFound), "of groups out of sight nothing is said");
        let olga = bank.person(bank.root, "Olga").await;
        bank.appoint(olga, "Operator", bank.root, true, Applications::All).await;
        assert_eq!(bank.may(olga, nest.clone()).await, Ok(()));
        assert_eq!(bank.may(olga, elsewhere).await, Err(Reason::NotFound));
        bank.assign(OPERATOR, olga, inner).await.unwrap();
        assert_eq!(bank.may(olga, nest.clone()).await, Err(Reason::OwnAccount));
        let other = bank.person(bank.root, "Otto").await;
        bank.appoint(other, "Operator", bank.root, true, Applications::All).await;
        assert_eq!(bank.may(other, nest.clone()).await, Ok(()), "somebody else may");
        // In the outer one for a day is less than in the inner one without an end, and ended is nothing.
        let end = bank.world.clock.now().plus(Duration::from_mins(1));
        until(&bank, olga, outer, Some(end)).await;
        assert_eq!(bank.may(olga, nest.clone()).await, Err(Reason::OwnAccount));
        bank.world.clock.advance(Duration::from_mins(1));
        assert_eq!(bank.may(olga, nest.clone()).await, Err(Reason::OwnAccount));
        until(&bank, olga, outer, None).await;
        assert_eq!(bank.may(olga, nest).await, Ok(()), "she is in it anyway");
    }

    /// E57: a group that is deleted takes nobody along but those whom it brought; the others stay in each other.
    async fn a_group_that_goes_leaves_the_others_as_they_were(world: World) {
        let bank = Bank::found(world).await;
        let nested = Nested::of(&bank.world, &bank.door);
        let middle = nested.beside(bank.imas_user, "IMAS_MIDDLE", false).await;
        let outer = nested.beside(bank.imas_user, "IMAS_OUTER", false).await;
        let other = nested.beside(bank.imas_user, "IMAS_OTHER", false).await;
        for (around, within) in [(middle, bank.imas_user), (outer, middle), (outer, other)] {
            nested.nest(around, within).await.unwrap();
        }
        let (ada, bea) = (bank.person(bank.frankfurt, "Ada").await, bank.person(bank.frankfurt, "Bea").await);
        bank.assign(OPERATOR, ada, bank.imas_user).await.unwrap();
        bank.assign(OPERATOR, bea, other).await.unwrap();
        let (ctx, group) = (bank.world.ctx_of(OPERATOR), nested.find(middle).await);
        let gone: Result<(), Failure> = transact!(bank.world.db, tx => {
            let action = ManageGroup { application: group.application, environment: group.environment };
            let permit = bank.door.authorise(tx, &ctx, action).await?;
            groups::delete(tx, permit, middle, None, &ctx).await.map_err(failure)
        });
        gone.unwrap();
        assert_eq!(claim(&bank, ada, outer).await, ["IMAS_PORTAL_USER"]);
        assert_eq!(claim(&bank, bea, outer).await, ["IMAS_OTHER", "IMAS_OUTER"]);
    }

    /// D13: over many random groups in groups and memberships, what is in force is what is reached step by step; circles are refused and nothing
    /// else is.
    async fn what_is_in_force_is_what_is_reached_step_by_step(world: World) {
        const GROUPS: usize = 7;
        let bank = Bank::found(world).await;
        let nested = Nested::of(&bank.world, &bank.door);
        let dice = Entropy::seeded(14);
        let below = |bound: usize| dice.below(u32::try_from(bound).unwrap()) as usize;
        let mut all = vec![bank.imas_user];
        for number in 1..GROUPS {
            all.push(nested.beside(bank.imas_user, &format!("IMAS_{number}"), false).await);
        }
        let mut people = Vec::new();
        for name in ["Ada", "Bea", "Cleo"] {
            people.push(bank.person(bank.frankfurt, name).await);
        }
        let mut edges: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut held: BTreeMap<UserId, BTreeSet<usize>> = BTreeMap::new();
        let reached = |edges: &BTreeSet<(usize, usize)>, from: &BTreeSet<usize>| {
            let mut seen = from.clone();
            for _ in 0..GROUPS {
                seen.extend(edges.iter().filter(|(_, inner)| seen.contains(inner)).map(|(outer, _)| *outer).collect::<Vec<_>>());
            }
            seen
        };
        let (mut circles, mut indirect) = (0, 0);
        for step in 0..60 {
            let (outer, inner, user) = (below(GROUPS), below(GROUPS), people[below(people.len())]);
            match below(4) {
                0 => {
                    nested.unnest(all[outer], all[inner]).await.unwrap();
                    edges.remove(&(outer, inner));
                }
                1 | 2 => {
                    let circular = reached(&edges, &BTreeSet::from([outer])).contains(&inner);
                    let done = nested.nest(all[outer], all[inner]).await;
                    assert_eq!(done.is_err(), circular && !edges.contains(&(outer, inner)), "{step}: {done:?}");
                    if circular {
                        circles += 1;
                    } else {
                        edges.insert((outer, inner));
                    }
                }
                _ => {
                    let here = memberships::find(&mut bank.world.db.reader().await.unwrap(), user, all[inner]).await.unwrap();
                    if here.is_none() {
                        bank.assign(OPERATOR, user, all[inner]).await.unwrap();
                        held.entry(user).or_default().insert(inner);
                    }
                }
            }
            for (user, direct) in &held {
                let wanted = reached(&edges, direct);
                indirect += wanted.len() - direct.len();
                let mut codes = Vec::new();
                for number in wanted {
                    codes.push(nested.find(all[number]).await.code);
                }
                codes.sort_unstable();
                assert_eq!(claim(&bank, *user, all[0]).await, codes, "{step}");
            }
        }
        assert!(circles > 3 && indirect > 50, "not vacuous: {circles} circles, {indirect} by way of another");
    }
}
