//! Access tokens that say nothing by themselves (RFC 6749 §1.4, `decisions.md` 3): good for what signed ones are good for, and no longer.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chamberlain::api::{self, Api};
use chamberlain::db::Tx;
use chamberlain::directory::client::model::EXCHANGE_GRANT;
use chamberlain::directory::client::token_format::AccessTokenFormat;
use chamberlain::scim::{self, Scim};
use chamberlain::tokens::access_token::AccessClaims;
use chamberlain::tokens::{Rotation, opaque, opaque_store};
use chamberlain::web::layers;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::introspection::leave_all_groups;
use crate::support::World;
use crate::support::certificates::self_made;
use crate::support::relying_party::{Answer, Provider, RelyingParty, claims};
use crate::support::signing::{At, Signer};

const FRED: &str = "fred.perry@bank-a.example";
const TOKEN: &str = "/oauth2/token";
const USERINFO: &str = "/oauth2/userinfo";

/// A provider whose IMAS has opaque tokens and may ask about them.
async fn opaque(world: World) -> (Provider, RelyingParty) {
    let provider = Provider::with_certificates(world, None).await;
    provider
        .set("imas", |settings| {
            settings.access_token_format = AccessTokenFormat::Opaque;
            settings.introspection = true;
        })
        .await;
    let imas = provider.relying_party("imas");
    (provider, imas)
}

fn access(tokens: &Value) -> String {
    tokens["access_token"].as_str().unwrap().to_owned()
}

async fn asked(provider: &Provider, by: &RelyingParty, token: &str) -> Value {
    provider.post("/oauth2/introspect", Some(&by.basic()), &[("token", token)]).await.json()
}

/// Whether a token works, which both doors have to agree on.
async fn works(provider: &Provider, by: &RelyingParty, token: &str) -> bool {
    let shown = provider.userinfo(token).await.status == StatusCode::OK;
    assert_eq!(asked(provider, by, token).await["active"], shown);
    shown
}

/// How many are kept, and whether one is among them in clear.
async fn kept(provider: &Provider, token: &str) -> (i64, bool) {
    const COUNT: &str = "SELECT count(*) FROM opaque_access_tokens";
    const CLEAR: &str =
        "SELECT EXISTS (SELECT 1 FROM opaque_access_tokens WHERE CAST(claims AS TEXT) LIKE '%' || $1 || '%')";
    let secret = token.trim_start_matches(opaque::PREFIX);
    match &mut provider.world.db.reader().await.unwrap() {
        Tx::Sqlite(tx) => (
            sqlx::query_scalar(COUNT).fetch_one(tx.connection()).await.unwrap(),
            sqlx::query_scalar(CLEAR).bind(secret).fetch_one(tx.connection()).await.unwrap(),
        ),
        Tx::Postgres(tx) => (
            sqlx::query_scalar(COUNT).fetch_one(tx.connection()).await.unwrap(),
            sqlx::query_scalar(CLEAR).bind(secret).fetch_one(tx.connection()).await.unwrap(),
        ),
    }
}

/// What SCIM and the JSON API say to a token.
async fn apis(provider: &Provider, token: &str) -> [u16; 2] {
    let (app, tokens) = (provider.oidc.app.clone(), provider.oidc.tokens.clone());
    let scim = Scim { app: app.clone(), tokens: tokens.clone(), settings: scim::Settings::default() };
    let apis: Router = layers::api(scim::router(scim), &app);
    let apis = apis.merge(layers::api(api::router(Api { app: app.clone(), tokens }), &app));
    let ask = async |path: &str| {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        apis.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status().as_u16()
    };
    [ask("/scim/v2/Users?count=1").await, ask("/api/v1/directory?count=1").await]
}

async fn service_token(provider: &Provider) -> String {
    let (service, _) = provider.service(0);
    access(&provider.post(TOKEN, Some(&service), &[("grant_type", "client_credentials")]).await.json())
}

