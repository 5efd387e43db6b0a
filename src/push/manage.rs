//! Setting up where people of a client are pushed to, changing it, ending it: by operators.

use serde_json::json;

use super::model::{Rules, Status, Target, UserNameFrom};
use super::{progress_store as progress, target_store as store, work_store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageClient;
use crate::db::{self, Tx};
use crate::directory::client;
use crate::directory::client::model::Client;
use crate::kernel::ctx::Ctx;
use crate::kernel::seal::{Place, SealError};
use crate::kernel::secret::Token;
use crate::outbound::{Outbound, guard};
use crate::tokens::Kek;

/// Longest address of a SCIM server, and longest token.
pub const MAX_TEXT: usize = 2000;

/// What an operator says about a target.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The base of the SCIM server, as `https://app.example/scim/v2`.
    pub base_url: String,
    /// The bearer token; `None`: as it is.
    pub token: Option<Token>,
    /// How.
    pub rules: Rules,
}

/// Why a target was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The client has none.
    #[error("nothing is pushed to this client")]
    NotFound,
    /// A service has no people.
    #[error("only an application with an environment has people that can be pushed to it")]
    Service,
    /// OA-42.
    #[error("people are asked before anything is told to this application, so nothing is pushed to it")]
    ThirdParty,
    /// The address, as far as it alone says.
    #[error("the address cannot be used: {0}")]
    Address(guard::Refused),
    /// With a question or a fragment, or too long.
    #[error("the address of a SCIM server has neither `?` nor `#`, and {MAX_TEXT} characters at most")]
    Base,
    /// There is none, or it cannot stand in a header.
    #[error("a token of visible ASCII characters is needed, {MAX_TEXT} at most")]
    Token,
    /// What `userName` would be is not released to the client.
    #[error("the client has not the scope `{0}`, without which it is not told what `userName` would be")]
    Scope(&'static str),
    /// The token could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

fn place(row: &str) -> Place<'_> {
    Place { table: "push_targets", row, column: "sealed_token" }
}

/// The token of a target.
pub(super) fn open(kek: &Kek, target: &Target) -> Result<Token, SealError> {
    let plain = kek.open(place(&target.client.to_string()), &target.sealed_token)?;
    std::str::from_utf8(&plain).map(Token::from_text).map_err(|_| SealError::DoesNotOpen)
}

/// Sets a target up, paused until it is let go on, or changes it. At another address everything begins anew.
pub async fn set(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    wanted: &Wanted,
    (outbound, kek): (&Outbound, &Kek),
    ctx: &Ctx,
) -> Result<Target, PushError> {
    let id = permit.action().client.ok_or(PushError::NotFound)?;
    let client = client::store::find(tx, id).await?.ok_or(PushError::NotFound)?;
    let base_url = check(&client, wanted, outbound)?;
    let found = store::find(tx, id).await?;
    let seal = |token: &Token| kek.seal(place(&id.to_string()), token.reveal().as_bytes(), &ctx.entropy);
    let sealed_token = match (&wanted.token, &found) {
        (Some(token), _) if is_token(token) => seal(token)?,
        // A token is not sent elsewhere than where it was for.
        (None, Some(found)) if found.base_url == base_url => found.sealed_token.clone(),
        _ => return Err(PushError::Token),
    };
    let moved = found.as_ref().is_some_and(|found| found.base_url != base_url);
    let target = Target {
        client: id,
        base_url,
        sealed_token,
        rules: wanted.rules,
        status: found.as_ref().map_or(Status::Paused, |found| found.status),
        created_at: found.as_ref().map_or(ctx.now, |found| found.created_at),
        updated_at: ctx.now,
    };
    if found.is_some() {
        store::save(tx, &target).await?;
    } else {
        store::insert(tx, &target).await?;
        progress::insert(tx, id, ctx.now).await?;
    }
    if moved {
        store::remove_known(tx, id).await?;
    }
    progress::save_hurried(tx, id, true, ctx.now).await?;
    record(tx, Kind::PushChanged, &permit, &target, ctx).await?;
    Ok(target)
}

fn is_token(token: &Token) -> bool {
    let text = token.reveal();
    (1..=MAX_TEXT).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn check(client: &Client, wanted: &Wanted, outbound: &Outbound) -> Result<String, PushError> {
    if client.environment.is_none() {
        return Err(PushError::Service);
    }
    if client.settings.third_party {
        return Err(PushError::ThirdParty);
    }
    let base = wanted.base_url.trim().trim_end_matches('/');
    if base.len() > MAX_TEXT || base.contains(['?', '#']) {
        return Err(PushError::Base);
    }
    outbound.check(base).map_err(PushError::Address)?;
    let needed = match wanted.rules.user_name {
        UserNameFrom::UserName => Some("profile"),
        UserNameFrom::Email => Some("email"),
        UserNameFrom::Subject => None,
    };
    let has = |wanted: &str| client.settings.scopes.iter().any(|scope| scope == wanted);
    match needed.filter(|scope| !has(scope)) {
        Some(scope) => Err(PushError::Scope(scope)),
        None => Ok(base.to_owned()),
    }
}

/// Lets a target go on, after everything was compared, or pauses it.
pub async fn set_status(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    status: Status,
    ctx: &Ctx,
) -> Result<Target, PushError> {
    let target = of(tx, &permit).await?;
    if target.status == status {
        return Ok(target);
    }
    let target = Target { status, updated_at: ctx.now, ..target };
    store::save(tx, &target).await?;
    if status == Status::Active {
        progress::save_hurried(tx, target.client, true, ctx.now).await?;
    }
    record(tx, Kind::PushChanged, &permit, &target, ctx).await?;
    Ok(target)
}

/// What waits after failures is tried now; everything is compared first if that is wanted.
pub async fn hurry(tx: &mut Tx, permit: Permit<ManageClient>, reconcile: bool, ctx: &Ctx) -> Result<Target, PushError> {
    let target = of(tx, &permit).await?;
    work_store::save_hurried(tx, target.client).await?;
    progress::save_hurried(tx, target.client, reconcile, ctx.now).await?;
    record(tx, Kind::PushHurried, &permit, &target, ctx).await?;
    Ok(target)
}

/// Ends it. Whoever was brought stays there: it is for the application to keep or to delete them.
pub async fn remove(tx: &mut Tx, permit: Permit<ManageClient>, ctx: &Ctx) -> Result<(), PushError> {
    let target = of(tx, &permit).await?;
    store::remove(tx, target.client).await?;
    record(tx, Kind::PushRemoved, &permit, &target, ctx).await
}

async fn of(tx: &mut Tx, permit: &Permit<ManageClient>) -> Result<Target, PushError> {
    let client = permit.action().client.ok_or(PushError::NotFound)?;
    store::find(tx, client).await?.ok_or(PushError::NotFound)
}

/// Never with the token.
async fn record(
    tx: &mut Tx,
    kind: Kind,
    permit: &Permit<ManageClient>,
    target: &Target,
    ctx: &Ctx,
) -> Result<(), PushError> {
    let told = json!({ "address": target.base_url, "status": target.status.as_str(), "rules": target.rules });
    let event = Event::new(kind, Subject::Client(target.client)).with(told);
    Ok(audit::record(tx, ctx, permit.via(), event).await?)
}
