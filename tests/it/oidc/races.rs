//! Races between three nodes with connections and caches of their own: exactly one wins, whoever it is (OA-10, OA-23, OA-26).
//!
//! On PostgreSQL these are three pools as of three processes; on SQLite three handles on one file. `CHAMBERLAIN_ROUNDS` sets
//! how often each race is run.

use std::sync::Arc;

use axum::http::StatusCode;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::sessions;
use chamberlain::transact;
use tokio::task::JoinSet;

use crate::support::relying_party::{Answer, Browser, Provider, RelyingParty};

const FRED: &str = "fred.perry@bank-a.example";

/// How many ask at once.
const AT_ONCE: usize = 32;

fn rounds(usually: usize) -> usize {
    std::env::var("CHAMBERLAIN_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usually)
}

struct Nodes {
    nodes: [Arc<Provider>; 3],
    imas: RelyingParty,
    browser: Browser,
}

impl Nodes {
    async fn start(world: crate::support::World) -> Self {
        let one = Provider::new(world).await;
        let (two, three) = (one.another_node().await, one.another_node().await);
        let (imas, browser) = (one.relying_party("imas"), one.signed_in(FRED).await);
        Self { nodes: [one, two, three].map(Arc::new), imas, browser }
    }

    /// Everybody at once, spread over the nodes.
    async fn all<F: Future<Output = Answer> + Send + 'static>(
        &self,
        ask: impl Fn(Arc<Provider>, RelyingParty) -> F,
    ) -> (Vec<Answer>, Vec<Answer>) {
        let mut tasks = JoinSet::new();
        for number in 0..AT_ONCE {
            tasks.spawn(ask(Arc::clone(&self.nodes[number % 3]), self.imas.clone()));
        }
        tasks.join_all().await.into_iter().partition(|answer| answer.status == StatusCode::OK)
    }

    /// Nothing of the family works at any node.
    async fn is_dead(&self, won: &Answer) {
        let (access, refresh) = (won.json()["access_token"].clone(), won.json()["refresh_token"].clone());
        for node in &self.nodes {
            assert_eq!(node.userinfo(access.as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
            assert_eq!(node.refresh(&self.imas, refresh.as_str().unwrap()).await.error(), "invalid_grant");
        }
    }
}

on_both! {
    /// OA-10, I3, R20: 32 redemptions of one code: one success, and the others end what it gave.
    async fn oa_10_one_code_at_three_nodes_gives_one_success_and_the_losers_end_it(world: World) {
        let nodes = Nodes::start(world).await;
        for _ in 0..rounds(40) {
            let code = nodes.nodes[0].code(&nodes.imas, &nodes.browser).await;
            let (won, lost) = nodes.all(|node, imas| {
                let code = code.clone();
                async move { node.redeem(&imas, &code).await }
            }).await;
            assert_eq!(won.len(), 1);
            for answer in lost {
                assert_eq!(answer.error(), "invalid_grant", "{}", answer.body);
            }
            nodes.is_dead(&won[0]).await;
        }
    }

    /// OA-10, I3 (RFC 8628 §3.5): 32 questions of a device that was let in: one success, and the others end what it gave.
    async fn oa_10_one_device_code_at_three_nodes_gives_one_success(world: World) {
        let nodes = Nodes::start(world).await;
        nodes.nodes[0].lets_devices_in("imas").await;
        for _ in 0..rounds(40) {
            let begun = nodes.nodes[0].begun(&nodes.imas).await;
            let browser = nodes.nodes[1].signed_in(FRED).await;
            nodes.nodes[1].approve(&browser, &begun).await;
            let (won, lost) = nodes.all(|node, imas| {
                let begun = begun.clone();
                async move { node.poll(&imas, &begun).await }
            }).await;
            assert_eq!(won.len(), 1);
            for answer in lost {
                assert_eq!(answer.error(), "invalid_grant", "{}", answer.body);
            }
            nodes.is_dead(&won[0]).await;
            // Ten codes of one person in ten minutes.
            nodes.nodes[0].world.clock.advance(std::time::Duration::from_mins(1));
        }
    }

    /// RFC 8628 §3.3: of two answers about one device at two nodes one counts.
    async fn one_device_is_decided_about_once_at_three_nodes(world: World) {
        let nodes = Nodes::start(world).await;
        nodes.nodes[0].lets_devices_in("imas").await;
        for round in 0..rounds(40) {
            let begun = nodes.nodes[0].begun(&nodes.imas).await;
            let mut answers = Vec::new();
            for (number, verb) in ["allow", "deny", "allow"].into_iter().enumerate() {
                let node = Arc::clone(&nodes.nodes[(round + number) % 3]);
                // Three people: nobody is asked more than ten times in ten minutes.
                let email = [FRED, "anna.berg@bank-a.example", "felix.brandt@bank-b.example"][number];
                let browser = node.signed_in(email).await;
                let page = node.asked_about(&browser, &begun).await;
                answers.push(async move {
                    let answer = node.decide(&browser, &page, verb).await;
                    answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/device/done")
                });
            }
            let mut tasks = JoinSet::new();
            for answer in answers {
                tasks.spawn(answer);
            }
            let counted = tasks.join_all().await.into_iter().filter(|counted| *counted).count();
            assert_eq!(counted, 1);
            nodes.nodes[0].world.clock.advance(std::time::Duration::from_secs(61));
        }
    }

    /// OA-23, I4, R19: one refresh token 32 times: one new pair, the others `invalid_grant`, and the family is over.
    async fn oa_23_one_refresh_token_at_three_nodes_gives_one_pair(world: World) {
        let nodes = Nodes::start(world).await;
        for _ in 0..rounds(40) {
            let tokens = nodes.nodes[1].tokens(&nodes.imas, &nodes.browser).await;
            let token = tokens["refresh_token"].as_str().unwrap().to_owned();
            let (won, lost) = nodes.all(|node, imas| {
                let token = token.clone();
                async move { node.refresh(&imas, &token).await }
            }).await;
            assert_eq!(won.len(), 1);
            for answer in lost {
                assert_eq!(answer.error(), "invalid_grant", "{}", answer.body);
            }
            nodes.is_dead(&won[0]).await;
        }
    }

    /// OA-26, I7: whatever a refresh that races with a logout gives, nothing of it works once the logout was answered.
    async fn oa_26_a_refresh_that_races_with_a_logout_leaves_nothing_alive(world: World) {
        let nodes = Nodes::start(world).await;
        for round in 0..rounds(40) {
            let (here, there) = (&nodes.nodes[round % 3], Arc::clone(&nodes.nodes[(round + 1) % 3]));
            let mut browser = here.browser();
            let session = here.sign_in(&mut browser, FRED).await;
            let tokens = here.tokens(&nodes.imas, &browser).await;
            let (imas, token) = (nodes.imas.clone(), tokens["refresh_token"].as_str().unwrap().to_owned());
            let refresh = tokio::spawn(async move { there.refresh(&imas, &token).await });
            let ctx = here.world.ctx_of(PrincipalId::Person(session.user));
            let ended: Result<(), sessions::end::EndError> =
                transact!(here.world.db, tx => sessions::end::end(tx, session.user, session.id, &ctx).await);
            ended.unwrap();
            let answer = refresh.await.unwrap();
            let last = if answer.status == StatusCode::OK { answer.json() } else { tokens.clone() };
            for node in &nodes.nodes {
                assert_eq!(node.userinfo(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
                assert_eq!(node.userinfo(last["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
                assert_eq!(node.refresh(&nodes.imas, last["refresh_token"].as_str().unwrap()).await.error(), "invalid_grant");
            }
        }
    }
}
