//! Who asks one of our own APIs with an access token: checked anew at each request (SC-28), limited, and narrowed to what the token
//! carries. One way in for every surface of machines.

use axum::http::{HeaderMap, HeaderValue, header};

use super::app::App;
use super::extract::RequestInfo;
use crate::authority::scopes::permissions_of_scopes;
use crate::authority::{PermissionSet, Reason};
use crate::db;
use crate::directory::client::provisioning::Tolerance;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{ClientId, PrincipalId};
use crate::proofs::Algorithm;
use crate::proofs::dpop::{self, DpopFault};
use crate::sessions::model::acr_for;
use crate::tokens::access_token::Bearer;
use crate::tokens::presented::{Challenge, Presented, Scheme};
use crate::tokens::{BearerError, KeyError, Tokens};

/// Who asks.
#[derive(Debug)]
pub struct Asking {
    /// The context of use cases.
    pub ctx: Ctx,
    /// Through which client. With a token that a person made for scripts, their id stands for it.
    pub client: ClientId,
    /// Whether it is such a token.
    pub is_own_token: bool,
    /// How literally its requests are taken.
    pub tolerance: Tolerance,
}

/// Why nobody is let in.
#[derive(Debug, thiserror::Error)]
pub enum Turned {
    /// No token, or none that is good for this.
    #[error("a valid access token is needed")]
    Away,
    /// A token that is bound to a key, without a good proof of it (RFC 9449 §7.1).
    #[error("a valid access token with a DPoP proof of its key is needed")]
    Unproved(Box<Challenge>),
    /// A token of this service that is good no longer.
    #[error("a valid access token is needed")]
    Ended(ClientId),
    /// A good token of a service that is taken from other addresses only.
    #[error("not from here")]
    Elsewhere(ClientId),
    /// Too many requests, of this service if of one; after so many seconds there may be more.
    #[error("too many requests; try again in {1} s")]
    TooMany(Option<ClientId>, u64),
    /// The keys could not be read.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The database.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// What a client is told whose person has to sign in anew or more strongly (RFC 9470 §3): by how old a sign-in, and of which kind, in words
/// that the authorization request takes. By either scheme, as what refuses does not know how the token came (RFC 9449 §7.1).
pub fn ask_for_step_up(headers: &mut HeaderMap, reason: Reason) {
    let (acr, age) = match reason {
        Reason::StepUp { within, as_strong_as } => {
            (acr_for(as_strong_as), format!(", max_age=\"{}\"", within.as_secs()))
        }
        Reason::TooWeak(needed) => (acr_for(needed), String::new()),
        _ => return,
    };
    let algorithms = format!(", algs=\"{}\"", Algorithm::STRONG.map(Algorithm::as_str).join(" "));
    for (scheme, more) in [("Bearer", ""), ("DPoP", algorithms.as_str())] {
        let text = format!(
            "{scheme} error=\"insufficient_user_authentication\", error_description=\"the person has to {reason}\", acr_values=\"{acr}\"{age}{more}"
        );
        // Words of ours are always a header value.
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.append(header::WWW_AUTHENTICATE, value);
        }
    }
}

impl Turned {
    /// The service that is turned away, where it is proved which.
    pub fn service(&self) -> Option<ClientId> {
        match self {
            Self::Ended(client) | Self::Elsewhere(client) => Some(*client),
            Self::TooMany(service, _) => *service,
            Self::Away | Self::Unproved(_) | Self::Keys(_) | Self::Db(_) => None,
        }
    }
}

impl Challenge {
    /// Into the headers of an answer, in place of that of a bearer.
    pub fn put(&self, headers: &mut HeaderMap) {
        headers.insert(header::WWW_AUTHENTICATE, self.scheme.clone());
        if let Some(nonce) = &self.nonce {
            headers.insert(dpop::NONCE, nonce.clone());
        }
    }
}

/// The words of the audit log for a bearer that is turned away here: invalid, or for something else.
fn reasons(channel: Channel) -> (&'static str, &'static str) {
    match channel {
        Channel::Scim => ("invalid token at SCIM", "token for something else at SCIM"),
        Channel::Oidc => ("invalid token at the event streams", "token for something else at the event streams"),
        _ => ("invalid token at the JSON API", "token for something else at the JSON API"),
    }
}

