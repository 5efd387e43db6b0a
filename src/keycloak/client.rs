//! A client as it is registered here. Pure.

use url::Url;

use super::realm;
use crate::directory::client::model::{AuthMethod, ClientKind, ClientSettings};
use crate::kernel::secret::Token;

/// Those that Keycloak brings for itself.
const ITS_OWN: [&str; 6] =
    ["account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"];

/// Shortest secret that goes on to work, in characters: those that Keycloak makes itself have 32.
const SECRET_CHARACTERS: std::ops::RangeInclusive<usize> = 32..=200;

/// A client to be registered.
#[derive(Clone, Debug)]
pub struct PlannedClient {
    /// Its public id, which stays.
    pub client_id: String,
    /// Its name on the sign-in page.
    pub name: String,
    /// What kind of program it is.
    pub kind: ClientKind,
    /// Its settings.
    pub settings: ClientSettings,
    /// The secret that goes on to work; `None`: it gets another one, or has none.
    pub secret: Option<Token>,
    /// What is not as it was.
    pub notes: Vec<String>,
}

/// What becomes of a client.
#[derive(Clone, Debug)]
pub enum Planned {
    /// Keycloak's own; nothing is said of it.
    ItsOwn,
    /// Why it has no counterpart.
    LeftOut(&'static str),
    /// It is registered.
    Client(Box<PlannedClient>),
}

/// What becomes of a client of a realm of this name.
pub fn planned(client: &realm::Client, realm: &str) -> Planned {
    let of_realm = client.client_id.strip_suffix("-realm").is_some_and(|name| name == realm || name == "master");
    if ITS_OWN.contains(&client.client_id.as_str()) || of_realm {
        return Planned::ItsOwn;
    }
    if client.protocol.as_deref().is_some_and(|protocol| protocol != "openid-connect") {
        return Planned::LeftOut("it does not speak OpenID Connect");
    }
    if client.enabled == Some(false) {
        return Planned::LeftOut("it is switched off");
    }
    if client.bearer_only {
        return Planned::LeftOut("it only takes tokens, and needs no client here");
    }
    if !client.standard_flow_enabled {
        return Planned::LeftOut(
            "nobody signs in to it by a code; a service is made where it belongs (`client create --kind machine`), and gets roles there",
        );
    }
    Planned::Client(Box::new(registered(client)))
}

fn registered(client: &realm::Client) -> PlannedClient {
    let mut notes = Vec::new();
    let redirect_uris = addresses(client, &client.redirect_uris, "redirect address", &mut notes);
    let after = attribute(client, "post.logout.redirect.uris").unwrap_or_default();
    let post_logout_redirect_uris = if after == "+" {
        redirect_uris.clone()
    } else {
        let listed: Vec<String> = after.split("##").filter(|uri| !uri.is_empty()).map(str::to_owned).collect();
        addresses(client, &listed, "address after signing out", &mut notes)
    };
    let kind = kind(client, &redirect_uris);
    let (method, secret) = proof(client, kind, &mut notes);
    if kind == ClientKind::Web && attribute(client, "pkce.code.challenge.method").is_none_or(|method| method != "S256")
    {
        notes.push("it has to send PKCE with S256 from now on (RFC 7636)".to_owned());
    }
    let settings = ClientSettings {
        cors_origins: if kind == ClientKind::Spa { origins(client, &redirect_uris, &mut notes) } else { Vec::new() },
        redirect_uris,
        post_logout_redirect_uris,
        token_endpoint_auth_method: method,
        jwks_uri: attribute(client, "jwks.url").filter(|_| method == AuthMethod::PrivateKeyJwt).map(str::to_owned),
        policy_uri: attribute(client, "policyUri").map(str::to_owned),
        tos_uri: attribute(client, "tosUri").map(str::to_owned),
        third_party: client.consent_required,
        backchannel_logout_uri: attribute(client, "backchannel.logout.url").map(str::to_owned),
        frontchannel_logout_uri: attribute(client, "frontchannel.logout.url").map(str::to_owned),
        ..ClientSettings::default()
    };
    PlannedClient { client_id: client.client_id.clone(), name: name(client), kind, settings, secret, notes }
}

/// As people know it.
pub fn name(client: &realm::Client) -> String {
    let named = client.name.as_deref().filter(|name| !name.is_empty() && !name.starts_with("${"));
    named.unwrap_or(&client.client_id).to_owned()
}

fn attribute<'a>(client: &'a realm::Client, name: &str) -> Option<&'a str> {
    client.attributes.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// Addresses as they are compared here: whole, and octet by octet.
fn addresses(client: &realm::Client, listed: &[String], what: &str, notes: &mut Vec<String>) -> Vec<String> {
    let mut whole = Vec::new();
    for uri in listed {
        let root = client.root_url.as_deref().filter(|root| uri.starts_with('/') && !root.is_empty());
        let uri = root.map_or_else(|| uri.clone(), |root| format!("{}{uri}", root.trim_end_matches('/')));
        if uri.contains('*') || !uri.contains(':') {
            notes.push(format!("the {what} `{uri}` is none: each is compared as a whole; add those that are meant"));
        } else if !whole.contains(&uri) {
            whole.push(uri);
        }
    }
    whole
}

fn kind(client: &realm::Client, redirect_uris: &[String]) -> ClientKind {
    let is_local = |uri: &String| {
        Url::parse(uri).is_ok_and(|url| {
            !matches!(url.scheme(), "http" | "https")
                || matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")) && url.scheme() == "http"
        })
    };
    match (client.public_client, !redirect_uris.is_empty() && redirect_uris.iter().all(is_local)) {
        (false, _) => ClientKind::Web,
        (true, true) => ClientKind::Native,
        (true, false) => ClientKind::Spa,
    }
}

/// How it proves itself, and the secret that goes on to work.
fn proof(client: &realm::Client, kind: ClientKind, notes: &mut Vec<String>) -> (AuthMethod, Option<Token>) {
    if kind.is_public() {
        return (AuthMethod::None, None);
    }
    match client.client_authenticator_type.as_deref() {
        Some("client-jwt") if attribute(client, "jwks.url").is_some() => return (AuthMethod::PrivateKeyJwt, None),
        None | Some("client-secret") => {}
        Some(other) => notes.push(format!("it proved itself by `{other}`; it gets a secret instead")),
    }
    let secret = client.secret.as_deref().filter(|secret| !secret.chars().all(|c| c == '*'));
    let kept = secret.filter(|secret| SECRET_CHARACTERS.contains(&secret.chars().count()));
    if kept.is_none() {
        notes.push("its secret is not in the export, or too short to be kept: it gets another one".to_owned());
    }
    (AuthMethod::ClientSecretBasic, kept.map(Token::from_text))
}

fn origins(client: &realm::Client, redirect_uris: &[String], notes: &mut Vec<String>) -> Vec<String> {
    let mut origins: Vec<String> = Vec::new();
    for origin in &client.web_origins {
        match origin.as_str() {
            "+" => {
                let of =
                    redirect_uris.iter().filter_map(|uri| Some(Url::parse(uri).ok()?.origin().ascii_serialization()));
                origins.extend(of.filter(|origin| origin != "null"));
            }
            "*" => notes.push("scripts of no origin but its own may call the token endpoint".to_owned()),
            origin => origins.push(origin.trim_end_matches('/').to_owned()),
        }
    }
    origins.sort();
    origins.dedup();
    origins
}
