//! Keys of clients that are fetched from where the clients keep them (RFC 7591 §2).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use chamberlain::directory::client::model::AuthMethod;
use chamberlain::outbound::{Outbound, Settings};
use chamberlain::proofs::{ContentEncryption, Encrypted, KeyManagement};
use josekit::jwe;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::support::certificates::self_made;
use crate::support::relying_party::Provider;
use crate::support::signing::Signer;

#[derive(Clone, Default)]
struct Shelf {
    asked: Arc<AtomicUsize>,
    body: Arc<Mutex<String>>,
}

/// A server with a key set.
struct Keeper {
    url: String,
    shelf: Shelf,
    _tasks: JoinSet<()>,
}

impl Keeper {
    async fn start(signers: &[&Signer]) -> Self {
        let shelf = Shelf::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router =
            Router::new().route("/jwks", get(keys)).route("/elsewhere", get(|| async { Redirect::to("/jwks") }));
        let router = router.with_state(shelf.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
        let keeper = Self { url, shelf, _tasks: tasks };
        keeper.keep(signers);
        keeper
    }

    fn keep(&self, signers: &[&Signer]) {
        let keys: Vec<Value> = signers.iter().map(|signer| signer.registered()).collect();
        *self.shelf.body.lock().unwrap() = json!({ "keys": keys }).to_string();
    }

    fn say(&self, body: &str) {
        body.clone_into(&mut self.shelf.body.lock().unwrap());
    }

    fn asked(&self) -> usize {
        self.shelf.asked.load(Ordering::SeqCst)
    }
}

async fn keys(State(shelf): State<Shelf>) -> Response {
    shelf.asked.fetch_add(1, Ordering::SeqCst);
    shelf.body.lock().unwrap().clone().into_response()
}

fn outbound(loopback: bool) -> Outbound {
    Outbound::new(&Settings { timeout_seconds: 1, ..Settings::default() }, loopback).unwrap()
}

async fn at(provider: &Provider, address: &str) {
    provider
        .set("imas", |settings| {
            settings.token_endpoint_auth_method = AuthMethod::PrivateKeyJwt;
            settings.jwks_uri = Some(address.to_owned());
            settings.grant_types.push("client_credentials".to_owned());
        })
        .await;
}

async fn proves(provider: &Provider, signer: &Signer) -> bool {
    let answer = provider.ask_signed(&provider.assertion(signer, "imas", &json!({}))).await;
    assert!(answer.status.is_success() || answer.error() == "invalid_client", "{}", answer.body);
    answer.status.is_success()
}

on_both! {
    /// A key that is not known yet is looked for at once, but not more often than once a minute; one that was taken out stops working.
    async fn keys_are_fetched_kept_and_fetched_again_for_an_unknown_name(world: World) {
        let provider = Provider::reaching(world, outbound(true)).await;
        let (first, second) = (Signer::new("ES256"), Signer::new("EdDSA"));
        let keeper = Keeper::start(&[&first]).await;
        at(&provider, &format!("{}/jwks", keeper.url)).await;
        for _ in 0..3 {
            assert!(proves(&provider, &first).await);
        }
        assert_eq!(keeper.asked(), 1);
        keeper.keep(&[&second]);
        assert!(!proves(&provider, &second).await && proves(&provider, &first).await);
        assert_eq!(keeper.asked(), 1, "within the minute");
        provider.world.clock.advance(Duration::from_secs(61));
        assert!(proves(&provider, &second).await && !proves(&provider, &first).await);
        assert_eq!(keeper.asked(), 2);
        // Without an unknown name it is asked again after five minutes, and what is not there any more does not work any more.
        keeper.keep(&[&first]);
        provider.world.clock.advance(Duration::from_secs(301));
        assert!(!proves(&provider, &second).await && keeper.asked() == 3);
    }

    /// RFC 7591 §2, OIDC Core §10.2.1: what is encrypted to a client is encrypted to the key that it keeps there now; without one nothing is told.
    async fn what_is_encrypted_to_a_client_is_encrypted_to_the_key_that_it_keeps(world: World) {
        let provider = Provider::reaching(world, outbound(true)).await;
        let keeper = Keeper::start(&[&Signer::new("PS256")]).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in("fred.perry@bank-a.example").await);
        let how = Encrypted { alg: KeyManagement::EcdhEs, enc: ContentEncryption::A128Gcm };
        provider.set("imas", |settings| {
            settings.jwks_uri = Some(format!("{}/jwks", keeper.url));
            settings.encryption.id_token = Some(how);
        }).await;
        let code = provider.code(&imas, &browser).await;
        assert_eq!(provider.redeem(&imas, &code).await.error(), "invalid_client_metadata", "RSA, and for signatures");
        for (name, pair) in ["first", "second"].map(|name| (name, EcKeyPair::generate(EcCurve::P256).unwrap())) {
            let mut key = serde_json::to_value(pair.to_jwk_public_key()).unwrap();
            (key["kid"], key["use"]) = (json!(name), json!("enc"));
            keeper.say(&json!({ "keys": [key] }).to_string());
            provider.world.clock.advance(Duration::from_secs(301));
            let tokens = provider.tokens(&imas, &browser).await;
            let decrypter = jwe::ECDH_ES.decrypter_from_jwk(&pair.to_jwk_key_pair()).unwrap();
            let (_, header) = jwe::deserialize_compact(tokens["id_token"].as_str().unwrap(), &decrypter).unwrap();
            assert_eq!(header.key_id(), Some(name));
        }
    }

