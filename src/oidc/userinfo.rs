//! `UserInfo` (OIDC Core §5.3): what the person is like now, not when the token was issued.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::claims::Release;
use super::dpop as oidc_dpop;
use super::error::OAuthError;
use super::state::Oidc;
use super::subject::{self, Standing};
use super::{claims, claims_request, http};
use crate::delegation::told;
use crate::directory::client::model::Client;
use crate::kernel::ctx::Channel;
use crate::kernel::ids::PrincipalId;
use crate::proofs::dpop::{self, DpopFault};
use crate::tokens::cache::KnownClient;
use crate::tokens::mint::Kind;
use crate::tokens::presented::{Presented, Scheme};
use crate::tokens::signing_key::Algorithm;
use crate::web::RequestInfo;

/// FAPI's name for a request (FAPI 1.0 Baseline §6.2.1-11).
const INTERACTION: HeaderName = HeaderName::from_static("x-fapi-interaction-id");

/// `GET` and `POST /oauth2/userinfo`
pub(super) async fn answer(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    method: Method,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let described = match bearer(&method, &headers, body) {
        Ok((scheme, token)) => match describe(&oidc, &info, (scheme, &token), &headers).await {
            Err(error) => Err(refused(&oidc, &info, error).await),
            described => described,
        },
        Err(error) => Err(error),
    };
    let (mut response, known) = match described {
        Ok((claims, known)) => match told(&oidc, &info, claims, &known.client).await {
            Ok(mut response) => {
                response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
                (response, Some(known))
            }
            Err(error) => (error.into_bearer_response(), Some(known)),
        },
        Err(error) => (refusal(&oidc, &info, error), None),
    };
    if headers.contains_key(dpop::PROOF) {
        oidc_dpop::offer_nonce(&oidc, &mut response, None, info.now);
    }
    // Whoever looks for a request in two logs names it like this; nothing but a UUID comes back.
    if let Some(named) = headers.get(INTERACTION).filter(|value| uuid::Uuid::try_parse_ascii(value.as_bytes()).is_ok())
    {
        response.headers_mut().insert(INTERACTION, named.clone());
    }
    let origin = http::reader_origin(&oidc, &headers, known.as_ref().map(|known| &known.client)).await;
    http::allow_origin(&mut response, origin);
    response
}

/// JSON, or signed with `iss` and `aud` where the client is registered so (OIDC Core §5.3.2); both are written last. What is encrypted is
/// signed first, as ID tokens are if nothing else is said.
async fn told(oidc: &Oidc, info: &RequestInfo, mut claims: Claims, client: &Client) -> Result<Response, OAuthError> {
    let settings = &client.settings;
    let how = settings.encryption.userinfo;
    let name = settings.userinfo_signed_response_alg.as_ref();
    let name = name.or_else(|| how.map(|_| &settings.id_token_signed_response_alg));
    let Some(algorithm) = name.and_then(|name| Algorithm::parse(name)) else {
        return Ok(Json(claims).into_response());
    };
    claims.insert("iss".to_owned(), oidc.tokens.issuer().into());
    claims.insert("aud".to_owned(), client.client_id.as_str().into());
    let jwt = oidc.sign(algorithm, Kind::UserInfo, &claims, &info.ctx(&oidc.app, Channel::Oidc)).await?;
    let jwt = oidc.encrypted(jwt, settings, how, info.now).await?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/jwt"))], jwt).into_response())
}

/// The token of the header, or of a form body (RFC 6750 §2.1 and §2.2); never of the address.
fn bearer(
    method: &Method,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<(Scheme, String), OAuthError> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let parts = header.and_then(|value| value.split_once(' '));
    let of_header = parts.and_then(|(scheme, token)| Some((Scheme::parse(scheme)?, token.trim().to_owned())));
    let is_form = method == Method::POST
        && headers.contains_key(header::CONTENT_TYPE)
        && body.as_ref().is_ok_and(|body| !body.is_empty());
    let of_body = if is_form { http::form(headers, body)?.get("access_token").map(str::to_owned) } else { None };
    match (of_header, of_body) {
        (Some(_), Some(_)) => Err(OAuthError::InvalidRequest("the access token was sent twice")),
        (Some(presented), None) => Ok(presented),
        (None, Some(token)) => Ok((Scheme::Bearer, token)),
        (None, None) => Err(OAuthError::MissingToken),
    }
}

/// What the client is told of a token that is not accepted, once it is recorded; what cannot be recorded is not answered
/// either (CR-10).
async fn refused(oidc: &Oidc, info: &RequestInfo, error: OAuthError) -> OAuthError {
    let reason = match error {
        OAuthError::InvalidToken | OAuthError::BoundToken => "invalid_token at UserInfo",
        OAuthError::Dpop(DpopFault::Invalid(_)) => "invalid_dpop_proof at UserInfo",
        OAuthError::InsufficientScope => "insufficient_scope at UserInfo",
        other => return other,
    };
    let done = oidc.tokens.refuse(&oidc.app.db, reason, &info.ctx(&oidc.app, Channel::Oidc)).await;
    done.err().map_or(error, OAuthError::from)
}

type Claims = serde_json::Map<String, serde_json::Value>;
type Answer = (Claims, Arc<KnownClient>);

/// A refusal of a protected resource: a proof that is not good is a matter of the `Authorization` header here (RFC 9449 §7.1).
fn refusal(oidc: &Oidc, info: &RequestInfo, error: OAuthError) -> Response {
    let challenge = match &error {
        OAuthError::Dpop(fault) => oidc.tokens.challenge(Some(*fault), info.now),
        OAuthError::BoundToken => oidc.tokens.challenge(None, info.now),
        _ => return error.into_bearer_response(),
    };
    let mut response = error.into_response();
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    challenge.put(response.headers_mut());
    response
}

async fn describe(
    oidc: &Oidc,
    info: &RequestInfo,
    (scheme, token): (Scheme, &str),
    headers: &HeaderMap,
) -> Result<Answer, OAuthError> {
    let (method, path, certificate) = (&info.method, info.path.as_str(), info.certificate.as_deref());
    let presented = Presented { scheme, token, headers, method, path, certificate };
    let bearer = oidc.tokens.admit(&oidc.app.db, presented, info.now).await?;
    let PrincipalId::Person(user) = bearer.principal else { return Err(OAuthError::InvalidToken) };
    if !bearer.has_scope("openid") {
        return Err(OAuthError::InsufficientScope);
    }
    let known = bearer.known.as_ref().ok_or(OAuthError::InvalidToken)?;
    let client = &known.client;
    let scope = bearer.limits.scopes.join(" ");
    let names = claims_request::still_allowed(&bearer.claims, &client.settings);
    let release = Release { scope: &scope, names: &names };
    let person = bearer.person.ok_or(OAuthError::InvalidToken)?;
    match subject::judge(*person, client) {
        Standing::Admitted(mut subject) => {
            if release.wants_roles() {
                let tx = &mut oidc.app.db.reader().await?;
                (subject.roles, subject.role_assignments) = told::roles(tx, &oidc.app.door, user, info.now).await?;
            }
            let sub = oidc.tokens.keys.subjects().of(user, &client.settings);
            Ok((claims::userinfo(&sub, &subject, release), Arc::clone(known)))
        }
        Standing::NoAccess(_) | Standing::Unusable => Err(OAuthError::InvalidToken),
    }
}
