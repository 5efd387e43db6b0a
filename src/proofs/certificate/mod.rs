//! The certificate that a client holds (RFC 8705): what tokens are bound to, what it proves, and by whom it was issued.
//!
//! Whoever hands one over has seen that the private key is there: the handshake of our own listener, or a proxy that we trust.

pub mod distinguished;
mod key;
pub mod name;
pub mod trust;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use x509_parser::prelude::{FromDer as _, X509Certificate};

pub use name::CertificateName;
pub use trust::Trust;

use super::key::Members;

/// Longest certificate that is looked at, in octets.
pub const LONGEST: usize = 16 * 1024;

/// Most certificates of the chain above it.
pub const MAX_CHAIN: usize = 8;

/// Why something is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no X.509 certificate in DER of at most {LONGEST} octets")]
pub struct NoCertificate;

/// A certificate as it was presented, and those above it that came with it. Nothing is said about who issued it.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    leaf: Vec<u8>,
    chain: Vec<Vec<u8>>,
    thumbprint: String,
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientCertificate({})", self.thumbprint)
    }
}

impl ClientCertificate {
    /// Reads a certificate in DER, with the chain above it.
    pub fn read(leaf: Vec<u8>, chain: Vec<Vec<u8>>) -> Result<Self, NoCertificate> {
        parsed(&leaf)?;
        if chain.len() > MAX_CHAIN || chain.iter().any(|above| above.len() > LONGEST) {
            return Err(NoCertificate);
        }
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(&leaf));
        Ok(Self { leaf, chain, thumbprint })
    }

    /// What it is called in `cnf` (`x5t#S256`, RFC 8705 §3.1).
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Whether its subject is of this name (§2.1.2).
    pub fn is_named(&self, name: &CertificateName) -> bool {
        parsed(&self.leaf).is_ok_and(|read| name.is_in(&read))
    }

    /// Whether one of these keys of a client is its own (§2.2): by the certificate in it, or where a key has none by the key itself.
    pub fn is_one_of<'k>(&self, keys: impl Iterator<Item = &'k Members>) -> bool {
        let own = parsed(&self.leaf).ok().and_then(|read| key::of(&read));
        let mut keys = keys;
        keys.any(|members| match first_certificate(members) {
            Some(der) => der.is_some_and(|der| der == self.leaf),
            None => own.is_some() && own == super::key::bare(members).ok(),
        })
    }

    pub(super) fn leaf(&self) -> &[u8] {
        &self.leaf
    }

    pub(super) fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }
}

/// Whether the certificate of a key (RFC 7517 §4.7), if it has one, is of that key.
pub fn fits(members: &Members) -> bool {
    match first_certificate(members) {
        None => true,
        Some(der) => {
            let of_certificate = der.as_deref().and_then(|der| parsed(der).ok().and_then(|read| key::of(&read)));
            of_certificate.is_some() && of_certificate == super::key::bare(members).ok()
        }
    }
}

/// The first of `x5c`: the outer `None` where there is no such member, the inner one where it cannot be read.
#[expect(clippy::option_option, reason = "a key with an odd certificate is not one without")]
fn first_certificate(members: &Members) -> Option<Option<Vec<u8>>> {
    let listed = members.get("x5c")?;
    let first = listed.as_array().and_then(|list| list.first()).and_then(Value::as_str);
    Some(first.filter(|text| text.len() <= 2 * LONGEST).and_then(|text| STANDARD.decode(text).ok()))
}

fn parsed(der: &[u8]) -> Result<X509Certificate<'_>, NoCertificate> {
    if der.len() > LONGEST {
        return Err(NoCertificate);
    }
    match X509Certificate::from_der(der) {
        Ok(([], read)) => Ok(read),
        _ => Err(NoCertificate),
    }
}

#[cfg(test)]
mod tests;