on_both! {
    /// OA-49, RFC 7662 §2.2: 256 random bits, kept as a digest; whoever may ask learns the same as of a signed one; a service uses one as it
    /// uses a signed one; what has expired is forgotten.
    async fn oa_49_an_opaque_token_says_nothing_and_is_good_for_the_same(world: World) {
        let (provider, imas) = opaque(world).await;
        let browser = provider.signed_in(FRED).await;
        let tokens = provider.tokens(&imas, &browser).await;
        let token = access(&tokens);
        assert!(token.starts_with("cha_") && token.len() == 47 && !token.contains('.'), "{token}");
        assert_eq!((&tokens["token_type"], &tokens["expires_in"], kept(&provider, &token).await), (&json!("Bearer"), &json!(300), (1, false)));
        assert_eq!(provider.userinfo(&token).await.json()["sub"], claims(&tokens["id_token"])["sub"]);
        let told = asked(&provider, &imas, &token).await;
        let next = provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.json();
        assert!(access(&next) != token && works(&provider, &imas, &access(&next)).await && works(&provider, &imas, &token).await);
        provider.set("imas", |settings| settings.access_token_format = AccessTokenFormat::Jwt).await;
        assert!(works(&provider, &imas, &token).await, "what was given before is good as long as it was");
        let signed = access(&provider.tokens(&imas, &browser).await);
        let of_signed = asked(&provider, &imas, &signed).await;
        let names = |told: &Value| told.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&told), names(&of_signed));
        for name in ["iss", "aud", "sub", "client_id", "scope", "acr", "amr", "auth_time", "token_type", "active"] {
            assert_eq!(told[name], of_signed[name], "{name}");
        }
        let (signed, before) = (service_token(&provider).await, kept(&provider, &token).await.0);
        provider.set("hr-bank-a", |settings| settings.access_token_format = AccessTokenFormat::Opaque).await;
        let own = service_token(&provider).await;
        assert!(own.starts_with("cha_") && kept(&provider, &own).await.0 == before + 1);
        assert_eq!(apis(&provider, &own).await, apis(&provider, &signed).await);
        assert!(apis(&provider, &own).await.iter().all(|status| *status != 401));
        let later = provider.world.clock.now().plus(Duration::from_hours(1));
        let done: chamberlain::db::Result<()> = chamberlain::transact!(provider.world.db, tx => opaque_store::remove_expired(tx, later).await);
        done.unwrap();
        assert_eq!((kept(&provider, &token).await.0, apis(&provider, &own).await), (0, [401, 401]));
    }

    /// CR-04: an emergency rotation of the key of access tokens ends them, too: they may have been exchanged for one that somebody forged.
    async fn cr_04_an_emergency_ends_opaque_tokens_with_the_signed_ones(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        provider.set("imas", |settings| (settings.access_token_format, settings.introspection) = (AccessTokenFormat::Opaque, true)).await;
        let token = access(&provider.tokens(&imas, &browser).await);
        provider.rotate_keys(Rotation::Staged).await;
        assert!(works(&provider, &imas, &token).await);
        provider.rotate_keys(Rotation::Emergency).await;
        assert!(!works(&provider, &imas, &token).await);
        assert!(works(&provider, &imas, &access(&provider.tokens(&imas, &browser).await)).await);
    }

    /// OA-26, OA-28, OA-29, OA-31, OA-32: expired, taken back, its grant ended, its person stopped or without the group, its client changed: each
    /// ends it at once; it is for us, and for its own application, only; a guess is nothing.
    async fn oa_28_an_opaque_token_is_judged_by_what_is_now(world: World) {
        let (provider, imas) = opaque(world).await;
        let casper = provider.relying_party("casper");
        provider.set("casper", |settings| settings.introspection = true).await;
        let revoke = async |by: &RelyingParty, token: &str| provider.post("/oauth2/revoke", Some(&by.basic()), &[("token", token)]).await.status;
        let fred = provider.user(FRED).await;
        for (number, email) in [FRED, FRED, FRED, "anna.berg@bank-a.example", FRED, FRED].into_iter().enumerate() {
            let tokens = provider.tokens(&imas, &provider.signed_in(email).await).await;
            let (token, refresh) = (access(&tokens), tokens["refresh_token"].as_str().unwrap().to_owned());
            assert!(works(&provider, &imas, &token).await, "{number}");
            match number {
                0 => {
                    assert_eq!(asked(&provider, &casper, &token).await["active"], false, "another application's");
                    assert_eq!(revoke(&casper, &token).await, StatusCode::OK);
                    assert!(works(&provider, &imas, &token).await, "nor does it take it back");
                    assert_eq!(revoke(&imas, &token).await, StatusCode::OK);
                    assert!(provider.refresh(&imas, &refresh).await.status == StatusCode::OK, "the grant goes on");
                }
                1 => assert_eq!(revoke(&imas, &refresh).await, StatusCode::OK),
                2 => provider.world.clock.advance(Duration::from_mins(5)),
                3 => leave_all_groups(&provider, email).await,
                4 => provider.reconfigure("imas", |client| client.epoch += 1).await,
                _ => provider.change_user(fred, |user| user.blocked = true).await,
            }
            assert!(!works(&provider, &imas, &token).await, "{number}");
            assert!(!works(&provider, &imas, &token).await, "{number}");
        }
        provider.change_user(fred, |user| user.blocked = false).await;
        let token = access(&provider.tokens(&imas, &provider.signed_in(FRED).await).await);
        let now = provider.world.clock.now();
        let good = provider.oidc.tokens.claims(&provider.world.db, &token, now).await.unwrap();
        let odd: [fn(&mut AccessClaims); 5] = [
            |claims| claims.aud = "https://other.example".to_owned(),
            |claims| claims.iss = "https://other.example".to_owned(),
            |claims| claims.iat += 60,
            |claims| claims.exp += 25 * 3_600,
            |claims| claims.client_id = "nobody".to_owned(),
        ];
        for (number, change) in odd.into_iter().enumerate() {
            let mut claims = (*good).clone();
            change(&mut claims);
            let token = provider.oidc.tokens.issue_opaque(&provider.world.db, &claims, &provider.world.ctx()).await.unwrap();
            assert!(!works(&provider, &imas, token.reveal()).await, "{number}");
        }
        for guess in [token[..46].to_owned(), format!("{token}A"), token.to_uppercase(), format!("cha_{}", "A".repeat(43)), "cha_".to_owned(), format!("cha_{}", "a".repeat(1_000))] {
            assert!(!works(&provider, &imas, &guess).await, "{guess}");
            assert_eq!(apis(&provider, &guess).await, [401, 401], "{guess}");
        }
        assert!(works(&provider, &imas, &token).await);
    }

    /// OA-41, RFC 9449 §7, RFC 8705 §3: bound to a key or a certificate it is nothing without; an API that was sent one exchanges it, and what it
    /// gets ends with it.
    async fn oa_41_an_opaque_token_is_bound_and_exchanged_like_a_signed_one(world: World) {
        let (provider, imas) = opaque(world).await;
        let browser = provider.signed_in(FRED).await;
        let (signer, other, basic) = (Signer::new("ES256"), Signer::new("ES256"), imas.basic());
        let code = provider.code(&imas, &browser).await;
        let proof = provider.proof(&signer, At::post(TOKEN), &json!({}));
        let tokens = provider.post_with(TOKEN, &[("authorization", &basic), ("dpop", &proof)], &imas.redemption(&code)).await.json();
        let token = access(&tokens);
        assert_eq!((&tokens["token_type"], &asked(&provider, &imas, &token).await["token_type"]), (&json!("DPoP"), &json!("DPoP")));
        let shown = async |scheme: &str, proof: Option<String>| {
            let authorization = format!("{scheme} {token}");
            let mut headers = vec![("authorization", authorization.as_str())];
            headers.extend(proof.as_deref().map(|proof| ("dpop", proof)));
            provider.userinfo_with(&headers).await.status.as_u16()
        };
        let of = |signer: &Signer, token: &str| Some(provider.proof(signer, At::get(USERINFO, token), &json!({})));
        assert_eq!(shown("DPoP", of(&signer, &token)).await, 200);
        for (scheme, proof) in [("Bearer", None), ("DPoP", None), ("DPoP", of(&other, &token)), ("DPoP", of(&signer, "another token")), ("Bearer", of(&signer, &token))] {
            assert_eq!(shown(scheme, proof).await, 401, "{scheme}");
        }
        let (held, stranger) = (self_made(&signer), self_made(&other));
        provider.set("imas", |settings| settings.tls_client_certificate_bound_access_tokens = true).await;
        let code = provider.code(&imas, &browser).await;
        let certificate = held.header();
        let headers = [("authorization", basic.as_str()), ("client-cert", certificate.as_str())];
        let tokens: Answer = provider.post_from(crate::support::certificates::PROXY, TOKEN, &headers, &imas.redemption(&code)).await;
        let bearer = format!("Bearer {}", access(&tokens.json()));
        for (held, expected) in [(Some(&held), 200), (Some(&stranger), 401), (None, 401)] {
            assert_eq!(provider.userinfo_held(held, &[("authorization", &bearer)]).await.status.as_u16(), expected);
        }
        provider.set("imas", |settings| settings.tls_client_certificate_bound_access_tokens = false).await;
        let now = provider.world.clock.now();
        let environment = provider.oidc.tokens.clients.find(&provider.world.db, "imas", now).await.unwrap().unwrap().client.environment;
        provider.reconfigure("casper", |client| {
            client.environment = environment;
            client.settings.token_exchange = true;
            client.settings.access_token_format = AccessTokenFormat::Opaque;
        }).await;
        let (sent, api) = (access(&provider.tokens(&imas, &browser).await), provider.relying_party("casper"));
        let pairs = [("grant_type", EXCHANGE_GRANT), ("subject_token", sent.as_str()), ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")];
        let given = provider.post(TOKEN, Some(&api.basic()), &pairs).await;
        assert_eq!(given.status, StatusCode::OK, "{}", given.body);
        let given = access(&given.json());
        assert_eq!((given.starts_with("cha_"), &asked(&provider, &imas, &given).await["act"]), (true, &json!({ "sub": "casper" })));
        assert!(works(&provider, &imas, &given).await);
        assert_eq!(provider.post("/oauth2/revoke", Some(&imas.basic()), &[("token", &sent)]).await.status, StatusCode::OK);
        assert!(!works(&provider, &imas, &given).await, "it ends with the one that it came from");
    }
}
