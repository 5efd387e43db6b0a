//! Signed authorization requests and signed answers (RFC 9101, JARM, FAPI 2.0 Message Signing).

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chamberlain::directory::client::model::ClientProfile;
use chamberlain::tokens::mint::{self, Kind};
use serde_json::{Value, json};

use crate::support::relying_party::{Answer, CHALLENGE, ISSUER, Provider, RelyingParty, claims, form};
use crate::support::signing::{Signer, change};

const FRED: &str = "fred.perry@bank-a.example";

/// A good object, with changes.
fn object(provider: &Provider, signer: &Signer, party: &RelyingParty, changes: &Value) -> String {
    object_with(provider, signer, party, (&json!({"typ": "oauth-authz-req+jwt"}), changes))
}

fn object_with(
    provider: &Provider,
    signer: &Signer,
    party: &RelyingParty,
    (header, changes): (&Value, &Value),
) -> String {
    let now = provider.world.clock.now().as_seconds();
    let mut claims = json!({
        "iss": "imas", "aud": ISSUER, "nbf": now, "exp": now + 300, "client_id": "imas", "response_type": "code",
        "redirect_uri": party.redirect_uri, "scope": "openid email", "state": "inner", "nonce": "inner-nonce",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    });
    change(&mut claims, changes);
    signer.sign(header, &claims)
}

/// Pushes an object with other parameters beside it.
async fn push(provider: &Provider, signer: &Signer, object: &str, beside: &[(&str, &str)]) -> Answer {
    let assertion = provider.assertion(signer, "imas", &json!({}));
    let pairs = [&[("client_id", "imas"), ("request", object)], beside].concat();
    provider.post_signed("/oauth2/par", &assertion, &pairs).await
}

/// The claims of a signed answer, checked as its client would.
async fn opened(provider: &Provider, jwt: &str) -> Value {
    let ring = provider.oidc.tokens.keys.ring(&provider.world.db, provider.world.clock.now()).await.unwrap();
    let (claims, _) =
        mint::read::<Value>(jwt, Kind::AuthorizationResponse, |kid| ring.find(kid).map(AsRef::as_ref)).unwrap();
    let left = claims["exp"].as_i64().unwrap() - provider.world.clock.now().as_seconds();
    assert_eq!(
        (claims["iss"].as_str(), claims["aud"].as_str(), (10..=600).contains(&left)),
        (Some(ISSUER), Some("imas"), true)
    );
    claims
}

