//! The refusal contract at the token endpoint: one record for each refusal, with its reason, and no flood of them.

use chamberlain::audit::Kind;
use serde_json::{Value, json};

use crate::support::relying_party::{Provider, RelyingParty};
use crate::support::state;

const FRED: &str = "fred.perry@bank-a.example";

/// The details of every refusal in the log.
pub(super) async fn refused(provider: &Provider) -> Vec<Value> {
    of_kind(provider, Kind::TokenRefused).await
}

pub(super) async fn of_kind(provider: &Provider, kind: Kind) -> Vec<Value> {
    let tx = &mut provider.world.db.reader().await.unwrap();
    let found: Vec<String> = match tx {
        chamberlain::db::Tx::Sqlite(tx) => sqlx::query_scalar("SELECT details FROM audit_events WHERE kind = $1 ")
            .bind(kind.as_str())
            .fetch_all(tx.connection())
            .await
            .unwrap(),
        chamberlain::db::Tx::Postgres(tx) => {
            sqlx::query_scalar("SELECT details::text FROM audit_events WHERE kind = $1 ")
                .bind(kind.as_str())
                .fetch_all(tx.connection())
                .await
                .unwrap()
        }
    };
    found.into_iter().map(|text| serde_json::from_str(&text).unwrap()).collect()
}

/// What else may change when a request is refused: nothing.
async fn rest(provider: &Provider) -> impl PartialEq + std::fmt::Debug {
    state(&provider.world.db, &["audit_events"]).await
}

