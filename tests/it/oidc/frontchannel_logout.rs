//! OpenID Connect Front-Channel Logout 1.0: frames in the page of whoever has signed out.

use axum::http::StatusCode;
use chamberlain::directory::client::model::SubjectType;
use scraper::{Html, Selector};

use crate::support::relying_party::{Answer, ISSUER, Provider, claims, form};

const FRED: &str = "fred.perry@bank-a.example";
const FRAME: &str = "http://127.0.0.1:4001/frontchannel-logout?tenant=1";

fn frames(page: &Answer) -> Vec<String> {
    let wanted = Selector::parse("iframe[src]").unwrap();
    Html::parse_document(&page.body).select(&wanted).map(|frame| frame.attr("src").unwrap().to_owned()).collect()
}

fn names(page: &Answer, id: &str) -> Vec<String> {
    let wanted = Selector::parse(&format!("#{id} li")).unwrap();
    Html::parse_document(&page.body).select(&wanted).map(|item| item.text().collect()).collect()
}

fn leads(page: &Answer) -> Option<(String, bool)> {
    let wanted = Selector::parse("a#logout-continue").unwrap();
    let html = Html::parse_document(&page.body);
    html.select(&wanted).next().map(|link| (link.attr("href").unwrap().to_owned(), link.attr("data-lead").is_some()))
}

on_both! {
    /// §2, §3: after the sign-out each application that was used is opened in a frame, with `iss` and the `sid` of its ID tokens; the
    /// page may show these origins in frames and nothing else.
    async fn each_application_is_told_by_a_frame_with_iss_and_sid(world: World) {
        let provider = Provider::new(world).await;
        provider.set("imas", |settings| settings.frontchannel_logout_uri = Some(FRAME.to_owned())).await;
        provider.set("casper", |settings| (settings.backchannel_logout_uri, settings.security_events_uri) = (None, None)).await;
        let (imas, casper) = (provider.relying_party("imas"), provider.relying_party("casper"));
        let browser = provider.signed_in(FRED).await;
        let tokens = provider.tokens(&imas, &browser).await;
        provider.tokens(&casper, &browser).await;
        let asks = provider.get(&browser, "/logout").await;
        assert!(frames(&asks).is_empty() && asks.body.contains("IMAS"), "nothing is told before it is confirmed");
        let done = provider.submit(&browser, &asks, "/logout", &[]).await;
        assert!(done.status == StatusCode::OK && done.ends_session() && done.shows("logout-done"), "{}", done.body);
        let sid = claims(&tokens["id_token"])["sid"].as_str().unwrap().to_owned();
        assert_eq!(frames(&done), [format!("{FRAME}&{}", form(&[("iss", ISSUER), ("sid", &sid)]))]);
        assert_eq!((names(&done, "logout-told"), names(&done, "logout-untold")), (vec!["IMAS".to_owned()], vec!["CASPER".to_owned()]));
        let policy = done.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && policy.ends_with("; frame-src http://127.0.0.1:4001"), "{policy}");
        assert_eq!(leads(&done), Some(("/login?done=signed-out".to_owned(), false)));
        // The session has ended before the page is shown; sending the form again ends and tells nothing.
        assert_eq!(provider.userinfo(tokens["access_token"].as_str().unwrap()).await.status, StatusCode::UNAUTHORIZED);
        let again = provider.submit(&browser, &asks, "/logout", &[]).await;
        assert_eq!(again.location(), "/login?done=signed-out");
    }

    /// OIDC Core §8.1: a client with names of its own is told of the session by the name that it knows.
    async fn a_client_with_names_of_its_own_is_told_by_them(world: World) {
        let provider = Provider::new(world).await;
        provider
            .set("imas", |settings| {
                settings.frontchannel_logout_uri = Some(FRAME.to_owned());
                settings.subject_type = SubjectType::Pairwise;
            })
            .await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let tokens = provider.tokens(&imas, &browser).await;
        let asks = provider.get(&browser, "/logout").await;
        let done = provider.submit(&browser, &asks, "/logout", &[]).await;
        let sid = claims(&tokens["id_token"])["sid"].as_str().unwrap().to_owned();
        assert!(uuid::Uuid::parse_str(&sid).is_err(), "{sid}");
        assert_eq!(frames(&done), [format!("{FRAME}&{}", form(&[("iss", ISSUER), ("sid", &sid)]))]);
    }

    /// §3, OIDC RP-Initiated Logout §3: the frames come before the application gets its person back, with `state`.
    async fn the_frames_come_before_the_way_back_to_the_application(world: World) {
        let provider = Provider::new(world).await;
        provider.set("casper", |settings| settings.frontchannel_logout_uri = Some("http://127.0.0.1:4002/fcl".to_owned())).await;
        let (imas, casper, mut browser) = (provider.relying_party("imas"), provider.relying_party("casper"), provider.signed_in(FRED).await);
        let hint = provider.tokens(&imas, &browser).await["id_token"].as_str().unwrap().to_owned();
        provider.tokens(&casper, &browser).await;
        let pairs = form(&[("id_token_hint", &hint), ("post_logout_redirect_uri", "http://127.0.0.1:4001/"), ("state", "s")]);
        let asks = provider.get(&browser, &format!("/oauth2/logout?{pairs}")).await;
        let page = provider.get(&browser, asks.location()).await;
        let done = provider.submit(&browser, &page, "/logout", &[]).await;
        assert_eq!(frames(&done).len(), 1);
        let (next, by_itself) = leads(&done).unwrap();
        assert!(by_itself && next.starts_with("/oauth2/logout?request="), "{next}");
        browser.session = None;
        assert_eq!(provider.get(&browser, &next).await.location(), "http://127.0.0.1:4001/?state=s");
    }

    /// Discovery: both, and the session.
    async fn the_metadata_say_so(world: World) {
        let metadata = Provider::new(world).await.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!((&metadata["frontchannel_logout_supported"], &metadata["frontchannel_logout_session_supported"]), (&true.into(), &true.into()));
    }
}
