//! The mode for test suites (`decisions.md` 26): a password alone signs in to the applications that it names, and to nothing else.

use axum::http::StatusCode;
use chamberlain::db::transact;
use chamberlain::factors::{Factors, password_store};
use chamberlain::oidc::Settings;
use chamberlain::sessions::model::ACR_ONE_FACTOR;
use serde_json::json;

use crate::support::World;
use crate::support::relying_party::{Answer, Browser, Provider, claims};

const FRED: &str = "fred.perry@bank-a.example";
const PASSWORD: &str = "three grey herons at dusk";

/// A provider at which Fred has a password.
async fn provider(world: World, applications: &[&str]) -> Provider {
    let applications: Vec<String> = applications.iter().map(|code| (*code).to_owned()).collect();
    let change = move |app: &mut chamberlain::web::App| {
        app.conformance = !applications.is_empty();
        app.one_factor_applications = applications.into();
    };
    let provider = Provider::with_app(world, Settings::default(), "ecb-identity-portal", change).await;
    let (fred, hasher, now) = (provider.user(FRED).await, Factors::default().hasher, provider.world.clock.now());
    let hash = hasher.hash(hasher.reserve().await.unwrap(), PASSWORD, provider.world.entropy.bytes()).await.unwrap();
    let saved: chamberlain::db::Result<()> =
        transact!(provider.world.db, tx => password_store::save(tx, fred, &hash, now).await);
    saved.unwrap();
    provider
}

/// Sends the password on the page that an application's request leads to; keeps the session.
async fn enter(provider: &Provider, browser: &mut Browser, client: &str, password: &str) -> Answer {
    let asked = provider.get(browser, &provider.relying_party(client).authorize(&[("scope", "openid")])).await;
    let page = provider.get(browser, asked.location()).await;
    assert!(
        page.shows("login-email")
            && page.shows("login-password")
            && page.shows("login-continue")
            && page.shows("login-heading")
            && page.shows("login-cancel")
    );
    let answer = provider.submit(browser, &page, "/login", &[("email", FRED), ("password", password)]).await;
    let cookies = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
    let values = cookies.filter_map(|text| Some(text.strip_prefix("chamberlain=")?.split(';').next()?.to_owned()));
    let session = values.reduce(|_, later| later);
    browser.session = session.map(chamberlain::kernel::secret::Token::from_text).or(browser.session.take());
    answer
}

on_both! {
    /// `decisions.md` 26, OA-56: the application is entered by a password, and told so by `acr` and `amr`; nothing else is: no other
    /// application, no page.
    async fn a_password_signs_in_to_the_named_application_and_to_nothing_else(world: World) {
        let provider = provider(world, &["IMAS"]).await;
        let (imas, mut browser) = (provider.relying_party("imas"), provider.browser());
        let answer = enter(&provider, &mut browser, "imas", PASSWORD).await;
        let code = provider.get(&browser, answer.location()).await.param("code").unwrap();
        let id = claims(&provider.redeem(&imas, &code).await.json()["id_token"]);
        assert_eq!((&id["amr"], &id["acr"]), (&json!(["pwd"]), &json!(ACR_ONE_FACTOR)));
        assert!(provider.get(&browser, &imas.authorize(&[("prompt", "none")])).await.param("code").is_some());
        let casper = provider.relying_party("casper");
        assert_eq!(provider.get(&browser, &casper.authorize(&[("prompt", "none")])).await.param("error").as_deref(), Some("login_required"));
        for page in ["/", "/profile", "/security", "/admin/users"] {
            assert!(provider.get(&browser, page).await.location().starts_with("/login"), "{page}");
        }
        let asked = provider.get(&browser, &imas.authorize(&[("claims", r#"{"id_token":{"acr":{"essential":true,"value":"https://refeds.org/profile/mfa"}}}"#), ("prompt", "none")])).await;
        assert_eq!(asked.param("error").as_deref(), Some("unmet_authentication_requirements"));
        assert!(provider.get(&browser, "/logout").await.shows("logout-confirm"), "it can be ended");
        // Another application asks for both factors, also in the mode.
        let answer = enter(&provider, &mut provider.browser(), "casper", PASSWORD).await;
        assert!(answer.location().starts_with("/login/otp"), "{}", answer.location());
    }

    /// AU-22: a wrong password signs nobody in, and is counted.
    async fn a_wrong_password_is_counted_as_anywhere_else(world: World) {
        let provider = provider(world, &["IMAS"]).await;
        let mut browser = provider.browser();
        let mut last = String::new();
        for _ in 0..40 {
            last = enter(&provider, &mut browser, "imas", "wrong").await.location().to_owned();
            assert!(browser.session.is_none());
        }
        assert!(last.starts_with("/login/blocked"), "{last}");
    }

    /// `decisions.md` 26: outside the mode there are no such applications; a session by one factor enters nothing.
    async fn outside_the_mode_both_factors_are_asked_for(world: World) {
        let provider = provider(world, &[]).await;
        let mut browser = provider.browser();
        let answer = enter(&provider, &mut browser, "imas", PASSWORD).await;
        assert!(answer.location().starts_with("/login/otp") && browser.session.is_none());
        let session = provider.sign_in(&mut browser, FRED).await;
        chamberlain::db::Result::unwrap(weaken(&provider, session.id).await);
        let imas = provider.relying_party("imas");
        assert_eq!(provider.get(&browser, &imas.authorize(&[("prompt", "none")])).await.param("error").as_deref(), Some("login_required"));
        assert_eq!(provider.get(&browser, "/profile").await.status, StatusCode::SEE_OTHER);
    }

    /// The banner stands on every page in the mode.
    async fn the_mode_is_shown_on_every_page(world: World) {
        let provider = provider(world, &["IMAS"]).await;
        for page in ["/login", "/help", "/privacy"] {
            assert!(provider.get(&provider.browser(), page).await.body.contains("Conformance mode"), "{page}");
        }
    }
}

/// Makes a session one by password alone.
async fn weaken(provider: &Provider, session: chamberlain::kernel::ids::SessionId) -> chamberlain::db::Result<()> {
    transact!(provider.world.db, tx => {
        const SQL: &str = "UPDATE sessions SET acr = 'https://refeds.org/profile/sfa' WHERE id = $1";
        match tx {
            chamberlain::db::Tx::Sqlite(tx) => sqlx::query(SQL).bind(session).execute(tx.connection()).await.map(drop),
            chamberlain::db::Tx::Postgres(tx) => sqlx::query(SQL).bind(session).execute(tx.connection()).await.map(drop),
        }
        .map_err(chamberlain::db::Error::from)
    })
}
