//! What the provider says about itself: metadata, under both well-known names (OIDC Discovery §3, RFC 8414 §3), and its
//! keys (RFC 7517).

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::claims::RELEASED;
use super::details;
use super::device;
use super::error::OAuthError;
use super::pushed;
use super::registration;
use super::scopes;
use super::session_state;
use super::settings::Settings;
use super::state::Oidc;
use super::token;
use crate::directory::client::model::{AuthMethod, DEVICE_GRANT, EXCHANGE_GRANT, SubjectType};
use crate::locale::Locale;
use crate::proofs::{Algorithm, ContentEncryption, KeyManagement};
use crate::sessions::model::{ACR_APP, ACR_ONE_FACTOR, ACR_PHISHING_RESISTANT, ACR_TWO_FACTORS};
use crate::web::layers::direct;
use crate::web::listener::Published;
use crate::web::mtls::Mtls;
use crate::web::respond::published;
use crate::web::{App, RequestInfo};

/// Where the metadata is: OIDC Discovery §4, RFC 8414 §3.
pub(super) const CONFIGURATION: [&str; 2] =
    ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

/// Where the keys are.
pub(super) const JWKS: &str = "/oauth2/jwks";

/// What an ID token says of itself and of the sign-in.
const OF_FRAME: [&str; 9] = ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid"];

/// What is encrypted, as metadata call it.
const ENCRYPTED: [&str; 4] = ["id_token", "userinfo", "introspection", "authorization"];

/// Endpoints that are also where clients with certificates reach us (RFC 8705 §5), and their paths.
const ALIASED: [(&str, &str); 6] = [
    ("token_endpoint", token::PATH),
    ("pushed_authorization_request_endpoint", pushed::PATH),
    ("device_authorization_endpoint", device::PATH),
    ("introspection_endpoint", "/oauth2/introspect"),
    ("revocation_endpoint", "/oauth2/revoke"),
    ("userinfo_endpoint", "/oauth2/userinfo"),
];

/// The metadata. Only registered members: conformance suites count others.
pub(super) fn metadata(issuer: &str, app: &App, settings: &Settings) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    let mut metadata = endpoints(issuer);
    metadata.extend(offers(app));
    metadata.extend(encryption(settings));
    metadata.extend(authentication(&app.mtls));
    if let Some(base) = app.mtls.alias() {
        let aliases = ALIASED.map(|(name, path)| (name.to_owned(), Value::from(format!("{base}{path}"))));
        metadata.insert("mtls_endpoint_aliases".to_owned(), Value::Object(aliases.into_iter().collect()));
    }
    if app.agreements.are_published() {
        metadata.insert("op_tos_uri".to_owned(), at("/terms").into());
    }
    if settings.session_management {
        metadata.insert("check_session_iframe".to_owned(), at(session_state::FRAME).into());
    }
    Value::Object(metadata)
}

/// Where things are.
fn endpoints(issuer: &str) -> Map<String, Value> {
    let at = |path: &str| format!("{issuer}{path}");
    members(json!({
        "issuer": issuer,
        "authorization_endpoint": at("/oauth2/authorize"),
        "token_endpoint": at("/oauth2/token"),
        "userinfo_endpoint": at("/oauth2/userinfo"),
        "introspection_endpoint": at("/oauth2/introspect"),
        "introspection_endpoint_auth_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "introspection_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "revocation_endpoint": at("/oauth2/revoke"),
        "revocation_endpoint_auth_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "pushed_authorization_request_endpoint": at(pushed::PATH),
        "require_pushed_authorization_requests": false,
        "device_authorization_endpoint": at(device::PATH),
        "dpop_signing_alg_values_supported": Algorithm::STRONG.map(Algorithm::as_str),
        "registration_endpoint": at(registration::PATH),
        "jwks_uri": at(JWKS),
        "end_session_endpoint": at("/oauth2/logout"),
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    }))
}

