//! OpenID Connect Session Management 1.0, as it looks from the server; the script of the frame runs in `conformance/clients`.

use axum::http::{StatusCode, header};
use chamberlain::kernel::hex::hex;
use chamberlain::kernel::secret::{Digest, Token};
use chamberlain::oidc::Settings;
use chamberlain::web::cookies;

use crate::support::World;
use crate::support::relying_party::{Answer, ISSUER, Provider};

const FRED: &str = "fred.perry@bank-a.example";

async fn switched_on(world: World) -> Provider {
    Provider::with(world, Settings { session_management: true, ..Settings::default() }).await
}

/// What the answer makes of the cookie that the frame reads.
fn state_cookie(answer: &Answer) -> Option<String> {
    let mut cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let cookie = cookies.find_map(|cookie| cookie.strip_prefix("chamberlain-state="))?;
    assert!(!cookie.contains("HttpOnly") || cookie.starts_with(';'), "{cookie}");
    Some(cookie.split(';').next().unwrap().to_owned())
}

/// What the frame computes (§3.2).
fn expected(client: &str, origin: &str, browser_state: &str, salt: &str) -> String {
    format!("{}.{salt}", hex(Digest::of(format!("{client} {origin} {browser_state} {salt}").as_bytes()).as_bytes()))
}

fn salt(session_state: &str) -> &str {
    session_state.split_once('.').unwrap().1
}

on_both! {
    /// §2, §3.2: every answer carries what the frame computes from client, origin, browser and salt; a new salt each time.
    async fn every_answer_carries_the_session_state_that_the_frame_computes(world: World) {
        let provider = switched_on(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let first = provider.get(&browser, &imas.authorize(&[])).await;
        let (state, cookie) = (first.param("session_state").unwrap(), state_cookie(&first).unwrap());
        assert_eq!(state, expected("imas", "http://127.0.0.1:4001", &cookie, salt(&state)));
        assert_eq!(cookie, cookies::browser_state(browser.session.as_ref().unwrap()));
        assert!(!cookie.contains(browser.session.as_ref().unwrap().reveal()));
        let second = provider.get(&browser, &imas.authorize(&[])).await;
        assert_ne!(second.param("session_state").unwrap(), state);
        let form = provider.get(&browser, &imas.authorize(&[("response_mode", "form_post")])).await;
        let fields = form.hidden(&imas.redirect_uri);
        let (_, posted) = fields.iter().find(|(name, _)| name == "session_state").unwrap();
        assert_eq!(*posted, expected("imas", "http://127.0.0.1:4001", &cookie, salt(posted)));
        // Errors, too: with nobody signed in the state of the browser is empty.
        let refused = provider.get(&provider.browser(), &imas.authorize(&[("prompt", "none")])).await;
        assert_eq!(refused.param("error").as_deref(), Some("login_required"));
        let state = refused.param("session_state").unwrap();
        assert_eq!(state, expected("imas", "http://127.0.0.1:4001", "", salt(&state)));
        let other = provider.get(&provider.signed_in(FRED).await, &imas.authorize(&[])).await;
        assert_ne!(state_cookie(&other), Some(cookie), "another session, another state");
    }

    /// §3.2: signing out takes the state away, so that the frame sees a change.
    async fn signing_out_changes_the_state_of_the_browser(world: World) {
        let provider = switched_on(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        provider.code(&imas, &browser).await;
        let page = provider.get(&browser, "/logout").await;
        assert_eq!(state_cookie(&page), None, "showing the page changes nothing");
        let done = provider.submit(&browser, &page, "/logout", &[]).await;
        assert!(done.ends_session());
        assert_eq!(state_cookie(&done).as_deref(), Some(""));
    }

    /// §3.3, OA-43: the one page of ours that may be in frames does nothing but run its script; it is the same for everybody.
    async fn the_frame_may_be_in_frames_and_does_nothing_else(world: World) {
        let provider = switched_on(world).await;
        let metadata = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!(metadata["check_session_iframe"], format!("{ISSUER}/oauth2/session"));
        let frame = provider.get(&provider.signed_in(FRED).await, "/oauth2/session").await;
        assert_eq!((frame.status, frame.header("content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
        let policy = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";
        assert_eq!(frame.header("content-security-policy"), policy);
        assert_eq!((frame.header("x-frame-options"), frame.header("set-cookie")), ("", ""));
        let (_, rest) = frame.body.split_once("<script src=\"").unwrap();
        let script = provider.plain_get(rest.split('"').next().unwrap()).await;
        assert_eq!((script.status, script.header("content-type")), (StatusCode::OK, "text/javascript; charset=utf-8"));
        for modern in ["=>", "let ", "const ", "`", "crypto.subtle", "fetch("] {
            assert!(!script.body.contains(modern), "ES5: {modern}");
        }
    }

    /// Off unless it is switched on: no address, no parameter, no cookie.
    async fn without_the_setting_there_is_nothing_of_it(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        assert!(provider.plain_get("/.well-known/openid-configuration").await.json().get("check_session_iframe").is_none());
        assert_eq!(provider.plain_get("/oauth2/session").await.status, StatusCode::NOT_FOUND);
        let answer = provider.get(&browser, &imas.authorize(&[])).await;
        assert_eq!((answer.param("session_state"), state_cookie(&answer)), (None, None));
    }

    /// SE-04: over https the cookie keeps its prefix; it is readable by scripts and sent across sites, as it has to be.
    async fn se_04_the_state_cookie_is_the_only_one_that_scripts_can_read(world: World) {
        let mut app = switched_on(world).await.oidc.app;
        app.secure_cookies = true;
        let token = Token::from_text("a");
        let cookie = cookies::set_state(&app, &token).unwrap();
        let state = cookies::browser_state(&token);
        assert_eq!(cookie.to_str().unwrap(), format!("__Host-chamberlain-state={state}; Path=/; SameSite=None; Secure"));
        let session = cookies::set_token(&app, cookies::SESSION, &token).unwrap();
        assert!(session.to_str().unwrap().contains("HttpOnly; SameSite=Lax; Secure"));
        let headers = [(header::SET_COOKIE, session)].into_iter().collect();
        assert_eq!(cookies::following(&app, &headers), Some(cookie), "it follows the cookie of the session");
    }
}
