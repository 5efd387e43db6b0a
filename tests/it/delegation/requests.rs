//! Who hears of a request to take a role away, and of its answer (D5).

use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::delegation::request::answerable::{ROUND, answerable};
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::notify::{DevOutbox, Transports, deliver_due};

use crate::support::{At, Consortium, outbox};

const CONSOLE: PrincipalId = PrincipalId::Console;

struct Post {
    all: Consortium,
    outbox: DevOutbox,
    transports: Transports,
}

impl Post {
    fn of(all: Consortium) -> Self {
        let (outbox, transports) = outbox::in_memory();
        Self { all, outbox, transports }
    }

    async fn holder(&self, name: &str, role: &str, at: At) -> UserId {
        let user = self.all.person(at.0, name).await;
        self.all.assign(CONSOLE, user, role, at).await.unwrap();
        user
    }

    /// Roles of the whole installation are granted.
    async fn operator(&self, name: &str) {
        let somebody = self.all.person(self.all.root, name).await;
        self.all.operate(PrincipalId::Person(somebody)).await;
    }

    /// To whom the new mails go.
    async fn sent(&self) -> Vec<String> {
        let seen = self.outbox.list().len();
        deliver_due(&self.all.world.db, &self.transports, &self.all.world.clock).await.unwrap();
        let mut to: Vec<String> = self.outbox.list().split_off(seen).into_iter().map(|sent| sent.to).collect();
        to.sort();
        to
    }
}

