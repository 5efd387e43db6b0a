//! The authorization endpoint (RFC 6749 §3.1, OIDC Core §3.1.2): trust the target, check the request, find the session,
//! decide on access and consent, hand out a code.

pub(super) mod admit;
pub(super) mod cancel;
pub(super) mod checks;
pub(super) mod consent;
mod flow;
mod issue;
pub(super) mod request;
mod respond;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

pub(super) use flow::{session, session_for};
pub(super) use respond::{error_page, refused_page, too_weak_page};

use self::checks::Way;
use self::flow::Flow;
use self::respond::Target;
use super::device;
use super::error::OAuthError;
use super::http;
use super::params::Parameters;
use super::pushed;
use super::request_object;
use super::state::Oidc;
use super::waiting::{self, Waiting};
use crate::directory::client::model::Client;
use crate::kernel::secret::{Digest, Token};
use crate::kernel::time::Timestamp;
use crate::tokens::cache::KnownClient;
use crate::web::RequestInfo;
use crate::web::respond::see_other;

/// A request that waited for its person.
#[derive(Debug)]
struct Resumed {
    token: Token,
    since: Timestamp,
    come: Come,
}

/// How a request came, and what is used up with it.
#[derive(Clone, Copy, Debug, Default)]
struct Come {
    /// What it was pushed as.
    pushed: Option<Digest>,
    /// Signed by its client, or judged when it was pushed.
    signed: bool,
}

impl Come {
    fn way(self) -> Way {
        Way { pushed: self.pushed.is_some(), signed: self.signed }
    }
}

/// `GET /oauth2/authorize`
pub(super) async fn get(State(oidc): State<Oidc>, info: RequestInfo, RawQuery(query): RawQuery) -> Response {
    match Parameters::parse(query.unwrap_or_default().as_bytes()) {
        Ok(parameters) => match opened(&oidc, parameters.clone(), info.now).await {
            Ok((parameters, come)) => answer(&oidc, &info, &parameters, (None, come)).await,
            // A client whose object is not good may still be known by what stands beside it.
            Err(error) => match trusted(&oidc, &parameters, info.now).await {
                Ok((_, target)) => target.error(&oidc, &info, &error).await,
                Err(_) => error_page(&oidc, &info, &error),
            },
        },
        Err(error) => error_page(&oidc, &info, &error),
    }
}

/// What a request is about: what was pushed, what is in its object, or what stands in the query.
async fn opened(oidc: &Oidc, parameters: Parameters, now: Timestamp) -> Result<(Parameters, Come), OAuthError> {
    let (parameters, pushed) = pushed::resolve(oidc, parameters, now).await?;
    if pushed.is_some() || parameters.get("request").is_none() {
        return Ok((parameters, Come { pushed, signed: pushed.is_some() }));
    }
    let known = known(oidc, &parameters, now).await?;
    let (parameters, signed) = request_object::open(oidc, &known.client, parameters, now).await?;
    Ok((parameters, Come { pushed, signed }))
}

/// `POST /oauth2/authorize` (OIDC Core §3.1.2.1). A request posted from another site comes without our cookies
/// (`SameSite=Lax`), so it is turned into a GET, which has them.
pub(super) async fn post(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match http::form(&headers, body) {
        Ok(parameters) => as_get("/oauth2/authorize", &parameters),
        Err(error) => error_page(&oidc, &info, &error),
    }
}

/// The same request as a GET. `Cache-Control` is set so that no new browser cookie replaces the one that was withheld.
pub(super) fn as_get(path: &str, parameters: &Parameters) -> Response {
    let mut response = see_other(&format!("{path}?{}", parameters.to_query()));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `GET /oauth2/resume?request=…`: back from the sign-in, in the browser that began (OA-46, OA-48).
pub(super) async fn resume(State(oidc): State<Oidc>, info: RequestInfo, RawQuery(query): RawQuery) -> Response {
    let resumed = match secret(&query.unwrap_or_default()) {
        Ok(secret) => resumed(&oidc, &info, secret).await,
        Err(error) => Err(error),
    };
    resumed.unwrap_or_else(|error| error_page(&oidc, &info, &error))
}

/// What waits goes on where it began: here, or at the page for devices.
async fn resumed(oidc: &Oidc, info: &RequestInfo, token: Token) -> Result<Response, OAuthError> {
    if device::waits(oidc, info, &token).await? {
        return Ok(device::confirm_page(&token));
    }
    let (parameters, resumed) = waited(oidc, info, token).await?;
    let come = resumed.come;
    Ok(answer(oidc, info, &parameters, (Some(resumed), come)).await)
}

pub(super) const GONE: OAuthError = OAuthError::InvalidRequest(
    "the sign-in request is over or belongs to another browser; start again at the application",
);

/// The secret of a waiting request, from the address.
pub(super) fn secret(query: &str) -> Result<Token, OAuthError> {
    Ok(Token::from_text(Parameters::parse(query.as_bytes())?.get("request").ok_or(GONE)?))
}

async fn waited(oidc: &Oidc, info: &RequestInfo, token: Token) -> Result<(Parameters, Resumed), OAuthError> {
    match waiting::find(oidc, info, &token).await? {
        Some(Waiting::Authorization { parameters, since, pushed, signed, .. }) => {
            let come = Come { pushed: pushed.map(Digest::from), signed };
            Ok((parameters, Resumed { token, since, come }))
        }
        Some(Waiting::Device { .. } | Waiting::Logout { .. }) | None => Err(GONE),
    }
}

/// The client that a request names, if it may be used.
async fn known(oidc: &Oidc, parameters: &Parameters, now: Timestamp) -> Result<Arc<KnownClient>, OAuthError> {
    let id = parameters.require("client_id", "client_id is missing")?;
    let known = oidc.tokens.clients.find(&oidc.app.db, id, now).await?;
    known.filter(|known| known.is_usable(now)).ok_or(OAuthError::InvalidRequest("client_id is unknown"))
}

/// Trust first: without a known client and one of its redirect URIs there is only a page.
async fn trusted(oidc: &Oidc, parameters: &Parameters, now: Timestamp) -> Result<(Client, Target), OAuthError> {
    let known = known(oidc, parameters, now).await?;
    let target = Target {
        redirect_uri: checks::redirect_uri(parameters, &known.client)?.to_owned(),
        mode: checks::response_mode(parameters)?,
        state: checks::state(parameters),
        client_id: known.client.client_id.clone(),
        algorithm: known.client.settings.authorization_signing(),
        application: known.client.name.clone(),
    };
    Ok((known.client.clone(), target))
}

async fn answer(
    oidc: &Oidc,
    info: &RequestInfo,
    parameters: &Parameters,
    (resumed, come): (Option<Resumed>, Come),
) -> Response {
    let (client, target) = match trusted(oidc, parameters, info.now).await {
        Ok(trusted) => trusted,
        Err(error) => return error_page(oidc, info, &error),
    };
    let to = (target.redirect_uri.as_str(), come.way());
    let outcome = match checks::request(parameters, &client, to, oidc.tokens.issuer()) {
        Ok(request) => {
            let flow =
                Flow { oidc, info, client: &client, parameters, request: &request, resumed, come, target: &target };
            flow.run().await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(response) => response,
        Err(error) => target.error(oidc, info, &error).await,
    }
}
