//! Token introspection (RFC 7662) and its signed answers (RFC 9701).

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chamberlain::db::transact;
use chamberlain::directory::client::model::{AuthMethod, ClientKind};
use chamberlain::directory::membership;
use chamberlain::tokens::mint::{self, Kind};
use serde_json::{Value, json};

use super::refusals::refused;
use crate::support::relying_party::{Answer, ISSUER, Provider, RelyingParty, claims, form};
use crate::support::state;

const FRED: &str = "fred.perry@bank-a.example";

async fn ask(provider: &Provider, by: &str, token: &str) -> Answer {
    provider.post("/oauth2/introspect", Some(by), &[("token", token)]).await
}

/// A provider whose IMAS may ask.
async fn asking(world: crate::support::World) -> (Provider, RelyingParty) {
    let provider = Provider::new(world).await;
    provider.set("imas", |settings| settings.introspection = true).await;
    let imas = provider.relying_party("imas");
    (provider, imas)
}

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap().to_owned()
}

pub(super) async fn leave_all_groups(provider: &Provider, email: &str) {
    let user = provider.user(email).await;
    let removed: chamberlain::db::Result<()> = transact!(provider.world.db, tx => {
        for held in membership::store::list_of_user(tx, user).await? {
            membership::store::remove(tx, user, held.group).await?;
        }
        Ok(())
    });
    removed.unwrap();
}