on_both! {
    /// OA-39, OA-30, OA-27, OA-50: whatever a client is refused for is in the log once, with a reason, and changes nothing else.
    async fn every_refused_token_request_is_recorded_once_with_its_reason(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let refresh = provider.tokens(&imas, &browser).await["refresh_token"].as_str().unwrap().to_owned();
        let (service, _) = provider.service(0);
        let wrong = RelyingParty { secret: "wrong".to_owned(), ..imas.clone() };
        let nobody = RelyingParty { client_id: "nobody-with-a-secret-in-its-name".to_owned(), ..imas.clone() };
        let before = rest(&provider).await;
        let grant = |name| ("grant_type", name);
        let cases: Vec<(&str, &str, String, Vec<(&str, &str)>)> = vec![
            ("invalid_client", "wrong secret", wrong.basic(), vec![grant("client_credentials")]),
            ("invalid_client", "no such client", nobody.basic(), vec![grant("client_credentials")]),
            ("invalid_client", "two proofs at once", imas.basic(), vec![grant("client_credentials"), ("client_secret", "x")]),
            ("invalid_client", "an assertion of another type", String::new(), vec![grant("client_credentials"), ("client_assertion", "x")]),
            ("invalid_client", "a malformed header", "Basic !".to_owned(), vec![]),
            ("invalid_client", "no client named", String::new(), vec![]),
            ("invalid_client", "another method than the registered one", String::new(), vec![("client_id", "imas"), ("client_secret", &imas.secret)]),
            ("unauthorized_client", "unauthorized_client", imas.basic(), vec![grant("client_credentials")]),
            ("unsupported_grant_type", "unsupported_grant_type", imas.basic(), vec![grant("password")]),
            ("invalid_request", "grant_type is missing", imas.basic(), vec![]),
            ("invalid_target", "invalid_target", service.clone(), vec![grant("client_credentials"), ("resource", "https://x.example")]),
            ("invalid_scope", "invalid_scope", service.clone(), vec![grant("client_credentials"), ("scope", "roles:write")]),
            ("invalid_scope", "invalid_scope", imas.basic(), vec![grant("refresh_token"), ("refresh_token", &refresh), ("scope", "phone")]),
            ("invalid_grant", "unknown", imas.basic(), vec![grant("authorization_code"), ("code", "x")]),
            ("invalid_grant", "unknown, expired, revoked, or another client's", imas.basic(), vec![grant("refresh_token"), ("refresh_token", "x")]),
        ];
        for (number, (error, reason, authorization, pairs)) in cases.iter().enumerate() {
            let authorization = Some(authorization.as_str()).filter(|text| !text.is_empty());
            let answer = provider.post("/oauth2/token", authorization, pairs).await;
            assert_eq!(answer.error(), *error, "{reason}");
            assert!(!answer.body.contains(reason) || *error == "invalid_request" || error == reason, "the reason is for the log: {}", answer.body);
            let log = refused(&provider).await;
            let this = json!({"error": error, "reason": reason, "times": 1});
            let same = cases[..=number].iter().filter(|case| (case.0, case.1) == (*error, *reason)).count();
            assert_eq!((log.len(), log.iter().filter(|details| **details == this).count()), (number + 1, same), "{reason}: {log:?}");
        }
        assert_eq!(rest(&provider).await, before);
        let log = format!("{:?}", state(&provider.world.db, &[]).await["audit_events"]);
        assert!(!log.contains(&imas.secret) && !log.contains("nobody-with"), "neither secrets nor what the sender wrote");
    }

    /// R14: a flood is counted, not copied, into the log; another client, another reason and the next hour have records of
    /// their own.
    async fn a_flood_of_refusals_leaves_few_records_that_say_how_many(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let wrong = RelyingParty { secret: "wrong".to_owned(), ..imas.clone() };
        let ask = async |party: &RelyingParty| {
            let answer = provider.post("/oauth2/token", Some(&party.basic()), &[("grant_type", "client_credentials")]).await;
            assert_eq!(answer.status, 401);
        };
        for _ in 0..200 {
            ask(&wrong).await;
        }
        let mut times: Vec<_> = refused(&provider).await.iter().map(|details| details["times"].as_u64().unwrap()).collect();
        times.sort_unstable();
        assert_eq!(times, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 40, 80, 160]);
        ask(&RelyingParty { client_id: "casper".to_owned(), ..wrong.clone() }).await;
        ask(&RelyingParty { client_id: "nobody".to_owned(), ..wrong.clone() }).await;
        provider.world.clock.advance(std::time::Duration::from_hours(1));
        ask(&wrong).await;
        let log = refused(&provider).await;
        assert_eq!((log.len(), log.iter().filter(|details| details["times"] == 1).count()), (17, 4), "{log:?}");
    }

    /// OA-09, OA-22, I6: the reuse that ends a family is one record; trying on changes nothing and is counted like any other.
    async fn a_reuse_is_recorded_once_and_further_tries_are_counted(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let code = provider.code(&imas, &browser).await;
        let first = provider.redeem(&imas, &code).await.json();
        for _ in 0..30 {
            assert_eq!(provider.redeem(&imas, &code).await.error(), "invalid_grant");
        }
        assert_eq!(of_kind(&provider, Kind::TokenReplayed).await.len(), 1);
        let log = refused(&provider).await;
        assert!(log.len() == 11 && log.iter().all(|details| details["reason"] == "used before"), "{log:?}");
        let before = log.len();
        let tokens = provider.tokens(&imas, &browser).await;
        let token = tokens["refresh_token"].as_str().unwrap();
        provider.refresh(&imas, token).await;
        for _ in 0..30 {
            assert_eq!(provider.refresh(&imas, token).await.error(), "invalid_grant");
        }
        assert_eq!(of_kind(&provider, Kind::TokenReplayed).await.len(), 2);
        assert_eq!(refused(&provider).await.len() - before, 11);
        assert_ne!(first["refresh_token"], tokens["refresh_token"]);
    }

    /// The refusal contract, R14: a token that is not accepted at `UserInfo` is in the log without being in it, and a flood is
    /// counted; to ask without one is no try.
    async fn bearers_that_are_turned_away_are_recorded(world: World) {
        let provider = Provider::new(world).await;
        let before = rest(&provider).await;
        assert_eq!(provider.plain_get("/oauth2/userinfo").await.status, 401);
        assert!(of_kind(&provider, Kind::BearerRefused).await.is_empty());
        for _ in 0..50 {
            assert_eq!(provider.userinfo("a-token-that-is-none").await.status, 401);
        }
        let log = of_kind(&provider, Kind::BearerRefused).await;
        let mut times: Vec<_> = log.iter().map(|details| details["times"].as_u64().unwrap()).collect();
        times.sort_unstable();
        assert_eq!(times, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 40]);
        assert!(log.iter().all(|details| details["reason"] == "invalid_token at UserInfo"), "{log:?}");
        assert_eq!(rest(&provider).await, before);
        assert!(!format!("{:?}", state(&provider.world.db, &[]).await["audit_events"]).contains("a-token-that-is-none"));
    }
}
