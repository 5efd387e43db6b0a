//! What an operator can set about the OpenID Provider.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::directory::client::keys_rules::MAX_GRACE;

/// Section `[oidc]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Seconds an authorization code works; at most 60 (RFC 9700 §2.1, OA-12).
    pub code_lifetime_seconds: u32,
    /// Seconds in which a rotated refresh token still gives its successor, for lost answers; at most 10
    /// (`decisions.md` 23). 0 ends the grant at once.
    pub refresh_grace_seconds: u32,
    /// Seconds in which a pushed authorization request can be brought by a browser; 5 to 600 (RFC 9126 §2.2, FAPI 2.0).
    pub pushed_request_lifetime_seconds: u32,
    /// Seconds in which a person can let a device in by the code that it shows; 60 to 1800 (RFC 8628 §3.2).
    pub device_code_lifetime_seconds: u32,
    /// Whether every DPoP proof needs a nonce of ours (RFC 9449 §8), not only those of clients that are marked.
    pub require_dpop_nonce: bool,
    /// Seconds an ID token is valid.
    pub id_token_lifetime_seconds: u32,
    /// Take authorization requests that clients encrypt to us (RFC 9101 §6.1, OIDC Core §6.1), and publish keys for that. What anybody sends is
    /// then opened by a private key before it is known who sent it: leave it off where no client needs it.
    pub request_object_encryption: bool,
    /// Let applications watch from a frame whether the session goes on (OpenID Connect Session Management 1.0). It costs a cookie that
    /// scripts of this origin can read and that is sent across sites, and most browsers withhold that one from frames: front- and
    /// back-channel logout do the same without it.
    pub session_management: bool,
    /// Whose software statements are believed when applications register themselves (RFC 7591 §2.3). With none, they are ignored.
    pub software_statement_issuers: Vec<StatementIssuer>,
}

/// Somebody whose software statements are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementIssuer {
    /// What `iss` has to be.
    pub iss: String,
    /// File with the key set (RFC 7517 §5) that statements are signed with. Either this or `jwks_uri`.
    #[serde(default)]
    pub jwks: Option<PathBuf>,
    /// Where that key set is fetched; as all calls to others, to public addresses only (`[outbound]`).
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// Id of a registration token. A statement of this issuer then registers its clients without any token being sent, as if this one had been: for
    /// its application, within its policy, as often and as long as it says. Left out: a statement registers nobody by itself.
    #[serde(default)]
    pub registration_token: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            code_lifetime_seconds: 60,
            refresh_grace_seconds: 0,
            pushed_request_lifetime_seconds: 90,
            device_code_lifetime_seconds: 600,
            require_dpop_nonce: false,
            id_token_lifetime_seconds: 300,
            request_object_encryption: false,
            session_management: false,
            software_statement_issuers: Vec::new(),
        }
    }
}

impl Settings {
    /// The life of a code, never over 60 seconds.
    pub fn code_lifetime(&self) -> Duration {
        Duration::from_secs(self.code_lifetime_seconds.clamp(1, 60).into())
    }

    /// The life of a pushed request, never over ten minutes.
    pub fn pushed_request_lifetime(&self) -> Duration {
        Duration::from_secs(self.pushed_request_lifetime_seconds.clamp(5, 600).into())
    }

    /// The life of a device code, never over half an hour.
    pub fn device_code_lifetime(&self) -> Duration {
        Duration::from_secs(self.device_code_lifetime_seconds.clamp(60, 1_800).into())
    }

    /// The grace of a rotation: the client's own, or that of the installation; never over 10 seconds.
    pub fn refresh_grace(&self, of_client: Option<u32>) -> Duration {
        Duration::from_secs(of_client.unwrap_or(self.refresh_grace_seconds).min(MAX_GRACE).into())
    }
}
