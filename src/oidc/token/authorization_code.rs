//! `authorization_code` (RFC 6749 §4.1.3): a code becomes tokens once.

use std::time::Duration;

use super::Request;
use super::issue::{Issued, PersonGrant};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx, transact};
use crate::kernel::ids::PrincipalId;
use crate::kernel::secret::Token;
use crate::kernel::time::Timestamp;
use crate::oidc::claims::Release;
use crate::oidc::claims_request;
use crate::oidc::error::OAuthError;
use crate::oidc::store::{self, Code};
use crate::oidc::subject::{self, Standing};
use crate::oidc::{pkce, scopes};
use crate::sessions;
use crate::tokens::consent;
use crate::tokens::family::{self, Family, RevokedFor};
use crate::tokens::family_store;

/// What a presented code comes to. Refusals are values: they have to be committed, since they burn the code.
enum Redeemed {
    Granted(Box<PersonGrant>),
    NoAccess,
    Refused(&'static str),
}

/// The tokens for a code.
pub(super) async fn exchange(request: &Request<'_>) -> Result<Issued, OAuthError> {
    let code = Token::from_text(request.parameters.require("code", "code is missing")?);
    let redeemed: db::Result<Redeemed> = transact!(request.oidc.app.db, tx => redeem(tx, request, &code).await);
    match redeemed? {
        Redeemed::Granted(grant) => request.issue_to_person(&grant).await,
        Redeemed::NoAccess => Err(OAuthError::AccessDenied),
        Redeemed::Refused(reason) => {
            tracing::info!(client = %request.client.id, reason, "a code was refused");
            Err(OAuthError::InvalidGrant(reason))
        }
    }
}

/// The ordered checks on a code that was just used up. Each failure leaves the code burnt (OA-07, OA-11, OA-12).
fn check(code: &Code, request: &Request<'_>) -> Result<(), &'static str> {
    let given = |name| request.parameters.get(name);
    if code.client_id != request.client.id {
        return Err("issued to another client");
    }
    if code.expires_at <= request.ctx.now {
        return Err("expired");
    }
    if given("redirect_uri") != Some(code.redirect_uri.as_str()) {
        return Err("another redirect_uri");
    }
    if !pkce::matches(code.code_challenge.as_deref(), given("code_verifier")) {
        return Err("wrong or missing code_verifier");
    }
    Ok(())
}

async fn redeem(tx: &mut Tx, request: &Request<'_>, presented: &Token) -> db::Result<Redeemed> {
    let now = request.ctx.now;
    let digest = presented.digest();
    let Some(code) = store::find_code(tx, &digest).await? else { return Ok(Redeemed::Refused("unknown")) };
    if !store::save_code_used(tx, &digest, now).await? {
        family_store::save_revoked(tx, code.family_id, RevokedFor::CodeReplay, now).await?;
        let event = Event::new(Kind::TokenReplayed, Subject::User(code.user_id));
        audit::record(tx, &request.ctx, None, event).await?;
        return Ok(Redeemed::Refused("used before"));
    }
    if let Err(reason) = check(&code, request) {
        return Ok(Redeemed::Refused(reason));
    }
    let session = sessions::store::find_live_id(tx, code.session_id, now).await?;
    if session.is_none_or(|session| session.user != code.user_id) {
        return Ok(Redeemed::Refused("the session is over"));
    }
    let names = claims_request::still_allowed(&code.claims.id_token, &request.client.settings);
    let roles = Release { scope: &code.scope, names: &names }.wants_roles();
    let subject = match subject::load(tx, &request.oidc.app.door, code.user_id, request.client, roles, now).await? {
        Standing::Admitted(subject) if subject.user.epoch == code.user_epoch => subject,
        Standing::NoAccess(_) => return Ok(Redeemed::NoAccess),
        Standing::Admitted(_) | Standing::Unusable => {
            return Ok(Redeemed::Refused("the person may not sign in any more"));
        }
    };
    if !consent::holds(tx, request.client, code.user_id, &code.scope).await? {
        return Ok(Redeemed::Refused("the person took the consent back"));
    }
    let family = found(tx, request, &code, now).await?;
    let refresh_token = first_refresh(tx, request, &family).await?;
    let ctx = request.ctx.clone().acting_as(PrincipalId::Person(code.user_id));
    let event = Event::new(Kind::TokenIssued, Subject::User(code.user_id)).within(subject.user.organisation);
    audit::record(tx, &ctx, None, event.with(serde_json::json!({"client": request.client.id, "scope": code.scope})))
        .await?;
    Ok(Redeemed::Granted(Box::new(PersonGrant {
        family,
        subject,
        scope: code.scope,
        nonce: code.nonce,
        refresh_token,
    })))
}

/// Founds the family of a code.
async fn found(tx: &mut Tx, request: &Request<'_>, code: &Code, now: Timestamp) -> db::Result<Family> {
    let settings = &request.client.settings;
    let lifetime = settings.refresh_token_lifetime.max(settings.access_token_lifetime);
    let family = Family {
        id: code.family_id,
        client: code.client_id,
        user: code.user_id,
        session: code.session_id,
        scope: code.scope.clone(),
        claims: code.claims.0.clone(),
        offline: scopes::has(&code.scope, scopes::OFFLINE),
        auth_time: code.auth_time,
        amr: code.amr.clone(),
        acr: code.acr.clone(),
        user_epoch: code.user_epoch,
        created_at: now,
        expires_at: now.plus(Duration::from_secs(lifetime.into())),
        revoked_at: None,
    };
    family_store::insert(tx, &family).await?;
    Ok(family)
}

/// A refresh token, if the client is registered for the grant.
async fn first_refresh(tx: &mut Tx, request: &Request<'_>, family: &Family) -> db::Result<Option<Token>> {
    if !scopes::has(&request.client.settings.grant_types.join(" "), "refresh_token") {
        return Ok(None);
    }
    let token = Token::generate(&request.ctx.entropy);
    family::first(tx, family.id, &token, request.ctx.now).await?;
    Ok(Some(token))
}
