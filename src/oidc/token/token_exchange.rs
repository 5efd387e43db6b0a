//! Token exchange (RFC 8693): an API that was sent an access token of a person asks for one of its own, with which it acts for that
//! person. Never for more than the token it was sent, never for longer, and only as long as that stands.

use std::sync::Arc;

use serde_json::json;

use super::Request;
use super::issue::{Delegated, Issued};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{Tx, transact};
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::strength::Strength;
use crate::oidc::details::{self, Granted};
use crate::oidc::error::OAuthError;
use crate::oidc::introspection;
use crate::oidc::refusals::Refusal;
use crate::oidc::scopes;
use crate::oidc::subject::{self, Standing};
use crate::tokens::BearerError;
use crate::tokens::access_token::{AccessClaims, Confirmation};

/// The only kind of token that is taken and given (RFC 8693 §3).
pub(super) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// Whose a token is, and how strongly they had signed in.
type Person = (UserId, Strength);

/// RFC 8693 §2.2.2. Of whatever is wrong with it nothing is told: it may be another application's.
const UNACCEPTABLE: OAuthError = OAuthError::InvalidRequest("the subject_token is not valid, or not for this client");

/// The token of the client that asks, to act for the person of the one that it was sent.
pub(super) async fn exchange(request: &Request<'_>) -> Result<Issued, Refusal> {
    let client = request.client;
    only_access_tokens(request)?;
    acts_itself(request).await?;
    let (claims, person) = subject(request).await?;
    let is_bound = Confirmation::of(&request.holder).is_some();
    if claims.cnf.is_some() && !is_bound {
        return Err(OAuthError::InvalidRequest("the subject_token is bound; the new one has to be, too").into());
    }
    let passed_on = claims.passed_on_to(&client.client_id);
    let (act, exchanged) = passed_on
        .ok_or(OAuthError::InvalidRequest("the subject_token was exchanged too often to be exchanged again"))?;
    let held = scopes::without_offline(&claims.scope);
    let scope = scopes::of_refresh(request.parameters.get("scope"), &held, &client.settings)?;
    let granted: Granted = transact!(request.oidc.app.db, tx => grant(tx, request, (&claims, person), &scope).await);
    let (scope, details) = granted?;
    let delegated = Delegated { user: person.0, scope, details, act, exchanged };
    Ok(request.issue_to_actor(&claims, delegated).await?)
}

/// §2.1: what is sent and what is asked for are access tokens, for ourselves.
fn only_access_tokens(request: &Request<'_>) -> Result<(), OAuthError> {
    let parameters = request.parameters;
    if parameters.require("subject_token_type", "subject_token_type is missing")? != ACCESS_TOKEN {
        return Err(OAuthError::InvalidRequest("only access tokens are exchanged"));
    }
    if parameters.get("requested_token_type").is_some_and(|asked| asked != ACCESS_TOKEN) {
        return Err(OAuthError::InvalidRequest("only access tokens are given"));
    }
    if parameters.get("audience").is_some_and(|audience| audience != request.oidc.tokens.issuer()) {
        return Err(OAuthError::InvalidTarget);
    }
    Ok(())
}

/// §2.1: whoever acts is the client that has proved itself. It may show a token of its own as well, and nobody else's.
async fn acts_itself(request: &Request<'_>) -> Result<(), OAuthError> {
    let parameters = request.parameters;
    let kind = parameters.get("actor_token_type");
    let Some(token) = parameters.get("actor_token") else {
        return match kind {
            None => Ok(()),
            Some(_) => Err(OAuthError::InvalidRequest("actor_token_type without actor_token")),
        };
    };
    if kind != Some(ACCESS_TOKEN) {
        return Err(OAuthError::InvalidRequest("actor_token_type must say that it is an access token"));
    }
    match request.oidc.tokens.introspect(&request.oidc.app.db, token, request.ctx.now).await {
        Ok((_, bearer)) if bearer.principal == PrincipalId::Service(request.client.id) => Ok(()),
        Ok(_) | Err(BearerError::Invalid) => {
            Err(OAuthError::InvalidRequest("the actor_token must be one of the client that asks, for itself"))
        }
        Err(error) => Err(error.into()),
    }
}

/// The token of a person, good now, that was given to a client of the same application and environment.
async fn subject(request: &Request<'_>) -> Result<(Arc<AccessClaims>, Person), OAuthError> {
    let (oidc, now) = (request.oidc, request.ctx.now);
    let token = request.parameters.require("subject_token", "subject_token is missing")?;
    let (claims, bearer) = match oidc.tokens.introspect(&oidc.app.db, token, now).await {
        Err(BearerError::Invalid) => return Err(UNACCEPTABLE),
        known => known?,
    };
    let PrincipalId::Person(user) = bearer.principal else { return Err(UNACCEPTABLE) };
    let holder = oidc.tokens.clients.find(&oidc.app.db, &claims.client_id, now).await?.ok_or(UNACCEPTABLE)?;
    if !introspection::is_of_one_application(&holder.client, request.client) {
        return Err(UNACCEPTABLE);
    }
    Ok((claims, (user, bearer.strength)))
}

/// What the person has now of what is asked for; that the client acts for them is in the audit log.
async fn grant(
    tx: &mut Tx,
    request: &Request<'_>,
    (claims, (user, strength)): (&AccessClaims, Person),
    scope: &str,
) -> Granted {
    let (door, client, now) = (&request.oidc.app.door, request.client, request.ctx.now);
    match subject::load(tx, door, user, client, false, now).await? {
        Standing::Admitted(subject) if subject.second_factor <= strength => {}
        // Its person would have to sign in more strongly.
        Standing::Admitted(_) => return Err(UNACCEPTABLE),
        Standing::NoAccess(_) => return Err(OAuthError::AccessDenied),
        Standing::Unusable => return Err(UNACCEPTABLE),
    }
    let asked = details::parse(request.parameters.get("authorization_details"))?;
    let before = claims.authorization_details.as_slice();
    let granted = details::granted(tx, door, (PrincipalId::Person(user), scope), (before, &asked), now).await??;
    let ctx = request.ctx.clone().acting_as(PrincipalId::Service(client.id));
    let event = Event::new(Kind::TokenExchanged, Subject::User(user));
    let event = event.with(json!({ "client": client.id, "from": claims.client_id, "scope": granted.0 }));
    audit::record(tx, &ctx, None, event).await?;
    Ok(granted)
}
