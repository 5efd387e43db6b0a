//! The ordered checks on an authorization request. Pure. The first two decide whether there is anywhere to redirect to.

use super::request::{AuthorizeRequest, Prompt};
use super::respond::ResponseMode;
use crate::directory::client::model::{Client, ClientKind, ClientProfile, DEVICE_GRANT};
use crate::oidc::claims_request::ClaimsRequest;
use crate::oidc::details;
use crate::oidc::error::OAuthError;
use crate::oidc::params::Parameters;
use crate::oidc::{pkce, scopes};
use crate::proofs::dpop;

/// Longest `state`, in octets; it comes back to the client in a URL.
const MAX_STATE: usize = 2048;
/// Longest `nonce`, in octets; it is stored.
const MAX_NONCE: usize = 512;

/// The redirect URI, if it is one of the client's octet by octet (OA-01; RFC 9700 §2.1). Otherwise there is no redirect.
pub(super) fn redirect_uri<'a>(parameters: &'a Parameters, client: &Client) -> Result<&'a str, OAuthError> {
    let uri = parameters.require("redirect_uri", "redirect_uri is missing")?;
    let registered = &client.settings.redirect_uris;
    let exact = registered.iter().any(|other| other == uri);
    let loopback =
        || client.kind == ClientKind::Native && registered.iter().any(|other| differs_in_loopback_port(other, uri));
    if exact || loopback() {
        Ok(uri)
    } else {
        Err(OAuthError::InvalidRequest("redirect_uri is not registered for this client"))
    }
}

/// RFC 8252 §7.3: any port, but only on the IP literals (OA-02), and everything behind it equal.
fn differs_in_loopback_port(registered: &str, uri: &str) -> bool {
    matches!((without_port(registered), without_port(uri)), (Some(left), Some(right)) if left == right)
}

fn without_port(uri: &str) -> Option<(&str, &str)> {
    let host = ["http://127.0.0.1", "http://[::1]"].into_iter().find(|host| uri.starts_with(host))?;
    let rest = uri.strip_prefix(host)?;
    let rest = match rest.strip_prefix(':') {
        Some(port) => {
            let digits = port.bytes().take_while(u8::is_ascii_digit).count();
            port.get(..digits)?.parse::<u16>().ok()?;
            port.get(digits..)?
        }
        None => rest,
    };
    rest.starts_with('/').then_some((host, rest))
}

/// How the answer is sent; an odd mode is refused before anything is sent anywhere (OA-16).
pub(super) fn response_mode(parameters: &Parameters) -> Result<ResponseMode, OAuthError> {
    match parameters.get("response_mode") {
        None | Some("query") => Ok(ResponseMode { form: false, signed: false }),
        Some("form_post") => Ok(ResponseMode { form: true, signed: false }),
        Some("jwt" | "query.jwt") => Ok(ResponseMode { form: false, signed: true }),
        Some("form_post.jwt") => Ok(ResponseMode { form: true, signed: true }),
        Some(_) => {
            Err(OAuthError::InvalidRequest("response_mode must be query, form_post, jwt, query.jwt or form_post.jwt"))
        }
    }
}

/// `state`, which every answer repeats; one that is too long is not repeated.
pub(super) fn state(parameters: &Parameters) -> Option<String> {
    parameters.get("state").filter(|state| state.len() <= MAX_STATE).map(str::to_owned)
}

/// A request as a whole, before any browser has it (RFC 9126 §2.1).
pub(in crate::oidc) fn whole(
    parameters: &Parameters,
    client: &Client,
    signed: bool,
    issuer: &str,
) -> Result<(), OAuthError> {
    let redirect_uri = redirect_uri(parameters, client)?;
    response_mode(parameters)?;
    request(parameters, client, (redirect_uri, Way { pushed: true, signed }), issuer).map(drop)
}

/// How a request came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Way {
    /// From the client itself, not only by a browser.
    pub(super) pushed: bool,
    /// Signed by the client. What was pushed was judged when it was.
    pub(super) signed: bool,
}

/// Everything else; errors from here on go back to the client.
pub(super) fn request(
    parameters: &Parameters,
    client: &Client,
    (redirect_uri, way): (&str, Way),
    issuer: &str,
) -> Result<AuthorizeRequest, OAuthError> {
    if !way.pushed && client.settings.requires_pushed_requests() {
        return Err(OAuthError::InvalidRequest("this client has to push its requests (RFC 9126)"));
    }
    if !way.signed && client.settings.require_signed_request_object {
        return Err(OAuthError::InvalidRequest("this client has to sign its requests (RFC 9101)"));
    }
    no_request_object(parameters)?;
    response_type(parameters)?;
    grant(client)?;
    resource(parameters, issuer)?;
    limited(parameters, "state", MAX_STATE, "state is too long")?;
    let asked = asked(parameters, client)?;
    Ok(AuthorizeRequest {
        redirect_uri: redirect_uri.to_owned(),
        code_challenge: code_challenge(parameters, client)?,
        prompt: prompt(parameters)?,
        ..asked
    })
}

/// The request of a device (RFC 8628 §3.1): what can be asked for is the same, but there is nowhere to lead to and no page that the
/// application chooses.
pub(in crate::oidc) fn of_device(
    parameters: &Parameters,
    client: &Client,
    issuer: &str,
) -> Result<AuthorizeRequest, OAuthError> {
    if !client.settings.has_grant(DEVICE_GRANT) {
        return Err(OAuthError::UnauthorizedClient);
    }
    if parameters.get("request").is_some() {
        return Err(OAuthError::InvalidRequest("the request of a device is not signed"));
    }
    if client.settings.require_signed_request_object {
        return Err(OAuthError::InvalidRequest("this client has to sign its requests (RFC 9101)"));
    }
    no_request_object(parameters)?;
    resource(parameters, issuer)?;
    asked(parameters, client)
}

