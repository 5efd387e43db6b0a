//! OpenID Connect RP-Initiated Logout 1.0, from the application's link over the page that asks back to the application.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::support::relying_party::{ISSUER, Provider, form};

const FRED: &str = "fred.perry@bank-a.example";
const BACK: &str = "http://127.0.0.1:4001/";

on_both! {
    /// SE-14, E30: the link ends nothing; the form of the page it leads to ends session and tokens, and leads back with `state`.
    async fn a_hint_of_ours_leads_to_the_page_that_asks_and_from_there_back_with_state(world: World) {
        let provider = Provider::new(world).await;
        let (imas, mut browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let (hint, access) = (tokens["id_token"].as_str().unwrap(), tokens["access_token"].as_str().unwrap());
        let state = "s".repeat(128);
        let path = format!("/oauth2/logout?{}", form(&[("id_token_hint", hint), ("post_logout_redirect_uri", BACK), ("state", &state)]));
        let asks = provider.get(&browser, &path).await;
        assert!(asks.location().starts_with("/logout?continue=") && !asks.ends_session());
        let page = provider.get(&browser, asks.location()).await;
        assert!(page.shows("logout-confirm") && page.body.contains("IMAS"), "{}", page.body);
        assert!(page.header("content-security-policy").ends_with("form-action 'self' http://127.0.0.1:4001"));
        assert_eq!(provider.userinfo(access).await.status, StatusCode::OK);
        // Skipping the page leads back to it.
        let waiting = asks.param("continue").unwrap();
        let skipped = provider.get(&browser, &format!("/oauth2/logout?request={waiting}")).await;
        assert_eq!(skipped.location(), asks.location());
        let done = provider.submit(&browser, &page, "/logout", &[]).await;
        assert!(done.ends_session());
        assert_eq!(done.location(), format!("/oauth2/logout?request={waiting}"));
        browser.session = None;
        assert_eq!(provider.get(&browser, done.location()).await.location(), format!("{BACK}?state={state}"));
        assert_eq!(provider.get(&browser, done.location()).await.location(), "/logout", "once");
        assert_eq!(provider.get(&browser, &imas.authorize(&[("prompt", "none")])).await.param("error").as_deref(), Some("login_required"));
        assert_eq!(provider.userinfo(access).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.error(), "invalid_grant");
    }

    /// §2: with nobody signed in there is nothing to confirm; without `state` none comes back.
    async fn nobody_signed_in_is_led_back_at_once(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let hint = provider.tokens(&imas, &browser).await["id_token"].as_str().unwrap().to_owned();
        let pairs = form(&[("id_token_hint", &hint), ("post_logout_redirect_uri", BACK), ("client_id", "imas")]);
        assert_eq!(provider.get(&provider.browser(), &format!("/oauth2/logout?{pairs}")).await.location(), BACK);
    }

    /// §2: GET and POST alike; a POST from another site comes without our cookies and is turned into a GET.
    async fn a_posted_logout_is_answered_like_a_link(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let hint = provider.tokens(&imas, &browser).await["id_token"].as_str().unwrap().to_owned();
        let posted = provider.post("/oauth2/logout", None, &[("id_token_hint", &hint), ("post_logout_redirect_uri", BACK)]).await;
        assert!(posted.header("set-cookie").is_empty());
        assert!(provider.get(&browser, posted.location()).await.location().starts_with("/logout?continue="));
    }

    /// OA-47, OA-17: a missing, forged or foreign hint and an unregistered address lead to the page that asks, and after
    /// it nowhere else.
    async fn oa_47_and_oa_17_less_than_a_good_hint_asks_and_leads_nowhere_else(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let (hint, access) = (tokens["id_token"].as_str().unwrap(), tokens["access_token"].as_str().unwrap());
        let other = provider.signed_in("paul.ito@bank-b.example").await;
        let (signed, _) = hint.rsplit_once('.').unwrap();
        let (forged, unsigned) = (format!("{signed}.{}", "A".repeat(86)), format!("{signed}."));
        for (browser, pairs) in [
            (&browser, vec![]),
            (&browser, vec![("state", "only")]),
            (&browser, vec![("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("client_id", "imas"), ("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("id_token_hint", hint)]),
            (&browser, vec![("id_token_hint", &forged), ("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("id_token_hint", &unsigned), ("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("id_token_hint", access), ("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("id_token_hint", hint), ("client_id", "casper"), ("post_logout_redirect_uri", BACK)]),
            (&browser, vec![("id_token_hint", hint), ("post_logout_redirect_uri", "https://evil.example/")]),
            (&browser, vec![("id_token_hint", hint), ("post_logout_redirect_uri", "http://127.0.0.1:4001/?x")]),
            (&other, vec![("id_token_hint", hint), ("post_logout_redirect_uri", BACK)]),
        ] {
            let answer = provider.get(browser, &format!("/oauth2/logout?{}", form(&pairs))).await;
            assert_eq!(answer.location(), "/logout", "{pairs:?}");
            let page = provider.get(browser, "/logout").await;
            assert!(page.shows("logout-confirm"));
            assert!(provider.get(browser, &imas.authorize(&[])).await.param("code").is_some(), "{pairs:?}");
        }
        let page = provider.get(&browser, "/logout").await;
        assert_eq!(provider.submit(&browser, &page, "/logout", &[]).await.location(), "/login?done=signed-out");
    }

    /// OA-45: a form from another site, without its token, or with that of another session ends nothing.
    async fn oa_45_a_logout_from_elsewhere_is_refused(world: World) {
        let provider = Provider::new(world).await;
        let (browser, other) = (provider.signed_in(FRED).await, provider.signed_in("anna.berg@bank-a.example").await);
        let csrf = |page: &crate::support::relying_party::Answer| page.hidden("/logout").remove(0).1;
        let (own, theirs) = (csrf(&provider.get(&browser, "/logout").await), csrf(&provider.get(&other, "/logout").await));
        for (origin, token) in [("https://evil.example", own.as_str()), ("null", &own), (ISSUER, ""), (ISSUER, &theirs)] {
            let request = Request::post("/logout").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::COOKIE, browser.cookie()).header(header::ORIGIN, origin);
            let answer = provider.send(request.body(Body::from(form(&[("csrf", token)]))).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
        }
        assert!(provider.get(&browser, "/logout").await.shows("logout-confirm"));
    }

    /// OA-48: what waits for a sign-in is nothing for a logout, and the reverse; nor is it for another browser.
    async fn oa_48_a_waiting_request_serves_its_own_purpose_and_browser_only(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let hint = provider.tokens(&imas, &browser).await["id_token"].as_str().unwrap().to_owned();
        let logout = form(&[("id_token_hint", &hint), ("post_logout_redirect_uri", BACK)]);
        let waiting = provider.get(&browser, &format!("/oauth2/logout?{logout}")).await.param("continue").unwrap();
        assert_eq!(provider.get(&browser, &format!("/oauth2/resume?request={waiting}")).await.status, StatusCode::BAD_REQUEST);
        let thief = provider.browser();
        assert_eq!(provider.get(&thief, &format!("/oauth2/logout?request={waiting}")).await.location(), "/logout");
        let mut leaving = browser.clone();
        leaving.session = None;
        let request = provider.get(&leaving, &imas.authorize(&[])).await.param("continue").unwrap();
        assert_eq!(provider.get(&leaving, &format!("/oauth2/logout?request={request}")).await.location(), "/logout");
        assert_eq!(provider.get(&leaving, &format!("/oauth2/logout?request={waiting}")).await.location(), BACK);
    }
}
