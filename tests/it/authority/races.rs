//! Two at once: the rules that count somebody hold under concurrency (D6, SD5).

use std::time::Duration;

use chamberlain::authority::action::{AssignMembership, BlockUser, NameDeputy, RemoveMembership, UpdateOrganisation};
use chamberlain::authority::{Applications, Reason};
use chamberlain::delegation::deputy::name;
use chamberlain::directory::membership::assign;
use chamberlain::directory::organisation::update as organisations;
use chamberlain::directory::user::{delete, guard::Guard};
use chamberlain::kernel::ids::{PrincipalId, RoleAssignmentId, UserId};
use chamberlain::transact;
use tokio::sync::Notify;

use crate::support::{Bank, Failure, failure, only};

/// Tries again while the database asks for it, as a client told "busy" would.
async fn insist(bank: Bank, by: PrincipalId, role: RoleAssignmentId) -> Result<(), Failure> {
    loop {
        match bank.revoke(by, role, None).await {
            Err(Failure::Db(error)) if error.is_retryable() => {}
            outcome => return outcome,
        }
    }
}

/// Makes somebody the deputy of whoever holds a role.
async fn lend(bank: &Bank, holder: UserId, (assignment, deputy): (RoleAssignmentId, UserId)) {
    let ctx = bank.world.ctx_of(PrincipalId::Person(holder));
    let until = ctx.now.plus(Duration::from_hours(48));
    let action = NameDeputy { assignment, deputy, from: None, until };
    let done: Result<(), Failure> = transact!(bank.world.db, tx => {
        let permit = bank.door.authorise(tx, &ctx, action.clone()).await?;
        name::name(tx, permit, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

/// What ends somebody's rights.
#[derive(Clone, Copy, Debug)]
enum End {
    Role(RoleAssignmentId),
    Account(UserId),
    Level,
}

async fn end(bank: &Bank, how: End) -> Result<(), Failure> {
    let ctx = bank.world.ctx_of(PrincipalId::Console);
    match how {
        End::Role(role) => bank.revoke(PrincipalId::Console, role, Some("leaves")).await,
        End::Account(user) => transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, BlockUser { user }).await?;
            let guard = Guard { roles: bank.door.roles(), reason: Some("leaves") };
            delete::set_blocked(tx, permit, true, guard, &ctx).await.map(drop).map_err(failure)
        }),
        End::Level => transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, UpdateOrganisation { organisation: bank.germany }).await?;
            organisations::deactivate(tx, permit, &ctx).await.map(drop).map_err(failure)
        }),
    }
}

/// Assigns, and in the middle of it, decided and not yet written, has the rights of who assigns end. What came of it, and
/// whether the end was answered before the membership was written.
async fn assign_while_ending(bank: &Bank, admin: UserId, user: UserId, how: End) -> (Result<(), Failure>, bool) {
    let ctx = bank.world.ctx_of(PrincipalId::Person(admin));
    let (decided, answered) = (Notify::new(), Notify::new());
    let mut waited = None;
    let assigning = async {
        transact!(bank.world.db, tx => {
            let permit = bank.door.authorise(tx, &ctx, AssignMembership { user, group: bank.imas_user }).await?;
            if waited.is_none() {
                decided.notify_one();
                waited = Some(tokio::time::timeout(Duration::from_millis(300), answered.notified()).await.is_ok());
            }
            assign::assign(tx, permit, None, &ctx).await.map(drop).map_err(failure)
        })
    };
    let ending = async {
        decided.notified().await;
        end(bank, how).await.unwrap();
        answered.notify_one();
    };
    let (outcome, ()) = tokio::join!(assigning, ending);
    (outcome, waited.unwrap())
}

on_both! {
    /// DA-31, SD8: between a decision and its write no revocation is answered; after one, nothing is written.
    async fn a_revocation_does_not_slip_in_between_a_decision_and_its_write(world: World) {
        let bank = Bank::found(world).await;
        bank.access_admin(bank.germany, true, &[bank.imas], "Ada").await;
        let user = bank.person(bank.frankfurt, "Frank").await;
        for (round, kind) in ["role", "account", "lent", "level"].into_iter().enumerate() {
            let admin = bank.person(bank.germany, &format!("Agnes {round}")).await;
            let holder = if kind == "lent" { bank.person(bank.germany, "Hilda").await } else { admin };
            let role = bank.appoint(holder, "ApplicationAccessAdmin", bank.germany, true, only(&[bank.imas])).await;
            if kind == "lent" {
                lend(&bank, holder, (role, admin)).await;
            }
            let how = match kind {
                "role" | "lent" => End::Role(role),
                "account" => End::Account(admin),
                _ => End::Level,
            };
            let (outcome, answered) = assign_while_ending(&bank, admin, user, how).await;
            assert!(outcome.is_err() || !answered, "{how:?} was answered, and then a membership was written");
            let late = bank.assign(PrincipalId::Person(admin), user, bank.imas_user).await.unwrap_err();
            assert_eq!(late.reason(), Reason::NotFound, "{how:?}");
            let ctx = bank.world.ctx_of(PrincipalId::Console);
            let cleared: Result<(), Failure> = transact!(bank.world.db, tx => {
                let permit = bank.door.authorise(tx, &ctx, RemoveMembership { user, group: bank.imas_user }).await?;
                assign::remove(tx, permit, &ctx).await.map_err(failure)
            });
            cleared.unwrap();
        }
    }

    async fn da_23_the_last_two_administrators_cannot_remove_each_other(world: World) {
        let bank = Bank::found(world).await;
        for round in 0..10 {
            let level = bank.organisation(Some(bank.bank_a), &format!("Branch {round}")).await;
            let one = bank.person(level, &format!("One {round}")).await;
            let two = bank.person(level, &format!("Two {round}")).await;
            let role_one = bank.appoint(one, "DelegatedUserAdmin", level, true, Applications::All).await;
            let role_two = bank.appoint(two, "DelegatedUserAdmin", level, true, Applications::All).await;
            let (first, second) = tokio::join!(
                insist(bank.clone(), PrincipalId::Person(one), role_two),
                insist(bank.clone(), PrincipalId::Person(two), role_one),
            );
            assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "round {round}: {first:?} {second:?}");
        }
    }

    async fn of_many_who_add_the_same_membership_one_succeeds(world: World) {
        let bank = Bank::found(world).await;
        let user = bank.person(bank.germany, "Gustav").await;
        let attempts = (0..8).map(|_| bank.assign(PrincipalId::Console, user, bank.imas_user));
        let mut succeeded = 0;
        for outcome in join_all(attempts).await {
            match outcome {
                Ok(()) => succeeded += 1,
                Err(Failure::UseCase(_)) => {}
                Err(Failure::Db(error)) if error.is_retryable() => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(succeeded, 1);
    }
}

/// Polls all of them at once.
async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, output) in pending.iter_mut().filter(|(_, output)| output.is_none()) {
            if let std::task::Poll::Ready(value) = future.as_mut().poll(context) {
                *output = Some(value);
            }
        }
        if pending.iter().all(|(_, output)| output.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    pending.into_iter().filter_map(|(_, output)| output).collect()
}
