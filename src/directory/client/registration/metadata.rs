//! Client metadata (RFC 7591 §2, OIDC Registration 1.0 §2) as settings. What is not known is ignored; what is known has to be right. Pure.

use serde_json::{Map, Value};

use super::metadata_said;
use super::model::{Policy, Wanted};
use crate::directory::client::encryption::{Encryptable, Encryption};
use crate::directory::client::model::{AuthMethod, ClientKind, ClientSettings, DEVICE_GRANT, SubjectType};
use crate::directory::client::rules::Fault;
use crate::directory::client::token_format::AccessTokenFormat;
use crate::proofs::certificate::name::KINDS;
use crate::proofs::{CertificateName, Encrypted};

/// Most elements of a list, and most octets of a text; what a setting allows besides is judged by the rules.
const MAX_LIST: usize = 50;
const MAX_TEXT: usize = 2_000;

/// Why there is no registration (RFC 7591 §3.2.2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// `invalid_redirect_uri`
    #[error("{0}")]
    RedirectUri(String),
    /// `invalid_client_metadata`
    #[error("{0}")]
    Metadata(String),
}

impl MetadataError {
    fn metadata(text: impl Into<String>) -> Self {
        Self::Metadata(text.into())
    }

    /// The first thing that the rules of the operator's page have against it.
    pub fn of_fault(fault: &Fault) -> Self {
        match fault {
            Fault::NoRedirectUri | Fault::RedirectUri(_) => Self::RedirectUri(fault.to_string()),
            other => Self::Metadata(other.to_string()),
        }
    }
}

/// The members of a document, each asked for by its type. `null` is as good as left out (RFC 7592 §2.2).
pub(super) struct Document<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Document<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text with a control character is no text of a person or a program, and U+0000 cannot be stored everywhere.
    pub(super) fn check_characters(&self) -> Result<(), MetadataError> {
        if self.0.iter().all(|(name, value)| is_clean(name) && is_clean_value(value)) {
            Ok(())
        } else {
            Err(MetadataError::metadata("there is a control character in the document"))
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, MetadataError> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() && text.len() <= MAX_TEXT => Ok(Some(text.clone())),
            Some(_) => Err(MetadataError::metadata(format!("`{name}` has to be a text of at most {MAX_TEXT} octets"))),
        }
    }

    pub(super) fn list(&self, name: &str) -> Result<Option<Vec<String>>, MetadataError> {
        let wrong = || MetadataError::metadata(format!("`{name}` has to be a list of at most {MAX_LIST} texts"));
        let Some(value) = self.get(name) else { return Ok(None) };
        let elements = value.as_array().filter(|list| list.len() <= MAX_LIST).ok_or_else(wrong)?;
        let text = |one: &Value| one.as_str().filter(|text| text.len() <= MAX_TEXT).map(str::to_owned);
        elements.iter().map(text).collect::<Option<Vec<_>>>().map(Some).ok_or_else(wrong)
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, MetadataError> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(MetadataError::metadata(format!("`{name}` has to be true or false"))),
        }
    }

    /// One of several words; `None` if nothing is said.
    fn word(&self, name: &str, known: &[&str]) -> Result<Option<String>, MetadataError> {
        match self.text(name)? {
            Some(text) if !known.contains(&text.as_str()) => {
                Err(MetadataError::metadata(format!("`{name}` has to be one of: {}", known.join(", "))))
            }
            word => Ok(word),
        }
    }
}