    /// Where nothing comes, what was there is used for an hour; nonsense changes nothing and harms nobody.
    async fn keys_that_cannot_be_fetched_are_used_for_an_hour_more(world: World) {
        let provider = Provider::reaching(world, outbound(true)).await;
        let signer = Signer::new("ES256");
        let keeper = Keeper::start(&[&signer]).await;
        at(&provider, &format!("{}/jwks", keeper.url)).await;
        assert!(proves(&provider, &signer).await);
        for nonsense in ["", "[]", "{\"keys\": 7}", &"[".repeat(100_000), &format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(70_000))] {
            keeper.say(nonsense);
            provider.world.clock.advance(Duration::from_secs(301));
            let before = keeper.asked();
            assert!(proves(&provider, &signer).await && keeper.asked() == before + 1);
        }
        provider.world.clock.advance(Duration::from_hours(1));
        assert!(!proves(&provider, &signer).await);
        // One odd key does not take the others with it.
        keeper.say(&json!({"keys": [7, {"kty": "EC"}, {"kty": "oct", "k": "AA"}, signer.registered()]}).to_string());
        provider.world.clock.advance(Duration::from_secs(61));
        assert!(proves(&provider, &signer).await);
    }

    /// RFC 8705 §2.2: a certificate is looked for in the same way: one of an unknown key asks again, once a minute.
    async fn rfc_8705_section_2_2_the_key_of_a_certificate_is_looked_for_again(world: World) {
        let provider = Provider::with_certificates_reaching(world, outbound(true)).await;
        let (first, second) = (Signer::new("ES256"), Signer::new("EdDSA"));
        let keeper = Keeper::start(&[&first]).await;
        at(&provider, &format!("{}/jwks", keeper.url)).await;
        provider.set("imas", |settings| settings.token_endpoint_auth_method = AuthMethod::SelfSignedTlsClientAuth).await;
        let holds = async |signer: &Signer| {
            let pairs = [("grant_type", "client_credentials"), ("client_id", "imas")];
            provider.post_held(&self_made(signer), "/oauth2/token", &pairs).await.status.is_success()
        };
        assert!(holds(&first).await && holds(&first).await && keeper.asked() == 1);
        keeper.keep(&[&second]);
        assert!(!holds(&second).await && holds(&first).await && keeper.asked() == 1, "within the minute");
        provider.world.clock.advance(Duration::from_secs(61));
        assert!(holds(&second).await && !holds(&first).await && keeper.asked() == 2);
    }

    /// OA-21: no packet leaves to our own network for keys.
    async fn oa_21_keys_are_fetched_from_public_addresses_only(world: World) {
        let signer = Signer::new("ES256");
        let keeper = Keeper::start(&[&signer]).await;
        let provider = Provider::reaching(world, outbound(false)).await;
        at(&provider, &format!("{}/jwks", keeper.url)).await;
        assert!(!proves(&provider, &signer).await && keeper.asked() == 0);
    }

    /// OA-21: no redirect is followed.
    async fn oa_21_keys_are_not_fetched_from_where_an_answer_leads(world: World) {
        let signer = Signer::new("ES256");
        let keeper = Keeper::start(&[&signer]).await;
        let provider = Provider::reaching(world, outbound(true)).await;
        at(&provider, &format!("{}/elsewhere", keeper.url)).await;
        assert!(!proves(&provider, &signer).await && keeper.asked() == 0);
    }
}
