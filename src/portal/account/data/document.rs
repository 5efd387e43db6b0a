//! The copy of one's own data, as JSON. Its shape is described in `docs/privacy.md`; members are added under the same version, and
//! renamed or removed under another one. Never a secret, nor what one is stored as; of others only what they are called.

use serde::Serialize;
use serde_json::{Map, Value};

/// By which the shape is known.
pub(super) const FORMAT: &str = "chamberlain-own-data";

/// Of which version it is.
pub(super) const VERSION: u32 = 1;

/// All of it. Instants are as RFC 3339 has them.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    pub(super) format: &'static str,
    pub(super) version: u32,
    pub(super) issuer: String,
    pub(super) made_at: String,
    pub(super) account: Account,
    pub(super) memberships: Vec<Membership>,
    pub(super) roles: Vec<Held>,
    pub(super) nominations: Vec<Nomination>,
    pub(super) deputies: Deputies,
    pub(super) sign_in: Methods,
    pub(super) sessions: Vec<OpenSession>,
    pub(super) terms: Vec<Agreement>,
    pub(super) applications: Applications,
    pub(super) history: History,
}

/// Who one is.
#[derive(Debug, Serialize)]
pub(super) struct Account {
    pub(super) id: String,
    pub(super) user_name: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) email: Option<Address>,
    pub(super) phone: Option<Address>,
    pub(super) pending: Option<Pending>,
    pub(super) organisation: Organisation,
    pub(super) company_id: Option<String>,
    pub(super) subsidiary: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) self_registered: bool,
    pub(super) status: &'static str,
    pub(super) created_at: String,
    pub(super) created_by: Actor,
    pub(super) updated_at: String,
    pub(super) activated_at: Option<String>,
    pub(super) expires_at: Option<String>,
    pub(super) last_sign_in_at: Option<String>,
    /// What a personnel system keeps of the person here (RFC 7643 §4.1).
    pub(super) attributes: Map<String, Value>,
}

/// An e-mail address or a number, and whether its owner has proved it.
#[derive(Debug, Serialize)]
pub(super) struct Address {
    pub(super) value: String,
    pub(super) verified: bool,
}

/// What is on its way to become the address or number.
#[derive(Debug, Serialize)]
pub(super) struct Pending {
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) since: String,
    pub(super) agreed_at: Option<String>,
}

/// An organisation, with those above it.
#[derive(Debug, Serialize)]
pub(super) struct Organisation {
    pub(super) id: String,
    pub(super) path: Vec<String>,
}

/// Who did something: a person by name, if there still is one.
#[derive(Debug, Serialize)]
pub(super) struct Actor {
    /// `self`, `person`, `service` or `console`.
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
}

/// Being in a group.
#[derive(Debug, Serialize)]
pub(super) struct Membership {
    pub(super) group: String,
    pub(super) title: String,
    pub(super) application: Option<String>,
    /// The group in it that one was put into, where it was not this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) by_way_of: Option<String>,
    pub(super) since: String,
    pub(super) until: Option<String>,
    pub(super) by: Actor,
}

/// Holding a role.
#[derive(Debug, Serialize)]
pub(super) struct Held {
    pub(super) role: String,
    pub(super) organisation: Option<String>,
    pub(super) include_sub_levels: bool,
    /// `None` for all.
    pub(super) applications: Option<Vec<String>>,
    pub(super) project: Option<String>,
    /// `active` or `pending`.
    pub(super) state: &'static str,
    pub(super) since: String,
    pub(super) until: Option<String>,
    pub(super) by: Actor,
}

/// A role that one was named for and has yet to accept.
#[derive(Debug, Serialize)]
pub(super) struct Nomination {
    pub(super) role: String,
    pub(super) organisation: Option<String>,
    pub(super) project: Option<String>,
    pub(super) since: String,
    pub(super) until: String,
    pub(super) by: Actor,
}

/// Who stands in for whom.
#[derive(Debug, Serialize)]
pub(super) struct Deputies {
    pub(super) for_me: Vec<Deputy>,
    pub(super) for_others: Vec<Deputy>,
}

/// One of them: the other one by name.
#[derive(Debug, Serialize)]
pub(super) struct Deputy {
    pub(super) role: String,
    pub(super) person: Actor,
    pub(super) from: String,
    pub(super) until: String,
}

/// By what one signs in; never with what.
#[derive(Debug, Serialize)]
pub(super) struct Methods {
    pub(super) password_changed_at: Option<String>,
    /// `sms` or `voice`.
    pub(super) codes_by: &'static str,
    pub(super) codes_from_app: bool,
    pub(super) authenticator_apps: Vec<Method>,
    pub(super) passkeys: Vec<Method>,
    pub(super) recovery_codes_left: u32,
    pub(super) recovery_codes_made_at: Option<String>,
    /// What browsers are called, whether or not somebody is signed in there.
    pub(super) browser_names: Vec<String>,
    pub(super) remembered_browsers: Vec<RememberedBrowser>,
}

/// A browser that is asked for no code.
#[derive(Debug, Serialize)]
pub(super) struct RememberedBrowser {
    pub(super) browser: String,
    pub(super) remembered_at: String,
    pub(super) last_used_at: Option<String>,
    pub(super) expires_at: String,
}

/// An authenticator app or a passkey.
#[derive(Debug, Serialize)]
pub(super) struct Method {
    pub(super) name: String,
    pub(super) added_at: String,
    pub(super) last_used_at: Option<String>,
}

/// Where one is signed in.
#[derive(Debug, Serialize)]
pub(super) struct OpenSession {
    pub(super) name: Option<String>,
    pub(super) browser: String,
    pub(super) ip: Option<String>,
    pub(super) signed_in_at: String,
    pub(super) last_seen_at: String,
    pub(super) expires_at: String,
    pub(super) applications: Vec<String>,
}

/// A version of terms of use that was accepted.
#[derive(Debug, Serialize)]
pub(super) struct Agreement {
    pub(super) terms: String,
    pub(super) version: i64,
    pub(super) language: String,
    pub(super) accepted_at: String,
}

/// What applications and scripts may.
#[derive(Debug, Serialize)]
pub(super) struct Applications {
    pub(super) consents: Vec<Consent>,
    pub(super) grants: Vec<Grant>,
    pub(super) tokens: Vec<Token>,
}

/// What an application of somebody else was allowed.
#[derive(Debug, Serialize)]
pub(super) struct Consent {
    pub(super) application: String,
    pub(super) scopes: Vec<String>,
    pub(super) given_at: String,
}

/// That an application holds tokens.
#[derive(Debug, Serialize)]
pub(super) struct Grant {
    pub(super) application: String,
    pub(super) scopes: Vec<String>,
    pub(super) since: String,
    pub(super) until: String,
}

/// A token that one made for a script.
#[derive(Debug, Serialize)]
pub(super) struct Token {
    pub(super) name: String,
    pub(super) since: String,
    pub(super) until: String,
}

/// What happened in one's account, the latest first.
#[derive(Debug, Serialize)]
pub(super) struct History {
    /// Whether older events were left out.
    pub(super) shortened: bool,
    pub(super) events: Vec<Happened>,
}

/// One thing that happened.
#[derive(Debug, Serialize)]
pub(super) struct Happened {
    pub(super) at: String,
    pub(super) event: String,
    /// Of what happened to a role: to which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<String>,
    pub(super) by: Option<Actor>,
    /// Where others sit is theirs.
    pub(super) ip: Option<String>,
}
