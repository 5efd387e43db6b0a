//! Encrypting to a client what was signed for it (RFC 7519 §5.2: signed first, then encrypted).

use super::error::OAuthError;
use super::state::Oidc;
use crate::directory::client::keys_rules;
use crate::directory::client::model::ClientSettings;
use crate::kernel::time::Timestamp;
use crate::proofs::client_keys::NotEncrypted;
use crate::proofs::{Encrypted, KeyManagement};

impl Oidc {
    /// A signed JWT as the client takes it: as it is where nothing is said, and never so where something is.
    pub(super) async fn encrypted(
        &self,
        jwt: String,
        settings: &ClientSettings,
        how: Option<Encrypted>,
        now: Timestamp,
    ) -> Result<String, OAuthError> {
        let Some(how) = how else { return Ok(jwt) };
        let keys = keys_rules::source(settings).ok_or_else(|| no_key(how.alg))?;
        match self.client_keys.encrypt(keys, (&jwt, None), how, now).await {
            Ok(encrypted) => Ok(encrypted),
            Err(NotEncrypted::NoKey(alg)) => Err(no_key(alg)),
            Err(NotEncrypted::Failed(error)) => Err(OAuthError::internal(error)),
        }
    }

    /// Asked before a code or a refresh token is used up: what cannot be encrypted in the end would be lost.
    pub(super) async fn can_encrypt(
        &self,
        settings: &ClientSettings,
        how: Option<Encrypted>,
        now: Timestamp,
    ) -> Result<(), OAuthError> {
        let Some(how) = how else { return Ok(()) };
        match keys_rules::source(settings) {
            Some(keys) if self.client_keys.can_encrypt(keys, how.alg, now).await => Ok(()),
            _ => Err(no_key(how.alg)),
        }
    }
}

/// Its metadata ask for what its keys do not allow: the code of registration says it best.
fn no_key(alg: KeyManagement) -> OAuthError {
    OAuthError::InvalidClientMetadata(format!("there is no key of the client that `{}` can encrypt to", alg.as_str()))
}
