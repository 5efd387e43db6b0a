//! The device authorization grant (RFC 8628): a device that has no browser shows a code, and its person lets it in at another one.
//!
//! What a device asks for is judged like an authorization request when it begins, and again when its person decides. What they approve is
//! kept like an authorization code, under a digest that comes from that of the device code: it is used once in the same way.

pub(super) mod confirm;
pub(super) mod enter;
mod user_code;

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::json;

use self::user_code::UserCode;
use super::authorize::checks;
use super::client_auth::opened::{self, Opened};
use super::dpop;
use super::error::OAuthError;
use super::http;
use super::params::Parameters;
use super::pushed;
use super::refusals::Refusal;
use super::state::Oidc;
use super::waiting::{self, Waiting};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx, transact};
use crate::directory::client::model::Client;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::ClientId;
use crate::kernel::secret::{Digest, Token};
use crate::proofs::dpop::Held;
use crate::tokens::cache::KnownClient;
use crate::tokens::device_store::{self as store, DeviceGrant};
use crate::web::respond::{render, see_other};
use crate::web::{Page, RequestInfo};

/// Where a device begins (RFC 8628 §3.1).
pub(super) const PATH: &str = "/oauth2/device_authorization";
/// Where its person types the code (RFC 8628 §3.3).
pub(super) const PAGE: &str = "/device";
/// Where they decide.
pub(super) const CONFIRM: &str = "/device/confirm";
/// Where they read what came of it.
pub(super) const DONE: &str = "/device/done";

/// Seconds between two questions of a device (RFC 8628 §3.2).
const INTERVAL: i64 = 5;

/// How often a new user code is made where another device has the same.
const TRIES: usize = 8;

/// The answer (RFC 8628 §3.2).
#[derive(Debug, Serialize)]
struct Begun {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: u64,
    interval: i64,
}

/// `POST /oauth2/device_authorization`
pub(super) async fn post(
    State(oidc): State<Oidc>,
    info: RequestInfo,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let mut known = None;
    let outcome = answer(&oidc, &info, &headers, body, &mut known).await;
    let no_store = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    let outcome = outcome.map(|begun| (no_store, Json(begun)));
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
) -> Result<Begun, Refusal> {
    let ctx = info.ctx(&oidc.app, Channel::Oidc);
    let opened = opened::open(oidc, (info, PATH, &ctx), headers, body, asking).await?;
    let once = opened.once();
    let Opened { proved, parameters, held } = opened;
    let known = proved.settle(oidc, once).await?;
    let begun = begin(oidc, &known.client, (parameters, held), &ctx).await;
    begun.map_err(|error| Refusal::from(error).of(known.client.id))
}

/// Everything that the authorization endpoint would refuse is refused before anybody is asked to type a code.
async fn begin(
    oidc: &Oidc,
    client: &Client,
    (parameters, held): (Parameters, Option<Held>),
    ctx: &Ctx,
) -> Result<Begun, OAuthError> {
    let parameters = pushed::bind(parameters.without(&pushed::PROOFS), held)?;
    checks::of_device(&parameters, client, oidc.tokens.issuer())?;
    let (code, life) = (Token::generate(&ctx.entropy), oidc.settings.device_code_lifetime());
    let grant = DeviceGrant {
        digest: code.digest(),
        client: client.id,
        parameters: pushed::kept(&parameters)?,
        interval: INTERVAL,
        expires_at: ctx.now.plus(life),
        polled_at: None,
        approved: None,
    };
    let kek = oidc.tokens.keys.kek();
    let user_code: db::Result<Option<UserCode>> = transact!(oidc.app.db, tx => {
        for _ in 0..TRIES {
            let user_code = UserCode::generate(&ctx.entropy);
            if store::insert(tx, &grant, &user_code.digest(kek), ctx.now).await? {
                return Ok(Some(user_code));
            }
        }
        Ok(None)
    });
    let user_code = user_code?.ok_or(OAuthError::TemporarilyUnavailable)?.shown();
    let page = format!("{}{PAGE}", oidc.tokens.issuer());
    Ok(Begun {
        device_code: code.reveal().to_owned(),
        verification_uri_complete: format!("{page}?user_code={user_code}"),
        verification_uri: page,
        user_code,
        expires_in: life.as_secs(),
        interval: INTERVAL,
    })
}

/// Under which digest is kept what a person gave to a device. No text has it that could be presented as an authorization code.
pub(super) fn kept_as(digest: &Digest) -> Digest {
    Digest::of(&[b"device grant\0".as_slice(), digest.as_bytes()].concat())
}

/// Whether a device is what waits behind a secret in this browser.
pub(super) async fn waits(oidc: &Oidc, info: &RequestInfo, secret: &Token) -> Result<bool, OAuthError> {
    Ok(matches!(waiting::find(oidc, info, secret).await?, Some(Waiting::Device { .. })))
}

/// Back to the page that asks, from the sign-in or from the terms of use.
pub(super) fn confirm_page(secret: &Token) -> Response {
    see_other(&format!("{CONFIRM}?request={}", secret.reveal()))
}

/// Whoever leaves the sign-in does not let the device in.
pub(super) async fn cancelled(oidc: &Oidc, info: &RequestInfo, secret: &Token) -> Result<Response, OAuthError> {
    let Some(Waiting::Device { grant, .. }) = waiting::take(oidc, info, secret).await? else {
        return Err(super::authorize::GONE);
    };
    let (digest, ctx) = (Digest::from(grant), info.ctx(&oidc.app, Channel::Oidc));
    let denied: db::Result<()> = transact!(oidc.app.db, tx => {
        match store::find(tx, &digest).await? {
            Some(grant) => deny(tx, &grant, &ctx).await.map(drop),
            None => Ok(()),
        }
    });
    denied?;
    Ok(see_other(&format!("{DONE}?outcome=denied")))
}

/// Refuses a device; `false` if somebody has decided before.
async fn deny(tx: &mut Tx, grant: &DeviceGrant, ctx: &Ctx) -> db::Result<bool> {
    let first = store::save_decided(tx, &grant.digest, false, ctx.now).await?;
    if first {
        record(tx, Kind::DeviceDenied, grant.client, ctx).await?;
    }
    Ok(first)
}

/// In the log of whoever decided, and of nobody's organisation: a device is let in for one person alone.
async fn record(tx: &mut Tx, kind: Kind, client: ClientId, ctx: &Ctx) -> db::Result<()> {
    let subject = ctx.actor.and_then(Subject::of).unwrap_or(Subject::Client(client));
    audit::record(tx, ctx, None, Event::new(kind, subject).with(json!({ "client": client }))).await
}

#[derive(Template)]
#[template(path = "pages/oidc/device_done.html")]
struct DonePage {
    page: Page,
    text: String,
}

/// `GET /device/done`
pub(super) async fn done(State(oidc): State<Oidc>, info: RequestInfo, RawQuery(query): RawQuery) -> Response {
    let said = Parameters::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let outcome = if said.get("outcome") == Some("approved") { "approved" } else { "denied" };
    let mut page = Page::new(&oidc.app, &info, &format!("device-{outcome}-title"));
    page.narrow = true;
    render(&DonePage { text: page.t(&format!("device-{outcome}-text")), page })
}
