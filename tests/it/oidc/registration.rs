//! Dynamic client registration (RFC 7591, OIDC Registration 1.0) and its management (RFC 7592).

mod sector;
mod security;
mod statements;

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use chamberlain::audit::Kind;
use chamberlain::authority::action::ManageClient;
use chamberlain::directory::client::registration::model::Policy;
use chamberlain::directory::client::registration::token::{self, NewToken};
use chamberlain::directory::client::store;
use chamberlain::directory::client::token_format::AccessTokenFormat;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::transact;
use serde_json::{Value, json};

use super::refusals::{of_kind, refused};
use crate::support::relying_party::{Answer, ISSUER, Provider, RelyingParty, claims};
use crate::support::state;

const FRED: &str = "fred.perry@bank-a.example";
const CALLBACK: &str = "https://rp.example/cb";

fn policy() -> Policy {
    let scopes = ["openid", "profile", "email", "offline_access"].map(str::to_owned).to_vec();
    Policy { scopes, third_party: true, allow_without_pkce_insecure: false, device_grant: false }
}

impl Provider {
    /// A token by the right of somebody, for the place of IMAS.
    pub(super) async fn registration_token(&self, by: PrincipalId, policy: Policy, uses: i64) -> String {
        let now = self.world.clock.now();
        let imas = self.oidc.tokens.clients.find(&self.world.db, "imas", now).await.unwrap().unwrap();
        let environment = imas.client.environment.unwrap();
        let new = NewToken { name: "For a partner".to_owned(), environment, policy, uses, days: 7 };
        let mut ctx = self.world.ctx_of(by);
        ctx.second_factor_at = Some(now);
        let made: Result<String, chamberlain::db::Error> = transact!(self.world.db, tx => {
            let permit = self.oidc.app.door.authorise(tx, &ctx, ManageClient { client: None }).await.unwrap();
            Ok(token::issue(tx, permit, &new, &ctx).await.unwrap().1.reveal().to_owned())
        });
        made.unwrap()
    }

    pub(super) async fn register(&self, token: &str, document: &Value) -> Answer {
        self.manage(Method::POST, "/oauth2/register", Some(token), Some(document)).await
    }

