//! What the pages of a sign-in show of the application that asked, and the way back to it.

use axum::http::{StatusCode, header};
use chamberlain::authority::action::ManageClient;
use chamberlain::db::{self, transact};
use chamberlain::directory::client::{self, logo};
use chamberlain::kernel::ids::PrincipalId;

use crate::support::picture;
use crate::support::relying_party::{Answer, Browser, ISSUER, Provider, RelyingParty};

const FRED: &str = "fred.perry@bank-a.example";
const CANCEL: &str = "/oauth2/cancel";

/// The first page of a sign-in that an application asked for.
async fn sign_in(provider: &Provider, browser: &Browser, party: &RelyingParty) -> Answer {
    let begun = provider.get(browser, &party.authorize(&[])).await;
    assert!(begun.location().starts_with("/login?continue="));
    provider.get(browser, begun.location()).await
}

on_both! {
    /// RFC 6749 §4.1.2.1: from every page of the sign-in a button leads back, and the application learns `access_denied`;
    /// the request is used up then.
    async fn whoever_cancels_the_sign_in_sends_back_access_denied(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        for page in ["/login", "/login/otp", "/login/expired", "/login/blocked"] {
            let browser = provider.browser();
            let mut shown = sign_in(&provider, &browser, &imas).await;
            let waits = shown.hidden("/login");
            let waits = &waits.iter().find(|(name, _)| name == "continue").unwrap().1;
            if page != "/login" {
                let next = provider.submit(&browser, &shown, "/login", &[("email", FRED), ("password", "no matter which")]).await;
                assert!(next.location().starts_with("/login/otp?"));
                shown = provider.get(&browser, &format!("{page}?continue={waits}")).await;
            }
            assert!(shown.shows("login-cancel") && shown.body.contains("Cancel and go back to IMAS"), "{page}: {}", shown.body);
            assert!(shown.header("content-security-policy").ends_with("form-action 'self' http://127.0.0.1:4001"), "{page}");
            let back = provider.submit(&browser, &shown, CANCEL, &[]).await;
            assert!(back.location().starts_with("http://127.0.0.1:4001/callback?"), "{page}: {}", back.location());
            assert_eq!(back.param("error").as_deref(), Some("access_denied"));
            assert_eq!((back.param("state").as_deref(), back.param("iss").as_deref()), (Some("the state"), Some(ISSUER)));
            assert_eq!(provider.submit(&browser, &shown, CANCEL, &[]).await.status, StatusCode::BAD_REQUEST, "used up");
            assert_eq!(provider.get(&browser, &format!("/oauth2/resume?request={waits}")).await.status, StatusCode::BAD_REQUEST);
        }
        // In the form in which the application asked for its answer.
        let browser = provider.browser();
        let begun = provider.get(&browser, &imas.authorize(&[("response_mode", "form_post")])).await;
        let page = provider.get(&browser, begun.location()).await;
        let posted = provider.submit(&browser, &page, CANCEL, &[]).await;
        assert!(posted.shows("form-post") && posted.body.contains("access_denied"), "{}", posted.body);
    }

    /// OA-45, OA-46, OA-48, OA-17: only the browser that began, only by our form, only to a client that is still trusted;
    /// without an application there is nowhere to go back to.
    async fn oa_46_nobody_cancels_the_sign_in_of_somebody_else(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let (browser, other) = (provider.browser(), provider.browser());
        let shown = sign_in(&provider, &browser, &imas).await;
        let waits = shown.hidden(CANCEL).into_iter().find(|(name, _)| name == "continue").unwrap().1;
        let own = provider.get(&other, &format!("/login?continue={waits}")).await;
        assert!(!own.shows("login-cancel") && !own.body.contains("IMAS"));
        let own = sign_in(&provider, &other, &imas).await;
        let csrf = own.hidden(CANCEL).into_iter().find(|(name, _)| name == "csrf").unwrap().1;
        let forged = Answer { body: own.body.replace(&own.hidden(CANCEL)[1].1, &waits), ..own };
        let refused = provider.submit(&other, &forged, CANCEL, &[]).await;
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.headers.get(header::LOCATION).is_none());
        let stolen = Answer { body: shown.body.replace(&shown.hidden(CANCEL)[0].1, &csrf), ..sign_in(&provider, &browser, &imas).await };
        assert_eq!(provider.submit(&browser, &stolen, CANCEL, &[]).await.status, StatusCode::FORBIDDEN);
        assert!(!provider.get(&browser, "/login").await.shows("login-cancel"));
        provider.reconfigure("imas", |client| client.active = false).await;
        let refused = provider.submit(&browser, &shown, CANCEL, &[]).await;
        assert!(refused.status == StatusCode::BAD_REQUEST && refused.headers.get(header::LOCATION).is_none());
    }

    /// OA-55, OIDC Registration §2: the logo comes in the page itself, the links of the client lead where it says; a client
    /// that has none shows none.
    async fn the_application_is_shown_with_its_logo_and_its_links(world: World) {
        let provider = Provider::new(world).await;
        let (imas, browser) = (provider.relying_party("imas"), provider.browser());
        let bare = sign_in(&provider, &browser, &imas).await;
        assert!(!bare.shows("client-logo") && !bare.shows("client-links") && bare.shows("login-cancel"));
        provider.set("imas", |settings| {
            settings.policy_uri = Some("https://imas.example/privacy?a=1&b=\"2".to_owned());
            settings.tos_uri = Some("https://imas.example/terms".to_owned());
            settings.third_party = true;
        }).await;
        let drawn = logo::redraw(picture(200)).await.unwrap();
        let ctx = provider.world.ctx_of(PrincipalId::Console);
        let done: db::Result<()> = transact!(provider.world.db, tx => {
            let client = client::store::find_by_client_id(tx, "imas").await?.unwrap().id;
            let permit = provider.oidc.app.door.authorise(tx, &ctx, ManageClient { client: Some(client) }).await.unwrap();
            logo::save(tx, permit, Some(&drawn), &ctx).await.unwrap();
            Ok(())
        });
        done.unwrap();
        let signed_in = provider.signed_in(FRED).await;
        let asked = provider.get(&signed_in, &imas.authorize(&[])).await;
        for page in [sign_in(&provider, &browser, &imas).await, provider.get(&signed_in, asked.location()).await] {
            assert!(page.shows("client-logo") && page.body.contains("src=\"data:image/png;base64,iVBORw0KGgo"), "{}", page.body);
            assert!(page.shows("client-policy") && page.shows("client-tos"));
            assert!(page.body.contains("href=\"https://imas.example/privacy?a=1&#38;b=&#34;2\" rel=\"noreferrer\">Privacy policy of IMAS"), "{}", page.body);
            assert!(page.body.contains("href=\"https://imas.example/terms\""));
            assert!(page.body.len() < 25_000, "{}", page.body.len());
        }
    }
}
