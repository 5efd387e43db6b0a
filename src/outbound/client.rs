//! The guarded client. A name is resolved once per connection, every address that it leads to is judged, and the connection
//! goes to one of these: a name that leads elsewhere a moment later changes nothing (OA-21: DNS rebinding). No proxy of the environment,
//! no redirect, nothing that takes long, no answer that is long.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::guard::{Guard, Refused};
use crate::kernel::network::Network;

/// Longest answer that is read; what is beyond is nobody's business here.
const MAX_ANSWER: usize = 8 * 1024;

/// Section `[outbound]`: calls to addresses that clients were registered with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Networks besides the public Internet in which applications may be called, like `10.20.0.0/16`; there by plain http
    /// and on any port, too. In development mode loopback is one of them.
    pub allowed_networks: Vec<String>,
    /// Seconds after which a call is given up.
    pub timeout_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { allowed_networks: Vec::new(), timeout_seconds: 5 }
    }
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body, cut off after 8 KiB where something was posted.
    pub body: String,
}

/// One request of a protocol that needs more than a post.
#[derive(Debug)]
pub struct Call<'a> {
    /// The method.
    pub method: Method,
    /// Where to.
    pub url: &'a str,
    /// The `Authorization` header, which nothing shows.
    pub authorization: &'a str,
    /// What is sent and taken: the media type.
    pub media_type: &'static str,
    /// What is sent.
    pub body: Option<String>,
    /// The longest answer that is read; a longer one is refused, not cut off.
    pub longest: usize,
}

/// What came back of a [`Call`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// After how many seconds it may be tried again (RFC 9110 §10.2.3), where that is said in seconds.
    pub retry_after: Option<u64>,
    /// The body.
    pub body: String,
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// By a rule of ours: not before somebody changes the address.
    #[error("{0}")]
    Refused(Refused),
    /// No connection, no answer in time, no such name, or one that leads where we do not call.
    #[error("{0}")]
    Failed(String),
}

/// Names that are judged before anything is connected to.
struct Judged {
    names: Arc<dyn Resolve>,
    guard: Guard,
    plain: bool,
}

impl Resolve for Judged {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, guard, plain) = (self.names.resolve(name), self.guard.clone(), self.plain);
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = found.await?.collect();
            for address in &addresses {
                // One bad address among good ones is how rebinding begins: none of them is called.
                guard.reached(address.ip(), plain)?;
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Names as the operating system knows them.
struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

/// Calls others; cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    https: reqwest::Client,
    /// Into allowed networks by plain http; a client of its own, because the addresses of names are judged otherwise.
    plain: reqwest::Client,
    guard: Guard,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").field("guard", &self.guard).finish_non_exhaustive()
    }
}

impl Outbound {
    /// As configured; `loopback` in development mode.
    pub fn new(settings: &Settings, loopback: bool) -> Result<Self, String> {
        Self::with_names(settings, loopback, Arc::new(System))
    }

    /// The same with another source of names.
    pub fn with_names(settings: &Settings, loopback: bool, names: Arc<dyn Resolve>) -> Result<Self, String> {
        // Already installed by somebody else is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let own = if loopback { ["127.0.0.0/8", "::1"].as_slice() } else { &[] };
        let networks = settings.allowed_networks.iter().map(String::as_str).chain(own.iter().copied());
        let networks = networks.map(|text| text.parse::<Network>().map_err(|error| format!("`{text}` {error}")));
        let guard = Guard::new(networks.collect::<Result<_, _>>()?);
        let timeout = Duration::from_secs(settings.timeout_seconds.clamp(1, 60).into());
        let build = |plain: bool| {
            let names = Judged { names: Arc::clone(&names), guard: guard.clone(), plain };
            reqwest::Client::builder()
                .dns_resolver(Arc::new(names))
                .redirect(reqwest::redirect::Policy::none())
                .no_proxy()
                .timeout(timeout)
                .connect_timeout(timeout)
                .pool_max_idle_per_host(2)
                .user_agent(concat!("chamberlain/", env!("CARGO_PKG_VERSION")))
                .build()
                .map_err(|error| error.to_string())
        };
        Ok(Self { https: build(false)?, plain: build(true)?, guard })
    }

