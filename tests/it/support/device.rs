//! A device without a browser, and its person (RFC 8628).

use axum::http::StatusCode;
use chamberlain::directory::client::model::DEVICE_GRANT;
use serde_json::Value;

use super::relying_party::{Answer, Browser, Provider, RelyingParty};

/// Where a device begins.
pub const BEGIN: &str = "/oauth2/device_authorization";

impl Provider {
    /// Lets a client be used on devices.
    pub async fn lets_devices_in(&self, client_id: &str) {
        self.set(client_id, |settings| settings.grant_types.push(DEVICE_GRANT.to_owned())).await;
    }

    /// A device begins.
    pub async fn begin(&self, party: &RelyingParty, more: &[(&str, &str)]) -> Answer {
        let mut pairs = vec![("scope", "openid email groups")];
        for (name, value) in more {
            pairs.retain(|(known, _)| known != name);
            pairs.push((name, value));
        }
        self.post(BEGIN, Some(&party.basic()), &pairs).await
    }

    /// What it is told.
    pub async fn begun(&self, party: &RelyingParty) -> Value {
        let answer = self.begin(party, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }

    /// It asks whether somebody has decided.
    pub async fn poll(&self, party: &RelyingParty, begun: &Value) -> Answer {
        let code = begun["device_code"].as_str().unwrap();
        let pairs = [("grant_type", DEVICE_GRANT), ("device_code", code)];
        self.post("/oauth2/token", Some(&party.basic()), &pairs).await
    }

    /// Somebody types a code.
    pub async fn enter(&self, browser: &Browser, typed: &str) -> Answer {
        let page = self.get(browser, "/device").await;
        self.submit(browser, &page, "/device", &[("user_code", typed)]).await
    }

    /// The page that asks whoever is signed in about a device.
    pub async fn asked_about(&self, browser: &Browser, begun: &Value) -> Answer {
        let answer = self.enter(browser, begun["user_code"].as_str().unwrap()).await;
        assert!(answer.location().starts_with("/device/confirm?request="), "{}", answer.location());
        self.get(browser, answer.location()).await
    }

    /// They answer it.
    pub async fn decide(&self, browser: &Browser, page: &Answer, verb: &str) -> Answer {
        self.submit(browser, page, "/device/confirm", &[("own", "on"), (verb, "yes")]).await
    }

    /// They let the device in.
    pub async fn approve(&self, browser: &Browser, begun: &Value) {
        let page = self.asked_about(browser, begun).await;
        let done = self.decide(browser, &page, "allow").await;
        assert_eq!(done.location(), "/device/done?outcome=approved");
    }
}