fn is_clean(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// However deep: whoever parsed it has bounded the depth.
fn is_clean_value(value: &Value) -> bool {
    match value {
        Value::String(text) => is_clean(text),
        Value::Array(list) => list.iter().all(is_clean_value),
        Value::Object(members) => members.iter().all(|(name, value)| is_clean(name) && is_clean_value(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// What signatures are made and taken with.
const SIGNED: &[&str] = &["ES256", "RS256", "PS256", "EdDSA"];

/// Reads a document. `stored`: the settings of a client that is there already. What metadata do not speak of stays as it is there, no
/// scope and no grant type comes back that was taken away, and nothing that is required stops being so (OA-51).
pub fn read(
    document: &Map<String, Value>,
    policy: &Policy,
    stored: Option<&ClientSettings>,
) -> Result<Wanted, MetadataError> {
    let said = Document(document);
    said.check_characters()?;
    let (kind, method) = kind(&said)?;
    let redirect_uris = said.list("redirect_uris")?.unwrap_or_default();
    let grant_types = grant_types(&said, policy, stored)?;
    let cors_origins = if kind == ClientKind::Spa { origins(&redirect_uris) } else { Vec::new() };
    let settings = ClientSettings {
        redirect_uris,
        token_endpoint_auth_method: method,
        jwks: key_set(&said)?,
        jwks_uri: said.text("jwks_uri")?,
        scopes: scopes(&said, policy, (&grant_types, stored))?,
        grant_types,
        cors_origins,
        third_party: stored.map_or(policy.third_party, |stored| stored.third_party || policy.third_party),
        allow_without_pkce_insecure: policy.allow_without_pkce_insecure
            && !kind.is_public()
            && stored.is_none_or(|stored| stored.allow_without_pkce_insecure),
        ..told(&said, secured(&said, stored.cloned().unwrap_or_default())?)?
    };
    if settings.subject_type == SubjectType::Pairwise && settings.has_grant(DEVICE_GRANT) {
        // Nothing is ever sent to its redirect addresses: they would not show that the sector is its own.
        return Err(MetadataError::metadata(
            "a client of devices cannot have names of a sector: `subject_type` has to be `public`",
        ));
    }
    Ok(Wanted { name: said.text("client_name")?, kind, settings, said: metadata_said::read(&said)? })
}

/// How its requests and proofs are secured. A client may ask for more than is stored, not for less (RFC 9126 §6, RFC 9101 §10.5, RFC 9449
/// §5.2); an algorithm that it is held to is its own affair.
fn secured(said: &Document<'_>, stored: ClientSettings) -> Result<ClientSettings, MetadataError> {
    let required = |name: &str, before: bool| said.flag(name).map(|now| now || before);
    Ok(ClientSettings {
        require_pushed_authorization_requests: required(
            "require_pushed_authorization_requests",
            stored.require_pushed_authorization_requests,
        )?,
        require_signed_request_object: required("require_signed_request_object", stored.require_signed_request_object)?,
        dpop_bound_access_tokens: required("dpop_bound_access_tokens", stored.dpop_bound_access_tokens)?,
        tls_client_certificate_bound_access_tokens: required(
            "tls_client_certificate_bound_access_tokens",
            stored.tls_client_certificate_bound_access_tokens,
        )?,
        tls_client_auth: certificate_name(said)?,
        request_object_signing_alg: said.word("request_object_signing_alg", SIGNED)?,
        token_endpoint_auth_signing_alg: said.word("token_endpoint_auth_signing_alg", SIGNED)?,
        authorization_signed_response_alg: said.word("authorization_signed_response_alg", SIGNED)?,
        ..stored
    })
}

/// Where it is led to, told and shown, and how answers for it are signed.
fn told(said: &Document<'_>, stored: ClientSettings) -> Result<ClientSettings, MetadataError> {
    let initiate_login_uri = said.text("initiate_login_uri")?;
    // OIDC Registration §2: RS256 unless something else is said.
    let id_token = said.word("id_token_signed_response_alg", SIGNED)?.unwrap_or_else(|| "RS256".to_owned());
    let encryption = encryption(said)?;
    // What is encrypted is signed: the client is told by what.
    let userinfo = said.word("userinfo_signed_response_alg", SIGNED)?;
    let userinfo = userinfo.or_else(|| encryption.userinfo.map(|_| id_token.clone()));
    Ok(ClientSettings {
        post_logout_redirect_uris: said.list("post_logout_redirect_uris")?.unwrap_or_default(),
        id_token_signed_response_alg: id_token,
        userinfo_signed_response_alg: userinfo,
        encryption,
        introspection_signed_response_alg: said.word("introspection_signed_response_alg", SIGNED)?,
        policy_uri: said.text("policy_uri")?,
        tos_uri: said.text("tos_uri")?,
        initiate_login_uri,
        default_max_age: max_age(said)?,
        subject_type: subject_type(said, stored.subject_type)?,
        access_token_format: token_format(said, stored.access_token_format)?,
        sector_identifier_uri: said.text("sector_identifier_uri")?,
        backchannel_logout_uri: said.text("backchannel_logout_uri")?,
        backchannel_logout_session_required: said.flag("backchannel_logout_session_required")?,
        frontchannel_logout_uri: said.text("frontchannel_logout_uri")?,
        frontchannel_logout_session_required: said.flag("frontchannel_logout_session_required")?,
        ..stored
    })
}

/// What is encrypted, and how: two members for each.
fn encryption(said: &Document<'_>) -> Result<Encryption, MetadataError> {
    let mut encryption = Encryption::default();
    for what in Encryptable::ALL {
        let (alg, enc) = what.metadata();
        let (alg, enc) = (said.text(alg)?, said.text(enc)?);
        let how = Encrypted::read(alg.as_deref(), enc.as_deref());
        encryption.set(what, how.map_err(|fault| MetadataError::metadata(fault.to_string()))?);
    }
    Ok(encryption)
}

/// RFC 8705 §2.1.2: "exactly one" of five; one of a client that proves itself otherwise is not kept.
fn certificate_name(said: &Document<'_>) -> Result<Option<CertificateName>, MetadataError> {
    let mut names = Vec::new();
    for kind in KINDS {
        names.extend(said.text(&format!("tls_client_auth_{kind}"))?.and_then(|name| CertificateName::of(kind, name)));
    }
    if said.text("token_endpoint_auth_method")?.as_deref() != Some(AuthMethod::TlsClientAuth.as_str()) {
        return Ok(None);
    }
    match (names.pop(), names.is_empty()) {
        (name, true) => Ok(name),
        _ => Err(MetadataError::metadata("give exactly one `tls_client_auth_…` name")),
    }
}

/// Whoever knows people by names of its sector does not get to know those of everybody later.
fn subject_type(said: &Document<'_>, stored: SubjectType) -> Result<SubjectType, MetadataError> {
    let asked = said.word("subject_type", &SubjectType::ALL.map(SubjectType::as_str))?;
    Ok(asked.as_deref().and_then(SubjectType::parse).filter(|_| stored == SubjectType::Public).unwrap_or(stored))
}

/// A setting of ours. Whose tokens say nothing gets none that do by a change of its own.
fn token_format(said: &Document<'_>, stored: AccessTokenFormat) -> Result<AccessTokenFormat, MetadataError> {
    let asked = said.word("access_token_format", &AccessTokenFormat::ALL.map(AccessTokenFormat::as_str))?;
    let asked = asked.as_deref().and_then(AccessTokenFormat::parse);
    Ok(asked.filter(|_| stored == AccessTokenFormat::Jwt).unwrap_or(stored))
}

fn key_set(said: &Document<'_>) -> Result<Option<Value>, MetadataError> {
    match said.get("jwks") {
        Some(set) if !set.is_object() => Err(MetadataError::metadata("`jwks` has to be a key set (RFC 7517 §5)")),
        set => Ok(set.cloned()),
    }
}

fn max_age(said: &Document<'_>) -> Result<Option<u32>, MetadataError> {
    let Some(value) = said.get("default_max_age") else { return Ok(None) };
    let seconds = value.as_u64().and_then(|seconds| u32::try_from(seconds).ok());
    seconds.map(Some).ok_or_else(|| MetadataError::metadata("`default_max_age` has to be a number of seconds"))
}

/// What kind of program it is: `application_type`, and whether it has a secret.
fn kind(said: &Document<'_>) -> Result<(ClientKind, AuthMethod), MetadataError> {
    let native = said.word("application_type", &["web", "native"])?.as_deref() == Some("native");
    let method = match said.text("token_endpoint_auth_method")? {
        None => AuthMethod::ClientSecretBasic,
        Some(text) => AuthMethod::parse(&text)
            .ok_or_else(|| MetadataError::metadata("`token_endpoint_auth_method` is none that is offered"))?,
    };
    match (native, method) {
        (true, AuthMethod::None) => Ok((ClientKind::Native, method)),
        (true, _) => Err(MetadataError::metadata(
            "an installed application keeps no secret: `token_endpoint_auth_method` has to be `none`",
        )),
        (false, AuthMethod::None) => Ok((ClientKind::Spa, method)),
        (false, _) => Ok((ClientKind::Web, method)),
    }
}

/// RFC 7591 §2.1: grant types and response types go together; there is one response type, and a client that is used on devices alone has none.
/// Of a client that is there already, only those that it has: also one that an operator gave it.
fn grant_types(
    said: &Document<'_>,
    policy: &Policy,
    stored: Option<&ClientSettings>,
) -> Result<Vec<String>, MetadataError> {
    let responses = said.list("response_types")?;
    if let Some(odd) = responses.iter().flatten().find(|word| *word != "code") {
        return Err(MetadataError::metadata(format!("the response type `{odd}` is not offered: only `code` is")));
    }
    let grants = said.list("grant_types")?.unwrap_or_else(|| vec!["authorization_code".to_owned()]);
    let has = |grant: &String| stored.is_some_and(|stored| stored.grant_types.contains(grant));
    let known = |grant: &String| match grant.as_str() {
        "authorization_code" | "refresh_token" => true,
        DEVICE_GRANT => policy.device_grant,
        _ => false,
    };
    if let Some(odd) = grants.iter().find(|grant| !known(grant) && !has(grant)) {
        let device = if policy.device_grant { format!(", `{DEVICE_GRANT}`") } else { String::new() };
        let text =
            format!("the grant type `{odd}` cannot be registered: `authorization_code`, `refresh_token`{device} can");
        return Err(MetadataError::metadata(text));
    }
    let grants: Vec<String> = grants.into_iter().filter(|grant| stored.is_none() || has(grant)).collect();
    let by = |name: &str| grants.iter().any(|grant| grant == name);
    let on_devices_alone = by(DEVICE_GRANT) && responses.is_some_and(|responses| responses.is_empty());
    if !by("authorization_code") && !on_devices_alone {
        return Err(MetadataError::metadata(
            "`grant_types` has to hold `authorization_code`, as `response_types` is `code`",
        ));
    }
    Ok(grants)
}

/// What it asks for, of what the policy lets it have; all of that if it asks for nothing.
fn scopes(
    said: &Document<'_>,
    policy: &Policy,
    (grants, stored): (&[String], Option<&ClientSettings>),
) -> Result<Vec<String>, MetadataError> {
    let refreshes = grants.iter().any(|grant| grant == "refresh_token");
    let held = |scope: &str| stored.is_none_or(|stored| stored.scopes.iter().any(|held| held == scope));
    let may = policy.scopes.iter().filter(|scope| held(scope) && (refreshes || *scope != "offline_access"));
    let asked = said.text("scope")?;
    let asked: Option<Vec<&str>> = asked.as_deref().map(|text| text.split(' ').collect());
    let scopes: Vec<String> =
        may.filter(|scope| asked.as_ref().is_none_or(|asked| asked.contains(&scope.as_str()))).cloned().collect();
    if scopes.is_empty() { Err(MetadataError::metadata("nothing of `scope` can be had")) } else { Ok(scopes) }
}

/// A page calls from where it is led back to.
fn origins(redirect_uris: &[String]) -> Vec<String> {
    let origins = redirect_uris.iter().filter_map(|uri| Some(url::Url::parse(uri).ok()?.origin()));
    let mut origins: Vec<String> =
        origins.filter(url::Origin::is_tuple).map(|origin| origin.ascii_serialization()).collect();
    origins.sort();
    origins.dedup();
    origins
}
