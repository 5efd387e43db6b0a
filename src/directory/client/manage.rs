//! Registering and changing OAuth clients.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::model::{Client, ClientKind, ClientSettings};
use super::rules::{self, Fault};
use super::service::MAX_SERVICES;
use super::{keep, secret_store, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::authority::Permit;
use crate::authority::action::ManageClient;
use crate::db::{self, Tx};
use crate::directory::{application, organisation};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ClientId, EnvironmentId, OrganisationId, RegistrationTokenId};
use crate::kernel::secret::Token;
use crate::kernel::text;

/// Shortest secret from elsewhere that is kept, in characters: it is stored as a plain digest, which guesses come through otherwise.
const SECRET_LENGTH: usize = 32;

/// What a caller says about a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientDetails {
    /// The public `client_id`; only read when it is created.
    pub client_id: String,
    /// Its name as shown.
    pub name: String,
    /// What kind of program it is; only read when it is created.
    pub kind: ClientKind,
    /// The environment whose groups it gets.
    pub environment: Option<EnvironmentId>,
    /// The organisation that a service belongs to.
    pub organisation: Option<OrganisationId>,
    /// Registered settings.
    pub settings: ClientSettings,
}

/// Why a client was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The `client_id` is in use.
    #[error("this client id is in use")]
    IdTaken,
    /// 1 to 100 letters, digits, `.`, `_`, `-`, and no UUID: a client may not look like a person (RFC 9700 §4.15).
    #[error("a client id holds 1 to 100 letters, digits, `.`, `_` and `-`, and is no UUID, as people have")]
    InvalidId,
    /// What is wrong with the settings, all at once.
    #[error("the settings cannot be used")]
    Faults(Vec<Fault>),
    /// A relying application needs an environment, a service an organisation, and neither has both.
    #[error("a service belongs to an organisation, every other client to an environment")]
    Place,
    /// A public client has no secret, nor one that signs.
    #[error("this client has no secret")]
    NoSecret,
    /// More services than an organisation needs.
    #[error("this organisation has {MAX_SERVICES} services already")]
    TooMany,
    /// A delegate says until when, from where and how literally a service is taken, and nothing else.
    #[error("only an operator can change this")]
    Reserved,
    /// It is gone.
    #[error("not found")]
    NotFound,
    /// Somebody else changed it in between.
    #[error("this was changed by somebody else in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(db::Error),
}

impl From<db::Error> for ClientError {
    fn from(error: db::Error) -> Self {
        if error.violates("clients", &["client_id"]) { Self::IdTaken } else { Self::Db(error) }
    }
}

async fn check(tx: &mut Tx, details: &ClientDetails) -> Result<(), ClientError> {
    let id_character = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if !(1..=100).contains(&details.client_id.len()) || !details.client_id.bytes().all(id_character) {
        return Err(ClientError::InvalidId);
    }
    if uuid::Uuid::try_parse(&details.client_id).is_ok() {
        return Err(ClientError::InvalidId);
    }
    match (details.kind, details.environment, details.organisation) {
        (ClientKind::Machine, None, Some(id)) => {
            organisation::store::find(tx, id).await?.map(drop).ok_or(ClientError::NotFound)?;
        }
        (ClientKind::Web | ClientKind::Spa | ClientKind::Native, Some(id), None) => {
            application::environment_store::find(tx, id).await?.map(drop).ok_or(ClientError::NotFound)?;
        }
        _ => return Err(ClientError::Place),
    }
    if let Some(id) = details.settings.scim_environment {
        application::environment_store::find(tx, id).await?.map(drop).ok_or(ClientError::NotFound)?;
    }
    let faults = faults(details.kind, &details.name, &details.settings);
    if faults.is_empty() { Ok(()) } else { Err(ClientError::Faults(faults)) }
}

fn faults(kind: ClientKind, name: &str, settings: &ClientSettings) -> Vec<Fault> {
    let mut faults = rules::check(kind, settings);
    faults.extend(text::name(name).err().map(Fault::Name));
    faults
}

/// Registers a client; the secret is given once, `None` for those that have none.
pub async fn create(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    details: ClientDetails,
    ctx: &Ctx,
) -> Result<(Client, Option<Token>), ClientError> {
    create_by_token(tx, permit, details, None, ctx).await
}

