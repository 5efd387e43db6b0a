//! Authorization code grant (RFC 6749 §4.1), PKCE (RFC 7636), client authentication (RFC 6749 §2.3).

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::support::relying_party::{CHALLENGE, ISSUER, Provider, VERIFIER, claims, form};

const FRED: &str = "fred.perry@bank-a.example";

on_both! {
    /// E10, E58, RFC 6749 §4.1, OIDC Core §3.1: from the request to the tokens.
    async fn a_code_becomes_tokens_with_exactly_the_groups_of_the_application(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let answer = provider.get(&browser, &imas.authorize(&[])).await;
        assert!(answer.location().starts_with("http://127.0.0.1:4001/callback?"));
        assert_eq!(answer.param("state").as_deref(), Some("the state"));
        assert_eq!(answer.param("iss").as_deref(), Some(ISSUER));
        let redeemed = provider.redeem(&imas, &answer.param("code").unwrap()).await;
        assert_eq!(redeemed.header("cache-control"), "no-store");
        let tokens = redeemed.json();
        assert_eq!((tokens["token_type"].as_str(), tokens["expires_in"].as_u64()), (Some("Bearer"), Some(300)));
        let id = claims(&tokens["id_token"]);
        assert_eq!((id["iss"].as_str(), id["aud"].as_str(), id["nonce"].as_str()), (Some(ISSUER), Some("imas"), Some("the-nonce")));
        assert_eq!(id["groups"], serde_json::json!(["IMAS_PORTAL_USER"]));
        assert_eq!(id["organisation"]["path"], serde_json::json!(["European Institution", "Bank A"]));
        assert_eq!(id["amr"], serde_json::json!(["pwd", "sms", "mfa"]));
        assert!(id["sid"].is_string() && id["at_hash"].is_string() && id.get("email").is_none());
    }

    async fn oa_05_a_duplicate_parameter_gives_a_page_and_no_redirect(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for name in ["client_id", "redirect_uri", "state", "scope", "code_challenge"] {
            let answer = provider.get(&browser, &format!("{}&{}", imas.authorize(&[]), form(&[(name, "x")]))).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
            assert!(answer.headers.get(header::LOCATION).is_none() && answer.body.contains("invalid_request"));
        }
    }

    /// OA-01, OA-16: neither is sent anywhere.
    async fn oa_01_and_oa_16_an_unregistered_target_or_odd_mode_gives_a_page(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for change in [
            ("redirect_uri", "http://127.0.0.1:4001/callback/"), ("redirect_uri", "http://127.0.0.1:4009/callback"),
            ("redirect_uri", "https://evil.example"), ("redirect_uri", ""), ("client_id", "nobody"), ("client_id", ""),
            ("response_mode", "fragment.jwt"), ("response_mode", "fragment"),
        ] {
            let answer = provider.get(&browser, &imas.authorize(&[change])).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{change:?}");
            assert!(answer.headers.get(header::LOCATION).is_none());
        }
    }

    /// OA-14, OA-15, OA-08, OA-19
    async fn oa_14_and_oa_15_errors_go_back_with_state_and_iss(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for (change, error) in [
            (("response_type", "token"), "unsupported_response_type"), (("response_type", "id_token"), "unsupported_response_type"),
            (("response_type", "code id_token"), "unsupported_response_type"), (("response_type", ""), "invalid_request"),
            (("code_challenge", ""), "invalid_request"), (("code_challenge_method", "plain"), "invalid_request"),
            (("code_challenge_method", ""), "invalid_request"), (("request", "x"), "invalid_request_object"),
            (("request_uri", "https://evil.example/x"), "request_uri_not_supported"), (("scope", "admin"), "invalid_scope"),
            (("prompt", "none login"), "invalid_request"), (("max_age", "soon"), "invalid_request"),
            (("id_token_hint", "forged"), "invalid_request"),
        ] {
            let answer = provider.get(&browser, &imas.authorize(&[change])).await;
            assert_eq!(answer.param("error").as_deref(), Some(error), "{change:?}");
            assert_eq!((answer.param("state").as_deref(), answer.param("iss").as_deref()), (Some("the state"), Some(ISSUER)));
            assert!(answer.param("code").is_none());
        }
    }

    /// OA-07, OA-11: refused, used up, and in the log once, with what was wrong.
    async fn oa_07_and_oa_11_a_code_with_anything_wrong_is_refused_and_burnt(world: World) {
        let provider = Provider::new(world).await;
        let (imas, casper, browser) = (provider.relying_party("imas"), provider.relying_party("casper"), provider.signed_in(FRED).await);
        let other = VERIFIER.replace('d', "e");
        for change in [("code_verifier", ""), ("code_verifier", other.as_str()), ("code_verifier", CHALLENGE), ("redirect_uri", "http://127.0.0.1:4001/other")] {
            let code = provider.code(&imas, &browser).await;
            let mut pairs = imas.redemption(&code);
            pairs.retain(|(name, _)| *name != change.0);
            pairs.push(change);
            let answer = provider.post("/oauth2/token", Some(&imas.basic()), &pairs).await;
            assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "invalid_grant".to_owned()), "{change:?}");
            assert_eq!(provider.redeem(&imas, &code).await.error(), "invalid_grant");
        }
        let code = provider.code(&imas, &browser).await;
        assert_eq!(provider.post("/oauth2/token", Some(&casper.basic()), &imas.redemption(&code)).await.error(), "invalid_grant");
        let refused = crate::oidc::refusals::refused(&provider).await;
        let count = |reason: &str| refused.iter().filter(|details| details["reason"] == reason).count();
        assert_eq!((count("wrong or missing code_verifier"), count("another redirect_uri"), count("issued to another client")), (3, 1, 1));
        assert_eq!(provider.redeem(&imas, &code).await.error(), "invalid_grant");
    }

    async fn oa_07_a_verifier_without_a_challenge_is_refused(world: World) {
        let provider = Provider::new(world).await;
        provider.set("imas", |settings| settings.allow_without_pkce_insecure = true).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let bare = imas.authorize(&[("code_challenge", ""), ("code_challenge_method", "")]);
        let code = provider.get(&browser, &bare).await.param("code").unwrap();
        assert_eq!(provider.redeem(&imas, &code).await.error(), "invalid_grant");
        let code = provider.get(&browser, &bare).await.param("code").unwrap();
        let mut pairs = imas.redemption(&code);
        pairs.pop();
        assert_eq!(provider.post("/oauth2/token", Some(&imas.basic()), &pairs).await.status, StatusCode::OK);
    }

    async fn oa_09_a_replayed_code_ends_what_its_first_use_gave(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let code = provider.code(&imas, &browser).await;
        let tokens = provider.redeem(&imas, &code).await.json();
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(provider.userinfo(access).await.status, StatusCode::OK);
        provider.world.clock.advance(Duration::from_secs(30));
        assert_eq!(provider.redeem(&imas, &code).await.error(), "invalid_grant");
        assert_eq!(provider.userinfo(access).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.error(), "invalid_grant");
    }

    async fn oa_10_one_code_redeemed_by_32_at_once_gives_exactly_one_success(world: World) {
        let provider = std::sync::Arc::new(Provider::new(world).await);
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let code = provider.code(&imas, &browser).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let (provider, imas, code) = (provider.clone(), imas.clone(), code.clone());
            tasks.spawn(async move { provider.redeem(&imas, &code).await });
        }
        let answers = tasks.join_all().await;
        let (good, bad): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == StatusCode::OK);
        assert_eq!(good.len(), 1);
        assert!(bad.iter().all(|answer| answer.error() == "invalid_grant"));
        let access = good[0].json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(provider.userinfo(&access).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn oa_12_a_code_first_used_after_60_seconds_is_refused(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let code = provider.code(&imas, &browser).await;
        provider.world.clock.advance(Duration::from_mins(1));
        assert_eq!(provider.redeem(&imas, &code).await.error(), "invalid_grant");
    }

    /// OA-30, OA-54
    async fn oa_30_and_oa_54_a_service_gets_its_scopes_and_no_other_and_nothing_is_cached(world: World) {
        let provider = Provider::new(world).await;
        let service = provider.demo.service_clients[0].clone();
        let basic = crate::support::relying_party::RelyingParty {
            client_id: service.client_id.clone(), secret: service.client_secret.clone(), redirect_uri: String::new(),
        }.basic();
        let ask = async |scope: &str| provider.post("/oauth2/token", Some(&basic), &[("grant_type", "client_credentials"), ("scope", scope)]).await;
        let good = ask("users:read").await;
        assert_eq!((good.status, good.header("cache-control")), (StatusCode::OK, "no-store"));
        assert!(good.json().get("refresh_token").is_none() && good.json().get("id_token").is_none());
        let access = good.json()["access_token"].as_str().unwrap().to_owned();
        let bearer = provider.oidc.tokens.verify(&provider.world.db, &access, provider.world.clock.now()).await.unwrap();
        assert!(bearer.has_scope("users:read") && !bearer.has_scope("users:write") && bearer.family.is_none());
        for scope in ["roles:write", "users:read roles:write", "openid"] {
            assert_eq!(ask(scope).await.error(), "invalid_scope");
        }
        assert_eq!(provider.userinfo(&access).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn oa_39_a_client_proves_itself_by_its_one_method_only(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let (id, secret) = (imas.client_id.as_str(), imas.secret.as_str());
        let grant = ("grant_type", "client_credentials");
        for (header, pairs) in [
            (None, vec![grant, ("client_id", id), ("client_secret", secret)]),
            (None, vec![grant, ("client_id", id)]),
            (None, vec![grant]),
            (Some(imas.basic()), vec![grant, ("client_secret", secret)]),
            (Some(imas.basic()), vec![grant, ("client_id", "casper")]),
            (Some(imas.basic()), vec![grant, ("client_assertion", "x")]),
            (Some(imas.basic().replace("Basic", "Bearer")), vec![grant]),
        ] {
            let answer = provider.post("/oauth2/token", header.as_deref(), &pairs).await;
            assert_eq!((answer.status, answer.error()), (StatusCode::UNAUTHORIZED, "invalid_client".to_owned()), "{pairs:?}");
        }
        assert_eq!(provider.post("/oauth2/token", Some(&imas.basic()), &[grant]).await.error(), "unauthorized_client");
        for grant in ["password", "urn:ietf:params:oauth:grant-type:token-exchange", "implicit"] {
            let answer = provider.post("/oauth2/token", Some(&imas.basic()), &[("grant_type", grant)]).await;
            assert_eq!(answer.error(), "unsupported_grant_type", "OA-50");
        }
    }

    async fn oa_51_a_disabled_client_gets_nothing(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        provider.reconfigure("imas", |client| client.active = false).await;
        assert_eq!(provider.get(&browser, &imas.authorize(&[])).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.error(), "invalid_client");
        assert_eq!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn oa_53_a_megabyte_is_refused_at_once(world: World) {
        let provider = Provider::new(world).await;
        let answer = provider.post("/oauth2/token", None, &[("scope", &"a".repeat(1 << 20))]).await;
        assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "invalid_request".to_owned()));
    }

    /// OIDC Core §3.1.2.1: a POST is served as a GET, with the cookies that a cross-site POST does not carry.
    async fn an_authorization_request_may_be_posted(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let path = imas.authorize(&[]);
        let request = Request::post("/oauth2/authorize").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = provider.send(request.body(Body::from(path.split_once('?').unwrap().1.to_owned())).unwrap()).await;
        assert!(answer.headers.get(header::SET_COOKIE).is_none());
        assert!(provider.get(&browser, answer.location()).await.param("code").is_some());
    }
}