on_both! {
    /// RFC 9101 §5, §6: by value and pushed, with each algorithm; what stands beside an object counts for nothing with fapi2.
    async fn what_a_client_has_signed_is_what_counts(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for alg in ["ES256", "PS256", "EdDSA", "RS256"] {
            let signer = Signer::new(alg);
            provider.signing(&signer, ClientProfile::Compat).await;
            let object = object(&provider, &signer, &imas, &json!({}));
            let pair = [("client_id", "imas"), ("request", object.as_str()), ("state", "outer"), ("redirect_uri", "https://evil.example")];
            let back = provider.get(&browser, &format!("/oauth2/authorize?{}", form(&pair))).await;
            assert_eq!(back.param("state").as_deref(), Some("inner"), "{alg}");
            assert!(back.location().starts_with(&imas.redirect_uri) && back.param("code").is_some());
        }
        let signer = Signer::new("PS256");
        provider.signing(&signer, ClientProfile::Fapi2).await;
        let object = object(&provider, &signer, &imas, &json!({"state": null, "claims": {"id_token": {"email": null}}, "max_age": 1_000}));
        let pushed = push(&provider, &signer, &object, &[("state", "outer"), ("nonce", "outer")]).await;
        assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.body);
        let told = pushed.json();
        let pair = [("client_id", "imas"), ("request_uri", told["request_uri"].as_str().unwrap())];
        let back = provider.get(&browser, &format!("/oauth2/authorize?{}", form(&pair))).await;
        assert!(back.param("code").is_some() && back.param("state").is_none(), "a state beside the object is none");
        let metadata = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!((&metadata["request_parameter_supported"], &metadata["request_uri_parameter_supported"]), (&json!(true), &json!(false)));
        assert_eq!(metadata["request_object_signing_alg_values_supported"], json!(["ES256", "PS256", "EdDSA", "RS256"]));
    }

    /// OA-20, OA-33 to OA-36: each thing that can be wrong with an object, pushed and by value; nothing is kept, and nobody is led anywhere by it.
    async fn oa_20_an_object_is_judged_whole(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser, signer) = (provider.relying_party("imas"), provider.signed_in(FRED).await, Signer::new("PS256"));
        let mut other = Signer::new("PS256");
        other.kid.clone_from(&signer.kid);
        provider.signing(&signer, ClientProfile::Fapi2).await;
        let now = provider.world.clock.now().as_seconds();
        for changes in [
            json!({"nbf": now + 8}), json!({"nbf": now - 3_599, "exp": now + 1}), json!({"exp": now + 3_600}), json!({"aud": [ISSUER, "https://other.example"]}),
            json!({"iss": null}), json!({"client_id": null}), json!({"odd": {"a": [1]}}),
        ] {
            let pushed = push(&provider, &signer, &object(&provider, &signer, &imas, &changes), &[]).await;
            assert_eq!(pushed.status, StatusCode::CREATED, "{changes}: {}", pushed.body);
        }
        let good = object(&provider, &signer, &imas, &json!({}));
        let payload = good.split('.').nth(1).unwrap();
        let none = |alg: &str| format!("{}.{payload}.", URL_SAFE_NO_PAD.encode(json!({"alg": alg}).to_string()));
        let mut bad = vec![
            ("none".to_owned(), none("none")), ("signed by nobody".to_owned(), none("PS256")), ("no JWT".to_owned(), "x".to_owned()),
            ("changed".to_owned(), good.replacen(&payload[..8], "eyJhIjox", 1)), ("another key".to_owned(), object(&provider, &other, &imas, &json!({}))),
            ("RS256".to_owned(), object(&provider, &Signer::of("RS256", signer.private.clone()), &imas, &json!({}))),
        ];
        for changes in [
            json!({"exp": null}), json!({"nbf": null}), json!({"exp": now}), json!({"exp": now - 300}), json!({"exp": now + 3_700}), json!({"nbf": now - 3_601, "exp": now - 1}),
            json!({"nbf": now - 3_700, "exp": now + 10}), json!({"nbf": now + 61}), json!({"iat": now + 61}), json!({"exp": (now + 60).to_string()}), json!({"aud": null}), json!({"aud": "https://other.example"}),
            json!({"aud": []}), json!({"aud": format!("{ISSUER}/oauth2/par")}), json!({"iss": "casper"}), json!({"client_id": "casper"}), json!({"sub": "imas"}), json!({"request": "a.b.c"}),
            json!({"request_uri": "urn:ietf:params:oauth:request_uri:x"}),
        ] {
            bad.push((changes.to_string(), object(&provider, &signer, &imas, &changes)));
        }
        for header in [json!({"typ": "dpop+jwt"}), json!({"typ": "at+jwt"}), json!({"crit": ["exp"]}), json!({"kid": "unknown"})] {
            bad.push((header.to_string(), object_with(&provider, &signer, &imas, (&header, &json!({})))));
        }
        // An assertion is no request object (OA-35).
        bad.push(("an assertion".to_owned(), provider.assertion(&signer, "imas", &json!({"response_type": "code"}))));
        for (what, object) in &bad {
            let pushed = push(&provider, &signer, object, &[]).await;
            assert_eq!((pushed.status.as_u16(), pushed.error()), (400, "invalid_request_object".to_owned()), "{what}");
            let pair = [("client_id", "imas"), ("request", object.as_str())];
            let page = provider.get(&browser, &format!("/oauth2/authorize?{}", form(&pair))).await;
            assert!(page.status == StatusCode::BAD_REQUEST && page.shows("error-code"), "{what}");
        }
        for (changes, error) in [
            (json!({"redirect_uri": null}), "invalid_request"), (json!({"redirect_uri": "https://evil.example"}), "invalid_request"),
            (json!({"code_challenge": null}), "invalid_request"), (json!({"response_type": "code id_token"}), "unsupported_response_type"),
        ] {
            let pushed = push(&provider, &signer, &object(&provider, &signer, &imas, &changes), &[("redirect_uri", &imas.redirect_uri), ("code_challenge", CHALLENGE)]).await;
            assert_eq!(pushed.error(), error, "{changes}");
        }
    }

    /// RFC 9101 §10.5, OIDC Core §6.1: who has to sign is not believed anything else; others may say the rest beside the object; unsigned objects
    /// are refused by their own error, at the client where that is known.
    async fn oa_20_who_has_to_sign_cannot_do_otherwise(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser, signer) = (provider.relying_party("imas"), provider.signed_in(FRED).await, Signer::new("ES256"));
        provider.signing(&signer, ClientProfile::Compat).await;
        let part = object(&provider, &signer, &imas, &json!({"scope": null, "exp": null, "nbf": null, "aud": null}));
        let back = provider.get(&browser, &imas.authorize(&[("request", &part)])).await;
        assert!(back.param("code").is_some() && back.param("state").as_deref() == Some("inner"), "{}", back.location());
        let none = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), URL_SAFE_NO_PAD.encode(r#"{"state":"inner"}"#));
        let refused = provider.get(&browser, &imas.authorize(&[("request", &none)])).await;
        assert_eq!((refused.param("error").as_deref(), refused.param("state").as_deref()), (Some("request_not_supported"), Some("the state")));
        provider.set("imas", |settings| settings.require_signed_request_object = true).await;
        assert_eq!(provider.get(&browser, &imas.authorize(&[])).await.param("error").as_deref(), Some("invalid_request"));
        let for_ever = provider.get(&browser, &imas.authorize(&[("request", &part)])).await;
        assert_eq!(for_ever.param("error").as_deref(), Some("invalid_request_object"), "without dates and an audience");
        let dated = object(&provider, &signer, &imas, &json!({"scope": null}));
        assert_eq!(provider.get(&browser, &imas.authorize(&[("request", &dated)])).await.param("error").as_deref(), Some("invalid_scope"), "alone");
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(imas.authorize(&[]).split_once('?').unwrap().1.as_bytes()).into_owned().collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let unsigned = provider.post_signed("/oauth2/par", &provider.assertion(&signer, "imas", &json!({})), &pairs).await;
        assert_eq!(unsigned.error(), "invalid_request");
        // Through the sign-in, too: what was signed stays signed.
        let whole = object(&provider, &signer, &imas, &json!({}));
        let mut stranger = provider.browser();
        let pair = [("client_id", "imas"), ("request", whole.as_str())];
        let login = provider.get(&stranger, &format!("/oauth2/authorize?{}", form(&pair))).await;
        let waits = login.param("continue").unwrap();
        provider.sign_in(&mut stranger, FRED).await;
        assert!(provider.get(&stranger, &format!("/oauth2/resume?request={waits}")).await.param("code").is_some());
    }

    /// JARM §2.1, §2.3, OA-14, OA-16, OA-35: one signed parameter, in the address or in a form; errors alike; with the algorithm of the client.
    async fn oa_14_answers_are_signed_where_that_is_asked_for(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for alg in ["ES256", "PS256", "EdDSA", "RS256"] {
            provider.set("imas", move |settings| settings.authorization_signed_response_alg = Some(alg.to_owned())).await;
            let back = provider.get(&browser, &imas.authorize(&[("response_mode", "jwt")])).await;
            let query = back.location().split_once('?').unwrap().1.to_owned();
            let jwt = query.strip_prefix("response=").unwrap();
            let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(jwt.split('.').next().unwrap()).unwrap()).unwrap();
            assert_eq!(header["alg"], alg);
            let told = opened(&provider, jwt).await;
            assert_eq!(told["state"], "the state");
            assert_eq!(provider.redeem(&imas, told["code"].as_str().unwrap()).await.status, StatusCode::OK);
            // Nobody takes it for an ID token.
            let hint = provider.get(&browser, &imas.authorize(&[("id_token_hint", jwt)])).await;
            assert_eq!(hint.param("error").as_deref(), Some("invalid_request"));
        }
        let refused = provider.get(&browser, &imas.authorize(&[("response_mode", "query.jwt"), ("scope", "admin")])).await;
        let told = opened(&provider, &refused.param("response").unwrap()).await;
        assert_eq!((told["error"].as_str(), told["state"].as_str(), told.get("code")), (Some("invalid_scope"), Some("the state"), None));
        let page = provider.get(&browser, &imas.authorize(&[("response_mode", "form_post.jwt")])).await;
        let fields = page.hidden(&imas.redirect_uri);
        assert!(page.headers.get("location").is_none() && fields.len() == 1 && fields[0].0 == "response", "{fields:?}");
        assert!(opened(&provider, &fields[0].1).await["code"].is_string());
        let cancelled = provider.browser();
        let login = provider.get(&cancelled, &imas.authorize(&[("response_mode", "jwt")])).await;
        let login = provider.get(&cancelled, login.location()).await;
        let no = provider.submit(&cancelled, &login, "/oauth2/cancel", &[]).await;
        assert_eq!(opened(&provider, &no.param("response").unwrap()).await["error"], "access_denied");
    }

    /// OIDC Core §3.1.3.6, §3.1.3.7: ID tokens are signed as the client asks, by a published key of that algorithm alone, and `at_hash` is by its hash.
    async fn id_tokens_are_signed_as_the_client_asks(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for (alg, hashed) in [("ES256", 16), ("PS256", 16), ("EdDSA", 32), ("RS256", 16)] {
            provider.set("imas", move |settings| settings.id_token_signed_response_alg = alg.to_owned()).await;
            let tokens = provider.tokens(&imas, &browser).await;
            let token = tokens["id_token"].as_str().unwrap();
            let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
            let keys = provider.plain_get("/oauth2/jwks").await.json();
            let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]).unwrap().clone();
            assert_eq!((&header["alg"], &key["alg"]), (&json!(alg), &json!(alg)));
            let public = chamberlain::proofs::PublicKey::parse(key.as_object().unwrap()).unwrap();
            let (signed, signature) = token.rsplit_once('.').unwrap();
            let algorithm = chamberlain::proofs::Algorithm::parse(alg).unwrap();
            assert!(public.verifies(algorithm, signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()), "{alg}");
            assert_eq!(URL_SAFE_NO_PAD.decode(claims(&tokens["id_token"])["at_hash"].as_str().unwrap()).unwrap().len(), hashed);
        }
    }
}
