//! Token revocation (RFC 7009): a client gives back what it holds. What it is told does not depend on what came of it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::client_auth::{self, Asked};
use super::error::OAuthError;
use super::http;
use super::refusals::Refusal;
use super::state::Oidc;
use crate::db::{self, transact};
use crate::directory::client::model::Client;
use crate::kernel::ctx::Channel;
use crate::kernel::secret::Digest;
use crate::tokens::BearerError;
use crate::tokens::cache::KnownClient;
use crate::tokens::revoke::{self, Revoked};
use crate::web::RequestInfo;

/// `POST /oauth2/revoke`. Public clients, too: a token is bound to its client (§2.1).
pub(super) async fn post(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let mut known = None;
    let outcome = answer(&oidc, &info, &headers, body, &mut known).await;
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    http::settled(&oidc, &info, &headers, known.as_deref(), outcome.map(|()| (no_store, StatusCode::OK))).await
}

async fn answer(
    oidc: &Oidc,
    info: &RequestInfo,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    asking: &mut Option<Arc<KnownClient>>,
) -> Result<(), Refusal> {
    let parameters = http::form(headers, body)?;
    let certificate = info.certificate.as_deref();
    let asked = Asked { headers, parameters: &parameters, certificate, endpoint: "/oauth2/revoke" };
    let known = client_auth::authenticate(oidc, asked, &info.ctx(&oidc.app, Channel::Oidc)).await?;
    *asking = Some(Arc::clone(&known));
    let client = &known.client;
    let token = parameters.require("token", "token is missing").map_err(|error| Refusal::from(error).of(client.id))?;
    match take_back(oidc, info, client, token).await? {
        Revoked::Done | Revoked::Nothing => Ok(()),
        // 200 like for one that does not exist (§2.2; OA-32), but in the log.
        Revoked::Foreign => Refusal::from(OAuthError::InvalidGrant("tried to revoke another client's token"))
            .of(client.id)
            .unsaid(oidc, info)
            .await
            .map_err(Refusal::from),
    }
}

/// `token_type_hint` is not needed: what kind of token it is can be seen (§2.1).
async fn take_back(oidc: &Oidc, info: &RequestInfo, client: &Client, token: &str) -> Result<Revoked, OAuthError> {
    let ctx = info.ctx(&oidc.app, Channel::Oidc);
    let claims = match oidc.tokens.claims(&oidc.app.db, token, info.now).await {
        Ok(claims) => Some(claims),
        Err(BearerError::Invalid) => None,
        Err(error) => return Err(error.into()),
    };
    let digest = Digest::of(token.as_bytes());
    let done: db::Result<Revoked> = transact!(oidc.app.db, tx => {
        match &claims {
            Some(claims) => revoke::access_token(tx, claims, client, &ctx).await,
            None => revoke::refresh_token(tx, &digest, client, &ctx).await,
        }
    });
    Ok(done?)
}
