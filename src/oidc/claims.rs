//! What is said about a person to an application (OIDC Core §2 and §5, `delegation.md` §5). Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::scopes;
use crate::directory::organisation::model::Organisation;
use crate::directory::user::model::User;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// How many groups an ID token carries; beyond that it says where they are (OIDC Core §5.6.2).
const MAX_GROUPS: usize = 200;

/// A person as one application may know them, read in one go.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The person.
    pub user: User,
    /// From the root down to the home organisation.
    pub path: Vec<Organisation>,
    /// Codes of the groups of the asking client's application and environment, sorted.
    pub groups: Vec<String>,
    /// Codes of the roles held now, sorted.
    pub roles: Vec<String>,
    /// Whether `companyId` may be told to the client (E43).
    pub release_company_id: bool,
}

/// The frame of an ID token (OIDC Core §2).
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// Us.
    pub issuer: &'a str,
    /// The `client_id`.
    pub audience: &'a str,
    /// Now.
    pub now: Timestamp,
    /// Seconds.
    pub lifetime: u64,
    /// When the person signed in.
    pub auth_time: Timestamp,
    /// How, separated by spaces.
    pub amr: &'a str,
    /// How strongly.
    pub acr: &'a str,
    /// The session.
    pub sid: String,
    /// As sent, if it was.
    pub nonce: Option<&'a str>,
    /// The access token issued beside it.
    pub access_token: &'a str,
    /// Unique.
    pub jti: String,
}

/// The claims of an ID token. Contact data is told at `UserInfo` only, since an access token is issued, too (OIDC Core §5.4);
/// what decides about access (groups, organisation, roles) is in both.
pub fn id_token(frame: &Frame<'_>, subject: &Subject, scope: &str) -> Map<String, Value> {
    let issued = frame.now.as_seconds();
    let mut claims = access(subject, scope);
    if subject.groups.len() > MAX_GROUPS && claims.remove("groups").is_some() {
        claims.insert("_claim_names".to_owned(), json!({"groups": "userinfo"}));
        claims.insert(
            "_claim_sources".to_owned(),
            json!({"userinfo": {"endpoint": format!("{}/oauth2/userinfo", frame.issuer)}}),
        );
    }
    for (name, value) in [
        ("iss", json!(frame.issuer)),
        ("sub", json!(subject.user.id)),
        ("aud", json!(frame.audience)),
        ("iat", json!(issued)),
        ("exp", json!(issued.saturating_add_unsigned(frame.lifetime))),
        ("jti", json!(frame.jti)),
        ("auth_time", json!(frame.auth_time.as_seconds())),
        ("amr", json!(frame.amr.split(' ').collect::<Vec<_>>())),
        ("acr", json!(frame.acr)),
        ("sid", json!(frame.sid)),
        ("at_hash", json!(left_half(frame.access_token))),
    ] {
        claims.insert(name.to_owned(), value);
    }
    if let Some(nonce) = frame.nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    claims
}

/// The claims of `UserInfo` (OIDC Core §5.3.2). What is not known is left out, never empty.
pub fn userinfo(subject: &Subject, scope: &str) -> Map<String, Value> {
    let user = &subject.user;
    let mut claims = access(subject, scope);
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            claims.insert(name.to_owned(), value);
        }
    };
    put("sub", Some(json!(user.id)));
    if scopes::has(scope, "profile") {
        put("name", Some(json!(format!("{} {}", user.given_name, user.family_name))));
        put("given_name", Some(json!(user.given_name)));
        put("family_name", Some(json!(user.family_name)));
        put("preferred_username", Some(json!(user.user_name)));
        put("locale", user.locale.as_ref().map(|locale| json!(locale)));
        put("updated_at", Some(json!(user.updated_at.as_seconds())));
        let company_id = user.company_id.as_ref().filter(|_| subject.release_company_id);
        put("companyId", company_id.map(|id| json!(id)));
    }
    if scopes::has(scope, "email") {
        put("email", user.email.as_ref().map(|email| json!(email)));
        put("email_verified", user.email.as_ref().map(|_| json!(user.email_verified)));
    }
    if scopes::has(scope, "phone") {
        put("phone_number", user.phone.as_ref().map(|phone| json!(phone)));
        put("phone_number_verified", user.phone.as_ref().map(|_| json!(user.phone_verified)));
    }
    claims
}

/// What decides about access: `groups`, `organisation`, `roles`, each by its scope.
fn access(subject: &Subject, scope: &str) -> Map<String, Value> {
    let mut claims = Map::new();
    if scopes::has(scope, "groups") {
        claims.insert("groups".to_owned(), json!(subject.groups));
    }
    if scopes::has(scope, "roles") {
        claims.insert("roles".to_owned(), json!(subject.roles));
    }
    if scopes::has(scope, "organisation")
        && let Some(home) = subject.path.last()
    {
        let path: Vec<&str> = subject.path.iter().map(|node| node.name.as_str()).collect();
        claims.insert("organisation".to_owned(), json!({"id": home.id, "name": home.name, "path": path}));
    }
    claims
}

/// `at_hash`: the left half of the SHA-256 of the access token (OIDC Core §3.1.3.6).
fn left_half(token: &str) -> String {
    let digest = Digest::of(token.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.as_bytes().get(..16).unwrap_or_default())
}
