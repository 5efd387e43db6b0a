//! Mutual TLS (RFC 8705): from where the certificate of a client is believed, and what is offered because of that.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::{listener, tls};
use crate::proofs::certificate::{self, ClientCertificate, MAX_CHAIN, Trust};

/// Section `[mtls]`. Without `listen` and without `header` no client proves itself by a certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MtlsSettings {
    /// Address and port of a listener of our own that asks for client certificates. It serves what is for machines only, and needs
    /// `certificate`, `private_key` and `public_url`.
    pub listen: Option<String>,
    /// The PEM file of the certificate of that listener, with the chain above it.
    pub certificate: Option<PathBuf>,
    /// The PEM file of its private key.
    pub private_key: Option<PathBuf>,
    /// The PEM file of the authorities whose certificates are believed (`tls_client_auth`). Without it only clients whose keys are
    /// registered prove themselves by certificates (`self_signed_tls_client_auth`).
    pub client_ca: Option<PathBuf>,
    /// The header in which a proxy of `http.trusted_proxies` puts the certificate of a client. Nobody else's is looked at.
    pub header: Option<String>,
    /// How it is written there.
    pub header_format: HeaderFormat,
    /// Scheme, host and port under which clients with certificates reach this server, if they are others than those of `public_url`:
    /// published as `mtls_endpoint_aliases`.
    pub public_url: Option<String>,
}

/// How a proxy writes a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeaderFormat {
    /// RFC 9440: base64 between colons; the chain in a second header, named like the first with `-chain`.
    #[default]
    Rfc9440,
    /// PEM, percent-encoded: `$ssl_client_escaped_cert` of nginx.
    EscapedPem,
}

