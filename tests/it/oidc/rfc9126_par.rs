//! Pushed authorization requests (RFC 9126, FAPI 2.0 Security Profile §5.3.2.2).

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::Value;

use crate::support::relying_party::{Answer, Browser, Provider, RelyingParty, form};

const FRED: &str = "fred.perry@bank-a.example";
const PAR: &str = "/oauth2/par";

/// The parameters of a good request, with changes; an empty value leaves one out.
fn parameters(party: &RelyingParty, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let address = party.authorize(changes);
    url::form_urlencoded::parse(address.split_once('?').unwrap().1.as_bytes()).into_owned().collect()
}

async fn push(provider: &Provider, party: &RelyingParty, changes: &[(&str, &str)]) -> Answer {
    let pairs = parameters(party, changes);
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    provider.post(PAR, Some(&party.basic()), &pairs).await
}

/// The name of a pushed request.
async fn pushed(provider: &Provider, party: &RelyingParty, changes: &[(&str, &str)]) -> String {
    let answer = push(provider, party, changes).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.json()["request_uri"].as_str().unwrap().to_owned()
}

async fn bring(provider: &Provider, browser: &Browser, client_id: &str, uri: &str) -> Answer {
    provider
        .get(browser, &format!("/oauth2/authorize?{}", form(&[("client_id", client_id), ("request_uri", uri)])))
        .await
}

/// The page that says that the name is worth nothing, and leads nowhere.
fn is_refused(answer: &Answer) -> bool {
    answer.status == StatusCode::BAD_REQUEST
        && answer.shows("error-code")
        && answer.body.contains("invalid_request_uri")
}

