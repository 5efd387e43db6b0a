//! Requests that wait in one browser while its person signs in, consents or signs out. What waits for one purpose is
//! nothing for another: a secret carried to the wrong endpoint finds nothing (OA-48).

use serde::{Deserialize, Serialize};

use super::error::OAuthError;
use super::params::Parameters;
use super::state::Oidc;
use crate::db::transact;
use crate::directory::client::model::Client;
use crate::kernel::ctx::Channel;
use crate::kernel::hex::{decode, hex};
use crate::kernel::secret::{Digest, Token};
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;
use crate::sessions::parked::{self, ParkedRequest};
use crate::tokens::pushed_store;
use crate::web::RequestInfo;

/// What waits. What leads to an application in the end has a `redirect_uri` at its top: the pages of the sign-in let their forms lead there.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub(super) enum Waiting {
    /// An authorization request, since when.
    Authorization {
        /// The trusted target.
        redirect_uri: String,
        /// As sent.
        parameters: Parameters,
        /// A sign-in after this instant is the one that was asked for (OA-56).
        since: Timestamp,
        /// What it was pushed as, if it was (RFC 9126).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pushed: Option<KeptDigest>,
        /// How strong a sign-in it asks for; the sign-in page says so.
        #[serde(default)]
        second_factor: Strength,
        /// Whether it was signed by its client (RFC 9101).
        #[serde(default)]
        signed: bool,
    },
    /// A device whose code was typed (RFC 8628 §3.3).
    Device {
        /// The digest of its device code.
        grant: KeptDigest,
        /// The code that was typed, sealed: it is shown once more.
        user_code: String,
        /// A sign-in after this instant is the one that was asked for (OA-56).
        since: Timestamp,
    },
    /// A logout that a hint of ours vouches for (OIDC RP-Initiated Logout §2).
    Logout {
        /// Where to go once the person has signed out.
        redirect_uri: String,
    },
}

/// A digest, in hexadecimal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct KeptDigest(String);

impl From<Digest> for KeptDigest {
    fn from(digest: Digest) -> Self {
        Self(hex(digest.as_bytes()))
    }
}

impl From<KeptDigest> for Digest {
    fn from(text: KeptDigest) -> Self {
        // What we did not write leads to nothing.
        decode(&text.0).and_then(|octets| Self::from_slice(&octets)).unwrap_or_else(|| Self::of(&[]))
    }
}

/// What the sign-in pages show and do while a request waits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wishes<'a> {
    pub(super) login_hint: Option<&'a str>,
    pub(super) ui_locales: Option<&'a str>,
    /// A sign-in with both factors, also in a browser that is asked for no code.
    pub(super) both_factors: bool,
}

/// Lets a request wait in this browser; the secret by which it is found again.
pub(super) async fn park(
    oidc: &Oidc,
    info: &RequestInfo,
    client: &Client,
    waiting: &Waiting,
    wishes: Wishes<'_>,
) -> Result<Token, OAuthError> {
    let request = ParkedRequest {
        client: client.id,
        client_name: client.name.clone(),
        login_hint: wishes.login_hint.map(str::to_owned),
        ui_locales: wishes.ui_locales.map(str::to_owned),
        force_login: matches!(waiting, Waiting::Authorization { .. } | Waiting::Device { .. }),
        both_factors: wishes.both_factors,
        parameters: serde_json::to_value(waiting).map_err(OAuthError::internal)?,
    };
    let ctx = info.ctx(&oidc.app, Channel::Oidc);
    let parked: crate::db::Result<Token> =
        transact!(oidc.app.db, tx => parked::park(tx, &request, &info.browser.digest(), &ctx).await);
    Ok(parked?)
}

/// What waits behind a secret, if this browser brought it.
pub(super) async fn find(oidc: &Oidc, info: &RequestInfo, secret: &Token) -> Result<Option<Waiting>, OAuthError> {
    let tx = &mut oidc.app.db.reader().await?;
    let found = parked::find(tx, &secret.digest(), &info.browser.digest(), info.now).await?;
    found.map(|parked| serde_json::from_value(parked.parameters).map_err(OAuthError::internal)).transpose()
}

/// Takes what waits, and with it the pushed request that it came from; only one caller gets it.
pub(super) async fn take(oidc: &Oidc, info: &RequestInfo, secret: &Token) -> Result<Option<Waiting>, OAuthError> {
    transact!(oidc.app.db, tx => {
        let Some(parked) = parked::consume(tx, &secret.digest(), &info.browser.digest(), info.now).await? else {
            return Ok(None);
        };
        let waiting: Waiting = serde_json::from_value(parked.parameters).map_err(OAuthError::internal)?;
        if let Waiting::Authorization { pushed: Some(pushed), .. } = &waiting {
            pushed_store::save_used(tx, &Digest::from(pushed.clone()), info.now).await?;
        }
        Ok(Some(waiting))
    })
}
