//! An authorization request whose parameters have been read (OIDC Core §3.1.2.1).

use crate::directory::client::model::ClientSettings;
use crate::kernel::ids::UserId;
use crate::kernel::limits::Detail;
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;
use crate::sessions::Session;
use crate::sessions::model::{ACR_ONE_FACTOR, ACR_TWO_FACTORS, is_two_factors, strength_of};
use crate::tokens::family::Claims;
use crate::tokens::subjects::Subjects;

/// What `prompt` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::oidc) struct Prompt {
    /// Ask nothing.
    pub(in crate::oidc) none: bool,
    /// Sign in anew, though there is a session: `login`, `select_account`.
    pub(in crate::oidc) sign_in: bool,
    /// Ask for consent, though it was given.
    pub(in crate::oidc) consent: bool,
}

/// A request that may be answered at its target.
#[derive(Clone, Debug)]
pub(in crate::oidc) struct AuthorizeRequest {
    pub(in crate::oidc) redirect_uri: String,
    pub(in crate::oidc) scope: String,
    /// Single claims beside the scopes.
    pub(in crate::oidc) claims: Claims,
    /// Part of one's authority, beside them (RFC 9396); they only narrow the scopes, so consent to those is consent to these.
    pub(in crate::oidc) details: Vec<Detail>,
    /// All that consent is asked for: the scopes, and those of the single claims.
    pub(in crate::oidc) consent_scope: String,
    pub(in crate::oidc) nonce: Option<String>,
    pub(in crate::oidc) code_challenge: Option<String>,
    /// The key that the code will be redeemed with (RFC 9449 §10).
    pub(in crate::oidc) dpop_jkt: Option<String>,
    pub(in crate::oidc) prompt: Prompt,
    /// Seconds.
    pub(in crate::oidc) max_age: Option<u64>,
    pub(in crate::oidc) login_hint: Option<String>,
    pub(in crate::oidc) ui_locales: Option<String>,
    /// Only this person may be answered about (OIDC Core §5.5.1).
    pub(in crate::oidc) subject: Option<String>,
    /// The values of an essential `acr` (OIDC Core §5.5.1.1); empty when any will do.
    pub(in crate::oidc) essential_acr: Vec<String>,
    /// Those that are asked for, if they can be had (`acr_values`, OIDC Core §3.1.2.1; RFC 9470 §5).
    pub(in crate::oidc) acr_values: Vec<String>,
}

/// How a request goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oidc) enum Next {
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
    /// Whether it is answered for this person: the `claims` parameter may ask for one `sub` (OIDC Core §5.5.1).
    pub(in crate::oidc) fn is_for(&self, subjects: &Subjects, user: UserId, settings: &ClientSettings) -> bool {
        self.subject.as_ref().is_none_or(|asked| *asked == subjects.of(user, settings))
    }

    /// How strong a sign-in is asked for: the weakest that will do.
    pub(in crate::oidc) fn asked_strength(&self) -> Strength {
        let asked = if self.essential_acr.is_empty() { &self.acr_values } else { &self.essential_acr };
        asked.iter().map(|acr| strength_of(acr)).min().unwrap_or_default()
    }

    /// The context class that the application is told: the first that it asked for and that is met; else two factors, where there were,
    /// so that an application that looks for them finds them whatever they were.
    pub(in crate::oidc) fn acr_of<'a>(&'a self, session: &'a Session) -> &'a str {
        let mut asked = self.essential_acr.iter().chain(&self.acr_values);
        let plain = if session.has_two_factors() { ACR_TWO_FACTORS } else { session.acr.as_str() };
        asked.find(|acr| session.satisfies(acr)).map_or(plain, String::as_str)
    }

    /// Whether only a sign-in with both factors answers it, though a remembered browser is asked for one (ADR 0019).
    pub(in crate::oidc) fn asks_for_both(&self) -> bool {
        let asks = |acrs: &[String]| {
            acrs.iter().any(|acr| is_two_factors(acr)) && !acrs.iter().any(|acr| acr == ACR_ONE_FACTOR)
        };
        self.prompt.sign_in || self.max_age.is_some() || asks(&self.essential_acr) || asks(&self.acr_values)
    }

    /// Whether the session of whoever is meant answers the request. `since` is when the request was parked: a sign-in after
    /// that is the one that was asked for (OA-56).
    pub(in crate::oidc) fn next(&self, session: Option<&Session>, since: Option<Timestamp>, now: Timestamp) -> Next {
        let answers = |session: &&Session| {
            let asked_for = since.is_some_and(|since| session.auth_time >= since);
            let young = self.max_age.is_none_or(|max| max > 0 && now.since(session.auth_time).as_secs() <= max);
            // A browser that is asked for no code proves nothing anew (ADR 0019).
            let is_proved = session.remembered_since.is_none() || (self.max_age.is_none() && !self.prompt.sign_in);
            is_proved && (asked_for || (young && !self.prompt.sign_in))
        };
        match session.filter(answers) {
            // Who signs in anew may use something stronger; who has just done so did not.
            Some(session)
                if (since.is_none() || session.remembered_since.is_some())
                    && !self.prompt.none
                    && (could_be_met(&self.essential_acr, session) || could_be_met(&self.acr_values, session)) =>
            {
                Next::SignIn
            }
            Some(session) if !is_met(&self.essential_acr, session) => Next::AcrUnmet,
            // Nobody may be asked for the code, and it was asked for.
            Some(session) if session.remembered_since.is_some() && self.asks_for_both() => Next::LoginRequired,
            Some(_) => Next::Issue,
            None if self.prompt.none => Next::LoginRequired,
            None => Next::SignIn,
        }
    }
}

/// Whether a session is as strong as one of these asks; when none does, it is.
fn is_met(asked: &[String], session: &Session) -> bool {
    asked.is_empty() || asked.iter().any(|acr| session.satisfies(acr))
}

/// Whether it is not, and another sign-in here could be.
fn could_be_met(asked: &[String], session: &Session) -> bool {
    !is_met(asked, session) && asked.iter().any(|acr| is_two_factors(acr))
}