on_both! {
    /// RFC 7662 §2.2, OA-54: what a token is good for, for whom and until when; never cached; nothing of our own beside it.
    async fn rfc_7662_section_2_2_an_application_learns_what_its_tokens_are_good_for(world: World) {
        let (provider, imas) = asking(world).await;
        let browser = provider.signed_in(FRED).await;
        let tokens = provider.tokens(&imas, &browser).await;
        let access = claims(&tokens["access_token"]);
        let answer = ask(&provider, &imas.basic(), &text(&tokens, "access_token")).await;
        assert_eq!((answer.status, answer.header("cache-control"), answer.header("content-type")), (StatusCode::OK, "no-store", "application/json"));
        let told = answer.json();
        for name in ["iss", "aud", "sub", "client_id", "scope", "exp", "iat", "jti", "acr", "amr", "auth_time"] {
            assert_eq!(told[name], access[name], "{name}");
        }
        assert_eq!((&told["active"], &told["token_type"], &told["sub"]), (&json!(true), &json!("Bearer"), &json!(provider.user(FRED).await)));
        assert!(told.get("family").is_none() && told.get("client_epoch").is_none(), "{told}");
        let told = ask(&provider, &imas.basic(), &text(&tokens, "refresh_token")).await.json();
        assert_eq!((&told["active"], &told["client_id"], told.get("token_type")), (&json!(true), &json!("imas"), None));
        let (service, _) = provider.service(0);
        let own = provider.post("/oauth2/token", Some(&service), &[("grant_type", "client_credentials")]).await.json();
        provider.set("hr-bank-a", |settings| settings.introspection = true).await;
        let told = ask(&provider, &service, &text(&own, "access_token")).await.json();
        assert_eq!((&told["active"], &told["sub"], &told["scope"]), (&json!(true), &json!("hr-bank-a"), &own["scope"]));
    }

    /// RFC 7662 §2.1: only a client that proves itself and may ask; each refusal is one record.
    async fn rfc_7662_section_2_1_only_clients_that_may_are_answered(world: World) {
        let (provider, imas) = asking(world).await;
        let token = text(&provider.tokens(&imas, &provider.signed_in(FRED).await).await, "access_token");
        let casper = provider.relying_party("casper");
        let wrong = RelyingParty { secret: "wrong".to_owned(), ..imas.clone() };
        let public = async |on: bool| provider.reconfigure("casper", |client| {
            client.kind = if on { ClientKind::Spa } else { ClientKind::Web };
            client.settings.introspection = on;
            client.settings.token_endpoint_auth_method = if on { AuthMethod::None } else { AuthMethod::ClientSecretBasic };
        }).await;
        let (token, casper_basic) = (token.as_str(), casper.basic());
        let cases = [
            ("invalid_client", 401, None, vec![("token", token)]),
            ("invalid_client", 401, Some(wrong.basic()), vec![("token", token)]),
            ("unauthorized_client", 400, Some(casper_basic), vec![("token", token)]),
            ("invalid_request", 400, Some(imas.basic()), vec![]),
            ("invalid_request", 400, Some(imas.basic()), vec![("token", token), ("token", token)]),
        ];
        for (number, (error, status, by, pairs)) in cases.iter().enumerate() {
            let answer = provider.post("/oauth2/introspect", by.as_deref(), pairs).await;
            assert_eq!((answer.error(), answer.status.as_u16()), ((*error).to_owned(), *status), "{number}");
            assert!(!answer.body.contains("active"));
            assert_eq!(refused(&provider).await.len(), number + 1);
        }
        public(true).await;
        let answer = provider.post("/oauth2/introspect", None, &[("client_id", "casper"), ("token", token)]).await;
        assert_eq!(answer.error(), "unauthorized_client");
        public(false).await;
        assert_eq!(provider.plain_get("/oauth2/introspect").await.status, StatusCode::METHOD_NOT_ALLOWED);
    }

    /// OA-31: about the token of another application nothing is said, as about one that does not exist; the try is in the log.
    async fn oa_31_a_token_of_another_application_is_unknown(world: World) {
        let (provider, imas) = asking(world).await;
        provider.set("casper", |settings| settings.introspection = true).await;
        let casper = provider.relying_party("casper");
        let tokens = provider.tokens(&imas, &provider.signed_in(FRED).await).await;
        let unknown = ask(&provider, &casper.basic(), "unknown").await;
        assert!(refused(&provider).await.is_empty());
        let before = state(&provider.world.db, &["audit_events"]).await;
        for name in ["access_token", "refresh_token"] {
            let foreign = ask(&provider, &casper.basic(), &text(&tokens, name)).await;
            assert_eq!((foreign.status, foreign.body.as_str()), (StatusCode::OK, r#"{"active":false}"#));
            assert_eq!(foreign.body, unknown.body);
        }
        assert_eq!(refused(&provider).await.len(), 2);
        assert_eq!(state(&provider.world.db, &["audit_events"]).await, before);
        // Another client of the same application and environment may ask about access tokens, not about refresh tokens.
        let environment = provider.oidc.tokens.clients.find(&provider.world.db, "imas", provider.world.clock.now()).await.unwrap().unwrap().client.environment;
        provider.reconfigure("casper", |client| client.environment = environment).await;
        assert_eq!(ask(&provider, &casper.basic(), &text(&tokens, "access_token")).await.json()["active"], true);
        assert_eq!(ask(&provider, &casper.basic(), &text(&tokens, "refresh_token")).await.json()["active"], false);
    }

    /// OA-28, OA-29, OA-57: blocked, without the group, signed out, expired: each ends both tokens for whoever asks.
    async fn oa_28_and_oa_29_a_token_is_judged_by_what_is_now(world: World) {
        let (provider, imas) = asking(world).await;
        for (number, email) in [FRED, "anna.berg@bank-a.example", FRED, FRED].into_iter().enumerate() {
            let browser = provider.signed_in(email).await;
            let tokens = provider.tokens(&imas, &browser).await;
            let both = [text(&tokens, "access_token"), text(&tokens, "refresh_token")];
            for token in &both {
                assert_eq!(ask(&provider, &imas.basic(), token).await.json()["active"], true, "{number}");
            }
            let user = provider.user(email).await;
            match number {
                0 => provider.change_user(user, |user| user.blocked = true).await,
                1 => leave_all_groups(&provider, email).await,
                2 => {
                    let page = provider.get(&browser, "/logout").await;
                    provider.submit(&browser, &page, "/logout", &[]).await;
                }
                _ => provider.world.clock.advance(Duration::from_hours(9)),
            }
            for token in &both {
                assert_eq!(ask(&provider, &imas.basic(), token).await.body, r#"{"active":false}"#, "{number}");
            }
            provider.change_user(user, |user| user.blocked = false).await;
        }
    }

    /// OA-35, OA-49, OA-53: what is no token of ours is inactive, and no error: cut, longer, an ID token, a rotated refresh token.
    async fn oa_35_and_oa_49_what_is_no_token_is_inactive(world: World) {
        let (provider, imas) = asking(world).await;
        let first = provider.tokens(&imas, &provider.signed_in(FRED).await).await;
        let second = provider.refresh(&imas, &text(&first, "refresh_token")).await.json();
        let access = text(&second, "access_token");
        let odd = [
            access[..access.len() - 1].to_owned(), format!("{access}="), format!("{access}.x"), text(&first, "id_token"),
            text(&first, "refresh_token"), "x".repeat(8_000), "..".to_owned(), "é".to_owned(),
        ];
        for token in &odd {
            let answer = ask(&provider, &imas.basic(), token).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, r#"{"active":false}"#), "{token}");
        }
        // Asking about a used refresh token is no use of it.
        assert!(provider.refresh(&imas, &text(&second, "refresh_token")).await.status.is_success());
        assert_eq!(ask(&provider, &imas.basic(), &"x".repeat(9_000)).await.error(), "invalid_request");
    }

    /// RFC 9701 §5: signed for whoever asks for it, with a `typ` of its own (OA-35); also when nothing can be said.
    async fn rfc_9701_section_5_an_answer_is_signed_when_that_is_accepted(world: World) {
        let (provider, imas) = asking(world).await;
        let token = text(&provider.tokens(&imas, &provider.signed_in(FRED).await).await, "access_token");
        let signed = async |token: &str, accept: &str| {
            let request = Request::post("/oauth2/introspect").header(header::AUTHORIZATION, imas.basic())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header(header::ACCEPT, accept);
            provider.send(request.body(Body::from(form(&[("token", token)]))).unwrap()).await
        };
        let ring = provider.oidc.tokens.keys.ring(&provider.world.db, provider.world.clock.now()).await.unwrap();
        let read = |answer: &Answer| {
            assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/token-introspection+jwt"));
            mint::read::<Value>(&answer.body, Kind::Introspection, |kid| ring.find(kid).map(AsRef::as_ref)).unwrap().0
        };
        let said = read(&signed(&token, "application/json;q=0.1, Application/Token-Introspection+JWT").await);
        assert_eq!((&said["iss"], &said["aud"], said["iat"].as_i64()), (&json!(ISSUER), &json!("imas"), Some(provider.world.clock.now().as_seconds())));
        assert!(said.get("sub").is_none() && said.get("exp").is_none());
        assert_eq!(said["token_introspection"], ask(&provider, &imas.basic(), &token).await.json());
        assert_eq!(read(&signed("x", "application/token-introspection+jwt").await)["token_introspection"], json!({"active": false}));
        let answer = signed(&token, "application/token-introspection+jwt").await;
        assert_eq!(provider.userinfo(&answer.body).await.status, StatusCode::UNAUTHORIZED, "OA-35: it is no access token");
        assert_eq!(ask(&provider, &imas.basic(), &answer.body).await.json()["active"], false);
    }

    /// RFC 9701 §6: with the algorithm that the client is registered with.
    async fn rfc_9701_section_6_the_algorithm_is_that_of_the_registration(world: World) {
        let (provider, imas) = asking(world).await;
        provider.set("imas", |settings| settings.introspection_signed_response_alg = Some("RS256".to_owned())).await;
        let request = Request::post("/oauth2/introspect").header(header::AUTHORIZATION, imas.basic())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header(header::ACCEPT, "application/token-introspection+jwt");
        let answer = provider.send(request.body(Body::from("token=x")).unwrap()).await;
        let ring = provider.oidc.tokens.keys.ring(&provider.world.db, provider.world.clock.now()).await.unwrap();
        let (_, key) = mint::read::<Value>(&answer.body, Kind::Introspection, |kid| ring.find(kid).map(AsRef::as_ref)).unwrap();
        assert_eq!(key.algorithm.as_str(), "RS256");
    }
}
