//! A request that a person answers later, as its client brings it: pushed, or of a device. What it proves is used up before anything is
//! kept of it, or together with that.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;

use super::{Asked, Proved, prove};
use crate::kernel::ctx::Ctx;
use crate::oidc::dpop;
use crate::oidc::http;
use crate::oidc::params::Parameters;
use crate::oidc::refusals::Refusal;
use crate::oidc::state::Oidc;
use crate::proofs::dpop::Held;
use crate::proofs::once::Once;
use crate::tokens::cache::KnownClient;
use crate::web::RequestInfo;

/// What was brought, by whom, and the key that was proved with it. Its proofs are not used up yet.
#[derive(Debug)]
pub(in crate::oidc) struct Opened {
    pub(in crate::oidc) proved: Proved,
    pub(in crate::oidc) parameters: Parameters,
    pub(in crate::oidc) held: Option<Held>,
}

impl Opened {
    /// What a proof of a key uses up.
    pub(in crate::oidc) fn once(&self) -> Option<Once> {
        self.held.as_ref().map(|held| held.once)
    }
}

/// Reads it. Into `asking` goes the client as soon as it has proved itself.
pub(in crate::oidc) async fn open(
    oidc: &Oidc,
    (info, endpoint, ctx): (&RequestInfo, &'static str, &Ctx),
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    asking: &mut Option<Arc<KnownClient>>,
) -> Result<Opened, Refusal> {
    let parameters = http::form(headers, body)?;
    let certificate = info.certificate.as_deref();
    let proved = prove(oidc, Asked { headers, parameters: &parameters, certificate, endpoint }, ctx).await?;
    *asking = Some(Arc::clone(&proved.known));
    let held = dpop::given(oidc, headers, (&proved.known.client, endpoint), ctx);
    let held = held.map_err(|error| Refusal::from(error).of(proved.known.client.id))?;
    Ok(Opened { proved, parameters, held })
}
