//! Tokens of services that cannot fetch any: many identity providers that provision take one fixed bearer token and nothing else. It is
//! good until a day, shown once, stored as a digest (OA-49), and stands for the service as it is at each use (SC-28).

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::access_token::{Bearer, BearerError, Bound, Tokens};
use super::provisioning_store::{self as store, Holder};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageClient;
use crate::db::{self, Db, Tx};
use crate::directory::client::keep;
use crate::directory::client::model::{Client, ClientKind};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ClientId, PrincipalId, ProvisioningTokenId, UserId};
use crate::kernel::limits::Limits;
use crate::kernel::secret::{Digest, Token};
use crate::kernel::strength::Strength;
use crate::kernel::text::{TextError, line};
use crate::kernel::time::Timestamp;

/// By what a secret of this kind is known, to us and to whoever searches for leaked ones.
pub const PREFIX: &str = "chp_";

/// Most tokens that one service has at a time: what one needs to change over, and some.
pub const MAX_TOKENS: usize = 5;

/// Most days that one lasts.
pub const MAX_DAYS: u32 = 366;

/// Longest name, in characters.
pub const MAX_NAME: usize = 100;

/// Longest text that is looked up, in octets.
const MAX_LENGTH: usize = 64;

/// One token; never its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisioningToken {
    /// Its id.
    pub id: ProvisioningTokenId,
    /// The service.
    pub client: ClientId,
    /// Where it was entered, in the words of its maker.
    pub name: String,
    /// The delegate who made it; it is good only while they may keep the service.
    pub kept_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From this instant on it is good for nothing.
    pub expires_at: Timestamp,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum ProvisioningTokenError {
    /// The name.
    #[error("{0}")]
    Name(TextError),
    /// Not a number of days that there may be.
    #[error("a token lasts 1 to {MAX_DAYS} days")]
    Days,
    /// Only services stand for themselves, and those that prove a key of theirs at each use have no use for it.
    #[error("only a service whose tokens are not bound to a key or a certificate can have such a token")]
    Kind,
    /// [`MAX_TOKENS`].
    #[error("there are {MAX_TOKENS} tokens already; revoke one first")]
    TooMany,
    /// This service has no such token.
    #[error("no such token")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Whether a service can have such tokens.
pub fn suits(client: &Client) -> bool {
    client.kind == ClientKind::Machine && !client.settings.requires_bound_tokens()
}

/// Makes a token; the secret is given out here and nowhere else.
pub async fn issue(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    client: &Client,
    (name, days): (&str, u32),
    ctx: &Ctx,
) -> Result<(ProvisioningToken, Token), ProvisioningTokenError> {
    let name = line(name, MAX_NAME).map_err(ProvisioningTokenError::Name)?;
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(ProvisioningTokenError::Days);
    }
    if !suits(client) || permit.action().client != Some(client.id) {
        return Err(ProvisioningTokenError::Kind);
    }
    if store::list(tx, client.id, ctx.now).await?.len() >= MAX_TOKENS {
        return Err(ProvisioningTokenError::TooMany);
    }
    let secret = Token::from_text(format!("{PREFIX}{}", Token::generate(&ctx.entropy).reveal()));
    let token = ProvisioningToken {
        id: ProvisioningTokenId(ctx.uuid()),
        client: client.id,
        name,
        kept_by: keep::keeper(&permit),
        created_at: ctx.now,
        expires_at: ctx.now.plus(Duration::from_hours(24 * u64::from(days))),
    };
    store::insert(tx, &token, &secret.digest()).await?;
    let told = json!({ "token": token.id, "name": token.name, "expires_at": token.expires_at });
    record(tx, Kind::ProvisioningTokenIssued, (client, &permit), told, ctx).await?;
    Ok((token, secret))
}

/// Takes a token back; from the next request on it is good for nothing.
pub async fn revoke(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    client: &Client,
    id: ProvisioningTokenId,
    ctx: &Ctx,
) -> Result<(), ProvisioningTokenError> {
    if permit.action().client != Some(client.id) || !store::save_revoked(tx, id, client.id, ctx.now).await? {
        return Err(ProvisioningTokenError::NotFound);
    }
    Ok(record(tx, Kind::ProvisioningTokenRevoked, (client, &permit), json!({ "token": id }), ctx).await?)
}

async fn record(
    tx: &mut Tx,
    kind: Kind,
    (client, permit): (&Client, &Permit<ManageClient>),
    told: serde_json::Value,
    ctx: &Ctx,
) -> db::Result<()> {
    let mut event = Event::new(kind, Subject::Client(client.id)).with(told);
    if let Some(organisation) = client.organisation {
        event = event.within(organisation);
    }
    audit::record(tx, ctx, permit.via(), event).await
}

impl Tokens {
    /// The service of such a token, as it is now.
    pub(super) async fn of_service(&self, db: &Db, token: &str, now: Timestamp) -> Result<Bearer, BearerError> {
        if token.len() > MAX_LENGTH {
            return Err(BearerError::Invalid);
        }
        let holder = store::find_holder(&mut db.reader().await?, &Digest::of(token.as_bytes()), now).await?;
        let Holder { client_id, id, kept_by, live } = holder.ok_or(BearerError::Invalid)?;
        let known = self.clients.find(db, &client_id, now).await?;
        let known = known.filter(|known| live && known.is_usable(now) && suits(&known.client));
        let known = known.ok_or(BearerError::Ended(id))?;
        let client = &known.client;
        if !self.is_kept(db, (client.id, kept_by), now).await? {
            return Err(BearerError::Ended(id));
        }
        let scopes: Vec<&str> = client.settings.scopes.iter().map(String::as_str).collect();
        Ok(Bearer {
            principal: PrincipalId::Service(client.id),
            person: None,
            client: Some(client.id),
            known: Some(Arc::clone(&known)),
            limits: Limits::of_scopes(&scopes),
            second_factor_at: None,
            strength: Strength::default(),
            family: None,
            bound: Bound::default(),
            held_to: known.client.settings.provisioning.clone(),
            kept_by,
            claims: Vec::new(),
        })
    }
}
