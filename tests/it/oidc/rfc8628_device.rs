//! Devices without a browser (RFC 8628).

use std::time::Duration;

use axum::http::{Method, Request, StatusCode, header};
use chamberlain::audit::Kind;
use chamberlain::directory::client::model::DEVICE_GRANT;
use chamberlain::directory::membership;
use chamberlain::tokens::consent_store;
use chamberlain::transact;
use serde_json::json;

use super::refusals::of_kind;
use crate::support::World;
use crate::support::device::BEGIN;
use crate::support::relying_party::{Browser, Provider, RelyingParty, claims};
use crate::support::terms::general;

const FRED: &str = "fred.perry@bank-a.example";

/// IMAS on devices, and somebody who may use it.
pub(super) async fn imas(world: World) -> (Provider, RelyingParty, Browser) {
    let provider = Provider::new(world).await;
    provider.lets_devices_in("imas").await;
    let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
    (provider, imas, browser)
}

pub(super) async fn wait(provider: &Provider, seconds: u64) {
    provider.world.clock.advance(Duration::from_secs(seconds));
}

/// Fred loses every group.
async fn lose_groups(provider: &Provider) {
    let fred = provider.user(FRED).await;
    let removed: chamberlain::db::Result<()> = transact!(provider.world.db, tx => {
        for held in membership::store::list_of_user(tx, fred).await? {
            membership::store::remove(tx, fred, held.group).await?;
        }
        Ok(())
    });
    removed.unwrap();
}

