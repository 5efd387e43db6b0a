//! Applications and levels that ask for more than a code by phone (`docs/adr/0020-second-factor-by-place.md`).

use axum::http::StatusCode;
use chamberlain::authority::action::{ManageApplication, UpdateOrganisation};
use chamberlain::directory::application::environment_store;
use chamberlain::directory::application::manage::{EnvironmentDetails, update_environment};
use chamberlain::directory::organisation::{self, sign_in_rules};
use chamberlain::directory::{client, user};
use chamberlain::kernel::ids::PrincipalId;
use chamberlain::kernel::strength::Strength;
use chamberlain::sessions::model::{ACR_APP, ACR_PHISHING_RESISTANT, ACR_TWO_FACTORS};
use chamberlain::transact;

use crate::support::relying_party::{Answer, Browser, Provider, claims};
use crate::support::{Failure, failure};

const FRED: &str = "fred.perry@bank-a.example";
const PHONE: (&[&str], &str) = (&["pwd", "sms", "mfa"], ACR_TWO_FACTORS);
const APP: (&[&str], &str) = (&["pwd", "otp", "mfa"], ACR_TWO_FACTORS);
const PASSKEY: (&[&str], &str) = (&["pop", "user", "mfa"], ACR_PHISHING_RESISTANT);

async fn by(provider: &Provider, way: (&[&str], &str)) -> Browser {
    let mut browser = provider.browser();
    provider.sign_in_by(&mut browser, FRED, way).await;
    browser
}

/// The operator says what the environment of IMAS asks for.
async fn application_asks(provider: &Provider, asked: Strength) {
    let (world, door) = (&provider.world, &provider.oidc.app.door);
    let ctx = world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(world.db, tx => {
        let imas = client::store::find_by_client_id(tx, "imas").await?.unwrap();
        let environment = environment_store::find(tx, imas.environment.unwrap()).await?.unwrap();
        let details = EnvironmentDetails {
            code: environment.code,
            title: environment.title,
            group_prefix: environment.group_prefix,
            launch_url: environment.launch_url,
            requires_group: environment.requires_group,
            second_factor: asked,
        };
        let action = ManageApplication { application: Some(environment.application) };
        let permit = door.authorise(tx, &ctx, action).await?;
        update_environment(tx, permit, environment.id, details, &ctx).await.map(drop).map_err(failure)
    });
    done.unwrap();
}

/// The operator says what the level above Fred's home asks for.
async fn level_above_asks(provider: &Provider, asked: Strength) {
    let (world, door) = (&provider.world, &provider.oidc.app.door);
    let ctx = world.ctx_of(PrincipalId::Console);
    let done: Result<(), Failure> = transact!(world.db, tx => {
        let fred = user::store::find_by_email(tx, FRED).await?.unwrap();
        let home = organisation::store::find(tx, fred.organisation).await?.unwrap();
        let action = UpdateOrganisation { organisation: home.parent.unwrap() };
        let permit = door.authorise(tx, &ctx, action).await?;
        sign_in_rules::ask(tx, permit, asked, &ctx).await.map_err(failure)
    });
    done.unwrap();
}

/// Turned away on a page that leads back to the sign-in, which says what is asked for.
async fn is_told(provider: &Provider, browser: &Browser, answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.location());
    assert!(answer.body.contains(words), "{}", answer.body);
    assert!(answer.body.contains("href=\"/security#ways\""));
    let again = answer.body.split("href=\"/login?continue=").nth(1).unwrap().split('"').next().unwrap();
    let page = provider.get(browser, &format!("/login?continue={again}")).await;
    assert_eq!(page.status, StatusCode::OK, "though there is a session");
}

