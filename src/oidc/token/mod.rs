//! The token endpoint (RFC 6749 §3.2): authenticate the client, then one file per grant.

mod authorization_code;
mod client_credentials;
mod device_code;
mod issue;
mod refresh_token;
mod token_exchange;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use super::authorize::checks;
use super::client_auth::{self, Asked};
use super::dpop;
use super::error::OAuthError;
use super::http;
use super::params::Parameters;
use super::refusals::Refusal;
use super::state::Oidc;
use crate::directory::client::model::{Client, DEVICE_GRANT, EXCHANGE_GRANT};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::UserId;
use crate::proofs::ClientCertificate;
use crate::tokens::cache::KnownClient;
use crate::tokens::family::Holder;
use crate::web::RequestInfo;

/// The grants (`decisions.md` 20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grant {
    AuthorizationCode,
    RefreshToken,
    ClientCredentials,
    DeviceCode,
    TokenExchange,
}

impl Grant {
    fn parse(text: &str) -> Result<Self, OAuthError> {
        match text {
            "authorization_code" => Ok(Self::AuthorizationCode),
            "refresh_token" => Ok(Self::RefreshToken),
            "client_credentials" => Ok(Self::ClientCredentials),
            DEVICE_GRANT => Ok(Self::DeviceCode),
            EXCHANGE_GRANT => Ok(Self::TokenExchange),
            _ => Err(OAuthError::UnsupportedGrantType),
        }
    }
}

/// Where the endpoint is.
pub(super) const PATH: &str = "/oauth2/token";

/// `POST /oauth2/token`
pub(super) async fn post(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let mut known = None;
    let outcome = answer(&oidc, &info, &headers, body, &mut known).await;
    let no_store = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ];
    let outcome = outcome.map(|issued| (no_store, Json(issued)));
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
) -> Result<issue::Issued, Refusal> {
    let parameters = http::form(headers, body)?;
    let ctx = info.ctx(&oidc.app, Channel::Oidc);
    let certificate = info.certificate.as_deref();
    let asked = Asked { headers, parameters: &parameters, certificate, endpoint: PATH };
    let proved = client_auth::prove(oidc, asked, &ctx).await?;
    *asking = Some(Arc::clone(&proved.known));
    let (client, kept_by) = (proved.known.client.id, proved.kept_by);
    let held = dpop::needed(oidc, headers, (&proved.known.client, PATH), &ctx);
    let held = held.map_err(|error| Refusal::from(error).of(client))?;
    let x5t = bound_to(&proved.known.client, certificate).map_err(|error| Refusal::from(error).of(client))?;
    let known = proved.settle(oidc, held.as_ref().map(|held| held.once)).await?;
    let holder = Holder { jkt: held.map(|held| held.jkt), x5t };
    let request = Request { oidc, client: &known.client, parameters: &parameters, holder, kept_by, ctx };
    grant(&request).await.map_err(|refusal| refusal.of(known.client.id))
}

/// RFC 8705 §3.4: a client that is registered for it gets nothing that is not bound to its certificate (OA-41).
fn bound_to(client: &Client, certificate: Option<&ClientCertificate>) -> Result<Option<String>, OAuthError> {
    if !client.settings.tls_client_certificate_bound_access_tokens {
        return Ok(None);
    }
    let certificate = certificate.ok_or(OAuthError::InvalidRequest("a client certificate is needed"))?;
    Ok(Some(certificate.thumbprint().to_owned()))
}

async fn grant(request: &Request<'_>) -> Result<issue::Issued, Refusal> {
    let (parameters, client) = (request.parameters, request.client);
    let text = parameters.require("grant_type", "grant_type is missing")?;
    let grant = Grant::parse(text)?;
    match grant {
        // Off unless an operator has switched it on: to everybody else it does not exist (OA-50).
        Grant::TokenExchange if !client.settings.token_exchange => return Err(OAuthError::UnsupportedGrantType.into()),
        Grant::TokenExchange => {}
        _ if client.settings.has_grant(text) => {}
        _ => return Err(OAuthError::UnauthorizedClient.into()),
    }
    checks::resource(parameters, request.oidc.tokens.issuer())?;
    match grant {
        Grant::AuthorizationCode => authorization_code::exchange(request).await,
        Grant::RefreshToken => refresh_token::exchange(request).await,
        Grant::TokenExchange => token_exchange::exchange(request).await,
        Grant::DeviceCode => device_code::exchange(request).await,
        Grant::ClientCredentials => Ok(client_credentials::issue(request).await?),
    }
}

/// A token request of an authenticated client.
struct Request<'a> {
    oidc: &'a Oidc,
    client: &'a Client,
    parameters: &'a Parameters,
    /// The key that it has proved and the certificate that it has shown: what it gets is bound to them.
    holder: Holder,
    /// The delegate whose secret it has proved itself by.
    kept_by: Option<UserId>,
    ctx: Ctx,
}
