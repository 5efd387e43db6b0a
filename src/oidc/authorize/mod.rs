//! The authorization endpoint (RFC 6749 §3.1, OIDC Core §3.1.2): trust the target, check the request, find the session,
//! decide on access, hand out a code.

mod checks;
mod issue;
mod request;
mod respond;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

pub(super) use respond::error_page;

use self::request::{AuthorizeRequest, Next};
use self::respond::Target;
use super::error::OAuthError;
use super::params::Parameters;
use super::state::Oidc;
use super::waiting::{self, Waiting, Wishes};
use super::{end_session, http};
use crate::directory::client::model::Client;
use crate::kernel::secret::Token;
use crate::kernel::time::Timestamp;
use crate::sessions::{self, Session};
use crate::web::RequestInfo;
use crate::web::respond::see_other;

/// A request that waited for a sign-in.
struct Resumed {
    token: Token,
    since: Timestamp,
}

/// `GET /oauth2/authorize`
pub(super) async fn get(State(oidc): State<Oidc>, info: RequestInfo, RawQuery(query): RawQuery) -> Response {
    match Parameters::parse(query.unwrap_or_default().as_bytes()) {
        Ok(parameters) => answer(&oidc, &info, &parameters, None).await,
        Err(error) => error_page(&oidc, &info, &error),
    }
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
    match parked(&oidc, &info, &query.unwrap_or_default()).await {
        Ok((parameters, resumed)) => answer(&oidc, &info, &parameters, Some(&resumed)).await,
        Err(error) => error_page(&oidc, &info, &error),
    }
}

async fn parked(oidc: &Oidc, info: &RequestInfo, query: &str) -> Result<(Parameters, Resumed), OAuthError> {
    const GONE: OAuthError = OAuthError::InvalidRequest(
        "the sign-in request is over or belongs to another browser; start again at the application",
    );
    let parameters = Parameters::parse(query.as_bytes())?;
    let token = Token::from_text(parameters.get("request").ok_or(GONE)?);
    match waiting::find(oidc, info, &token).await? {
        Some(Waiting::Authorization { parameters, since, .. }) => Ok((parameters, Resumed { token, since })),
        Some(Waiting::Logout { .. }) | None => Err(GONE),
    }
}

/// Trust first: without a known client and one of its redirect URIs there is only a page.
async fn answer(oidc: &Oidc, info: &RequestInfo, parameters: &Parameters, resumed: Option<&Resumed>) -> Response {
    let client = match client(oidc, parameters, info.now).await {
        Ok(client) => client,
        Err(error) => return error_page(oidc, info, &error),
    };
    let trusted =
        checks::redirect_uri(parameters, &client).and_then(|uri| checks::response_mode(parameters).map(|()| uri));
    let redirect_uri = match trusted {
        Ok(uri) => uri,
        Err(error) => return error_page(oidc, info, &error),
    };
    let target = Target { redirect_uri, state: parameters.get("state").filter(|state| state.len() <= 2048) };
    let outcome = match checks::request(parameters, &client, redirect_uri) {
        Ok(request) => decide(oidc, info, &client, parameters, &request, resumed).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(response) => response,
        Err(error) => target.error(oidc.tokens.issuer(), &error),
    }
}

async fn client(oidc: &Oidc, parameters: &Parameters, now: Timestamp) -> Result<Client, OAuthError> {
    let id = parameters.require("client_id", "client_id is missing")?;
    let known = oidc.tokens.clients.find(&oidc.app.db, id, now).await?;
    let known = known.filter(|known| known.usable).ok_or(OAuthError::InvalidRequest("client_id is unknown"))?;
    Ok(known.client.clone())
}

/// The session answers, or the person signs in first.
async fn decide(
    oidc: &Oidc,
    info: &RequestInfo,
    client: &Client,
    parameters: &Parameters,
    request: &AuthorizeRequest,
    resumed: Option<&Resumed>,
) -> Result<Response, OAuthError> {
    let session = session(oidc, info).await?;
    let subject = match parameters.get("id_token_hint") {
        Some(hint) => Some(
            end_session::hinted(oidc, hint, info.now)
                .await?
                .ok_or(OAuthError::InvalidRequest("id_token_hint is not ours"))?
                .sub,
        ),
        None => None,
    };
    match (request.next(session.as_ref(), resumed.map(|resumed| resumed.since), subject.as_deref(), info.now), session)
    {
        (Next::Issue, Some(session)) => {
            issue::code(oidc, info, client, request, &session, resumed.map(|resumed| &resumed.token)).await
        }
        (Next::LoginRequired, _) => Err(OAuthError::LoginRequired),
        (Next::AcrUnmet, _) => Err(OAuthError::UnmetAuthenticationRequirements),
        (Next::SignIn | Next::Issue, _) => sign_in(oidc, info, client, parameters, request).await,
    }
}

pub(super) async fn session(oidc: &Oidc, info: &RequestInfo) -> Result<Option<Session>, OAuthError> {
    let Some(cookie) = &info.session else { return Ok(None) };
    let tx = &mut oidc.app.db.reader().await?;
    Ok(sessions::store::find_live(tx, &cookie.digest(), info.now).await?)
}

/// Parks the request and leads to the sign-in page.
async fn sign_in(
    oidc: &Oidc,
    info: &RequestInfo,
    client: &Client,
    parameters: &Parameters,
    request: &AuthorizeRequest,
) -> Result<Response, OAuthError> {
    let waiting = Waiting::Authorization {
        redirect_uri: request.redirect_uri.clone(),
        parameters: parameters.clone(),
        since: info.now,
    };
    let wishes = Wishes { login_hint: request.login_hint.as_deref(), ui_locales: request.ui_locales.as_deref() };
    let token = waiting::park(oidc, info, client, &waiting, wishes).await?;
    Ok(see_other(&format!("/login?continue={}", token.reveal())))
}
