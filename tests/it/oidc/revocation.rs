//! Token revocation (RFC 7009).

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chamberlain::db::{Db, Tx};
use serde_json::Value;

use super::refusals::{of_kind, refused};
use crate::support::relying_party::{Answer, Provider, form};
use crate::support::state;

const FRED: &str = "fred.perry@bank-a.example";

async fn revoke(provider: &Provider, by: &str, token: &str) -> Answer {
    provider.post("/oauth2/revoke", Some(by), &[("token", token)]).await
}

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap().to_owned()
}

async fn taken_back(db: &Db) -> i64 {
    const COUNT: &str = "SELECT count(*) FROM revoked_access_tokens";
    match &mut db.reader().await.unwrap() {
        Tx::Sqlite(tx) => sqlx::query_scalar(COUNT).fetch_one(tx.connection()).await.unwrap(),
        Tx::Postgres(tx) => sqlx::query_scalar(COUNT).fetch_one(tx.connection()).await.unwrap(),
    }
}

on_both! {
    /// RFC 7009 §2.1, OA-26: a refresh token takes its whole grant with it, at once; so does one that was rotated away.
    async fn oa_26_a_revoked_refresh_token_ends_all_of_its_grant(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for rotated in [false, true] {
            let first = provider.tokens(&imas, &browser).await;
            let second = provider.refresh(&imas, &text(&first, "refresh_token")).await.json();
            let other = provider.tokens(&imas, &browser).await;
            let given = if rotated { &first } else { &second };
            let answer = revoke(&provider, &imas.basic(), &text(given, "refresh_token")).await;
            assert_eq!((answer.status, answer.body.as_str(), answer.header("cache-control")), (StatusCode::OK, "", "no-store"));
            assert_eq!(provider.refresh(&imas, &text(&second, "refresh_token")).await.error(), "invalid_grant");
            for tokens in [&first, &second] {
                assert_eq!(provider.userinfo(&text(tokens, "access_token")).await.status, StatusCode::UNAUTHORIZED);
            }
            assert_eq!(provider.userinfo(&text(&other, "access_token")).await.status, StatusCode::OK, "another grant");
        }
        let log = of_kind(&provider, chamberlain::audit::Kind::TokenRevoked).await;
        assert!(log.len() == 2 && log.iter().all(|details| details["token"] == "refresh_token"), "{log:?}");
        assert!(provider.get(&browser, &imas.authorize(&[])).await.param("code").is_some(), "the session goes on");
    }

    /// RFC 7009 §2.1: an access token is taken back by itself, of a person and of a service; on every node.
    async fn an_access_token_is_taken_back_by_itself(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let first = provider.tokens(&imas, &browser).await;
        let second = provider.refresh(&imas, &text(&first, "refresh_token")).await.json();
        assert_eq!(revoke(&provider, &imas.basic(), &text(&first, "access_token")).await.status, StatusCode::OK);
        assert_eq!(provider.userinfo(&text(&first, "access_token")).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.another_node().await.userinfo(&text(&first, "access_token")).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.userinfo(&text(&second, "access_token")).await.status, StatusCode::OK);
        let (service, _) = provider.service(0);
        let own = provider.post("/oauth2/token", Some(&service), &[("grant_type", "client_credentials")]).await.json();
        let works = async || provider.oidc.tokens.verify(&provider.world.db, own["access_token"].as_str().unwrap(), provider.world.clock.now()).await.is_ok();
        assert!(works().await);
        let pairs = [("token", own["access_token"].as_str().unwrap()), ("token_type_hint", "refresh_token")];
        assert_eq!(provider.post("/oauth2/revoke", Some(&service), &pairs).await.status, StatusCode::OK, "a wrong hint does not matter");
        assert!(!works().await);
        assert_eq!(taken_back(&provider.world.db).await, 2);
        assert_eq!(revoke(&provider, &service, own["access_token"].as_str().unwrap()).await.status, StatusCode::OK);
        assert_eq!(of_kind(&provider, chamberlain::audit::Kind::TokenRevoked).await.len(), 2, "once each");
        let forgotten: chamberlain::db::Result<()> = chamberlain::transact!(provider.world.db, tx => {
            chamberlain::tokens::revoked_store::remove_expired(tx, provider.world.clock.now().plus(std::time::Duration::from_hours(1))).await
        });
        forgotten.unwrap();
        assert_eq!(taken_back(&provider.world.db).await, 0, "what has expired need not be remembered");
    }

    /// OA-32, RFC 7009 §2.2: another client's token, an unknown one and nonsense are answered alike and change nothing.
    async fn oa_32_a_token_of_another_client_is_answered_with_200_and_works_on(world: World) {
        let provider = Provider::new(world).await;
        let (imas, casper) = (provider.relying_party("imas"), provider.relying_party("casper"));
        let tokens = provider.tokens(&imas, &provider.signed_in(FRED).await).await;
        let before = state(&provider.world.db, &["audit_events"]).await;
        let long = "x".repeat(8_000);
        let foreign = [text(&tokens, "access_token"), text(&tokens, "refresh_token")];
        for token in foreign.iter().map(String::as_str).chain(["unknown", "a.b.c", "é", &long]) {
            let answer = revoke(&provider, &casper.basic(), token).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""), "{token}");
        }
        assert_eq!(state(&provider.world.db, &["audit_events"]).await, before);
        assert_eq!(refused(&provider).await.len(), 2, "each of the two tries is in the log");
        assert_eq!(provider.userinfo(&foreign[0]).await.status, StatusCode::OK);
        assert_eq!(provider.refresh(&imas, &foreign[1]).await.status, StatusCode::OK);
    }

    /// RFC 7009 §2.1 and §2.2.1: who does not prove itself, and what is no request.
    async fn rfc_7009_section_2_2_1_errors_are_those_of_the_token_endpoint(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let token = text(&provider.tokens(&imas, &provider.signed_in(FRED).await).await, "access_token");
        let answer = provider.post("/oauth2/revoke", None, &[("token", &token)]).await;
        assert_eq!((answer.status, answer.error()), (StatusCode::UNAUTHORIZED, "invalid_client".to_owned()));
        assert!(answer.header("www-authenticate").starts_with("Basic"));
        let answer = provider.post("/oauth2/revoke", Some(&imas.basic()), &[("token_type_hint", "access_token")]).await;
        assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "invalid_request".to_owned()));
        assert_eq!(provider.userinfo(&token).await.status, StatusCode::OK);
        assert_eq!(refused(&provider).await.len(), 2);
    }

    /// RFC 7009 §2.1 and §2.3: a public client gives back its own tokens from a page of its own (SE-13).
    async fn a_public_client_revokes_from_its_own_origin(world: World) {
        use chamberlain::directory::client::model::{AuthMethod, ClientKind};
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let tokens = provider.tokens(&imas, &provider.signed_in(FRED).await).await;
        provider.reconfigure("imas", |client| {
            client.kind = ClientKind::Spa;
            client.settings.token_endpoint_auth_method = AuthMethod::None;
            client.settings.cors_origins = vec!["https://app.example".to_owned()];
        }).await;
        let from = async |origin: &str, client: &str| {
            let request = Request::post("/oauth2/revoke").header(header::ORIGIN, origin)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let pairs = [("client_id", client), ("token", tokens["refresh_token"].as_str().unwrap())];
            provider.send(request.body(Body::from(form(&pairs))).unwrap()).await
        };
        assert_eq!(from("https://evil.example", "imas").await.header("access-control-allow-origin"), "");
        let answer = from("https://app.example", "imas").await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::OK, "https://app.example"));
        assert_eq!(provider.userinfo(&text(&tokens, "access_token")).await.status, StatusCode::UNAUTHORIZED);
    }
}