on_both! {
    /// A code by phone is not enough where the environment asks for an app or a passkey; a silent request hears the error.
    async fn an_application_may_ask_for_an_app_or_a_passkey(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        for (asked, words, weak, strong) in [
            (Strength::App, "with an authenticator app or a passkey", vec![PHONE], vec![APP, PASSKEY]),
            (Strength::Passkey, "with a passkey", vec![PHONE, APP], vec![PASSKEY]),
            (Strength::Any, "", vec![], vec![PHONE]),
        ] {
            application_asks(&provider, asked).await;
            for way in weak {
                let browser = by(&provider, way).await;
                is_told(&provider, &browser, &provider.get(&browser, &imas.authorize(&[])).await, words).await;
                let silent = provider.get(&browser, &imas.authorize(&[("prompt", "none")])).await;
                assert_eq!(silent.param("error").as_deref(), Some("unmet_authentication_requirements"));
            }
            for way in strong {
                provider.tokens(&imas, &by(&provider, way).await).await;
            }
        }
    }

    /// The same for all people at and below a level; whatever is the stronger of both holds.
    async fn a_level_may_ask_for_it_of_its_people_and_of_those_below(world: World) {
        let provider = Provider::new(world).await;
        let (imas, by_phone, by_app) = (provider.relying_party("imas"), by(&provider, PHONE).await, by(&provider, APP).await);
        provider.tokens(&imas, &by_phone).await;
        level_above_asks(&provider, Strength::App).await;
        is_told(&provider, &by_phone, &provider.get(&by_phone, &imas.authorize(&[])).await, "with an authenticator app or a passkey").await;
        provider.tokens(&imas, &by_app).await;
        application_asks(&provider, Strength::Passkey).await;
        is_told(&provider, &by_app, &provider.get(&by_app, &imas.authorize(&[])).await, "with a passkey").await;
        application_asks(&provider, Strength::Any).await;
        level_above_asks(&provider, Strength::Any).await;
        provider.tokens(&imas, &by_phone).await;
    }

    /// D7: what is asked for binds at the next refresh; the token is not used up by it, and is good again with what is asked.
    async fn a_refresh_token_of_a_weaker_sign_in_waits_for_as_long_as_more_is_asked_for(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let given = async |way| {
            let tokens = provider.tokens(&imas, &by(&provider, way).await).await;
            tokens["refresh_token"].as_str().unwrap().to_owned()
        };
        let (weak, strong) = (given(PHONE).await, given(PASSKEY).await);
        level_above_asks(&provider, Strength::App).await;
        let refused = provider.refresh(&imas, &weak).await;
        assert_eq!((refused.status, refused.error().as_str()), (StatusCode::BAD_REQUEST, "invalid_grant"));
        assert_eq!(provider.refresh(&imas, &strong).await.status, StatusCode::OK);
        level_above_asks(&provider, Strength::Any).await;
        assert_eq!(provider.refresh(&imas, &weak).await.status, StatusCode::OK);
    }

    /// RFC 9470 §5: an application asks for an app by a context class of ours; a passkey is more than that, and a code by phone less.
    async fn an_application_asks_for_an_app_by_its_context_class(world: World) {
        let provider = Provider::new(world).await;
        let imas = provider.relying_party("imas");
        let discovery = provider.plain_get("/.well-known/openid-configuration").await.json();
        assert!(discovery["acr_values_supported"].as_array().unwrap().contains(&ACR_APP.into()));
        let asked = imas.authorize(&[("acr_values", ACR_APP)]);
        for way in [APP, PASSKEY] {
            let answer = provider.get(&by(&provider, way).await, &asked).await;
            let tokens = provider.redeem(&imas, &answer.param("code").unwrap()).await.json();
            assert_eq!(claims(&tokens["id_token"])["acr"], ACR_APP);
        }
        let browser = by(&provider, PHONE).await;
        let answer = provider.get(&browser, &asked).await;
        assert!(answer.location().starts_with("/login?continue="), "who signs in anew may use it: {}", answer.location());
        let page = provider.get(&browser, answer.location()).await;
        assert!(page.body.contains("asks for a sign-in with an authenticator app or a passkey"), "{}", page.body);
        // Who has just signed in and had nothing better is let in, and the application told what it was.
        let plain = provider.get(&browser, &imas.authorize(&[])).await;
        let tokens = provider.redeem(&imas, &plain.param("code").unwrap()).await.json();
        assert_eq!(claims(&tokens["id_token"])["acr"], ACR_TWO_FACTORS);
    }
}
