//! Adding a passkey to one's own account (WebAuthn §7.1).

use serde::Serialize;
use webauthn_rs::prelude::{Credential, CredentialID, PasskeyRegistration, RegisterPublicKeyCredential};
use webauthn_rs_proto::{PublicKeyCredentialCreationOptions, ResidentKeyRequirement};

use super::ceremony::{Ceremony, Purpose};
use super::{Passkey, RelyingParty, store};
use crate::audit::Kind;
use crate::db::{Db, Tx, transact};
use crate::directory::user::model::User;
use crate::factors::own::{self, FactorError, MOST, require_fresh};
use crate::factors::vault::Vault;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::PasskeyId;
use crate::kernel::secret::Digest;
use crate::notify::Message;
use crate::sessions::Session;

/// What the page holds for the browser.
#[derive(Debug)]
pub struct Asked {
    /// The options of `navigator.credentials.create` (WebAuthn §5.4), as JSON.
    pub options: String,
    /// The ceremony, sealed.
    pub ceremony: String,
}

/// A random name for the person among authenticators, made once.
pub async fn prepare(tx: &mut Tx, (user, session): (&User, &Session), ctx: &Ctx) -> Result<(), FactorError> {
    require_fresh(session, ctx)?;
    if store::list(tx, user.id).await?.len() >= MOST {
        return Err(FactorError::TooMany);
    }
    Ok(store::insert_handle(tx, user.id, uuid::Uuid::from_bytes(ctx.entropy.bytes())).await?)
}

/// The options for one more passkey; `None` before [`prepare`].
pub async fn begin(
    tx: &mut Tx,
    (party, vault): (&RelyingParty, &Vault),
    (user, browser): (&User, &Digest),
    ctx: &Ctx,
) -> Result<Option<Asked>, FactorError> {
    let Some(handle) = store::find_handle(tx, user.id).await? else { return Ok(None) };
    let held: Vec<CredentialID> =
        store::list(tx, user.id).await?.iter().map(|passkey| passkey.credential.cred_id().clone()).collect();
    let account = user.email.as_ref().map_or(user.user_name.as_str(), |email| email.as_str());
    let name = format!("{} {}", user.given_name, user.family_name);
    let begun = party.webauthn.start_passkey_registration(handle, account, &name, Some(held));
    let (challenge, state) = begun.map_err(|_| FactorError::Wrong)?;
    let options = discoverable(challenge.public_key);
    let ceremony = Ceremony::begin(Purpose::Register, (browser, Some(user.id)), state, ctx).to_text(vault, ctx)?;
    Ok(Some(Asked { options: json(&options)?, ceremony }))
}

/// The key itself has to know whose it is: nobody types a name to sign in with it, and no page lists keys of an account (AU-23).
fn discoverable(mut options: PublicKeyCredentialCreationOptions) -> PublicKeyCredentialCreationOptions {
    if let Some(selection) = &mut options.authenticator_selection {
        selection.resident_key = Some(ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
    options
}

pub(super) fn json(options: &impl Serialize) -> Result<String, FactorError> {
    serde_json::to_string(options).map_err(|_| FactorError::Wrong)
}

/// What a browser gave.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The ceremony of the page.
    pub ceremony: &'a str,
    /// The answer of the authenticator, as JSON (WebAuthn §5.1 `toJSON`).
    pub credential: &'a str,
    /// What its owner calls it.
    pub name: &'a str,
    /// The browser.
    pub browser: &'a Digest,
}

/// Adds the passkey that a browser has made.
pub async fn finish(
    db: &Db,
    (party, vault): (&RelyingParty, &Vault),
    (user, session): (&User, &Session),
    answer: Answer<'_>,
    ctx: &Ctx,
) -> Result<(), FactorError> {
    require_fresh(session, ctx)?;
    let name = own::name(answer.name)?;
    let whose = (answer.browser, Some(user.id));
    let ceremony: Ceremony<PasskeyRegistration> =
        Ceremony::parse(vault, answer.ceremony, Purpose::Register, whose, ctx).ok_or(FactorError::Wrong)?;
    let answered: RegisterPublicKeyCredential =
        serde_json::from_str(answer.credential).map_err(|_| FactorError::Wrong)?;
    let made = party.webauthn.finish_passkey_registration(&answered, &ceremony.state);
    let known = store::list(&mut db.reader().await?, user.id).await?;
    // The library refuses what it was told to exclude without saying why.
    if known.iter().any(|held| held.credential.cred_id().as_slice() == answered.raw_id.as_slice()) {
        return Err(FactorError::Known);
    }
    let credential = made.map_err(|_| FactorError::Wrong)?;
    let synced = Credential::from(credential.clone()).backup_eligible;
    let passkey = Passkey {
        id: PasskeyId(ctx.uuid()),
        user: user.id,
        name: name.clone(),
        credential,
        synced,
        created_at: ctx.now,
        last_used_at: None,
    };
    transact!(db, tx => {
        if !ceremony.use_up(tx).await? {
            return Err(FactorError::Wrong);
        }
        if store::list(tx, user.id).await?.len() >= MOST {
            return Err(FactorError::TooMany);
        }
        if !store::insert(tx, &passkey).await? {
            return Err(FactorError::Known);
        }
        let message = Message::FactorAdded { given_name: user.given_name.clone(), factor: name.clone() };
        Ok(own::changed(tx, user, (Kind::FactorAdded, &message), ctx).await?)
    })
}
