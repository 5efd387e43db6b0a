//! `authorization_code` (RFC 6749 §4.1.3): a code becomes tokens once. So does what a person gave to a device, which is kept like a code.

use std::time::Duration;

use super::Request;
use super::issue::{Issued, PersonGrant};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx, transact};
use crate::kernel::ids::PrincipalId;
use crate::kernel::secret::{Digest, Token};
use crate::kernel::time::Timestamp;
use crate::oidc::claims::Release;
use crate::oidc::claims_request;
use crate::oidc::details;
use crate::oidc::error::OAuthError;
use crate::oidc::refusals::{self, Refusal};
use crate::oidc::store::{self, Code, UsedCode};
use crate::oidc::subject::{self, Standing};
use crate::oidc::{pkce, scopes};
use crate::tokens::consent;
use crate::tokens::family::{self, Family, RevokedFor};
use crate::tokens::family_store;

/// What a presented code comes to. Refusals are values: they have to be committed, since they burn the code.
enum Redeemed {
    Granted(Box<PersonGrant>),
    /// It changed nothing.
    Refused(&'static str),
    /// It burnt the code or ended what came of it, and is in the audit log.
    Recorded(OAuthError),
}

/// Who brings it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// An application that a browser came back to.
    Application,
    /// A device, to which nothing came back: there is no address and no verifier to compare.
    Device,
}

/// The tokens for a code.
pub(super) async fn exchange(request: &Request<'_>) -> Result<Issued, Refusal> {
    let code = Token::from_text(request.parameters.require("code", "code is missing")?);
    issue(request, (&code.digest(), By::Application)).await
}

/// The tokens for what a person gave to a device, under the digest that it was kept by.
pub(super) async fn for_device(request: &Request<'_>, digest: &Digest) -> Result<Issued, Refusal> {
    issue(request, (digest, By::Device)).await
}

async fn issue(request: &Request<'_>, presented: (&Digest, By)) -> Result<Issued, Refusal> {
    request.can_encrypt().await?;
    let redeemed: db::Result<Redeemed> = transact!(request.oidc.app.db, tx => redeem(tx, request, presented).await);
    match redeemed? {
        Redeemed::Granted(grant) => Ok(request.issue_to_person(&grant).await?),
        Redeemed::Refused(reason) => Err(OAuthError::InvalidGrant(reason).into()),
        Redeemed::Recorded(error) => Err(Refusal::recorded(error)),
    }
}

/// The ordered checks on a code that was just used up. Each failure leaves the code burnt (OA-07, OA-11, OA-12).
fn check(code: &Code, by: By, request: &Request<'_>) -> Result<(), OAuthError> {
    let given = |name| request.parameters.get(name);
    let wrong = |reason| Err(OAuthError::InvalidGrant(reason));
    if code.client_id != request.client.id {
        return wrong("issued to another client");
    }
    if code.expires_at <= request.ctx.now {
        return if by == By::Device { Err(OAuthError::ExpiredToken) } else { wrong("expired") };
    }
    if by == By::Application && given("redirect_uri") != Some(code.redirect_uri.as_str()) {
        return wrong("another redirect_uri");
    }
    if code.dpop_jkt.is_some() && code.dpop_jkt != request.holder.jkt {
        return wrong("another DPoP key");
    }
    if by == By::Application && !pkce::matches(code.code_challenge.as_deref(), given("code_verifier")) {
        return wrong("wrong or missing code_verifier");
    }
    Ok(())
}

