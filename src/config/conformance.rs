//! `[conformance]`: what a test suite needs and nobody else (`decisions.md` 26).

use schemars::JsonSchema;
use serde::Deserialize;

/// For running test suites against this server; refused with a bind that is not loopback.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConformanceSettings {
    /// Switches the mode on: a banner on every page says so.
    pub enabled: bool,
    /// Codes of applications for which a password alone signs in, as test suites need. Nothing else is entered by such a sign-in: neither
    /// another application nor a page of this server.
    pub one_factor_applications: Vec<String>,
}
