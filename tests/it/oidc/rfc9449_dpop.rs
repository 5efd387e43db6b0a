//! Tokens that are bound to a key (RFC 9449, FAPI 2.0 Security Profile §5.3.2.1).

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chamberlain::api::{self, Api};
use chamberlain::directory::client::model::{AuthMethod, ClientKind, ClientProfile};
use chamberlain::oidc::Settings;
use chamberlain::proofs::PublicKey;
use chamberlain::scim::{self, Scim};
use chamberlain::web::layers;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::relying_party::{Answer, Browser, Provider, RelyingParty, claims};
use crate::support::signing::{At, Signer};

const FRED: &str = "fred.perry@bank-a.example";
const TOKEN: &str = "/oauth2/token";
const USERINFO: &str = "/oauth2/userinfo";

fn thumbprint(signer: &Signer) -> String {
    PublicKey::parse(signer.jwk().as_object().unwrap()).unwrap().thumbprint().to_owned()
}

async fn redeem(provider: &Provider, party: &RelyingParty, code: &str, proof: Option<&str>) -> Answer {
    let basic = party.basic();
    let mut headers = vec![("authorization", basic.as_str())];
    headers.extend(proof.map(|proof| ("dpop", proof)));
    provider.post_with(TOKEN, &headers, &party.redemption(code)).await
}

async fn refresh(provider: &Provider, party: &RelyingParty, token: &Value, proof: Option<&str>) -> Answer {
    let basic = party.basic();
    let mut headers = vec![("authorization", basic.as_str())];
    headers.extend(proof.map(|proof| ("dpop", proof)));
    provider
        .post_with(TOKEN, &headers, &[("grant_type", "refresh_token"), ("refresh_token", token.as_str().unwrap())])
        .await
}

