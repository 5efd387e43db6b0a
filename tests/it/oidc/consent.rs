//! Consent (OIDC Core §3.1.2.4): asked before anything is told to an application of somebody else, remembered, taken back.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chamberlain::db::{self, transact};
use chamberlain::directory::client;
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::sessions;
use chamberlain::tokens::{consent, consent_store};

use crate::support::World;
use crate::support::relying_party::{Answer, Browser, ISSUER, Provider, RelyingParty, form};

const FRED: &str = "fred.perry@bank-a.example";

/// IMAS, as if somebody else ran it.
async fn foreign(world: World) -> (Provider, RelyingParty, Browser) {
    let provider = Provider::new(world).await;
    provider.set("imas", |settings| settings.third_party = true).await;
    let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
    (provider, imas, browser)
}

/// The page that asks, for an authorization request.
async fn asked(provider: &Provider, browser: &Browser, request: &str) -> Answer {
    let answer = provider.get(browser, request).await;
    assert!(answer.location().starts_with("/oauth2/consent?request="), "{}", answer.location());
    let page = provider.get(browser, answer.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    page
}

async fn allow(provider: &Provider, browser: &Browser, page: &Answer) -> Answer {
    provider.submit(browser, page, "/oauth2/consent", &[("allow", "yes")]).await
}

async fn withdraw(provider: &Provider, client_id: &str) -> bool {
    let fred = provider.user(FRED).await;
    let ctx = provider.world.ctx_of(PrincipalId::Person(fred));
    let done: db::Result<bool> = transact!(provider.world.db, tx => {
        let client = client::store::find_by_client_id(tx, client_id).await?.unwrap().id;
        consent::withdraw(tx, fred, client, &ctx).await
    });
    done.unwrap()
}

on_both! {
    /// OA-42: no code before the person agrees; the page says who asks, from where, and for what in words.
    async fn oa_42_an_application_of_somebody_else_gets_nothing_before_the_person_agrees(world: World) {
        let (provider, imas, browser) = foreign(world).await;
        let silent = provider.get(&browser, &imas.authorize(&[("prompt", "none")])).await;
        assert_eq!(silent.param("error").as_deref(), Some("consent_required"));
        let page = asked(&provider, &browser, &imas.authorize(&[])).await;
        for text in ["Allow IMAS?", "http://127.0.0.1:4001", "Fred Perry", "know your e-mail address", "know your groups in this application"] {
            assert!(page.body.contains(text), "{text}: {}", page.body);
        }
        assert!(page.shows("consent-allow") && page.shows("consent-deny"));
        assert!(page.header("content-security-policy").ends_with("form-action 'self' http://127.0.0.1:4001"));
        let allowed = allow(&provider, &browser, &page).await;
        assert_eq!((allowed.param("state").as_deref(), allowed.param("iss").as_deref()), (Some("the state"), Some(ISSUER)));
        assert_eq!(provider.redeem(&imas, &allowed.param("code").unwrap()).await.status, StatusCode::OK);
    }

    /// OA-42: remembered per person, application and scopes; more is asked for anew, in the database and so at every node.
    async fn oa_42_consent_is_remembered_and_covers_no_more_than_was_shown(world: World) {
        let (provider, imas, browser) = foreign(world).await;
        let narrow = imas.authorize(&[("scope", "openid email")]);
        allow(&provider, &browser, &asked(&provider, &browser, &narrow).await).await;
        let two = provider.another_node().await;
        let silent = imas.authorize(&[("scope", "email openid"), ("prompt", "none")]);
        for node in [&provider, &two] {
            assert!(node.get(&browser, &narrow).await.param("code").is_some());
            assert!(node.get(&browser, &silent).await.param("code").is_some());
        }
        // More scopes, a claim by name, or somebody else: asked.
        let by_name = r#"{"userinfo":{"phone_number":null}}"#;
        for more in [("scope", "openid email groups"), ("claims", by_name)] {
            let silent = imas.authorize(&[("scope", "openid email"), ("prompt", "none"), more]);
            assert_eq!(two.get(&browser, &silent).await.param("error").as_deref(), Some("consent_required"), "{more:?}");
        }
        let anna = provider.signed_in("anna.berg@bank-a.example").await;
        assert_eq!(provider.get(&anna, &silent).await.param("error").as_deref(), Some("consent_required"));
        // What was allowed later comes beside what was allowed before.
        allow(&two, &browser, &asked(&two, &browser, &imas.authorize(&[("scope", "openid groups")])).await).await;
        assert!(provider.get(&browser, &imas.authorize(&[("scope", "openid email groups"), ("prompt", "none")])).await.param("code").is_some());
    }

    /// RFC 6749 §4.1.2.1: whoever says no leads the application to `access_denied`, and the request is used up.
    async fn a_person_who_does_not_agree_sends_back_access_denied(world: World) {
        let (provider, imas, browser) = foreign(world).await;
        let page = asked(&provider, &browser, &imas.authorize(&[])).await;
        let denied = provider.submit(&browser, &page, "/oauth2/consent", &[("deny", "yes")]).await;
        assert_eq!(denied.param("error").as_deref(), Some("access_denied"));
        assert_eq!((denied.param("state").as_deref(), denied.param("iss").as_deref()), (Some("the state"), Some(ISSUER)));
        assert_eq!(allow(&provider, &browser, &page).await.status, StatusCode::BAD_REQUEST);
        asked(&provider, &browser, &imas.authorize(&[])).await;
    }

    /// OIDC Core §3.1.2.1: `prompt=consent` asks although it was given, and the institution's own applications, too.
    async fn prompt_consent_asks_again_and_own_applications_skip_it_otherwise(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        assert!(provider.get(&browser, &imas.authorize(&[])).await.param("code").is_some());
        for _ in 0..2 {
            let page = asked(&provider, &browser, &imas.authorize(&[("prompt", "consent")])).await;
            assert!(!page.body.contains("not run by this institution"));
            assert!(allow(&provider, &browser, &page).await.param("code").is_some());
        }
    }

    /// OIDC Core §3.1.2.1: first the sign-in that was asked for, then the consent, then the code; all on one request.
    async fn sign_in_and_consent_follow_each_other_on_one_request(world: World) {
        let (provider, imas, mut browser) = foreign(world).await;
        provider.world.clock.advance(std::time::Duration::from_secs(1));
        let answer = provider.get(&browser, &imas.authorize(&[("prompt", "login consent")])).await;
        let waiting = answer.param("continue").unwrap();
        // Skipping the sign-in does not lead past it.
        let skipped = provider.get(&browser, &format!("/oauth2/consent?request={waiting}")).await;
        let again = provider.get(&browser, skipped.location()).await;
        assert!(again.location().starts_with("/login?continue="));
        provider.sign_in(&mut browser, FRED).await;
        let page = asked(&provider, &browser, &format!("/oauth2/resume?request={waiting}")).await;
        assert!(allow(&provider, &browser, &page).await.param("code").is_some());
        assert_eq!(provider.get(&browser, &format!("/oauth2/resume?request={waiting}")).await.status, StatusCode::BAD_REQUEST);
    }

    /// OA-27, OA-42: taken back, everything of the application ends, whatever was on its way, and it is asked for anew.
    async fn oa_27_consent_taken_back_ends_what_it_gave(world: World) {
        let (provider, imas, browser) = foreign(world).await;
        let page = asked(&provider, &browser, &imas.authorize(&[])).await;
        let code = allow(&provider, &browser, &page).await.param("code").unwrap();
        let tokens = provider.redeem(&imas, &code).await.json();
        let on_its_way = provider.code(&imas, &browser).await;
        assert!(withdraw(&provider, "imas").await && !withdraw(&provider, "imas").await);
        assert_eq!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.refresh(&imas, tokens["refresh_token"].as_str().unwrap()).await.error(), "invalid_grant");
        assert_eq!(provider.redeem(&imas, &on_its_way).await.error(), "invalid_grant");
        assert!(consent_store::list(&mut provider.world.db.reader().await.unwrap(), provider.user(FRED).await).await.unwrap().is_empty());
        asked(&provider, &browser, &imas.authorize(&[])).await;
    }

    /// OA-45, OA-46, SE-10: the form works from our own page, in the browser and the session that it was shown in.
    async fn oa_45_and_oa_46_consent_given_elsewhere_is_refused(world: World) {
        let (provider, imas, browser) = foreign(world).await;
        let page = asked(&provider, &browser, &imas.authorize(&[])).await;
        let hidden = page.hidden("/oauth2/consent");
        let field = |name: &str| hidden.iter().find(|(field, _)| field == name).unwrap().1.clone();
        let (request, scope, csrf) = (field("request"), field("scope"), field("csrf"));
        let send = async |browser: &Browser, origin: &str, csrf: &str| {
            let body = form(&[("request", &request), ("scope", &scope), ("csrf", csrf), ("allow", "yes")]);
            let request = Request::post("/oauth2/consent")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::COOKIE, browser.cookie())
                .header(header::ORIGIN, origin);
            provider.send(request.body(Body::from(body)).unwrap()).await
        };
        let anna = provider.signed_in("anna.berg@bank-a.example").await;
        let mut taken_over = browser.clone();
        taken_over.session.clone_from(&anna.session);
        for (who, origin, csrf) in [(&browser, "https://evil.example", csrf.as_str()), (&browser, "null", &csrf), (&browser, ISSUER, ""),
            (&browser, ISSUER, "x"), (&anna, ISSUER, &csrf), (&taken_over, ISSUER, &csrf)] {
            assert_eq!(send(who, origin, csrf).await.status, StatusCode::FORBIDDEN, "{origin} {csrf}");
        }
        assert_eq!(provider.get(&anna, &format!("/oauth2/consent?request={request}")).await.status, StatusCode::BAD_REQUEST);
        assert!(send(&browser, ISSUER, &csrf).await.param("code").is_some());
    }

    /// OA-27: the person sees what they allowed on a page of their own, and takes it back there with one button.
    async fn oa_27_permissions_are_shown_to_their_person_and_taken_back(world: World) {
        let (provider, imas, browser) = foreign(world).await;
        assert!(provider.get(&browser, "/permissions").await.shows("no-permissions"));
        let code = allow(&provider, &browser, &asked(&provider, &browser, &imas.authorize(&[])).await).await.param("code").unwrap();
        let tokens = provider.redeem(&imas, &code).await.json();
        let page = provider.get(&browser, "/permissions").await;
        assert!(page.body.contains("IMAS") && page.body.contains("know your e-mail address"), "{}", page.body);
        let anna = provider.signed_in("anna.berg@bank-a.example").await;
        assert!(provider.get(&anna, "/permissions").await.shows("no-permissions"));
        let done = provider.submit(&browser, &page, "/permissions", &[]).await;
        assert_eq!(done.location(), "/permissions?done=permission-withdrawn");
        assert_eq!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(provider.submit(&browser, &page, "/permissions", &[]).await.status, StatusCode::NOT_FOUND);
    }

    /// What was shown is what is allowed: a registration that grew meanwhile is shown first.
    async fn consent_is_for_what_was_shown(world: World) {
        let (provider, imas, browser) = foreign(world).await;
        provider.set("imas", |settings| settings.scopes = vec!["openid".to_owned()]).await;
        let page = asked(&provider, &browser, &imas.authorize(&[])).await;
        assert!(!page.body.contains("know your e-mail address"));
        provider.set("imas", |settings| settings.scopes = vec!["openid".to_owned(), "email".to_owned()]).await;
        let again = allow(&provider, &browser, &page).await;
        assert_eq!(again.status, StatusCode::OK);
        assert!(again.body.contains("know your e-mail address"));
        assert!(allow(&provider, &browser, &again).await.param("code").is_some());
    }

    /// OIDC Core §11, OA-42: access that outlives the session is agreed to, even with the institution's own applications.
    async fn oa_42_offline_access_is_agreed_to_and_outlives_the_session(world: World) {
        let provider = Provider::new(world).await;
        let (imas, mut browser) = (provider.relying_party("imas"), provider.browser());
        let session = provider.sign_in(&mut browser, FRED).await;
        let offline = imas.authorize(&[("scope", "openid offline_access")]);
        // Not registered for it: ignored (RFC 6749 §3.3), and the answer says so.
        let code = provider.get(&browser, &offline).await.param("code").unwrap();
        assert_eq!(provider.redeem(&imas, &code).await.json()["scope"], "openid");
        provider.set("imas", |settings| settings.scopes.push("offline_access".to_owned())).await;
        let silent = imas.authorize(&[("scope", "openid offline_access"), ("prompt", "none")]);
        assert_eq!(provider.get(&browser, &silent).await.param("error").as_deref(), Some("consent_required"));
        let code = allow(&provider, &browser, &asked(&provider, &browser, &offline).await).await.param("code").unwrap();
        let kept = provider.redeem(&imas, &code).await.json();
        let ended = provider.tokens(&imas, &browser).await;
        let ctx = provider.world.ctx_of(PrincipalId::Person(session.user));
        let done: Result<(), sessions::end::EndError> =
            transact!(provider.world.db, tx => sessions::end::end(tx, session.user, session.id, &ctx).await);
        done.unwrap();
        assert_eq!(provider.refresh(&imas, ended["refresh_token"].as_str().unwrap()).await.error(), "invalid_grant");
        let next = provider.refresh(&imas, kept["refresh_token"].as_str().unwrap()).await;
        assert_eq!(next.status, StatusCode::OK);
        assert!(withdraw(&provider, "imas").await);
        assert_eq!(provider.refresh(&imas, next.json()["refresh_token"].as_str().unwrap()).await.error(), "invalid_grant");
    }
}
