//! RP-initiated logout (OIDC RP-Initiated Logout 1.0). The person confirms on a page of ours, always; what an ID token of
//! ours vouches for decides only whether they are led back to the application afterwards.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::authorize::{as_get, error_page, session};
use super::error::OAuthError;
use super::http;
use super::params::Parameters;
use super::state::Oidc;
use super::waiting::{self, Waiting, Wishes};
use crate::db;
use crate::directory::client::model::Client;
use crate::kernel::ids::UserId;
use crate::kernel::secret::Token;
use crate::kernel::time::Timestamp;
use crate::tokens::mint::{self, Kind};
use crate::web::RequestInfo;
use crate::web::respond::see_other;

/// What an ID token of ours tells about its session. Its expiry does not matter here.
#[derive(Debug, Deserialize)]
pub(super) struct Hint {
    /// The person, as the client knows it.
    sub: String,
    iss: String,
    aud: String,
}

impl Hint {
    /// Whether it was issued to this client.
    pub(super) fn is_for(&self, client_id: &str) -> bool {
        self.aud == client_id
    }

    /// Whether it is about this person, by the name that its client knows.
    pub(super) async fn means(&self, oidc: &Oidc, user: UserId, now: Timestamp) -> db::Result<bool> {
        let known = oidc.tokens.clients.find(&oidc.app.db, &self.aud, now).await?;
        Ok(known.is_some_and(|known| oidc.tokens.keys.subjects().of(user, &known.client.settings) == self.sub))
    }
}

/// The claims of an `id_token_hint`; `None` unless we signed it as an ID token (OA-35, OA-47).
pub(super) async fn hinted(oidc: &Oidc, token: &str, now: Timestamp) -> Result<Option<Hint>, OAuthError> {
    let ring = oidc.tokens.keys.ring(&oidc.app.db, now).await?;
    let read = mint::read::<Hint>(token, Kind::IdToken, |kid| ring.find(kid).map(AsRef::as_ref));
    Ok(read.map(|(hint, _)| hint).filter(|hint| hint.iss == oidc.tokens.issuer()))
}

/// `GET /oauth2/logout`
pub(super) async fn get(State(oidc): State<Oidc>, info: RequestInfo, RawQuery(query): RawQuery) -> Response {
    let parsed = Parameters::parse(query.unwrap_or_default().as_bytes());
    let answered = match parsed {
        Ok(parameters) => answer(&oidc, &info, &parameters).await,
        Err(error) => Err(error),
    };
    answered.unwrap_or_else(|error| error_page(&oidc, &info, &error))
}

/// `POST /oauth2/logout`: turned into a GET, which comes with our cookies.
pub(super) async fn post(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match http::form(&headers, body) {
        Ok(parameters) => as_get("/oauth2/logout", &parameters),
        Err(error) => error_page(&oidc, &info, &error),
    }
}

/// GET never ends a session (SE-14): a hint of ours about whoever is signed in here lets the application's address wait
/// behind the page that asks; everything less certain leads to that page alone, which then leads nowhere (OA-17, OA-47).
async fn answer(oidc: &Oidc, info: &RequestInfo, parameters: &Parameters) -> Result<Response, OAuthError> {
    if let Some(secret) = parameters.get("request") {
        return back(oidc, info, Token::from_text(secret)).await;
    }
    let hint = match parameters.get("id_token_hint") {
        Some(token) => hinted(oidc, token, info.now).await?,
        None => None,
    };
    let session = session(oidc, info).await?;
    let mut hint = hint.filter(|hint| parameters.get("client_id").is_none_or(|id| hint.is_for(id)));
    if let (Some(named), Some(session)) = (&hint, &session)
        && !named.means(oidc, session.user, info.now).await?
    {
        hint = None;
    }
    let Some((client, redirect_uri)) = target(oidc, parameters, hint.as_ref(), info.now).await? else {
        return Ok(see_other("/logout"));
    };
    if session.is_none() {
        return Ok(see_other(&redirect_uri));
    }
    let waiting = Waiting::Logout { redirect_uri };
    let secret = waiting::park(oidc, info, &client, &waiting, Wishes::default()).await?;
    Ok(see_other(&format!("/logout?continue={}", secret.reveal())))
}

/// From the page that asked: to the application, once nobody is signed in any more.
async fn back(oidc: &Oidc, info: &RequestInfo, secret: Token) -> Result<Response, OAuthError> {
    let Some(Waiting::Logout { .. }) = waiting::find(oidc, info, &secret).await? else {
        return Ok(see_other("/logout"));
    };
    if session(oidc, info).await?.is_some() {
        return Ok(see_other(&format!("/logout?continue={}", secret.reveal())));
    }
    match waiting::take(oidc, info, &secret).await? {
        Some(Waiting::Logout { redirect_uri }) => Ok(see_other(&redirect_uri)),
        Some(Waiting::Authorization { .. } | Waiting::Device { .. }) | None => Ok(see_other("/logout")),
    }
}

/// Where to go afterwards: a registered address of the client that the hint was issued to, with `state`.
async fn target(
    oidc: &Oidc,
    parameters: &Parameters,
    hint: Option<&Hint>,
    now: Timestamp,
) -> Result<Option<(Client, String)>, OAuthError> {
    let (Some(hint), Some(uri)) = (hint, parameters.get("post_logout_redirect_uri")) else { return Ok(None) };
    let known = oidc.tokens.clients.find(&oidc.app.db, &hint.aud, now).await?;
    let Some(client) = known.filter(|known| known.is_usable(now)).map(|known| known.client.clone()) else {
        return Ok(None);
    };
    if !client.settings.post_logout_redirect_uris.iter().any(|registered| registered == uri) {
        return Ok(None);
    }
    let separator = if uri.contains('?') { '&' } else { '?' };
    let uri = match parameters.get("state") {
        Some(state) => {
            let state: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
            format!("{uri}{separator}state={state}")
        }
        None => uri.to_owned(),
    };
    Ok(Some((client, uri)))
}
