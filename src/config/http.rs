//! `[http]`: where the server listens.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::Deserialize;

/// Listeners and their limits.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    /// Address and port for browsers and applications. Port 0 picks a free one.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Address and port of `/health`, `/version` and `/metrics`: no sign-in there, so keep it on loopback (IN-17).
    #[schemars(with = "String")]
    pub management_listen: SocketAddr,
    /// Addresses or networks (`10.0.0.0/8`) of the proxies in front, whose `X-Forwarded-For` is believed, and `mtls.header`. Other forwarding headers never are (OA-59).
    pub trusted_proxies: Vec<String>,
    /// Seconds that one request may take.
    pub request_timeout: u64,
    /// Seconds that the head of a request may take to arrive (IN-13).
    pub header_timeout: u64,
    /// Connections that may be open at once on each listener.
    pub max_connections: usize,
    /// Largest request body, in bytes.
    pub max_body: usize,
    /// Seconds that requests under way may take to finish once the server is told to stop.
    pub stop_timeout: u64,
}
