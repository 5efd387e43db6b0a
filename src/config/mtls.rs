//! `[mtls]`: whether the keys of the section go together. What is in the files is seen when the server starts.

use std::net::SocketAddr;

use super::Config;
use crate::web::mtls::Mtls;

/// What is wrong with the section, each with its key.
pub(super) fn check(config: &Config) -> Vec<(&'static str, String)> {
    let (mtls, http, mut found) = (&config.mtls, &config.http, Vec::new());
    match mtls.listen.as_deref().map(str::parse::<SocketAddr>) {
        Some(Err(_)) => found.push(("mtls.listen", "is not an address and a port".to_owned())),
        Some(Ok(address)) if address.port() != 0 && [http.listen, http.management_listen].contains(&address) => {
            found.push(("mtls.listen", "must differ from `http.listen` and `http.management_listen`".to_owned()));
        }
        _ => {}
    }
    let needed = [
        ("mtls.certificate", mtls.certificate.is_some()),
        ("mtls.private_key", mtls.private_key.is_some()),
        ("mtls.public_url", mtls.public_url.is_some()),
    ];
    for (key, _) in needed.into_iter().filter(|(_, given)| mtls.listen.is_some() && !given) {
        found.push((key, "is needed with `mtls.listen`".to_owned()));
    }
    if let Some(url) = &mtls.public_url {
        found.extend(super::check::public_url(url).err().map(|problem| ("mtls.public_url", problem.to_owned())));
        // A host and port are what tells them apart.
        let place = |url: &str| {
            url::Url::parse(url).ok().map(|url| (url.host_str().map(str::to_owned), url.port_or_known_default()))
        };
        if place(url) == place(&config.public_url) {
            found.push(("mtls.public_url", "must differ from `public_url`, or be left out".to_owned()));
        }
    }
    if let Some(name) = &mtls.header {
        if Mtls::header(name, mtls.header_format).is_none() {
            found.push(("mtls.header", "cannot be the name of a header".to_owned()));
        }
        if http.trusted_proxies.is_empty() {
            found.push(("mtls.header", "is believed from `http.trusted_proxies` only, and there is none".to_owned()));
        }
    }
    if mtls.listen.is_none() && mtls.header.is_none() {
        let without = [
            ("mtls.public_url", mtls.public_url.is_some()),
            ("mtls.client_ca", mtls.client_ca.is_some()),
            ("mtls.certificate", mtls.certificate.is_some()),
            ("mtls.private_key", mtls.private_key.is_some()),
        ];
        for (key, _) in without.into_iter().filter(|(_, given)| *given) {
            found.push((key, "does nothing without `mtls.listen` or `mtls.header`".to_owned()));
        }
    }
    found
}
