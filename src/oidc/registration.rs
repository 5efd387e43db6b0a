//! Dynamic client registration (RFC 7591, OIDC Registration 1.0) and its management (RFC 7592). Never without a token that an operator
//! made; what is registered goes through the rules and use cases of the operator's page.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::error::OAuthError;
use super::refusals::Refusal;
use super::sector;
use super::state::Oidc;
use super::statement;
use crate::authority::action::ManageClient;
use crate::authority::{Permit, Refusal as Denied};
use crate::db::{Tx, transact};
use crate::directory::client::model::{AuthMethod, Client};
use crate::directory::client::registration::metadata::MetadataError;
use crate::directory::client::registration::metadata_said::describe;
use crate::directory::client::registration::model::{Registration, RegistrationToken};
use crate::directory::client::registration::register::{self, RegisterError, Registered};
use crate::directory::client::registration::statement::Told;
use crate::directory::client::registration::store;
use crate::directory::client::store as client_store;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{ClientId, PrincipalId, RegistrationTokenId};
use crate::kernel::secret::{Digest, Token};
use crate::kernel::time::Timestamp;
use crate::web::RequestInfo;

/// Where clients register; below it each has an address of its own.
pub(super) const PATH: &str = "/oauth2/register";

/// Longest token that is looked up, in octets.
const MAX_TOKEN: usize = 64;

type Body = Result<Bytes, BytesRejection>;

/// `POST /oauth2/register` (RFC 7591 §3.1)
pub(super) async fn post(State(oidc): State<Oidc>, info: RequestInfo, headers: HeaderMap, body: Body) -> Response {
    let ctx = info.ctx(&oidc.app, Channel::Oidc);
    match register(&oidc, &ctx, &headers, body).await {
        Ok(made) => {
            let mut answer =
                answer(&oidc, (&made.client, &made.said), &made.own_token, made.client.created_at.as_seconds());
            if let Some(secret) = &made.secret {
                answer.insert("client_secret".to_owned(), secret.reveal().into());
                answer.insert("client_secret_expires_at".to_owned(), json!(0));
            }
            never_cached((StatusCode::CREATED, Json(answer)).into_response())
        }
        Err(error) => refused(&oidc, &info, error, None).await,
    }
}

/// `GET /oauth2/register/{client_id}` (RFC 7592 §2.1). Without the secret: only its digest is kept.
pub(super) async fn get(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    Path(client_id): Path<String>,
    headers: HeaderMap,
) -> Response {
    match read(&oidc, &info, &client_id, &headers).await {
        Ok(answer) => never_cached(Json(answer).into_response()),
        Err(error) => refused(&oidc, &info, error, None).await,
    }
}

