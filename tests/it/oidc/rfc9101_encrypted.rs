//! Authorization requests that clients encrypt to us (RFC 9101 §6.1, OIDC Core §6.1, RFC 7516), and the keys for that.

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::directory::client::model::{AuthMethod, ClientProfile};
use chamberlain::directory::client::registration::model::Policy;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::oidc::Settings;
use chamberlain::tokens::Rotation;
use chamberlain::tokens::key_pair::KeyPair;
use chamberlain::tokens::key_use::{KeyType, KeyUse};
use josekit::jwe::{self, JweEncrypter, JweHeader};
use josekit::jwk::Jwk;
use josekit::jwk::alg::rsa::RsaKeyPair;
use serde_json::{Value, json};

use crate::support::World;
use crate::support::relying_party::{CHALLENGE, ISSUER, Provider, form, take_over};
use crate::support::signing::Signer;

const FRED: &str = "fred.perry@bank-a.example";
const EC: KeyUse = KeyUse::Opening(KeyType::Ec);

async fn switched_on(world: World) -> Provider {
    let provider = Provider::with(world, Settings { request_object_encryption: true, ..Settings::default() }).await;
    provider.oidc.tokens.keys.ensure(&provider.world.db, EC, &provider.world.ctx()).await.unwrap();
    provider
}

/// Those of the published keys that are for encryption.
async fn published(provider: &Provider) -> Vec<Value> {
    let jwks = provider.plain_get("/oauth2/jwks").await.json();
    let keys = jwks["keys"].as_array().unwrap().iter();
    let mut keys: Vec<Value> = keys.filter(|key| key["use"] == "enc").cloned().collect();
    keys.sort_by_key(|key| key["kty"].as_str().unwrap().to_owned());
    keys
}

/// As a client does it, with its own library.
fn encrypted(text: &str, key: &Value, (alg, enc): (&str, &str), with_kid: bool) -> String {
    let mut bare = key.clone();
    for name in ["kid", "alg", "use"] {
        bare.as_object_mut().unwrap().remove(name);
    }
    let bare = Jwk::from_bytes(bare.to_string()).unwrap();
    let encrypter: Box<dyn JweEncrypter> = match alg {
        "ECDH-ES" => Box::new(jwe::ECDH_ES.encrypter_from_jwk(&bare).unwrap()),
        "ECDH-ES+A128KW" => Box::new(jwe::ECDH_ES_A128KW.encrypter_from_jwk(&bare).unwrap()),
        "ECDH-ES+A256KW" => Box::new(jwe::ECDH_ES_A256KW.encrypter_from_jwk(&bare).unwrap()),
        "RSA-OAEP" => Box::new(jwe::RSA_OAEP.encrypter_from_jwk(&bare).unwrap()),
        _ => Box::new(jwe::RSA_OAEP_256.encrypter_from_jwk(&bare).unwrap()),
    };
    let mut header = JweHeader::new();
    header.set_content_encryption(enc);
    header.set_content_type("oauth-authz-req+jwt");
    if with_kid {
        header.set_key_id(key["kid"].as_str().unwrap());
    }
    jwe::serialize_compact(text.as_bytes(), &header, encrypter.as_ref()).unwrap()
}

/// A good signed object of IMAS.
fn signed(provider: &Provider, signer: &Signer) -> String {
    let now = provider.world.clock.now().as_seconds();
    let claims = json!({
        "iss": "imas", "aud": ISSUER, "nbf": now, "exp": now + 300, "client_id": "imas", "response_type": "code",
        "redirect_uri": provider.relying_party("imas").redirect_uri, "scope": "openid", "state": "inner",
        "nonce": "n", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    });
    signer.sign(&json!({"typ": "oauth-authz-req+jwt"}), &claims)
}

/// Pushes an object: the status, and the error if there is one.
async fn push(provider: &Provider, signer: &Signer, object: &str) -> (StatusCode, String) {
    let assertion = provider.assertion(signer, "imas", &json!({}));
    let pushed = provider.post_signed("/oauth2/par", &assertion, &[("client_id", "imas"), ("request", object)]).await;
    (pushed.status, pushed.json()["error"].as_str().unwrap_or_default().to_owned())
}

fn taken() -> (StatusCode, String) {
    (StatusCode::CREATED, String::new())
}

fn refused() -> (StatusCode, String) {
    (StatusCode::BAD_REQUEST, "invalid_request_object".to_owned())
}

