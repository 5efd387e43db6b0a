//! What an authority is in the module, and what a person of it may do: read from the claims, and nothing else.

use serde_json::Value;

use super::common::{organisation::Organisation, relying_party::Identity};

/// How somebody stands to the module, now.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// For whom they act.
    pub authority: Organisation,
    /// It coordinates others (I25).
    pub coordinates: bool,
    /// It may begin and receive something new; otherwise it only finishes what is under way (I76).
    pub active: bool,
    /// Codes of what it is responsible for in this module (I26).
    pub classification: Vec<String>,
    /// What was agreed besides, in words (I27).
    pub settings: Vec<(String, String)>,
    /// It may refuse what it is asked.
    pub may_refuse: bool,
    /// The person handles requests; others only read.
    pub handles: bool,
}

impl Standing {
    /// As the provider told it last.
    pub(crate) fn of(identity: &Identity, module: &str) -> Self {
        let claims = &identity.claims;
        Self {
            authority: identity.organisation(),
            coordinates: claims.module_kind.as_deref() == Some("coordinator"),
            active: claims.module_status.as_deref() == Some("active"),
            classification: claims.module_classification.iter().map(|code| in_words(code)).collect(),
            settings: claims.module_settings.iter().map(|(name, value)| (in_words(name), shown(value))).collect(),
            may_refuse: claims.module_settings.get("may_refuse") == Some(&Value::Bool(true)),
            handles: claims.groups.contains(&format!("{module}_HANDLER")),
        }
    }

    /// Whether the person may send a request.
    pub(crate) fn may_send(&self) -> bool {
        self.active && self.handles
    }

    /// What the person may do, in words.
    pub(crate) fn right(&self) -> &'static str {
        match (self.handles, self.active) {
            (true, true) => "Send and answer requests",
            (true, false) => "Finish the requests that are under way",
            (false, _) => "Read requests",
        }
    }

    /// What it is, in words.
    pub(crate) fn kind(&self) -> &'static str {
        if self.coordinates { "Coordinator" } else { "Authority" }
    }

    /// What it may do, in words.
    pub(crate) fn status(&self) -> &'static str {
        if self.active { "Active" } else { "Complete only" }
    }
}

/// `MAY_REFUSE` and `may_refuse` as they are read.
fn in_words(code: &str) -> String {
    let text = code.replace(['_', '-'], " ").to_lowercase();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(code) => in_words(code).to_lowercase(),
        other => other.to_string(),
    }
}
