//! A ceremony under way, between the page with its challenge and the answer. It is kept by the page, sealed: nothing is stored for whoever
//! opens the sign-in page. It is bound to browser and purpose, lasts for minutes, and is used up by one insert (AU-31, AU-32, AU-33).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::{self, Tx};
use crate::factors::vault::Vault;
use crate::kernel::ctx::Ctx;
use crate::kernel::hex::hex;
use crate::kernel::ids::UserId;
use crate::kernel::seal::{Place, SealError};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;
use crate::proofs::once::Once;
use crate::proofs::once_store;

/// How long a page with a challenge can be answered. Browsers wait with the sign-in page open, so longer than a person takes.
pub const LIFETIME: Duration = Duration::from_mins(15);
/// Longest that is read.
const MAX_TEXT: usize = 4_000;

/// What a ceremony is for. One for one purpose is nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To add a passkey.
    Register,
    /// To sign in.
    SignIn,
    /// To prove both factors again in a session.
    StepUp,
}

/// A ceremony as it stands in the page.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ceremony<S> {
    id: Uuid,
    purpose: Purpose,
    browser: String,
    user: Option<UserId>,
    until: Timestamp,
    /// The library's own state: the challenge, and what was asked for.
    pub state: S,
}

const SEALED: Place<'static> = Place { table: "passkeys", row: "", column: "ceremony" };

impl<S: Serialize + DeserializeOwned> Ceremony<S> {
    /// Begins one in this browser, for this person if it is known who answers.
    pub fn begin(purpose: Purpose, (browser, user): (&Digest, Option<UserId>), state: S, ctx: &Ctx) -> Self {
        let browser = hex(browser.as_bytes());
        Self { id: ctx.uuid(), purpose, browser, user, until: ctx.now.plus(LIFETIME), state }
    }

    /// As it stands in the page.
    pub fn to_text(&self, vault: &Vault, ctx: &Ctx) -> Result<String, SealError> {
        let plain = serde_json::to_vec(self).map_err(|_| SealError::DoesNotOpen)?;
        Ok(URL_SAFE_NO_PAD.encode(vault.seal(SEALED, &plain, &ctx.entropy)?))
    }

    /// Reads one that was begun for the same purpose, browser and person, and is not too old.
    pub fn parse(
        vault: &Vault,
        text: &str,
        purpose: Purpose,
        (browser, user): (&Digest, Option<UserId>),
        ctx: &Ctx,
    ) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok().filter(|_| text.len() <= MAX_TEXT)?;
        let found: Self = serde_json::from_slice(&vault.open(SEALED, &sealed).ok()?).ok()?;
        let fits = found.purpose == purpose && found.user == user && found.browser == hex(browser.as_bytes());
        Some(found).filter(|found| fits && ctx.now < found.until)
    }

    /// Uses it up; `false` if that was done before, on any node.
    pub async fn use_up(&self, tx: &mut Tx) -> db::Result<bool> {
        let once = Once::new("passkey", &[&self.id.to_string()], self.until);
        Ok(!once_store::insert(tx, once).await?.is_empty())
    }
}
