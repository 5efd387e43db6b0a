//! The settings of an OIDC client as a form: what is asked first, what is asked only when wanted, and what can be wrong.

use super::plain::Section;
use super::{client_encryption, client_provisioning, client_security};
use crate::directory::client::manage::ClientError;
use crate::directory::client::model::{ClientKind, ClientSettings, DEVICE_GRANT, SubjectType};
use crate::directory::client::rules::Fault;
use crate::kernel::text;
use crate::kernel::time::Timestamp;
use crate::portal::form::{Errors, Reader, describe};
use crate::web::{Choice, Field, Form, Page};

/// The algorithms that ID tokens can be signed with.
const ALGORITHMS: [&str; 4] = ["ES256", "RS256", "PS256", "EdDSA"];

/// What a form came to.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) name: String,
    pub(super) settings: ClientSettings,
}

/// The fields; those that make no sense for a kind are left out once the kind is known.
pub(super) fn sections(page: &Page, kind: Option<ClientKind>, settings: &ClientSettings) -> Vec<Section> {
    let signs_in = kind != Some(ClientKind::Machine);
    let has_secret = kind.is_none_or(|kind| !kind.is_public());
    let mut first = Vec::new();
    if signs_in {
        let redirects = Field::lines(page, "redirects", "client-redirects").hint(page, "client-redirects-hint");
        first.push(redirects.filter().value(settings.redirect_uris.join("\n")));
        let logout = Field::lines(page, "logout_redirects", "client-logout-redirects");
        first.push(logout.optional(page).value(settings.post_logout_redirect_uris.join("\n")));
        first.push(endpoint(page, ("logout_uri", "client-logout-uri"), settings.backchannel_logout_uri.as_ref()));
        first.push(endpoint(page, ("frame_uri", "client-frame-uri"), settings.frontchannel_logout_uri.as_ref()));
    }
    if has_secret {
        first.push(client_security::method(page, settings));
    }
    let advanced =
        Section { title: Some(page.t("client-advanced")), folded: true, fields: advanced(page, kind, settings) };
    let mut sections = vec![Section { fields: first, ..Section::default() }];
    sections.extend(client_provisioning::section(page, kind, settings));
    sections.push(client_security::section(page, kind, settings));
    sections.extend(client_encryption::section(page, kind, settings));
    sections.push(advanced);
    sections
}

fn advanced(page: &Page, kind: Option<ClientKind>, settings: &ClientSettings) -> Vec<Field> {
    let number = |name: &str, label: &str, value: u32| Field {
        input_mode: Some("numeric"),
        narrow: true,
        max: 8,
        ..Field::text(page, name, label).value(value.to_string())
    };
    let mut fields = vec![
        number("access_lifetime", "client-access-lifetime", settings.access_token_lifetime)
            .hint(page, "client-access-lifetime-hint"),
        Field::lines(page, "scopes", "client-scopes")
            .hint(page, "client-scopes-hint")
            .filter()
            .value(settings.scopes.join("\n")),
    ];
    fields.extend(about_tokens(page, kind, settings));
    if kind.is_none_or(|kind| !kind.is_public()) {
        let stream = Field::checkbox(page, "stream", "client-stream", settings.may_stream());
        fields.push(stream.hint(page, "client-stream-hint"));
    }
    if kind == Some(ClientKind::Machine) {
        return fields;
    }
    let present = &settings.id_token_signed_response_alg;
    let algorithms = ALGORITHMS.map(|algorithm| Choice::new(algorithm, algorithm, present)).to_vec();
    fields.push(Field::checkbox(page, "refresh", "client-refresh", settings.has_grant("refresh_token")));
    let device = Field::checkbox(page, "device", "client-device", settings.has_grant(DEVICE_GRANT));
    fields.push(device.hint(page, "client-device-hint"));
    fields.push(
        number("refresh_lifetime", "client-refresh-lifetime", settings.refresh_token_lifetime)
            .hint(page, "client-refresh-lifetime-hint"),
    );
    fields.push(Field::select(page, "algorithm", "client-alg", algorithms));
    let signed = settings.userinfo_signed_response_alg.as_deref();
    fields.push(algorithm(page, ("userinfo_algorithm", "client-userinfo-alg"), "client-alg-none", signed));
    fields.push(
        Field::lines(page, "origins", "client-cors")
            .hint(page, "client-cors-hint")
            .optional(page)
            .value(settings.cors_origins.join("\n")),
    );
    if kind.is_none_or(|kind| kind == ClientKind::Web) {
        fields.push(Field::checkbox(
            page,
            "credentials",
            "client-credentials",
            settings.has_grant("client_credentials"),
        ));
        fields.push(Field::checkbox(page, "without_pkce", "client-no-pkce", settings.allow_without_pkce_insecure));
    }
    let present = settings.subject_type.as_str();
    let subjects = SubjectType::ALL
        .map(|one| Choice::new(one.as_str(), page.t(&format!("client-subject-{}", one.as_str())), present))
        .to_vec();
    fields.push(Field::select(page, "subject", "client-subject", subjects).hint(page, "client-subject-hint"));
    fields.push(endpoint(page, ("sector", "client-sector"), settings.sector_identifier_uri.as_ref()));
    fields.push(Field::checkbox(page, "company_id", "client-company-id", settings.release_company_id));
    fields.push(
        Field::checkbox(page, "third_party", "client-third-party", settings.third_party)
            .hint(page, "client-third-party-hint"),
    );
    fields.push(
        Field::checkbox(page, "logout_session", "client-logout-session", settings.backchannel_logout_session_required)
            .hint(page, "client-logout-session-hint"),
    );
    fields.push(endpoint(page, ("events_uri", "client-events-uri"), settings.security_events_uri.as_ref()));
    for (name, label, uri) in [
        ("policy", "client-policy-uri", &settings.policy_uri),
        ("terms", "client-terms-uri", &settings.tos_uri),
        ("initiate_uri", "client-initiate-uri", &settings.initiate_login_uri),
    ] {
        let field = Field { kind: "url", max: 2_000, ..Field::text(page, name, label) };
        fields.push(field.optional(page).value(uri.clone().unwrap_or_default()));
    }
    fields
}

