//! What is said about a person to an application (OIDC Core §2 and §5, `delegation.md` §5). Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha512};

use super::scopes;
use crate::delegation::told::ToldRole;
use crate::directory::module::model::Held;
use crate::directory::user::described;
use crate::directory::user::model::User;
use crate::kernel::secret::Digest;
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;
use crate::proofs::Algorithm;

/// How many groups an ID token carries; beyond that it says where they are (OIDC Core §5.6.2).
const MAX_GROUPS: usize = 200;

/// A person as one application may know them, read in one go.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The person.
    pub user: User,
    /// The names of the organisations from the root down to the home organisation.
    pub path: Vec<String>,
    /// Codes of the groups of the asking client's application and environment, sorted.
    pub groups: Vec<String>,
    /// How the home organisation stands to the module of the client's application, and as what, if it asks for one.
    pub module: Option<Held>,
    /// Codes of the roles held now, sorted.
    pub roles: Vec<String>,
    /// Roles that the person was named for, at any organisation and in projects.
    pub role_assignments: Vec<ToldRole>,
    /// Whether `companyId` may be told to the client (E43).
    pub release_company_id: bool,
    /// How strongly they have to have signed in to enter.
    pub second_factor: Strength,
}

/// The frame of an ID token (OIDC Core §2).
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// What it is signed with.
    pub algorithm: Algorithm,
    /// Us.
    pub issuer: &'a str,
    /// The person, as the client knows it.
    pub subject: &'a str,
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

/// Every claim about a person, with the scope that releases it (OIDC Core §5.4, `delegation.md` §5).
pub const RELEASED: [(&str, &str); 28] = [
    ("name", "profile"),
    ("given_name", "profile"),
    ("family_name", "profile"),
    ("preferred_username", "profile"),
    ("middle_name", "profile"),
    ("nickname", "profile"),
    ("profile", "profile"),
    ("picture", "profile"),
    ("website", "profile"),
    ("gender", "profile"),
    ("birthdate", "profile"),
    ("zoneinfo", "profile"),
    ("locale", "profile"),
    ("updated_at", "profile"),
    ("companyId", "profile"),
    ("email", "email"),
    ("email_verified", "email"),
    ("phone_number", "phone"),
    ("phone_number_verified", "phone"),
    ("address", "address"),
    ("groups", "groups"),
    ("organisation", "organisation"),
    ("module_status", "organisation"),
    ("module_kind", "organisation"),
    ("module_classification", "organisation"),
    ("module_settings", "organisation"),
    ("roles", "roles"),
    ("role_assignments", "roles"),
];

/// Scopes whose claims decide about access: they are in the ID token, too.
const OF_ACCESS: [&str; 3] = ["groups", "organisation", "roles"];

/// What a grant releases: the claims of its scopes, and single ones that were asked for by name.
#[derive(Clone, Copy, Debug)]
pub struct Release<'a> {
    /// Separated by spaces.
    pub scope: &'a str,
    /// By name (OIDC Core §5.5).
    pub names: &'a [String],
}

impl Release<'_> {
    fn holds(&self, name: &str, scope: &str) -> bool {
        scopes::has(self.scope, scope) || self.names.iter().any(|asked| asked == name)
    }

    /// Whether the roles of the person are asked for: they cost a query of their own.
    pub fn wants_roles(&self) -> bool {
        self.holds("roles", "roles") || self.holds("role_assignments", "roles")
    }
}

