//! Versions (RFC 7644 §3.14) over what the caller can see, so that they do not move with hidden things (SC-07).

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::error::ScimError;

use crate::kernel::hex::hex;

/// The weak `ETag` of a resource as the caller sees it: of everything but `meta`.
pub fn of(resource: &Map<String, Value>) -> String {
    let mut visible = resource.clone();
    visible.remove("meta");
    let mut visible = Value::Object(visible);
    // PostgreSQL gives the members of stored JSON back in an order of its own.
    visible.sort_all_objects();
    let digest = Sha256::digest(visible.to_string().as_bytes());
    let hex: String = hex(&digest).chars().take(24).collect();
    format!("W/\"{hex}\"")
}

/// The weak `ETag` of a group: of everything but `meta` and the members, and of how far the members in the caller's sight have
/// come (changes, and memberships that ran out), so that none of them is read for it.
pub fn of_group(resource: &Map<String, Value>, (stamps, ended): (i64, i64)) -> String {
    let mut seen = resource.clone();
    let inner = seen.remove("members");
    seen.insert("members".to_owned(), json!([stamps, ended, inner]));
    of(&seen)
}

/// Whether a condition (`If-Match`, `If-None-Match`; RFC 9110 §13.1) names this version.
pub fn names(condition: &str, version: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    condition.trim() == "*" || condition.split(',').any(|tag| bare(tag) == bare(version))
}

/// Checks `If-Match` before a change.
pub fn check(condition: Option<&str>, version: &str, required: bool) -> Result<(), ScimError> {
    match condition {
        Some(condition) if names(condition, version) => Ok(()),
        Some(_) => Err(ScimError::PreconditionFailed),
        None if required => Err(ScimError::PreconditionRequired),
        None => Ok(()),
    }
}