on_both! {
    /// RFC 9126 §2.2, §4: the browser brings two parameters; what it brings besides counts for nothing.
    async fn a_browser_brings_the_name_of_a_pushed_request(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let answer = push(&provider, &imas, &[]).await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::CREATED, "no-cache, no-store"));
        let told = answer.json();
        let uri = told["request_uri"].as_str().unwrap();
        assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:") && uri.len() == 34 + 43 && told["expires_in"] == 90);
        let beside = form(&[("client_id", "imas"), ("request_uri", uri), ("state", "other"), ("redirect_uri", "https://evil.example"), ("scope", "openid")]);
        let back = provider.get(&browser, &format!("/oauth2/authorize?{beside}")).await;
        assert!(back.location().starts_with(&imas.redirect_uri));
        assert_eq!(back.param("state").as_deref(), Some("the state"));
        let tokens = provider.redeem(&imas, &back.param("code").unwrap()).await.json();
        assert!(tokens["scope"].as_str().unwrap().contains("email"));
        let metadata = provider.plain_get("/.well-known/oauth-authorization-server").await.json();
        assert_eq!(metadata["pushed_authorization_request_endpoint"], "http://127.0.0.1:4000/oauth2/par");
    }

    /// OA-18: used again after the end, by another client, expired, or made up; and only one of sixteen that come at once.
    async fn oa_18_a_pushed_request_is_used_once_by_its_client_in_time(world: World) {
        let provider = std::sync::Arc::new(Provider::new(world).await);
        let (imas, casper) = (provider.relying_party("imas"), provider.relying_party("casper"));
        let browser = provider.signed_in(FRED).await;
        let uri = pushed(&provider, &imas, &[]).await;
        assert!(is_refused(&bring(&provider, &browser, &casper.client_id, &uri).await), "another client's");
        assert!(bring(&provider, &browser, "imas", &uri).await.param("code").is_some());
        assert!(is_refused(&bring(&provider, &browser, "imas", &uri).await), "used");
        assert!(is_refused(&bring(&provider.another_node().await, &browser, "imas", &uri).await), "used at another node");
        let uri = pushed(&provider, &imas, &[]).await;
        for odd in [&uri[..uri.len() - 1], &format!("{uri}A"), "urn:ietf:params:oauth:request_uri:", "urn:ietf:params:oauth:request_uri:x"] {
            assert!(is_refused(&bring(&provider, &browser, "imas", odd).await), "{odd}");
        }
        assert!(provider.get(&browser, &format!("/oauth2/authorize?{}", form(&[("request_uri", &uri)]))).await.shows("error-code"));
        provider.world.clock.advance(Duration::from_secs(90));
        assert!(is_refused(&bring(&provider, &browser, "imas", &uri).await), "expired");
        let uri = pushed(&provider, &imas, &[]).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..16 {
            let (provider, browser, uri) = (provider.clone(), browser.clone(), uri.clone());
            tasks.spawn(async move {
                let answer = bring(&provider, &browser, "imas", &uri).await;
                answer.status == StatusCode::SEE_OTHER && answer.param("code").is_some()
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|got| *got).count(), 1);
    }

    /// FAPI 2.0 Security Profile §5.3.2.2: whoever reloads the sign-in loses nothing; once it is complete, nothing is left of any of the visits.
    async fn a_second_visit_before_the_end_is_as_good_as_the_first(world: World) {
        let provider = Provider::new(world).await;
        let (imas, mut browser) = (provider.relying_party("imas"), provider.browser());
        let uri = pushed(&provider, &imas, &[]).await;
        let waits = async || bring(&provider, &browser, "imas", &uri).await.param("continue").unwrap();
        let (first, second) = (waits().await, waits().await);
        assert_ne!(first, second);
        provider.world.clock.advance(Duration::from_mins(5));
        provider.sign_in(&mut browser, FRED).await;
        let resume = async |name: &str| provider.get(&browser, &format!("/oauth2/resume?request={name}")).await;
        // Whoever came in time may take their time.
        assert!(resume(&second).await.param("code").is_some());
        let late = resume(&first).await;
        assert!(late.param("code").is_none() && late.param("error").as_deref() == Some("invalid_request_uri"));
    }

    /// Whoever says no has answered, too.
    async fn saying_no_uses_a_pushed_request_up(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.browser());
        let uri = pushed(&provider, &imas, &[]).await;
        let page = bring(&provider, &browser, "imas", &uri).await;
        let login = provider.get(&browser, page.location()).await;
        let no = provider.submit(&browser, &login, "/oauth2/cancel", &[]).await;
        assert_eq!(no.param("error").as_deref(), Some("access_denied"));
        assert!(is_refused(&bring(&provider, &browser, "imas", &uri).await));
    }

    /// RFC 9126 §2.1, §2.3, OA-18, OA-39: what the authorization endpoint would refuse is refused where it is pushed, and nobody pushes unproved.
    async fn what_cannot_be_authorized_cannot_be_pushed(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let uri = pushed(&provider, &imas, &[]).await;
        for (changes, error) in [
            (&[("request_uri", uri.as_str())][..], "invalid_request"),
            (&[("request_uri", "https://imas.example/request")], "invalid_request"),
            (&[("redirect_uri", "https://evil.example/cb")], "invalid_request"),
            (&[("redirect_uri", "")], "invalid_request"),
            (&[("response_type", "code id_token")], "unsupported_response_type"),
            (&[("response_type", "token")], "unsupported_response_type"),
            (&[("response_mode", "fragment")], "invalid_request"),
            (&[("code_challenge", "")], "invalid_request"),
            (&[("code_challenge_method", "plain")], "invalid_request"),
            (&[("code_challenge_method", "")], "invalid_request"),
            (&[("scope", "admin")], "invalid_scope"),
            (&[("state", "x".repeat(3_000).leak())], "invalid_request"),
            (&[("client_id", "casper")], "invalid_client"),
        ] {
            let answer = push(&provider, &imas, changes).await;
            assert_eq!((answer.error().as_str(), answer.header("cache-control")), (error, "no-store"), "{changes:?}");
            assert_eq!(answer.status.as_u16(), if error == "invalid_client" { 401 } else { 400 });
        }
        let pairs = parameters(&imas, &[]);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(provider.post(PAR, None, &pairs).await.error(), "invalid_client");
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let request = Request::builder().method(method).uri(PAR).header(header::AUTHORIZATION, imas.basic());
            assert_eq!(provider.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::METHOD_NOT_ALLOWED);
        }
    }

    /// RFC 9126 §6: a client that has to push is not believed what a browser brings alone; no request object is fetched for it (OA-19).
    async fn oa_19_whoever_has_to_push_cannot_do_otherwise(world: World) {
        let provider = Provider::new(world).await;
        provider.set("imas", |settings| settings.require_pushed_authorization_requests = true).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        for (changes, error) in [
            (&[][..], "invalid_request"),
            (&[("request_uri", "https://imas.example/request")], "invalid_request"),
            (&[("request", "a.b.c")], "invalid_request_object"),
        ] {
            let plain = provider.get(&browser, &imas.authorize(changes)).await;
            assert_eq!((plain.param("error").as_deref(), plain.param("code")), (Some(error), None), "{changes:?}");
        }
        let uri = pushed(&provider, &imas, &[]).await;
        assert!(bring(&provider, &browser, "imas", &uri).await.param("code").is_some());
    }

    /// CR-01: neither the name nor the proof of whoever pushed is kept.
    async fn cr_01_neither_name_nor_proof_is_kept(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let uri = pushed(&provider, &imas, &[("state", "a-state-to-be-found")]).await;
        bring(&provider, &provider.browser(), "imas", &uri).await;
        let rows = crate::support::state(&provider.world.db, &[]).await;
        let all: String = rows.into_values().flatten().collect();
        assert!(all.contains("a-state-to-be-found"), "{all}");
        assert!(!all.contains(uri.rsplit(':').next().unwrap()) && !all.contains(&imas.secret));
        let told: Value = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!(told["require_pushed_authorization_requests"], false);
    }

    /// RFC 9126 §7.1: a client fills the store no faster than it may; the others go on, and so does whoever claims to be it without proof.
    async fn a_client_that_pushes_too_often_is_told_to_wait(world: World) {
        let provider = Provider::new(world).await.with_clients_limited_to(2);
        let (imas, casper) = (provider.relying_party("imas"), provider.relying_party("casper"));
        for _ in 0..20 {
            let unproved = provider.post(PAR, Some("Basic aW1hczpub3QgdGhlIHNlY3JldA=="), &[]).await;
            assert_eq!(unproved.error(), "invalid_client");
        }
        let mut answers = Vec::new();
        for _ in 0..20 {
            answers.push(push(&provider, &imas, &[]).await);
        }
        assert_eq!(answers[0].status, StatusCode::CREATED, "{}", answers[0].body);
        let refused = answers.iter().find(|answer| answer.status == StatusCode::TOO_MANY_REQUESTS).expect("never refused");
        assert_eq!((refused.error().as_str(), refused.header("retry-after")), ("temporarily_unavailable", "1"));
        assert_eq!(push(&provider, &casper, &[]).await.status, StatusCode::CREATED);
    }
}
