//! An authorization request whose parameters have been read (OIDC Core §3.1.2.1).

use serde_json::Value;

use crate::kernel::time::Timestamp;
use crate::sessions::Session;

/// What `prompt` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Prompt {
    /// Ask nothing.
    pub(super) none: bool,
    /// Sign in anew, though there is a session: `login`, `select_account`.
    pub(super) sign_in: bool,
}

/// A request that may be answered by redirect.
#[derive(Clone, Debug)]
pub(super) struct AuthorizeRequest {
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: Option<String>,
    pub(super) prompt: Prompt,
    /// Seconds.
    pub(super) max_age: Option<u64>,
    pub(super) login_hint: Option<String>,
    pub(super) ui_locales: Option<String>,
    /// The values of an essential `acr` (OIDC Core §5.5.1.1); empty when any will do.
    pub(super) essential_acr: Vec<String>,
}

/// How a request goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The session answers it.
    Issue,
    /// The person signs in first.
    SignIn,
    /// Nobody may be asked.
    LoginRequired,
    /// The session is not as strong as it has to be, and none of ours is.
    AcrUnmet,
}

impl AuthorizeRequest {
    /// Whether the session answers the request. `since` is when the request was parked: a sign-in after that is the one
    /// that was asked for (OA-56). `subject` is who an `id_token_hint` names.
    pub(super) fn next(
        &self,
        session: Option<&Session>,
        since: Option<Timestamp>,
        subject: Option<&str>,
        now: Timestamp,
    ) -> Next {
        let answers = |session: &&Session| {
            let asked_for = since.is_some_and(|since| session.auth_time >= since);
            let young = self.max_age.is_none_or(|max| max > 0 && now.since(session.auth_time).as_secs() <= max);
            let meant = subject.is_none_or(|subject| session.user.to_string() == subject);
            meant && (asked_for || (young && !self.prompt.sign_in))
        };
        match session.filter(answers) {
            Some(session) if !self.essential_acr.is_empty() && !self.essential_acr.contains(&session.acr) => {
                Next::AcrUnmet
            }
            Some(_) => Next::Issue,
            None if self.prompt.none => Next::LoginRequired,
            None => Next::SignIn,
        }
    }
}

/// The values that an essential `acr` in the `claims` parameter may have; everything else in there is ignored.
pub(super) fn essential_acr(claims: &Value) -> Vec<String> {
    let Some(acr) = claims.pointer("/id_token/acr") else { return Vec::new() };
    if acr.get("essential").and_then(Value::as_bool) != Some(true) {
        return Vec::new();
    }
    let several = acr.get("values").and_then(Value::as_array).into_iter().flatten();
    several.chain(acr.get("value")).filter_map(Value::as_str).map(str::to_owned).collect()
}
