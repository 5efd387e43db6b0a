//! The organisation claim, and the names made of the standard ones.

use serde_json::Value;

use super::relying_party::Identity;

/// The organisation on whose behalf a person acts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Organisation {
    /// Stable identifier.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Names from the root down to the organisation itself; empty when the provider told none.
    pub path: Vec<String>,
}

impl Organisation {
    fn read(claim: &Value) -> Self {
        let text = |key: &str| claim.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let path = match claim.get("path") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(path)) => path.split(" / ").map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        Self { id: text("id"), name: text("name"), path }
    }
}

impl Identity {
    /// Given and family name, or the e-mail address of someone whose name is not told.
    pub(crate) fn name(&self) -> String {
        let name = format!("{} {}", self.given_name, self.family_name).trim().to_owned();
        if name.is_empty() { self.email.clone() } else { name }
    }

    /// The organisation for which the person acts.
    pub(crate) fn organisation(&self) -> Organisation {
        Organisation::read(&self.claims.organisation)
    }

    /// Whether the person holds this role in the provider's administration, at home or for this application (E75).
    pub(crate) fn holds(&self, wanted: &str) -> bool {
        let is = |role: &Value| role.as_str().or_else(|| role.get("role")?.as_str()) == Some(wanted);
        self.claims.roles.iter().any(is)
    }
}
