//! Parameters of authorization requests: response modes, single claims, resources, odd texts.

use axum::http::{StatusCode, header};

use crate::support::relying_party::{ISSUER, Provider, claims, form};

const FRED: &str = "fred.perry@bank-a.example";

on_both! {
    /// Form Post Response Mode §2, OA-44, OA-55: the answer in a form of a page, in no address; errors alike.
    async fn form_post_sends_code_and_errors_in_a_form(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let state = r#""><script>alert(1)</script>&é"#;
        let page = provider.get(&browser, &imas.authorize(&[("response_mode", "form_post"), ("state", state)])).await;
        assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
        assert!(page.headers.get(header::LOCATION).is_none() && !page.body.contains("<script>alert"));
        assert!(page.header("content-security-policy").ends_with("form-action 'self' http://127.0.0.1:4001"));
        assert!(page.body.contains("/form_post.js\"") && page.shows("form-post-continue"));
        let fields = page.hidden(&imas.redirect_uri);
        let field = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
        assert_eq!((field("state"), field("iss"), fields.len()), (Some(state), Some(ISSUER), 3));
        assert_eq!(provider.redeem(&imas, field("code").unwrap()).await.status, StatusCode::OK);
        let page = provider.get(&browser, &imas.authorize(&[("response_mode", "form_post"), ("scope", "admin")])).await;
        let fields = page.hidden(&imas.redirect_uri);
        assert!(fields.contains(&("error".to_owned(), "invalid_scope".to_owned())) && fields.contains(&("iss".to_owned(), ISSUER.to_owned())));
        let script = page.body.split("src=\"").find(|part| part.contains("form_post.js")).unwrap().split('"').next().unwrap();
        let script = provider.plain_get(script).await;
        assert!(script.header("content-type").starts_with("text/javascript") && script.body.contains(".submit()"));
        assert!(provider.get(&browser, &imas.authorize(&[("response_mode", "query")])).await.param("code").is_some());
    }

    /// OIDC Core §5.5: single claims at `UserInfo` and in the ID token, kept over a refresh; only what the client may ask for.
    async fn single_claims_are_told_where_they_are_asked_for(world: World) {
        let provider = Provider::new(world).await;
        provider.set("imas", |settings| settings.scopes.retain(|scope| scope != "phone")).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let asked = r#"{"userinfo":{"name":{"essential":true},"phone_number":null,"odd":null},"id_token":{"email":null,"roles":null,"phone_number":null}}"#;
        let request = imas.authorize(&[("scope", "openid"), ("claims", asked)]);
        let code = provider.get(&browser, &request).await.param("code").unwrap();
        let first = provider.redeem(&imas, &code).await.json();
        let second = provider.refresh(&imas, first["refresh_token"].as_str().unwrap()).await.json();
        for tokens in [first, second] {
            let id = claims(&tokens["id_token"]);
            assert_eq!((id["email"].as_str(), id["roles"].as_array().map(Vec::len)), (Some(FRED), Some(0)));
            assert!(id.get("name").is_none() && id.get("phone_number").is_none());
            let told = provider.userinfo(tokens["access_token"].as_str().unwrap()).await.json();
            let names: Vec<_> = told.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!((names, told["name"].as_str()), (vec!["name", "sub"], Some("Fred Perry")));
        }
        // OA-27: what the client may no longer ask for is no longer told.
        let code = provider.get(&browser, &request).await.param("code").unwrap();
        provider.set("imas", |settings| settings.scopes = vec!["openid".to_owned()]).await;
        let tokens = provider.redeem(&imas, &code).await.json();
        assert!(claims(&tokens["id_token"]).get("email").is_none());
        assert!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.json().get("name").is_none());
    }

    /// OIDC Core §5.5.1: only the person named by `sub` is answered about.
    async fn a_subject_asked_for_is_the_only_one_answered_about(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for (email, answered) in [(FRED, true), ("anna.berg@bank-a.example", false)] {
            let asked = format!(r#"{{"id_token":{{"sub":{{"value":"{}"}}}}}}"#, provider.user(email).await);
            let answer = provider.get(&browser, &imas.authorize(&[("claims", &asked), ("prompt", "none")])).await;
            assert_eq!(answer.param("code").is_some(), answered);
            assert_eq!(answer.param("error").as_deref() == Some("login_required"), !answered);
        }
        for bad in ["x", "[]", r#"{"userinfo":[]}"#] {
            let answer = provider.get(&browser, &imas.authorize(&[("claims", bad)])).await;
            assert_eq!(answer.param("error").as_deref(), Some("invalid_request"), "{bad}");
        }
    }

    /// OA-52: no request and no registration sets a claim that says who it is, how they signed in, or what they may do.
    async fn oa_52_nobody_sets_a_protected_claim(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let fred = provider.user(FRED).await.to_string();
        let asked = r#"{"id_token":{"iss":{"value":"https://evil.example"},"acr":{"value":"gold"},"groups":{"value":["ADMIN"]},
            "roles":{"values":["Operator"]},"auth_time":{"value":1},"amr":{"value":["hwk"]},"aud":{"value":"casper"}}}"#;
        let answer = provider.get(&browser, &imas.authorize(&[("claims", asked)])).await;
        let id = claims(&provider.redeem(&imas, &answer.param("code").unwrap()).await.json()["id_token"]);
        assert_eq!((id["iss"].as_str(), id["aud"].as_str(), id["sub"].as_str()), (Some(ISSUER), Some("imas"), Some(fred.as_str())));
        assert_eq!((&id["groups"], &id["roles"]), (&serde_json::json!(["IMAS_PORTAL_USER"]), &serde_json::json!([])));
        assert_eq!((id["acr"].as_str(), &id["amr"]), (Some("https://refeds.org/profile/mfa"), &serde_json::json!(["pwd", "sms", "mfa"])));
        assert!(id["auth_time"].as_i64().unwrap() > 1);
    }

    /// RFC 8707 §2: an access token is for our own APIs, and for nothing else that is named.
    async fn a_resource_that_is_not_ours_is_refused(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let other = ("resource", "https://api.example");
        assert_eq!(provider.get(&browser, &imas.authorize(&[other])).await.param("error").as_deref(), Some("invalid_target"));
        let code = provider.get(&browser, &imas.authorize(&[("resource", ISSUER)])).await.param("code").unwrap();
        let mut pairs = imas.redemption(&code);
        pairs.push(other);
        assert_eq!(provider.post("/oauth2/token", Some(&imas.basic()), &pairs).await.error(), "invalid_target");
        let tokens = provider.redeem(&imas, &code).await.json();
        assert_eq!(claims(&tokens["access_token"])["aud"], ISSUER);
    }

    /// Odd texts are refused before anything is stored; what is text comes back exactly (RFC 6749 §4.1.2).
    async fn odd_octets_are_refused_and_text_comes_back_exactly(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for odd in ["nonce=%00", "nonce=%FF", "login_hint=a%00b", "ui_locales=%1B"] {
            for browser in [&browser, &provider.browser()] {
                let path = format!("{}&{odd}", imas.authorize(&[("nonce", "")]));
                let answer = provider.get(browser, &path).await;
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{odd}");
                assert!(answer.body.contains("invalid_request"));
            }
        }
        for state in ["é€ & = + % \" <", &"x".repeat(2048)] {
            assert_eq!(provider.get(&browser, &imas.authorize(&[("state", state)])).await.param("state").as_deref(), Some(state));
        }
        let long = provider.get(&browser, &imas.authorize(&[("state", &"x".repeat(2049))])).await;
        assert_eq!((long.param("error").as_deref(), long.param("state")), (Some("invalid_request"), None));
    }

    /// RFC 6749 §5.2, §3.2: a parameter sent twice, another media type, and a grant that is missing are `invalid_request`.
    async fn malformed_token_requests_are_invalid_requests(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let send = async |pairs: &[(&str, &str)]| provider.post("/oauth2/token", Some(&imas.basic()), pairs).await;
        let grant = ("grant_type", "authorization_code");
        for pairs in [vec![], vec![grant], vec![grant, grant], vec![("grant_type", "refresh_token")], vec![grant, ("code", "a"), ("code", "a")]] {
            let answer = send(&pairs).await;
            assert_eq!((answer.status, answer.error()), (StatusCode::BAD_REQUEST, "invalid_request".to_owned()), "{pairs:?}");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        let json = axum::http::Request::post("/oauth2/token").header(header::CONTENT_TYPE, "application/json").body("{}".into()).unwrap();
        assert_eq!(provider.send(json).await.error(), "invalid_request");
        assert_eq!(provider.plain_get(&format!("/oauth2/token?{}", form(&[grant]))).await.status, StatusCode::METHOD_NOT_ALLOWED);
    }

    /// RFC 8414 §3: the same document under the OAuth name.
    async fn the_metadata_stand_under_both_names(world: World) {
        let provider = Provider::new(world).await;
        let openid = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!(openid, provider.plain_get("/.well-known/oauth-authorization-server").await.json());
        assert_eq!(openid["response_modes_supported"], serde_json::json!(["query", "form_post", "jwt", "query.jwt", "form_post.jwt"]));
        assert_eq!(openid["claims_parameter_supported"], true);
    }
}