/// A key of the section, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` {1}")]
pub struct Unusable(pub &'static str, pub String);

impl MtlsSettings {
    /// Where the listener is.
    pub fn address(&self) -> Result<Option<SocketAddr>, Unusable> {
        let wrong = |_| Unusable("mtls.listen", "is not an address and a port".to_owned());
        self.listen.as_deref().map(str::parse).transpose().map_err(wrong)
    }

    /// What speaks TLS there.
    pub fn acceptor(&self) -> Result<TlsAcceptor, Unusable> {
        let (Some(certificate), Some(key)) = (&self.certificate, &self.private_key) else {
            return Err(Unusable("mtls.listen", "needs `mtls.certificate` and `mtls.private_key`".to_owned()));
        };
        tls::acceptor(certificate, key).map_err(|error| Unusable("mtls.certificate", error.to_string()))
    }
}

/// Where certificates come from, and whose are believed. By default none is.
#[derive(Clone, Debug, Default)]
pub struct Mtls {
    /// The header of trusted proxies, that of the chain, and how they are written.
    pub header: Option<(HeaderName, HeaderName, HeaderFormat)>,
    /// Whether a listener of our own asks for certificates.
    pub listens: bool,
    /// The authorities.
    pub trust: Option<Trust>,
    /// Where clients with certificates reach us, if somewhere else than everybody.
    pub alias: Option<Url>,
}

/// A trusted proxy sent what is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the header with the certificate of the client cannot be read")]
pub struct Unreadable;

/// Put into each request of a connection with our own listener: what the handshake has shown.
#[derive(Clone, Debug)]
pub struct Handshake(pub Option<Arc<ClientCertificate>>);

impl Mtls {
    /// What the section says; the authorities are read from their file.
    pub fn of(settings: &MtlsSettings) -> Result<Self, Unusable> {
        let header = settings.header.as_deref().map(|name| {
            let read = Self::header(name, settings.header_format);
            read.ok_or_else(|| Unusable("mtls.header", "cannot be the name of a header".to_owned()))
        });
        let trust = settings.client_ca.as_deref().map(Trust::read).transpose();
        let alias = settings.public_url.as_deref().map(Url::parse).transpose();
        Ok(Self {
            header: header.transpose()?,
            listens: settings.listen.is_some(),
            trust: trust.map_err(|error| Unusable("mtls.client_ca", error.to_string()))?,
            alias: alias.map_err(|error| Unusable("mtls.public_url", error.to_string()))?,
        })
    }

    /// The names of the header and of the one beside it for the chain.
    pub fn header(name: &str, format: HeaderFormat) -> Option<(HeaderName, HeaderName, HeaderFormat)> {
        let chain = format!("{name}-chain").parse().ok()?;
        Some((name.parse().ok()?, chain, format))
    }

    /// Whether any client can present a certificate.
    pub fn is_offered(&self) -> bool {
        self.listens || self.header.is_some()
    }

    /// Whether certificates from authorities are judged.
    pub fn knows_authorities(&self) -> bool {
        self.is_offered() && self.trust.is_some()
    }

    /// Scheme, host and port of the other address, without a slash at the end.
    pub fn alias(&self) -> Option<&str> {
        self.alias.as_ref().map(|url| url.as_str().trim_end_matches('/'))
    }

    /// Whether a request came to where certificates are asked for. A proxy that serves people under another name may pass on there whatever a
    /// browser sends, and nobody has seen a key.
    fn is_asked_for(&self, request: &Request) -> bool {
        let Some(alias) = self.alias.as_ref() else { return true };
        let (named, place) = (listener::named_host(request), listener::authority(alias));
        named.zip(place).is_some_and(|(named, place)| place.eq_ignore_ascii_case(named))
    }

    /// The certificate that a request comes with. On our own listener it is that of the handshake and nothing else; a header is looked at only
    /// if a trusted proxy sent it, to the address for certificates where there is one; what cannot be read is an error, never a guess.
    pub fn certificate(
        &self,
        request: &Request,
        from_proxy: bool,
    ) -> Result<Option<Arc<ClientCertificate>>, Unreadable> {
        if let Some(Handshake(shown)) = request.extensions().get::<Handshake>() {
            return Ok(shown.clone());
        }
        let believed = self.header.as_ref().filter(|_| from_proxy && self.is_asked_for(request));
        let Some((name, chain, format)) = believed else { return Ok(None) };
        let Some(value) = only(request.headers(), name)? else { return Ok(None) };
        let read = match format {
            HeaderFormat::Rfc9440 => ClientCertificate::read(octets(value)?, above(request.headers(), chain)?),
            HeaderFormat::EscapedPem => ClientCertificate::read(unescaped(value)?, Vec::new()),
        };
        read.map(|certificate| Some(Arc::new(certificate))).map_err(|_| Unreadable)
    }
}

/// The one value of a header; an empty one is what proxies send for a client without a certificate.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Unreadable> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            value.to_str().map(|text| Some(text.trim()).filter(|text| !text.is_empty())).map_err(|_| Unreadable)
        }
        (Some(_), Some(_)) => Err(Unreadable),
    }
}

/// RFC 9440 §2.2, RFC 8941 §3.3.5.
fn octets(item: &str) -> Result<Vec<u8>, Unreadable> {
    let text = item.trim().strip_prefix(':').and_then(|text| text.strip_suffix(':')).ok_or(Unreadable)?;
    if text.len() > 2 * certificate::LONGEST {
        return Err(Unreadable);
    }
    STANDARD.decode(text).map_err(|_| Unreadable)
}

/// RFC 9440 §2.3: a list, in one header or several.
fn above(headers: &HeaderMap, name: &HeaderName) -> Result<Vec<Vec<u8>>, Unreadable> {
    let mut chain = Vec::new();
    for value in headers.get_all(name) {
        for item in value.to_str().map_err(|_| Unreadable)?.split(',').filter(|item| !item.trim().is_empty()) {
            if chain.len() == MAX_CHAIN {
                return Err(Unreadable);
            }
            chain.push(octets(item)?);
        }
    }
    Ok(chain)
}

fn unescaped(value: &str) -> Result<Vec<u8>, Unreadable> {
    if value.len() > 6 * certificate::LONGEST {
        return Err(Unreadable);
    }
    let pem: Vec<u8> = percent_decode_str(value).collect();
    CertificateDer::from_pem_slice(&pem).map(|der| der.to_vec()).map_err(|_| Unreadable)
}