/// The same for a client that comes with its secret from elsewhere, if it has one that is long enough to be no guess. Only a new
/// secret is given.
pub async fn create_with(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    details: ClientDetails,
    secret: Option<Token>,
    ctx: &Ctx,
) -> Result<(Client, Option<Token>), ClientError> {
    let kept = secret.filter(|secret| secret.reveal().len() >= SECRET_LENGTH);
    register_with(tx, &permit, details, (Map::new(), kept), ctx).await
}

/// The same for a client that registers itself: the log has the token that let it, and who vouches for it.
pub(super) async fn create_by_token(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    details: ClientDetails,
    by: Option<(RegistrationTokenId, Option<&str>)>,
    ctx: &Ctx,
) -> Result<(Client, Option<Token>), ClientError> {
    let mut more = Map::new();
    if let Some((token, vouched_by)) = by {
        more.insert("registration_token".to_owned(), json!(token));
        more.extend(vouched_by.map(|issuer| ("vouched_by".to_owned(), json!(issuer))));
    }
    register(tx, &permit, details, more, ctx).await
}

/// Registers a client by whichever right; the log tells `more` of it.
pub(super) async fn register<A>(
    tx: &mut Tx,
    permit: &Permit<A>,
    details: ClientDetails,
    more: Map<String, Value>,
    ctx: &Ctx,
) -> Result<(Client, Option<Token>), ClientError> {
    register_with(tx, permit, details, (more, None), ctx).await
}

async fn register_with<A>(
    tx: &mut Tx,
    permit: &Permit<A>,
    details: ClientDetails,
    (more, kept): (Map<String, Value>, Option<Token>),
    ctx: &Ctx,
) -> Result<(Client, Option<Token>), ClientError> {
    check(tx, &details).await?;
    let client = Client {
        id: ClientId(ctx.uuid()),
        client_id: details.client_id,
        name: details.name,
        kind: details.kind,
        environment: details.environment,
        organisation: details.organisation,
        active: true,
        settings: details.settings,
        epoch: 0,
        created_at: ctx.now,
        updated_at: ctx.now,
        version: 1,
    };
    store::insert(tx, &client).await?;
    let has_secret = client.settings.token_endpoint_auth_method.has_secret();
    let secret = match kept {
        _ if !has_secret => None,
        Some(kept) => {
            let whose = (client.id, keep::keeper(permit));
            secret_store::insert(tx, ctx.uuid(), whose, kept.digest(), ctx.now).await?;
            None
        }
        None => Some(add_secret(tx, permit, &client, ctx).await?),
    };
    let mut told = told(&client);
    if let Some(told) = told.as_object_mut() {
        told.extend(more);
    }
    audit::record(tx, ctx, permit.via(), event(Kind::ClientCreated, &client).with(told)).await?;
    Ok((client, secret))
}

/// Changes name and settings; what it is and where it belongs stay.
pub async fn update(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    (name, settings): (String, ClientSettings),
    version: Option<i64>,
    ctx: &Ctx,
) -> Result<Client, ClientError> {
    let mut client = find(tx, &permit, version).await?;
    keep::check(&permit, &client.settings, &settings)?;
    let faults = faults(client.kind, &name, &settings);
    if !faults.is_empty() {
        return Err(ClientError::Faults(faults));
    }
    let binds = settings.requires_bound_tokens() && !client.settings.requires_bound_tokens();
    let method = |settings: &ClientSettings| settings.token_endpoint_auth_method.has_secret();
    let drops_secrets = method(&client.settings) && !method(&settings);
    client.name = name;
    client.settings = settings;
    save(tx, &mut client, ctx).await?;
    if binds {
        // What was given to bearers works no longer, not even for as long as it would.
        store::save_epoch(tx, client.id).await?;
    }
    if drops_secrets {
        // Otherwise they would prove it again when the method is changed back.
        secret_store::save_end(tx, client.id, ctx.now).await?;
    }
    record(tx, Kind::ClientChanged, &client, &permit, ctx).await?;
    Ok(client)
}

