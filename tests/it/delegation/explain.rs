//! Why somebody can do something, and who can.

use std::collections::BTreeSet;

use chamberlain::authority::action::{AssignMembership, GrantRole, UpdateUser};
use chamberlain::authority::{Action, Applications, Authority, Decision, Reason, Validity};
use chamberlain::db::{self, transact};
use chamberlain::delegation::explain::{Eyes, MOST, explain, who_can, who_can_each};
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

    /// D8: what others can do is judged by their roles in sight and by no others, each for themself, and among others the same; one's own all
    /// count.
    async fn each_who_can_is_named_by_their_roles_in_sight(world: World) {
        let seeded = Seeded::new(world).await;
        let dora = PrincipalId::Person(seeded.user("dora").await);
        let fred = user::store::find(&mut seeded.world.db.reader().await.unwrap(), seeded.user("fred").await).await.unwrap().unwrap();
        let (tx, now) = (&mut seeded.world.db.reader().await.unwrap(), seeded.world.ctx().now);
        let authority = seeded.door.authority_of(tx, dora, now).await.unwrap();
        let home = authority.live(now).find_map(|held| held.extent.anchor()).unwrap();
        let (sight, nowhere) = (Sight::of(&authority, now), Sight::of(&Authority::none(dora), now));
        let action = [Action::from(UpdateUser { user: fred.id })];
        let (mut seen, mut hidden, mut able) = (0, 0, BTreeSet::new());
        for somebody in everybody(&seeded).await {
            let mut expected = BTreeSet::new();
            let whole = seeded.door.authority_of(tx, somebody, now).await.unwrap();
            for role in roles::list_all(tx, &whole.assignments.iter().map(|held| held.id).collect::<Vec<_>>()).await.unwrap() {
                let inside = organisation::store::path(tx, role.organisation).await.unwrap().unwrap().is_under(home);
                expected.extend(inside.then_some(role.id));
            }
            let held = Eyes::Of(None, &sight).held_by(tx, &seeded.door, somebody, now).await.unwrap();
            assert_eq!(held.assignments.iter().map(|held| held.id).collect::<BTreeSet<_>>(), expected);
            (seen, hidden) = (seen + expected.len(), hidden + whole.assignments.len() - expected.len());
            let judged = seeded.door.explain_held(tx, (std::slice::from_ref(&held), &action), now).await.unwrap();
            able.extend(judged.into_iter().filter(|(_, one)| matches!(one.as_slice(), [Decision::Allow(_)])).map(|(who, _)| who));
            let own = Eyes::Of(Some(somebody), &nowhere).held_by(tx, &seeded.door, somebody, now).await.unwrap();
            assert_eq!(own, whole, "nobody is hidden from themself");
        }
        assert!(seen > 1 && hidden > 1, "{seen}, {hidden}");
        let asked = (Eyes::Of(None, &sight), action.as_slice());
        let (found, _) = who_can_each(tx, &seeded.door, asked, (fred.organisation, 0), now).await.unwrap();
        assert_eq!(found[0].iter().map(|(who, _)| *who).collect::<BTreeSet<_>>(), able);
        assert!(!able.is_empty());
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