/// What can be asked for wherever a request begins.
fn asked(parameters: &Parameters, client: &Client) -> Result<AuthorizeRequest, OAuthError> {
    let scope = scopes::granted(parameters.get("scope"), &client.settings)?;
    let asked = ClaimsRequest::read(parameters.get("claims"), &client.settings)?;
    Ok(AuthorizeRequest {
        redirect_uri: String::new(),
        consent_scope: scopes::joined(&scope, &asked.scopes()),
        scope,
        claims: asked.claims,
        details: details::parse(parameters.get("authorization_details"))?,
        subject: asked.subject,
        essential_acr: asked.essential_acr,
        acr_values: limited(parameters, "acr_values", 500, "acr_values is too long")?
            .map(|values| values.split(' ').map(str::to_owned).collect())
            .unwrap_or_default(),
        nonce: limited(parameters, "nonce", MAX_NONCE, "nonce is too long")?,
        code_challenge: None,
        dpop_jkt: dpop_jkt(parameters)?,
        prompt: Prompt::default(),
        max_age: max_age(parameters)?.or(client.settings.default_max_age.map(u64::from)),
        login_hint: limited(parameters, "login_hint", 254, "login_hint is too long")?,
        ui_locales: limited(parameters, "ui_locales", 254, "ui_locales is too long")?,
    })
}

/// OIDC Core §3.1.2.6: never fetched (OA-19). A request object by value was opened before.
fn no_request_object(parameters: &Parameters) -> Result<(), OAuthError> {
    if parameters.get("request_uri").is_some() {
        return Err(OAuthError::RequestUriNotSupported);
    }
    if parameters.get("registration").is_some() {
        return Err(OAuthError::RegistrationNotSupported);
    }
    Ok(())
}

/// RFC 8707 §2: access tokens are for our own APIs; nothing else can be had.
pub(in crate::oidc) fn resource(parameters: &Parameters, issuer: &str) -> Result<(), OAuthError> {
    match parameters.get("resource") {
        Some(resource) if resource != issuer => Err(OAuthError::InvalidTarget),
        _ => Ok(()),
    }
}

/// Code flow only (OA-15; RFC 9700 §2.1.2).
fn response_type(parameters: &Parameters) -> Result<(), OAuthError> {
    match parameters.require("response_type", "response_type is missing")? {
        "code" => Ok(()),
        _ => Err(OAuthError::UnsupportedResponseType),
    }
}

fn grant(client: &Client) -> Result<(), OAuthError> {
    if client.settings.has_grant("authorization_code") { Ok(()) } else { Err(OAuthError::UnauthorizedClient) }
}

/// PKCE with S256, unless a confidential client was exempted by name (OA-06, OA-08).
fn code_challenge(parameters: &Parameters, client: &Client) -> Result<Option<String>, OAuthError> {
    let method = parameters.get("code_challenge_method");
    let Some(challenge) = parameters.get("code_challenge") else {
        let settings = &client.settings;
        let exempted = settings.allow_without_pkce_insecure
            && settings.profile != ClientProfile::Fapi2
            && !client.kind.is_public()
            && method.is_none();
        return if exempted { Ok(None) } else { Err(OAuthError::InvalidRequest("code_challenge is missing")) };
    };
    if method != Some("S256") {
        return Err(OAuthError::InvalidRequest("code_challenge_method must be S256"));
    }
    if !pkce::is_challenge(challenge) {
        return Err(OAuthError::InvalidRequest("code_challenge must be the base64url of a SHA-256"));
    }
    Ok(Some(challenge.to_owned()))
}

/// RFC 9449 §10.
fn dpop_jkt(parameters: &Parameters) -> Result<Option<String>, OAuthError> {
    match parameters.get("dpop_jkt") {
        Some(jkt) if !dpop::is_thumbprint(jkt) => {
            Err(OAuthError::InvalidRequest("dpop_jkt must be the base64url of a SHA-256"))
        }
        jkt => Ok(jkt.map(str::to_owned)),
    }
}

fn prompt(parameters: &Parameters) -> Result<Prompt, OAuthError> {
    let words: Vec<&str> = parameters.get("prompt").unwrap_or_default().split_ascii_whitespace().collect();
    let mut prompt = Prompt::default();
    for word in &words {
        match *word {
            "none" => prompt.none = true,
            "login" | "select_account" => prompt.sign_in = true,
            "consent" => prompt.consent = true,
            _ => return Err(OAuthError::InvalidRequest("prompt has an unknown value")),
        }
    }
    if prompt.none && words.len() > 1 {
        return Err(OAuthError::InvalidRequest("prompt=none stands alone"));
    }
    Ok(prompt)
}

fn max_age(parameters: &Parameters) -> Result<Option<u64>, OAuthError> {
    let parsed = parameters
        .get("max_age")
        .map(|text| text.parse().map_err(|_| OAuthError::InvalidRequest("max_age must be a number of seconds")));
    parsed.transpose()
}

fn limited(
    parameters: &Parameters,
    name: &str,
    max: usize,
    too_long: &'static str,
) -> Result<Option<String>, OAuthError> {
    match parameters.get(name) {
        Some(text) if text.len() > max => Err(OAuthError::InvalidRequest(too_long)),
        text => Ok(text.map(str::to_owned)),
    }
}

#[cfg(test)]
#[path = "checks_tests.rs"]
mod tests;
