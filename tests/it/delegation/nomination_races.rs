//! Two at once about nominations: exactly one wins, and what is counted holds (D6, D14).

use chamberlain::kernel::ids::{NominationId, PrincipalId, RoleAssignmentId, UserId};

use crate::support::{At, Consortium, Failure};

/// 40 in `make test`; more by `CHAMBERLAIN_ROUNDS`.
fn rounds() -> usize {
    std::env::var("CHAMBERLAIN_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(40)
}

/// Tries again while the database asks for it, as a client told "busy" would.
macro_rules! insist {
    ($asked:expr) => {
        loop {
            match $asked.await {
                Err(Failure::Db(error)) if error.is_retryable() => {}
                outcome => break outcome,
            }
        }
    };
}

async fn nominate(all: &Consortium, by: UserId, email: &str, at: At) -> Result<NominationId, Failure> {
    insist!(all.nominate(PrincipalId::Person(by), email, "CoordinatorContact", at)).map(|made| made.id)
}

async fn accept(all: &Consortium, user: UserId, nomination: NominationId) -> Result<Option<RoleAssignmentId>, Failure> {
    insist!(all.accept(user, nomination)).map(|role| role.map(|role| role.id))
}

async fn coordinator(all: &Consortium) -> (UserId, At) {
    let at = (all.acme, Some(all.project));
    let pcoco = all.person(all.acme, "Petra").await;
    all.assign(PrincipalId::Console, pcoco, "PrimaryCoordinatorContact", at).await.unwrap();
    (pcoco, at)
}

on_both! {
    /// P34, D6, D14, DA-28: two nominations for the last place: one is refused.
    async fn the_last_place_is_given_once(world: World) {
        let all = Consortium::found(world).await;
        let (pcoco, at) = coordinator(&all).await;
        let mut kept = Vec::new();
        for round in 0..rounds() {
            // They wait for days, and many rounds last longer.
            if round % 1_000 == 0 {
                for old in kept.drain(..) {
                    all.withdraw(PrincipalId::Person(pcoco), old).await.unwrap();
                }
                for n in 0..3 {
                    kept.push(nominate(&all, pcoco, &format!("kept{n}@a.example"), at).await.unwrap());
                }
            }
            // Within the hour only so many are made.
            all.world.clock.advance(std::time::Duration::from_mins(3));
            let (one, two) = (format!("one{round}@a.example"), format!("two{round}@a.example"));
            let (one, two) = tokio::join!(nominate(&all, pcoco, &one, at), nominate(&all, pcoco, &two, at));
            let won: Vec<_> = [one, two].into_iter().flatten().collect();
            assert_eq!(won.len(), 1, "round {round}");
            all.withdraw(PrincipalId::Person(pcoco), won[0]).await.unwrap();
        }
    }

    /// D14: one nomination accepted twice at once gives one role.
    async fn a_nomination_accepted_twice_at_once_gives_one_role(world: World) {
        let all = Consortium::found(world).await;
        let (pcoco, at) = coordinator(&all).await;
        let cora = all.person(all.acme, "Cora").await;
        for round in 0..rounds() {
            all.world.clock.advance(std::time::Duration::from_hours(3));
            let made = nominate(&all, pcoco, &Consortium::address("Cora"), at).await.unwrap();
            let (one, two) = tokio::join!(accept(&all, cora, made), accept(&all, cora, made));
            let given: Vec<_> = [one, two].into_iter().flatten().flatten().collect();
            assert_eq!(given.len(), 1, "round {round}");
            assert_eq!(all.held(cora).await.len(), 1, "round {round}");
            all.revoke(PrincipalId::Person(pcoco), given[0]).await.unwrap();
        }
    }

    /// D4, D7: accepting against the revocation of whoever nominated ends in one of two ways, and never half.
    async fn accepting_against_the_revocation_of_the_nominator_is_settled_once(world: World) {
        let all = Consortium::found(world).await;
        let (pcoco, at) = coordinator(&all).await;
        let (peer, cora) = (all.person(all.acme, "Peer").await, all.person(all.acme, "Cora").await);
        for round in 0..rounds() {
            all.world.clock.advance(std::time::Duration::from_hours(3));
            let role = all.assign(PrincipalId::Person(pcoco), peer, "CoordinatorContact", at).await;
            let role = match role {
                Ok(role) => role,
                // Only who is administered is chosen; peers are named.
                Err(_) => {
                    let made = nominate(&all, pcoco, &Consortium::address("Peer"), at).await.unwrap();
                    accept(&all, peer, made).await.unwrap().unwrap()
                }
            };
            let made = nominate(&all, peer, &Consortium::address("Cora"), at).await.unwrap();
            let revoking = async { insist!(all.revoke(PrincipalId::Person(pcoco), role)) };
            let (given, revoked) = tokio::join!(accept(&all, cora, made), revoking);
            revoked.unwrap();
            let given = given.unwrap();
            assert_eq!(all.held(cora).await.len(), usize::from(given.is_some()), "round {round}");
            if let Some(given) = given {
                all.revoke(PrincipalId::Person(pcoco), given).await.unwrap();
            }
            assert!(accept(&all, cora, made).await.is_err(), "settled either way");
        }
    }
}
