//! What a session is, and how long it lasts.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::ids::{SessionId, UserId};
use crate::kernel::secret::Digest;
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;

/// The `acr` of every sign-in here: two factors (E18; the REFEDS MFA profile).
pub const ACR_TWO_FACTORS: &str = "https://refeds.org/profile/mfa";

/// The `acr` of a sign-in by passkey: phishing-resistant (OpenID Connect Extended Authentication Profile ACR Values 1.0 §2). Nothing here gives
/// `phrh`: no attestation is asked for, so nobody knows what holds the key.
pub const ACR_PHISHING_RESISTANT: &str = "phr";

/// The `acr` of a sign-in by an authenticator app or something stronger: nothing that went through a telephone network (`docs/signing-in.md`).
/// No registered value says that.
pub const ACR_APP: &str = "urn:chamberlain:acr:app";

/// The `acr` of a sign-in by password alone (the REFEDS SFA profile): in a browser that its owner asked to be asked for no code in (ADR 0019), and
/// in conformance mode (`decisions.md` 26).
pub const ACR_ONE_FACTOR: &str = "https://refeds.org/profile/sfa";

/// How long sessions last (ASVS 7.3). Section `[sessions]`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// A session unused for this long is over, in seconds.
    pub idle_seconds: u64,
    /// A session this old is over however much it was used, in seconds.
    pub absolute_seconds: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { idle_seconds: 30 * 60, absolute_seconds: 12 * 60 * 60 }
    }
}

impl Settings {
    /// The idle limit.
    pub fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_seconds)
    }

    /// The absolute limit.
    pub fn absolute(&self) -> Duration {
        Duration::from_secs(self.absolute_seconds)
    }
}

/// Whether both factors stand behind this context class.
pub fn is_two_factors(acr: &str) -> bool {
    matches!(acr, ACR_TWO_FACTORS | ACR_APP | ACR_PHISHING_RESISTANT)
}

/// How strong a sign-in this context class asks for.
pub fn strength_of(acr: &str) -> Strength {
    match acr {
        ACR_PHISHING_RESISTANT => Strength::Passkey,
        ACR_APP => Strength::App,
        _ => Strength::Any,
    }
}

/// The context class to ask for where so strong a sign-in is needed (RFC 9470 §3).
pub fn acr_for(strength: Strength) -> &'static str {
    match strength {
        Strength::Any => ACR_TWO_FACTORS,
        Strength::App => ACR_APP,
        Strength::Passkey => ACR_PHISHING_RESISTANT,
    }
}

/// How long after both factors were proved one's own credentials may be changed (AU-14).
pub const FRESH: Duration = Duration::from_mins(5);

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id; also the `sid` of ID tokens.
    pub id: SessionId,
    /// Who is signed in.
    pub user: UserId,
    /// When its person was asked last (OIDC Core §2 `auth_time`): for both factors, or for the password alone.
    pub auth_time: Timestamp,
    /// When the second factor was last proved in this session; the beginning of time if never.
    pub second_factor_at: Timestamp,
    /// How (RFC 8176): `pwd`, then `sms`, `tel` or `otp`, then `mfa`; `pop`, `user`, `mfa` for a passkey; `pwd` alone where nothing else was proved.
    pub amr: Vec<String>,
    /// Authentication context class.
    pub acr: String,
    /// Where no code was asked for because the browser is remembered: since when it is (ADR 0019).
    pub remembered_since: Option<Timestamp>,
    /// Which browser it is in (`sessions::browser_store`).
    pub browser: Option<Digest>,
    /// The language of the sign-in.
    pub locale: Option<String>,
    /// What the browser calls itself, shortened.
    pub user_agent: String,
    /// The address it came from.
    pub ip: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it is over however much it is used.
    pub expires_at: Timestamp,
}

impl Session {
    /// Whether both factors were proved in it. What was opened by one enters nothing but what asks for no more.
    pub fn has_two_factors(&self) -> bool {
        is_two_factors(&self.acr)
    }

    /// Whether it enters anything: both factors were proved in it, or the second one not long ago in its browser (ADR 0019).
    pub fn is_admitted(&self) -> bool {
        self.has_two_factors() || self.remembered_since.is_some()
    }

    /// How strongly its person proved who they are.
    pub fn strength(&self) -> Strength {
        Strength::of_amr(self.amr.iter().map(String::as_str))
    }

    /// Whether it is as strong as this context class asks; a passkey is two factors and more.
    pub fn satisfies(&self, acr: &str) -> bool {
        let lesser = matches!(acr, ACR_TWO_FACTORS | ACR_APP);
        self.acr == acr || (lesser && self.has_two_factors() && self.strength() >= strength_of(acr))
    }

    /// Whether both factors were proved a moment ago (AU-14).
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.since(self.auth_time) <= FRESH && now.since(self.second_factor_at) <= FRESH
    }
}
