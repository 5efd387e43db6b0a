//! What a client may be registered with (OA-03, OA-04, RFC 9700 §2.1, RFC 8252 §7).

use super::keys_rules::{self, KeysFault};
use super::model::{AuthMethod, ClientKind, ClientSettings, DEVICE_GRANT, SubjectType};
use super::provisioning::MAX_ADDRESSES;
use crate::kernel::text::TextError;
use crate::proofs::Algorithm;

/// Most addresses of one kind.
const MAX_URIS: usize = 50;

/// Most scopes that a client may ask for.
const MAX_SCOPES: usize = 50;

/// What is wrong with a registration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The name breaks the rules of names (IN-03, DA-45); it is shown on the sign-in page.
    #[error("the name {0}")]
    Name(TextError),
    /// Nothing to redirect to.
    #[error("give at least one redirect address")]
    NoRedirectUri,
    /// Too many addresses.
    #[error("at most {MAX_URIS} addresses")]
    TooManyUris,
    /// Not https (or loopback http), or with a fragment, user or wildcard.
    #[error("`{0}` cannot be a redirect address: https without fragment, http only on loopback")]
    RedirectUri(String),
    /// A web page cannot keep a secret.
    #[error("a public client has no secret")]
    PublicWithSecret,
    /// A server must prove itself.
    #[error("this kind of client needs a secret")]
    SecretMissing,
    /// A grant that this kind cannot use or that is not offered.
    #[error("grant type `{0}` is not available to this kind of client")]
    GrantType(String),
    /// Only confidential clients may be exempted from PKCE.
    #[error("a public client cannot go without PKCE")]
    PkceRequired,
    /// Whoever cannot prove itself is told nothing about tokens (RFC 7662 §2.1).
    #[error("a public client is told nothing about tokens")]
    PublicIntrospects,
    /// Whoever cannot prove itself, or is somebody else's, acts for nobody (RFC 8693 §5).
    #[error("only a confidential client of the institution can act for the persons of tokens")]
    Exchanges,
    /// `ES256`, `RS256`, `PS256` and `EdDSA` are offered.
    #[error("signing algorithm `{0}` is not offered")]
    Algorithm(String),
    /// Out of bounds.
    #[error("token lifetimes are 60 to 3600 seconds for access, up to 30 days for refresh")]
    Lifetime,
    /// Not a scope token (RFC 6749 §3.3), or one too many.
    #[error("`{0}` cannot be a scope")]
    Scope(String),
    /// Not an https address that may be shown as a link: in which field, and what was given.
    #[error("`{1}` cannot be shown as a link: https without a user name")]
    Link(&'static str, String),
    /// Not an address that can be told something: in which field, and what was given.
    #[error("`{1}` cannot be told anything: https without fragment or user name, http only on loopback")]
    Endpoint(&'static str, String),
    /// Not at a place to which people are led back anyway (OIDC Front-Channel Logout 1.0 §2).
    #[error("`{0}` must have scheme, host and port of one of the redirect addresses")]
    ForeignFrame(String),
    /// A service signs nobody in: there is nothing to tell.
    #[error("a service is not told who has signed out")]
    NothingToTell,
    /// The method and the keys of a client do not go together, or its keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysFault),
    /// OIDC Core §8.1: whose sector it is cannot be told.
    #[error("pairwise names need redirect addresses at one host, or a sector_identifier_uri that lists them")]
    Sector,
    /// Whoever cannot prove itself could not say that a stream is its own.
    #[error("only an application on a server or a service can have a stream of events")]
    Stream,
    /// Nobody else's tokens are those of a service.
    #[error("only a service ends on a day, is taken from some addresses only, or is held to the letter of SCIM")]
    Provisioning,
    /// More addresses than anybody reads.
    #[error("at most {MAX_ADDRESSES} addresses")]
    TooManyAddresses,
    /// Not `scheme://host[:port]`.
    #[error("`{0}` is not an origin")]
    Origin(String),
}

/// Checks a registration as a whole; all faults at once.
pub fn check(kind: ClientKind, settings: &ClientSettings) -> Vec<Fault> {
    let mut faults = Vec::new();
    if settings.has_grant("authorization_code") && settings.redirect_uris.is_empty() {
        faults.push(Fault::NoRedirectUri);
    }
    let lists = [&settings.redirect_uris, &settings.post_logout_redirect_uris, &settings.cors_origins];
    if lists.iter().any(|list| list.len() > MAX_URIS) {
        faults.push(Fault::TooManyUris);
    }
    let uris = settings.redirect_uris.iter().chain(&settings.post_logout_redirect_uris);
    faults.extend(uris.filter(|uri| !is_redirect_uri(uri, kind)).cloned().map(Fault::RedirectUri));
    let without_secret = settings.token_endpoint_auth_method == AuthMethod::None;
    match (kind.is_public(), without_secret) {
        (true, false) => faults.push(Fault::PublicWithSecret),
        (false, true) => faults.push(Fault::SecretMissing),
        _ => {}
    }
    if kind.is_public() && settings.allow_without_pkce_insecure {
        faults.push(Fault::PkceRequired);
    }
    faults.extend(settings.grant_types.iter().filter(|grant| !offers(kind, grant)).cloned().map(Fault::GrantType));
    if settings.token_exchange && (kind.is_public() || settings.third_party) {
        faults.push(Fault::Exchanges);
    }
    if kind.is_public() && settings.introspection {
        faults.push(Fault::PublicIntrospects);
    }
    if kind.is_public() && settings.may_stream() {
        faults.push(Fault::Stream);
    }
    if kind != ClientKind::Machine && !settings.provisioning.is_open() {
        faults.push(Fault::Provisioning);
    }
    if settings.provisioning.addresses.len() > MAX_ADDRESSES {
        faults.push(Fault::TooManyAddresses);
    }
    let algorithms = [
        Some(&settings.id_token_signed_response_alg),
        settings.introspection_signed_response_alg.as_ref(),
        settings.userinfo_signed_response_alg.as_ref(),
        settings.authorization_signed_response_alg.as_ref(),
        settings.request_object_signing_alg.as_ref(),
        settings.token_endpoint_auth_signing_alg.as_ref(),
    ];
    let odd = algorithms.into_iter().flatten().filter(|name| Algorithm::named(name).is_none());
    faults.extend(odd.cloned().map(Fault::Algorithm));
    if !(60..=3_600).contains(&settings.access_token_lifetime)
        || !(60..=2_592_000).contains(&settings.refresh_token_lifetime)
    {
        faults.push(Fault::Lifetime);
    }
    let is_scope = |scope: &str| {
        (1..=100).contains(&scope.len()) && scope.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
    };
    let odd = settings.scopes.iter().enumerate().filter(|(number, scope)| *number >= MAX_SCOPES || !is_scope(scope));
    faults.extend(odd.take(1).map(|(_, scope)| Fault::Scope(scope.clone())));
    let links = [
        ("policy", &settings.policy_uri),
        ("terms", &settings.tos_uri),
        ("initiate_uri", &settings.initiate_login_uri),
    ];
    let shown = links.into_iter().filter_map(|(field, uri)| Some((field, uri.as_ref()?)));
    faults.extend(shown.filter(|(_, uri)| !is_link(uri)).map(|(field, uri)| Fault::Link(field, uri.clone())));
    faults.extend(told(kind, settings));
    let sector = settings.sector_identifier_uri.iter().filter(|uri| !is_endpoint(uri));
    faults.extend(sector.map(|uri| Fault::Endpoint("sector", uri.clone())));
    if settings.subject_type == SubjectType::Pairwise && !has_sector(kind, settings) {
        faults.push(Fault::Sector);
    }
    faults.extend(keys_rules::check(settings).into_iter().map(Fault::Keys));
    let is_origin = |text: &String| url::Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == *text);
    faults.extend(settings.cors_origins.iter().filter(|origin| !is_origin(origin)).cloned().map(Fault::Origin));
    faults
}

