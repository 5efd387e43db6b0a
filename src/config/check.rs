//! What the values mean together. Judges everything and reports all of it.

use std::net::SocketAddr;

use url::{Host, Url};

use crate::kernel::text::{EmailAddress, PhoneNumber};
use crate::notify::gateway::{BodyType, GatewaySettings, MIN_KEY};
use crate::notify::{Driver, NumberSettings};

use super::Config;
use super::load::{Loaded, Problem, Problems};

/// What the server is started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Real use.
    Production,
    /// `serve --dev` and `demo`: loopback only, outbox pages, banner.
    Development,
}

/// Judges a loaded configuration; IN-16, IN-17, CR-03.
pub fn check(loaded: &Loaded, mode: Mode) -> Result<(), Problems> {
    let mut problems = Vec::new();
    let mut add = |key: &str, message: &str| {
        let source = loaded.sources.get(key).map_or("default", String::as_str).to_owned();
        problems.push(Problem { key: key.to_owned(), source, message: message.to_owned() });
    };
    let config = &loaded.config;
    if let Err(message) = public_url(&config.public_url) {
        add("public_url", message);
    }
    if let Err(message) = config.keys.bytes() {
        add("keys.encryption_key", message);
    }
    let url = config.database.url.reveal();
    if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        add("database.url", "must start with `sqlite:` or `postgres://`");
    }
    if config.database.max_connections == 0 {
        add("database.max_connections", "must be at least 1");
    }
    if !(1..=86_400).contains(&config.database.statement_seconds) {
        add("database.statement_seconds", "must be between 1 and 86400");
    }
    let http = &config.http;
    if mode == Mode::Development && !http.listen.ip().is_loopback() {
        add(
            "http.listen",
            "must be a loopback address in development mode, where every message can be read without signing in",
        );
    }
    if mode == Mode::Development && !http.management_listen.ip().is_loopback() {
        add("http.management_listen", "must be a loopback address in development mode");
    }
    let certificates = config.mtls.listen.as_deref().and_then(|text| text.parse::<SocketAddr>().ok());
    if mode == Mode::Development && certificates.is_some_and(|address| !address.ip().is_loopback()) {
        add("mtls.listen", "must be a loopback address in development mode");
    }
    if http.listen == http.management_listen && http.listen.port() != 0 {
        add("http.management_listen", "must differ from `http.listen`");
    }
    for (key, message) in conformance(config) {
        add(key, message);
    }
    let support = &config.support;
    if !support.email.is_empty() && support.email.parse::<EmailAddress>().is_err() {
        add("support.email", "is not an e-mail address");
    }
    if !support.phone.is_empty() && support.dialled().parse::<PhoneNumber>().is_err() {
        add("support.phone", "is not a phone number in international format");
    }
    for network in &http.trusted_proxies {
        if let Err(error) = network.parse::<crate::kernel::network::Network>() {
            add("http.trusted_proxies", &format!("`{network}` {error}"));
        }
    }
    for network in &config.outbound.allowed_networks {
        if let Err(error) = network.parse::<crate::kernel::network::Network>() {
            add("outbound.allowed_networks", &format!("`{network}` {error}"));
        }
    }
    if !(1..=60).contains(&config.outbound.timeout_seconds) {
        add("outbound.timeout_seconds", "must be 1 to 60 seconds");
    }
    for (key, driver) in
        [("mail.driver", config.mail.driver), ("sms.driver", config.sms.driver), ("voice.driver", config.voice.driver)]
    {
        if mode == Mode::Production && matches!(driver, Driver::Console | Driver::Memory) {
            add(
                key,
                "shows codes and links to whoever reads the log; it is for `serve --dev` only: set `smtp` for mail, `http` for sms and voice, or `file`",
            );
        }
    }
    if let Err(message) = crate::oidc::StatementIssuers::of(&config.oidc.software_statement_issuers) {
        add("oidc.software_statement_issuers", &message);
    }
    for (key, message) in super::mtls::check(config) {
        add(key, &message);
    }
    for (key, message) in config.scim.limits.problems() {
        add(key, &message);
    }
    for (key, message) in ways_out(config) {
        add(key, &message);
    }
    if http.header_timeout == 0 {
        add("http.header_timeout", "must be at least 1 second");
    }
    if http.max_connections == 0 {
        add("http.max_connections", "must be at least 1");
    }
    if http.request_timeout == 0 {
        add("http.request_timeout", "must be at least 1 second");
    }
    if tracing_subscriber::EnvFilter::try_new(&config.log.filter).is_err() {
        add("log.filter", "is not a filter; write it like `info,chamberlain::scim=debug`");
    }
    if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
}

