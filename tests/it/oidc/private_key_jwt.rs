//! Clients that prove themselves by a signature (RFC 7523, OIDC Core §9, FAPI 2.0 Security Profile §5.3.2.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chamberlain::directory::client::model::ClientProfile;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::relying_party::{ISSUER, Provider};
use crate::support::signing::{ASSERTION_TYPE, Signer};

const FRED: &str = "fred.perry@bank-a.example";
const TOKEN: &str = "http://127.0.0.1:4000/oauth2/token";

/// What an assertion with changes comes to: `ok`, or the error.
async fn outcome(provider: &Provider, signer: &Signer, changes: Value) -> String {
    let answer = provider.ask_signed(&provider.assertion(signer, "imas", &changes)).await;
    if answer.status.is_success() {
        return "ok".to_owned();
    }
    assert_eq!(answer.status.as_u16(), if answer.error() == "invalid_client" { 401 } else { 400 }, "{}", answer.body);
    answer.error()
}

on_both! {
    /// RFC 7523 §2.2: with each algorithm that is offered; the whole code flow.
    async fn a_client_proves_itself_by_a_signed_assertion(world: World) {
        let provider = Provider::new(world).await;
        for alg in ["ES256", "PS256", "EdDSA", "RS256"] {
            let signer = Signer::new(alg);
            provider.signing(&signer, ClientProfile::Compat).await;
            assert_eq!(outcome(&provider, &signer, json!({})).await, "ok", "{alg}");
        }
        let signer = Signer::new("ES256");
        provider.signing(&signer, ClientProfile::Compat).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let code = provider.code(&imas, &browser).await;
        let assertion = provider.assertion(&signer, "imas", &json!({}));
        let mut pairs = imas.redemption(&code);
        pairs.push(("client_id", "imas"));
        let tokens = provider.post_signed("/oauth2/token", &assertion, &pairs).await;
        assert_eq!(tokens.status.as_u16(), 200, "{}", tokens.body);
        let metadata = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert!(metadata["token_endpoint_auth_methods_supported"].as_array().unwrap().contains(&json!("private_key_jwt")));
        assert_eq!(metadata["token_endpoint_auth_signing_alg_values_supported"], json!(["ES256", "PS256", "EdDSA", "RS256"]));
    }

    /// OA-37: an assertion works once, also on another node, and only once when sixteen come at once.
    async fn oa_37_an_assertion_works_once_on_all_nodes(world: World) {
        let provider = std::sync::Arc::new(Provider::new(world).await);
        let signer = Signer::new("ES256");
        provider.signing(&signer, ClientProfile::Fapi2).await;
        let assertion = provider.assertion(&signer, "imas", &json!({}));
        assert_eq!(provider.ask_signed(&assertion).await.status.as_u16(), 200);
        assert_eq!(provider.ask_signed(&assertion).await.error(), "invalid_client");
        assert_eq!(provider.another_node().await.ask_signed(&assertion).await.error(), "invalid_client");
        // The same name in another assertion is the same name.
        let named = json!({"jti": "one"});
        assert_eq!(outcome(&provider, &signer, named.clone()).await, "ok");
        assert_eq!(outcome(&provider, &signer, named).await, "invalid_client");
        let assertion = provider.assertion(&signer, "imas", &json!({}));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (provider, assertion) = (provider.clone(), assertion.clone());
            tasks.spawn(async move { provider.ask_signed(&assertion).await.status.as_u16() });
        }
        let answers = tasks.join_all().await;
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    }

    /// OA-38: with the profile fapi2 the issuer as one string and nothing else; with compat what relying parties send, too.
    async fn oa_38_the_audience_is_judged_by_the_profile(world: World) {
        let provider = Provider::new(world).await;
        let signer = Signer::new("ES256");
        for (profile, tolerant) in [(ClientProfile::Fapi2, "invalid_client"), (ClientProfile::Compat, "ok")] {
            provider.signing(&signer, profile).await;
            for (audience, expected) in [
                (json!(ISSUER), "ok"),
                (json!([ISSUER]), tolerant),
                (json!(TOKEN), tolerant),
                (json!(["https://other.example", TOKEN]), tolerant),
                (json!("https://other.example"), "invalid_client"),
                (json!(["https://other.example"]), "invalid_client"),
                (json!(format!("{ISSUER}/")), "invalid_client"),
                (json!([]), "invalid_client"),
                (Value::Null, "invalid_client"),
            ] {
                assert_eq!(outcome(&provider, &signer, json!({"aud": audience})).await, expected, "{profile:?} {audience}");
            }
        }
    }

    /// OA-36: an end is needed, within five minutes; what starts more than a moment ahead is refused, and nothing is used up by it.
    async fn oa_36_an_assertion_has_an_end_and_lives_for_minutes(world: World) {
        let provider = Provider::new(world).await;
        let signer = Signer::new("ES256");
        provider.signing(&signer, ClientProfile::Fapi2).await;
        let now = provider.world.clock.now().as_seconds();
        for (changes, expected) in [
            (json!({"exp": now + 300}), "ok"),
            (json!({"nbf": now + 8}), "ok"),
            (json!({"nbf": now + 8, "iat": now + 8}), "ok"),
            (json!({"iat": null}), "ok"),
            (json!({"exp": null}), "invalid_client"),
            (json!({"exp": now}), "invalid_client"),
            (json!({"exp": now - 300}), "invalid_client"),
            (json!({"exp": now + 3600}), "invalid_client"),
            (json!({"exp": now + 31_536_000}), "invalid_client"),
            (json!({"exp": (now + 60).to_string()}), "invalid_client"),
            (json!({"nbf": now + 61}), "invalid_client"),
            (json!({"iat": now + 61}), "invalid_client"),
            (json!({"jti": null}), "invalid_client"),
            (json!({"jti": ""}), "invalid_client"),
            (json!({"jti": "x".repeat(600)}), "invalid_client"),
            (json!({"sub": null}), "invalid_client"),
            (json!({"iss": null}), "invalid_client"),
            (json!({"iss": "casper"}), "invalid_client"),
            (json!({"sub": "casper"}), "invalid_client"),
            (json!({"iss": "casper", "sub": "casper"}), "invalid_client"),
            (json!({"iss": "nobody", "sub": "nobody"}), "invalid_client"),
        ] {
            assert_eq!(outcome(&provider, &signer, changes.clone()).await, expected, "{changes}");
        }
    }

    /// OA-33, OA-34: keyed with the public key, unsigned, by another key, by a key that the token brings, by a weak algorithm.
    async fn oa_33_and_34_only_keys_of_the_client_and_strong_algorithms_count(world: World) {
        let provider = Provider::new(world).await;
        let (rsa, other) = (Signer::new("PS256"), Signer::new("ES256"));
        provider.signing(&rsa, ClientProfile::Fapi2).await;
        assert_eq!(outcome(&provider, &rsa, json!({})).await, "ok");
        let weak = Signer::of("RS256", rsa.private.clone());
        assert_eq!(outcome(&provider, &weak, json!({})).await, "invalid_client");
        assert_eq!(outcome(&provider, &other, json!({})).await, "invalid_client");
        let good = provider.assertion(&rsa, "imas", &json!({}));
        let claims = good.split('.').nth(1).unwrap();
        let forge = |header: Value, key: &[u8]| {
            let signed = format!("{}.{claims}", URL_SAFE_NO_PAD.encode(header.to_string()));
            let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
            mac.update(signed.as_bytes());
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
        };
        let public = rsa.registered().to_string();
        let claims_of = |token: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap() };
        for (what, forged) in [
            ("HS256", forge(json!({"alg": "HS256", "kid": rsa.kid}), public.as_bytes())),
            ("none", format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(json!({"alg": "none", "kid": rsa.kid}).to_string()))),
            ("unsigned", format!("{}.", good.rsplit_once('.').unwrap().0)),
            ("own key in the header", other.sign(&json!({"jwk": other.jwk(), "kid": null}), &claims_of(&good))),
            ("own address in the header", other.sign(&json!({"jku": "https://evil.example/jwks"}), &claims_of(&good))),
            ("critical", rsa.sign(&json!({"crit": ["exp"]}), &claims_of(&good))),
            ("critical and empty", rsa.sign(&json!({"crit": []}), &claims_of(&good))),
            ("another name", rsa.sign(&json!({"kid": "unknown"}), &claims_of(&good))),
            ("cut", good[..good.len() - 2].to_owned()),
            ("no token", "x".to_owned()),
        ] {
            assert_eq!(provider.ask_signed(&forged).await.error(), "invalid_client", "{what}");
        }
        assert_eq!(provider.ask_signed(&good).await.status.as_u16(), 200, "nothing of that has used it up");
    }

    /// OA-39: who is registered to sign is not believed by a secret, nor the other way round, nor by two proofs.
    async fn oa_39_nobody_falls_back_to_another_method(world: World) {
        let provider = Provider::new(world).await;
        let (imas, signer) = (provider.relying_party("imas"), Signer::new("ES256"));
        let grant = ("grant_type", "client_credentials");
        assert_eq!(outcome(&provider, &signer, json!({})).await, "invalid_client");
        provider.signing(&signer, ClientProfile::Compat).await;
        let assertion = provider.assertion(&signer, "imas", &json!({}));
        let named = [grant, ("client_id", "imas"), ("client_secret", imas.secret.as_str())];
        let signed = [grant, ("client_assertion_type", ASSERTION_TYPE), ("client_assertion", assertion.as_str())];
        for (header, pairs) in [
            (Some(imas.basic()), vec![grant]),
            (None, named.to_vec()),
            (None, vec![grant, ("client_id", "imas")]),
            (Some(imas.basic()), signed.to_vec()),
            (None, signed.iter().chain(&named[1..]).copied().collect()),
            (None, signed.iter().copied().chain([("client_id", "casper")]).collect()),
            (None, vec![grant, signed[2]]),
            (None, vec![grant, ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"), signed[2]]),
        ] {
            assert_eq!(provider.post("/oauth2/token", header.as_deref(), &pairs).await.error(), "invalid_client", "{pairs:?}");
        }
        assert_eq!(provider.post("/oauth2/token", None, &signed).await.status.as_u16(), 200, "nothing of that has used it up");
    }
}