    async fn manage(&self, method: Method, path: &str, token: Option<&str>, document: Option<&Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path.strip_prefix(ISSUER).unwrap_or(path));
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if document.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = document.map_or(Body::empty(), |document| Body::from(document.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    async fn client(&self, client_id: &str) -> chamberlain::directory::client::model::Client {
        store::find_by_client_id(&mut self.world.db.reader().await.unwrap(), client_id).await.unwrap().unwrap()
    }

    /// Its address, its own token.
    fn own(made: &Value) -> (String, String) {
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("registration_client_uri"), text("registration_access_token"))
    }
}

fn minimal() -> Value {
    json!({ "redirect_uris": [CALLBACK] })
}

on_both! {
    /// RFC 7591 §3.2.1, OIDC Registration §3.2: a client registers, with what was left out as the specification says, and signs somebody in.
    async fn rfc_7591_section_3_2_1_a_client_registers_itself_and_is_used(world: World) {
        let provider = Provider::new(world).await;
        let token = provider.registration_token(PrincipalId::Console, Policy { third_party: false, ..policy() }, 1).await;
        let document = json!({ "client_name": "Partner", "redirect_uris": [CALLBACK], "contacts": ["it@rp.example"], "something_new": {"a": 1},
            "response_types": ["code"], "grant_types": ["authorization_code", "refresh_token"], "client_name#de": "Partner (de)" });
        let answer = provider.register(&token, &document).await;
        assert_eq!((answer.status, answer.header("content-type"), answer.header("cache-control")), (StatusCode::CREATED, "application/json", "no-store"), "{}", answer.body);
        let made = answer.json();
        for (name, value) in [
            ("client_name", json!("Partner")), ("redirect_uris", json!([CALLBACK])), ("contacts", json!(["it@rp.example"])),
            ("token_endpoint_auth_method", json!("client_secret_basic")), ("id_token_signed_response_alg", json!("RS256")),
            ("application_type", json!("web")), ("response_types", json!(["code"])), ("grant_types", json!(["authorization_code", "refresh_token"])),
            ("client_secret_expires_at", json!(0)), ("scope", json!("openid profile email offline_access")), ("subject_type", json!("public")),
            ("client_id_issued_at", json!(provider.world.clock.now().as_seconds())),
        ] {
            assert_eq!(made[name], value, "{name}");
        }
        assert!(made.get("something_new").is_none() && made.get("client_name#de").is_none(), "what is not known is ignored");
        let id = made["client_id"].as_str().unwrap();
        assert_eq!(made["registration_client_uri"], format!("{ISSUER}/oauth2/register/{id}"));
        assert!(made["registration_access_token"].as_str().unwrap().len() >= 43 && made["client_secret"].as_str().unwrap().len() >= 43);
        provider.world.clock.advance(Duration::from_secs(2));
        let party = RelyingParty { client_id: id.to_owned(), secret: made["client_secret"].as_str().unwrap().to_owned(), redirect_uri: CALLBACK.to_owned() };
        let browser = provider.signed_in(FRED).await;
        let code = provider.get(&browser, &party.authorize(&[("scope", "openid email")])).await.param("code").unwrap();
        let tokens = provider.redeem(&party, &code).await.json();
        assert_eq!(claims(&tokens["id_token"])["aud"], id);
        let log = of_kind(&provider, Kind::ClientCreated).await;
        assert!(log.iter().any(|details| details["client_id"] == id), "{log:?}");
    }

    /// RFC 7591 §3.2.2, OA-03, OA-04: each member is judged as on the operator's page, with the error of the specification, and nothing is left of it.
    async fn rfc_7591_section_3_2_2_what_cannot_be_registered_is_refused(world: World) {
        let provider = Provider::new(world).await;
        let token = provider.registration_token(PrincipalId::Console, policy(), 1).await;
        let before = state(&provider.world.db, &["audit_events"]).await;
        let with = |name: &str, value: Value| {
            let mut document = minimal();
            document[name] = value;
            document
        };
        let (uri, metadata) = ("invalid_redirect_uri", "invalid_client_metadata");
        let cases = [
            (uri, json!({})), (uri, with("redirect_uris", json!([]))), (uri, with("redirect_uris", json!(["https://rp.example/cb#x"]))),
            (uri, with("redirect_uris", json!(["http://rp.example/cb"]))), (uri, with("redirect_uris", json!(["javascript:alert(1)"]))),
            (uri, with("post_logout_redirect_uris", json!(["https://rp.example/#x"]))),
            (metadata, with("redirect_uris", json!(CALLBACK))), (metadata, with("redirect_uris", json!([1]))),
            (metadata, with("redirect_uris", json!(vec![CALLBACK; 51]))),
            (metadata, with("initiate_login_uri", json!("http://rp.example/start"))), (metadata, with("logo_uri", json!("javascript:alert(1)"))),
            (metadata, with("policy_uri", json!("http://rp.example/"))), (metadata, with("tos_uri", json!("data:text/html,x"))),
            (metadata, with("client_uri", json!("rp.example"))), (metadata, with("subject_type", json!("ephemeral"))),
            (metadata, with("response_types", json!(["id_token"]))), (metadata, with("grant_types", json!(["implicit"]))),
            (metadata, with("grant_types", json!(["client_credentials"]))), (metadata, with("grant_types", json!(["refresh_token"]))),
            (metadata, with("token_endpoint_auth_method", json!("magic"))), (metadata, with("application_type", json!("native"))),
            (metadata, with("id_token_signed_response_alg", json!("none"))), (metadata, with("request_object_encryption_alg", json!("RSA1_5"))), (metadata, with("request_object_encryption_alg", json!("ECDH-ES"))),
            (metadata, with("request_object_encryption_enc", json!("A128GCM"))), (metadata, with("userinfo_signed_response_alg", json!("HS256"))),
            (metadata, with("scope", json!("roles"))), (metadata, with("scope", json!(["openid"]))), (metadata, with("client_name", json!("Visit www.evil.example"))),
            (metadata, with("client_name", json!(7))), (metadata, with("contacts", json!("x"))), (metadata, with("default_max_age", json!("soon"))),
            (metadata, with("backchannel_logout_uri", json!("http://rp.example/bcl"))), (metadata, with("backchannel_logout_session_required", json!("yes"))),
            (metadata, with("frontchannel_logout_uri", json!("https://other.example/fcl"))),
            (metadata, with("token_endpoint_auth_method", json!("private_key_jwt"))), (metadata, with("jwks", json!("x"))), (metadata, with("jwks", json!({"keys": []}))),
            (metadata, with("jwks_uri", json!("http://rp.example/jwks"))), (metadata, with("jwks", json!({"keys": [{"kty": "oct", "k": "AAAA"}]}))),
            (metadata, with("id_token_encrypted_response_alg", json!("ECDH-ES"))), (metadata, with("userinfo_encrypted_response_enc", json!("A128GCM"))),
            (metadata, with("introspection_encrypted_response_alg", json!("RSA1_5"))), (metadata, with("authorization_encrypted_response_alg", json!("RSA-OAEP"))),
            (metadata, with("access_token_format", json!("xml"))), (metadata, json!([])), (metadata, json!("x")),
        ];
        for (number, (error, document)) in cases.iter().enumerate() {
            let answer = provider.register(&token, document).await;
            assert_eq!((answer.status, answer.error().as_str()), (StatusCode::BAD_REQUEST, *error), "{document}");
            assert_eq!(refused(&provider).await.len().min(10), (number + 1).min(10));
        }
        let odd = Request::post("/oauth2/register").header(header::AUTHORIZATION, format!("Bearer {token}")).header(header::CONTENT_TYPE, "text/plain");
        assert_eq!(provider.send(odd.body(Body::from(minimal().to_string())).unwrap()).await.error(), "invalid_request");
        assert_eq!(state(&provider.world.db, &["audit_events"]).await, before, "the token is unused, too");
        assert_eq!(provider.register(&token, &minimal()).await.status, StatusCode::CREATED);
    }

    /// RFC 7591 §3: nobody registers without a token that an operator made; one is good for so many clients, until a day, until it is taken back, and
    /// as long as its maker may make clients.
    async fn nobody_registers_without_a_token_that_is_good_now(world: World) {
        let provider = Provider::new(world).await;
        let answer = provider.manage(Method::POST, "/oauth2/register", None, Some(&minimal())).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
        let twice = provider.registration_token(PrincipalId::Console, policy(), 2).await;
        for bad in ["", "x", "chr_", &twice[..twice.len() - 1], &format!("{twice}x"), &"x".repeat(5_000)] {
            let answer = provider.register(bad, &minimal()).await;
            assert_eq!((answer.status, answer.error()), (StatusCode::UNAUTHORIZED, "invalid_token".to_owned()), "{bad}");
        }
        for expected in [StatusCode::CREATED, StatusCode::CREATED, StatusCode::UNAUTHORIZED] {
            assert_eq!(provider.register(&twice, &minimal()).await.status, expected);
        }
        let (old, lost) = (provider.registration_token(PrincipalId::Console, policy(), 9).await, provider.user("olga.meyer@institution.example").await);
        let operator = provider.registration_token(PrincipalId::Person(lost), policy(), 9).await;
        assert_eq!(provider.register(&operator, &minimal()).await.status, StatusCode::CREATED);
        provider.change_user(lost, |user| user.blocked = true).await;
        assert_eq!(provider.register(&operator, &minimal()).await.status, StatusCode::UNAUTHORIZED, "its maker may make none");
        assert_eq!(provider.register(&old, &minimal()).await.status, StatusCode::CREATED);
        let ctx = provider.world.ctx_of(PrincipalId::Console);
        let taken: Result<(), chamberlain::db::Error> = transact!(provider.world.db, tx => {
            let all = chamberlain::directory::client::registration::store::list_tokens(tx, ctx.now).await?;
            for one in all.into_iter().filter(|one| one.uses_left == 8 && one.made_by == PrincipalId::Console) {
                let permit = provider.oidc.app.door.authorise(tx, &ctx, ManageClient { client: None }).await.unwrap();
                token::revoke(tx, permit, one.id, &ctx).await.unwrap();
            }
            Ok(())
        });
        taken.unwrap();
        assert_eq!(provider.register(&old, &minimal()).await.status, StatusCode::UNAUTHORIZED, "taken back");
        let late = provider.registration_token(PrincipalId::Console, policy(), 9).await;
        provider.world.clock.advance(Duration::from_hours(7 * 24));
        assert_eq!(provider.register(&late, &minimal()).await.status, StatusCode::UNAUTHORIZED, "over");
    }

    /// OA-51, OA-42, OA-06: the policy is judged on what the registration comes to: scopes, consent, PKCE, a secret.
    async fn oa_51_the_policy_of_the_token_narrows_what_is_registered(world: World) {
        let provider = Provider::new(world).await;
        let token = provider.registration_token(PrincipalId::Console, policy(), 9).await;
        let asked = json!({ "redirect_uris": [CALLBACK], "scope": "openid roles email users:write", "third_party": false, "allow_without_pkce_insecure": true, "introspection": true,
            "release_company_id": true, "security_events_uri": "https://rp.example/events", "access_token_lifetime": 3600 });
        let made = provider.register(&token, &asked).await.json();
        assert_eq!(made["scope"], "openid email");
        let settings = provider.client(made["client_id"].as_str().unwrap()).await.settings;
        assert!(settings.third_party && !settings.allow_without_pkce_insecure && !settings.introspection && !settings.release_company_id);
        assert_eq!((settings.security_events_uri, settings.access_token_lifetime), (None, 300));
        let page = json!({ "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none" });
        let made = provider.register(&token, &page).await.json();
        assert!(made.get("client_secret").is_none() && made.get("client_secret_expires_at").is_none());
        assert_eq!(provider.client(made["client_id"].as_str().unwrap()).await.settings.cors_origins, ["https://rp.example"]);
        let lax = provider.registration_token(PrincipalId::Console, Policy { allow_without_pkce_insecure: true, third_party: false, ..policy() }, 9).await;
        let made = provider.register(&lax, &minimal()).await.json();
        let settings = provider.client(made["client_id"].as_str().unwrap()).await.settings;
        assert!(settings.allow_without_pkce_insecure && !settings.third_party);
        let made = provider.register(&lax, &page).await.json();
        assert!(!provider.client(made["client_id"].as_str().unwrap()).await.settings.allow_without_pkce_insecure, "never a public one");
    }

    /// RFC 7592 §2.1, §2.2: a client reads and replaces its registration; what is left out is as if it had never been said.
    async fn rfc_7592_section_2_2_a_client_replaces_its_registration(world: World) {
        let provider = Provider::new(world).await;
        let token = provider.registration_token(PrincipalId::Console, policy(), 1).await;
        let first = json!({ "redirect_uris": [CALLBACK], "client_name": "Partner", "tos_uri": "https://rp.example/tos", "contacts": ["a@rp.example"], "default_max_age": 60,
            "initiate_login_uri": "https://rp.example/start" });
        let made = provider.register(&token, &first).await.json();
        let (address, own) = Provider::own(&made);
        let read = provider.manage(Method::GET, &address, Some(&own), None).await;
        assert_eq!((read.status, read.header("cache-control")), (StatusCode::OK, "no-store"));
        let mut expected = made.clone();
        expected.as_object_mut().unwrap().remove("client_secret");
        assert_eq!(read.json(), expected, "but for the secret, of which only a digest is kept");
        let next = json!({ "client_id": made["client_id"], "client_secret": made["client_secret"], "redirect_uris": ["https://rp.example/other"], "client_name": "Partners" });
        let put = provider.manage(Method::PUT, &address, Some(&own), Some(&next)).await;
        assert_eq!(put.status, StatusCode::OK, "{}", put.body);
        let now = provider.manage(Method::GET, &address, Some(&own), None).await.json();
        assert_eq!((&now["client_name"], &now["redirect_uris"]), (&json!("Partners"), &json!(["https://rp.example/other"])));
        for gone in ["tos_uri", "contacts", "default_max_age", "initiate_login_uri"] {
            assert!(now.get(gone).is_none(), "{gone}");
        }
        assert_eq!(now["client_id_issued_at"], made["client_id_issued_at"]);
        for (name, value) in [
            ("client_id", json!("imas")), ("client_id", Value::Null), ("client_secret", json!("wrong")), ("registration_access_token", json!(own)),
            ("registration_client_uri", json!(address)), ("client_secret_expires_at", json!(0)), ("client_id_issued_at", json!(1)),
            ("token_endpoint_auth_method", json!("none")), ("scope", json!("roles")),
        ] {
            let mut bad = next.clone();
            bad[name] = value;
            let answer = provider.manage(Method::PUT, &address, Some(&own), Some(&bad)).await;
            assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "invalid_client_metadata".to_owned()), "{name}: {}", answer.body);
            assert_eq!(provider.manage(Method::GET, &address, Some(&own), None).await.json(), now, "{name}");
        }
    }

    /// OA-51: what an operator took away from a client does not come back by a change of its own, nor does a client that is switched off.
    async fn oa_51_nothing_that_was_taken_away_comes_back(world: World) {
        let provider = Provider::new(world).await;
        let lax = Policy { allow_without_pkce_insecure: true, third_party: false, ..policy() };
        let token = provider.registration_token(PrincipalId::Console, lax, 1).await;
        let made = provider.register(&token, &minimal()).await.json();
        let (address, own) = Provider::own(&made);
        let id = made["client_id"].as_str().unwrap();
        provider.set(id, |settings| {
            settings.scopes = vec!["openid".to_owned()];
            settings.allow_without_pkce_insecure = false;
            settings.third_party = true;
            settings.access_token_lifetime = 60;
            settings.grant_types = vec!["authorization_code".to_owned(), "client_credentials".to_owned()];
            settings.require_pushed_authorization_requests = true;
            settings.dpop_bound_access_tokens = true;
            settings.access_token_format = AccessTokenFormat::Opaque;
        }).await;
        let next = json!({ "client_id": id, "redirect_uris": [CALLBACK], "scope": "openid profile email", "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "dpop_bound_access_tokens": false, "require_pushed_authorization_requests": false, "access_token_format": "jwt" });
        let now = provider.manage(Method::PUT, &address, Some(&own), Some(&next)).await;
        assert_eq!((now.status, &now.json()["scope"]), (StatusCode::OK, &json!("openid")));
        let settings = provider.client(id).await.settings;
        assert!(!settings.allow_without_pkce_insecure && settings.third_party && settings.access_token_lifetime == 60);
        assert_eq!(settings.grant_types, ["authorization_code", "client_credentials"], "what an operator gave stays if it is asked for");
        assert!(settings.require_pushed_authorization_requests && settings.dpop_bound_access_tokens && settings.access_token_format == AccessTokenFormat::Opaque);
        let less = json!({ "client_id": id, "redirect_uris": [CALLBACK], "grant_types": ["authorization_code"] });
        assert_eq!(provider.manage(Method::PUT, &address, Some(&own), Some(&less)).await.json()["grant_types"], json!(["authorization_code"]), "dropped by itself");
        assert_eq!(provider.manage(Method::PUT, &address, Some(&own), Some(&next)).await.error(), "invalid_client_metadata", "nor is it given back");
        provider.set(id, |settings| settings.grant_types = vec!["client_credentials".to_owned()]).await;
        assert_eq!(provider.manage(Method::PUT, &address, Some(&own), Some(&less)).await.error(), "invalid_client_metadata", "nothing is left to have");
        provider.reconfigure(id, |client| client.active = false).await;
        let before = state(&provider.world.db, &["audit_events"]).await;
        for (method, document) in [(Method::GET, None), (Method::PUT, Some(&next)), (Method::DELETE, None)] {
            let answer = provider.manage(method.clone(), &address, Some(&own), document).await;
            assert_eq!((answer.status, answer.error()), (StatusCode::UNAUTHORIZED, "invalid_token".to_owned()), "{method}");
        }
        assert_eq!(state(&provider.world.db, &["audit_events"]).await, before);
    }

    /// RFC 7592 §2.3: a client that leaves is switched off for good: its tokens stop at once, its own among them.
    async fn rfc_7592_section_2_3_a_client_that_leaves_is_switched_off(world: World) {
        let provider = Provider::new(world).await;
        let token = provider.registration_token(PrincipalId::Console, Policy { third_party: false, ..policy() }, 2).await;
        let (made, other) = (provider.register(&token, &minimal()).await.json(), provider.register(&token, &minimal()).await.json());
        let (address, own) = Provider::own(&made);
        let (theirs, their_own) = Provider::own(&other);
        for (path, token) in [(&address, &their_own), (&theirs, &own), (&address, &token)] {
            for method in [Method::GET, Method::DELETE] {
                assert_eq!(provider.manage(method, path, Some(token), None).await.status, StatusCode::UNAUTHORIZED, "SE-09: each client itself only");
            }
        }
        let party = RelyingParty { client_id: made["client_id"].as_str().unwrap().to_owned(), secret: made["client_secret"].as_str().unwrap().to_owned(), redirect_uri: CALLBACK.to_owned() };
        let browser = provider.signed_in(FRED).await;
        let code = provider.get(&browser, &party.authorize(&[("scope", "openid")])).await.param("code").unwrap();
        let tokens = provider.redeem(&party, &code).await.json();
        let left = provider.manage(Method::DELETE, &address, Some(&own), None).await;
        assert_eq!((left.status, left.body.as_str(), left.header("cache-control")), (StatusCode::NO_CONTENT, "", "no-store"));
        provider.world.clock.advance(Duration::from_secs(2));
        assert_eq!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.manage(Method::GET, &address, Some(&own), None).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.get(&browser, &party.authorize(&[])).await.status, StatusCode::BAD_REQUEST, "no such client");
        assert_eq!(provider.manage(Method::GET, &theirs, Some(&their_own), None).await.status, StatusCode::OK);
        assert_eq!(provider.manage(Method::PATCH, &theirs, Some(&their_own), None).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }

    /// OA-10 in kind: of many at once the last use of a token is one's.
    async fn the_last_use_of_a_token_is_one_clients(world: World) {
        let provider = std::sync::Arc::new(Provider::new(world).await);
        let token = provider.registration_token(PrincipalId::Console, policy(), 3).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (provider, token) = (provider.clone(), token.clone());
            tasks.spawn(async move { provider.register(&token, &minimal()).await });
        }
        let answers = tasks.join_all().await;
        let made = answers.iter().filter(|answer| answer.status == StatusCode::CREATED).count();
        assert_eq!(made, 3, "{answers:?}");
        assert_eq!(of_kind(&provider, Kind::ClientCreated).await.len(), 3 + provider.demo.clients.len() + provider.demo.service_clients.len());
    }

    /// OIDC Registration §2: `default_max_age` holds where a request says nothing.
    async fn a_default_max_age_asks_for_a_younger_sign_in(world: World) {
        let provider = Provider::new(world).await;
        provider.set("imas", |settings| settings.default_max_age = Some(60)).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        provider.world.clock.advance(Duration::from_mins(2));
        assert!(provider.get(&browser, &imas.authorize(&[])).await.location().starts_with("/login?"));
        assert!(provider.get(&browser, &imas.authorize(&[("max_age", "1000")])).await.param("code").is_some());
    }
}
