//! RP-initiated logout (OIDC RP-Initiated Logout 1.0). Without a hint that proves the application, the person confirms.

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
use crate::db::transact;
use crate::kernel::ctx::Channel;
use crate::kernel::ids::PrincipalId;
use crate::kernel::time::Timestamp;
use crate::sessions::end::{self, EndError};
use crate::tokens::mint::{self, Kind};
use crate::web::respond::see_other;
use crate::web::{RequestInfo, cookies};

/// What an ID token of ours tells about its session. Its expiry does not matter here.
#[derive(Debug, Deserialize)]
pub(super) struct Hint {
    /// The person.
    pub(super) sub: String,
    iss: String,
    aud: String,
    sid: String,
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

/// Ends the session of the hint and leads to the registered address; everything less certain leads to the page that
/// asks, which never redirects (OA-17, OA-47).
async fn answer(oidc: &Oidc, info: &RequestInfo, parameters: &Parameters) -> Result<Response, OAuthError> {
    let hint = match parameters.get("id_token_hint") {
        Some(token) => hinted(oidc, token, info.now).await?,
        None => None,
    };
    let Some(hint) = hint.filter(|hint| parameters.get("client_id").is_none_or(|id| id == hint.aud)) else {
        return Ok(see_other("/logout"));
    };
    let Some(back) = target(oidc, parameters, &hint, info.now).await? else { return Ok(see_other("/logout")) };
    let mut response = see_other(&back);
    if let Some(session) = session(oidc, info).await? {
        if session.id.to_string() != hint.sid || session.user.to_string() != hint.sub {
            return Ok(see_other("/logout"));
        }
        let person = PrincipalId::Person(session.user);
        let ctx = info.ctx_of(&oidc.app, Channel::Oidc, person, Some(session.second_factor_at));
        let ended: Result<(), EndError> =
            transact!(oidc.app.db, tx => end::end(tx, session.user, session.id, &ctx).await);
        match ended {
            Ok(()) | Err(EndError::NotFound) => {}
            Err(EndError::Db(error)) => return Err(error.into()),
        }
        if let Some(cookie) = cookies::clear(&oidc.app, cookies::SESSION) {
            response.headers_mut().append(axum::http::header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}

/// Where to go afterwards: a registered address of the client, with `state`; our own page if none was asked for.
async fn target(
    oidc: &Oidc,
    parameters: &Parameters,
    hint: &Hint,
    now: Timestamp,
) -> Result<Option<String>, OAuthError> {
    let Some(uri) = parameters.get("post_logout_redirect_uri") else { return Ok(Some("/logout".to_owned())) };
    let known = oidc.tokens.clients.find(&oidc.app.db, &hint.aud, now).await?;
    let registered =
        known.is_some_and(|known| known.client.settings.post_logout_redirect_uris.iter().any(|other| other == uri));
    if !registered {
        return Ok(None);
    }
    let separator = if uri.contains('?') { '&' } else { '?' };
    Ok(Some(match parameters.get("state") {
        Some(state) => {
            let state: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
            format!("{uri}{separator}state={state}")
        }
        None => uri.to_owned(),
    }))
}
