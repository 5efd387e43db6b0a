//! Two at once: the rules that count somebody hold under concurrency (D6, SD5).

use chamberlain::authority::Applications;
use chamberlain::kernel::ids::PrincipalId;

use crate::support::{Bank, Failure};

/// Tries again while the database asks for it, as a client told "busy" would.
async fn insist(bank: Bank, by: PrincipalId, role: chamberlain::kernel::ids::RoleAssignmentId) -> Result<(), Failure> {
    loop {
        match bank.revoke(by, role, None).await {
            Err(Failure::Db(error)) if error.is_retryable() => {}
            outcome => return outcome,
        }
    }
}

on_both! {
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
