//! The proof by the certificate of the connection (RFC 8705 §2). That the private key is there was shown by the handshake.

use crate::directory::client::keys_rules;
use crate::directory::client::model::ClientSettings;
use crate::kernel::time::Timestamp;
use crate::oidc::state::Oidc;
use crate::proofs::ClientCertificate;
use crate::web::mtls::Mtls;

const NONE: &str = "no certificate";

/// `tls_client_auth` (§2.1): from an authority that we trust, whoever let the connection in, and of the registered name.
pub(super) fn named(
    mtls: &Mtls,
    settings: &ClientSettings,
    certificate: Option<&ClientCertificate>,
    now: Timestamp,
) -> Result<(), &'static str> {
    let certificate = certificate.ok_or(NONE)?;
    let name = settings.tls_client_auth.as_ref().ok_or("no name registered for its certificate")?;
    let trust = mtls.trust.as_ref().ok_or("no authority is trusted for certificates")?;
    if !certificate.is_named(name) {
        return Err("a certificate of another name than the registered one");
    }
    if trust.issued(certificate, now) { Ok(()) } else { Err("a certificate of no trusted authority, or out of date") }
}

/// `self_signed_tls_client_auth` (§2.2): of one of its own keys. Nothing else of the certificate is judged: what ends it is that the client
/// takes the key out of its set.
pub(super) async fn own(
    oidc: &Oidc,
    settings: &ClientSettings,
    certificate: Option<&ClientCertificate>,
    now: Timestamp,
) -> Result<(), &'static str> {
    let certificate = certificate.ok_or(NONE)?;
    let keys = keys_rules::source(settings).ok_or("no key registered")?;
    if oidc.client_keys.hold(keys, certificate, now).await {
        Ok(())
    } else {
        Err("a certificate of no key of the client")
    }
}
