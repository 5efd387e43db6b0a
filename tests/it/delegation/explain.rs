//! Why somebody can do something, and who can.

use std::collections::BTreeSet;

use chamberlain::authority::action::{AssignMembership, GrantRole, UpdateUser};
use chamberlain::authority::{Action, Applications, Authority, Decision, Reason, Validity};
use chamberlain::db::{self, transact};
use chamberlain::delegation::explain::{Eyes, MOST, explain, in_sight, who_can};
use chamberlain::delegation::grant::grant;
use chamberlain::delegation::listed_store::Sight;
use chamberlain::delegation::model::RoleAssignment;
use chamberlain::delegation::store as roles;
use chamberlain::directory::{organisation, user};
use chamberlain::kernel::ids::{PrincipalId, RoleAssignmentId, UserId};
use chamberlain::on;

use super::story::Seeded;

/// Everybody in the world, and every service.
async fn everybody(seeded: &Seeded) -> Vec<PrincipalId> {
    let tx = &mut seeded.world.db.reader().await.unwrap();
    let people: Vec<UserId> = on!(tx, c => sqlx::query_scalar("SELECT id FROM users").fetch_all(c).await).unwrap();
    let services: Vec<chamberlain::kernel::ids::ClientId> =
        on!(tx, c => sqlx::query_scalar("SELECT id FROM clients").fetch_all(c).await).unwrap();
    let people = people.into_iter().map(PrincipalId::Person);
    people.chain(services.into_iter().map(PrincipalId::Service)).collect()
}

