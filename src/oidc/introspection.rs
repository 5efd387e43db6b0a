//! Token introspection (RFC 7662): an API of an application asks what a token is good for now. Signed when it asks for that
//! (RFC 9701).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::client_auth::{self, Asked};
use super::error::OAuthError;
use super::http;
use super::refusals::Refusal;
use super::state::Oidc;
use crate::db;
use crate::directory::client::entry_store::Person;
use crate::directory::client::model::Client;
use crate::kernel::ctx::Channel;
use crate::kernel::ids::PrincipalId;
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;
use crate::tokens::BearerError;
use crate::tokens::access_token::AccessClaims;
use crate::tokens::mint::Kind;
use crate::tokens::revoke;
use crate::tokens::signing_key::Algorithm;
use crate::web::RequestInfo;

/// The media type of a signed answer (RFC 9701 §5).
const SIGNED: &str = "application/token-introspection+jwt";

/// What can be said about a token.
enum Known {
    /// What it is good for.
    Active(Map<String, Value>),
    /// Nothing, for nobody.
    Inactive,
    /// It is good for something, but not for whoever asks (OA-31).
    Foreign,
}

/// `POST /oauth2/introspect`
pub(super) async fn post(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match answer(&oidc, &info, &headers, body).await {
        Ok(mut response) => {
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(refusal) => refusal.settle(&oidc, &info).await.into_response(),
    }
}

async fn answer(
    oidc: &Oidc,
    info: &RequestInfo,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let parameters = http::form(headers, body)?;
    let certificate = info.certificate.as_deref();
    let asked = Asked { headers, parameters: &parameters, certificate, endpoint: "/oauth2/introspect" };
    let asking = client_auth::authenticate(oidc, asked, &info.ctx(&oidc.app, Channel::Oidc)).await?;
    let client = &asking.client;
    if client.kind.is_public() || !client.settings.introspection {
        return Err(Refusal::from(OAuthError::UnauthorizedClient).of(client.id));
    }
    let token = parameters.require("token", "token is missing").map_err(|error| Refusal::from(error).of(client.id))?;
    let told = match look(oidc, client, token, info.now).await? {
        Known::Active(told) => told,
        Known::Inactive => inactive(),
        Known::Foreign => {
            let refusal = Refusal::from(OAuthError::InvalidGrant("asked about another application's token"));
            refusal.of(client.id).unsaid(oidc, info).await?;
            inactive()
        }
    };
    Ok(if wants_signed(headers) { signed(oidc, info, client, told).await? } else { Json(told).into_response() })
}

/// No reason is given: whoever asks about a token that is not theirs learns nothing (§2.2).
fn inactive() -> Map<String, Value> {
    [("active".to_owned(), Value::Bool(false))].into_iter().collect()
}

fn wants_signed(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut types =
        accepted.flat_map(|value| value.split(',')).map(|range| range.split(';').next().unwrap_or_default());
    types.any(|media_type| media_type.trim().eq_ignore_ascii_case(SIGNED))
}

/// RFC 9701 §5: neither `sub` nor `exp` of its own, so that it is never taken for a token that grants something.
async fn signed(
    oidc: &Oidc,
    info: &RequestInfo,
    client: &Client,
    told: Map<String, Value>,
) -> Result<Response, OAuthError> {
    let settings = &client.settings;
    let name = settings.introspection_signed_response_alg.as_ref().unwrap_or(&settings.id_token_signed_response_alg);
    let claims = json!({
        "iss": oidc.tokens.issuer(),
        "aud": client.client_id,
        "iat": info.now.as_seconds(),
        "token_introspection": told,
    });
    let ctx = info.ctx(&oidc.app, Channel::Oidc);
    let algorithm = Algorithm::parse(name).unwrap_or(Algorithm::Es256);
    let jwt = oidc.sign(algorithm, Kind::Introspection, &claims, &ctx).await?;
    let jwt = oidc.encrypted(jwt, settings, settings.encryption.introspection, info.now).await?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(SIGNED))], jwt).into_response())
}

/// What the token is good for now (OA-28, OA-29): asked anew each time. An access token is told about to the clients of its application
/// and environment, a refresh token to its own client only: nobody else is sent one.
async fn look(oidc: &Oidc, asking: &Client, token: &str, now: Timestamp) -> Result<Known, OAuthError> {
    let (claims, bearer) = match oidc.tokens.introspect(&oidc.app.db, token, now).await {
        Ok(known) => known,
        Err(BearerError::Invalid) => return Ok(refresh(oidc, asking, token, now).await?),
        Err(error) => return Err(error.into()),
    };
    let Some(known) = bearer.known else { return Ok(Known::Inactive) };
    if !is_of_one_application(&known.client, asking) {
        return Ok(Known::Foreign);
    }
    let mut told = of_access(&claims);
    if let PrincipalId::Person(user) = bearer.principal {
        if !bearer.person.is_some_and(|person| may_enter(&person)) {
            return Ok(Known::Inactive);
        }
        // By the name that whoever asks knows.
        told.insert("sub".to_owned(), oidc.tokens.keys.subjects().of(user, &asking.settings).into());
    }
    Ok(Known::Active(told))
}

/// Whether one client may know what another was given.
pub(super) fn is_of_one_application(holder: &Client, asking: &Client) -> bool {
    holder.id == asking.id || holder.environment.is_some() && holder.environment == asking.environment
}

/// OA-29, OA-57: whoever lost the last group of an application that asks for one has lost its tokens.
fn may_enter(person: &Person) -> bool {
    !person.entry.is_refused()
}

async fn refresh(oidc: &Oidc, asking: &Client, token: &str, now: Timestamp) -> db::Result<Known> {
    let tx = &mut oidc.app.db.reader().await?;
    let digest = Digest::of(token.as_bytes());
    let Some(granted) = revoke::grant_of_refresh(tx, &digest, asking.environment, now).await? else {
        return Ok(Known::Inactive);
    };
    let family = &granted.family;
    if family.client != asking.id {
        return Ok(Known::Foreign);
    }
    if !granted.is_usable() || !may_enter(&granted.person) {
        return Ok(Known::Inactive);
    }
    let told = json!({
        "active": true,
        "iss": oidc.tokens.issuer(),
        "sub": oidc.tokens.keys.subjects().of(family.user, &asking.settings),
        "client_id": asking.client_id,
        "scope": family.scope,
        "exp": family.expires_at.as_seconds(),
    });
    Ok(Known::Active(told.as_object().cloned().unwrap_or_default()))
}

/// §2.2, RFC 9396 §9.2. Nothing about the person but who it is: that is what `UserInfo` is for.
fn of_access(claims: &AccessClaims) -> Map<String, Value> {
    let Ok(Value::Object(mut told)) = serde_json::to_value(claims) else { return inactive() };
    told.retain(|name, _| !matches!(name.as_str(), "family" | "client_epoch" | "exchanged"));
    told.insert("active".to_owned(), true.into());
    told.insert(
        "token_type".to_owned(),
        if claims.cnf.as_ref().is_some_and(|cnf| cnf.jkt.is_some()) { "DPoP" } else { "Bearer" }.into(),
    );
    told
}
