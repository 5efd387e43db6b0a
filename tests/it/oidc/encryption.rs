//! What is encrypted to clients: ID tokens, `UserInfo`, authorization answers, answers about tokens (RFC 7516, RFC 7519 §5.2).

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chamberlain::directory::client::encryption::{Encryptable, Encryption};
use chamberlain::proofs::{ContentEncryption, Encrypted, KeyManagement};
use chamberlain::tokens::mint::{self, Kind};
use josekit::jwe::{self, JweHeader};
use josekit::jwk::Jwk;
use josekit::jwk::alg::ec::{EcCurve, EcKeyPair};
use josekit::jwk::alg::rsa::RsaKeyPair;
use serde_json::{Value, json};

use crate::support::relying_party::{ISSUER, Provider, form};

const FRED: &str = "fred.perry@bank-a.example";

/// What a client opens with: by its own library, and by nothing of ours.
fn opened(private: &Jwk, alg: KeyManagement, text: &str) -> (String, JweHeader) {
    let (octets, header) = match alg {
        KeyManagement::EcdhEs => jwe::deserialize_compact(text, &jwe::ECDH_ES.decrypter_from_jwk(private).unwrap()),
        KeyManagement::EcdhEsA128Kw => {
            jwe::deserialize_compact(text, &jwe::ECDH_ES_A128KW.decrypter_from_jwk(private).unwrap())
        }
        KeyManagement::EcdhEsA256Kw => {
            jwe::deserialize_compact(text, &jwe::ECDH_ES_A256KW.decrypter_from_jwk(private).unwrap())
        }
        KeyManagement::RsaOaep256 => {
            jwe::deserialize_compact(text, &jwe::RSA_OAEP_256.decrypter_from_jwk(private).unwrap())
        }
    }
    .unwrap();
    (String::from_utf8(octets).unwrap(), header)
}

fn public(private: &Jwk) -> Value {
    let mut public = serde_json::to_value(private.to_public_key().unwrap()).unwrap();
    public["kid"] = json!(format!("for-{}", private.key_type()));
    public["use"] = json!("enc");
    public
}

fn everything(alg: KeyManagement, enc: ContentEncryption) -> Encryption {
    let mut encryption = Encryption::default();
    for what in Encryptable::ALL {
        encryption.set(what, Some(Encrypted { alg, enc }));
    }
    encryption
}

