//! What a browser that is asked for no code is worth to applications (ADR 0019).

use std::time::Duration;

use axum::http::StatusCode;
use chamberlain::oidc::Settings;
use chamberlain::sessions::model::{ACR_APP, ACR_ONE_FACTOR, ACR_TWO_FACTORS};
use chamberlain::web::App;
use serde_json::json;

use super::rfc8628_device::imas as imas_on_devices;
use crate::support::relying_party::{Answer, Browser, Provider, claims};

const FRED: &str = "fred.perry@bank-a.example";

/// Fred, who gave his password alone.
async fn sign_in(provider: &Provider, browser: &mut Browser) {
    let remembered = |session: &mut chamberlain::sessions::Session| {
        session.second_factor_at = chamberlain::kernel::time::Timestamp(0);
        session.remembered_since = Some(session.auth_time);
        session.amr = vec!["pwd".to_owned()];
        ACR_ONE_FACTOR.clone_into(&mut session.acr);
    };
    provider.sign_in_with(browser, FRED, remembered).await;
}

fn leads_to_the_sign_in(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/login?continue=")
}

on_both! {
    /// RFC 8176, OIDC Core §2: an application that asks for nothing is answered, and told that one factor was proved.
    async fn an_application_is_told_that_one_factor_was_proved(world: World) {
        let provider = Provider::new(world).await;
        let (imas, mut browser) = (provider.relying_party("imas"), provider.browser());
        sign_in(&provider, &mut browser).await;
        for asked in [("nonce", "n"), ("acr_values", ACR_ONE_FACTOR), ("acr_values", "urn:gold")] {
            let code = provider.get(&browser, &imas.authorize(&[asked])).await.param("code").unwrap();
            let told = claims(&provider.redeem(&imas, &code).await.json()["id_token"]);
            assert_eq!((&told["acr"], &told["amr"]), (&json!(ACR_ONE_FACTOR), &json!(["pwd"])), "{asked:?}");
        }
    }

    /// OA-56, RFC 9470: whoever asks for both factors, or for a sign-in anew, leads to the sign-in; and again, if that was by the password alone.
    async fn oa_56_it_never_answers_who_asks_for_more(world: World) {
        let provider = Provider::new(world).await;
        let (imas, mut browser) = (provider.relying_party("imas"), provider.browser());
        sign_in(&provider, &mut browser).await;
        let essential = r#"{"id_token":{"acr":{"essential":true,"values":["https://refeds.org/profile/mfa"]}}}"#;
        for asked in [("acr_values", ACR_TWO_FACTORS), ("acr_values", "phr"), ("claims", essential), ("max_age", "10000"), ("prompt", "login")] {
            let answer = provider.get(&browser, &imas.authorize(&[asked])).await;
            assert!(leads_to_the_sign_in(&answer), "{asked:?}: {}", answer.body);
            let resume = format!("/oauth2/resume?request={}", answer.param("continue").unwrap());
            provider.world.clock.advance(Duration::from_secs(2));
            sign_in(&provider, &mut browser).await;
            assert!(leads_to_the_sign_in(&provider.get(&browser, &resume).await), "{asked:?}: the password alone is no answer");
            let mut both = browser.clone();
            provider.sign_in(&mut both, FRED).await;
            assert!(provider.get(&both, &resume).await.param("code").is_some(), "{asked:?}");
        }
        for (asked, error) in [(("max_age", "10000"), "login_required"), (("acr_values", ACR_TWO_FACTORS), "login_required"), (("claims", essential), "unmet_authentication_requirements")] {
            let silent = imas.authorize(&[asked, ("prompt", "none")]);
            assert_eq!(provider.get(&browser, &silent).await.param("error").as_deref(), Some(error), "{asked:?}");
        }
    }

    /// RFC 8628: what is given to a device outlives the browser.
    async fn a_device_is_let_in_by_both_factors(world: World) {
        let (provider, imas, both) = imas_on_devices(world).await;
        let mut browser = both.clone();
        sign_in(&provider, &mut browser).await;
        let begun = provider.begun(&imas).await;
        let entered = provider.enter(&browser, begun["user_code"].as_str().unwrap()).await;
        let page = provider.get(&browser, entered.location()).await;
        assert!(leads_to_the_sign_in(&page), "{}", page.body);
        let page = provider.get(&both, entered.location()).await;
        assert!(page.body.contains("Let IMAS in on a device?"), "{}", page.body);
    }

    /// Whoever reads metadata to know what to expect is told of it where it can happen.
    async fn metadata_name_one_factor_where_browsers_are_remembered(world: World) {
        let app = |app: &mut App| app.remember_for = Duration::from_hours(24);
        let provider = Provider::with_app(world, Settings::default(), "ecb-identity-portal", app).await;
        let told = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert_eq!(told["acr_values_supported"], json!(["phr", ACR_APP, ACR_TWO_FACTORS, ACR_ONE_FACTOR]));
    }
}
