//! The `claims` parameter: single claims beside those of the scopes (OIDC Core §5.5). Pure.

use serde_json::{Map, Value};

use super::claims::RELEASED;
use super::error::OAuthError;
use crate::directory::client::model::ClientSettings;
use crate::tokens::family::Claims;

/// What the parameter asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ClaimsRequest {
    /// By name; only claims that the client could ask for by a scope of its own.
    pub(super) claims: Claims,
    /// Only this person may be answered about (§5.5.1).
    pub(super) subject: Option<String>,
    /// The values of an essential `acr` (§5.5.1.1); empty when any will do.
    pub(super) essential_acr: Vec<String>,
}

impl ClaimsRequest {
    /// Reads the parameter. Claims and members that are not known are ignored; what is no JSON object is an error.
    pub(super) fn read(text: Option<&str>, settings: &ClientSettings) -> Result<Self, OAuthError> {
        const MALFORMED: OAuthError = OAuthError::InvalidRequest("claims must be a JSON object of objects");
        let Some(text) = text else { return Ok(Self::default()) };
        let all: Map<String, Value> = serde_json::from_str(text).map_err(|_| MALFORMED)?;
        let member = |name| match all.get(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(members)) => Ok(members.clone()),
            Some(_) => Err(MALFORMED),
        };
        let (id_token, userinfo) = (member("id_token")?, member("userinfo")?);
        if id_token.values().chain(userinfo.values()).any(|how| !how.is_null() && !how.is_object()) {
            return Err(MALFORMED);
        }
        Ok(Self {
            claims: Claims { id_token: known(&id_token, settings), userinfo: known(&userinfo, settings) },
            subject: subject(&id_token).or_else(|| subject(&userinfo)),
            essential_acr: essential_acr(&id_token),
        })
    }

    /// The scopes that release what is asked for by name: consent is asked for in scopes.
    pub(super) fn scopes(&self) -> Vec<&'static str> {
        let Claims { id_token, userinfo } = &self.claims;
        let asked = |name: &str| id_token.iter().chain(userinfo).any(|asked| asked == name);
        RELEASED.iter().filter(|(name, _)| asked(name)).map(|(_, scope)| *scope).collect()
    }
}

/// Asking by name opens nothing that the client could not ask for by scope.
fn known(asked: &Map<String, Value>, settings: &ClientSettings) -> Vec<String> {
    let may = |scope: &str| settings.scopes.iter().any(|held| held == scope);
    let released = RELEASED.iter().filter(|(name, scope)| asked.contains_key(*name) && may(scope));
    released.map(|(name, _)| (*name).to_owned()).collect()
}

/// Of claims that were asked for, those that the client could still ask for (OA-27).
pub(super) fn still_allowed(names: &[String], settings: &ClientSettings) -> Vec<String> {
    let scope_of = |name: &str| RELEASED.iter().find(|(known, _)| *known == name).map(|(_, scope)| *scope);
    let allowed = |name: &&String| scope_of(name).is_some_and(|scope| settings.scopes.iter().any(|held| held == scope));
    names.iter().filter(allowed).cloned().collect()
}

fn subject(asked: &Map<String, Value>) -> Option<String> {
    Some(asked.get("sub")?.get("value")?.as_str()?.to_owned())
}

fn essential_acr(asked: &Map<String, Value>) -> Vec<String> {
    let Some(acr) = asked.get("acr").filter(|acr| acr.get("essential").and_then(Value::as_bool) == Some(true)) else {
        return Vec::new();
    };
    let several = acr.get("values").and_then(Value::as_array).into_iter().flatten();
    several.chain(acr.get("value")).filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ClaimsRequest, OAuthError> {
        let scopes = ["openid", "email", "roles"].map(str::to_owned).to_vec();
        ClaimsRequest::read(Some(text), &ClientSettings { scopes, ..ClientSettings::default() })
    }

    #[test]
    fn claims_are_asked_for_by_name_and_only_within_the_scopes_of_the_client() {
        let asked = read(
            r#"{"userinfo":{"email":{"essential":true},"name":null,"odd":null},"id_token":{"roles":null},"other":1}"#,
        );
        let asked = asked.unwrap();
        assert_eq!(
            (asked.claims.userinfo.clone(), asked.claims.id_token.clone()),
            (vec!["email".into()], vec!["roles".into()])
        );
        assert_eq!(asked.scopes(), ["email", "roles"]);
    }

    #[test]
    fn a_subject_and_an_essential_acr_are_read() {
        let asked =
            read(r#"{"id_token":{"sub":{"value":"a"},"acr":{"essential":true,"values":["x"],"value":"y"}}}"#).unwrap();
        assert_eq!((asked.subject.as_deref(), asked.essential_acr), (Some("a"), vec!["x".to_owned(), "y".to_owned()]));
        assert!(read(r#"{"id_token":{"acr":{"values":["x"]}}}"#).unwrap().essential_acr.is_empty());
    }

    #[test]
    fn what_is_no_object_of_objects_is_refused() {
        for bad in ["", "x", "[]", "1", r#"{"userinfo":1}"#, r#"{"id_token":{"email":true}}"#, &"[".repeat(8_000)] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!(ClaimsRequest::read(None, &ClientSettings::default()).unwrap(), ClaimsRequest::default());
    }
}
