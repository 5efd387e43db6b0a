//! The few SCIM 2.0 requests that a personnel system needs.

use std::{sync::Arc, time::Duration};

use crate::person;
use reqwest::{RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};

/// How often a request is sent that is refused only for a while.
const ATTEMPTS: usize = 10;
/// The wait between two attempts, whatever the provider asks for.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScimError {
    /// The provider could not be reached.
    #[error("the provider does not answer: {0}")]
    Transport(#[from] reqwest::Error),
    /// No access token.
    #[error("no access token: {0}")]
    Token(String),
    /// The provider refuses this one request.
    #[error("{status}: {detail}")]
    Refused {
        /// HTTP status.
        status: StatusCode,
        /// What the provider says about it.
        detail: String,
    },
    /// The answer is not SCIM.
    #[error("unexpected answer: {0}")]
    Unexpected(&'static str),
}

/// A connection to `{issuer}/scim/v2` with an access token by client credentials.
pub(crate) struct Scim {
    http: reqwest::Client,
    base: String,
    token: Arc<str>,
}

impl Scim {
    /// Fetches a token (RFC 6749 §4.4).
    ///
    /// # Errors
    /// When the provider cannot be reached or knows no such client.
    pub(crate) async fn connect(issuer: &str, client_id: &str, client_secret: &str) -> Result<Self, ScimError> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
        let issuer = issuer.trim_end_matches('/');
        let metadata: Value =
            http.get(format!("{issuer}/.well-known/openid-configuration")).send().await?.json().await?;
        let endpoint =
            metadata.get("token_endpoint").and_then(Value::as_str).ok_or(ScimError::Unexpected("no token endpoint"))?;
        let form = [("grant_type", "client_credentials"), ("scope", "users:read users:write")];
        let answer = http.post(endpoint).basic_auth(client_id, Some(client_secret)).form(&form).send().await?;
        let answer: Value = answer.json().await?;
        let Some(token) = answer.get("access_token").and_then(Value::as_str) else {
            return Err(ScimError::Token(answer.to_string()));
        };
        Ok(Self { http, base: format!("{issuer}/scim/v2"), token: token.into() })
    }

    /// The user with this name, if this client may see one.
    ///
    /// # Errors
    /// When the provider refuses or cannot be reached.
    pub(crate) async fn find(&self, user_name: &str) -> Result<Option<Value>, ScimError> {
        let filter = format!("userName eq {}", Value::from(user_name));
        let query = [("filter", filter.as_str()), ("attributes", person::ATTRIBUTES)];
        let request = self.http.get(format!("{}/Users", self.base)).query(&query);
        let mut list = self.send(request).await?;
        let found = list.get_mut("Resources").and_then(Value::as_array_mut).and_then(Vec::pop);
        Ok(found)
    }

    /// Creates a user.
    ///
    /// # Errors
    /// When the provider refuses (a name that is taken: 409 `uniqueness`) or cannot be reached.
    pub(crate) async fn create(&self, resource: &Value) -> Result<Value, ScimError> {
        self.send(self.http.post(format!("{}/Users", self.base)).json(resource)).await
    }

    /// Applies the operations to the user as it was read: a change in between is refused with 412.
    ///
    /// # Errors
    /// When the provider refuses or cannot be reached.
    pub(crate) async fn patch(&self, known: &Value, operations: &Value) -> Result<Value, ScimError> {
        let id = known.get("id").and_then(Value::as_str).ok_or(ScimError::Unexpected("a user without an id"))?;
        let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
        let mut request = self.http.patch(format!("{}/Users/{id}", self.base)).json(&body);
        if let Some(version) = known.pointer("/meta/version").and_then(Value::as_str) {
            request = request.header(header::IF_MATCH, version);
        }
        self.send(request).await
    }

    async fn send(&self, request: RequestBuilder) -> Result<Value, ScimError> {
        let request = request.bearer_auth(&self.token).header(header::ACCEPT, "application/scim+json");
        let answer = patiently(request).await?;
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or_default();
        if status.is_success() {
            return Ok(body);
        }
        let detail = body.get("detail").and_then(Value::as_str).unwrap_or_default().to_owned();
        Err(ScimError::Refused { status, detail })
    }
}

/// Sends a request, and again after the wait that the provider asks for where it is asked too often or busy
/// (`Retry-After`, RFC 9110 §10.2.3): it carried nothing out then.
async fn patiently(request: RequestBuilder) -> Result<Response, ScimError> {
    for _ in 0..ATTEMPTS {
        let Some(again) = request.try_clone() else { break };
        let answer = again.send().await?;
        let asked = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, Some(seconds)) = (answer.status(), asked)
        else {
            return Ok(answer);
        };
        tokio::time::sleep(Duration::from_secs(seconds).clamp(SHORTEST_WAIT, LONGEST_WAIT)).await;
    }
    Ok(request.send().await?)
}
