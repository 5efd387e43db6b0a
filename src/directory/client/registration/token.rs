//! Making and taking back what lets clients register themselves. The secret is given out once and stored as a digest (OA-49).

use std::time::Duration;

use serde_json::json;

use super::model::{MAX_DAYS, MAX_USES, PREFIX, Policy, RegistrationToken};
use super::store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageClient;
use crate::db::{self, Tx};
use crate::directory::application::environment_store;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{EnvironmentId, RegistrationTokenId};
use crate::kernel::secret::Token;
use crate::kernel::text::{TextError, line};

/// Longest name, in characters.
const MAX_NAME: usize = 100;

/// What its maker asks for.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// Where its clients belong.
    pub environment: EnvironmentId,
    /// What they may be.
    pub policy: Policy,
    /// How many.
    pub uses: i64,
    /// For how many days.
    pub days: u32,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name.
    #[error("the name {0}")]
    Name(TextError),
    /// [`MAX_USES`].
    #[error("a registration token is good for 1 to {MAX_USES} clients")]
    Uses,
    /// [`MAX_DAYS`].
    #[error("a registration token lasts 1 to {MAX_DAYS} days")]
    Days,
    /// There is no such environment, or no such token.
    #[error("not found")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Makes a token.
pub async fn issue(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    new: &NewToken,
    ctx: &Ctx,
) -> Result<(RegistrationToken, Token), TokenError> {
    let name = line(&new.name, MAX_NAME).map_err(TokenError::Name)?;
    if !(1..=MAX_USES).contains(&new.uses) {
        return Err(TokenError::Uses);
    }
    if !(1..=MAX_DAYS).contains(&new.days) {
        return Err(TokenError::Days);
    }
    environment_store::find(tx, new.environment).await?.ok_or(TokenError::NotFound)?;
    let secret = Token::from_text(format!("{PREFIX}{}", Token::generate(&ctx.entropy).reveal()));
    let token = RegistrationToken {
        id: RegistrationTokenId(ctx.uuid()),
        name,
        environment: new.environment,
        policy: new.policy.clone(),
        uses_left: new.uses,
        made_by: permit.actor(),
        made_at: ctx.now,
        expires_at: ctx.now.plus(Duration::from_hours(24) * new.days),
        revoked_at: None,
    };
    store::insert_token(tx, &token, &secret.digest()).await?;
    let told = json!({ "token": token.id, "name": token.name, "uses": new.uses, "policy": token.policy, "expires_at": token.expires_at });
    let event = Event::new(Kind::RegistrationTokenIssued, Subject::Environment(token.environment)).with(told);
    audit::record(tx, ctx, permit.via(), event).await?;
    Ok((token, secret))
}

/// Takes a token back: it registers nobody any more. Clients that it registered stay.
pub async fn revoke(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    id: RegistrationTokenId,
    ctx: &Ctx,
) -> Result<(), TokenError> {
    let environment = store::save_revoked(tx, id, ctx.now).await?.ok_or(TokenError::NotFound)?;
    let event = Event::new(Kind::RegistrationTokenRevoked, Subject::Environment(environment));
    Ok(audit::record(tx, ctx, permit.via(), event.with(json!({ "token": id }))).await?)
}
