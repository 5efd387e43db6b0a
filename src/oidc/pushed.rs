//! Pushed authorization requests (RFC 9126): a client brings its request by itself, proved, and the browser only a name for it. The name
//! is used up when the authorization is complete, not when a page is shown: whoever reloads a page loses nothing.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

use super::authorize::checks;
use super::client_auth::Proved;
use super::client_auth::opened::{self, Opened};
use super::dpop;
use super::error::OAuthError;
use super::http;
use super::params::Parameters;
use super::refusals::Refusal;
use super::request_object;
use super::state::Oidc;
use crate::db::{self, transact};
use crate::directory::client::model::Client;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::secret::{Digest, Token};
use crate::kernel::time::Timestamp;
use crate::proofs::DpopFault;
use crate::proofs::dpop::Held;
use crate::proofs::once::{self, Once};
use crate::tokens::cache::KnownClient;
use crate::tokens::pushed_store as store;
use crate::web::RequestInfo;

/// Where the endpoint is.
pub(super) const PATH: &str = "/oauth2/par";

/// How names of pushed requests begin (RFC 9126 §2.2). Nothing else that comes as `request_uri` is looked at, least of all fetched (OA-19).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// What proves the client is no part of its request, and is not kept.
pub(super) const PROOFS: [&str; 3] = ["client_secret", "client_assertion", "client_assertion_type"];

/// Most that is kept of one request, in bytes: a public client proves nothing, and pays nothing for what is kept.
const MAX_KEPT: usize = 16 * 1024;

/// The answer (RFC 9126 §2.2).
#[derive(Debug, Serialize)]
struct Pushed {
    request_uri: String,
    expires_in: u64,
}

/// `POST /oauth2/par`
pub(super) async fn post(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let mut known = None;
    let outcome = answer(&oidc, &info, &headers, body, &mut known).await;
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"))];
    let outcome = outcome.map(|pushed| (StatusCode::CREATED, no_store, Json(pushed)));
    let mut response = http::settled(&oidc, &info, &headers, known.as_deref(), outcome).await;
    dpop::offer_nonce(&oidc, &mut response, known.as_deref(), info.now);
    response
}

async fn answer(
    oidc: &Oidc,
    info: &RequestInfo,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    asking: &mut Option<Arc<KnownClient>>,
) -> Result<Pushed, Refusal> {
    let ctx = info.ctx(&oidc.app, Channel::Oidc);
    let opened = opened::open(oidc, (info, PATH, &ctx), headers, body, asking).await?;
    let once = opened.once();
    let Opened { proved, parameters, held } = opened;
    let client = &Arc::clone(&proved.known).client;
    match checked(oidc, client, (parameters, held), &ctx).await {
        Ok(request) => push(oidc, (proved, once), &request, &ctx).await,
        // Used up all the same: a request brings its proofs once.
        Err(error) => Err(proved.settle(oidc, once).await.err().unwrap_or_else(|| Refusal::from(error).of(client.id))),
    }
}

/// RFC 9449 §10.1: the key that is proved here is the one that the code will be redeemed with, unless the request says another.
pub(super) fn bind(parameters: Parameters, held: Option<Held>) -> Result<Parameters, OAuthError> {
    match (held, parameters.get("dpop_jkt")) {
        (Some(held), Some(jkt)) if held.jkt != jkt => {
            Err(DpopFault::Invalid("the DPoP proof is by another key than dpop_jkt").into())
        }
        (Some(held), _) => Ok(parameters.with("dpop_jkt", &held.jkt)),
        (None, _) => Ok(parameters),
    }
}

/// A request as it is kept until a browser has come.
pub(super) fn kept(parameters: &Parameters) -> Result<Value, OAuthError> {
    let kept = serde_json::to_value(parameters).map_err(OAuthError::internal)?;
    if kept.to_string().len() > MAX_KEPT {
        return Err(OAuthError::InvalidRequest("the request is longer than 16 KiB"));
    }
    Ok(kept)
}

/// Everything that the authorization endpoint would refuse is refused here, where the client learns of it (RFC 9126 §2.1).
async fn checked(
    oidc: &Oidc,
    client: &Client,
    (parameters, held): (Parameters, Option<Held>),
    ctx: &Ctx,
) -> Result<Value, OAuthError> {
    if parameters.get("request_uri").is_some() {
        return Err(OAuthError::InvalidRequest("request_uri cannot be pushed"));
    }
    let (parameters, signed) = request_object::open(oidc, client, parameters.without(&PROOFS), ctx.now).await?;
    let parameters = bind(parameters, held)?.with("client_id", &client.client_id);
    checks::whole(&parameters, client, signed, oidc.tokens.issuer())?;
    kept(&parameters)
}

/// Keeps a request, and uses its proofs up in the same transaction.
async fn push(
    oidc: &Oidc,
    (proved, held): (Proved, Option<Once>),
    request: &Value,
    ctx: &Ctx,
) -> Result<Pushed, Refusal> {
    let (name, life) = (Token::generate(&ctx.entropy), oidc.settings.pushed_request_lifetime());
    let (digest, end) = (name.digest(), ctx.now.plus(life));
    let (client, proofs) = (proved.known.client.id, proved.proofs(held));
    let used: db::Result<Option<usize>> = transact!(oidc.app.db, tx => {
        let used = once::use_up_within(tx, &proofs).await?;
        if used.is_none() {
            store::insert(tx, &digest, (client, request), (ctx.now, end)).await?;
        }
        Ok(used)
    });
    proved.settled(used?)?;
    Ok(Pushed { request_uri: format!("{PREFIX}{}", name.reveal()), expires_in: life.as_secs() })
}

/// What an authorization request is about: what was pushed, if it names that, and the digest that is used up in the end. What stands
/// beside the name of a pushed request is not looked at.
pub(super) async fn resolve(
    oidc: &Oidc,
    parameters: Parameters,
    now: Timestamp,
) -> Result<(Parameters, Option<Digest>), OAuthError> {
    let Some(name) = parameters.get("request_uri").and_then(|uri| uri.strip_prefix(PREFIX)) else {
        return Ok((parameters, None));
    };
    let client_id = parameters.require("client_id", "client_id is missing")?;
    let digest = Token::from_text(name).digest();
    let found = store::find(&mut oidc.app.db.reader().await?, &digest, client_id, now).await?;
    let pushed = serde_json::from_value(found.ok_or(OAuthError::InvalidRequestUri)?).map_err(OAuthError::internal)?;
    Ok((pushed, Some(digest)))
}
