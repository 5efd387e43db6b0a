//! Who asks: the client of the stream, with a token of its own. Judged by the door of the other APIs; a token of a person opens nothing
//! here, whatever its scopes.

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value};

use super::error::SsfError;
use super::router::Ssf;
use crate::directory::client;
use crate::directory::client::model::Client;
use crate::directory::client::streaming::{MANAGE, READ};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::PrincipalId;
use crate::web::bearer::{self, Turned};
use crate::web::extract::RequestInfo;
use crate::web::json::{self, Unread};

/// Largest body, in octets.
const MAX_BODY: usize = 64 * 1024;

/// What a handler gives back.
pub(super) type SsfResult = Result<Response, SsfError>;

/// The client that asks.
#[derive(Debug)]
pub(super) struct Receiver {
    /// The context of use cases.
    pub(super) ctx: Ctx,
    /// Itself.
    pub(super) client: Client,
}

impl FromRequestParts<Ssf> for Receiver {
    type Rejection = SsfError;

    async fn from_request_parts(parts: &mut Parts, ssf: &Ssf) -> Result<Self, SsfError> {
        let Ok(info) = RequestInfo::from_request_parts(parts, ssf).await;
        let (app, tokens, channel) = (&ssf.app, &ssf.sender.tokens, Channel::Oidc);
        let bearer = bearer::present(app, tokens, (&info, &parts.headers), channel).await?;
        let PrincipalId::Service(id) = bearer.principal else {
            return Err(bearer::misplaced(app, tokens, &info, channel).await.into());
        };
        app.limits.client(id).map_err(|wait| Turned::TooMany(Some(id), wait.retry_after))?;
        let client = client::store::find(&mut app.db.reader().await?, id).await?.filter(|client| client.active);
        let client = client.ok_or(Turned::Away)?;
        // Reading, and fetching what is one's own, is less than managing (CAEP Interoperability Profile 1.0 §2.7.3).
        let reads = parts.method == Method::GET || parts.uri.path().starts_with(super::router::POLL);
        let wanted = if reads { READ } else { MANAGE };
        let held = bearer.has_scope(MANAGE) || reads && bearer.has_scope(READ);
        if !held || !client.settings.may_stream() {
            return Err(SsfError::Scope(wanted));
        }
        let ctx = info.ctx_of(app, channel, bearer.principal, (None, bearer.strength));
        Ok(Self { ctx, client })
    }
}

/// The body: one JSON object.
pub(super) async fn object(request: Request) -> Result<Map<String, Value>, SsfError> {
    json::read(request, MAX_BODY).await.map_err(|unread| match unread {
        Unread::MediaType => SsfError::malformed("send application/json, not compressed"),
        Unread::TooLarge => SsfError::TooLarge,
        Unread::Malformed(_) => SsfError::malformed("the body is no JSON object"),
    })
}

/// An answer with a body.
pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    json::answer(status, body.to_string())
}
