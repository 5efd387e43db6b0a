//! How a client proves itself (RFC 6749 §2.3): by the one method it is registered with (OA-39). The same at every endpoint that
//! asks a client who it is.

mod certificate;
pub(super) mod opened;
mod presented;
mod secret;

use std::sync::Arc;

use axum::http::HeaderMap;

use self::presented::{Presented, Proof, presented};
use crate::directory::client::keys_rules;
use crate::directory::client::model::{AuthMethod, ClientProfile, ClientSettings};
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::UserId;
use crate::oidc::error::OAuthError;
use crate::oidc::params::Parameters;
use crate::oidc::refusals::Refusal;
use crate::oidc::state::Oidc;
use crate::proofs::assertion::Assertion;
use crate::proofs::audience::Audience;
use crate::proofs::once::{self, Once};
use crate::proofs::{Algorithm, ClientCertificate, DpopFault};
use crate::tokens::cache::KnownClient;

/// The request in which a client says who it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) parameters: &'a Parameters,
    /// The certificate of the connection.
    pub(super) certificate: Option<&'a ClientCertificate>,
    /// The path of the endpoint that is asked: a possible audience of an assertion.
    pub(super) endpoint: &'static str,
}

/// A client that has proved itself, and what its proof used up once it is settled.
#[derive(Debug)]
#[must_use = "a signed proof works again until it is used up"]
pub(super) struct Proved {
    pub(super) known: Arc<KnownClient>,
    /// The delegate whose secret it was.
    pub(super) kept_by: Option<UserId>,
    pub(super) once: Option<Once>,
}

/// The client of a request, its proof used up. Whatever is wrong, the answer is the same `invalid_client`.
pub(super) async fn authenticate(oidc: &Oidc, asked: Asked<'_>, ctx: &Ctx) -> Result<Arc<KnownClient>, Refusal> {
    prove(oidc, asked, ctx).await?.settle(oidc, None).await
}

/// The client of a request whose proof is not used up yet, because more has to be judged first.
pub(super) async fn prove(oidc: &Oidc, asked: Asked<'_>, ctx: &Ctx) -> Result<Proved, Refusal> {
    let Presented { client_id, proof } =
        presented(asked.headers, asked.parameters).map_err(|reason| Refusal::unproved(None, reason))?;
    let found = oidc.tokens.clients.find(&oidc.app.db, &client_id, ctx.now).await?;
    let known = found.ok_or_else(|| Refusal::unproved(None, "no such client"))?;
    let settings = &known.client.settings;
    let refused = |reason| Refusal::unproved(Some(known.client.id), reason);
    if !known.is_usable(ctx.now) {
        return Err(refused("switched off, or ended"));
    }
    if !settings.provisioning.admits(ctx.ip) {
        return Err(refused("from an address that is not in its list"));
    }
    let mut kept_by = None;
    let mut right = |secret: &str| {
        kept_by = secret::proving(&known.secrets, secret).ok_or("wrong secret")?.kept_by;
        Ok(None)
    };
    let once = match (&proof, settings.token_endpoint_auth_method) {
        (Proof::None, AuthMethod::None) if known.client.kind.is_public() => Ok(None),
        (Proof::Basic(secret), AuthMethod::ClientSecretBasic) => right(secret),
        (Proof::Post(secret), AuthMethod::ClientSecretPost) => right(secret),
        (Proof::Signed(assertion), AuthMethod::PrivateKeyJwt) => {
            signed(oidc, settings, assertion, (asked.endpoint, ctx)).await.map(|()| Some(assertion.once()))
        }
        (Proof::None, AuthMethod::TlsClientAuth) => {
            certificate::named(&oidc.app.mtls, settings, asked.certificate, ctx.now).map(|()| None)
        }
        (Proof::None, AuthMethod::SelfSignedTlsClientAuth) => {
            certificate::own(oidc, settings, asked.certificate, ctx.now).await.map(|()| None)
        }
        _ => Err("another method than the registered one"),
    };
    let once = once.map_err(refused)?;
    if !oidc.tokens.is_kept(&oidc.app.db, (known.client.id, kept_by), ctx.now).await? {
        return Err(refused("a secret of somebody who may not keep the service any more"));
    }
    if settings.token_endpoint_auth_method != AuthMethod::None {
        // After the proof, so that nobody uses up what another may ask; whoever proves nothing is counted by the address alone.
        let asked = oidc.app.limits.client(known.client.id);
        asked.map_err(|wait| Refusal::from(OAuthError::TooMany(wait)).of(known.client.id))?;
    }
    Ok(Proved { known, kept_by, once })
}

/// Whether an assertion is right and signed by the client (RFC 7523 §3).
async fn signed(
    oidc: &Oidc,
    settings: &ClientSettings,
    assertion: &Assertion<'_>,
    (endpoint, ctx): (&'static str, &Ctx),
) -> Result<(), &'static str> {
    let issuer = oidc.tokens.issuer();
    // The token endpoint (RFC 7523 §3) and the one that is asked, at each address of ours.
    let places: Vec<String> = ["/oauth2/token", endpoint].iter().flat_map(|path| oidc.tokens.urls_of(path)).collect();
    let some: Vec<&str> = std::iter::once(issuer).chain(places.iter().map(String::as_str)).collect();
    let (algorithms, audience) = match settings.profile {
        ClientProfile::Fapi2 => (&Algorithm::STRONG[..], Audience::Exactly(issuer)),
        ClientProfile::Compat => (&Algorithm::ALL[..], Audience::AnyOf(&some)),
    };
    assertion.check(algorithms, audience, ctx.now)?;
    let only = settings.token_endpoint_auth_signing_alg.as_deref();
    if only.is_some_and(|name| name != assertion.jws.algorithm.as_str()) {
        return Err("an assertion with another algorithm than the registered one");
    }
    let keys = keys_rules::source(settings).ok_or("no key registered")?;
    let right = oidc.client_keys.signed(keys, &assertion.jws, ctx.now).await;
    if right { Ok(()) } else { Err("an assertion not signed by a key of the client") }
}

impl Proved {
    /// Uses the proof up, together with a DPoP proof of the same request, in one statement (OA-37, OA-40).
    pub(super) async fn settle(self, oidc: &Oidc, held: Option<Once>) -> Result<Arc<KnownClient>, Refusal> {
        let used = once::use_up(&oidc.app.db, &self.proofs(held)).await?;
        self.settled(used)
    }

    /// What has to be used up.
    pub(super) fn proofs(&self, held: Option<Once>) -> Vec<Once> {
        self.once.into_iter().chain(held).collect()
    }

    /// The client, unless one of its proofs was used before: the place of the first that was.
    pub(super) fn settled(self, used: Option<usize>) -> Result<Arc<KnownClient>, Refusal> {
        let client = self.known.client.id;
        match used {
            None => Ok(self.known),
            Some(0) if self.once.is_some() => Err(Refusal::unproved(Some(client), "an assertion that was used before")),
            Some(_) => {
                Err(Refusal::from(OAuthError::from(DpopFault::Invalid("the DPoP proof was used before"))).of(client))
            }
        }
    }
}
