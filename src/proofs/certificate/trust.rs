//! Whose certificates are believed where a client is known by a name (RFC 8705 §2.1): a chain to one of the authorities that the
//! operator has named, judged for the instant of the request.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;

use super::ClientCertificate;
use crate::kernel::time::Timestamp;

/// The authorities; cheap to clone.
#[derive(Clone)]
pub struct Trust(Arc<dyn ClientCertVerifier>);

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trust(…)")
    }
}

/// Why there is no trust in anybody.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The file, or a certificate in it, cannot be read.
    #[error("cannot be read: {0}")]
    Read(String),
    /// There is none in it.
    #[error("holds no certificate")]
    Empty,
}

impl Trust {
    /// The certificates of a PEM file; those of authorities in between, too, where clients do not send them.
    pub fn read(file: &Path) -> Result<Self, TrustError> {
        let pem = std::fs::read(file).map_err(|error| TrustError::Read(error.to_string()))?;
        Self::of_pem(&pem)
    }

    /// The same from the text of such a file.
    pub fn of_pem(pem: &[u8]) -> Result<Self, TrustError> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| TrustError::Read(error.to_string()))?;
            roots.add(certificate).map_err(|error| TrustError::Read(error.to_string()))?;
        }
        if roots.is_empty() {
            return Err(TrustError::Empty);
        }
        let builder = WebPkiClientVerifier::builder_with_provider(roots.into(), ring::default_provider().into());
        Ok(Self(builder.build().map_err(|error| TrustError::Read(error.to_string()))?))
    }

    /// Whether a certificate leads to one of them, is of a client, and holds now (RFC 5280 §6).
    pub fn issued(&self, certificate: &ClientCertificate, now: Timestamp) -> bool {
        let leaf = CertificateDer::from(certificate.leaf());
        let chain: Vec<_> = certificate.chain().iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let Ok(seconds) = u64::try_from(now.as_seconds()) else { return false };
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        self.0.verify_client_cert(&leaf, &chain, now).is_ok()
    }
}
