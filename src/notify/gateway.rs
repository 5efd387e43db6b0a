//! SMS and voice by an HTTP gateway: a templated request with a signature that the gateway can check.
//!
//! What is the gateway's part: to check the signature and the age of the timestamp, to send nothing twice for one
//! `idempotency-key`, and, for voice, to wait for a key before it says the digits (AU-11: a voicemail presses none).

use std::borrow::Cow;
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use schemars::JsonSchema;
use serde::Deserialize;
use sha2::Sha256;

use super::transports::{Driver, Parcel, SendError};
use crate::kernel::hex::hex;
use crate::kernel::secret::Sealed;

/// How long a gateway may take to accept a message.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Shortest signing key, in bytes.
pub const MIN_KEY: usize = 16;

/// Sections `[sms]` and `[voice]`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GatewaySettings {
    /// How messages leave: `http`, `file`, `console` or `memory`.
    pub driver: Driver,
    /// The folder of the `file` driver.
    pub directory: Option<std::path::PathBuf>,
    /// Where to post to.
    pub url: String,
    /// The body; `{to}`, `{text}`, `{language}` and `{id}` are filled in, as JSON strings with their quotes or, in a form,
    /// percent-encoded.
    pub body: String,
    /// `application/json` or `application/x-www-form-urlencoded`.
    pub content_type: BodyType,
    /// The `Authorization` header that the gateway asks for, if any: `Bearer …`, `Basic …`.
    pub authorization: Option<Sealed>,
    /// Key of the HMAC-SHA256 signature over `timestamp.body`.
    pub signing_key: Sealed,
}

/// How the body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum BodyType {
    /// JSON.
    #[default]
    #[serde(rename = "application/json")]
    Json,
    /// A form, as browsers send it.
    #[serde(rename = "application/x-www-form-urlencoded")]
    Form,
}

impl BodyType {
    fn as_str(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "application/x-www-form-urlencoded",
        }
    }

    fn quote(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Json => serde_json::Value::from(text).to_string().into(),
            Self::Form => url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().into(),
        }
    }
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            driver: Driver::Console,
            directory: None,
            url: String::new(),
            body: r#"{"to":{to},"text":{text}}"#.to_owned(),
            content_type: BodyType::Json,
            authorization: None,
            signing_key: Sealed::default(),
        }
    }
}

impl GatewaySettings {
    /// The body with these values, in one pass, so that a text cannot bring a placeholder of its own.
    pub fn fill(&self, values: &[(&str, &str)]) -> String {
        let mut body = String::with_capacity(self.body.len() + 200);
        let mut rest = self.body.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            body.push_str(before);
            let named = after.split_once('}').and_then(|(name, after)| {
                values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value, after))
            });
            match named {
                Some((value, after)) => {
                    body.push_str(&self.content_type.quote(value));
                    rest = after;
                }
                None => {
                    body.push('{');
                    rest = after;
                }
            }
        }
        body.push_str(rest);
        body
    }
}

/// A gateway that is posted to.
#[derive(Clone, Debug)]
pub struct Gateway {
    client: reqwest::Client,
    settings: GatewaySettings,
    authorization: Option<HeaderValue>,
}

impl Gateway {
    /// Follows no redirects and waits ten seconds at most.
    pub fn new(settings: &GatewaySettings) -> Result<Self, SendError> {
        let client = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(SendError::of)?;
        let authorization = settings.authorization.as_ref().map(|text| HeaderValue::from_str(text.reveal()));
        let mut authorization = authorization.transpose().map_err(|_| SendError::of("`authorization` is no header"))?;
        if let Some(value) = &mut authorization {
            value.set_sensitive(true);
        }
        Ok(Self { client, settings: settings.clone(), authorization })
    }

    /// Posts one message; any status but 2xx is a failure that is tried again, with the same key (invariant 11).
    pub(super) async fn send(&self, parcel: Parcel<'_>) -> Result<(), SendError> {
        let id = parcel.id.to_string();
        let body = self.settings.fill(&[
            ("to", parcel.to),
            ("text", &parcel.words.text),
            ("language", parcel.locale.tag()),
            ("id", &id),
        ]);
        let timestamp = parcel.now.as_seconds().to_string();
        let signature = signature(self.settings.signing_key.reveal(), &timestamp, &body)?;
        let mut request = self
            .client
            .post(&self.settings.url)
            .header(CONTENT_TYPE, self.settings.content_type.as_str())
            .header("idempotency-key", id)
            .header("x-chamberlain-timestamp", timestamp)
            .header("x-chamberlain-signature", format!("sha256={signature}"));
        if let Some(value) = &self.authorization {
            request = request.header(AUTHORIZATION, value.clone());
        }
        let response = request.body(body).send().await.map_err(|error| SendError::of(error.without_url()))?;
        match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(SendError::of(format!("the gateway answers {}", status.as_u16()))),
        }
    }
}

fn signature(key: &str, timestamp: &str, body: &str) -> Result<String, SendError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(SendError::of)?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    Ok(hex(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_brings_no_placeholder_and_no_quote_of_its_own() {
        let json = GatewaySettings::default();
        let body = json.fill(&[("to", "+4969{text}"), ("text", "a\"}, {to} \n")]);
        let read: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!((read["to"].as_str().unwrap(), read["text"].as_str().unwrap()), ("+4969{text}", "a\"}, {to} \n"));
        let form =
            GatewaySettings { body: "To={to}&Body={text}&x={other}".to_owned(), content_type: BodyType::Form, ..json };
        assert_eq!(form.fill(&[("to", "+49 69"), ("text", "a&b=c")]), "To=%2B49+69&Body=a%26b%3Dc&x={other}");
    }
}
