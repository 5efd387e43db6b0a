//! The keys of the server as it starts: opened, and made where they are missing.

use std::time::Duration;

use tokio::sync::watch;

use super::StartError;
use crate::config::{Config, Sealed};
use crate::kernel::ctx::Channel;
use crate::tokens::key_use::KeyUse;
use crate::tokens::signing_key::Algorithm;
use crate::tokens::{Kek, Keys};
use crate::web::App;

/// How long a server has run before it makes a key that is missing, and from one to the next: whatever was waiting for it goes first.
const KEYS_AFTER: Duration = Duration::from_secs(5);

/// The configured key-encryption key (CR-03).
pub fn kek(config: &Config) -> Result<Kek, StartError> {
    config.keys.bytes().map_err(|problem| StartError::Config("keys.encryption_key", problem.to_owned()))?;
    let text = config.keys.encryption_key.as_ref().map(Sealed::reveal).unwrap_or_default();
    Kek::parse(text.trim()).map_err(|error| StartError::Keys(error.to_string()))
}

/// Opens the signing keys with the configured key-encryption key; refuses a wrong or a missing one (CR-03).
pub async fn keys(app: &App, config: &Config) -> Result<Keys, StartError> {
    let kek = kek(config)?;
    let ctx = app.internal_ctx(Channel::Cli);
    Keys::open(&app.db, kek, &ctx).await.map_err(|error| StartError::Keys(error.to_string()))
}

/// Makes the keys that are offered and not there yet, so that they are in the key set before anybody needs them: beside everything else, as
/// one of RSA takes its time, and not at all in a server that stops at once.
pub(super) async fn make_missing(app: App, (keys, encrypted): (Keys, bool), mut stopped: watch::Receiver<bool>) {
    let opening = KeyUse::OPENING.into_iter().filter(|_| encrypted);
    for key_use in Algorithm::ALL.map(KeyUse::Signing).into_iter().chain(opening) {
        if tokio::time::timeout(KEYS_AFTER, stopped.wait_for(|stopped| *stopped)).await.is_ok() {
            return;
        }
        if let Err(error) = keys.ensure(&app.db, key_use, &app.internal_ctx(Channel::Job)).await {
            tracing::error!(%error, key = key_use.as_str(), "a key could not be made; the next start tries again");
        }
    }
}
