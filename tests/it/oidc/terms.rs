//! Terms of use between the sign-in and applications (E16).

use axum::http::StatusCode;
use chamberlain::tokens::consent_store;

use crate::support::World;
use crate::support::relying_party::{Answer, Browser, ISSUER, Provider, RelyingParty};
use crate::support::terms::general;

const FRED: &str = "fred.perry@bank-a.example";

async fn asking(world: World) -> (Provider, RelyingParty, Browser) {
    let provider = Provider::asking(world, general(&["2026-11-01", "2026-11-23T09:30:00Z"])).await;
    let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
    (provider, imas, browser)
}

/// The page that asks, for an authorization request.
async fn asked(provider: &Provider, browser: &Browser, request: &str) -> Answer {
    let answer = provider.get(browser, request).await;
    assert!(answer.location().starts_with("/terms/accept?continue="), "{}", answer.location());
    let page = provider.get(browser, answer.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    page
}

on_both! {
    /// E16: no code before the terms are accepted; the request goes on afterwards, to the same application with the same state.
    async fn an_application_is_entered_once_the_terms_are_accepted(world: World) {
        let (provider, imas, browser) = asking(world).await;
        let silent = provider.get(&browser, &imas.authorize(&[("prompt", "none")])).await;
        assert_eq!(silent.param("error").as_deref(), Some("interaction_required"));
        let page = asked(&provider, &browser, &imas.authorize(&[])).await;
        assert!(page.header("content-security-policy").ends_with("form-action 'self' http://127.0.0.1:4001"));
        let accepted = provider.submit(&browser, &page, "/terms/accept", &[("answer", "accept")]).await;
        assert!(accepted.location().starts_with("/oauth2/resume?request="), "{}", accepted.location());
        let answer = provider.get(&browser, accepted.location()).await;
        assert_eq!((answer.param("state").as_deref(), answer.param("iss").as_deref()), (Some("the state"), Some(ISSUER)));
        assert_eq!(provider.redeem(&imas, &answer.param("code").unwrap()).await.status, StatusCode::OK);
        let silent = provider.get(&browser, &imas.authorize(&[("prompt", "none")])).await;
        assert!(silent.param("code").is_some(), "asked once");
    }

    /// E16: neither the endpoint that goes on nor the page of consent leads past the terms, and nothing is remembered of a consent.
    async fn no_way_of_going_on_leads_past_the_terms(world: World) {
        let (provider, imas, browser) = asking(world).await;
        provider.set("imas", |settings| settings.third_party = true).await;
        let answer = provider.get(&browser, &imas.authorize(&[])).await;
        let waiting = answer.param("continue").unwrap();
        for _ in 0..2 {
            let resumed = provider.get(&browser, &format!("/oauth2/resume?request={waiting}")).await;
            assert!(resumed.location().starts_with("/terms/accept?continue="), "{}", resumed.location());
        }
        let consent = provider.get(&browser, &format!("/oauth2/consent?request={waiting}")).await;
        let sent = provider.submit(&browser, &consent, "/oauth2/consent", &[("allow", "yes")]).await;
        assert!(sent.location().starts_with("/terms/accept?continue="), "{}", sent.location());
        let tx = &mut provider.world.db.reader().await.unwrap();
        assert!(consent_store::list(tx, provider.user(FRED).await).await.unwrap().is_empty());
    }

    /// E16, E31: who has no access is told whom to ask only after the terms.
    async fn whom_to_ask_is_told_after_the_terms(world: World) {
        let (provider, imas, _) = asking(world).await;
        let browser = provider.signed_in("nina.petit@bank-a.example").await;
        let page = asked(&provider, &browser, &imas.authorize(&[])).await;
        assert!(!page.body.contains("Anna Berg"));
        let accepted = provider.submit(&browser, &page, "/terms/accept", &[("answer", "accept")]).await;
        let answer = provider.get(&browser, accepted.location()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
        assert!(answer.body.contains("Anna Berg"), "{}", answer.body);
    }

    /// E16: after a change it is asked again from then on; what was given before goes on, and a refresh is not stopped.
    async fn a_new_version_is_asked_at_the_next_sign_in_and_stops_no_refresh(world: World) {
        let (provider, imas, browser) = asking(world).await;
        let page = asked(&provider, &browser, &imas.authorize(&[])).await;
        provider.submit(&browser, &page, "/terms/accept", &[("answer", "accept")]).await;
        let tokens = provider.tokens(&imas, &browser).await;
        provider.world.clock.advance(std::time::Duration::from_mins(31));
        let refreshed = provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await;
        assert_eq!(refreshed.status, StatusCode::OK, "{}", refreshed.body);
        let access = refreshed.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(provider.userinfo(&access).await.status, StatusCode::OK);
        let again = provider.signed_in(FRED).await;
        let page = asked(&provider, &again, &imas.authorize(&[])).await;
        assert!(page.body.contains("Hello 2") && page.shows("terms-before"), "{}", page.body);
    }

    /// E16: whoever does not accept is signed out and may go back to the application, which learns `access_denied`.
    async fn whoever_does_not_accept_is_signed_out_and_may_go_back(world: World) {
        let (provider, imas, browser) = asking(world).await;
        let page = asked(&provider, &browser, &imas.authorize(&[])).await;
        let refused = provider.submit(&browser, &page, "/terms/accept", &[("answer", "refuse")]).await;
        assert!(refused.ends_session() && refused.location().starts_with("/terms/refused?continue="), "{}", refused.location());
        let page = provider.get(&browser, refused.location()).await;
        assert!(page.body.contains("You did not accept"), "{}", page.body);
        let login = provider.get(&browser, &imas.authorize(&[])).await;
        assert!(login.location().starts_with("/login?continue="), "the session is over: {}", login.location());
        let back = provider.submit(&browser, &page, "/oauth2/cancel", &[]).await;
        assert_eq!(back.param("error").as_deref(), Some("access_denied"));
    }

    /// E16 (OIDC Discovery §3 `op_tos_uri`): published where there are terms, and only there.
    async fn the_terms_are_published_where_there_are_any(world: World) {
        let none = Provider::new(world).await;
        let metadata = none.plain_get("/.well-known/openid-configuration").await.json();
        assert!(metadata.get("op_tos_uri").is_none());
        assert_eq!(none.plain_get("/terms").await.status, StatusCode::NOT_FOUND);
        let some = none.with_terms(general(&["2026-12-01"]));
        let metadata = some.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!(metadata["op_tos_uri"], format!("{ISSUER}/terms"));
        assert_eq!(some.plain_get("/terms").await.status, StatusCode::OK);
    }
}
