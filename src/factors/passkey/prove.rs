//! Proving who one is by a passkey (WebAuthn §7.2): the challenge, and the judgement of the answer. What it opens is for others.

use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential, WebauthnError};

use super::ceremony::{Ceremony, Purpose};
use super::register::{Asked, json};
use super::{Passkey, RelyingParty, store};
use crate::db::{self, Tx};
use crate::factors::own::FactorError;
use crate::factors::vault::Vault;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;
use crate::kernel::secret::Digest;

/// A challenge for whoever answers (`user`: only for this person's session).
pub fn begin(
    (party, vault): (&RelyingParty, &Vault),
    purpose: Purpose,
    (browser, user): (&Digest, Option<UserId>),
    ctx: &Ctx,
) -> Result<Asked, FactorError> {
    let (challenge, state) = party.webauthn.start_discoverable_authentication().map_err(|_| FactorError::Wrong)?;
    let ceremony = Ceremony::begin(purpose, (browser, user), state, ctx).to_text(vault, ctx)?;
    Ok(Asked { options: json(&challenge.public_key)?, ceremony })
}

/// What a browser gave.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The ceremony of the page.
    pub ceremony: &'a str,
    /// The answer of the authenticator, as JSON (WebAuthn §5.1 `toJSON`).
    pub credential: &'a str,
    /// The browser.
    pub browser: &'a Digest,
}

/// An answer that is right, as far as reading tells: ceremony and counter are to be used up with whatever it opens.
#[derive(Debug)]
pub struct Right {
    /// The passkey, after this answer.
    pub passkey: Passkey,
    /// How often it has signed; 0 where it does not count.
    pub counter: u32,
    /// The ceremony.
    pub ceremony: Ceremony<DiscoverableAuthentication>,
}

/// What came of an answer.
#[derive(Debug)]
pub enum Judged {
    /// It is right.
    Right(Box<Right>),
    /// No account has this credential: its owner may remove it from the authenticator.
    Unknown(Vec<u8>),
    /// The signature or what it covers is not right, or the counter goes back (then `true`).
    Wrong(Box<Passkey>, bool),
    /// The page was open for too long, or is another browser's.
    Over,
}

/// Judges an answer; nothing is changed.
pub async fn judge(
    tx: &mut Tx,
    (party, vault): (&RelyingParty, &Vault),
    (purpose, user): (Purpose, Option<UserId>),
    answer: Answer<'_>,
    ctx: &Ctx,
) -> db::Result<Judged> {
    let whose = (answer.browser, user);
    let ceremony: Option<Ceremony<DiscoverableAuthentication>> =
        Ceremony::parse(vault, answer.ceremony, purpose, whose, ctx);
    let answered: Option<PublicKeyCredential> = serde_json::from_str(answer.credential).ok();
    let (Some(ceremony), Some(answered)) = (ceremony, answered) else { return Ok(Judged::Over) };
    let Ok((handle, credential)) = party.webauthn.identify_discoverable_authentication(&answered) else {
        return Ok(Judged::Over);
    };
    let Some(mut passkey) = store::find(tx, credential, handle).await? else {
        return Ok(Judged::Unknown(credential.to_vec()));
    };
    let state = ceremony.state.clone();
    match party.webauthn.finish_discoverable_authentication_v2(&answered, state, &passkey.credential) {
        Ok(result) if result.user_verified() => {
            passkey.credential.update_credential(&result);
            Ok(Judged::Right(Box::new(Right { passkey, counter: result.counter(), ceremony })))
        }
        Err(WebauthnError::CredentialPossibleCompromise) => Ok(Judged::Wrong(Box::new(passkey), true)),
        Ok(_) | Err(_) => Ok(Judged::Wrong(Box::new(passkey), false)),
    }
}
