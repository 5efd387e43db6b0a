//! How many nominations somebody makes, until when they are answered, by whom, and what takes one back (D5, D12).

use std::time::Duration;

use chamberlain::authority::action::{BlockUser, GrantRole, NameDeputy, Nominate};
use chamberlain::authority::{Applications, Door, Validity};
use chamberlain::delegation::deputy::name;
use chamberlain::delegation::grant;
use chamberlain::delegation::nomination::model::Nomination;
use chamberlain::delegation::nomination::nominate::{MAX_IN_AN_HOUR, MAX_TO_ONE_IN_A_DAY, nominate};
use chamberlain::delegation::nomination::{accept, store as nominations, withdraw};
use chamberlain::delegation::profile::{SHIPPED, load};
use chamberlain::directory::user::{delete, guard::Guard, store as people};
use chamberlain::kernel::ids::{PrincipalId, UserId};
use chamberlain::transact;

use crate::support::{At, Consortium, Failure, failure};

const CONSOLE: PrincipalId = PrincipalId::Console;
const ROLE: &str = "AccountAdministrator";

/// The shipped profile with a role that is granted, has deputies and names account administrators.
fn with_secretaries() -> String {
    let profile = SHIPPED.iter().find(|(name, _)| *name == "participant-portal").unwrap().1;
    let lear = "granted_by = [{ role = \"LEAR\", relation = \"same-organisation\" }, ";
    assert!(profile.contains(lear));
    let named = format!("{lear}{{ role = \"Secretary\", relation = \"same-organisation\" }}, ");
    let role = r#"
[[roles]]
code = "Secretary"
scope = "organisation"
sub_levels = "never"
deputies = true
permissions = [
  "user.read", "role.read", "role.grant", "organisation.read", "organisation.request_change", "project.read",
]
granted_by = [{ role = "Operator", relation = "any" }]
revoked_by = [{ role = "Operator", relation = "any" }]
"#;
    format!("{}{role}", profile.replacen(lear, &named, 1))
}

async fn lear(all: &Consortium) -> (UserId, At) {
    let (lea, acme) = (all.person(all.acme, "Lea").await, (all.acme, None));
    all.assign(CONSOLE, lea, "LEAR", acme).await.unwrap();
    (lea, acme)
}