    /// The client for an address that may be called.
    fn judge(&self, url: &str) -> Result<(&reqwest::Client, Url), OutboundError> {
        let url = Url::parse(url).map_err(|_| OutboundError::Refused(Refused::Unreadable))?;
        self.guard.check(&url).map_err(OutboundError::Refused)?;
        // By another port than its own https is called as plain http is: in allowed networks only.
        let ordinary = url.scheme() == "https" && url.port_or_known_default() == Some(443);
        Ok((if ordinary { &self.https } else { &self.plain }, url))
    }

    /// Gets a document of at most so many octets; a longer one is refused, not cut off.
    pub async fn get(&self, url: &str, longest: usize) -> Result<Answer, OutboundError> {
        let (client, url) = self.judge(url)?;
        let request = client.get(url).header(ACCEPT, "application/json, application/jwk-set+json");
        let response = request.send().await.map_err(|error| failed(&error))?;
        Ok(Answer { status: response.status().as_u16(), body: whole(response, longest).await? })
    }

    /// Sends a request of any method.
    pub async fn call(&self, call: Call<'_>) -> Result<Reply, OutboundError> {
        let (client, url) = self.judge(call.url)?;
        let mut request = client
            .request(call.method, url)
            .header(ACCEPT, call.media_type)
            .header(AUTHORIZATION, secret(call.authorization)?);
        if let Some(body) = call.body {
            request = request.header(CONTENT_TYPE, call.media_type).body(body);
        }
        let response = request.send().await.map_err(|error| failed(&error))?;
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        Ok(Reply { status: response.status().as_u16(), retry_after, body: whole(response, call.longest).await? })
    }

    /// Whether an address may be called, as far as it alone says; what a name leads to is judged at each call.
    pub fn check(&self, url: &str) -> Result<(), Refused> {
        self.guard.check(&Url::parse(url).map_err(|_| Refused::Unreadable)?)
    }

    /// Posts a body.
    pub async fn post(&self, url: &str, content_type: &str, body: String) -> Result<Answer, OutboundError> {
        self.post_as(url, None, (content_type, body)).await
    }

    /// The same with an `Authorization` header, which nothing shows.
    pub async fn post_as(
        &self,
        url: &str,
        authorization: Option<&str>,
        (content_type, body): (&str, String),
    ) -> Result<Answer, OutboundError> {
        let (client, url) = self.judge(url)?;
        let mut request = client.post(url).header(CONTENT_TYPE, content_type).header(ACCEPT, "application/json");
        if let Some(header) = authorization {
            request = request.header(AUTHORIZATION, secret(header)?);
        }
        let mut response = request.body(body).send().await.map_err(|error| failed(&error))?;
        let (status, mut body) = (response.status().as_u16(), Vec::new());
        while body.len() < MAX_ANSWER {
            match response.chunk().await {
                Ok(Some(part)) => body.extend(part.iter().take(MAX_ANSWER - body.len())),
                // What was said is said by the status.
                Ok(None) | Err(_) => break,
            }
        }
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }
}

/// A header that nothing shows.
fn secret(text: &str) -> Result<HeaderValue, OutboundError> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| OutboundError::Failed("the Authorization header cannot be sent".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The body of at most so many octets.
async fn whole(mut response: reqwest::Response, longest: usize) -> Result<String, OutboundError> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + part.len() > longest {
            return Err(OutboundError::Failed("the answer is too long".to_owned()));
        }
        body.extend(part);
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// In words that an operator can use, without the address, which is in the settings of the client.
fn failed(error: &reqwest::Error) -> OutboundError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if let Some(refused) = one.downcast_ref::<Refused>() {
            return OutboundError::Failed(refused.to_string());
        }
        cause = one.source();
    }
    let text = match error {
        error if error.is_timeout() => "no answer in time",
        error if error.is_connect() => "no connection",
        _ => "the connection broke",
    };
    OutboundError::Failed(text.to_owned())
}
