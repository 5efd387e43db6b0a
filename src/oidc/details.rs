//! `authorization_details` (RFC 9396) of the one type there is, `delegated_administration`: which part of their authority somebody
//! lends to a token. Granted is what was asked for and is held; the answer says what that came to.

use super::error::OAuthError;
use crate::authority::{Door, scopes};
use crate::db::{self, Tx};
use crate::kernel::ids::PrincipalId;
use crate::kernel::limits::{Detail, Limits};
use crate::kernel::time::Timestamp;

/// The types that can be asked for (RFC 9396 §10).
pub const TYPES: [&str; 1] = ["delegated_administration"];

/// Most details of one request.
const MAX_DETAILS: usize = 8;
/// Most ids in all details of one request: they are in every access token.
const MAX_IDS: usize = 64;
/// Longest granted details as JSON, in octets, for the same reason.
const MAX_GRANTED: usize = 4 * 1024;

/// Reads the parameter. Whatever is unknown in it is an error (RFC 9396 §5); an empty list counts as not sent.
pub fn parse(text: Option<&str>) -> Result<Vec<Detail>, OAuthError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let details: Vec<Detail> = serde_json::from_str(text).map_err(|_| OAuthError::InvalidAuthorizationDetails(
        "authorization_details must be a JSON list of objects of type delegated_administration with actions, levels, include_sub_levels, applications",
    ))?;
    let ids =
        |detail: &Detail| detail.levels.as_ref().map_or(0, Vec::len) + detail.applications.as_ref().map_or(0, Vec::len);
    if details.len() > MAX_DETAILS || details.iter().map(ids).sum::<usize>() > MAX_IDS {
        return Err(OAuthError::InvalidAuthorizationDetails("authorization_details has at most 8 entries and 64 ids"));
    }
    let known = |detail: &Detail| !detail.actions.is_empty() && detail.actions.iter().all(|a| scopes::is_action(a));
    if !details.iter().all(known) {
        return Err(OAuthError::InvalidAuthorizationDetails("actions must name one or more of the known actions"));
    }
    let named = |detail: &Detail| {
        detail.levels.as_ref().is_none_or(|some| !some.is_empty())
            && detail.applications.as_ref().is_none_or(|some| !some.is_empty())
    };
    if !details.iter().all(named) {
        return Err(OAuthError::InvalidAuthorizationDetails(
            "levels and applications name at least one, or are left out",
        ));
    }
    Ok(details)
}

/// The scopes and details of a token, or why there are none.
pub type Granted = Result<(String, Vec<Detail>), OAuthError>;

/// What is granted of what is asked for, within what was granted before: details, and the scopes that are left beside them.
/// Without details nothing changes. A level that is not there and one where nothing is held are answered alike (D8).
pub async fn granted(
    tx: &mut Tx,
    door: &Door,
    (principal, scope): (PrincipalId, &str),
    (before, asked): (&[Detail], &[Detail]),
    now: Timestamp,
) -> db::Result<Granted> {
    let asked = if asked.is_empty() { before } else { asked };
    if asked.is_empty() {
        return Ok(Ok((scope.to_owned(), Vec::new())));
    }
    let scopes: Vec<&str> = scope.split(' ').collect();
    let limits = Limits { details: before.to_vec(), ..Limits::of_scopes(&scopes) };
    let details = door.grantable(tx, principal, (&limits, asked), now).await?;
    if details.is_empty() {
        return Ok(Err(OAuthError::InvalidAuthorizationDetails("nothing of what was asked for can be granted")));
    }
    if serde_json::to_vec(&details).map_or(usize::MAX, |json| json.len()) > MAX_GRANTED {
        return Ok(Err(OAuthError::InvalidAuthorizationDetails("what was asked for is too long for a token")));
    }
    let actions: Vec<&str> = details.iter().flat_map(|detail| detail.actions.iter().map(String::as_str)).collect();
    Ok(Ok((scopes::scopes_of_actions(&scopes, &actions).join(" "), details)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9396 §5: what is not understood is refused as a whole.
    #[test]
    fn unknown_types_members_and_actions_are_refused() {
        let good = r#"[{"type":"delegated_administration","actions":["users:read"],"include_sub_levels":true}]"#;
        assert_eq!(parse(Some(good)).unwrap().len(), 1);
        assert!(parse(None).unwrap().is_empty() && parse(Some("[]")).unwrap().is_empty());
        let level = uuid::Uuid::nil();
        for bad in [
            "",
            "{}",
            "[{}]",
            "null",
            r#"[{"type":"payment","actions":["users:read"]}]"#,
            r#"[{"type":"delegated_administration"}]"#,
            r#"[{"type":"delegated_administration","actions":[]}]"#,
            r#"[{"type":"delegated_administration","actions":["scim"]}]"#,
            r#"[{"type":"delegated_administration","actions":["*"]}]"#,
            r#"[{"type":"delegated_administration","actions":["users:read"],"levels":[]}]"#,
            r#"[{"type":"delegated_administration","actions":["users:read"],"levels":["Bank B"]}]"#,
            r#"[{"type":"delegated_administration","actions":["users:read"],"locations":["https://id.example"]}]"#,
        ] {
            assert!(parse(Some(bad)).is_err(), "{bad}");
        }
        let many = [good.trim_matches(['[', ']']); MAX_DETAILS + 1].join(",");
        assert!(parse(Some(&format!("[{many}]"))).is_err());
        let ids = vec![format!("\"{level}\""); MAX_IDS + 1].join(",");
        let long = format!(r#"[{{"type":"delegated_administration","actions":["users:read"],"levels":[{ids}]}}]"#);
        assert!(parse(Some(&long)).is_err());
    }
}