on_both! {
    /// RFC 8628 §3: begun, typed, approved; then the tokens of the code flow, once.
    async fn a_device_gets_its_tokens_once_its_person_has_let_it_in(world: World) {
        let (provider, imas, browser) = imas(world).await;
        let answer = provider.begin(&imas, &[("nonce", "of-the-device")]).await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
        let begun = answer.json();
        let user_code = begun["user_code"].as_str().unwrap();
        assert_eq!((&begun["expires_in"], &begun["interval"], &begun["verification_uri"]), (&json!(600), &json!(5), &json!("http://127.0.0.1:4000/device")));
        assert_eq!(begun["verification_uri_complete"], format!("http://127.0.0.1:4000/device?user_code={user_code}"));
        assert_eq!((begun["device_code"].as_str().unwrap().len(), user_code.len()), (43, 9));
        assert_eq!(provider.poll(&imas, &begun).await.error(), "authorization_pending");
        let filled = provider.get(&browser, &format!("/device?user_code={user_code}")).await;
        assert!(filled.body.contains(&format!("value=\"{user_code}\"")), "{}", filled.body);
        let page = provider.asked_about(&browser, &begun).await;
        for text in ["Let IMAS in on a device?", user_code, "Fred Perry", "know your e-mail address"] {
            assert!(page.body.contains(text), "{text}: {}", page.body);
        }
        let done = provider.decide(&browser, &page, "allow").await;
        assert_eq!(done.location(), "/device/done?outcome=approved");
        assert!(provider.get(&browser, done.location()).await.shows("device-done"));
        let answer = provider.poll(&imas, &begun).await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"), "{}", answer.body);
        let tokens = answer.json();
        let told = claims(&tokens["id_token"]);
        assert_eq!((&told["sub"], &told["groups"], &told["nonce"], &told["aud"]), (&json!(provider.user(FRED).await), &json!(["IMAS_PORTAL_USER"]), &json!("of-the-device"), &json!("imas")));
        assert_eq!(tokens["scope"], "openid email groups");
        let access = tokens["access_token"].as_str().unwrap();
        assert_eq!(provider.userinfo(access).await.status, StatusCode::OK);
        let next = provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await;
        assert_eq!(next.status, StatusCode::OK);
        // A second use ends what came of the first, as with a code.
        assert_eq!(provider.poll(&imas, &begun).await.error(), "invalid_grant");
        assert_eq!(provider.userinfo(access).await.status, StatusCode::UNAUTHORIZED);
        for (kind, count) in [(Kind::DeviceApproved, 1), (Kind::TokenIssued, 1), (Kind::TokenReplayed, 1), (Kind::ConsentGiven, 0)] {
            assert_eq!(of_kind(&provider, kind).await.len(), count, "{kind:?}");
        }
        let metadata = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!(metadata["device_authorization_endpoint"], "http://127.0.0.1:4000/oauth2/device_authorization");
        assert!(metadata["grant_types_supported"].as_array().unwrap().contains(&json!(DEVICE_GRANT)));
    }

    /// RFC 8628 §3.1, OA-39, OA-50: what the authorization endpoint would refuse is refused here, and nobody begins unproved.
    async fn what_cannot_be_authorized_is_not_begun(world: World) {
        let (provider, imas, _) = imas(world).await;
        for (more, error) in [
            (&[("scope", "admin")][..], "invalid_scope"),
            (&[("scope", "")], "invalid_scope"),
            (&[("resource", "https://x.example")], "invalid_target"),
            (&[("claims", "{")], "invalid_request"),
            (&[("authorization_details", "[{}]")], "invalid_authorization_details"),
            (&[("max_age", "soon")], "invalid_request"),
            (&[("dpop_jkt", "x")], "invalid_request"),
            (&[("request", "x.y.z")], "invalid_request"),
            (&[("request_uri", "https://x.example")], "request_uri_not_supported"),
            (&[("nonce", "x".repeat(600).leak())], "invalid_request"),
            (&[("client_id", "casper")], "invalid_client"),
        ] {
            let answer = provider.begin(&imas, more).await;
            assert_eq!((answer.error().as_str(), answer.header("cache-control")), (error, "no-store"), "{more:?}");
        }
        assert_eq!(provider.begin(&provider.relying_party("casper"), &[]).await.error(), "unauthorized_client");
        let wrong = RelyingParty { secret: "wrong".to_owned(), ..imas.clone() };
        assert_eq!(provider.begin(&wrong, &[]).await.error(), "invalid_client");
        assert_eq!(provider.post(BEGIN, None, &[("client_id", "imas")]).await.error(), "invalid_client");
        let twice = Request::post(BEGIN).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").header(header::AUTHORIZATION, imas.basic());
        assert_eq!(provider.send(twice.body("scope=openid&scope=email".into()).unwrap()).await.error(), "invalid_request");
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let request = Request::builder().method(method).uri(BEGIN).body(axum::body::Body::empty()).unwrap();
            assert_eq!(provider.send(request).await.status, StatusCode::METHOD_NOT_ALLOWED);
        }
        provider.set("imas", |settings| settings.require_signed_request_object = true).await;
        assert_eq!(provider.begin(&imas, &[]).await.error(), "invalid_request");
        // Switched off meanwhile: also what was begun before gets nothing.
        provider.set("imas", |settings| settings.require_signed_request_object = false).await;
        let begun = provider.begun(&imas).await;
        provider.set("imas", |settings| settings.grant_types.retain(|grant| grant != DEVICE_GRANT)).await;
        assert_eq!(provider.poll(&imas, &begun).await.error(), "unauthorized_client");
        assert!(provider.enter(&provider.signed_in(FRED).await, begun["user_code"].as_str().unwrap()).await.shows("error-code"));
    }

    /// RFC 8628 §3.5: five seconds more with each question that comes too early, and they stay; other nodes count along.
    async fn a_device_that_asks_too_often_is_slowed_down_for_good(world: World) {
        let (provider, imas, browser) = imas(world).await;
        let (other, begun) = (provider.another_node().await, provider.begun(&imas).await);
        assert_eq!(provider.poll(&imas, &begun).await.error(), "authorization_pending");
        wait(&provider, 4).await;
        assert_eq!(other.poll(&imas, &begun).await.error(), "slow_down");
        wait(&provider, 9).await;
        assert_eq!(provider.poll(&imas, &begun).await.error(), "slow_down");
        for _ in 0..2 {
            wait(&provider, 15).await;
            assert_eq!(provider.poll(&imas, &begun).await.error(), "authorization_pending");
        }
        wait(&provider, 14).await;
        assert_eq!(other.poll(&imas, &begun).await.error(), "slow_down");
        // Whoever was let in is not made to wait any longer.
        provider.approve(&browser, &begun).await;
        assert_eq!(provider.poll(&imas, &begun).await.status, StatusCode::OK);
        assert!(of_kind(&provider, Kind::TokenRefused).await.is_empty(), "asking is no refusal");
    }

    /// RFC 8628 §3.5: refused by the person, too late, another client's, made up, or no device code at all.
    async fn what_was_refused_is_old_or_foreign_gives_no_tokens(world: World) {
        let (provider, imas, browser) = imas(world).await;
        provider.lets_devices_in("casper").await;
        let casper = provider.relying_party("casper");
        let refused = provider.begun(&imas).await;
        let page = provider.asked_about(&browser, &refused).await;
        let done = provider.decide(&browser, &page, "deny").await;
        assert_eq!(done.location(), "/device/done?outcome=denied");
        for _ in 0..2 {
            assert_eq!(provider.poll(&imas, &refused).await.error(), "access_denied");
        }
        assert_eq!(of_kind(&provider, Kind::DeviceDenied).await.len(), 1);
        let foreign = provider.begun(&imas).await;
        assert_eq!(provider.poll(&casper, &foreign).await.error(), "invalid_grant");
        // Trying a foreign one spoils nothing, approved or not.
        provider.approve(&browser, &foreign).await;
        assert_eq!(provider.poll(&casper, &foreign).await.error(), "invalid_grant");
        assert_eq!(provider.poll(&imas, &foreign).await.status, StatusCode::OK);
        let (late, forgotten) = (provider.begun(&imas).await, provider.begun(&imas).await);
        provider.approve(&browser, &forgotten).await;
        wait(&provider, 600).await;
        assert_eq!(provider.poll(&imas, &late).await.error(), "expired_token");
        assert_eq!(provider.poll(&imas, &forgotten).await.error(), "expired_token");
        assert_eq!(provider.enter(&browser, late["user_code"].as_str().unwrap()).await.location(), "/device?problem=unknown");
        for odd in ["x", "", &"x".repeat(9_000)] {
            let error = provider.poll(&imas, &json!({ "device_code": odd })).await.error();
            assert_eq!(error, if odd == "x" { "invalid_grant" } else { "invalid_request" }, "{odd}");
        }
        // Neither code is the other.
        let fresh = provider.begun(&imas).await;
        provider.approve(&browser, &fresh).await;
        let code = fresh["device_code"].as_str().unwrap();
        assert_eq!(provider.redeem(&imas, code).await.error(), "invalid_grant");
        let user_code = json!({ "device_code": fresh["user_code"] });
        assert_eq!(provider.poll(&imas, &user_code).await.error(), "invalid_grant");
        let authorization = provider.code(&imas, &browser).await;
        assert_eq!(provider.poll(&imas, &json!({ "device_code": authorization })).await.error(), "invalid_grant");
        assert_eq!(provider.poll(&imas, &fresh).await.status, StatusCode::OK);
    }

    /// RFC 8628 §5.1: tries are counted before anything is looked up, on all nodes, right ones too; then nothing helps for ten minutes.
    async fn codes_cannot_be_guessed(world: World) {
        let (provider, imas, fred) = imas(world).await;
        let (other, nobody) = (provider.another_node().await, provider.browser());
        let begun = provider.begun(&imas).await;
        let code = begun["user_code"].as_str().unwrap();
        for number in 0..10 {
            let typed = ["BBBB-BBBB", "x", "", "BBBBBBBBB", "AAAA-AAAA"][number % 5];
            let node = if number % 2 == 0 { &provider } else { &other };
            assert_eq!(node.enter(&nobody, typed).await.location(), "/device?problem=unknown");
        }
        for _ in 0..3 {
            assert_eq!(provider.enter(&nobody, code).await.location(), "/device?problem=wait");
        }
        assert!(provider.get(&nobody, "/device?problem=wait").await.body.contains("Too many codes were entered"));
        assert_eq!(of_kind(&provider, Kind::Throttled).await.len(), 1, "in the log once");
        // Somebody else's tries are their own; of one person they are counted in whichever browser.
        for number in 0..10 {
            let browser = provider.signed_in(FRED).await;
            assert_eq!(provider.enter(&browser, "BBBB-BBBB").await.location(), "/device?problem=unknown", "{number}");
        }
        assert_eq!(provider.enter(&fred, code).await.location(), "/device?problem=wait");
        wait(&provider, 599).await;
        assert_eq!(provider.enter(&nobody, code).await.location(), "/device?problem=wait");
        wait(&provider, 1).await;
        let begun = provider.begun(&imas).await;
        assert!(provider.enter(&nobody, begun["user_code"].as_str().unwrap()).await.location().starts_with("/device/confirm"));
        assert!(provider.asked_about(&fred, &begun).await.shows("consent-allow"));
    }

    /// RFC 8628 §3.3, §6.1: whatever case, spaces and dashes.
    async fn a_code_is_taken_however_it_is_typed(world: World) {
        let (provider, imas, browser) = imas(world).await;
        let begun = provider.begun(&imas).await;
        let code = begun["user_code"].as_str().unwrap();
        let spaced: String = code.to_lowercase().chars().flat_map(|c| [c, ' ']).collect();
        for typed in [code.to_lowercase(), code.replace('-', ""), code.replace('-', " – "), spaced] {
            let answer = provider.enter(&browser, &typed).await;
            assert!(answer.location().starts_with("/device/confirm"), "{typed}: {}", answer.location());
        }
    }

    /// OA-45, OA-46, OA-48, RFC 8628 §5.4: only the browser in which it was typed, only by our form, only after the person has said that
    /// the device is theirs, and only once.
    async fn oa_48_a_device_is_let_in_by_the_browser_in_which_its_code_was_typed(world: World) {
        let (provider, imas, browser) = imas(world).await;
        let begun = provider.begun(&imas).await;
        let page = provider.asked_about(&browser, &begun).await;
        let secret = page.hidden("/device/confirm").into_iter().find(|(name, _)| name == "request").unwrap().1;
        let stranger = provider.signed_in("anna.berg@bank-a.example").await;
        for path in [format!("/device/confirm?request={secret}"), format!("/oauth2/resume?request={secret}"), "/device/confirm".to_owned(), "/device/confirm?request=x".to_owned()] {
            let answer = provider.get(&stranger, &path).await;
            assert_eq!((answer.status, answer.shows("error-code")), (StatusCode::BAD_REQUEST, true), "{path}");
        }
        // What waits for another purpose is no device, and a device is none of theirs.
        let waiting = provider.get(&provider.browser(), &imas.authorize(&[])).await.param("continue").unwrap();
        assert!(provider.get(&browser, &format!("/device/confirm?request={waiting}")).await.shows("error-code"));
        assert!(provider.get(&browser, &format!("/oauth2/consent?request={secret}")).await.shows("error-code"));
        let posted = provider.post("/device/confirm", None, &[("request", &secret), ("own", "on"), ("allow", "yes")]).await;
        assert_eq!(posted.status, StatusCode::FORBIDDEN);
        assert_eq!(provider.post("/device", None, &[("user_code", begun["user_code"].as_str().unwrap())]).await.status, StatusCode::FORBIDDEN);
        // Without the box the page comes again, and says why.
        let again = provider.submit(&browser, &page, "/device/confirm", &[("allow", "yes")]).await;
        assert!(again.shows("own-error") && again.shows("problem"), "{}", again.body);
        let silent = provider.submit(&browser, &page, "/device/confirm", &[("own", "on")]).await;
        assert!(silent.shows("consent-allow") && !silent.shows("own-error"));
        assert_eq!(provider.poll(&imas, &begun).await.error(), "authorization_pending");
        // Two pages of two browsers: whoever is first.
        let other = provider.signed_in(FRED).await;
        let second = provider.asked_about(&other, &begun).await;
        assert_eq!(provider.decide(&browser, &page, "allow").await.location(), "/device/done?outcome=approved");
        for verb in ["deny", "allow"] {
            assert_eq!(provider.decide(&other, &second, verb).await.location(), "/device?problem=unknown", "{verb}");
        }
        assert!(provider.decide(&browser, &page, "allow").await.shows("error-code"), "the answer was used up");
        assert_eq!(provider.poll(&imas, &begun).await.status, StatusCode::OK);
    }

    /// OA-57: whoever may not enter the application is told whom to ask, and the device `access_denied`: at the page, at the answer, at
    /// the token endpoint.
    async fn oa_57_nobody_enters_an_application_by_a_device_who_may_not(world: World) {
        let (provider, imas, browser) = imas(world).await;
        let (page_late, code_late, never) = (provider.begun(&imas).await, provider.begun(&imas).await, provider.begun(&imas).await);
        let page = provider.asked_about(&browser, &page_late).await;
        provider.approve(&browser, &code_late).await;
        lose_groups(&provider).await;
        let answered = provider.decide(&browser, &page, "allow").await;
        assert_eq!(answered.status, StatusCode::FORBIDDEN);
        assert!(answered.shows("access-administrators") && answered.body.contains("Anna Berg"));
        assert_eq!(provider.asked_about(&browser, &never).await.status, StatusCode::FORBIDDEN);
        for begun in [&page_late, &code_late, &never] {
            assert_eq!(provider.poll(&imas, begun).await.error(), "access_denied");
        }
        assert_eq!(of_kind(&provider, Kind::AccessRefused).await.len(), 2);
    }

    /// OA-56, E16: who is not signed in signs in first, with what the device asks for; terms of use come before it is let in.
    async fn a_person_signs_in_before_they_are_asked_about_a_device(world: World) {
        let (provider, imas, _) = imas(world).await;
        let (mut browser, begun) = (provider.browser(), provider.begun(&imas).await);
        let entered = provider.enter(&browser, begun["user_code"].as_str().unwrap()).await;
        let login = provider.get(&browser, entered.location()).await;
        let secret = login.param("continue").unwrap();
        let page = provider.get(&browser, login.location()).await;
        assert!(page.shows("login-email") && page.body.contains("IMAS"), "{}", page.body);
        provider.sign_in(&mut browser, FRED).await;
        let resumed = provider.get(&browser, &format!("/oauth2/resume?request={secret}")).await;
        assert_eq!(resumed.location(), format!("/device/confirm?request={secret}"));
        let asks = provider.get(&browser, resumed.location()).await;
        assert!(provider.decide(&browser, &asks, "allow").await.location().ends_with("approved"));
        // A sign-in that is too old for the device, and a strength that nobody has.
        wait(&provider, 60).await;
        let strict = provider.begin(&imas, &[("max_age", "30")]).await.json();
        let entered = provider.enter(&browser, strict["user_code"].as_str().unwrap()).await;
        assert!(provider.get(&browser, entered.location()).await.location().starts_with("/login?continue="));
        let gold = r#"{"id_token":{"acr":{"essential":true,"values":["urn:gold"]}}}"#;
        let strong = provider.begin(&imas, &[("claims", gold)]).await.json();
        let entered = provider.enter(&browser, strong["user_code"].as_str().unwrap()).await;
        assert!(provider.get(&browser, entered.location()).await.body.contains("unmet_authentication_requirements"));
        assert_eq!(provider.poll(&imas, &strong).await.error(), "authorization_pending");
    }

    /// Whoever leaves the sign-in refuses the device (RFC 8628 §3.5).
    async fn leaving_the_sign_in_refuses_the_device(world: World) {
        let (provider, imas, _) = imas(world).await;
        let (browser, begun) = (provider.browser(), provider.begun(&imas).await);
        let entered = provider.enter(&browser, begun["user_code"].as_str().unwrap()).await;
        let login = provider.get(&browser, entered.location()).await;
        let page = provider.get(&browser, login.location()).await;
        let left = provider.submit(&browser, &page, "/oauth2/cancel", &[]).await;
        assert_eq!(left.location(), "/device/done?outcome=denied");
        assert_eq!(provider.poll(&imas, &begun).await.error(), "access_denied");
    }

    /// E16: the page about the device comes after the terms.
    async fn terms_of_use_come_before_a_device_is_let_in(world: World) {
        let provider = Provider::asking(world, general(&["2026-11-01"])).await;
        provider.lets_devices_in("imas").await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let begun = provider.begun(&imas).await;
        let entered = provider.enter(&browser, begun["user_code"].as_str().unwrap()).await;
        let terms = provider.get(&browser, entered.location()).await;
        assert!(terms.location().starts_with("/terms/accept?continue="), "{}", terms.location());
        let page = provider.get(&browser, terms.location()).await;
        let accepted = provider.submit(&browser, &page, "/terms/accept", &[("answer", "accept")]).await;
        let resumed = provider.get(&browser, accepted.location()).await;
        let asks = provider.get(&browser, resumed.location()).await;
        assert!(provider.decide(&browser, &asks, "allow").await.location().ends_with("approved"));
        assert_eq!(provider.poll(&imas, &begun).await.status, StatusCode::OK);
    }

    /// OA-42, OA-27: letting a device of somebody else's application in is a consent, which can be taken back.
    async fn oa_42_a_device_of_somebody_else_rests_on_a_consent(world: World) {
        let (provider, imas, browser) = imas(world).await;
        provider.set("imas", |settings| settings.third_party = true).await;
        let begun = provider.begun(&imas).await;
        let page = provider.asked_about(&browser, &begun).await;
        assert!(page.body.contains("is not run by this institution"));
        // What was shown is what is allowed.
        provider.set("imas", |settings| settings.scopes.retain(|scope| scope != "groups")).await;
        assert!(provider.decide(&browser, &page, "allow").await.shows("consent-allow"), "the page comes again");
        provider.approve(&browser, &begun).await;
        let fred = provider.user(FRED).await;
        let consents = consent_store::list(&mut provider.world.db.reader().await.unwrap(), fred).await.unwrap();
        assert_eq!(consents.iter().map(|consent| consent.scope.as_str()).collect::<Vec<_>>(), ["email openid"]);
        let tokens = provider.poll(&imas, &begun).await.json();
        assert_eq!(tokens["scope"], "openid email");
    }
}