on_both! {
    /// RFC 9101 §6.1: by value and pushed, by each algorithm, with and without the name of the key; the metadata say so.
    async fn a_request_that_is_encrypted_to_us_is_opened_and_counts_like_any_other(world: World) {
        let provider = switched_on(world).await;
        let rsa = RsaKeyPair::generate(2048).unwrap();
        let pair = KeyPair::import(KeyUse::Opening(KeyType::Rsa), &rsa.to_pem_private_key(), None).unwrap();
        let (world, keys) = (&provider.world, &provider.oidc.tokens.keys);
        let next = keys.prepare_with(KeyUse::Opening(KeyType::Rsa), pair, Rotation::Emergency, &world.ctx()).unwrap();
        take_over(world, keys, &next).await;
        let (browser, signer) = (provider.signed_in(FRED).await, Signer::new("PS256"));
        provider.signing(&signer, ClientProfile::Fapi2).await;
        let published = published(&provider).await;
        assert_eq!(published.iter().map(|key| (&key["kty"], &key["alg"])).collect::<Vec<_>>(), [(&json!("EC"), &Value::Null), (&json!("RSA"), &json!("RSA-OAEP-256"))]);
        assert!(published.iter().all(|key| ["d", "p", "q"].iter().all(|member| key.get(member).is_none())));
        for (number, alg) in ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW", "RSA-OAEP-256"].into_iter().enumerate() {
            let key = &published[usize::from(alg == "RSA-OAEP-256")];
            for enc in ["A128CBC-HS256", "A256CBC-HS512", "A128GCM", "A256GCM"] {
                let object = encrypted(&signed(&provider, &signer), key, (alg, enc), number % 2 == 0);
                assert_eq!(push(&provider, &signer, &object).await, taken(), "{alg} {enc}");
            }
        }
        provider.signing(&signer, ClientProfile::Compat).await;
        let object = encrypted(&signed(&provider, &signer), &published[0], ("ECDH-ES", "A256GCM"), true);
        let back = provider.get(&browser, &format!("/oauth2/authorize?{}", form(&[("client_id", "imas"), ("request", &object)]))).await;
        assert!(back.param("code").is_some() && back.param("state").as_deref() == Some("inner"), "{}", back.location());
        let metadata = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!(metadata["request_object_encryption_alg_values_supported"], json!(["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW", "RSA-OAEP-256"]));
        assert_eq!(metadata["request_object_encryption_enc_values_supported"], json!(["A128CBC-HS256", "A256CBC-HS512", "A128GCM", "A256GCM"]));
        // OIDC Registration §2: what a client declares is checked and repeated.
        let policy = Policy { scopes: vec!["openid".to_owned()], third_party: true, allow_without_pkce_insecure: false, device_grant: false };
        let token = provider.registration_token(PrincipalId::Console, policy, 9).await;
        let register = async |alg: &str| {
            let document = json!({"redirect_uris": ["https://rp.example/cb"], "request_object_encryption_alg": alg});
            provider.register(&token, &document).await.json()
        };
        let made = register("ECDH-ES").await;
        assert_eq!((&made["request_object_encryption_alg"], &made["request_object_encryption_enc"]), (&json!("ECDH-ES"), &json!("A128CBC-HS256")));
        assert_eq!(register("RSA1_5").await["error"], "invalid_client_metadata");
    }

    /// RFC 7516 §11.5, RFC 8725 §3.2: whatever cannot be opened is refused in the same words; encryption stands for no signature; where it is not
    /// switched on there is no key and nothing is opened.
    async fn what_is_not_encrypted_to_us_or_not_signed_is_refused(world: World) {
        let provider = switched_on(world).await;
        let signer = Signer::new("PS256");
        provider.signing(&signer, ClientProfile::Fapi2).await;
        let key = published(&provider).await.remove(0);
        let plain = signed(&provider, &signer);
        let good = encrypted(&plain, &key, ("ECDH-ES", "A256GCM"), true);
        assert_eq!(push(&provider, &signer, &good).await, taken());
        let mut other = serde_json::to_value(Signer::new("ES256").private.to_public_key().unwrap()).unwrap();
        other["kid"] = key["kid"].clone();
        let mut unknown = key.clone();
        unknown["kid"] = json!("unknown");
        let rsa = serde_json::to_value(RsaKeyPair::generate(2048).unwrap().to_jwk_public_key()).unwrap();
        let unsigned = plain.rsplit_once('.').unwrap().0.to_owned() + ".";
        let mut parts: Vec<&str> = good.split('.').collect();
        parts[3] = "AAAA";
        for (what, object) in [
            ("to another key of the same name", encrypted(&plain, &other, ("ECDH-ES", "A256GCM"), true)),
            ("to another key", encrypted(&plain, &other, ("ECDH-ES", "A256GCM"), false)),
            ("an unknown name", encrypted(&plain, &unknown, ("ECDH-ES", "A256GCM"), true)),
            ("an algorithm that is not offered", encrypted(&plain, &rsa, ("RSA-OAEP", "A256GCM"), false)),
            ("a key type that we have none of", encrypted(&plain, &rsa, ("RSA-OAEP-256", "A256GCM"), false)),
            ("changed", parts.join(".")),
            ("nothing", "....".to_owned()),
            ("not signed", encrypted(&unsigned, &key, ("ECDH-ES", "A256GCM"), true)),
            ("no JWT", encrypted("{}", &key, ("ECDH-ES", "A256GCM"), true)),
            ("encrypted twice", encrypted(&good, &key, ("ECDH-ES", "A256GCM"), true)),
        ] {
            assert_eq!(push(&provider, &signer, &object).await, refused(), "{what}");
        }
        // Who has no key of their own cannot have signed anything: it is not even opened.
        provider.set("imas", |settings| (settings.jwks, settings.token_endpoint_auth_method, settings.profile) = (None, AuthMethod::ClientSecretBasic, ClientProfile::Compat)).await;
        let party = provider.relying_party("imas");
        let answer = provider.post("/oauth2/par", Some(&party.basic()), &[("request", &good)]).await;
        assert_eq!((answer.error(), &answer.json()["error_description"]), ("invalid_request_object".to_owned(), &json!("the request object is not signed by a key of the client")));
    }

    async fn where_it_is_not_switched_on_nothing_is_opened_and_there_is_no_key(world: World) {
        let provider = Provider::new(world).await;
        let signer = Signer::new("PS256");
        provider.signing(&signer, ClientProfile::Fapi2).await;
        assert!(published(&provider).await.is_empty());
        let metadata = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert!(metadata.get("request_object_encryption_alg_values_supported").is_none());
        // Not even where keys are left of a time when it was.
        provider.oidc.tokens.keys.ensure(&provider.world.db, EC, &provider.world.ctx()).await.unwrap();
        let key = published(&provider).await.remove(0);
        let object = encrypted(&signed(&provider, &signer), &key, ("ECDH-ES", "A256GCM"), true);
        assert_eq!(push(&provider, &signer, &object).await, refused());
    }

    /// CR-04: who keeps a key set may go on encrypting by it; nobody is given the old key any more; in an emergency it opens nothing.
    async fn cr_04_a_key_that_opens_takes_over_in_stages(world: World) {
        let provider = switched_on(world).await;
        let signer = Signer::new("PS256");
        provider.signing(&signer, ClientProfile::Fapi2).await;
        let (world, keys) = (&provider.world, &provider.oidc.tokens.keys);
        let old = published(&provider).await.remove(0);
        let by = async |key: &Value| push(&provider, &signer, &encrypted(&signed(&provider, &signer), key, ("ECDH-ES", "A128GCM"), true)).await;
        take_over(world, keys, &keys.prepare(EC, Rotation::Staged, &world.ctx()).await.unwrap()).await;
        let both = published(&provider).await;
        let next = both.iter().find(|key| **key != old).unwrap().clone();
        assert_eq!((both.len(), both.contains(&old), by(&next).await), (2, true, taken()), "who sees it may use it");
        world.clock.advance(Duration::from_hours(24));
        keys.refresh(&world.db, world.clock.now()).await.unwrap();
        assert_eq!(published(&provider).await, std::slice::from_ref(&next));
        assert_eq!((by(&old).await, by(&next).await), (taken(), taken()));
        world.clock.advance(Duration::from_hours(25));
        keys.refresh(&world.db, world.clock.now()).await.unwrap();
        assert_eq!((by(&old).await, by(&next).await), (refused(), taken()));
        take_over(world, keys, &keys.prepare(EC, Rotation::Emergency, &world.ctx()).await.unwrap()).await;
        assert_eq!(by(&next).await, refused());
        assert!(!published(&provider).await.contains(&next));
    }
}