on_both! {
    /// OIDC Core §5.3.2, §16.14, JARM §2.2, RFC 9701 §5: each answer is signed, then encrypted to the key of the client, by each algorithm.
    async fn what_is_told_to_a_client_is_signed_and_then_encrypted_to_its_key(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let keys = [EcKeyPair::generate(EcCurve::P256).unwrap().to_jwk_key_pair(), RsaKeyPair::generate(2048).unwrap().to_jwk_key_pair()];
        for (alg, enc) in KeyManagement::ALL.into_iter().zip(ContentEncryption::ALL) {
            let set = json!({"keys": keys.each_ref().map(public)});
            provider.set("imas", move |settings| {
                (settings.jwks, settings.encryption, settings.introspection) = (Some(set.clone()), everything(alg, enc), true);
            }).await;
            let private = &keys[usize::from(alg == KeyManagement::RsaOaep256)];
            let ring = provider.oidc.tokens.keys.ring(&provider.world.db, provider.world.clock.now()).await.unwrap();
            let read = |text: &str, kind| {
                let (jwt, header) = opened(private, alg, text);
                let named = ["alg", "enc", "cty", "kid"].map(|name| header.claim(name).unwrap().as_str().unwrap().to_owned());
                assert_eq!(named, [alg.as_str(), enc.as_str(), "JWT", &format!("for-{}", private.key_type())]);
                let (said, _) = mint::read::<Value>(&jwt, kind, |kid| ring.find(kid).map(AsRef::as_ref)).unwrap();
                assert_eq!((&said["iss"], &said["aud"]), (&json!(ISSUER), &json!("imas")));
                said
            };
            let back = provider.get(&browser, &imas.authorize(&[("response_mode", "jwt")])).await;
            let code = read(&back.param("response").unwrap(), Kind::AuthorizationResponse)["code"].as_str().unwrap().to_owned();
            let tokens = provider.redeem(&imas, &code).await.json();
            let (id_token, access) = (tokens["id_token"].as_str().unwrap(), tokens["access_token"].as_str().unwrap());
            assert!(read(id_token, Kind::IdToken)["at_hash"].is_string());
            let told = provider.userinfo(access).await;
            assert_eq!((told.status, told.header("content-type")), (StatusCode::OK, "application/jwt"));
            assert_eq!(read(&told.body, Kind::UserInfo)["email"], FRED);
            let request = Request::post("/oauth2/introspect").header(header::AUTHORIZATION, imas.basic())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header(header::ACCEPT, "application/token-introspection+jwt");
            let told = provider.send(request.body(Body::from(form(&[("token", access)]))).unwrap()).await;
            assert_eq!(read(&told.body, Kind::Introspection)["token_introspection"]["active"], true);
            let next = provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.json();
            assert!(read(next["id_token"].as_str().unwrap(), Kind::IdToken)["at_hash"].is_string());
            // OIDC Core §3.1.2.1: as a hint it comes back decrypted.
            let hint = async |hint: &str| provider.get(&browser, &imas.authorize(&[("id_token_hint", hint)])).await;
            assert_eq!(hint(id_token).await.param("error").as_deref(), Some("invalid_request"));
            assert!(hint(&opened(private, alg, id_token).0).await.param("code").is_some());
        }
        let metadata = provider.plain_get("/.well-known/openid-configuration").await.json();
        for what in ["id_token", "userinfo", "introspection", "authorization"] {
            assert_eq!(metadata[format!("{what}_encryption_alg_values_supported")], json!(["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW", "RSA-OAEP-256"]));
            assert_eq!(metadata[format!("{what}_encryption_enc_values_supported")], json!(["A128CBC-HS256", "A256CBC-HS512", "A128GCM", "A256GCM"]));
        }
    }

    /// OIDC Core §10.2: where no key can be had nothing is told in clear, and no code and no refresh token is used up for nothing.
    async fn without_a_key_of_the_client_nothing_is_told_in_clear(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let code = provider.code(&imas, &browser).await;
        let private = EcKeyPair::generate(EcCurve::P256).unwrap().to_jwk_key_pair();
        let set = json!({"keys": [public(&private)]});
        provider.set("imas", |settings| {
            settings.introspection = true;
            (settings.jwks, settings.encryption) = (Some(set.clone()), everything(KeyManagement::RsaOaep256, ContentEncryption::A128Gcm));
        }).await;
        let no_key = (StatusCode::BAD_REQUEST, "invalid_client_metadata".to_owned());
        let answer = provider.redeem(&imas, &code).await;
        assert_eq!((answer.status, answer.error()), no_key);
        let answer = provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await;
        assert_eq!((answer.status, answer.error()), no_key);
        let answer = provider.userinfo(tokens["access_token"].as_str().unwrap()).await;
        assert_eq!((answer.status, answer.error()), no_key);
        let page = provider.get(&browser, &imas.authorize(&[("response_mode", "jwt")])).await;
        assert!(page.status == StatusCode::BAD_REQUEST && page.shows("error-code"));
        provider.set("imas", |settings| settings.encryption = everything(KeyManagement::EcdhEs, ContentEncryption::A128Gcm)).await;
        let told = provider.redeem(&imas, &code).await.json();
        assert_eq!(told["id_token"].as_str().unwrap().split('.').count(), 5, "the code is unused: {told}");
        assert_eq!(provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.status, StatusCode::OK);
    }
}
