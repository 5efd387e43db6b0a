//! The audit log as administrators see it: what happened in their scope, and nothing else (D8, D10).

use chamberlain::audit::{Event, Kind, Subject};
use chamberlain::authority::action::ReadUser;
use chamberlain::authority::{Applications, Authority, Door, Extent};
use chamberlain::delegation::audit_store::{Search, View, explain, list};
use chamberlain::kernel::ids::{PrincipalId, SessionId, UserId};

use crate::support::{Bank, Consortium, World, only};

/// What somebody sees of the log: kind and about whom.
async fn seen(bank: &Bank, by: UserId) -> Vec<(Kind, uuid::Uuid)> {
    seen_in(&bank.world, &bank.door, by).await
}

async fn seen_in(world: &World, door: &Door, by: UserId) -> Vec<(Kind, uuid::Uuid)> {
    let tx = &mut world.db.reader().await.unwrap();
    let now = world.clock.now();
    let authority = door.authority_of(tx, PrincipalId::Person(by), now).await.unwrap();
    listed(world, &authority).await
}

async fn listed(world: &World, authority: &Authority) -> Vec<(Kind, uuid::Uuid)> {
    let tx = &mut world.db.reader().await.unwrap();
    let now = world.clock.now();
    let (kind, channel, organisation, actor) = (None, None, None, None);
    let (subject, since, until, after) = (None, None, None, None);
    let view = View::of(authority, now);
    let search = Search { view, kind, channel, organisation, actor, subject, since, until, after };
    let rows = list(tx, &search, 1_000).await.unwrap();
    rows.into_iter().map(|row| (Kind::parse(&row.kind).unwrap(), row.subject_id)).collect()
}

