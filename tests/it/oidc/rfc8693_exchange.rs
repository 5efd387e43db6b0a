//! Token exchange (RFC 8693): an API acts for the person of the token that it was sent, for no more and for no longer.

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::audit::Kind;
use chamberlain::directory::client::model::{ClientKind, ClientSettings, EXCHANGE_GRANT};
use chamberlain::directory::client::rules;
use serde_json::{Value, json};

use super::introspection::leave_all_groups;
use super::refusals::{of_kind, refused};
use crate::support::relying_party::{Answer, Browser, ISSUER, Provider, RelyingParty, claims};
use crate::support::signing::{At, Signer};

const FRED: &str = "fred.perry@bank-a.example";
const TOKEN: &str = "/oauth2/token";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";

/// IMAS, whose token it is, and CASPER, put beside it as an API of the same application that may exchange.
struct Scene {
    provider: Provider,
    imas: RelyingParty,
    api: RelyingParty,
    browser: Browser,
    sent: Value,
}

impl Scene {
    async fn new(world: crate::support::World) -> Self {
        let provider = Provider::new(world).await;
        let (db, now) = (&provider.world.db, provider.world.clock.now());
        let environment = provider.oidc.tokens.clients.find(db, "imas", now).await.unwrap().unwrap().client.environment;
        provider
            .reconfigure("casper", |client| {
                client.environment = environment;
                client.settings.token_exchange = true;
                client.settings.grant_types.push("client_credentials".to_owned());
            })
            .await;
        let (imas, api) = (provider.relying_party("imas"), provider.relying_party("casper"));
        let browser = provider.signed_in(FRED).await;
        let sent = provider.tokens(&imas, &browser).await;
        Self { provider, imas, api, browser, sent }
    }