async fn block(all: &Consortium, user: UserId, blocked: bool) {
    let ctx = all.world.ctx_of(CONSOLE);
    let guard = Guard { roles: all.door.roles(), reason: Some("reason") };
    let done: Result<(), Failure> = transact!(all.world.db, tx => {
        let permit = all.door.authorise(tx, &ctx, BlockUser { user }).await?;
        delete::set_blocked(tx, permit, blocked, guard, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

on_both! {
    /// Each is a mail to an address of somebody's choice: so many in an hour, and the console as many as it likes.
    async fn somebody_names_sixty_people_in_an_hour_and_one_ten_times_in_a_day(world: World) {
        let all = Consortium::found(world).await;
        let (lea, acme) = lear(&all).await;
        let by = PrincipalId::Person(lea);
        for number in 0..MAX_IN_AN_HOUR {
            all.nominate(by, &format!("n{number}@new.example"), ROLE, acme).await.unwrap();
        }
        let too_many = all.nominate(by, "more@new.example", ROLE, acme).await.unwrap_err();
        all.nominate(CONSOLE, "more@new.example", ROLE, acme).await.unwrap();
        all.world.clock.advance(Duration::from_hours(1));
        for _ in 0..MAX_TO_ONE_IN_A_DAY {
            let made = all.nominate(by, "one@new.example", ROLE, acme).await.unwrap();
            all.withdraw(by, made.id).await.unwrap();
        }
        let again = all.nominate(by, "one@new.example", ROLE, acme).await.unwrap_err();
        assert_eq!(again.to_string(), too_many.to_string());
        all.nominate(by, "two@new.example", ROLE, acme).await.unwrap();
        all.world.clock.advance(Duration::from_hours(24));
        all.nominate(by, "one@new.example", ROLE, acme).await.unwrap();
    }

    /// The console is not counted by the hour.
    async fn the_console_names_more_than_sixty_in_an_hour(world: World) {
        let all = Consortium::found(world).await;
        for number in 0..=MAX_IN_AN_HOUR {
            all.nominate(CONSOLE, &format!("n{number}@new.example"), ROLE, (all.acme, None)).await.unwrap();
        }
    }

    /// D12: from its last instant on it is answered by nobody; and before, only by somebody who can sign in.
    async fn a_nomination_is_answered_in_time_by_somebody_who_is_not_blocked(world: World) {
        let all = Consortium::found(world).await;
        let (lea, acme) = lear(&all).await;
        let by = PrincipalId::Person(lea);
        let [ada, abe] = [all.person(all.acme, "Ada").await, all.person(all.acme, "Abe").await];
        let first = all.nominate(by, &Consortium::address("Ada"), ROLE, acme).await.unwrap();
        let second = all.nominate(by, &Consortium::address("Abe"), ROLE, acme).await.unwrap();
        assert!(first.is_open(all.world.clock.now()));
        block(&all, ada, true).await;
        all.accept(ada, first.id).await.unwrap_err();
        block(&all, ada, false).await;
        all.accept(ada, first.id).await.unwrap().unwrap();
        all.world.clock.advance(second.expires_at.since(all.world.clock.now()));
        assert!(!second.is_open(all.world.clock.now()));
        all.accept(abe, second.id).await.unwrap_err();
    }

    /// D3: being allowed to name somebody elsewhere, or for something else, takes nothing back here.
    async fn a_nomination_is_taken_back_by_who_may_name_for_that_very_place(world: World) {
        let all = Consortium::found(world).await;
        let (lea, acme) = lear(&all).await;
        let by = PrincipalId::Person(lea);
        let (beta, project) = ((all.beta, None), Some(all.project));
        let ours = all.nominate(by, "a@new.example", ROLE, acme).await.unwrap();
        let theirs = all.nominate(CONSOLE, "b@new.example", ROLE, beta).await.unwrap();
        let other = all.nominate(CONSOLE, "c@new.example", "FinancialSignatory", acme).await.unwrap();
        let within = all.nominate(CONSOLE, "d@new.example", "TaskManager", (all.acme, project)).await.unwrap();
        let elsewhere = all.nominate(CONSOLE, "e@new.example", "TaskManager", (all.beta, project)).await.unwrap();
        for (allowed, meant) in [(&ours, &theirs), (&ours, &other), (&within, &elsewhere), (&elsewhere, &within)] {
            let ctx = all.world.ctx_of(CONSOLE);
            let done: Result<(), Failure> = transact!(all.world.db, tx => {
                let permit = all.door.authorise(tx, &ctx, allowed.withdrawal(ctx.now)).await?;
                withdraw::withdraw(tx, permit, meant, &ctx).await.map_err(failure)
            });
            assert!(matches!(done, Err(Failure::UseCase(_))), "{done:?}");
        }
        all.withdraw(by, ours.id).await.unwrap();
    }

    /// D12: what was open in a project is taken back when the organisation leaves it, and nothing else is.
    async fn nominations_in_a_project_end_when_the_organisation_leaves_it(world: World) {
        let all = Consortium::found(world).await;
        let project = Some(all.project);
        let left = all.nominate(CONSOLE, "a@new.example", "TaskManager", (all.beta, project)).await.unwrap();
        let here = all.nominate(CONSOLE, "b@new.example", "TaskManager", (all.acme, project)).await.unwrap();
        let beside = all.nominate(CONSOLE, "c@new.example", ROLE, (all.beta, None)).await.unwrap();
        all.leave(all.beta).await.unwrap();
        let tx = &mut all.world.db.reader().await.unwrap();
        for (made, state) in [(left, "withdrawn"), (here, "open"), (beside, "open")] {
            let found = nominations::find(tx, made.id).await.unwrap().unwrap();
            assert_eq!(found.state.as_str(), state);
        }
    }

    /// Who declines takes no role, and the address is forgotten once nobody needs it.
    async fn a_nomination_is_declined_and_its_address_forgotten(world: World) {
        let all = Consortium::found(world).await;
        let (lea, acme) = lear(&all).await;
        let by = PrincipalId::Person(lea);
        let ada = all.person(all.acme, "Ada").await;
        let made = all.nominate(by, &Consortium::address("Ada"), ROLE, acme).await.unwrap();
        let open = all.nominate(by, "b@new.example", ROLE, acme).await.unwrap();
        let ctx = all.world.ctx_of(PrincipalId::Person(ada));
        let done: Result<(), Failure> = transact!(all.world.db, tx => {
            let person = people::find(tx, ada).await?.expect("somebody");
            accept::decline(tx, all.door.roles(), (&made, accept::Owner::Account(&person)), &ctx).await.map_err(failure)
        });
        done.unwrap();
        assert!(all.held(ada).await.is_empty());
        all.world.clock.advance(Duration::from_secs(1));
        let now = all.world.clock.now();
        let done: Result<(), Failure> = transact!(all.world.db, tx => Ok(nominations::forget_addresses(tx, now).await?));
        done.unwrap();
        let tx = &mut all.world.db.reader().await.unwrap();
        let found = nominations::find(tx, made.id).await.unwrap().unwrap();
        assert_eq!((found.state.as_str(), found.email.as_str()), ("declined", ""));
        let found = nominations::find(tx, open.id).await.unwrap().unwrap();
        assert_eq!((found.state.as_str(), found.email.as_str()), ("open", "b@new.example"));
    }

    /// D5, D11: nobody takes what a deputy named them for by their own right.
    async fn nobody_accepts_what_their_deputy_named_them_for(world: World) {
        let mut all = Consortium::found(world).await;
        let roles = load(&with_secretaries()).unwrap().roles;
        all.door = Door::new(roles).following(all.world.db.changes());
        let [sam, dee, eve] = [
            all.person(all.acme, "Sam").await,
            all.person(all.acme, "Dee").await,
            all.person(all.acme, "Eve").await,
        ];
        let action = GrantRole {
            to: PrincipalId::Person(sam),
            role: "Secretary".to_owned(),
            organisation: all.acme,
            include_sub_levels: false,
            applications: Applications::All,
            validity: Validity::default(),
        };
        let (console, ctx) = (all.world.ctx_of(CONSOLE), all.world.ctx_of(PrincipalId::Person(sam)));
        let done: Result<(), Failure> = transact!(all.world.db, tx => {
            let permit = all.door.authorise(tx, &console, action.clone()).await?;
            let held = grant::grant(tx, permit, all.door.roles(), &console).await.map_err(failure)?;
            let until = ctx.now.plus(Duration::from_hours(48));
            let lent = NameDeputy { assignment: held.id, deputy: dee, from: None, until };
            let permit = all.door.authorise(tx, &ctx, lent).await?;
            name::name(tx, permit, &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
        let (ctx, end) = (all.world.ctx_of(PrincipalId::Person(dee)), ctx.now.plus(Duration::from_hours(24)));
        let named: Result<Vec<Nomination>, Failure> = transact!(all.world.db, tx => {
            let mut named = Vec::new();
            for who in ["Sam", "Eve"] {
                let validity = Validity { from: None, until: Some(end) };
                let action = Nominate { validity, ..Consortium::action(ROLE, (all.acme, None), None) };
                let permit = all.door.authorise(tx, &ctx, action).await?;
                let email = Consortium::address(who).parse().unwrap();
                let made = nominate(tx, permit, all.door.roles(), &email, &ctx).await.map_err(failure)?;
                named.push(made);
            }
            Ok(named)
        });
        let [own, other] = <[Nomination; 2]>::try_from(named.unwrap()).unwrap();
        let refused = all.accept(sam, own.id).await.unwrap_err();
        assert_eq!(refused.to_string(), "nobody can accept a nomination of their own");
        all.accept(eve, other.id).await.unwrap().unwrap();
    }
}