/// How clients prove themselves, and whether their tokens can be bound to certificates (RFC 8705 §2.1.1, §2.2.1, §3.3).
fn authentication(mtls: &Mtls) -> Map<String, Value> {
    let offered = |method: &AuthMethod| match method {
        AuthMethod::TlsClientAuth => mtls.knows_authorities(),
        AuthMethod::SelfSignedTlsClientAuth => mtls.is_offered(),
        _ => true,
    };
    let methods: Vec<&str> = AuthMethod::ALL.iter().filter(|method| offered(method)).map(|one| one.as_str()).collect();
    let proved: Vec<&str> = methods.iter().copied().filter(|method| *method != AuthMethod::None.as_str()).collect();
    let mut told = members(json!({
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": proved,
    }));
    if mtls.is_offered() {
        told.insert("tls_client_certificate_bound_access_tokens".to_owned(), true.into());
    }
    told
}

/// What can be had there.
fn offers(app: &App) -> Map<String, Value> {
    // A password alone, where a remembered browser is asked for nothing more (ADR 0019).
    let alone = (!app.remember_for.is_zero()).then_some(ACR_ONE_FACTOR);
    let acr_values: Vec<&str> = [ACR_PHISHING_RESISTANT, ACR_APP, ACR_TWO_FACTORS].into_iter().chain(alone).collect();
    let told = RELEASED.into_iter().map(|(name, _)| name).filter(|name| *name != "companyId");
    let claims: Vec<&str> = OF_FRAME.into_iter().chain(told).collect();
    members(json!({
        "scopes_supported": scopes::OF_CLAIMS.into_iter().chain([scopes::OFFLINE]).collect::<Vec<_>>(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post", "jwt", "query.jwt", "form_post.jwt"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", DEVICE_GRANT, EXCHANGE_GRANT],
        "subject_types_supported": SubjectType::ALL.map(SubjectType::as_str),
        "id_token_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "userinfo_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "authorization_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "request_object_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "token_endpoint_auth_signing_alg_values_supported": Algorithm::ALL.map(Algorithm::as_str),
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "acr_values_supported": acr_values,
        "claims_supported": claims,
        "authorization_details_types_supported": details::TYPES,
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "require_signed_request_object": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "ui_locales_supported": Locale::ALL.map(Locale::tag),
    }))
}

/// How answers are encrypted to clients, and requests to us (OIDC Discovery §3, RFC 9701 §7, JARM §4).
fn encryption(settings: &Settings) -> Map<String, Value> {
    let (algs, encs) =
        (KeyManagement::ALL.map(KeyManagement::as_str), ContentEncryption::ALL.map(ContentEncryption::as_str));
    let told = |what: &str| {
        [
            (format!("{what}_encryption_alg_values_supported"), json!(algs)),
            (format!("{what}_encryption_enc_values_supported"), json!(encs)),
        ]
    };
    let taken = settings.request_object_encryption.then_some("request_object");
    ENCRYPTED.into_iter().chain(taken).flat_map(told).collect()
}

fn members(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// `GET /.well-known/openid-configuration`
pub(super) async fn configuration(State(oidc): State<Oidc>, headers: HeaderMap) -> Response {
    published(&oidc.discovery, &headers)
}

/// `GET /oauth2/jwks`
pub(super) async fn jwks(State(oidc): State<Oidc>, info: RequestInfo, headers: HeaderMap) -> Response {
    match oidc.tokens.keys.ring(&oidc.app.db, info.now).await {
        Ok(ring) => published(ring.jwks(), &headers),
        Err(error) => OAuthError::from(error).into_response(),
    }
}

/// Answers for the documents above straight from memory: relying parties ask for them all the time. What is not at hand (keys that
/// are to be compared with the database first) and every other request is left to the routes.
pub fn ready(oidc: Oidc) -> Published {
    Arc::new(move |request| {
        let path = Some(request.uri().path()).filter(|_| request.method() == Method::GET)?;
        if CONFIGURATION.contains(&path) {
            return Some(direct(&oidc.app, request, || published(&oidc.discovery, request.headers())));
        }
        let ring = (path == JWKS).then(|| oidc.tokens.keys.fresh_ring(oidc.app.clock.now())).flatten()?;
        Some(direct(&oidc.app, request, || published(ring.jwks(), request.headers())))
    })
}
