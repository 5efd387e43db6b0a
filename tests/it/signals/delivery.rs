//! What is queued arrives: again after a failure, once in spite of many nodes, and never at the cost of others.

use std::time::Duration;

use chamberlain::db::transact;
use chamberlain::directory::client;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::sessions::end;
use chamberlain::signals::deliver::deliver;
use chamberlain::signals::delivery_store::list_of_client;
use chamberlain::signals::fan_out::fan_out;
use chamberlain::signals::model::{Sent, State};
use chamberlain::tokens::mint::Kind;

use crate::support::relying_party::Provider;
use crate::support::told::{Arrived, Telling};

const FRED: &str = "fred.perry@bank-a.example";
const PAUL: &str = "paul";

/// Somebody signs in at these applications and out again, and the word about it is queued.
async fn leaves(telling: &Telling, email: &str, clients: &[&str]) {
    let provider = &telling.provider;
    let browser = provider.signed_in(email).await;
    for client in clients {
        provider.tokens(&provider.relying_party(client), &browser).await;
    }
    let user = provider.user(email).await;
    let ctx = provider.world.ctx_of(PrincipalId::Person(user));
    let ended: Result<u64, end::EndError> = transact!(provider.world.db, tx => end::end_all(tx, user, &ctx).await);
    ended.unwrap();
    telling.queue().await;
}

async fn sent(provider: &Provider, client: &str) -> Vec<Sent> {
    let tx = &mut provider.world.db.reader().await.unwrap();
    let client = client::store::find_by_client_id(tx, client).await.unwrap().unwrap();
    list_of_client(tx, client.id, 100).await.unwrap()
}

fn paths(arrived: &[Arrived]) -> Vec<&str> {
    arrived.iter().map(|one| one.path.as_str()).collect()
}