/// What is wrong with the mode for test suites (`decisions.md` 26).
fn conformance(config: &Config) -> Vec<(&'static str, &'static str)> {
    let (mode, mut found) = (&config.conformance, Vec::new());
    if mode.enabled && !config.http.listen.ip().is_loopback() {
        found.push(("conformance.enabled", "is refused unless `http.listen` is a loopback address"));
    }
    if mode.enabled && !is_of_this_machine(&config.public_url) {
        found.push((
            "conformance.enabled",
            "is refused unless `public_url` is on localhost, a loopback address or a name below .test",
        ));
    }
    if !mode.enabled && !mode.one_factor_applications.is_empty() {
        found.push(("conformance.one_factor_applications", "is refused unless `conformance.enabled` is true"));
    }
    found
}

/// Whether an address leads to nobody outside: a proxy in front of a loopback bind would make it public (RFC 6761 §6).
fn is_of_this_machine(public_url: &str) -> bool {
    match Url::parse(public_url).ok().and_then(|url| url.host().map(|host| host.to_owned())) {
        Some(url::Host::Domain(name)) => {
            ["localhost", "test"].iter().any(|last| name == *last || name.ends_with(&format!(".{last}")))
        }
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// What is wrong with the ways out for messages.
fn ways_out(config: &Config) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mail = &config.mail;
    if mail.driver == Driver::Smtp {
        match Url::parse(&mail.url) {
            Ok(url) if url.password().is_some() => {
                found.push(("mail.url", "must not hold a password; give it as `mail.password`".to_owned()));
            }
            Ok(url) if ["smtp", "smtps"].contains(&url.scheme()) && url.has_host() => {}
            _ => found.push(("mail.url", "must be `smtps://host` or `smtp://host:port`".to_owned())),
        }
        if mail.from.parse::<lettre::message::Mailbox>().is_err() {
            found.push(("mail.from", "must be like `Identity Portal <no-reply@id.example.eu>`".to_owned()));
        }
    }
    let keys = [
        (&config.sms, ["sms.url", "sms.body", "sms.signing_key"]),
        (&config.voice, ["voice.url", "voice.body", "voice.signing_key"]),
    ];
    for (gateway, keys) in keys.into_iter().filter(|(gateway, _)| gateway.driver == Driver::Http) {
        found.extend(gateway_faults(gateway).into_iter().zip(keys).filter_map(|(fault, key)| Some((key, fault?))));
    }
    for (key, list) in [("numbers.allowed", &config.numbers.allowed), ("numbers.refused", &config.numbers.refused)] {
        for prefix in list.iter().filter(|prefix| !NumberSettings::is_prefix(prefix)) {
            found.push((key, format!("`{prefix}` is not the start of a number like `+49`")));
        }
    }
    if config.numbers.alarm_percent > 100 {
        found.push(("numbers.alarm_percent", "must be 0 to 100".to_owned()));
    }
    found
}

/// What is wrong with address, body and key of a gateway.
fn gateway_faults(gateway: &GatewaySettings) -> [Option<String>; 3] {
    let url = Url::parse(&gateway.url).is_ok_and(|url| url.scheme() == "https" || is_loopback(&url));
    let filled = gateway.fill(&[("to", "+49"), ("text", "x"), ("language", "en"), ("id", "1")]);
    let json = gateway.content_type != BodyType::Json || serde_json::from_str::<serde_json::Value>(&filled).is_ok();
    let whole = gateway.body.contains("{to}") && gateway.body.contains("{text}");
    let body = match (whole, json) {
        (false, _) => Some("must hold `{to}` and `{text}`"),
        (true, false) => Some("is not JSON once `{to}` and `{text}` are filled in as strings with their quotes"),
        (true, true) => None,
    };
    let short = gateway.signing_key.reveal().len() < MIN_KEY;
    [
        (!url).then(|| "must be https; plain http only on loopback".to_owned()),
        body.map(str::to_owned),
        short.then(|| format!("must have {MIN_KEY} characters at least")),
    ]
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

pub(super) fn public_url(text: &str) -> Result<(), &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    if url.host().is_none() {
        return Err("needs a host");
    }
    if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
        return Err("must be https; plain http only on loopback");
    }
    if url.path() != "/"
        || text.ends_with('/')
        || url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
    {
        return Err("must be scheme, host and port only, without a trailing slash");
    }
    Ok(())
}
