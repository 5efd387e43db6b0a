//! What the certificate of a client is known by: one name of its subject (RFC 8705 §2.1.2). Pure.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use x509_parser::prelude::{GeneralName, X509Certificate};

use super::distinguished::DistinguishedName;

/// Longest name that is registered, in octets.
pub const LONGEST: usize = 1_000;

/// The kinds of names, as client metadata call them without `tls_client_auth_`.
pub const KINDS: [&str; 5] = ["subject_dn", "san_dns", "san_uri", "san_ip", "san_email"];

/// One name, of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateName {
    /// The distinguished name of the subject (RFC 4514).
    SubjectDn(String),
    /// A `dNSName` among the alternative names.
    SanDns(String),
    /// A `uniformResourceIdentifier` among them.
    SanUri(String),
    /// An `iPAddress` among them.
    SanIp(String),
    /// An `rfc822Name` among them.
    SanEmail(String),
}

/// A text that is no name of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no {1} of a certificate")]
pub struct NoName(pub String, pub &'static str);

impl CertificateName {
    /// A name of one of [`KINDS`].
    pub fn of(kind: &str, name: String) -> Option<Self> {
        match kind {
            "subject_dn" => Some(Self::SubjectDn(name)),
            "san_dns" => Some(Self::SanDns(name)),
            "san_uri" => Some(Self::SanUri(name)),
            "san_ip" => Some(Self::SanIp(name)),
            "san_email" => Some(Self::SanEmail(name)),
            _ => None,
        }
    }

    /// Its kind, one of [`KINDS`].
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SubjectDn(_) => "subject_dn",
            Self::SanDns(_) => "san_dns",
            Self::SanUri(_) => "san_uri",
            Self::SanIp(_) => "san_ip",
            Self::SanEmail(_) => "san_email",
        }
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        match self {
            Self::SubjectDn(name)
            | Self::SanDns(name)
            | Self::SanUri(name)
            | Self::SanIp(name)
            | Self::SanEmail(name) => name,
        }
    }

    /// Whether it can be a name of its kind at all: what never fits is told to whoever registers it. No patterns: a name is one name.
    pub fn check(&self) -> Result<(), NoName> {
        let clean = |text: &str| !text.is_empty() && !text.chars().any(|c| c.is_control() || c.is_whitespace());
        let good = self.as_str().len() <= LONGEST
            && match self {
                Self::SubjectDn(name) => DistinguishedName::parse(name).is_some(),
                Self::SanDns(name) => is_host(name),
                Self::SanUri(name) => clean(name) && url::Url::parse(name).is_ok(),
                Self::SanIp(name) => name.parse::<IpAddr>().is_ok(),
                Self::SanEmail(name) => {
                    clean(name) && name.split_once('@').is_some_and(|(local, host)| !local.is_empty() && is_host(host))
                }
            };
        if good { Ok(()) } else { Err(NoName(self.as_str().chars().take(200).collect(), self.kind())) }
    }

    /// Whether a certificate has this name (RFC 5280 §7).
    pub(super) fn is_in(&self, certificate: &X509Certificate<'_>) -> bool {
        if let Self::SubjectDn(name) = self {
            let (wanted, subject) = (DistinguishedName::parse(name), DistinguishedName::of(certificate.subject()));
            return wanted.is_some() && wanted == subject;
        }
        let Ok(Some(alternatives)) = certificate.subject_alternative_name() else { return false };
        alternatives.value.general_names.iter().any(|has| match (self, has) {
            (Self::SanDns(name), GeneralName::DNSName(has)) => has.eq_ignore_ascii_case(name),
            (Self::SanUri(name), GeneralName::URI(has)) => has == name,
            (Self::SanIp(name), GeneralName::IPAddress(has)) => is_address(name, has),
            (Self::SanEmail(name), GeneralName::RFC822Name(has)) => is_mailbox(name, has),
            _ => false,
        })
    }
}

fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    name.len() <= 253 && name.split('.').all(label)
}

fn is_address(name: &str, octets: &[u8]) -> bool {
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.octets() == octets,
        Ok(IpAddr::V6(address)) => address.octets() == octets,
        Err(_) => false,
    }
}

/// RFC 5280 §7.5: the host in any case, what stands before it as it is.
fn is_mailbox(name: &str, has: &str) -> bool {
    match (name.rsplit_once('@'), has.rsplit_once('@')) {
        (Some((local, host)), Some((other, place))) => local == other && host.eq_ignore_ascii_case(place),
        _ => false,
    }
}
