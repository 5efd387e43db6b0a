//! Scopes: which there are, which a request gets. Pure.

use super::error::OAuthError;
use crate::directory::client::model::ClientSettings;
use crate::directory::client::streaming::STREAM_SCOPES;
use crate::tokens::consent::OFFLINE_ACCESS;

/// The scopes that release claims (OIDC Core §5.4, `delegation.md` §5).
pub const OF_CLAIMS: [&str; 8] = ["openid", "profile", "email", "phone", "address", "groups", "organisation", "roles"];

/// Access that outlives the session (OIDC Core §11): only for clients that are registered for it and for refresh tokens, and
/// only with the consent of the person.
pub const OFFLINE: &str = OFFLINE_ACCESS;

/// What an authorization request gets: those that the client may ask for, in the order of its registration. Unknown ones
/// are ignored (OIDC Core §3.1.2.1); if nothing is left, the request is refused.
pub fn granted(requested: Option<&str>, settings: &ClientSettings) -> Result<String, OAuthError> {
    let requested: Vec<&str> = requested.unwrap_or_default().split(' ').collect();
    let refreshes = settings.grant_types.iter().any(|grant| grant == "refresh_token");
    // Its stream of events is the client's own: no person's token opens it.
    let of_person = settings.scopes.iter().map(String::as_str).filter(|scope| !STREAM_SCOPES.contains(scope));
    let held = of_person.filter(|scope| *scope != OFFLINE || refreshes);
    let granted: Vec<&str> = held.filter(|scope| requested.contains(scope)).collect();
    if granted.is_empty() { Err(OAuthError::InvalidScope) } else { Ok(granted.join(" ")) }
}

/// What a service gets: all it may have, or exactly what it asks for (OA-30).
pub fn of_service(requested: Option<&str>, settings: &ClientSettings) -> Result<String, OAuthError> {
    let mine: Vec<&str> = settings
        .scopes
        .iter()
        .map(String::as_str)
        .filter(|scope| !OF_CLAIMS.contains(scope) && *scope != OFFLINE)
        .collect();
    match requested {
        None => Ok(mine.join(" ")),
        Some(requested) => narrowed(requested, &mine),
    }
}

/// What a refresh gets: no more than was granted (RFC 6749 §6; OA-27), and no more than the client may have now.
pub fn of_refresh(requested: Option<&str>, family: &str, settings: &ClientSettings) -> Result<String, OAuthError> {
    let left: Vec<&str> =
        family.split(' ').filter(|scope| settings.scopes.iter().any(|allowed| allowed == scope)).collect();
    match requested {
        _ if left.is_empty() => Err(OAuthError::InvalidScope),
        None => Ok(left.join(" ")),
        Some(requested) => narrowed(requested, &left),
    }
}

/// The scopes of a token that can be passed on: what outlives a session cannot.
pub fn without_offline(scopes: &str) -> String {
    scopes.split(' ').filter(|scope| *scope != OFFLINE).collect::<Vec<_>>().join(" ")
}

fn narrowed(requested: &str, held: &[&str]) -> Result<String, OAuthError> {
    let requested: Vec<&str> = requested.split(' ').filter(|scope| !scope.is_empty()).collect();
    if requested.is_empty() || requested.iter().any(|scope| !held.contains(scope)) {
        return Err(OAuthError::InvalidScope);
    }
    Ok(held.iter().copied().filter(|scope| requested.contains(scope)).collect::<Vec<_>>().join(" "))
}

/// Scopes and further ones, each once.
pub fn joined(scopes: &str, further: &[&str]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for scope in scopes.split(' ').chain(further.iter().copied()) {
        if !all.contains(&scope) {
            all.push(scope);
        }
    }
    all.join(" ")
}

/// Whether a list of scopes holds one.
pub fn has(scopes: &str, scope: &str) -> bool {
    scopes.split(' ').any(|held| held == scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(scopes: &[&str]) -> ClientSettings {
        ClientSettings { scopes: scopes.iter().map(|s| (*s).to_owned()).collect(), ..ClientSettings::default() }
    }

    #[test]
    fn unknown_scopes_of_a_person_are_ignored_and_nothing_left_is_refused() {
        let settings = settings(&["openid", "email"]);
        assert_eq!(granted(Some("email offline_access openid"), &settings).unwrap(), "openid email");
        assert!(granted(Some("admin"), &settings).is_err() && granted(None, &settings).is_err());
    }

    #[test]
    fn offline_access_needs_the_registration_and_the_refresh_grant() {
        let mut settings = settings(&["openid", OFFLINE]);
        assert_eq!(granted(Some("openid offline_access"), &settings).unwrap(), "openid offline_access");
        settings.grant_types = vec!["authorization_code".to_owned()];
        assert_eq!(granted(Some("openid offline_access"), &settings).unwrap(), "openid");
    }

    #[test]
    fn scopes_are_joined_without_doubles() {
        assert_eq!(joined("openid email", &["email", "groups", "groups"]), "openid email groups");
    }

    #[test]
    fn oa_30_a_service_gets_no_scope_that_is_not_on_its_list() {
        let settings = settings(&["users:read", "users:write"]);
        assert_eq!(of_service(None, &settings).unwrap(), "users:read users:write");
        assert_eq!(of_service(Some("users:read"), &settings).unwrap(), "users:read");
        assert!(of_service(Some("users:read roles:write"), &settings).is_err());
    }

    #[test]
    fn oa_27_a_refresh_never_widens_and_follows_the_registration() {
        let all = settings(&["openid", "email", "groups"]);
        assert_eq!(of_refresh(None, "openid email", &all).unwrap(), "openid email");
        assert_eq!(of_refresh(Some("openid"), "openid email", &all).unwrap(), "openid");
        assert!(of_refresh(Some("openid groups"), "openid email", &all).is_err());
        assert_eq!(of_refresh(None, "openid email", &settings(&["openid"])).unwrap(), "openid");
        assert!(of_refresh(None, "email", &settings(&["openid"])).is_err());
    }
}