/// Asking about tokens, for clients that can prove who they are.
fn about_tokens(page: &Page, kind: Option<ClientKind>, settings: &ClientSettings) -> Vec<Field> {
    if kind.is_some_and(ClientKind::is_public) {
        return Vec::new();
    }
    let may = Field::checkbox(page, "introspection", "client-introspection", settings.introspection);
    let signed = settings.introspection_signed_response_alg.as_deref();
    let signed = algorithm(page, ("introspection_algorithm", "client-introspection-alg"), "client-alg-as-id", signed);
    let exchange = Field::checkbox(page, "exchange", "client-exchange", settings.token_exchange);
    vec![may.hint(page, "client-introspection-hint"), signed, exchange.hint(page, "client-exchange-hint")]
}

/// An algorithm, or what is done without one.
fn algorithm(page: &Page, (name, label): (&str, &str), none: &str, present: Option<&str>) -> Field {
    let present = present.unwrap_or_default();
    let mut choices = vec![Choice::new("", page.t(none), present)];
    choices.extend(ALGORITHMS.map(|algorithm| Choice::new(algorithm, algorithm, present)));
    Field::select(page, name, label, choices)
}

/// Where an application is told something.
fn endpoint(page: &Page, (name, label): (&str, &str), value: Option<&String>) -> Field {
    let field = Field { kind: "url", max: 2_000, ..Field::text(page, name, label) };
    field.hint(page, &format!("{label}-hint")).optional(page).value(value.cloned().unwrap_or_default())
}

fn lines(form: &Form, name: &str) -> Vec<String> {
    form.text(name).split_whitespace().map(str::to_owned).collect()
}

/// Reads the form over the settings as they are: what the form does not show stays.
pub(super) fn read(
    page: &Page,
    (form, now): (&Form, Timestamp),
    kind: ClientKind,
    stored: ClientSettings,
) -> Result<Read, Errors> {
    let mut reader = Reader::new(page, form);
    let name = reader.required("name", "client-name", text::name);
    let mut number = |field: &str, present: u32| match form.given(field).map(str::parse) {
        None => present,
        Some(Ok(value)) => value,
        Some(Err(_)) => {
            reader.fail(field, page.t("client-error-lifetime"));
            present
        }
    };
    let mut settings = stored;
    settings.access_token_lifetime = number("access_lifetime", settings.access_token_lifetime);
    settings.refresh_token_lifetime = number("refresh_lifetime", settings.refresh_token_lifetime);
    // A service has a form of its own: its scopes are asked for, and little else.
    if form.has("scopes")
        && (kind != ClientKind::Machine || !lines(form, "scopes").iter().any(|scope| scope == "openid"))
    {
        settings.scopes = lines(form, "scopes");
    }
    settings.introspection = form.has("introspection");
    settings.token_exchange = form.has("exchange");
    settings.introspection_signed_response_alg = form.given("introspection_algorithm").map(str::to_owned);
    client_security::read(&mut reader, (page, form), kind, &mut settings);
    client_encryption::read(&mut reader, (page, form), &mut settings);
    if kind == ClientKind::Machine {
        client_provisioning::read(&mut reader, (page, form), now, &mut settings);
    }
    if kind != ClientKind::Machine {
        settings.redirect_uris = lines(form, "redirects");
        settings.post_logout_redirect_uris = lines(form, "logout_redirects");
        settings.cors_origins = lines(form, "origins");
        form.text("algorithm").clone_into(&mut settings.id_token_signed_response_alg);
        settings.userinfo_signed_response_alg = form.given("userinfo_algorithm").map(str::to_owned);
        settings.allow_without_pkce_insecure = form.has("without_pkce");
        if let Some(subject) = SubjectType::parse(form.text("subject")) {
            settings.subject_type = subject;
        }
        settings.sector_identifier_uri = form.given("sector").map(str::to_owned);
        settings.release_company_id = form.has("company_id");
        settings.third_party = form.has("third_party");
        settings.policy_uri = form.given("policy").map(str::to_owned);
        settings.tos_uri = form.given("terms").map(str::to_owned);
        settings.initiate_login_uri = form.given("initiate_uri").map(str::to_owned);
        settings.backchannel_logout_uri = form.given("logout_uri").map(str::to_owned);
        settings.backchannel_logout_session_required = form.has("logout_session");
        settings.frontchannel_logout_uri = form.given("frame_uri").map(str::to_owned);
        settings.security_events_uri = form.given("events_uri").map(str::to_owned);
        settings.grant_types = grants(form);
        settings.offer_to_devices(form.has("device"));
    }
    settings.offer_stream(form.has("stream"));
    match name {
        Some(name) if reader.is_clean() => Ok(Read { name, settings }),
        _ => Err(reader.into_errors()),
    }
}