/// The claims of an ID token. Contact data is told at `UserInfo` only, since an access token is issued, too (OIDC Core §5.4),
/// unless it is asked for by name; what decides about access is in both. Nothing about a person can take the place of a
/// claim of the frame (OA-52): those are written last.
pub fn id_token(frame: &Frame<'_>, subject: &Subject, release: Release<'_>) -> Map<String, Value> {
    let in_token = |name: &str, scope: &str| {
        OF_ACCESS.contains(&scope) && release.holds(name, scope) || release.names.iter().any(|asked| asked == name)
    };
    let released = RELEASED.iter().filter(|(name, scope)| in_token(name, scope));
    let mut claims: Map<_, _> =
        released.filter_map(|(name, _)| Some(((*name).to_owned(), value(subject, name)?))).collect();
    if subject.groups.len() > MAX_GROUPS && claims.remove("groups").is_some() {
        claims.insert("_claim_names".to_owned(), json!({"groups": "userinfo"}));
        claims.insert(
            "_claim_sources".to_owned(),
            json!({"userinfo": {"endpoint": format!("{}/oauth2/userinfo", frame.issuer)}}),
        );
    }
    let issued = frame.now.as_seconds();
    for (name, value) in [
        ("iss", json!(frame.issuer)),
        ("sub", json!(frame.subject)),
        ("aud", json!(frame.audience)),
        ("iat", json!(issued)),
        ("exp", json!(issued.saturating_add_unsigned(frame.lifetime))),
        ("jti", json!(frame.jti)),
        ("auth_time", json!(frame.auth_time.as_seconds())),
        ("amr", json!(frame.amr.split(' ').collect::<Vec<_>>())),
        ("acr", json!(frame.acr)),
        ("sid", json!(frame.sid)),
        ("at_hash", json!(left_half(frame.access_token, frame.algorithm))),
    ] {
        claims.insert(name.to_owned(), value);
    }
    if let Some(nonce) = frame.nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    claims
}

/// The claims of `UserInfo` (OIDC Core §5.3.2) about a person whom the client knows as `sub`.
pub fn userinfo(sub: &str, subject: &Subject, release: Release<'_>) -> Map<String, Value> {
    let released = RELEASED.iter().filter(|(name, scope)| release.holds(name, scope));
    let mut claims: Map<_, _> =
        released.filter_map(|(name, _)| Some(((*name).to_owned(), value(subject, name)?))).collect();
    claims.insert("sub".to_owned(), json!(sub));
    claims
}

/// The value of a claim. What is not known is left out, never empty; a person without groups has an empty list of them.
fn value(subject: &Subject, name: &str) -> Option<Value> {
    let user = &subject.user;
    Some(match name {
        "name" => json!(format!("{} {}", user.given_name, user.family_name)),
        "given_name" => json!(user.given_name),
        "family_name" => json!(user.family_name),
        "preferred_username" => json!(user.user_name),
        "locale" => json!(user.locale.as_ref()?),
        "middle_name" | "nickname" | "profile" | "picture" | "website" | "gender" | "birthdate" | "zoneinfo"
        | "address" => described::claim(user, name)?,
        "updated_at" => json!(user.updated_at.as_seconds()),
        "companyId" => json!(user.company_id.as_ref().filter(|_| subject.release_company_id)?),
        "email" => json!(user.email.as_ref()?),
        "email_verified" => json!(user.email.as_ref().map(|_| user.email_verified)?),
        "phone_number" => json!(user.phone.as_ref()?),
        "phone_number_verified" => json!(user.phone.as_ref().map(|_| user.phone_verified)?),
        "groups" => json!(subject.groups),
        "roles" => json!(subject.roles),
        "role_assignments" if subject.role_assignments.is_empty() => return None,
        "role_assignments" => json!(subject.role_assignments),
        // What an application that asks for module access has to know (D9, I76): whether new work may begin, and as what.
        "module_status" => json!(subject.module.as_ref()?.status.told()),
        "module_kind" => json!(subject.module.as_ref()?.terms.kind.as_str()),
        "module_classification" => {
            let terms = &subject.module.as_ref()?.terms;
            json!(Some(&terms.classification).filter(|classes| !classes.is_empty())?)
        }
        "module_settings" => {
            json!(Some(&subject.module.as_ref()?.terms.settings).filter(|settings| !settings.is_empty())?)
        }
        "organisation" => {
            json!({"id": subject.user.organisation, "name": subject.path.last()?, "path": subject.path})
        }
        _ => return None,
    })
}

/// `at_hash`: the left half of the digest of the access token, by the hash of the algorithm that signs (OIDC Core §3.1.3.6): SHA-512 for
/// Ed25519 (RFC 8032 §5.1), SHA-256 for the others.
fn left_half(token: &str, algorithm: Algorithm) -> String {
    let left = match algorithm {
        Algorithm::EdDsa => Sha512::digest(token).get(..32).map(<[u8]>::to_vec),
        Algorithm::Es256 | Algorithm::Ps256 | Algorithm::Rs256 => {
            Digest::of(token.as_bytes()).as_bytes().get(..16).map(<[u8]>::to_vec)
        }
    };
    URL_SAFE_NO_PAD.encode(left.unwrap_or_default())
}
