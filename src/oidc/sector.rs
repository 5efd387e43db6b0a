//! The list of redirect addresses by which clients at several hosts show that they are of one sector (OIDC Core §8.1, OIDC
//! Registration §5): fetched when somebody registers with it, through the guarded client.

use serde_json::{Map, Value};

use super::error::OAuthError;
use super::state::Oidc;
use crate::directory::client::rules::is_endpoint;

/// Longest list that is read, in octets.
const LONGEST: usize = 64 * 1024;

/// Refuses a document whose `sector_identifier_uri` does not list each of its redirect addresses.
pub(super) async fn check(oidc: &Oidc, document: &Map<String, Value>) -> Result<(), OAuthError> {
    let Some(address) = document.get("sector_identifier_uri").and_then(Value::as_str) else { return Ok(()) };
    let refused = |text: &str| OAuthError::InvalidClientMetadata(format!("`sector_identifier_uri` {text}"));
    if !is_endpoint(address) {
        return Err(refused("has to be an https address"));
    }
    let outbound = oidc.client_keys.outbound().ok_or_else(|| refused("cannot be fetched here"))?;
    let answer = outbound.get(address, LONGEST).await.map_err(|_| refused("could not be fetched"))?;
    let listed: Option<Vec<String>> = serde_json::from_str(&answer.body).ok().filter(|_| answer.status == 200);
    let listed = listed.ok_or_else(|| refused("does not lead to a list of addresses"))?;
    let redirects = document.get("redirect_uris").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_listed = |uri: &Value| uri.as_str().is_some_and(|uri| listed.iter().any(|one| one == uri));
    // Whoever is led back to nowhere would be in every sector.
    if !redirects.is_empty() && redirects.iter().all(is_listed) {
        Ok(())
    } else {
        Err(refused("does not list each of the redirect addresses"))
    }
}
