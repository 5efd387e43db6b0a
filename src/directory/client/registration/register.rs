//! Registering oneself, changing that, and leaving (RFC 7591 §3, RFC 7592 §2): by the permit of whoever made the token, and through the use
//! cases of the operator's page.

use serde_json::{Map, Value};

use super::metadata::{self, MetadataError};
use super::model::{OWN_PREFIX, Registration, RegistrationToken, Wanted};
use super::statement::{self, Told};
use super::store;
use crate::authority::Permit;
use crate::authority::action::ManageClient;
use crate::db::{self, Tx};
use crate::directory::client::manage::{self, ClientDetails, ClientError};
use crate::directory::client::model::{Client, ClientSettings};
use crate::directory::client::secret_store;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::PrincipalId;
use crate::kernel::secret::{Digest, Token};

/// How much of a random text a new `client_id` takes: 132 bits.
const ID_LENGTH: usize = 22;

/// Why nothing was registered or changed.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Used up, expired, or taken back.
    #[error("the token registers nobody any more")]
    Token,
    /// What was said.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// It was changed at the same moment.
    #[error("this was changed by somebody else in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<ClientError> for RegisterError {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Faults(faults) => match faults.first() {
                Some(fault) => Self::Metadata(MetadataError::of_fault(fault)),
                None => Self::Stale,
            },
            ClientError::Db(error) => Self::Db(error),
            ClientError::Stale => Self::Stale,
            other => Self::Metadata(MetadataError::Metadata(other.to_string())),
        }
    }
}

/// A client that has just been registered.
#[derive(Debug)]
pub struct Registered {
    /// The client.
    pub client: Client,
    /// Its secret, `None` for public clients.
    pub secret: Option<Token>,
    /// By which it reads and changes its registration.
    pub own_token: Token,
    /// What it said besides.
    pub said: Map<String, Value>,
}

/// Registers a client; the token is used once more in the same transaction. The log has it as done by whoever made the token.
pub async fn register(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    token: &RegistrationToken,
    told: &Told,
    ctx: &Ctx,
) -> Result<Registered, RegisterError> {
    let Wanted { name, kind, settings, said } = metadata::read(&told.document, &token.policy, None)?;
    let said = with_statement(said, told);
    if !store::save_used(tx, token.id, ctx.now).await? {
        return Err(RegisterError::Token);
    }
    let random = Token::generate(&ctx.entropy);
    let client_id = format!("dyn-{}", random.reveal().get(..ID_LENGTH).unwrap_or_default());
    let name = name.unwrap_or_else(|| client_id.clone());
    let (environment, organisation) = (Some(token.environment), None);
    let details = ClientDetails { client_id, name, kind, environment, organisation, settings };
    let ctx = &ctx.clone().acting_as(token.made_by);
    let by = Some((token.id, told.vouched.as_ref().map(|vouched| vouched.issuer.as_str())));
    let (client, secret) = manage::create_by_token(tx, permit, details, by, ctx).await?;
    let own_token = Token::from_text(format!("{OWN_PREFIX}{}", Token::generate(&ctx.entropy).reveal()));
    let by = token.clone();
    let registration = Registration { client: client.id, said, registered_at: ctx.now, by };
    store::insert(tx, &registration, &own_token.digest()).await?;
    Ok(Registered { client, secret, own_token, said: registration.said })
}

/// Replaces what a client is registered with. What it is stays, and nothing that was taken away from it comes back (OA-51).
pub async fn change(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    (registration, client): (&Registration, &Client),
    told: &Told,
    ctx: &Ctx,
) -> Result<(Client, Map<String, Value>), RegisterError> {
    let document = &told.document;
    let refused = |text: &str| Err(MetadataError::Metadata(text.to_owned()).into());
    // RFC 7592 §2.2.
    for name in
        ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"]
    {
        if document.contains_key(name) {
            return refused(&format!("`{name}` cannot be sent"));
        }
    }
    if registration.statement().is_some() && told.vouched.is_none() {
        return Err(RegisterError::Stale);
    }
    if document.get("client_id").and_then(Value::as_str) != Some(client.client_id.as_str()) {
        return refused("`client_id` has to be the present one");
    }
    if let Some(secret) = document.get("client_secret") {
        let live = secret_store::list_live(tx, client.id, ctx.now).await?;
        let digest = secret.as_str().map(|secret| Digest::of(secret.as_bytes()));
        if digest.is_none_or(|digest| live.iter().filter(|other| other.digest == digest).count() == 0) {
            return refused("`client_secret` has to be the present one, or left out");
        }
    }
    let wanted = metadata::read(document, &registration.by.policy, Some(&client.settings))?;
    let has_secret = |settings: &ClientSettings| settings.token_endpoint_auth_method.has_secret();
    if wanted.kind != client.kind || has_secret(&wanted.settings) != has_secret(&client.settings) {
        return refused("`application_type`, and whether there is a secret, cannot be changed");
    }
    let name = wanted.name.unwrap_or_else(|| client.client_id.clone());
    let ctx = &ctx.clone().acting_as(PrincipalId::Service(client.id));
    let changed = manage::update(tx, permit, (name, wanted.settings), Some(client.version), ctx).await?;
    let said = with_statement(wanted.said, told);
    store::save(tx, client.id, &said).await?;
    Ok((changed, said))
}

/// RFC 7591 §3.2.1: a statement that was used is repeated as it came.
fn with_statement(mut said: Map<String, Value>, told: &Told) -> Map<String, Value> {
    if let Some(vouched) = &told.vouched {
        said.insert(statement::MEMBER.to_owned(), vouched.text.clone().into());
    }
    said
}

/// Ends a registration: the client is switched off for good, its tokens stop at once, and its own token is forgotten (RFC 7592 §2.3).
pub async fn leave(
    tx: &mut Tx,
    permit: Permit<ManageClient>,
    registration: &Registration,
    ctx: &Ctx,
) -> Result<(), RegisterError> {
    let ctx = &ctx.clone().acting_as(PrincipalId::Service(registration.client));
    manage::set_active(tx, permit, false, ctx).await?;
    Ok(store::remove(tx, registration.client).await?)
}
