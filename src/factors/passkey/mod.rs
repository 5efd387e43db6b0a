//! Passkeys and security keys (WebAuthn Level 3): discoverable, always with user verification, and so both factors in one. Our own code is
//! what is kept and who it belongs to; the ceremonies are the library's.

pub mod ceremony;
pub mod change;
pub mod prove;
pub mod register;
pub mod store;

use std::sync::Arc;

use url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

use crate::kernel::ids::{PasskeyId, UserId};
use crate::kernel::time::Timestamp;

/// What is kept of a passkey.
#[derive(Clone, Debug)]
pub struct Passkey {
    /// Its id here.
    pub id: PasskeyId,
    /// Whose it is.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// The public key with its counters, as the library keeps it.
    pub credential: webauthn_rs::prelude::Passkey,
    /// Whether it may be copied to other devices of its owner (WebAuthn §6.1.3, backup eligible).
    pub synced: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was used last.
    pub last_used_at: Option<Timestamp>,
}

/// This installation as authenticators know it (WebAuthn §4 "Relying Party"); cheap to clone.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    pub(super) webauthn: Arc<Webauthn>,
    /// The domain that the passkeys belong to.
    pub id: Arc<str>,
}

impl RelyingParty {
    /// Of the address that browsers use. `None` where that is no domain (an IP address) or neither `https` nor `localhost`: browsers have
    /// no passkeys there.
    pub fn of(public_url: &Url) -> Option<Self> {
        let id = public_url.domain()?;
        if public_url.scheme() != "https" && id != "localhost" {
            return None;
        }
        let webauthn = WebauthnBuilder::new(id, public_url).ok()?.rp_name(id).build().ok()?;
        Some(Self { webauthn: Arc::new(webauthn), id: id.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_need_a_domain_that_browsers_trust() {
        let id = |url: &str| RelyingParty::of(&url.parse().unwrap()).map(|party| party.id.to_string());
        assert_eq!(id("https://id.bank.example/").as_deref(), Some("id.bank.example"));
        assert_eq!(id("http://localhost:8080/").as_deref(), Some("localhost"));
        assert_eq!(id("http://id.bank.example/"), None);
        assert_eq!(id("http://127.0.0.1:8080/"), None);
    }
}