/// A sector that is its own: an installed application is led back to the machine of whoever uses it, which is everybody's, and a device
/// to nowhere.
fn has_sector(kind: ClientKind, settings: &ClientSettings) -> bool {
    !settings.redirect_uris.is_empty()
        && settings.sector().is_some()
        && (kind != ClientKind::Native || settings.sector_identifier_uri.is_some())
}

/// Where it is to be told something.
fn told(kind: ClientKind, settings: &ClientSettings) -> Vec<Fault> {
    let fields = [
        ("logout_uri", &settings.backchannel_logout_uri),
        ("frame_uri", &settings.frontchannel_logout_uri),
        ("events_uri", &settings.security_events_uri),
    ];
    let given: Vec<_> = fields.into_iter().filter_map(|(field, uri)| Some((field, uri.as_ref()?))).collect();
    if kind == ClientKind::Machine && !given.is_empty() {
        return vec![Fault::NothingToTell];
    }
    let odd = given.into_iter().filter(|(_, uri)| !is_endpoint(uri));
    let mut faults: Vec<_> = odd.map(|(field, uri)| Fault::Endpoint(field, uri.clone())).collect();
    let origin = |uri: &String| url::Url::parse(uri).ok().map(|url| url.origin());
    let frame = settings.frontchannel_logout_uri.as_ref().filter(|uri| is_endpoint(uri));
    let foreign = frame.filter(|uri| !settings.redirect_uris.iter().any(|other| origin(other) == origin(uri)));
    faults.extend(foreign.cloned().map(Fault::ForeignFrame));
    faults
}