on_both! {
    /// DA-42, DA-34: an administrator reads what happened in their levels, whoever did it, and nothing of others.
    async fn the_log_of_other_levels_is_not_read(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        let [here, below, above, beside, other] = [
            bank.person(bank.germany, "Gustav").await,
            bank.person(bank.frankfurt, "Frank").await,
            bank.person(bank.bank_b, "Bruno").await,
            bank.person(bank.france, "Francine").await,
            bank.person(bank.bank_a, "Anna").await,
        ];
        let log = seen(&bank, admin).await;
        for user in [here, below] {
            assert!(log.contains(&(Kind::UserCreated, user.0)));
        }
        for user in [above, beside, other] {
            assert!(!log.iter().any(|(_, subject)| *subject == user.0));
        }
        assert!(!log.iter().any(|(kind, _)| matches!(kind, Kind::ApplicationCreated | Kind::GroupCreated)));
        assert_eq!(seen(&bank, here).await, [], "who administers nothing reads nothing");
    }

    /// DA-42, D8: nor what is about an application that one does not administer.
    async fn the_log_of_other_applications_is_not_read(world: World) {
        let bank = Bank::found(world).await;
        let user = bank.person(bank.germany, "Gustav").await;
        bank.assign(PrincipalId::Console, user, bank.casper_submitter).await.unwrap();
        let admin = bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        bank.appoint(admin, "ApplicationAccessAdmin", bank.france, true, only(&[bank.casper])).await;
        let assigned = (Kind::MembershipAssigned, user.0);
        assert!(!seen(&bank, admin).await.contains(&assigned), "CASPER in France is not CASPER in Germany");
        bank.assign(PrincipalId::Console, user, bank.imas_user).await.unwrap();
        assert_eq!(seen(&bank, admin).await.iter().filter(|event| **event == assigned).count(), 1);
        // Roles by the applications that they are for.
        let hidden = bank.appoint(user, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.casper])).await;
        let both = bank.appoint(user, "ApplicationAccessAdmin", bank.frankfurt, true, only(&[bank.casper, bank.imas])).await;
        let log = seen(&bank, admin).await;
        assert!(!log.iter().any(|(_, subject)| *subject == hidden.0) && log.iter().any(|(_, subject)| *subject == both.0));
        let people = bank.user_admin(bank.germany, true, "Gerda").await;
        assert_eq!(seen(&bank, people).await.iter().filter(|event| **event == assigned).count(), 2);
    }

    /// D8: who sees the roles of an organisation and not its people reads what became of roles, and not who signed in there or what
    /// became of an account.
    async fn the_log_of_people_out_of_sight_is_not_read(world: World) {
        let companies = Consortium::found(world).await;
        let lear = companies.person(companies.acme, "lea").await;
        let user = companies.person(companies.acme, "ada").await;
        let here = (companies.acme, None);
        companies.assign(PrincipalId::Console, lear, "LEAR", here).await.unwrap();
        let role = companies.assign(PrincipalId::Console, user, "AccountAdministrator", here).await.unwrap();
        let log = seen_in(&companies.world, &companies.door, lear).await;
        assert!(log.iter().any(|(_, subject)| *subject == role.0), "roles are told: {log:?}");
        assert!(log.contains(&(Kind::UserCreated, lear.0)), "and what happened to oneself");
        assert!(!log.iter().any(|(_, subject)| *subject == user.0), "{log:?}");
        let operator = companies.person(companies.root, "olga").await;
        companies.operate(PrincipalId::Person(operator)).await;
        let log = seen_in(&companies.world, &companies.door, operator).await;
        assert!(log.contains(&(Kind::UserCreated, user.0)), "with the people come their events");
        // Whoever reads the log of the whole installation reads all of it, whatever else they see.
        let (tx, now) = (&mut companies.world.db.reader().await.unwrap(), companies.world.clock.now());
        let mut auditor = companies.door.authority_of(tx, PrincipalId::Person(lear), now).await.unwrap();
        auditor.assignments[0].extent = Extent::Everywhere;
        assert!(listed(&companies.world, &auditor).await.contains(&(Kind::UserCreated, user.0)));
    }

    /// D8: nor is anything left out where there are many levels.
    async fn the_log_of_many_levels_is_read_whole(world: World) {
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.germany, true, "Gerda").await;
        for number in 0..55 {
            bank.organisation(Some(bank.germany), &format!("Branch {number}")).await;
        }
        let log = seen(&bank, admin).await;
        let made = log.iter().filter(|(kind, _)| *kind == Kind::OrganisationCreated);
        assert_eq!(made.count(), 57, "Germany, Frankfurt and their branches");
    }

    /// D10: what is read is logged with the right by which it was; the console has none.
    async fn a_reading_names_the_assignment_that_allowed_it(world: World) {
        let bank = Bank::found(world).await;
        let gerda = bank.person(bank.germany, "Gerda").await;
        let role = bank.appoint(gerda, "DelegatedUserAdmin", bank.germany, true, Applications::All).await;
        let user = bank.person(bank.frankfurt, "Frank").await;
        for (actor, via) in [(PrincipalId::Person(gerda), Some(role)), (PrincipalId::Console, None)] {
            let (tx, ctx) = (&mut bank.world.db.reader().await.unwrap(), bank.world.ctx_of(actor));
            assert_eq!(bank.door.authorise_read(tx, &ctx, ReadUser { user }).await.unwrap(), via);
        }
    }

    /// D8: what a small scope, one person's doings or one kind of event come to is read along an index, however long the log is.
    async fn a_small_part_of_a_large_log_is_read_along_an_index(world: World) {
        const MANY: usize = 10_000;
        let bank = Bank::found(world).await;
        let admin = bank.user_admin(bank.frankfurt, true, "Frank").await;
        let wide = bank.user_admin(bank.root, true, "Rita").await;
        let operator = bank.person(bank.root, "Olga").await;
        bank.appoint(operator, "Operator", bank.root, true, chamberlain::authority::Applications::All).await;
        let expected = seen(&bank, admin).await;
        let ctx = bank.world.ctx_of(PrincipalId::Person(wide));
        let done: chamberlain::db::Result<()> = chamberlain::transact!(bank.world.db, tx => {
            let subject = || Subject::Session(SessionId(ctx.uuid()));
            let events = (0..MANY).map(|_| (None, Event::new(Kind::SignedIn, subject()).within(bank.bank_a)));
            chamberlain::audit::record_all(tx, &ctx, events.collect()).await?;
            if let chamberlain::db::Tx::Postgres(inner) = tx {
                sqlx::query("ANALYZE").execute(inner.connection()).await?;
            }
            Ok(())
        });
        done.unwrap();
        assert_eq!(seen(&bank, admin).await, expected);
        let tx = &mut bank.world.db.reader().await.unwrap();
        let now = bank.world.clock.now();
        let mut search = Search {
            view: View::of(&bank.door.authority_of(tx, PrincipalId::Person(admin), now).await.unwrap(), now),
            kind: None,
            channel: None,
            organisation: None,
            actor: None,
            subject: None,
            since: None,
            until: None,
            after: None,
        };
        let plan = explain(tx, &search, 50).await.unwrap();
        assert!(plan.contains("audit_events_organisation") && !whole(&plan), "a small scope: {plan}");
        search.view = View::of(&bank.door.authority_of(tx, PrincipalId::Person(operator), now).await.unwrap(), now);
        let one = Search { organisation: Some(bank.frankfurt), ..search.clone() };
        let plan = explain(tx, &one, 50).await.unwrap();
        assert!(plan.contains("audit_events_organisation") && !whole(&plan), "one level: {plan}");
        let one = Search { actor: Some(admin.0), ..search.clone() };
        let plan = explain(tx, &one, 50).await.unwrap();
        assert!(plan.contains("audit_events_actor") && !whole(&plan), "an actor: {plan}");
        let one = Search { subject: Some(admin.0), ..search.clone() };
        let plan = explain(tx, &one, 50).await.unwrap();
        assert!(plan.contains("audit_events_subject") && !whole(&plan), "a subject: {plan}");
        let one = Search { kind: Some(Kind::RoleGranted), ..search };
        let plan = explain(tx, &one, 50).await.unwrap();
        assert!(plan.contains("audit_events_kind") && !whole(&plan), "a kind: {plan}");
    }
}

/// Whether a plan reads the whole log, or walks along it in the order of time.
fn whole(plan: &str) -> bool {
    ["Seq Scan on audit_events", "SCAN e", "audit_events_at"].iter().any(|sign| plan.contains(sign))
}
