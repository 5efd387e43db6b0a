//! How a client proves itself and by which rules: the part of its form about keys, profiles and proofs.

use serde_json::Value;

use super::plain::Section;
use crate::directory::client::keys_rules::KeysFault;
use crate::directory::client::model::{AuthMethod, ClientKind, ClientProfile, ClientSettings};
use crate::directory::client::token_format::AccessTokenFormat;
use crate::portal::form::Reader;
use crate::proofs::certificate::name::{KINDS, LONGEST};
use crate::proofs::key_set::SetFault;
use crate::proofs::{Algorithm, CertificateName};
use crate::web::{Choice, Field, Form, Page};

/// The methods of those that can prove themselves.
const METHODS: [AuthMethod; 5] = [
    AuthMethod::ClientSecretBasic,
    AuthMethod::ClientSecretPost,
    AuthMethod::PrivateKeyJwt,
    AuthMethod::TlsClientAuth,
    AuthMethod::SelfSignedTlsClientAuth,
];

/// Longest key set that the form takes.
const LONGEST_SET: usize = 32_768;

/// The choice of a method.
pub(super) fn method(page: &Page, settings: &ClientSettings) -> Field {
    let present = match settings.token_endpoint_auth_method {
        AuthMethod::None => AuthMethod::ClientSecretBasic,
        method => method,
    };
    let choices = METHODS.map(|method| Choice::new(method.as_str(), method.as_str(), present.as_str())).to_vec();
    Field::select(page, "method", "client-auth", choices)
}

/// Everything else about it.
pub(super) fn section(page: &Page, kind: Option<ClientKind>, settings: &ClientSettings) -> Section {
    let mut fields = Vec::new();
    if kind.is_none_or(|kind| !kind.is_public()) {
        fields.extend(keys(page, settings));
        fields.extend(certificate(page, settings));
    }
    if kind != Some(ClientKind::Machine) {
        let pushed = settings.require_pushed_authorization_requests;
        fields.push(Field::checkbox(page, "pushed", "client-pushed", pushed).hint(page, "client-pushed-hint"));
    }
    if kind != Some(ClientKind::Machine) {
        let signed = settings.require_signed_request_object;
        fields.push(Field::checkbox(page, "signed", "client-signed", signed).hint(page, "client-signed-hint"));
        let present = settings.authorization_signed_response_alg.as_deref().unwrap_or_default();
        let mut algorithms = vec![Choice::new("", page.t("client-answer-alg-same"), present)];
        algorithms.extend(Algorithm::ALL.map(|one| Choice::new(one.as_str(), one.as_str(), present)));
        fields.push(Field::select(page, "answer_algorithm", "client-answer-alg", algorithms).filter());
        let grace = settings.refresh_grace_seconds.map(|seconds| seconds.to_string()).unwrap_or_default();
        let field =
            Field { input_mode: Some("numeric"), narrow: true, max: 2, ..Field::text(page, "grace", "client-grace") };
        fields.push(field.hint(page, "client-grace-hint").optional(page).value(grace));
    }
    let present = settings.access_token_format.as_str();
    let formats = AccessTokenFormat::ALL.map(|one| {
        let word = one.as_str();
        Choice::new(word, page.t(&format!("client-token-format-{word}")), present)
    });
    let field = Field::select(page, "token_format", "client-token-format", formats.to_vec());
    fields.push(field.hint(page, "client-token-format-hint"));
    let bound = settings.dpop_bound_access_tokens;
    fields.push(Field::checkbox(page, "bound", "client-bound", bound).hint(page, "client-bound-hint"));
    let bound = settings.tls_client_certificate_bound_access_tokens;
    let field = Field::checkbox(page, "certificate_bound", "client-certificate-bound", bound);
    fields.push(field.hint(page, "client-certificate-bound-hint"));
    let nonce = settings.require_dpop_nonce;
    fields.push(Field::checkbox(page, "dpop_nonce", "client-dpop-nonce", nonce).hint(page, "client-dpop-nonce-hint"));
    Section { title: Some(page.t("client-security")), folded: true, fields }
}

/// Rules, keys, and where keys are.
fn keys(page: &Page, settings: &ClientSettings) -> [Field; 3] {
    let set = settings.jwks.as_ref().map(|set| format!("{set:#}")).unwrap_or_default();
    let address = Field { kind: "url", max: 2_000, ..Field::text(page, "jwks_uri", "client-jwks-uri") };
    let profiles = [ClientProfile::Compat, ClientProfile::Fapi2].map(|profile| {
        let word = profile.as_str();
        Choice::new(word, page.t(&format!("client-profile-{word}")), settings.profile.as_str())
    });
    [
        Field::select(page, "profile", "client-profile", profiles.to_vec()).hint(page, "client-profile-hint"),
        Field { max: LONGEST_SET, ..Field::lines(page, "jwks", "client-jwks") }
            .hint(page, "client-jwks-hint")
            .optional(page)
            .value(set),
        address.hint(page, "client-jwks-uri-hint").optional(page).value(settings.jwks_uri.clone().unwrap_or_default()),
    ]
}

