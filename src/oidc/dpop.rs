//! Proofs of keys at the endpoints of clients (RFC 9449 §5, §10.1).

use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::error::OAuthError;
use super::state::Oidc;
use crate::directory::client::model::Client;
use crate::kernel::ctx::Ctx;
use crate::kernel::time::Timestamp;
use crate::proofs::DpopFault;
use crate::proofs::dpop::{self, Held, Shown};
use crate::tokens::cache::KnownClient;

/// The proof of a request, if it brings one; it is not used up yet.
pub(super) fn given(
    oidc: &Oidc,
    headers: &HeaderMap,
    (client, path): (&Client, &str),
    ctx: &Ctx,
) -> Result<Option<Held>, OAuthError> {
    let Some(proof) = dpop::read(headers)? else { return Ok(None) };
    let urls = oidc.tokens.urls_of(path);
    let shown = Shown { method: "POST", urls: &urls, token: None, nonce: client.settings.require_dpop_nonce };
    Ok(Some(oidc.tokens.dpop.check(proof, shown, ctx.now)?))
}

/// The same where tokens are given: a client that is registered for bound tokens gets no others (OA-41).
pub(super) fn needed(
    oidc: &Oidc,
    headers: &HeaderMap,
    (client, path): (&Client, &str),
    ctx: &Ctx,
) -> Result<Option<Held>, OAuthError> {
    match given(oidc, headers, (client, path), ctx)? {
        None if client.settings.requires_dpop() => Err(DpopFault::Invalid("a DPoP proof is needed").into()),
        held => Ok(held),
    }
}

/// Puts a nonce into an answer that asks for one, or after which one will be asked for (RFC 9449 §8, §8.2).
pub(super) fn offer_nonce(oidc: &Oidc, response: &mut Response, known: Option<&KnownClient>, now: Timestamp) {
    let wanted = known.is_some_and(|known| known.client.settings.require_dpop_nonce);
    let asked = response.extensions().get::<DpopFault>() == Some(&DpopFault::Nonce);
    if asked || response.status() != StatusCode::UNAUTHORIZED && (wanted || oidc.tokens.dpop.require_nonce) {
        response.headers_mut().insert(dpop::NONCE, oidc.tokens.dpop.nonce(now));
    }
}