/// The same for one that comes from elsewhere.
const ELSEWHERE: &str = "a token from an address that is not in the list of its client";

/// Records that a bearer is turned away, and why.
pub async fn refuse(
    app: &App,
    tokens: &Tokens,
    info: &RequestInfo,
    (reason, channel): (&'static str, Channel),
) -> Turned {
    // What cannot be recorded is not answered either (CR-10).
    let done = tokens.refuse(&app.db, reason, &info.ctx(app, channel)).await;
    done.err().map_or(Turned::Away, Turned::from)
}

/// The same for a good token that is for something else.
pub async fn misplaced(app: &App, tokens: &Tokens, info: &RequestInfo, channel: Channel) -> Turned {
    refuse(app, tokens, info, (reasons(channel).1, channel)).await
}

/// Reads the header of a request and judges the token, whatever it is for.
pub async fn present(
    app: &App,
    tokens: &Tokens,
    (info, headers): (&RequestInfo, &HeaderMap),
    channel: Channel,
) -> Result<Bearer, Turned> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = header.and_then(|value| value.split_once(' ')).ok_or(Turned::Away)?;
    let scheme = Scheme::parse(scheme).ok_or(Turned::Away)?;
    let presented = Presented {
        scheme,
        token: token.trim(),
        headers,
        method: &info.method,
        path: &info.path,
        certificate: info.certificate.as_deref(),
    };
    let (invalid, _) = reasons(channel);
    let refused = async |reason: &'static str| refuse(app, tokens, info, (reason, channel)).await;
    let unproved = async |fault: Option<DpopFault>| match fault {
        // Whoever has no nonce yet is asked for another try, not refused.
        Some(DpopFault::Nonce) => Turned::Unproved(Box::new(tokens.challenge(fault, info.now))),
        fault => match refused(invalid).await {
            Turned::Away => Turned::Unproved(Box::new(tokens.challenge(fault, info.now))),
            other => other,
        },
    };
    match tokens.admit(&app.db, presented, info.now).await {
        Ok(Bearer { held_to, client: Some(client), .. }) if !held_to.admits(info.ip) => {
            let done = tokens.refuse_client(&app.db, client, ELSEWHERE, &info.ctx(app, channel)).await;
            Err(done.err().map_or(Turned::Elsewhere(client), Turned::from))
        }
        Ok(bearer) => Ok(bearer),
        Err(BearerError::Invalid) => Err(refused(invalid).await),
        Err(BearerError::Ended(client)) => {
            let done = tokens.refuse_client(&app.db, client, invalid, &info.ctx(app, channel)).await;
            Err(done.err().map_or(Turned::Ended(client), Turned::from))
        }
        Err(BearerError::Bound) => Err(unproved(None).await),
        Err(BearerError::Unproved(fault)) => Err(unproved(Some(fault)).await),
        Err(BearerError::Keys(error)) => Err(error.into()),
        Err(BearerError::Db(error)) => Err(error.into()),
    }
}

/// Reads the header of a request and judges the bearer.
pub async fn admit(
    app: &App,
    tokens: &Tokens,
    (info, headers): (&RequestInfo, &HeaderMap),
    channel: Channel,
) -> Result<Asking, Turned> {
    let bearer = present(app, tokens, (info, headers), channel).await?;
    // A token of another application is not for this one, whoever holds it (SC-28).
    if permissions_of_scopes(&bearer.limits.scopes) == PermissionSet::EMPTY {
        return Err(misplaced(app, tokens, info, channel).await);
    }
    let stands_for = ClientId(bearer.principal.uuid());
    let (client, is_own_token) = (bearer.client.unwrap_or(stands_for), bearer.client.is_none());
    let service = match bearer.principal {
        PrincipalId::Service(service) => Some(service),
        _ => None,
    };
    app.limits.client(client).map_err(|wait| Turned::TooMany(service, wait.retry_after))?;
    if let Some(service) = service {
        app.activity.used(service, info.now);
    }
    let mut ctx = info.ctx_of(app, channel, bearer.principal, (bearer.second_factor_at, bearer.strength));
    ctx.token = Some(bearer.limits);
    ctx.kept_by = bearer.kept_by;
    Ok(Asking { ctx, client, is_own_token, tolerance: bearer.held_to.scim_tolerance })
}