    async fn exchange(&self, token: &str, changes: &[(&str, &str)]) -> Answer {
        let mut pairs = vec![("grant_type", EXCHANGE_GRANT), ("subject_token", token), ("subject_token_type", ACCESS)];
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            pairs.push((name, value));
        }
        pairs.retain(|(_, value)| !value.is_empty());
        self.provider.post("/oauth2/token", Some(&self.api.basic()), &pairs).await
    }

    fn access(&self) -> &str {
        self.sent["access_token"].as_str().unwrap()
    }

    async fn given(&self) -> String {
        let answer = self.exchange(self.access(), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn works(&self, token: &str) -> bool {
        self.provider.userinfo(token).await.status == StatusCode::OK
    }
}

on_both! {
    /// RFC 8693 §2.2.1, §4.1: a token of its own, for the same person, that says who acts; nothing to refresh; in the audit log.
    async fn rfc_8693_section_4_1_an_api_gets_a_token_that_says_who_acts(world: World) {
        let scene = Scene::new(world).await;
        let answer = scene.exchange(scene.access(), &[("requested_token_type", ACCESS), ("audience", ISSUER)]).await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"), "{}", answer.body);
        let told = answer.json();
        assert_eq!((&told["issued_token_type"], &told["token_type"]), (&json!(ACCESS), &json!("Bearer")));
        assert!(told.get("refresh_token").is_none() && told.get("id_token").is_none());
        let (before, given) = (claims(&scene.sent["access_token"]), claims(&told["access_token"]));
        for name in ["sub", "iss", "aud", "family", "acr", "amr", "auth_time"] {
            assert_eq!(given[name], before[name], "{name}");
        }
        assert_eq!((&given["client_id"], &given["act"]), (&json!("casper"), &json!({ "sub": "casper" })));
        assert_eq!(told["scope"], given["scope"]);
        assert!(scene.works(told["access_token"].as_str().unwrap()).await);
        assert_eq!(of_kind(&scene.provider, Kind::TokenExchanged).await.len(), 1);
        // An API of the application learns who acts, and nothing of our own beside it.
        scene.provider.set("imas", |settings| settings.introspection = true).await;
        let token = told["access_token"].as_str().unwrap();
        let asked = scene.provider.post("/oauth2/introspect", Some(&scene.imas.basic()), &[("token", token)]).await.json();
        assert_eq!((&asked["active"], &asked["act"], asked.get("exchanged")), (&json!(true), &json!({ "sub": "casper" }), None));
        let metadata = scene.provider.plain_get("/.well-known/openid-configuration").await.json();
        assert!(metadata["grant_types_supported"].as_array().unwrap().contains(&json!(EXCHANGE_GRANT)));
    }

    /// RFC 8693 §5: never more than the token that was sent, never what the client may not have, never for longer.
    async fn rfc_8693_section_5_an_exchange_widens_nothing(world: World) {
        let scene = Scene::new(world).await;
        let scope = |answer: &Answer| answer.json()["scope"].as_str().unwrap().to_owned();
        let narrow = scene.exchange(scene.access(), &[("scope", "openid")]).await;
        assert_eq!(scope(&narrow), "openid");
        let narrow = narrow.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(scene.exchange(&narrow, &[("scope", "openid email")]).await.error(), "invalid_scope");
        scene.provider.set("casper", |settings| settings.scopes = vec!["openid".to_owned(), "users:read".to_owned()]).await;
        assert_eq!(scope(&scene.exchange(scene.access(), &[]).await), "openid");
        assert_eq!(scene.exchange(scene.access(), &[("scope", "users:read")]).await.error(), "invalid_scope");
        scene.provider.set("casper", |settings| settings.scopes = vec!["users:read".to_owned()]).await;
        assert_eq!(scene.exchange(scene.access(), &[]).await.error(), "invalid_scope");
        scene.provider.set("casper", |settings| {
            settings.scopes = vec!["openid".to_owned()];
            settings.access_token_lifetime = 3600;
        }).await;
        let ends = claims(&scene.sent["access_token"])["exp"].clone();
        scene.provider.world.clock.advance(Duration::from_secs(100));
        let given = scene.exchange(scene.access(), &[]).await.json();
        let exp = claims(&given["access_token"])["exp"].as_i64().unwrap();
        assert!(exp <= ends.as_i64().unwrap(), "{given}");
    }

    /// OA-50, RFC 8693 §2.2.2: off by default; a token that is not for this client is answered like none; each refusal is one record.
    async fn oa_50_nobody_exchanges_what_is_not_theirs(world: World) {
        let scene = Scene::new(world).await;
        let service = [("grant_type", "client_credentials")];
        scene.provider.set("casper", |settings| settings.scopes.push("users:read".to_owned())).await;
        let own = scene.provider.post("/oauth2/token", Some(&scene.api.basic()), &service).await.json();
        let mine = own["access_token"].as_str().unwrap().to_owned();
        let refresh = scene.sent["refresh_token"].as_str().unwrap().to_owned();
        let id_token = scene.sent["id_token"].as_str().unwrap().to_owned();
        let (access, cut) = (scene.access(), &scene.access()[..scene.access().len() - 1]);
        for (number, (error, token, changes)) in [
            ("invalid_request", "", vec![]),
            ("invalid_request", access, vec![("subject_token_type", "")]),
            ("invalid_request", access, vec![("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")]),
            ("invalid_request", access, vec![("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")]),
            ("invalid_target", access, vec![("audience", "https://other.example")]),
            ("invalid_target", access, vec![("resource", "https://other.example")]),
            ("invalid_request", cut, vec![]),
            ("invalid_request", refresh.as_str(), vec![]),
            ("invalid_request", id_token.as_str(), vec![]),
            ("invalid_request", mine.as_str(), vec![]),
            ("invalid_request", access, vec![("actor_token", mine.as_str())]),
            ("invalid_request", access, vec![("actor_token_type", ACCESS)]),
            ("invalid_request", access, vec![("actor_token", access), ("actor_token_type", ACCESS)]),
        ].into_iter().enumerate() {
            let answer = scene.exchange(token, &changes).await;
            assert_eq!((answer.error(), answer.status), (error.to_owned(), StatusCode::BAD_REQUEST), "{number}");
            assert!(!answer.body.contains("access_token\":"), "{number}");
        }
        let shown = scene.exchange(access, &[("actor_token", &mine), ("actor_token_type", ACCESS)]).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
        assert!(!refused(&scene.provider).await.is_empty());
        assert_eq!(of_kind(&scene.provider, Kind::TokenExchanged).await.len(), 1);
        // Of another application, it is like none.
        let unknown = scene.exchange("unknown", &[]).await;
        scene.provider.reconfigure("casper", |client| client.environment = None).await;
        let foreign = scene.exchange(access, &[]).await;
        assert_eq!((foreign.status, &foreign.body), (unknown.status, &unknown.body));
        scene.provider.set("casper", |settings| settings.token_exchange = false).await;
        assert_eq!(scene.exchange(access, &[]).await.error(), "unsupported_grant_type");
    }

    /// What came of a token ends with it, with its client, with the grant, with the person, and with the client that acts.
    async fn what_was_exchanged_ends_with_what_it_came_from(world: World) {
        let scene = Scene::new(world).await;
        let given = scene.given().await;
        let again = scene.exchange(&given, &[]).await.json();
        assert_eq!(claims(&again["access_token"])["act"], json!({ "sub": "casper", "act": { "sub": "casper" } }));
        let last = again["access_token"].as_str().unwrap().to_owned();
        assert!(scene.works(&given).await && scene.works(&last).await);
        // The token in between is taken back: the last one goes with it, the first one stays.
        let revoke = scene.provider.post("/oauth2/revoke", Some(&scene.api.basic()), &[("token", &given)]).await;
        assert_eq!(revoke.status, StatusCode::OK);
        assert!(!scene.works(&given).await && !scene.works(&last).await && scene.works(scene.access()).await);
        let given = scene.given().await;
        scene.provider.reconfigure("imas", |client| client.epoch += 1).await;
        assert!(!scene.works(&given).await, "the client that it was given to first is of another epoch");
        scene.provider.reconfigure("imas", |client| client.epoch -= 1).await;
        assert!(scene.works(&given).await);
        let user = scene.provider.user(FRED).await;
        scene.provider.change_user(user, |user| user.blocked = true).await;
        assert!(!scene.works(&given).await);
        scene.provider.change_user(user, |user| user.blocked = false).await;
        assert!(scene.works(&given).await);
        let page = scene.provider.get(&scene.browser, "/logout").await;
        scene.provider.submit(&scene.browser, &page, "/logout", &[]).await;
        assert!(!scene.works(&given).await, "signed out");
        assert_eq!(scene.exchange(&given, &[]).await.error(), "invalid_request");
    }

    /// OA-41: a bound token is exchanged for one that is bound to a key of the API, and for nothing less.
    async fn oa_41_a_bound_token_is_never_exchanged_for_a_bearer_token(world: World) {
        let scene = Scene::new(world).await;
        let (of_person, of_api) = (Signer::new("ES256"), Signer::new("ES256"));
        let code = scene.provider.code(&scene.imas, &scene.browser).await;
        let basics = (scene.imas.basic(), scene.api.basic());
        let proof = scene.provider.proof(&of_person, At::post(TOKEN), &json!({}));
        let headers = [("authorization", basics.0.as_str()), ("dpop", proof.as_str())];
        let sent = scene.provider.post_with(TOKEN, &headers, &scene.imas.redemption(&code)).await.json();
        assert_eq!(sent["token_type"], "DPoP");
        let bound = sent["access_token"].as_str().unwrap();
        assert_eq!(scene.exchange(bound, &[]).await.error(), "invalid_request");
        let proof = scene.provider.proof(&of_api, At::post(TOKEN), &json!({}));
        let headers = [("authorization", basics.1.as_str()), ("dpop", proof.as_str())];
        let pairs = [("grant_type", EXCHANGE_GRANT), ("subject_token", bound), ("subject_token_type", ACCESS)];
        let given = scene.provider.post_with(TOKEN, &headers, &pairs).await.json();
        assert_eq!(given["token_type"], "DPoP", "{given}");
        let (before, after) = (claims(&sent["access_token"]), claims(&given["access_token"]));
        assert!(after["cnf"]["jkt"].is_string() && after["cnf"]["jkt"] != before["cnf"]["jkt"], "its own key");
    }

    /// D7, OA-29: what the person may do is judged anew: no way in without a group, no part of an authority that they do not hold.
    async fn d7_an_exchange_gives_what_the_person_has_now(world: World) {
        let scene = Scene::new(world).await;
        let details = json!([{ "type": "delegated_administration", "actions": ["users:read"] }]).to_string();
        scene.provider.set("casper", |settings| settings.scopes.push("users:read".to_owned())).await;
        assert_eq!(scene.exchange(scene.access(), &[("authorization_details", &details)]).await.error(), "invalid_authorization_details");
        assert_eq!(scene.exchange(scene.access(), &[("authorization_details", "[{}]")]).await.error(), "invalid_authorization_details");
        assert_eq!(scene.exchange(scene.access(), &[]).await.status, StatusCode::OK);
        leave_all_groups(&scene.provider, FRED).await;
        assert_eq!(scene.exchange(scene.access(), &[]).await.error(), "access_denied");
        assert_eq!(of_kind(&scene.provider, Kind::TokenExchanged).await.len(), 1);
    }

    /// Chains are short: three exchanges in a row, and none after that.
    async fn a_token_is_passed_on_three_times_at_most(world: World) {
        let scene = Scene::new(world).await;
        let mut token = scene.access().to_owned();
        for _ in 0..3 {
            token = scene.exchange(&token, &[]).await.json()["access_token"].as_str().unwrap().to_owned();
        }
        assert!(scene.works(&token).await);
        assert_eq!(scene.exchange(&token, &[]).await.error(), "invalid_request");
        // A public client, or one of somebody else, cannot be given this at all.
        let settings = ClientSettings { token_exchange: true, redirect_uris: vec!["https://app.example/cb".to_owned()], ..ClientSettings::default() };
        assert!(rules::check(ClientKind::Spa, &settings).contains(&rules::Fault::Exchanges));
        let foreign = ClientSettings { third_party: true, ..settings.clone() };
        assert!(rules::check(ClientKind::Web, &foreign).contains(&rules::Fault::Exchanges));
        assert!(!rules::check(ClientKind::Web, &settings).contains(&rules::Fault::Exchanges));
    }
}
