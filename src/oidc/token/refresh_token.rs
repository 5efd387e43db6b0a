//! `refresh_token` (RFC 6749 §6): rotated at each use, access decided anew (OA-22 to OA-29).

use super::Request;
use super::issue::{Issued, PersonGrant};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::{self, Tx, transact};
use crate::delegation::told;
use crate::directory::user;
use crate::kernel::ids::{FamilyId, PrincipalId, UserId};
use crate::kernel::secret::Token;
use crate::kernel::strength::Strength;
use crate::notify::Message;
use crate::notify::outbox::{self, Channel};
use crate::oidc::claims::Release;
use crate::oidc::claims_request;
use crate::oidc::details;
use crate::oidc::error::OAuthError;
use crate::oidc::refusals::{self, Refusal};
use crate::oidc::scopes;
use crate::oidc::subject::{self, Standing};
use crate::tokens::consent;
use crate::tokens::family::{self, Presenter, RevokedFor, Rotated};
use crate::tokens::family_store::{self, Granted};

/// What a presented token comes to. A reuse is a value: the end of its family has to be committed.
enum Refreshed {
    Granted(Box<PersonGrant>),
    /// It changed nothing.
    Refused(&'static str),
    /// It ended the family, and is in the audit log.
    Recorded(&'static str),
}

/// The next pair.
pub(super) async fn exchange(request: &Request<'_>) -> Result<Issued, Refusal> {
    let presented = Token::from_text(request.parameters.require("refresh_token", "refresh_token is missing")?);
    request.can_encrypt().await?;
    let refreshed: Result<Refreshed, OAuthError> =
        transact!(request.oidc.app.db, tx => refresh(tx, request, &presented).await);
    match refreshed? {
        Refreshed::Granted(grant) => Ok(request.issue_to_person(&grant).await?),
        Refreshed::Refused(reason) => Err(OAuthError::InvalidGrant(reason).into()),
        Refreshed::Recorded(reason) => Err(Refusal::recorded(OAuthError::InvalidGrant(reason))),
    }
}

/// OA-22: the person learns that their access was ended, once: an ended family is not ended again.
async fn tell(tx: &mut Tx, request: &Request<'_>, user: UserId) -> db::Result<()> {
    let Some(user) = user::store::find(tx, user).await? else { return Ok(()) };
    let Some(email) = &user.email else { return Ok(()) };
    let application = request.client.name.clone();
    let message = Message::AccessEnded { given_name: user.given_name.clone(), application };
    outbox::enqueue(tx, Channel::Email, email.as_str(), user.locale.as_deref(), &message, &request.ctx).await
}

/// A family that ends here; the next try finds it ended.
async fn ended(
    tx: &mut Tx,
    request: &Request<'_>,
    family: FamilyId,
    (why, reason): (RevokedFor, &'static str),
) -> Result<Refreshed, OAuthError> {
    family_store::save_revoked(tx, family, why, request.ctx.now).await?;
    refusals::record(tx, Some(request.client.id), ("invalid_grant", reason), 1, &request.ctx).await?;
    Ok(Refreshed::Recorded(reason))
}

async fn refresh(tx: &mut Tx, request: &Request<'_>, presented: &Token) -> Result<Refreshed, OAuthError> {
    let (oidc, client, now) = (request.oidc, request.client, request.ctx.now);
    let grace = oidc.settings.refresh_grace(client.settings.refresh_grace_seconds);
    let presenter = Presenter {
        client: client.id,
        environment: client.environment,
        is_public: client.kind.is_public(),
        rotates: client.settings.rotates_refresh_tokens(),
        holder: &request.holder,
    };
    let kek = oidc.tokens.keys.kek();
    let (granted, successor) = match family::rotate(tx, kek, presented, presenter, grace, now).await? {
        Rotated::Next(granted, successor) => (*granted, successor),
        Rotated::Refused => return Ok(Refreshed::Refused("unknown, expired, revoked, or another client's")),
        Rotated::Unproved => return Ok(Refreshed::Refused("without the key or the certificate that it is bound to")),
        Rotated::Reused(user) => {
            let event = Event::new(Kind::TokenReplayed, Subject::User(user));
            audit::record(tx, &request.ctx, None, event.with(serde_json::json!({"client": client.id}))).await?;
            tell(tx, request, user).await?;
            return Ok(Refreshed::Recorded("used before"));
        }
    };
    let Granted { family, person } = granted;
    if !consent::holds(tx, client, family.user, &family.scope).await? {
        return ended(tx, request, family.id, (RevokedFor::ConsentWithdrawn, "the person took the consent back")).await;
    }
    // An error from here on undoes the rotation: the client may try again with the token it has.
    let scope = scopes::of_refresh(request.parameters.get("scope"), &family.scope, &client.settings)?;
    let names = claims_request::still_allowed(&family.claims.id_token, &client.settings);
    let roles = Release { scope: &scope, names: &names }.wants_roles();
    let mut subject = match subject::judge(person, client) {
        Standing::Admitted(subject) if subject.user.epoch == family.user_epoch => subject,
        Standing::NoAccess(_) => return Err(OAuthError::AccessDenied),
        Standing::Admitted(_) | Standing::Unusable => {
            return ended(tx, request, family.id, (RevokedFor::AccessLost, "the person may not sign in any more"))
                .await;
        }
    };
    if subject.second_factor > Strength::of_amr(family.amr.split(' ')) {
        return Err(OAuthError::InvalidGrant("a stronger sign-in is asked for by now"));
    }
    if roles {
        (subject.roles, subject.role_assignments) = told::roles(tx, &oidc.app.door, family.user, now).await?;
    }
    let asked = details::parse(request.parameters.get("authorization_details"))?;
    let (person, before) = (PrincipalId::Person(family.user), family.details.as_slice());
    let (scope, details) = details::granted(tx, &oidc.app.door, (person, &scope), (before, &asked), now).await??;
    Ok(Refreshed::Granted(Box::new(PersonGrant {
        family,
        subject,
        scope,
        details,
        nonce: None,
        refresh_token: Some(successor),
    })))
}