async fn redeem(tx: &mut Tx, request: &Request<'_>, (digest, by): (&Digest, By)) -> db::Result<Redeemed> {
    let now = request.ctx.now;
    let Some(UsedCode { code, session_lives }) = store::save_code_used(tx, digest, now).await? else {
        return match store::find_code(tx, digest).await? {
            Some(code) => replayed(tx, request, &code).await,
            None => Ok(Redeemed::Refused("unknown")),
        };
    };
    if let Err(error) = check(&code, by, request) {
        return burnt(tx, request, error).await;
    }
    if !session_lives {
        return burnt(tx, request, OAuthError::InvalidGrant("the session is over")).await;
    }
    let names = claims_request::still_allowed(&code.claims.id_token, &request.client.settings);
    let roles = Release { scope: &code.scope, names: &names }.wants_roles();
    let subject = match subject::load(tx, &request.oidc.app.door, code.user_id, request.client, roles, now).await? {
        Standing::Admitted(subject) if subject.user.epoch == code.user_epoch => subject,
        Standing::NoAccess(_) => return burnt(tx, request, OAuthError::AccessDenied).await,
        Standing::Admitted(_) | Standing::Unusable => {
            return burnt(tx, request, OAuthError::InvalidGrant("the person may not sign in any more")).await;
        }
    };
    if !consent::holds(tx, request.client, code.user_id, &code.scope).await? {
        return burnt(tx, request, OAuthError::InvalidGrant("the person took the consent back")).await;
    }
    let (scope, details) = match granted(tx, request, &code).await? {
        Ok(granted) => granted,
        Err(error) => return burnt(tx, request, error).await,
    };
    let (family, refresh_token) = (founded(request, &code, now), first_refresh(request));
    family::begin(tx, &family, refresh_token.as_ref()).await?;
    let ctx = request.ctx.clone().acting_as(PrincipalId::Person(code.user_id));
    let event = Event::new(Kind::TokenIssued, Subject::User(code.user_id)).within(subject.user.organisation);
    audit::record(tx, &ctx, None, event.with(serde_json::json!({"client": request.client.id, "scope": code.scope})))
        .await?;
    Ok(Redeemed::Granted(Box::new(PersonGrant { family, subject, scope, details, nonce: code.nonce, refresh_token })))
}

/// The details that were granted with the code, or the part of them that is asked for now (RFC 9396 §6), as far as it is still held.
async fn granted(tx: &mut Tx, request: &Request<'_>, code: &Code) -> db::Result<details::Granted> {
    let asked = match details::parse(request.parameters.get("authorization_details")) {
        Ok(asked) => asked,
        Err(error) => return Ok(Err(error)),
    };
    let (person, before) = (PrincipalId::Person(code.user_id), code.authorization_details.0.as_slice());
    details::granted(tx, &request.oidc.app.door, (person, &code.scope), (before, &asked), request.ctx.now).await
}

/// A code that was just used up for nothing (OA-11): in the log with what was wrong, once, for there is no second time.
async fn burnt(tx: &mut Tx, request: &Request<'_>, error: OAuthError) -> db::Result<Redeemed> {
    let refusal = Refusal::from(error);
    refusals::record(tx, Some(request.client.id), refusal.why(), 1, &request.ctx).await?;
    Ok(Redeemed::Recorded(refusal.error))
}

/// A code that was used before ends what came of it (OA-09). The log has that once; further tries change nothing.
async fn replayed(tx: &mut Tx, request: &Request<'_>, code: &Code) -> db::Result<Redeemed> {
    if !family_store::save_revoked(tx, code.family_id, RevokedFor::CodeReplay, request.ctx.now).await? {
        return Ok(Redeemed::Refused("used before"));
    }
    let event = Event::new(Kind::TokenReplayed, Subject::User(code.user_id));
    audit::record(tx, &request.ctx, None, event.with(serde_json::json!({"client": request.client.id}))).await?;
    Ok(Redeemed::Recorded(OAuthError::InvalidGrant("used before")))
}

/// The family that a code founds.
fn founded(request: &Request<'_>, code: &Code, now: Timestamp) -> Family {
    let settings = &request.client.settings;
    let lifetime = settings.refresh_token_lifetime.max(settings.access_token_lifetime);
    Family {
        id: code.family_id,
        client: code.client_id,
        user: code.user_id,
        session: code.session_id,
        scope: code.scope.clone(),
        claims: code.claims.0.clone(),
        details: code.authorization_details.0.clone(),
        offline: scopes::has(&code.scope, scopes::OFFLINE),
        auth_time: code.auth_time,
        amr: code.amr.clone(),
        acr: code.acr.clone(),
        user_epoch: code.user_epoch,
        created_at: now,
        expires_at: now.plus(Duration::from_secs(lifetime.into())),
        revoked_at: None,
        holder: request.holder.clone(),
    }
}

/// A refresh token, if the client is registered for the grant.
fn first_refresh(request: &Request<'_>) -> Option<Token> {
    let gets_one = scopes::has(&request.client.settings.grant_types.join(" "), "refresh_token");
    gets_one.then(|| Token::generate(&request.ctx.entropy))
}