/// `PUT /oauth2/register/{client_id}` (RFC 7592 §2.2)
pub(super) async fn put(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    Path(client_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let ctx = info.ctx(&oidc.app, Channel::Oidc);
    match change(&oidc, &ctx, &client_id, &headers, body).await {
        Ok(answer) => never_cached(Json(answer).into_response()),
        Err((error, client)) => refused(&oidc, &info, error, client).await,
    }
}

/// `DELETE /oauth2/register/{client_id}` (RFC 7592 §2.3)
pub(super) async fn delete(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    Path(client_id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let ctx = info.ctx(&oidc.app, Channel::Oidc);
    match leave(&oidc, &ctx, &client_id, &headers).await {
        Ok(()) => never_cached(StatusCode::NO_CONTENT.into_response()),
        Err(error) => refused(&oidc, &info, error, None).await,
    }
}

async fn register(oidc: &Oidc, ctx: &Ctx, headers: &HeaderMap, body: Body) -> Result<Registered, OAuthError> {
    let secret = match bearer(headers) {
        Err(OAuthError::MissingToken) if oidc.statements.register() => None,
        secret => Some(secret?),
    };
    let document = document(headers, body)?;
    // Before anything is fetched for whoever asks; what a statement leads to is what an operator named.
    if let Some(secret) = &secret {
        live(&mut oidc.app.db.reader().await?, &By::Secret(secret.digest()), ctx.now).await?;
    }
    let told = statement::read(oidc, document, None, ctx.now).await?;
    let by = match (secret, oidc.statements.token_of(told.vouched.as_ref())) {
        (Some(secret), _) => By::Secret(secret.digest()),
        (None, Some(id)) => By::Statement(id),
        (None, None) => return Err(OAuthError::MissingToken),
    };
    offered(oidc, &told.document)?;
    live(&mut oidc.app.db.reader().await?, &by, ctx.now).await?;
    sector::check(oidc, &told.document).await?;
    let made: Result<Registered, OAuthError> = transact!(oidc.app.db, tx => {
        let token = live(tx, &by, ctx.now).await?;
        let permit = permitted(tx, oidc, ctx, token.made_by, None).await?;
        Ok(register::register(tx, permit, &token, &told, ctx).await?)
    });
    made
}

/// By what a client is registered.
enum By {
    /// A token that it has.
    Secret(Digest),
    /// The token that stands for the statement of whoever vouches for it.
    Statement(RegistrationTokenId),
}

/// The token, if it registers somebody.
async fn live(tx: &mut Tx, by: &By, now: Timestamp) -> Result<RegistrationToken, OAuthError> {
    let found = match by {
        By::Secret(digest) => store::find_token(tx, digest).await?,
        By::Statement(id) => store::find_token_by_id(tx, *id).await?,
    };
    found.filter(|token| token.is_live(now)).ok_or(OAuthError::InvalidToken)
}

async fn read(
    oidc: &Oidc,
    info: &RequestInfo,
    client_id: &str,
    headers: &HeaderMap,
) -> Result<Map<String, Value>, OAuthError> {
    let secret = bearer(headers)?;
    let (registration, client) = own(&mut oidc.app.db.reader().await?, client_id, &secret).await?;
    let since = registration.registered_at.as_seconds();
    let mut answer = answer(oidc, (&client, &registration.said), &secret, since);
    if client.settings.token_endpoint_auth_method.has_secret() {
        answer.insert("client_secret_expires_at".to_owned(), json!(0));
    }
    tracing::debug!(request_id = %info.id, client = %client.client_id, "a client read its registration");
    Ok(answer)
}

async fn change(
    oidc: &Oidc,
    ctx: &Ctx,
    client_id: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<Map<String, Value>, (OAuthError, Option<ClientId>)> {
    let secret = bearer(headers).map_err(|error| (error, None))?;
    let document = document(headers, body).map_err(|error| (error, None))?;
    let mut whose = None;
    let told = told(oidc, (client_id, &secret), document, ctx.now).await?;
    let changed: Result<_, OAuthError> = transact!(oidc.app.db, tx => {
        let (registration, client) = own(tx, client_id, &secret).await?;
        whose = Some(client.id);
        let permit = permitted(tx, oidc, ctx, registration.by.made_by, Some(client.id)).await?;
        let (client, said) = register::change(tx, permit, (&registration, &client), &told, ctx).await?;
        Ok((client, said, registration.registered_at.as_seconds()))
    });
    let (client, said, since) = changed.map_err(|error| (error, whose))?;
    Ok(answer(oidc, (&client, &said), &secret, since))
}

/// What a client wants to be, with its statement and its sector, which are fetched only for whoever may change something.
async fn told(
    oidc: &Oidc,
    (client_id, secret): (&str, &Token),
    document: Map<String, Value>,
    now: Timestamp,
) -> Result<Told, (OAuthError, Option<ClientId>)> {
    let (registration, client) = {
        let tx = &mut oidc.app.db.reader().await.map_err(|error| (error.into(), None))?;
        own(tx, client_id, secret).await.map_err(|error| (error, None))?
    };
    let judged = async {
        let told = statement::read(oidc, document, registration.statement(), now).await?;
        offered(oidc, &told.document)?;
        sector::check(oidc, &told.document).await?;
        Ok(told)
    };
    judged.await.map_err(|error| (error, Some(client.id)))
}

async fn leave(oidc: &Oidc, ctx: &Ctx, client_id: &str, headers: &HeaderMap) -> Result<(), OAuthError> {
    let secret = bearer(headers)?;
    let left: Result<(), OAuthError> = transact!(oidc.app.db, tx => {
        let (registration, client) = own(tx, client_id, &secret).await?;
        let permit = permitted(tx, oidc, ctx, registration.by.made_by, Some(client.id)).await?;
        Ok(register::leave(tx, permit, &registration, ctx).await?)
    });
    left
}

/// The client of an address by its own token; a client that is switched off has none (OA-51).
async fn own(tx: &mut Tx, client_id: &str, secret: &Token) -> Result<(Registration, Client), OAuthError> {
    let registration = store::find(tx, &secret.digest()).await?.ok_or(OAuthError::InvalidToken)?;
    let client = client_store::find(tx, registration.client).await?;
    let client = client.filter(|client| client.client_id == client_id && client.active);
    Ok((registration, client.ok_or(OAuthError::InvalidToken)?))
}

/// By the right of whoever made the token, as it is now: it ends with theirs.
async fn permitted(
    tx: &mut Tx,
    oidc: &Oidc,
    ctx: &Ctx,
    by: PrincipalId,
    client: Option<ClientId>,
) -> Result<Permit<ManageClient>, OAuthError> {
    match oidc.app.door.authorise_registration(tx, ctx, by, ManageClient { client }).await {
        Ok(permit) => Ok(permit),
        Err(Denied::Db(error)) => Err(error.into()),
        Err(Denied::Denied(_) | Denied::Anonymous) => Err(OAuthError::InvalidToken),
    }
}

/// Of the header only (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Result<Token, OAuthError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(OAuthError::MissingToken)?;
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(OAuthError::InvalidToken)?;
    let token = token.trim();
    if values.next().is_some() || !scheme.eq_ignore_ascii_case("bearer") || token.len() > MAX_TOKEN {
        return Err(OAuthError::InvalidToken);
    }
    Ok(Token::from_text(token))
}

fn document(headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, OAuthError> {
    let body = body.map_err(|_| OAuthError::InvalidRequest("the body is too large or could not be read"))?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(OAuthError::InvalidRequest("the body must be application/json"));
    }
    serde_json::from_slice(&body)
        .map_err(|_| OAuthError::InvalidClientMetadata("the body has to be one JSON object".to_owned()))
}

/// What rests on certificates (RFC 8705) or on keys of ours can be registered only where that is taken: nobody is promised what cannot be kept.
fn offered(oidc: &Oidc, document: &Map<String, Value>) -> Result<(), OAuthError> {
    let mtls = &oidc.app.mtls;
    let method = document.get("token_endpoint_auth_method").and_then(Value::as_str).and_then(AuthMethod::parse);
    let missing = match method {
        Some(AuthMethod::TlsClientAuth) => !mtls.knows_authorities(),
        Some(AuthMethod::SelfSignedTlsClientAuth) => !mtls.is_offered(),
        _ => document.get("tls_client_certificate_bound_access_tokens") == Some(&json!(true)) && !mtls.is_offered(),
    };
    let encrypts = document.get("request_object_encryption_alg").is_some_and(|alg| !alg.is_null());
    if encrypts && !oidc.settings.request_object_encryption {
        let text = "encrypted request objects are not taken here: leave `request_object_encryption_alg` out";
        return Err(OAuthError::InvalidClientMetadata(text.to_owned()));
    }
    if missing {
        return Err(OAuthError::InvalidClientMetadata("client certificates are not offered here like that".to_owned()));
    }
    Ok(())
}

/// RFC 7591 §3.2.1, RFC 7592 §3.
fn answer(
    oidc: &Oidc,
    (client, said): (&Client, &Map<String, Value>),
    own_token: &Token,
    since: i64,
) -> Map<String, Value> {
    let mut answer = describe(client, said);
    let address = format!("{}{PATH}/{}", oidc.tokens.issuer(), client.client_id);
    for (name, value) in [
        ("client_id", json!(client.client_id)),
        ("client_id_issued_at", json!(since)),
        ("registration_access_token", json!(own_token.reveal())),
        ("registration_client_uri", json!(address)),
    ] {
        answer.insert(name.to_owned(), value);
    }
    answer
}

fn never_cached(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Each refusal is in the log once; to ask without a token is no try.
async fn refused(oidc: &Oidc, info: &RequestInfo, error: OAuthError, client: Option<ClientId>) -> Response {
    let error = match error {
        OAuthError::MissingToken => error,
        OAuthError::InvalidToken => {
            let ctx = info.ctx(&oidc.app, Channel::Oidc);
            let done = oidc.tokens.refuse(&oidc.app.db, "invalid_token at registration", &ctx).await;
            done.err().map_or(error, OAuthError::from)
        }
        other => {
            let refusal = Refusal::from(other);
            let refusal = if let Some(client) = client { refusal.of(client) } else { refusal };
            refusal.settle(oidc, info).await
        }
    };
    error.into_bearer_response()
}

impl From<RegisterError> for OAuthError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Token => Self::InvalidToken,
            RegisterError::Metadata(MetadataError::RedirectUri(text)) => Self::InvalidRedirectUri(text),
            RegisterError::Metadata(MetadataError::Metadata(text)) => Self::InvalidClientMetadata(text),
            RegisterError::Stale => Self::TemporarilyUnavailable,
            RegisterError::Db(error) => error.into(),
        }
    }
}