on_both! {
    /// Whoever may take the role away at its place is told, and operators where there is nobody; who asked hears of the answer.
    async fn a_request_is_told_to_who_may_and_its_answer_to_who_asked(world: World) {
        let post = Post::of(Consortium::found(world).await);
        let all = &post.all;
        let (acme, beta, project) = (all.acme, all.beta, Some(all.project));
        post.operator("Olga").await;
        let lear = post.holder("Leo", "LEAR", (beta, None)).await;
        post.holder("Lea", "LEAR", (acme, None)).await;
        post.holder("Petra", "PrimaryCoordinatorContact", (acme, project)).await;
        let pavel = post.holder("Pavel", "ParticipantContact", (beta, project)).await;
        let tim = post.holder("Tim", "TaskManager", (beta, project)).await;
        let paul = post.holder("Paul", "ParticipantContact", (beta, project)).await;
        post.sent().await;
        let role = all.held(tim).await[0].id;
        all.ask(lear, role, "has left us").await.unwrap();
        let address = |name: &str| Consortium::address(name);
        assert_eq!(post.sent().await, [address("Paul"), address("Pavel")]);
        all.revoke(PrincipalId::Person(pavel), role).await.unwrap();
        assert_eq!(post.sent().await, [address("Leo"), address("Tim")]);
        // A participant contact is taken away by the other one, and by the coordinator of the project.
        all.ask(lear, all.held(paul).await[0].id, "has left us").await.unwrap();
        assert_eq!(post.sent().await, [address("Pavel"), address("Petra")]);
    }

    /// Who is given a role, or has one taken away, is told at once, and once an hour of the same one; nobody does either to themself (D5).
    async fn who_gains_or_loses_a_role_is_told(world: World) {
        let post = Post::of(Consortium::found(world).await);
        let all = &post.all;
        let here = (all.beta, Some(all.project));
        let pavel = post.holder("Pavel", "ParticipantContact", here).await;
        let tim = all.person(all.beta, "Tim").await;
        post.sent().await;
        let last = || post.outbox.list().pop().unwrap().text;
        all.assign(CONSOLE, tim, "TaskManager", here).await.unwrap();
        assert_eq!(post.sent().await, [Consortium::address("Tim")]);
        assert!(last().contains("you were given the role “TaskManager” at “Beta"), "{}", last());
        all.revoke(PrincipalId::Person(pavel), all.held(tim).await[0].id).await.unwrap();
        assert_eq!(post.sent().await, [Consortium::address("Tim")]);
        assert!(last().contains("you do not hold the role “TaskManager” at “Beta"), "{}", last());
        for _ in 0..3 {
            all.assign(CONSOLE, tim, "TaskManager", here).await.unwrap();
            all.revoke(CONSOLE, all.held(tim).await[0].id).await.unwrap();
        }
        assert!(post.sent().await.is_empty(), "again and again is no news");
        all.world.clock.advance(std::time::Duration::from_hours(2));
        all.assign(CONSOLE, tim, "TaskManager", here).await.unwrap();
        assert_eq!(post.sent().await, [Consortium::address("Tim")]);
    }

    /// D10: nor does a role go unsaid that ends because something else does: the part of an organisation in a project. What waits for a phase
    /// was nobody's.
    async fn who_loses_a_role_with_something_else_is_told(world: World) {
        let post = Post::of(Consortium::found(world).await);
        let all = &post.all;
        let here = (all.beta, Some(all.project));
        post.holder("Pavel", "ParticipantContact", here).await;
        post.holder("Tim", "TaskManager", here).await;
        let later = all.person(all.beta, "Lara").await;
        post.sent().await;
        all.assign_from_phase(CONSOLE, (later, "TeamMember"), here, Some("running")).await.unwrap();
        assert!(post.sent().await.is_empty(), "what waits for a phase is not hers yet");
        all.world.clock.advance(std::time::Duration::from_hours(2));
        post.sent().await;
        all.leave(all.beta).await.unwrap();
        assert_eq!(post.sent().await, [Consortium::address("Pavel"), Consortium::address("Tim")]);
        let mails = post.outbox.list();
        let lost = |name: &str| mails.iter().any(|mail| mail.to == Consortium::address(name) && mail.text.contains("you do not hold the role") && mail.text.contains("(ALPHA-1)"));
        assert!(lost("Pavel") && lost("Tim"), "{mails:?}");
    }

    /// D5: who asks though they could take it away themselves is not told what they said.
    async fn who_asks_is_not_told_of_it(world: World) {
        let post = Post::of(Consortium::found(world).await);
        let all = &post.all;
        let here = (all.beta, Some(all.project));
        let lear = post.holder("Leo", "LEAR", (all.beta, None)).await;
        all.assign(CONSOLE, lear, "ParticipantContact", here).await.unwrap();
        post.holder("Pavel", "ParticipantContact", here).await;
        let tim = post.holder("Tim", "TaskManager", here).await;
        post.sent().await;
        all.ask(lear, all.held(tim).await[0].id, "has left us").await.unwrap();
        assert_eq!(post.sent().await, [Consortium::address("Pavel")]);
    }

    /// P60, P68: what stands near and is for others to answer does not hide what one can answer, however much of it there is.
    async fn requests_for_others_hide_none_of_ones_own(world: World) {
        let post = Post::of(Consortium::found(world).await);
        let all = &post.all;
        let (acme, beta, project) = (all.acme, all.beta, Some(all.project));
        let lea = post.holder("Lea", "LEAR", (acme, None)).await;
        let leo = post.holder("Leo", "LEAR", (beta, None)).await;
        let pavel = post.holder("Pavel", "ParticipantContact", (beta, project)).await;
        for number in 0..=ROUND {
            let one = post.holder(&format!("Theirs{number}"), "TaskManager", (acme, project)).await;
            all.ask(lea, all.held(one).await[0].id, "has left us").await.unwrap();
        }
        let tim = post.holder("Tim", "TaskManager", (beta, project)).await;
        all.ask(leo, all.held(tim).await[0].id, "has left us").await.unwrap();
        let ctx = all.world.ctx_of(PrincipalId::Person(pavel));
        let found = answerable(&mut all.world.db.reader().await.unwrap(), &all.door, 10, &ctx).await.unwrap();
        let about: Vec<_> = found.iter().map(|(_, role)| role.principal).collect();
        assert_eq!(about, [PrincipalId::Person(tim)]);
    }

    /// P60: a role that one role alone takes away, at the same organisation: its holder there is told, and not the one elsewhere.
    async fn who_may_at_the_same_organisation_is_told(world: World) {
        let (_, text) = SHIPPED.iter().find(|(name, _)| *name == "participant-portal").unwrap();
        let (head, tail) = text.split_once("code = \"FinancialSignatory\"").unwrap();
        let (rules, rest) = tail.split_once("revoked_by = [").unwrap();
        let (_, rest) = rest.split_once("\n]\n").unwrap();
        let changed = "revoked_by = [{ role = \"LEAR\", relation = \"same-organisation\" }]\n\
            revocation_requests_by = [{ role = \"AccountAdministrator\", relation = \"same-organisation\" }]\n";
        let text = format!("{head}code = \"FinancialSignatory\"{rules}{changed}{rest}");
        let post = Post::of(Consortium::found_with(world, load(&text).unwrap()).await);
        let all = &post.all;
        post.operator("Olga").await;
        post.holder("Leo", "LEAR", (all.beta, None)).await;
        post.holder("Lea", "LEAR", (all.acme, None)).await;
        let anna = post.holder("Anna", "AccountAdministrator", (all.beta, None)).await;
        let finn = post.holder("Finn", "FinancialSignatory", (all.beta, None)).await;
        post.sent().await;
        all.ask(anna, all.held(finn).await[0].id, "has left us").await.unwrap();
        assert_eq!(post.sent().await, [Consortium::address("Leo")]);
    }

    async fn where_nobody_is_near_operators_are_told(world: World) {
        let post = Post::of(Consortium::found(world).await);
        let all = &post.all;
        post.operator("Olga").await;
        let lear = post.holder("Leo", "LEAR", (all.beta, None)).await;
        let tim = post.holder("Tim", "TaskManager", (all.beta, Some(all.project))).await;
        post.sent().await;
        all.ask(lear, all.held(tim).await[0].id, "has left us").await.unwrap();
        assert_eq!(post.sent().await, [Consortium::address("Olga")]);
        // What ends by itself is an answer, too.
        all.leave(all.beta).await.unwrap();
        assert!(all.held(tim).await.is_empty());
        assert_eq!(post.sent().await, [Consortium::address("Leo"), Consortium::address("Tim")], "and who lost it");
    }
}
