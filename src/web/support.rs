//! `[support]`: whom people can ask. Shown on every page and in every mail (E08).

use schemars::JsonSchema;
use serde::Deserialize;

/// The help desk of the institution. What is empty is not shown.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SupportSettings {
    /// The address to write to.
    pub email: String,
    /// The number to call, as people read it: `+49 69 1234 5678`.
    pub phone: String,
}

impl SupportSettings {
    /// Whether there is anybody to ask.
    pub fn is_empty(&self) -> bool {
        self.email.is_empty() && self.phone.is_empty()
    }

    /// The number as a `tel:` link takes it (RFC 3966).
    pub fn dialled(&self) -> String {
        self.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }

    /// Both in one line.
    pub fn line(&self) -> String {
        [self.email.as_str(), self.phone.as_str()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }
}
