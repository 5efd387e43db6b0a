//! OpenID Connect Core: prompts, hints, claims, `UserInfo`; discovery; headers.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chamberlain::kernel::secret::Token;

use crate::support::relying_party::{Answer, ISSUER, Provider, claims};

const FRED: &str = "fred.perry@bank-a.example";

on_both! {
    /// OIDC Core §3.1.2.6
    async fn prompt_none_without_a_session_is_login_required(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let answer = provider.get(&provider.browser(), &imas.authorize(&[("prompt", "none")])).await;
        assert_eq!(answer.param("error").as_deref(), Some("login_required"));
        let browser = provider.signed_in(FRED).await;
        assert!(provider.get(&browser, &imas.authorize(&[("prompt", "none")])).await.param("code").is_some());
    }

    async fn oa_46_and_oa_48_a_parked_request_is_resumed_once_and_only_by_the_browser_that_began(world: World) {
        let provider = Provider::new(world).await;
        let (imas, mut browser) = (provider.relying_party("imas"), provider.browser());
        let answer = provider.get(&browser, &imas.authorize(&[])).await;
        let resume = format!("/oauth2/resume?request={}", answer.param("continue").unwrap());
        assert_eq!(answer.param("continue").unwrap().len(), 43);
        provider.sign_in(&mut browser, FRED).await;
        let mut thief = browser.clone();
        thief.browser = Token::generate(&provider.world.entropy);
        assert_eq!(provider.get(&thief, &resume).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(provider.get(&browser, "/oauth2/resume?request=guess").await.status, StatusCode::BAD_REQUEST);
        assert!(provider.get(&browser, &resume).await.param("code").is_some());
        assert_eq!(provider.get(&browser, &resume).await.status, StatusCode::BAD_REQUEST);
    }

    async fn oa_56_prompt_login_and_max_age_ask_for_a_new_sign_in_and_auth_time_tells_it(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        for change in [("prompt", "login"), ("prompt", "select_account"), ("max_age", "1"), ("max_age", "0")] {
            let mut browser = provider.signed_in(FRED).await;
            let before = provider.world.clock.now();
            provider.world.clock.advance(Duration::from_secs(2));
            let answer = provider.get(&browser, &imas.authorize(&[change])).await;
            let resume = format!("/oauth2/resume?request={}", answer.param("continue").unwrap_or_else(|| panic!("{change:?}")));
            // Coming back without having signed in anew leads to the sign-in again.
            assert!(provider.get(&browser, &resume).await.location().starts_with("/login?continue="));
            provider.sign_in(&mut browser, FRED).await;
            let code = provider.get(&browser, &resume).await.param("code").unwrap();
            let id = claims(&provider.redeem(&imas, &code).await.json()["id_token"]);
            assert!(id["auth_time"].as_i64().unwrap() > before.as_seconds());
        }
        let browser = provider.signed_in(FRED).await;
        assert!(provider.get(&browser, &imas.authorize(&[("max_age", "10000")])).await.param("code").is_some());
    }

    async fn oa_56_an_essential_acr_that_cannot_be_met_is_an_error(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let unmet = r#"{"id_token":{"acr":{"essential":true,"values":["urn:gold"]}}}"#;
        let answer = provider.get(&browser, &imas.authorize(&[("claims", unmet)])).await;
        assert_eq!(answer.param("error").as_deref(), Some("unmet_authentication_requirements"));
        assert!(provider.get(&browser, &imas.authorize(&[("acr_values", "urn:gold 2")])).await.param("code").is_some());
    }

    /// OIDC Core §3.1.2.1, §5.5.1.1, RFC 9470 §5: who asks for a passkey is led to the sign-in once, told what came of it, and told two factors
    /// where nothing was asked.
    async fn an_application_that_asks_for_a_passkey_leads_to_the_sign_in_once(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let essential = r#"{"id_token":{"acr":{"essential":true,"values":["phr"]}}}"#;
        for (asked, by_phone) in [(("acr_values", "phr"), None), (("claims", essential), Some("unmet_authentication_requirements"))] {
            let mut browser = provider.signed_in(FRED).await;
            let resume = |answer: &Answer| format!("/oauth2/resume?request={}", answer.param("continue").unwrap_or_else(|| panic!("{asked:?}")));
            let first = resume(&provider.get(&browser, &imas.authorize(&[asked])).await);
            let second = resume(&provider.get(&browser, &imas.authorize(&[asked])).await);
            provider.world.clock.advance(Duration::from_secs(2));
            provider.sign_in(&mut browser, FRED).await;
            let answer = provider.get(&browser, &first).await;
            assert_eq!(answer.param("error").as_deref(), by_phone, "{asked:?}");
            assert_eq!(answer.param("code").is_some(), by_phone.is_none(), "{asked:?}");

            provider.sign_in_as(&mut browser, FRED, "phr").await;
            let code = provider.get(&browser, &second).await.param("code").unwrap();
            assert_eq!(claims(&provider.redeem(&imas, &code).await.json()["id_token"])["acr"], "phr");
            for plain in [("nonce", "n"), ("acr_values", "https://refeds.org/profile/mfa")] {
                let code = provider.get(&browser, &imas.authorize(&[plain])).await.param("code").unwrap();
                let told = claims(&provider.redeem(&imas, &code).await.json()["id_token"]);
                assert_eq!(told["acr"], "https://refeds.org/profile/mfa", "{plain:?}");
            }
        }
        let silent = imas.authorize(&[("claims", essential), ("prompt", "none")]);
        let answer = provider.get(&provider.signed_in(FRED).await, &silent).await;
        assert_eq!(answer.param("error").as_deref(), Some("unmet_authentication_requirements"));
    }

    /// OIDC Core §3.1.2.1
    async fn an_id_token_hint_of_somebody_else_is_not_answered_with_this_session(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let hint = provider.tokens(&imas, &browser).await["id_token"].as_str().unwrap().to_owned();
        let silent = imas.authorize(&[("prompt", "none"), ("id_token_hint", &hint)]);
        assert!(provider.get(&browser, &silent).await.param("code").is_some());
        let other = provider.signed_in("paul.ito@bank-b.example").await;
        assert_eq!(provider.get(&other, &silent).await.param("error").as_deref(), Some("login_required"));
    }

    /// OIDC Core §3.1.2.1, §5.2
    async fn unknown_parameters_and_locales_are_ignored(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for change in [("extra", "foobar"), ("display", "popup"), ("ui_locales", "se"), ("claims_locales", "se"), ("login_hint", "x@y"), ("nonce", "")] {
            assert!(provider.get(&browser, &imas.authorize(&[change])).await.param("code").is_some(), "{change:?}");
        }
    }

    /// OIDC Core §5.3, §5.4
    async fn userinfo_tells_what_the_scopes_release_and_nothing_empty(world: World) {
        let provider = Provider::new(world).await;
        let (casper, browser) = (provider.relying_party("casper-pre"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&casper, &browser).await;
        let access = tokens["access_token"].as_str().unwrap();
        let told = provider.userinfo(access).await;
        assert_eq!(told.header("cache-control"), "no-store");
        let told = told.json();
        assert_eq!(told["sub"], claims(&tokens["id_token"])["sub"]);
        assert_eq!((told["name"].as_str(), told["email"].as_str()), (Some("Fred Perry"), Some(FRED)));
        assert_eq!(told["groups"], serde_json::json!(["A-CASPER_WEB_DATA_SUBMITTER"]));
        assert!(told["email_verified"].is_boolean() && told["updated_at"].is_number());
        assert!(told.get("phone_number").is_none() && told.get("companyId").is_none());
        let posted = provider.post("/oauth2/userinfo", None, &[("access_token", access)]).await;
        assert_eq!(posted.json(), told);
        assert_eq!(provider.plain_get(&format!("/oauth2/userinfo?access_token={access}")).await.status, StatusCode::UNAUTHORIZED);
    }

    async fn oa_35_and_oa_36_an_id_token_or_an_expired_token_is_no_access_token(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let refused = provider.userinfo(tokens["id_token"].as_str().unwrap()).await;
        assert_eq!((refused.status, refused.header("www-authenticate")), (StatusCode::UNAUTHORIZED, r#"Bearer error="invalid_token""#));
        provider.world.clock.advance(Duration::from_secs(299));
        assert_eq!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::OK);
        provider.world.clock.advance(Duration::from_secs(1));
        assert_eq!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
        // OA-36: no life longer than a day, whatever is registered.
        provider.set("imas", |settings| settings.access_token_lifetime = u32::MAX).await;
        assert_eq!(provider.tokens(&imas, &browser).await["expires_in"], 86_400);
    }

    async fn oa_43_oa_44_and_oa_55_pages_and_redirects_carry_the_headers(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        for path in ["/oauth2/authorize".to_owned(), imas.authorize(&[])] {
            let answer = provider.get(&provider.browser(), &path).await;
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
            assert_eq!((answer.header("referrer-policy"), answer.header("cache-control")), ("no-referrer", "no-store"));
            assert!(matches!(answer.status, StatusCode::SEE_OTHER | StatusCode::BAD_REQUEST));
        }
    }

    /// E03: one issuer, whatever the request says.
    async fn oa_59_forged_hosts_do_not_change_the_issuer(world: World) {
        let provider = Provider::new(world).await;
        let request = Request::get("/.well-known/openid-configuration").header("host", "evil.example").header("x-forwarded-host", "evil.example");
        let answer = provider.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.json()["issuer"], ISSUER);
        assert!(!answer.body.contains("evil"));
    }

    /// E02, OIDC Discovery §4, RFC 9110 §13.1.2, RFC 9207 §3
    async fn discovery_is_one_document_with_a_tag(world: World) {
        let provider = Provider::new(world).await;
        let answer = provider.plain_get("/.well-known/openid-configuration").await;
        assert_eq!(answer.json()["authorization_response_iss_parameter_supported"], true);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let request = Request::get("/.well-known/openid-configuration").header(header::IF_NONE_MATCH, answer.header("etag"));
        assert_eq!(provider.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::NOT_MODIFIED);
    }

    /// Fetch §3.2: only pages of registered origins read token answers.
    async fn a_registered_origin_may_read_the_token_endpoint(world: World) {
        let provider = Provider::new(world).await;
        provider.set("imas", |settings| settings.cors_origins = vec!["https://spa.example".to_owned()]).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for (origin, allowed) in [("https://spa.example", "https://spa.example"), ("https://evil.example", "")] {
            let code = provider.code(&imas, &browser).await;
            let request = Request::post("/oauth2/token").header(header::ORIGIN, origin).header(header::AUTHORIZATION, imas.basic())
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let body = crate::support::relying_party::form(&imas.redemption(&code));
            assert_eq!(provider.send(request.body(Body::from(body)).unwrap()).await.header("access-control-allow-origin"), allowed);
        }
    }
}