/// Switches a client off (its tokens stop at once) or on again.
pub async fn set_active(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    active: bool,
    ctx: &Ctx,
) -> Result<Client, ClientError> {
    let mut client = find(tx, &permit, None).await?;
    if client.active == active {
        return Ok(client);
    }
    keep::switch(&permit, &mut client, active)?;
    save(tx, &mut client, ctx).await?;
    store::save_epoch(tx, client.id).await?;
    let kind = if active { Kind::ClientEnabled } else { Kind::ClientDisabled };
    record(tx, kind, &client, &permit, ctx).await?;
    Ok(client)
}

/// Gives a new secret; the present one works for `overlap` longer, so that the client can change over. One that had been
/// replaced before ends now: two are valid at most.
pub async fn rotate_secret(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    overlap: Duration,
    ctx: &Ctx,
) -> Result<Token, ClientError> {
    let client = find(tx, &permit, None).await?;
    if !client.settings.token_endpoint_auth_method.has_secret() {
        return Err(ClientError::NoSecret);
    }
    secret_store::save_former_ended(tx, client.id, ctx.now).await?;
    secret_store::save_end(tx, client.id, ctx.now.plus(overlap)).await?;
    let secret = add_secret(tx, &permit, &client, ctx).await?;
    record(tx, Kind::ClientSecretRotated, &client, &permit, ctx).await?;
    Ok(secret)
}

/// Ends the replaced secrets at once: the client has changed over, or a secret was seen by somebody.
pub async fn end_former_secrets(tx: &mut Tx, permit: Permit<ManageClient>, ctx: &Ctx) -> Result<(), ClientError> {
    let client = find(tx, &permit, None).await?;
    if secret_store::save_former_ended(tx, client.id, ctx.now).await? == 0 {
        return Ok(());
    }
    record(tx, Kind::ClientSecretsEnded, &client, &permit, ctx).await
}

/// Lets a service be tried out by its own right: whoever does that acts as the service for a moment, and the log says so.
pub async fn try_out(tx: &mut Tx, permit: Permit<ManageClient>, ctx: &Ctx) -> Result<(), ClientError> {
    let client = find(tx, &permit, None).await?;
    record(tx, Kind::ClientTriedOut, &client, &permit, ctx).await
}

async fn add_secret<A>(tx: &mut Tx, permit: &Permit<A>, client: &Client, ctx: &Ctx) -> Result<Token, ClientError> {
    let secret = Token::generate(&ctx.entropy);
    let whose = (client.id, keep::keeper(permit));
    secret_store::insert(tx, ctx.uuid(), whose, secret.digest(), ctx.now).await?;
    Ok(secret)
}

pub(super) async fn find(
    tx: &mut Tx,
    permit: &Permit<ManageClient>,
    version: Option<i64>,
) -> Result<Client, ClientError> {
    let id = permit.action().client.ok_or(ClientError::NotFound)?;
    let client = store::find(tx, id).await?.ok_or(ClientError::NotFound)?;
    if version.is_some_and(|seen| seen != client.version) { Err(ClientError::Stale) } else { Ok(client) }
}

async fn save(tx: &mut Tx, client: &mut Client, ctx: &Ctx) -> Result<(), ClientError> {
    client.updated_at = ctx.now;
    if !store::save(tx, client).await? {
        return Err(ClientError::Stale);
    }
    client.version += 1;
    Ok(())
}

pub(super) async fn record(
    tx: &mut Tx,
    kind: Kind,
    client: &Client,
    permit: &Permit<ManageClient>,
    ctx: &Ctx,
) -> Result<(), ClientError> {
    Ok(audit::record(tx, ctx, permit.via(), event(kind, client).with(told(client))).await?)
}

/// What happened to a client; of a service for those to read who read the log of its organisation.
fn event(kind: Kind, client: &Client) -> Event {
    let event = Event::new(kind, Subject::Client(client.id));
    match client.organisation {
        Some(organisation) => event.within(organisation),
        None => event,
    }
}

/// The public id of a service that a delegate made says nothing to anybody: its name is told as well.
fn told(client: &Client) -> Value {
    match client.kind {
        ClientKind::Machine => json!({ "client_id": client.client_id, "kind": "machine", "name": client.name }),
        kind => json!({ "client_id": client.client_id, "kind": kind.as_str() }),
    }
}
