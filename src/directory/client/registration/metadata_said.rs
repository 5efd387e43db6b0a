//! What a client says about itself that no setting keeps: read, kept, and repeated. And the settings as metadata again. Pure.

use serde_json::{Map, Value, json};

use super::metadata::{Document, MetadataError};
use crate::directory::client::encryption::Encryptable;
use crate::directory::client::model::{Client, ClientKind};
use crate::directory::client::token_format::AccessTokenFormat;
use crate::proofs::Encrypted;

/// Texts that are repeated.
const TEXTS: [&str; 4] = ["client_uri", "logo_uri", "software_id", "software_version"];
/// Addresses among them; https, as they may be shown.
const LINKS: [&str; 2] = ["client_uri", "logo_uri"];

pub(super) fn read(said: &Document<'_>) -> Result<Map<String, Value>, MetadataError> {
    let mut kept = Map::new();
    for name in TEXTS {
        let Some(text) = said.text(name)? else { continue };
        if LINKS.contains(&name) && !crate::directory::client::rules::is_link(&text) {
            return Err(MetadataError::Metadata(format!("`{name}` has to be an https address without a user name")));
        }
        kept.insert(name.to_owned(), json!(text));
    }
    for name in ["contacts", "default_acr_values"] {
        if let Some(list) = said.list(name)? {
            kept.insert(name.to_owned(), json!(list));
        }
    }
    // What a client may do, and may leave (OIDC Registration §2).
    let (alg, enc) = ("request_object_encryption_alg", "request_object_encryption_enc");
    let named = (said.text(alg)?, said.text(enc)?);
    let declared = Encrypted::read(named.0.as_deref(), named.1.as_deref());
    if let Some(how) = declared.map_err(|fault| MetadataError::Metadata(fault.to_string()))? {
        kept.extend([(alg.to_owned(), json!(how.alg)), (enc.to_owned(), json!(how.enc))]);
    }
    // Every ID token tells when the person signed in.
    if said.flag("require_auth_time")? {
        kept.insert("require_auth_time".to_owned(), json!(true));
    }
    Ok(kept)
}

/// The metadata of a client as it is registered now (RFC 7591 §3.2.1).
pub fn describe(client: &Client, said: &Map<String, Value>) -> Map<String, Value> {
    let settings = &client.settings;
    let method = settings.token_endpoint_auth_method.as_str();
    let is_opaque = settings.access_token_format == AccessTokenFormat::Opaque;
    let told = [
        ("client_name", json!(client.name)),
        ("application_type", json!(if client.kind == ClientKind::Native { "native" } else { "web" })),
        ("redirect_uris", json!(settings.redirect_uris)),
        ("response_types", json!(if settings.has_grant("authorization_code") { &["code"][..] } else { &[] })),
        ("grant_types", json!(settings.grant_types)),
        ("token_endpoint_auth_method", json!(method)),
        ("jwks", json!(settings.jwks)),
        ("jwks_uri", json!(settings.jwks_uri)),
        ("require_pushed_authorization_requests", json!(settings.require_pushed_authorization_requests)),
        ("require_signed_request_object", json!(settings.require_signed_request_object)),
        ("dpop_bound_access_tokens", json!(settings.dpop_bound_access_tokens)),
        ("tls_client_certificate_bound_access_tokens", json!(settings.tls_client_certificate_bound_access_tokens)),
        ("request_object_signing_alg", json!(settings.request_object_signing_alg)),
        ("token_endpoint_auth_signing_alg", json!(settings.token_endpoint_auth_signing_alg)),
        ("authorization_signed_response_alg", json!(settings.authorization_signed_response_alg)),
        ("scope", json!(settings.scopes.join(" "))),
        ("subject_type", json!(settings.subject_type.as_str())),
        ("access_token_format", json!(is_opaque.then_some("opaque"))),
        ("sector_identifier_uri", json!(settings.sector_identifier_uri)),
        ("id_token_signed_response_alg", json!(settings.id_token_signed_response_alg)),
        ("userinfo_signed_response_alg", json!(settings.userinfo_signed_response_alg)),
        ("introspection_signed_response_alg", json!(settings.introspection_signed_response_alg)),
        ("policy_uri", json!(settings.policy_uri)),
        ("tos_uri", json!(settings.tos_uri)),
        ("initiate_login_uri", json!(settings.initiate_login_uri)),
        ("default_max_age", json!(settings.default_max_age)),
        ("post_logout_redirect_uris", json!(settings.post_logout_redirect_uris)),
        ("backchannel_logout_uri", json!(settings.backchannel_logout_uri)),
        ("backchannel_logout_session_required", json!(settings.backchannel_logout_session_required)),
        ("frontchannel_logout_uri", json!(settings.frontchannel_logout_uri)),
        ("frontchannel_logout_session_required", json!(settings.frontchannel_logout_session_required)),
    ];
    // A client for devices alone has no response type, and that has to be said.
    let is_said = |name: &str, value: &Value| {
        name == "response_types" || !value.is_null() && *value != json!(false) && *value != json!([])
    };
    let told = told.into_iter().filter(|(name, value)| is_said(name, value));
    let certificate = settings.tls_client_auth.iter();
    let certificate = certificate.map(|name| (format!("tls_client_auth_{}", name.kind()), json!(name.as_str())));
    let told = told.map(|(name, value)| (name.to_owned(), value));
    let encrypted = Encryptable::ALL.into_iter().filter_map(|what| Some((what, settings.encryption.of(what)?)));
    let encrypted = encrypted.flat_map(|(what, how)| {
        let (alg, enc) = what.metadata();
        [(alg.to_owned(), json!(how.alg)), (enc.to_owned(), json!(how.enc))]
    });
    said.clone().into_iter().chain(told).chain(certificate).chain(encrypted).collect()
}