/// Reads what a delegate says about a service over the settings as they are: its name, until when, from where and how literally it is
/// taken. Whatever else is sent is not looked at.
pub(super) fn read_kept(page: &Page, (form, now): (&Form, Timestamp), stored: ClientSettings) -> Result<Read, Errors> {
    let mut reader = Reader::new(page, form);
    let name = reader.required("name", "client-name", text::name);
    let mut settings = stored;
    client_provisioning::read(&mut reader, (page, form), now, &mut settings);
    match name {
        Some(name) if reader.is_clean() => Ok(Read { name, settings }),
        _ => Err(reader.into_errors()),
    }
}

/// A device needs nowhere to be led back to: without such an address it is the only way in.
fn grants(form: &Form) -> Vec<String> {
    let mut grants = vec!["authorization_code"];
    if form.has("refresh") {
        grants.push("refresh_token");
    }
    if form.has("credentials") {
        grants.push("client_credentials");
    }
    grants.into_iter().map(str::to_owned).collect()
}

/// What the form can say about a refused registration: everything at once, each at its field.
pub(super) fn explain(page: &Page, error: &ClientError) -> Option<Errors> {
    match error {
        ClientError::IdTaken => Some(Errors::one("client_id", page.t("code-taken"))),
        ClientError::InvalidId => Some(Errors::one("client_id", page.t("client-error-id"))),
        ClientError::Place => Some(Errors::one("environment", page.t("client-error-place"))),
        ClientError::Faults(faults) => Some(Errors::many(faults.iter().map(|fault| fault_text(page, fault)).collect())),
        ClientError::TooMany => Some(Errors::one("organisation", page.t("service-error-many"))),
        ClientError::NoSecret
        | ClientError::Reserved
        | ClientError::NotFound
        | ClientError::Stale
        | ClientError::Db(_) => None,
    }
}

fn fault_text(page: &Page, fault: &Fault) -> (String, String) {
    let (field, text) = match fault {
        Fault::Name(error) => ("name", describe(page, "application-name", *error)),
        Fault::NoRedirectUri => ("redirects", page.t("client-error-redirects")),
        Fault::TooManyUris => ("redirects", page.t("client-error-many")),
        Fault::RedirectUri(uri) => ("redirects", page.t1("client-error-redirect", "address", uri)),
        Fault::PublicWithSecret | Fault::SecretMissing => {
            ("method", page.t1("error-choice", "field", page.t("client-auth")))
        }
        Fault::GrantType(_) => ("credentials", page.t("client-error-grant")),
        Fault::PkceRequired => ("without_pkce", page.t("client-error-pkce")),
        Fault::Algorithm(_) => ("algorithm", page.t1("error-choice", "field", page.t("client-alg"))),
        Fault::Exchanges => ("exchange", page.t("client-error-exchange")),
        Fault::PublicIntrospects => ("introspection", page.t("client-error-introspection")),
        Fault::Stream => ("stream", page.t("client-error-stream")),
        Fault::Keys(fault) => client_security::explain(page, fault),
        Fault::Sector => ("sector", page.t("client-error-sector")),
        Fault::Lifetime => ("access_lifetime", page.t("client-error-lifetime")),
        Fault::Origin(origin) => ("origins", page.t1("client-error-origin", "address", origin)),
        Fault::Endpoint(field, uri) => (*field, page.t1("client-error-endpoint", "address", uri)),
        Fault::ForeignFrame(uri) => ("frame_uri", page.t1("client-error-frame", "address", uri)),
        Fault::NothingToTell => ("logout_uri", page.t("client-error-nothing-to-tell")),
        Fault::Link(field, uri) => (*field, page.t1("client-error-link", "address", uri)),
        Fault::Provisioning => ("valid_until", page.t("client-error-provisioning")),
        Fault::TooManyAddresses => ("addresses", page.t("client-error-many")),
        Fault::Scope(scope) => ("scopes", page.t1("client-error-scope", "scope", scope)),
    };
    (field.to_owned(), text)
}
