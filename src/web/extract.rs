//! What a request is before anybody asks who sent it.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::Method;
use axum::http::request::Parts;

use super::app::App;
use super::csrf;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::PrincipalId;
use crate::kernel::secret::Token;
use crate::kernel::strength::Strength;
use crate::kernel::time::Timestamp;
use crate::locale::Locale;
use crate::proofs::ClientCertificate;

/// What the layers found out about a request: its id, its sender's address, its language, its browser.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    /// Shown on error pages and in logs; made here, never taken from the client.
    pub id: String,
    /// The instant of this request.
    pub now: Timestamp,
    /// The client's address.
    pub ip: Option<IpAddr>,
    /// The language of the answer.
    pub locale: Locale,
    /// The secret of the browser cookie, made if it had none.
    pub browser: Token,
    /// The secret of the session cookie, not yet checked.
    pub session: Option<Token>,
    /// Path and query, for links that come back here.
    pub path: String,
    /// The verb.
    pub method: Method,
    /// The certificate that its connection was made with (RFC 8705), if it was with one.
    pub certificate: Option<Arc<ClientCertificate>>,
}

impl RequestInfo {
    /// The hidden token that forms of this browser and session carry.
    pub fn csrf(&self) -> String {
        csrf::token(&self.browser, self.session.as_ref())
    }

    /// The context for use cases, before anybody is known.
    pub fn ctx(&self, app: &App, channel: Channel) -> Ctx {
        let mut ctx =
            Ctx::internal(self.now, app.entropy.clone(), channel).with_links(app.links).with_user_names(app.user_names);
        ctx.request_id.clone_from(&self.id);
        ctx.ip = self.ip;
        ctx
    }

    /// The context of a person who proved a second factor at some time, and how strongly.
    pub fn ctx_of(
        &self,
        app: &App,
        channel: Channel,
        actor: PrincipalId,
        (second_factor_at, strength): (Option<Timestamp>, Strength),
    ) -> Ctx {
        let mut ctx = self.ctx(app, channel).acting_as(actor);
        (ctx.second_factor_at, ctx.strength) = (second_factor_at, strength);
        ctx
    }
}

impl<S: Sync> FromRequestParts<S> for RequestInfo
where
    App: FromRef<S>,
{
    type Rejection = Infallible;

    /// What the layer left; without the layer (a router under test) a request from nowhere.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(match parts.extensions.get::<Self>() {
            Some(info) => info.clone(),
            None => super::layers::describe(&App::from_ref(state), &parts.headers, (&parts.method, &parts.uri), None),
        })
    }
}