on_both! {
    /// D10, P09: the answer names the role assignment that allows it and whoever handed it on, up to the operator's own.
    async fn why_somebody_can_is_answered_with_the_chain_of_grants(world: World) {
        let seeded = Seeded::new(world).await;
        let (dora, fred, paul) = (seeded.user("dora").await, seeded.user("fred").await, seeded.user("paul").await);
        let (tx, now) = (&mut seeded.world.db.reader().await.unwrap(), seeded.world.ctx().now);
        let update = |user| Action::from(UpdateUser { user });
        let dora = PrincipalId::Person(dora);
        let yes = explain(tx, &seeded.door, (Eyes::All, dora, &update(fred)), now).await.unwrap();
        let Decision::Allow(by) = &yes.decision else { panic!("{yes:?}") };
        let [chain] = yes.chains.as_slice() else { panic!("{yes:?}") };
        assert_eq!((chain[0].id, chain[0].principal, chain[0].role.as_str()), (by[0], dora, "DelegatedUserAdmin"));
        for pair in chain.windows(2) {
            assert_eq!(pair[0].granted_via, Some(pair[1].id));
            assert_eq!(pair[0].granted_by, pair[1].principal);
        }
        let last = chain.last().unwrap();
        assert!(last.granted_via.is_none(), "the chain ends where nobody's role was needed: {last:?}");
        let no = explain(tx, &seeded.door, (Eyes::All, dora, &update(paul)), now).await.unwrap();
        assert_eq!((no.decision, no.chains.len()), (Decision::Deny(Reason::NotFound), 0));
    }

    /// D8: those who can are left out or named one by one, each by whether their own role is in sight, whoever else holds roles.
    async fn each_who_can_is_named_by_their_own_role(world: World) {
        let seeded = Seeded::new(world).await;
        let dora = PrincipalId::Person(seeded.user("dora").await);
        let (tx, now) = (&mut seeded.world.db.reader().await.unwrap(), seeded.world.ctx().now);
        let all: Vec<RoleAssignmentId> =
            on!(tx, c => sqlx::query_scalar("SELECT id FROM role_assignments WHERE state = 'active' ORDER BY id").fetch_all(c).await).unwrap();
        let authority = seeded.door.authority_of(tx, dora, now).await.unwrap();
        let home = authority.live(now).find_map(|held| held.extent.anchor()).unwrap();
        let (mut able, mut named, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for role in roles::list_all(tx, &all).await.unwrap() {
            let one = (role.principal, Decision::Allow(vec![role.id]));
            if organisation::store::path(tx, role.organisation).await.unwrap().unwrap().is_under(home) {
                named.push(one.clone());
            }
            own.extend((role.principal == dora).then_some(one.clone()));
            able.push(one);
        }
        assert!(named.len() > 1 && named.len() + 1 < able.len(), "{named:?}");
        let sight = Sight::of(&authority, now);
        for one in &named {
            let alone = vec![vec![one.clone()]];
            assert_eq!(in_sight(tx, (None, &sight), alone.clone()).await.unwrap(), alone, "among others or not");
        }
        assert_eq!(in_sight(tx, (None, &sight), vec![able.clone()]).await.unwrap(), [named]);
        let nowhere = Sight::of(&Authority::none(dora), now);
        assert_eq!(in_sight(tx, (Some(dora), &nowhere), vec![able]).await.unwrap(), [own], "nobody is hidden from themself");
    }

    /// D1, D2: who can do something is exactly everybody to whom the decision says yes, none missing and none more.
    async fn who_can_is_everybody_to_whom_the_decision_says_yes(world: World) {
        let seeded = Seeded::new(world).await;
        let imas = seeded.group("IMAS_PORTAL_USER").await;
        // An operator is one everywhere, whatever was asked for below.
        let felix = PrincipalId::Person(seeded.user("felix").await);
        let console = seeded.world.ctx_of(PrincipalId::Console);
        let given: db::Result<()> = transact!(seeded.world.db, tx => {
            let root = organisation::store::find_root(tx).await?.unwrap().id;
            let wanted = GrantRole {
                to: felix,
                role: "Operator".to_owned(),
                organisation: root,
                include_sub_levels: false,
                applications: Applications::All,
                validity: Validity::default(),
            };
            let permit = seeded.door.authorise(tx, &console, wanted).await.unwrap();
            grant(tx, permit, seeded.door.roles(), &console).await.unwrap();
            Ok(())
        });
        given.unwrap();
        let everybody = everybody(&seeded).await;
        let (tx, now) = (&mut seeded.world.db.reader().await.unwrap(), seeded.world.ctx().now);
        let mut found = 0;
        for name in ["fred", "paul", "felix", "dora"] {
            let user = user::store::find(tx, seeded.user(name).await).await.unwrap().unwrap();
            for action in [Action::from(UpdateUser { user: user.id }), AssignMembership { user: user.id, group: imas }.into()] {
                let (able, whole) = who_can(tx, &seeded.door, (&action, user.organisation), now).await.unwrap();
                assert!(whole);
                let able: BTreeSet<PrincipalId> = able.into_iter().map(|(principal, _)| principal).collect();
                let mut asked_one_by_one = BTreeSet::new();
                for principal in &everybody {
                    let decision = seeded.door.explain(tx, *principal, &action, now).await.unwrap();
                    if matches!(decision, Decision::Allow(_)) {
                        asked_one_by_one.insert(*principal);
                    }
                }
                assert_eq!(able, asked_one_by_one, "{name}: {action:?}");
                found += able.len();
            }
        }
        assert!(found > 8, "hardly anybody can do anything: {found}");
    }

    /// D1: of more than a thousand who hold a role there, it is said that not all were asked.
    async fn who_can_says_when_not_everybody_was_asked(world: World) {
        let seeded = Seeded::new(world).await;
        let fred = Action::from(UpdateUser { user: seeded.user("fred").await });
        let now = seeded.world.ctx().now;
        let tx = &mut seeded.world.db.reader().await.unwrap();
        let place = user::store::find(tx, seeded.user("fred").await).await.unwrap().unwrap().organisation;
        let (_, whole) = who_can(tx, &seeded.door, (&fred, place), now).await.unwrap();
        assert!(whole);
        let present = roles::list_principals_reaching(tx, place, now, (2 * MOST, 0)).await.unwrap().len();
        let dora = roles::list_of(tx, PrincipalId::Person(seeded.user("dora").await)).await.unwrap().pop().unwrap();
        for (more, expected) in [(MOST - present, true), (1, false)] {
            let added: db::Result<()> = transact!(seeded.world.db, tx => {
                for _ in 0..more {
                    let id = seeded.world.entropy.uuid(now);
                    let principal = PrincipalId::Person(UserId(id));
                    let one = RoleAssignment { id: RoleAssignmentId(id), principal, organisation: place, valid_from: now, ..dora.clone() };
                    roles::insert(tx, &one).await?;
                }
                Ok(())
            });
            added.unwrap();
            let tx = &mut seeded.world.db.reader().await.unwrap();
            let (able, whole) = who_can(tx, &seeded.door, (&fred, place), now).await.unwrap();
            assert_eq!(whole, expected, "{more} more");
            assert!(able.len() < present, "nobody is there to whom the new roles belong");
        }
    }
}