on_both! {
    /// R11: an application that is down is told when it is up again, with a fresh token each time; the tries are spread out, and the state
    /// can be seen.
    async fn an_application_that_is_down_is_told_later(world: World) {
        let telling = Telling::new(world).await;
        let clock = &telling.provider.world.clock;
        telling.tells("imas").await;
        telling.receiver.script.lock().unwrap().extend([500, 503, 429]);
        leaves(&telling, FRED, &["imas"]).await;
        let mut tokens = Vec::new();
        for wait in [2, 4, 8] {
            let arrived = telling.send().await;
            assert_eq!(paths(&arrived), ["/imas/logout"]);
            tokens.push(telling.read(&arrived[0], Kind::LogoutToken).await);
            assert!(telling.send().await.is_empty(), "not at once");
            clock.advance(Duration::from_secs(wait));
        }
        let seen = &sent(&telling.provider, "imas").await[0];
        assert_eq!((seen.state, seen.attempts, seen.answer.as_deref()), (State::Queued, 3, Some("HTTP 429")));
        let arrived = telling.send().await;
        tokens.push(telling.read(&arrived[0], Kind::LogoutToken).await);
        assert_eq!(sent(&telling.provider, "imas").await[0].state, State::Sent);
        let mut ids: Vec<_> = tokens.iter().map(|token| token["jti"].to_string()).collect();
        assert!(tokens.iter().all(|token| token["exp"].as_i64().unwrap() - token["iat"].as_i64().unwrap() == 120));
        assert!(tokens[3]["iat"].as_i64() > tokens[0]["iat"].as_i64());
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 4, "a replay guard refuses none of them");
        clock.advance(Duration::from_hours(2));
        assert!(telling.send().await.is_empty(), "once taken it is over");
    }

    /// A no is a no; a word of the application is kept if it is an error code. After a day it is over, whatever was answered.
    async fn a_refusal_is_final_and_so_is_a_day(world: World) {
        let telling = Telling::new(world).await;
        let clock = &telling.provider.world.clock;
        telling.tells("imas").await;
        telling.receiver.script.lock().unwrap().push_back(400);
        leaves(&telling, FRED, &["imas"]).await;
        telling.send().await;
        clock.advance(Duration::from_hours(1));
        assert!(telling.send().await.is_empty());
        let seen = &sent(&telling.provider, "imas").await[0];
        assert_eq!((seen.state, seen.answer.as_deref()), (State::Failed, Some("HTTP 400 invalid_request")));
        telling.receiver.script.lock().unwrap().extend([500; 40]);
        leaves(&telling, FRED, &["imas"]).await;
        clock.advance(Duration::from_hours(24));
        assert!(telling.send().await.is_empty());
        assert_eq!(sent(&telling.provider, "imas").await[0].state, State::Expired);
        leaves(&telling, FRED, &["imas"]).await;
        for _ in 0..20 {
            telling.send().await;
            clock.advance(Duration::from_mins(40));
        }
        let seen = &sent(&telling.provider, "imas").await[0];
        assert_eq!((seen.state, seen.attempts), (State::Failed, 11), "not for ever");
    }

    /// IN-07, OA-21: a redirect is not followed; it is a refusal.
    async fn in_07_no_redirect_is_followed(world: World) {
        let telling = Telling::new(world).await;
        telling.tells("imas").await;
        telling.receiver.script.lock().unwrap().push_back(302);
        leaves(&telling, FRED, &["imas"]).await;
        assert_eq!(paths(&telling.send().await), ["/imas/logout"]);
        let seen = &sent(&telling.provider, "imas").await[0];
        assert_eq!((seen.state, seen.answer.as_deref()), (State::Failed, Some("HTTP 302")));
    }

    /// R10: an application that hangs costs the others nothing, and itself not one call per message.
    async fn r10_an_application_that_hangs_holds_up_no_other(world: World) {
        let telling = Telling::new(world).await;
        telling.tells("imas").await;
        for _ in 0..20 {
            leaves(&telling, FRED, &["imas"]).await;
        }
        telling.tells("casper").await;
        telling.receiver.script.lock().unwrap().extend([0; 8]);
        leaves(&telling, FRED, &["casper"]).await;
        let arrived = telling.send().await;
        let of = |path: &str| arrived.iter().filter(|one| one.path == path).count();
        assert_eq!((of("/casper/logout"), of("/imas/logout")), (1, 8), "the share of one client");
        // When it answers again all of it arrives.
        telling.provider.world.clock.advance(Duration::from_secs(2));
        assert_eq!(telling.send().await.len(), 20);
        assert!(sent(&telling.provider, "imas").await.iter().all(|one| one.state == State::Sent));
    }

    /// Several nodes run the jobs at once: each token is sent once.
    async fn two_nodes_send_nothing_twice(world: World) {
        let telling = Telling::new(world).await;
        telling.tells("imas").await;
        telling.tells("casper").await;
        let Provider { world, oidc, .. } = &telling.provider;
        let paul = telling.provider.demo.accounts.iter().find(|one| one.email.starts_with(PAUL)).unwrap().email.clone();
        for round in 0..4 {
            for email in [FRED, paul.as_str()] {
                let browser = telling.provider.signed_in(email).await;
                telling.provider.tokens(&telling.provider.relying_party("imas"), &browser).await;
            }
            for email in [FRED, paul.as_str()] {
                let user = telling.provider.user(email).await;
                let ctx = world.ctx_of(PrincipalId::Person(user));
                let ended: Result<u64, end::EndError> = transact!(world.db, tx => end::end_all(tx, user, &ctx).await);
                ended.unwrap();
            }
            let (door, now) = (&oidc.app.door, world.clock.now());
            let queue = async || loop {
                match fan_out(&world.db, door, &world.entropy, now).await {
                    Err(error) if error.is_retryable() => {}
                    done => return done.unwrap(),
                }
            };
            let queued = tokio::join!(queue(), queue(), queue());
            assert_eq!(queued.0 + queued.1 + queued.2, 2, "round {round}");
            let send = async || loop {
                match deliver(&world.db, &telling.sender).await {
                    Err(error) if error.is_retryable() => {}
                    done => return done.unwrap(),
                }
            };
            let taken = tokio::join!(send(), send(), send());
            assert_eq!((taken.0 + taken.1 + taken.2, telling.receiver.arrived().len()), (2, 2), "round {round}");
        }
    }

    /// A client that was switched off, or takes no tokens any more, is told nothing.
    async fn who_is_not_to_be_told_any_more_is_not_told(world: World) {
        let telling = Telling::new(world).await;
        telling.tells("imas").await;
        leaves(&telling, FRED, &["imas"]).await;
        telling.provider.set("imas", |settings| settings.backchannel_logout_uri = None).await;
        assert!(telling.send().await.is_empty());
        assert_eq!(sent(&telling.provider, "imas").await[0].state, State::Dropped);
    }
}
