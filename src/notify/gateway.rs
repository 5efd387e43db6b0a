//! SMS and voice by an HTTP gateway: a templated JSON request with a signature that the gateway can check.

use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::transports::{Driver, SendError};
use crate::kernel::hex::hex;
use crate::kernel::time::Timestamp;

/// Sections `[sms]` and `[voice]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GatewaySettings {
    /// How messages leave: `http`, `file`, `console` or `memory`.
    pub driver: Driver,
    /// The folder of the `file` driver.
    pub directory: Option<std::path::PathBuf>,
    /// Where to post to.
    pub url: String,
    /// The JSON body; `{to}` and `{text}` stand for JSON strings with their quotes.
    pub body: String,
    /// Key of the HMAC-SHA256 signature over `timestamp.body`.
    pub signing_key: String,
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            driver: Driver::Console,
            directory: None,
            url: String::new(),
            body: r#"{"to":{to},"text":{text}}"#.to_owned(),
            signing_key: String::new(),
        }
    }
}

/// A gateway that is posted to.
#[derive(Clone, Debug)]
pub struct Gateway {
    client: reqwest::Client,
    settings: GatewaySettings,
}

impl Gateway {
    /// Follows no redirects and waits ten seconds at most.
    pub fn new(settings: &GatewaySettings) -> Result<Self, SendError> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(SendError::of)?;
        Ok(Self { client, settings: settings.clone() })
    }

    /// Posts one message; any status but 2xx is a failure that is tried again.
    pub async fn send(&self, to: &str, text: &str, now: Timestamp) -> Result<(), SendError> {
        let body = self.body(to, text)?;
        let timestamp = now.as_seconds().to_string();
        let signature = signature(&self.settings.signing_key, &timestamp, &body)?;
        let response = self
            .client
            .post(&self.settings.url)
            .header("content-type", "application/json")
            .header("x-chamberlain-timestamp", timestamp)
            .header("x-chamberlain-signature", format!("sha256={signature}"))
            .body(body)
            .send()
            .await
            .map_err(|error| SendError::of(error.without_url()))?;
        response.error_for_status().map(drop).map_err(|error| SendError::of(error.without_url()))
    }

    /// Fills the template in one pass, so that a text cannot bring a placeholder of its own.
    fn body(&self, to: &str, text: &str) -> Result<String, SendError> {
        let (to, text) =
            (serde_json::to_string(to).map_err(SendError::of)?, serde_json::to_string(text).map_err(SendError::of)?);
        let parts = self.settings.body.split("{to}").map(|part| part.replace("{text}", &text));
        Ok(parts.collect::<Vec<_>>().join(&to))
    }
}

fn signature(key: &str, timestamp: &str, body: &str) -> Result<String, SendError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(SendError::of)?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    Ok(hex(&mac.finalize().into_bytes()))
}
