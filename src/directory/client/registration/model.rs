//! What a registration token is, and what lets itself be registered with it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::statement;
use crate::directory::client::model::{ClientKind, ClientSettings};
use crate::kernel::ids::{ClientId, EnvironmentId, PrincipalId, RegistrationTokenId};
use crate::kernel::time::Timestamp;

/// By what a token of this kind is known, to us and to whoever searches for leaked ones.
pub const PREFIX: &str = "chr_";

/// The same of the token by which a client reads and changes its own registration.
pub const OWN_PREFIX: &str = "chm_";

/// Most clients by one token.
pub const MAX_USES: i64 = 1_000;

/// Longest life of a token, in days.
pub const MAX_DAYS: u32 = 365;

/// What clients of a token may be. It is judged on what a registration comes to (OA-51), at each change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Scopes that they may ask for.
    pub scopes: Vec<String>,
    /// People are asked before anything is told to them (OA-42).
    pub third_party: bool,
    /// Confidential ones may go without PKCE; named so that nobody sets it unread.
    pub allow_without_pkce_insecure: bool,
    /// They may be used on devices without a browser (RFC 8628).
    #[serde(default)]
    pub device_grant: bool,
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrationToken {
    /// Its id.
    pub id: RegistrationTokenId,
    /// What it is for, in the words of its maker.
    pub name: String,
    /// Where its clients belong.
    pub environment: EnvironmentId,
    /// What they may be.
    pub policy: Policy,
    /// How many more may be registered.
    pub uses_left: i64,
    /// By whose right.
    pub made_by: PrincipalId,
    /// When it was made.
    pub made_at: Timestamp,
    /// From this instant on it registers nobody.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl RegistrationToken {
    /// Whether it registers somebody at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at && self.uses_left > 0
    }
}

/// What a client wants to be, read and judged by the policy, not yet by the rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Its name; none was said.
    pub name: Option<String>,
    /// What kind of program it is.
    pub kind: ClientKind,
    /// All settings.
    pub settings: ClientSettings,
    /// What has no setting, to be repeated.
    pub said: Map<String, Value>,
}

/// A client that registered itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Registration {
    /// Which.
    pub client: ClientId,
    /// What it said that has no setting.
    pub said: Map<String, Value>,
    /// When it did.
    pub registered_at: Timestamp,
    /// The token that let it.
    pub by: RegistrationToken,
}

impl Registration {
    /// The statement that it was registered with, as it came (RFC 7591 §2.3).
    pub fn statement(&self) -> Option<&str> {
        self.said.get(statement::MEMBER).and_then(Value::as_str)
    }
}
