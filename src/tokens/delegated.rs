//! Tokens that delegates make for their scripts: part of what they hold, under a name, until a day. The secret is shown once and
//! stored as a digest (OA-49); every use asks anew what its maker holds (`delegation.md` §3).

use std::time::Duration;

use serde_json::json;

use super::delegated_store as store;
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::action::IssueToken;
use crate::authority::{Permit, granted_within, scopes};
use crate::db::{self, Tx};
use crate::directory::user;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{DelegatedTokenId, UserId};
use crate::kernel::limits::{Detail, Limits};
use crate::kernel::secret::Token;
use crate::kernel::strength::Strength;
use crate::kernel::text::{TextError, line};
use crate::kernel::time::Timestamp;

/// By what a secret of this kind is known, to us and to whoever searches for leaked ones.
pub const PREFIX: &str = "chd_";

/// Most tokens that one person has at a time.
pub const MAX_TOKENS: i64 = 20;

/// Longest name, in characters.
pub const MAX_NAME: usize = 100;

/// One token; never its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegatedToken {
    /// Its id.
    pub id: DelegatedTokenId,
    /// Whose authority it lends.
    pub user: UserId,
    /// What it is for, in the words of its maker.
    pub name: String,
    /// What was granted.
    pub details: Vec<Detail>,
    /// The person's epoch then: whatever asks for a new sign-in ends it.
    pub user_epoch: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// From this instant on it is good for nothing.
    pub expires_at: Timestamp,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// How strongly its maker had proved who they are: it carries no role that asks for more.
    pub strength: Strength,
}

impl DelegatedToken {
    /// Whether it works at `now`, as far as it alone says.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }

    /// What a request with it is limited to.
    pub fn limits(&self) -> Limits {
        let mut scopes: Vec<String> = self.details.iter().flat_map(|detail| detail.actions.clone()).collect();
        scopes.sort();
        scopes.dedup();
        Limits { scopes, details: self.details.clone() }
    }
}

/// What its maker asks for.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// Which part of their authority.
    pub details: Vec<Detail>,
    /// How long it works.
    pub lasts: Duration,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name.
    #[error("{0}")]
    Name(TextError),
    /// Longer than the profile allows, or not at all.
    #[error("a token lasts at most {} days", .0.as_secs() / 86_400)]
    Lasts(Duration),
    /// Nothing of what was asked for is held.
    #[error("nothing of what was asked for can be granted")]
    Nothing,
    /// [`MAX_TOKENS`].
    #[error("there are too many tokens; revoke one first")]
    TooMany,
    /// There is no such token of this person; whether somebody else has it is not said.
    #[error("no such token")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Makes a token. Granted is what was asked for and is held; the secret is given out here and nowhere else.
pub async fn issue(
    tx: &mut Tx,
    permit: Permit<IssueToken>,
    new: &NewToken,
    longest: Duration,
    ctx: &Ctx,
) -> Result<(DelegatedToken, Token), TokenError> {
    let name = line(&new.name, MAX_NAME).map_err(TokenError::Name)?;
    if new.lasts.is_zero() || new.lasts > longest {
        return Err(TokenError::Lasts(longest));
    }
    let maker = permit.actor().person().ok_or(TokenError::Nothing)?;
    let maker = user::store::find(tx, maker).await?.ok_or(TokenError::Nothing)?;
    let all: Vec<String> = scopes::actions().map(str::to_owned).collect();
    let details = granted_within(tx, permit.authority(), (&all, &new.details), ctx.now).await?;
    if details.is_empty() {
        return Err(TokenError::Nothing);
    }
    if store::count_live(tx, maker.id, ctx.now).await? >= MAX_TOKENS {
        return Err(TokenError::TooMany);
    }
    let secret = Token::from_text(format!("{PREFIX}{}", Token::generate(&ctx.entropy).reveal()));
    let token = DelegatedToken {
        id: DelegatedTokenId(ctx.uuid()),
        user: maker.id,
        name,
        details,
        user_epoch: maker.epoch,
        created_at: ctx.now,
        expires_at: ctx.now.plus(new.lasts),
        revoked_at: None,
        strength: ctx.strength,
    };
    store::insert(tx, &token, &secret.digest()).await?;
    let told = json!({ "token": token.id, "name": token.name, "authorization_details": token.details, "expires_at": token.expires_at });
    let event = Event::new(Kind::DelegatedTokenIssued, Subject::User(maker.id)).within(maker.organisation).with(told);
    audit::record(tx, ctx, permit.via(), event).await?;
    Ok((token, secret))
}

/// Takes back a token of one's own; from the next request on it is good for nothing.
pub async fn revoke(tx: &mut Tx, of: &user::model::User, id: DelegatedTokenId, ctx: &Ctx) -> Result<(), TokenError> {
    if !store::save_revoked(tx, (id, of.id), ctx.now).await? {
        return Err(TokenError::NotFound);
    }
    let event = Event::new(Kind::DelegatedTokenRevoked, Subject::User(of.id)).within(of.organisation);
    Ok(audit::record(tx, ctx, None, event.with(json!({ "token": id }))).await?)
}
