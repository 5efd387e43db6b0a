//! The few SCIM 2.0 requests that a personnel system needs.

use std::{sync::Arc, time::Duration};

use crate::person;
use reqwest::{RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};
use tokio::sync::Mutex;

/// How often a request is sent that is refused only for a while.
const ATTEMPTS: usize = 10;
/// The wait between two attempts, whatever the provider asks for.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// As many as the provider gives at once.
const PAGE: usize = 200;

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
    endpoint: String,
    client: (String, String),
    token: Mutex<Arc<str>>,
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
        let connected = Self {
            base: format!("{issuer}/scim/v2"),
            endpoint: endpoint.to_owned(),
            client: (client_id.to_owned(), client_secret.to_owned()),
            token: Mutex::new("".into()),
            http,
        };
        connected.another_token("").await?;
        Ok(connected)
    }

    /// A token in place of one that is not taken (any more): it holds for minutes, and a long list takes longer.
    async fn another_token(&self, refused: &str) -> Result<Arc<str>, ScimError> {
        let mut token = self.token.lock().await;
        // Somebody else may have fetched one meanwhile.
        if **token == *refused {
            let form = [("grant_type", "client_credentials"), ("scope", "users:read users:write")];
            let (id, secret) = &self.client;
            let request = self.http.post(&self.endpoint).basic_auth(id, Some(secret)).form(&form);
            let answer: Value = patiently(request).await?.json().await?;
            let Some(fresh) = answer.get("access_token").and_then(Value::as_str) else {
                return Err(ScimError::Token(answer.to_string()));
            };
            *token = fresh.into();
        }
        Ok(Arc::clone(&token))
    }

    /// All users that this client may see, page after page (RFC 7644 §3.4.2.4).
    ///
    /// # Errors
    /// When the provider refuses or cannot be reached.
    pub(crate) async fn users(&self) -> Result<Vec<Value>, ScimError> {
        let mut users = Vec::new();
        loop {
            let (start, count) = ((users.len() + 1).to_string(), PAGE.to_string());
            let query = [
                ("startIndex", start.as_str()),
                ("count", &count),
                ("sortBy", "id"),
                ("attributes", person::ATTRIBUTES),
            ];
            let mut list = self.send(self.http.get(format!("{}/Users", self.base)).query(&query)).await?;
            let total = list
                .get("totalResults")
                .and_then(Value::as_u64)
                .ok_or(ScimError::Unexpected("a list without an end"))?;
            let page = list.get_mut("Resources").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
            let last = page.is_empty();
            users.extend(page);
            if last || users.len() as u64 >= total {
                return Ok(users);
            }
        }
    }

    /// A user as it is now.
    ///
    /// # Errors
    /// When the provider refuses or cannot be reached.
    pub(crate) async fn read(&self, known: &Value) -> Result<Value, ScimError> {
        self.send(self.http.get(self.address(known)?).query(&[("attributes", person::ATTRIBUTES)])).await
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
        let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
        let mut request = self.http.patch(self.address(known)?).json(&body);
        if let Some(version) = known.pointer("/meta/version").and_then(Value::as_str) {
            request = request.header(header::IF_MATCH, version);
        }
        self.send(request).await
    }

    fn address(&self, known: &Value) -> Result<String, ScimError> {
        let id = known.get("id").and_then(Value::as_str).ok_or(ScimError::Unexpected("a user without an id"))?;
        Ok(format!("{}/Users/{id}", self.base))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Value, ScimError> {
        let request = request.header(header::ACCEPT, "application/scim+json");
        let token = Arc::clone(&*self.token.lock().await);
        let again = request.try_clone();
        let mut answer = patiently(request.bearer_auth(&token)).await?;
        if let (StatusCode::UNAUTHORIZED, Some(again)) = (answer.status(), again) {
            let token = self.another_token(&token).await?;
            answer = patiently(again.bearer_auth(token)).await?;
        }
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
async fn patiently(request: RequestBuilder) -> Result<Response, reqwest::Error> {
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
    request.send().await
}
