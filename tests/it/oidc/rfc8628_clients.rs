//! Devices without a browser (RFC 8628): which clients, which keys, and for how long.

use axum::http::StatusCode;
use chamberlain::audit::Kind;
use chamberlain::directory::client::model::{AuthMethod, ClientKind, DEVICE_GRANT};
use chamberlain::oidc::Settings;
use chamberlain::tokens::device_store;
use chamberlain::transact;
use serde_json::{Value, json};

use super::refusals::of_kind;
use super::rfc8628_device::{imas, wait};
use crate::support::device::BEGIN;
use crate::support::relying_party::{Provider, claims};
use crate::support::signing::{At, Signer};

const FRED: &str = "fred.perry@bank-a.example";
const TOKEN: &str = "/oauth2/token";

on_both! {
    /// RFC 9449 §5, OA-41: bound by the proof of the token request; and to the key of the first request, if it brought one.
    async fn oa_41_tokens_of_a_device_are_bound_to_its_key(world: World) {
        let (provider, imas, browser) = imas(world).await;
        let (signer, other) = (Signer::new("ES256"), Signer::new("ES256"));
        let basic = imas.basic();
        let poll = async |signer: Option<&Signer>, begun: &Value| {
            let proof = signer.map(|signer| provider.proof(signer, At::post(TOKEN), &json!({})));
            let mut headers = vec![("authorization", basic.as_str())];
            headers.extend(proof.as_deref().map(|proof| ("dpop", proof)));
            let pairs = [("grant_type", DEVICE_GRANT), ("device_code", begun["device_code"].as_str().unwrap())];
            provider.post_with(TOKEN, &headers, &pairs).await
        };
        provider.set("imas", |settings| settings.dpop_bound_access_tokens = true).await;
        let begun = provider.begun(&imas).await;
        provider.approve(&browser, &begun).await;
        assert_eq!(poll(None, &begun).await.error(), "invalid_dpop_proof");
        let tokens = poll(Some(&signer), &begun).await.json();
        assert_eq!(tokens["token_type"], "DPoP");
        assert!(claims(&tokens["access_token"])["cnf"]["jkt"].is_string());
        for (key, status) in [(&other, StatusCode::BAD_REQUEST), (&signer, StatusCode::OK)] {
            let proof = provider.proof(&signer, At::post(BEGIN), &json!({}));
            let headers = [("authorization", basic.as_str()), ("dpop", proof.as_str())];
            let begun = provider.post_with(BEGIN, &headers, &[("scope", "openid")]).await.json();
            provider.approve(&browser, &begun).await;
            assert_eq!(poll(Some(key), &begun).await.status, status);
        }
    }

    /// RFC 8628 §3.1, §5.6: an installed program without a secret, and one whose only grant it is.
    async fn a_public_client_may_be_used_on_devices_alone(world: World) {
        let (provider, imas, browser) = imas(world).await;
        provider.reconfigure("imas", |client| {
            client.kind = ClientKind::Native;
            client.settings.token_endpoint_auth_method = AuthMethod::None;
            client.settings.grant_types = vec![DEVICE_GRANT.to_owned(), "refresh_token".to_owned()];
            client.settings.redirect_uris.clear();
        }).await;
        let begun = provider.post(BEGIN, None, &[("client_id", "imas"), ("scope", "openid")]).await.json();
        provider.approve(&browser, &begun).await;
        let code = begun["device_code"].as_str().unwrap();
        let pairs = [("client_id", "imas"), ("grant_type", DEVICE_GRANT), ("device_code", code)];
        let tokens = provider.post(TOKEN, None, &pairs).await;
        assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
        assert!(tokens.json()["refresh_token"].is_string());
        assert!(provider.get(&browser, &imas.authorize(&[])).await.shows("error-code"));
    }

    /// OA-28: whoever was blocked or signed out after they let a device in gives it nothing.
    async fn oa_28_a_person_who_is_gone_gives_a_device_nothing(world: World) {
        let (provider, imas, browser) = imas(world).await;
        let begun = provider.begun(&imas).await;
        provider.approve(&browser, &begun).await;
        let fred = provider.user(FRED).await;
        provider.change_user(fred, |user| user.epoch += 1).await;
        assert_eq!(provider.poll(&imas, &begun).await.error(), "invalid_grant");
    }

    /// The life of a code is a setting; what is over is forgotten a day later, and what came of it is not.
    async fn a_device_code_lives_as_long_as_is_set_and_is_forgotten(world: World) {
        let provider = Provider::with(world, Settings { device_code_lifetime_seconds: 1, ..Settings::default() }).await;
        provider.lets_devices_in("imas").await;
        let (imas, browser) = (provider.relying_party("imas"), provider.signed_in(FRED).await);
        let (old, used) = (provider.begun(&imas).await, provider.begun(&imas).await);
        assert_eq!(old["expires_in"], 60, "never shorter than a minute");
        provider.approve(&browser, &used).await;
        assert_eq!(provider.poll(&imas, &used).await.status, StatusCode::OK);
        wait(&provider, 61).await;
        let now = provider.world.clock.now();
        let gone: chamberlain::db::Result<()> = transact!(provider.world.db, tx => device_store::remove_expired(tx, now).await);
        gone.unwrap();
        assert_eq!(provider.poll(&imas, &old).await.error(), "invalid_grant");
        assert_eq!(provider.poll(&imas, &used).await.error(), "invalid_grant");
        assert_eq!(of_kind(&provider, Kind::TokenReplayed).await.len(), 1);
    }

    /// `decisions.md` 19: the pages speak the languages of the person.
    async fn the_pages_for_devices_speak_three_languages(world: World) {
        let (provider, imas, browser) = imas(world).await;
        for (language, enter, asks, done) in [
            ("en", "Let a device in", "Let IMAS in on a device?", "The device is in"),
            ("de", "Ein Gerät anmelden", "IMAS auf einem Gerät anmelden?", "Das Gerät ist angemeldet"),
            ("fr", "Connecter un appareil", "Connecter IMAS sur un appareil", "L’appareil est connecté"),
        ] {
            let begun = provider.begun(&imas).await;
            let page = provider.get(&browser, &format!("/device?problem=unknown&ui_locales={language}")).await;
            assert!(page.body.contains(enter) && !page.body.contains('⟦'), "{}", page.body);
            let entered = provider.enter(&browser, begun["user_code"].as_str().unwrap()).await;
            let page = provider.get(&browser, &format!("{}&ui_locales={language}", entered.location())).await;
            assert!(page.body.contains(asks) && !page.body.contains('⟦'), "{}", page.body);
            let page = provider.get(&browser, &format!("/device/done?outcome=approved&ui_locales={language}")).await;
            assert!(page.body.contains(done) && !page.body.contains('⟦'), "{}", page.body);
        }
    }
}