/// The name that its certificate has.
fn certificate(page: &Page, settings: &ClientSettings) -> [Field; 2] {
    let (kind, name) = settings.tls_client_auth.as_ref().map_or((KINDS[0], ""), |name| (name.kind(), name.as_str()));
    let kinds = KINDS.map(|one| Choice::new(one, page.t(&format!("client-certificate-{one}")), kind)).to_vec();
    let field = Field { max: LONGEST, ..Field::text(page, "certificate_name", "client-certificate-name") };
    [
        Field::select(page, "certificate_kind", "client-certificate-kind", kinds).filter(),
        field.hint(page, "client-certificate-name-hint").optional(page).value(name.to_owned()),
    ]
}

/// Reads them over the settings as they are; a form without them changes nothing of them.
pub(super) fn read(
    reader: &mut Reader<'_>,
    (page, form): (&Page, &Form),
    kind: ClientKind,
    settings: &mut ClientSettings,
) {
    settings.token_endpoint_auth_method = match AuthMethod::parse(form.text("method")) {
        _ if kind.is_public() => AuthMethod::None,
        Some(method) if METHODS.contains(&method) => method,
        _ => AuthMethod::ClientSecretBasic,
    };
    if let Some(format) = AccessTokenFormat::parse(form.text("token_format")) {
        settings.access_token_format = format;
    }
    settings.dpop_bound_access_tokens = form.has("bound");
    settings.tls_client_certificate_bound_access_tokens = form.has("certificate_bound");
    settings.require_dpop_nonce = form.has("dpop_nonce");
    if kind != ClientKind::Machine {
        settings.require_pushed_authorization_requests = form.has("pushed");
        settings.require_signed_request_object = form.has("signed");
        settings.authorization_signed_response_alg = form.given("answer_algorithm").map(str::to_owned);
        match form.given("grace").map(str::parse).transpose() {
            Ok(grace) => settings.refresh_grace_seconds = grace,
            Err(_) => reader.fail("grace", page.t("client-error-lifetime")),
        }
    }
    if kind.is_public() {
        return;
    }
    if let Some(profile) = ClientProfile::parse(form.text("profile")) {
        settings.profile = profile;
    }
    if form.has("certificate_kind") {
        let name = form.given("certificate_name").map(str::to_owned);
        settings.tls_client_auth = name.and_then(|name| CertificateName::of(form.text("certificate_kind"), name));
    }
    if form.has("jwks_uri") {
        settings.jwks_uri = form.given("jwks_uri").map(str::to_owned);
    }
    if form.has("jwks") {
        match form.given("jwks").map(serde_json::from_str::<Value>).transpose() {
            Ok(set) => settings.jwks = set,
            Err(_) => reader.fail("jwks", page.t("client-error-jwks")),
        }
    }
}

/// What is wrong with the keys, and at which field.
pub(super) fn explain(page: &Page, fault: &KeysFault) -> (&'static str, String) {
    match fault {
        KeysFault::Missing => ("jwks", page.t("client-error-jwks-missing")),
        KeysFault::Both => ("jwks_uri", page.t("client-error-jwks-both")),
        KeysFault::Set(SetFault::Key(number, _)) => ("jwks", page.t1("client-error-jwks-key", "number", number)),
        KeysFault::Set(SetFault::Certificate(number)) => {
            ("jwks", page.t1("client-error-jwks-certificate", "number", number))
        }
        KeysFault::Set(SetFault::Shape) => ("jwks", page.t("client-error-jwks-shape")),
        KeysFault::Set(SetFault::Many) => ("jwks", page.t("client-error-jwks-many")),
        KeysFault::Set(SetFault::Twins) => ("jwks", page.t("client-error-jwks-twins")),
        KeysFault::NoRecipient | KeysFault::Set(SetFault::NoRecipient(_)) => {
            ("jwks", page.t("client-error-no-recipient"))
        }
        KeysFault::Set(SetFault::Empty) => ("jwks", page.t("client-error-jwks-empty")),
        KeysFault::Long => ("jwks", page.t1("error-too-long", "field", page.t("client-jwks"))),
        KeysFault::Address(uri) => ("jwks_uri", page.t1("client-error-endpoint", "address", uri)),
        KeysFault::NameMissing => ("certificate_name", page.t("client-error-certificate-missing")),
        KeysFault::Name(_) => ("certificate_name", page.t("client-error-certificate-name")),
        KeysFault::Weak => ("method", page.t("client-error-fapi2")),
        KeysFault::Device => ("device", page.t("client-error-fapi2-device")),
        KeysFault::WithoutPkce => ("without_pkce", page.t("client-error-fapi2-pkce")),
        KeysFault::WeakSignature => ("algorithm", page.t("client-error-fapi2-alg")),
        KeysFault::PlainRedirect(uri) => ("redirects", page.t1("client-error-fapi2-redirect", "address", uri)),
        KeysFault::Grace => ("grace", page.t("client-error-lifetime")),
    }
}