fn offers(kind: ClientKind, grant: &str) -> bool {
    match kind {
        ClientKind::Machine => grant == "client_credentials",
        ClientKind::Web => {
            matches!(grant, "authorization_code" | "refresh_token" | "client_credentials" | DEVICE_GRANT)
        }
        ClientKind::Spa | ClientKind::Native => {
            matches!(grant, "authorization_code" | "refresh_token" | DEVICE_GRANT)
        }
    }
}

/// An address that people may be led to: https, nothing in it that reads as another host than it is.
pub fn is_link(text: &str) -> bool {
    let plain = text.len() <= 2_000 && text.starts_with("https://") && !text.contains(['\\', ' ', '@']);
    let url = url::Url::parse(text).ok().filter(|_| plain && !text.chars().any(char::is_control));
    url.is_some_and(|url| url.scheme() == "https" && url.host().is_some())
}

/// An address that is posted to: https anywhere, http on loopback, where it is called in development only (OIDC Back-Channel Logout 1.0
/// §2.2: no fragment).
pub fn is_endpoint(text: &str) -> bool {
    is_redirect_uri(text, ClientKind::Web) && !text.contains('@')
}

/// https anywhere, http on loopback, and for installed applications a private scheme in reverse domain form (RFC 8252 §7.1).
fn is_redirect_uri(text: &str, kind: ClientKind) -> bool {
    if text.len() > 2_000 || text.contains(['*', '\\', ' ', '#']) || text.chars().any(char::is_control) {
        return false;
    }
    let Ok(url) = url::Url::parse(text) else { return false };
    if !url.username().is_empty() || url.password().is_some() {
        return false;
    }
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")),
        scheme => kind == ClientKind::Native && scheme.contains('.') && text.starts_with(scheme),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, check};
    use crate::directory::client::model::{AuthMethod, ClientKind, ClientSettings};

    fn with(uri: &str) -> ClientSettings {
        ClientSettings { redirect_uris: vec![uri.to_owned()], ..ClientSettings::default() }
    }

    #[test]
    fn oa_03_only_https_and_loopback_http_can_be_registered() {
        for good in [
            "https://app.example/cb",
            "http://127.0.0.1:4000/cb",
            "http://localhost:4000/cb",
            "https://app.example/cb?x=1",
        ] {
            assert_eq!(check(ClientKind::Web, &with(good)), [], "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "http://app.example/cb",
            "https://app.example/cb#x",
            "https://u@app.example/cb",
            "https://*.example/cb",
            "com.example.app:/cb",
            "/cb",
        ] {
            assert_eq!(check(ClientKind::Web, &with(bad)), [Fault::RedirectUri(bad.to_owned())], "{bad}");
            let mut leaving = with("https://app.example/cb");
            leaving.post_logout_redirect_uris = vec![bad.to_owned()];
            assert_eq!(check(ClientKind::Web, &leaving), [Fault::RedirectUri(bad.to_owned())], "{bad}");
        }
    }

    /// OA-03, SE-11: what is shown as a link is https and nothing else.
    #[test]
    fn oa_03_a_link_of_a_client_is_https_and_no_script() {
        let with = |uri: &str| ClientSettings {
            policy_uri: Some(uri.to_owned()),
            tos_uri: Some(uri.to_owned()),
            initiate_login_uri: Some(uri.to_owned()),
            ..with("https://app.example/cb")
        };
        assert_eq!(check(ClientKind::Web, &with("https://app.example/privacy?lang=en#top")), []);
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "http://app.example/",
            "//app.example/",
            "/privacy",
            "https:app.example",
            "https://",
            "https://bank.example@evil.example/",
            "https://app.example\\@evil.example",
            "https://app.example/a b",
            "https://app.example/\u{202e}\n",
            "",
        ] {
            let faults = ["policy", "terms", "initiate_uri"].map(|field| Fault::Link(field, bad.to_owned()));
            assert_eq!(check(ClientKind::Web, &with(bad)), faults, "{bad}");
        }
    }

    /// OA-03, OA-21: what is told something is https, or loopback for development; never a service.
    #[test]
    fn oa_03_an_application_is_told_things_at_https_addresses_only() {
        let with = |uri: &str| ClientSettings {
            backchannel_logout_uri: Some(uri.to_owned()),
            frontchannel_logout_uri: Some(uri.to_owned()),
            redirect_uris: ["https://app.example/cb", "http://127.0.0.1:4000/cb", "http://[::1]:4000/cb"]
                .map(str::to_owned)
                .to_vec(),
            security_events_uri: Some(uri.to_owned()),
            ..with("https://app.example/cb")
        };
        for good in ["https://app.example/bcl?tenant=1", "http://127.0.0.1:4000/bcl", "http://[::1]:4000/bcl"] {
            assert_eq!(check(ClientKind::Web, &with(good)), [], "{good}");
        }
        for bad in [
            "http://app.example/bcl",
            "https://app.example/bcl#x",
            "https://u:p@app.example/bcl",
            "https://app.example/@x",
            "javascript:alert(1)",
            "//app.example/bcl",
            "/bcl",
            "https://",
            "",
        ] {
            let faults = ["logout_uri", "frame_uri", "events_uri"].map(|field| Fault::Endpoint(field, bad.to_owned()));
            assert_eq!(check(ClientKind::Web, &with(bad)), faults, "{bad}");
        }
        let service = ClientSettings {
            grant_types: vec!["client_credentials".to_owned()],
            redirect_uris: Vec::new(),
            ..with("https://app.example/bcl")
        };
        assert_eq!(check(ClientKind::Machine, &service), [Fault::NothingToTell]);
    }

    /// OIDC Front-Channel Logout 1.0 §2: only where a redirect address is.
    #[test]
    fn a_frame_belongs_to_an_origin_of_a_redirect_address() {
        let with = |uri: &str| ClientSettings {
            frontchannel_logout_uri: Some(uri.to_owned()),
            ..with("https://app.example/cb")
        };
        assert_eq!(check(ClientKind::Web, &with("https://app.example:443/fcl?tenant=1")), []);
        for bad in ["https://app.example:444/fcl", "https://other.example/fcl", "https://sub.app.example/fcl"] {
            assert_eq!(check(ClientKind::Web, &with(bad)), [Fault::ForeignFrame(bad.to_owned())], "{bad}");
        }
    }

    #[test]
    fn oa_04_a_client_without_redirect_address_cannot_be_registered_for_the_code_grant() {
        assert_eq!(check(ClientKind::Web, &ClientSettings::default()), [Fault::NoRedirectUri]);
    }

    #[test]
    fn a_public_client_has_no_secret_and_never_goes_without_pkce() {
        let settings = ClientSettings { allow_without_pkce_insecure: true, ..with("https://spa.example/cb") };
        assert_eq!(check(ClientKind::Spa, &settings), [Fault::PublicWithSecret, Fault::PkceRequired]);
        let native = ClientSettings { token_endpoint_auth_method: AuthMethod::None, ..with("com.example.app:/cb") };
        assert_eq!(check(ClientKind::Native, &native), []);
    }
}
