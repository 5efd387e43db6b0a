//! Configuration: defaults, files, environment, flags; all problems reported at once, each with its key and its source.

mod check;
mod conformance;
mod database;
mod documents;
mod http;
mod keys;
mod load;
mod log;
mod mtls;
mod schema;

use schemars::JsonSchema;
use serde::Deserialize;

pub use check::{Mode, check};
pub use conformance::ConformanceSettings;
pub use database::DatabaseSettings;
pub use documents::DocumentsSettings;
pub use http::HttpSettings;
pub use keys::KeysSettings;
pub use load::{DEFAULTS, Layers, Loaded, Problem, Problems, load};
pub use log::{LogFormat, LogSettings};
pub use schema::schema;

pub use crate::kernel::secret::Sealed;

/// Everything that can be configured. A module receives its own section, never the whole.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address under which browsers and applications reach this server: the issuer, and the start of every link.
    /// `https`, or `http` on loopback. No path, no trailing slash.
    pub public_url: String,
    /// The profile (roles, rules, texts of an institution): the name of a built-in one, or the path of a TOML file.
    pub profile: String,
    /// Listeners.
    pub http: HttpSettings,
    /// Client certificates.
    #[serde(default)]
    pub mtls: crate::web::mtls::MtlsSettings,
    /// How much one address, account or client may ask for.
    pub limits: crate::web::limits::LimitSettings,
    /// Where data is kept.
    pub database: DatabaseSettings,
    /// The key that seals all other keys.
    pub keys: KeysSettings,
    /// How long people stay signed in.
    #[serde(default)]
    pub sessions: crate::sessions::Settings,
    /// Passwords and codes.
    #[serde(default)]
    pub factors: crate::factors::Settings,
    /// OpenID Connect.
    #[serde(default)]
    pub oidc: crate::oidc::Settings,
    /// SCIM.
    #[serde(default)]
    pub scim: crate::scim::Settings,
    /// Whom people can ask.
    #[serde(default)]
    pub support: crate::web::support::SupportSettings,
    /// How mail leaves.
    #[serde(default)]
    pub mail: crate::notify::email::MailSettings,
    /// How text messages leave.
    #[serde(default)]
    pub sms: crate::notify::gateway::GatewaySettings,
    /// How spoken messages leave.
    #[serde(default)]
    pub voice: crate::notify::gateway::GatewaySettings,
    /// Which phone numbers are written to, and how often.
    #[serde(default)]
    pub numbers: crate::notify::NumberSettings,
    /// Files that people attach to requests.
    #[serde(default)]
    pub documents: DocumentsSettings,
    /// What test suites need.
    #[serde(default)]
    pub conformance: ConformanceSettings,
    /// Calls to applications.
    #[serde(default)]
    pub outbound: crate::outbound::Settings,
    /// Logs.
    pub log: LogSettings,
}