/// Tokens of a code that are bound to a key.
async fn bound(provider: &Provider, party: &RelyingParty, browser: &Browser, signer: &Signer) -> Value {
    let code = provider.code(party, browser).await;
    let proof = provider.proof(signer, At::post(TOKEN), &json!({}));
    let answer = redeem(provider, party, &code, Some(&proof)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()
}

/// What `UserInfo` says to a token by a scheme with some proofs: the status, and the error of the challenge.
async fn shown(provider: &Provider, scheme: &str, token: &str, proofs: &[&str]) -> (u16, String) {
    let authorization = format!("{scheme} {token}");
    let mut headers = vec![("authorization", authorization.as_str())];
    headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
    let answer = provider.userinfo_with(&headers).await;
    let challenge = answer.header("www-authenticate");
    let error = challenge.split("error=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    assert!(
        error.is_empty() || challenge.starts_with("DPoP ") && challenge.contains("algs=\"ES256 PS256 EdDSA\""),
        "{challenge}"
    );
    (answer.status.as_u16(), error.to_owned())
}

on_both! {
    /// OA-41: with each algorithm; the token says what it is bound to, and is nothing without its key.
    async fn oa_41_a_bound_token_is_nothing_without_its_key(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for alg in ["ES256", "PS256", "EdDSA"] {
            let (signer, other) = (Signer::new(alg), Signer::new("ES256"));
            let tokens = bound(&provider, &imas, &browser, &signer).await;
            assert_eq!((tokens["token_type"].as_str(), &claims(&tokens["access_token"])["cnf"]), (Some("DPoP"), &json!({"jkt": thumbprint(&signer)})));
            let token = tokens["access_token"].as_str().unwrap();
            let proof = |signer| provider.proof(signer, At::get(USERINFO, token), &json!({}));
            for scheme in ["DPoP", "dpop", "DPOP"] {
                assert_eq!(shown(&provider, scheme, token, &[&proof(&signer)]).await.0, 200, "{alg} {scheme}");
            }
            assert_eq!(shown(&provider, "Bearer", token, &[]).await, (401, "invalid_token".to_owned()));
            assert_eq!(shown(&provider, "Bearer", token, &[&proof(&signer)]).await, (401, "invalid_token".to_owned()));
            assert_eq!(shown(&provider, "DPoP", token, &[]).await, (401, "invalid_dpop_proof".to_owned()));
            assert_eq!(shown(&provider, "DPoP", token, &[&proof(&other)]).await, (401, "invalid_dpop_proof".to_owned()));
        }
        // FAPI 1.0 Baseline §6.2.1-11: the name of a request comes back, and nothing that is none.
        for (named, comes_back) in [("c770aef3-6784-41f7-8e0e-ff5f97bddb3a", true), ("x\tx", false)] {
            let answer = provider.userinfo_with(&[("x-fapi-interaction-id", named)]).await;
            assert_eq!(answer.header("x-fapi-interaction-id") == named, comes_back);
        }
        // What is not bound is not shown with a proof.
        let plain = provider.tokens(&imas, &browser).await;
        let (signer, token) = (Signer::new("ES256"), plain["access_token"].as_str().unwrap());
        let proof = provider.proof(&signer, At::get(USERINFO, token), &json!({}));
        assert_eq!(shown(&provider, "DPoP", token, &[&proof]).await, (401, "invalid_token".to_owned()));
        assert_eq!(shown(&provider, "Bearer", token, &[]).await.0, 200);
        let metadata = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!(metadata["dpop_signing_alg_values_supported"], json!(["ES256", "PS256", "EdDSA"]));
    }

    /// OA-40, OA-33: RFC 9449 §4.3, check by check, at a protected resource and at the token endpoint.
    async fn oa_40_a_proof_is_checked_whole(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser, signer) = (provider.relying_party("imas"), provider.signed_in(FRED).await, Signer::new("ES256"));
        let rsa = Signer::new("RS256");
        let tokens = bound(&provider, &imas, &browser, &signer).await;
        let token = tokens["access_token"].as_str().unwrap();
        let now = provider.world.clock.now().as_seconds();
        let at = At::get(USERINFO, token);
        for changes in [
            json!({"iat": now - 10}), json!({"iat": now + 10}), json!({"htu": "HTTP://127.0.0.1:4000/oauth2/userinfo?x=1#y"}),
            json!({"exp": now - 500, "nbf": now + 500}), serde_json::from_str(&format!(r#"{{"iat": {now}.5}}"#)).unwrap(),
        ] {
            assert_eq!(shown(&provider, "DPoP", token, &[&provider.proof(&signer, at, &changes)]).await.0, 200, "{changes}");
        }
        let good = provider.proof(&signer, at, &json!({}));
        let private = serde_json::to_value(&signer.private).unwrap();
        let mut bad = vec![("no JWT".to_owned(), "x".to_owned()), ("empty".to_owned(), String::new()), ("cut".to_owned(), good[..good.len() - 3].to_owned())];
        for changes in [
            json!({"jti": null}), json!({"htm": null}), json!({"htu": null}), json!({"iat": null}), json!({"ath": null}), json!({"jti": ""}),
            json!({"jti": "x".repeat(600)}), json!({"htm": "POST"}), json!({"htm": "get"}), json!({"htu": "http://127.0.0.1:4000/oauth2/token"}),
            json!({"htu": "https://127.0.0.1:4000/oauth2/userinfo"}), json!({"htu": "/oauth2/userinfo"}), json!({"ath": "x"}),
            json!({"ath": "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"}), json!({"iat": now - 3600}), json!({"iat": now + 3600}),
            json!({"iat": now - 61}), json!({"iat": now + 16}), json!({"iat": now.to_string()}), json!({"jti": 7}),
        ] {
            bad.push((changes.to_string(), provider.proof(&signer, at, &changes)));
        }
        for header in [
            json!({"typ": null}), json!({"typ": "JWT"}), json!({"jwk": null}), json!({"jwk": private}), json!({"jwk": rsa.jwk()}), json!({"alg": "none"}),
            json!({"alg": "HS256"}), json!({"alg": "RS256"}), json!({"alg": null}), json!({"crit": ["exp"]}), json!({"jwk": {"kty": "oct", "k": "AA"}}),
        ] {
            bad.push((header.to_string(), provider.proof_with(&signer, at, (&header, &json!({})))));
        }
        bad.push(("RS256".to_owned(), provider.proof(&rsa, at, &json!({}))));
        for (what, proof) in &bad {
            assert_eq!(shown(&provider, "DPoP", token, &[proof]).await, (401, "invalid_dpop_proof".to_owned()), "{what}");
        }
        let two = [provider.proof(&signer, at, &json!({})), provider.proof(&signer, at, &json!({}))];
        assert_eq!(shown(&provider, "DPoP", token, &[&two[0], &two[1]]).await, (401, "invalid_dpop_proof".to_owned()), "two of them");
        assert_eq!(shown(&provider, "DPoP", token, &[&good]).await.0, 200, "nothing of that has used it up");
        // At the token endpoint a proof that is not good is 400, and the code is not touched.
        let code = provider.code(&imas, &browser).await;
        for (changes, header) in [(json!({"htm": "GET"}), json!({})), (json!({"htu": "http://127.0.0.1:4000/oauth2/par"}), json!({})), (json!({}), json!({"typ": "JWT"}))] {
            let proof = provider.proof_with(&signer, At::post(TOKEN), (&header, &changes));
            let answer = redeem(&provider, &imas, &code, Some(&proof)).await;
            assert_eq!((answer.status.as_u16(), answer.error()), (400, "invalid_dpop_proof".to_owned()), "{changes} {header}");
        }
        let proof = provider.proof(&signer, At::post(TOKEN), &json!({}));
        assert_eq!(redeem(&provider, &imas, &code, Some(&proof)).await.status, StatusCode::OK);
    }

    /// OA-40: a proof works once, on all nodes; another key may use the same name.
    async fn oa_40_a_proof_works_once_on_all_nodes(world: World) {
        let provider = Arc::new(Provider::new(world).await);
        let (imas, browser, signer) = (provider.relying_party("imas"), provider.signed_in(FRED).await, Signer::new("ES256"));
        let tokens = bound(&provider, &imas, &browser, &signer).await;
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        let proof = provider.proof(&signer, At::get(USERINFO, &token), &json!({"jti": "one"}));
        assert_eq!(shown(&provider, "DPoP", &token, &[&proof]).await.0, 200);
        assert_eq!(shown(&provider, "DPoP", &token, &[&proof]).await, (401, "invalid_dpop_proof".to_owned()));
        let elsewhere = provider.another_node().await;
        assert_eq!(shown(&elsewhere, "DPoP", &token, &[&proof]).await, (401, "invalid_dpop_proof".to_owned()));
        let other = Signer::new("EdDSA");
        let others = bound(&provider, &imas, &browser, &other).await;
        let of_other = others["access_token"].as_str().unwrap();
        let named_alike = provider.proof(&other, At::get(USERINFO, of_other), &json!({"jti": "one"}));
        assert_eq!(shown(&provider, "DPoP", of_other, &[&named_alike]).await.0, 200);
        let proof = provider.proof(&signer, At::get(USERINFO, &token), &json!({}));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (provider, token, proof) = (provider.clone(), token.clone(), proof.clone());
            tasks.spawn(async move { shown(&provider, "DPoP", &token, &[&proof]).await.0 });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|status| *status == 200).count(), 1);
        let code = provider.code(&imas, &browser).await;
        let proof = provider.proof(&signer, At::post(TOKEN), &json!({}));
        assert_eq!(redeem(&provider, &imas, "no-code", Some(&proof)).await.error(), "invalid_grant");
        assert_eq!(redeem(&provider, &imas, &code, Some(&proof)).await.error(), "invalid_dpop_proof");
    }

    /// OA-11, RFC 9449 §10: a code that was asked for with a key is redeemed with that key, whichever way the key was named.
    async fn oa_11_a_code_is_bound_to_its_key(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let (signer, other) = (Signer::new("ES256"), Signer::new("ES256"));
        let jkt = thumbprint(&signer);
        let address = imas.authorize(&[("dpop_jkt", &jkt)]);
        let parameters: Vec<(String, String)> = url::form_urlencoded::parse(imas.authorize(&[]).split_once('?').unwrap().1.as_bytes()).into_owned().collect();
        let parameters: Vec<(&str, &str)> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let basic = imas.basic();
        for pushed in [false, true] {
            for (with, works) in [(Some(&other), false), (None, false), (Some(&signer), true)] {
                let code = if pushed {
                    let proof = provider.proof(&signer, At::post("/oauth2/par"), &json!({}));
                    let answer = provider.post_with("/oauth2/par", &[("authorization", &basic), ("dpop", &proof)], &parameters).await.json();
                    let pair = [("client_id", "imas"), ("request_uri", answer["request_uri"].as_str().unwrap())];
                    provider.get(&browser, &format!("/oauth2/authorize?{}", crate::support::relying_party::form(&pair))).await.param("code").unwrap()
                } else {
                    provider.get(&browser, &address).await.param("code").unwrap()
                };
                let proof = with.map(|with| provider.proof(with, At::post(TOKEN), &json!({})));
                let answer = redeem(&provider, &imas, &code, proof.as_deref()).await;
                assert_eq!(answer.status == StatusCode::OK, works, "{pushed}: {}", answer.body);
                assert!(works || answer.error() == "invalid_grant");
            }
        }
        // RFC 9449 §10.1: two that do not agree; and what is no thumbprint.
        let proof = provider.proof(&other, At::post("/oauth2/par"), &json!({}));
        let named: Vec<(&str, &str)> = parameters.iter().copied().chain([("dpop_jkt", jkt.as_str())]).collect();
        let answer = provider.post_with("/oauth2/par", &[("authorization", &basic), ("dpop", &proof)], &named).await;
        assert_eq!((answer.status.as_u16(), answer.error()), (400, "invalid_dpop_proof".to_owned()));
        assert_eq!(provider.get(&browser, &imas.authorize(&[("dpop_jkt", "x")])).await.param("error").as_deref(), Some("invalid_request"));
    }

    /// OA-41: refresh tokens of public clients are bound to their key; those of others never lead back to bearer tokens.
    async fn oa_41_a_refresh_never_leads_to_a_bearer_token(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let (signer, other) = (Signer::new("ES256"), Signer::new("ES256"));
        let prove = |signer| provider.proof(signer, At::post(TOKEN), &json!({}));
        let first = bound(&provider, &imas, &browser, &signer).await;
        assert_eq!(refresh(&provider, &imas, &first["refresh_token"], None).await.error(), "invalid_grant");
        let second = refresh(&provider, &imas, &first["refresh_token"], Some(&prove(&other))).await.json();
        assert_eq!((second["token_type"].as_str(), &claims(&second["access_token"])["cnf"]["jkt"]), (Some("DPoP"), &json!(thumbprint(&other))));
        provider.reconfigure("imas", |client| {
            client.kind = ClientKind::Spa;
            client.settings.token_endpoint_auth_method = AuthMethod::None;
        }).await;
        let browser = provider.signed_in(FRED).await;
        let ask = async |pairs: &[(&str, &str)], proof: Option<String>| {
            let headers: Vec<(&str, &str)> = proof.as_deref().map(|proof| ("dpop", proof)).into_iter().collect();
            provider.post_with(TOKEN, &headers, &[pairs, &[("client_id", "imas")]].concat()).await
        };
        let code = provider.code(&imas, &browser).await;
        let tokens = ask(&imas.redemption(&code), Some(prove(&signer))).await.json();
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
        assert_eq!(ask(&pairs, None).await.error(), "invalid_grant");
        assert_eq!(ask(&pairs, Some(prove(&other))).await.error(), "invalid_grant");
        let next = ask(&pairs, Some(prove(&signer))).await;
        assert_eq!((next.status, next.json()["token_type"].as_str()), (StatusCode::OK, Some("DPoP")), "a wrong key changes nothing");
        // A used one with its key is still a reuse (OA-22).
        assert_eq!(ask(&pairs, Some(prove(&signer))).await.error(), "invalid_grant");
        let next = [pairs[0], ("refresh_token", next.json()["refresh_token"].as_str().unwrap().to_owned().leak())];
        assert_eq!(ask(&next, Some(prove(&signer))).await.error(), "invalid_grant");
    }

    /// RFC 9449 §5.2: a client that is registered for bound tokens gets no others, by no grant.
    async fn oa_41_whoever_is_registered_for_bound_tokens_gets_no_others(world: World) {
        let provider = Provider::new(world).await;
        provider.set("imas", |settings| {
            settings.dpop_bound_access_tokens = true;
            settings.grant_types.push("client_credentials".to_owned());
        }).await;
        let (imas, browser, signer) = (provider.relying_party("imas"), provider.signed_in(FRED).await, Signer::new("ES256"));
        let code = provider.code(&imas, &browser).await;
        assert_eq!(redeem(&provider, &imas, &code, None).await.error(), "invalid_dpop_proof");
        let proof = provider.proof(&signer, At::post(TOKEN), &json!({}));
        assert_eq!(redeem(&provider, &imas, &code, Some(&proof)).await.json()["token_type"], "DPoP");
        let (basic, grant) = (imas.basic(), [("grant_type", "client_credentials")]);
        assert_eq!(provider.post(TOKEN, Some(&basic), &grant).await.error(), "invalid_dpop_proof");
        let proof = provider.proof(&signer, At::post(TOKEN), &json!({}));
        let own = provider.post_with(TOKEN, &[("authorization", &basic), ("dpop", &proof)], &grant).await.json();
        assert_eq!(claims(&own["access_token"])["cnf"]["jkt"], json!(thumbprint(&signer)));
    }

    /// OA-40, RFC 9449 §8, §9: where a nonce is needed the answer brings one, at each endpoint; it works for minutes, on all nodes, and an
    /// assertion that came with a proof without one is not used up.
    async fn oa_40_a_nonce_of_ours_is_asked_for_and_taken(world: World) {
        let provider = Provider::with(world, Settings { require_dpop_nonce: true, ..Settings::default() }).await;
        let (imas, browser, signer) = (provider.relying_party("imas"), provider.signed_in(FRED).await, Signer::new("ES256"));
        let code = provider.code(&imas, &browser).await;
        for made_up in [json!({}), json!({"nonce": "x"}), json!({"nonce": "AAAAAGkmwlAAAAAAAAAAAAAAAAAAAAAA"})] {
            let answer = redeem(&provider, &imas, &code, Some(&provider.proof(&signer, At::post(TOKEN), &made_up))).await;
            assert_eq!((answer.status.as_u16(), answer.error(), answer.header("dpop-nonce").is_empty()), (400, "use_dpop_nonce".to_owned(), false));
        }
        let answer = redeem(&provider, &imas, &code, Some(&provider.proof(&signer, At::post(TOKEN), &json!({})))).await;
        let nonce = answer.header("dpop-nonce").to_owned();
        provider.world.clock.advance(Duration::from_secs(50));
        let elsewhere = provider.another_node().await;
        let proof = provider.proof(&signer, At::post(TOKEN), &json!({"nonce": nonce}));
        let tokens = redeem(&elsewhere, &imas, &code, Some(&proof)).await;
        assert!(tokens.status == StatusCode::OK && !tokens.header("dpop-nonce").is_empty(), "{}", tokens.body);
        let token = tokens.json()["access_token"].as_str().unwrap().to_owned();
        let at = At::get(USERINFO, &token);
        assert_eq!(shown(&provider, "DPoP", &token, &[&provider.proof(&signer, at, &json!({}))]).await, (401, "use_dpop_nonce".to_owned()));
        let authorization = format!("DPoP {token}");
        let asked = provider.userinfo_with(&[("authorization", &authorization), ("dpop", &provider.proof(&signer, at, &json!({})))]).await;
        let fresh = asked.header("dpop-nonce").to_owned();
        assert_eq!(shown(&provider, "DPoP", &token, &[&provider.proof(&signer, at, &json!({"nonce": fresh}))]).await.0, 200);
        provider.world.clock.advance(Duration::from_mins(5));
        let tokens = bound_now(&provider, &imas, &browser, &signer).await;
        let at = At::get(USERINFO, &tokens);
        assert_eq!(shown(&provider, "DPoP", &tokens, &[&provider.proof(&signer, at, &json!({"nonce": fresh}))]).await.1, "use_dpop_nonce");
        // One assertion, two proofs: the first lacked the nonce.
        let set = json!({"keys": [signer.registered()]});
        provider.set("imas", move |settings| {
            settings.token_endpoint_auth_method = AuthMethod::PrivateKeyJwt;
            settings.jwks = Some(set.clone());
        }).await;
        let code = provider.code(&imas, &browser).await;
        let assertion = provider.assertion(&signer, "imas", &json!({}));
        let mut pairs = imas.redemption(&code);
        pairs.extend([("client_assertion_type", crate::support::signing::ASSERTION_TYPE), ("client_assertion", &assertion)]);
        let first = provider.post_with(TOKEN, &[("dpop", &provider.proof(&signer, At::post(TOKEN), &json!({})))], &pairs).await;
        assert_eq!(first.error(), "use_dpop_nonce");
        let proof = provider.proof(&signer, At::post(TOKEN), &json!({"nonce": first.header("dpop-nonce")}));
        assert_eq!(provider.post_with(TOKEN, &[("dpop", &proof)], &pairs).await.status, StatusCode::OK);
    }

    /// RFC 9449 §7: SCIM and the JSON API take bound tokens by the same rules, for the method and address that are asked, once.
    async fn oa_41_our_own_apis_take_bound_tokens_with_their_proof_only(world: World) {
        let provider = Provider::new(world).await;
        let ((basic, _), signer) = (provider.service(0), Signer::new("ES256"));
        let proof = provider.proof(&signer, At::post(TOKEN), &json!({}));
        let tokens = provider.post_with(TOKEN, &[("authorization", &basic), ("dpop", &proof)], &[("grant_type", "client_credentials")]).await.json();
        let token = tokens["access_token"].as_str().unwrap();
        let (app, tokens) = (provider.oidc.app.clone(), provider.oidc.tokens.clone());
        let apis = layers::api(scim::router(Scim { app: app.clone(), tokens: tokens.clone(), settings: scim::Settings::default() }), &app);
        let apis: Router = apis.merge(layers::api(api::router(Api { app: app.clone(), tokens }), &app));
        for path in ["/scim/v2/Users?count=1", "/api/v1/directory?count=1"] {
            let bare = path.split('?').next().unwrap();
            let ask = async |scheme: &str, proof: Option<&str>| {
                let mut request = Request::get(path).header("authorization", format!("{scheme} {token}"));
                if let Some(proof) = proof {
                    request = request.header("dpop", proof);
                }
                let answer = apis.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
                let challenge = answer.headers().get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
                (answer.status().as_u16(), challenge.unwrap_or_default())
            };
            let good = provider.proof(&signer, At::get(bare, token), &json!({}));
            let first = ask("DPoP", Some(&good)).await;
            assert!(first.0 != 401 && first.1.is_empty(), "{path}: {first:?}");
            for (scheme, proof, error) in [
                ("DPoP", Some(good.clone()), "invalid_dpop_proof"),
                ("DPoP", None, "invalid_dpop_proof"),
                ("Bearer", None, "invalid_token"),
                ("DPoP", Some(provider.proof(&signer, At::get("/scim/v2/Groups", token), &json!({}))), "invalid_dpop_proof"),
                ("DPoP", Some(provider.proof(&signer, At { method: "POST", path: bare, token: Some(token) }, &json!({}))), "invalid_dpop_proof"),
                ("DPoP", Some(provider.proof(&Signer::new("ES256"), At::get(bare, token), &json!({}))), "invalid_dpop_proof"),
            ] {
                let (status, challenge) = ask(scheme, proof.as_deref()).await;
                assert!(status == 401 && challenge.starts_with(&format!("DPoP error=\"{error}\"")), "{path} {scheme}: {status} {challenge}");
            }
        }
    }

    /// The profile fapi2 whole: pushed, proved by a key, PKCE, bound tokens, `iss`; refresh tokens that stay as they are, and are nothing without
    /// the proof of the client and a key.
    async fn the_profile_fapi2_asks_for_all_of_it(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser, signer) = (provider.relying_party("imas"), provider.signed_in(FRED).await, Signer::new("PS256"));
        let set = json!({"keys": [signer.registered()]});
        provider.set("imas", move |settings| {
            settings.token_endpoint_auth_method = AuthMethod::PrivateKeyJwt;
            settings.profile = ClientProfile::Fapi2;
            settings.jwks = Some(set.clone());
            settings.allow_without_pkce_insecure = true;
        }).await;
        assert_eq!(provider.get(&browser, &imas.authorize(&[])).await.param("error").as_deref(), Some("invalid_request"));
        let push = async |changes: &[(&str, &str)]| {
            let address = imas.authorize(changes);
            let pairs: Vec<(String, String)> = url::form_urlencoded::parse(address.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            provider.post_signed("/oauth2/par", &provider.assertion(&signer, "imas", &json!({})), &pairs).await
        };
        assert_eq!(push(&[("code_challenge", ""), ("code_challenge_method", "")]).await.error(), "invalid_request");
        let uri = push(&[]).await.json()["request_uri"].as_str().unwrap().to_owned();
        let pair = [("client_id", "imas"), ("request_uri", uri.as_str())];
        let back = provider.get(&browser, &format!("/oauth2/authorize?{}", crate::support::relying_party::form(&pair))).await;
        assert_eq!(back.param("iss").as_deref(), Some("http://127.0.0.1:4000"));
        let code = back.param("code").unwrap();
        let ask = async |pairs: &[(&str, &str)], proved: bool| {
            let assertion = provider.assertion(&signer, "imas", &json!({}));
            let proof = provider.proof(&signer, At::post(TOKEN), &json!({}));
            let all = [&[("client_assertion_type", crate::support::signing::ASSERTION_TYPE), ("client_assertion", assertion.as_str())], pairs].concat();
            let headers: &[(&str, &str)] = if proved { &[("dpop", &proof)] } else { &[] };
            provider.post_with(TOKEN, headers, &all).await
        };
        assert_eq!(ask(&imas.redemption(&code), false).await.error(), "invalid_dpop_proof");
        let first = ask(&imas.redemption(&code), true).await.json();
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", first["refresh_token"].as_str().unwrap())];
        assert_eq!(ask(&pairs, false).await.error(), "invalid_dpop_proof");
        for _ in 0..3 {
            provider.world.clock.advance(Duration::from_mins(1));
            let next = ask(&pairs, true).await.json();
            assert_eq!((next["refresh_token"].as_str(), next["token_type"].as_str()), (Some(pairs[1].1), Some("DPoP")));
        }
        assert_eq!(provider.post(TOKEN, None, &[pairs[0], pairs[1], ("client_id", "imas")]).await.error(), "invalid_client");
    }
}

/// An access token of now where nonces are needed.
async fn bound_now(provider: &Provider, party: &RelyingParty, browser: &Browser, signer: &Signer) -> String {
    let code = provider.code(party, browser).await;
    let asked = redeem(provider, party, &code, Some(&provider.proof(signer, At::post(TOKEN), &json!({})))).await;
    let nonce = json!({"nonce": asked.header("dpop-nonce")});
    let answer = redeem(provider, party, &code, Some(&provider.proof(signer, At::post(TOKEN), &nonce))).await;
    answer.json()["access_token"].as_str().unwrap().to_owned()
}
