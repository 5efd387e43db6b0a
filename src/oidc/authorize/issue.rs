//! Handing out a code, asking for consent first, or saying who could open the door.

use std::time::Duration;

use axum::response::Response;

use super::GONE;
use super::flow::Flow;
use super::respond::refused_page;
use crate::agreements::accept;
use crate::audit::{self, Event, Kind};
use crate::authority::{Permission, role::RoleScope};
use crate::db::{self, Tx, transact};
use crate::directory::application::environment_store;
use crate::directory::membership::access_store;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{FamilyId, PrincipalId};
use crate::kernel::secret::Token;
use crate::oidc::claims::Subject;
use crate::oidc::details;
use crate::oidc::error::OAuthError;
use crate::oidc::scopes;
use crate::oidc::store::{self, Code};
use crate::oidc::subject::{self, Standing};
use crate::sessions::{self, Session, parked};
use crate::signals;
use crate::tokens::{consent, consent_store, pushed_store};
use crate::web::respond::see_other;

/// When the person agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consented {
    /// Earlier, if at all.
    Before,
    /// With the form that is answered now.
    Now,
}

/// What the decision in the transaction comes to.
enum Outcome {
    Code(Token),
    Terms,
    Ask,
    Refused { application: String, administrators: Vec<String> },
    Over,
}

/// A code for the session's person, the page that asks, or the page that says whom to ask.
pub(super) async fn code(flow: &Flow<'_>, session: &Session, consented: Consented) -> Result<Response, OAuthError> {
    let ctx = flow.info.ctx(&flow.oidc.app, Channel::Oidc).acting_as(PrincipalId::Person(session.user));
    let outcome: Result<Outcome, OAuthError> =
        transact!(flow.oidc.app.db, tx => decide(tx, flow, session, consented, &ctx).await);
    match outcome? {
        Outcome::Code(code) => Ok(flow.target.code(flow.oidc, flow.info, code.reveal()).await),
        Outcome::Terms if flow.request.prompt.none => Err(OAuthError::InteractionRequired),
        Outcome::Terms => Ok(see_other(&format!("/terms/accept?continue={}", flow.wait().await?.reveal()))),
        Outcome::Ask if flow.request.prompt.none => Err(OAuthError::ConsentRequired),
        Outcome::Ask => Ok(see_other(&format!("/oauth2/consent?request={}", flow.wait().await?.reveal()))),
        Outcome::Refused { .. } if flow.request.prompt.none => Err(OAuthError::AccessDenied),
        Outcome::Refused { application, administrators } => {
            Ok(refused_page(flow.oidc, flow.info, &application, administrators))
        }
        Outcome::Over => Err(OAuthError::LoginRequired),
    }
}

async fn decide(
    tx: &mut Tx,
    flow: &Flow<'_>,
    session: &Session,
    consented: Consented,
    ctx: &Ctx,
) -> Result<Outcome, OAuthError> {
    let (oidc, client, now) = (flow.oidc, flow.client, ctx.now);
    let standing = subject::load(tx, &oidc.app.door, session.user, client, false, now).await?;
    if matches!(standing, Standing::Unusable) {
        return Ok(Outcome::Over);
    }
    // E16: before any application is entered, and before anybody is told whom to ask for access.
    if accept::outstanding(tx, &oidc.app.agreements, session.user, now).await?.is_some() {
        return Ok(Outcome::Terms);
    }
    let subject = match standing {
        Standing::Admitted(subject) => subject,
        Standing::NoAccess(subject) => return Ok(refused(tx, flow, &subject, ctx).await?),
        Standing::Unusable => return Ok(Outcome::Over),
    };
    if consented == Consented::Now {
        consent::give(tx, session.user, client.id, &flow.request.consent_scope, ctx).await?;
    } else if asks(tx, flow, session).await? {
        return Ok(Outcome::Ask);
    }
    // Used up with the code: a request that waited leads to one code. An error undoes the code, too.
    if let Some(resumed) = &flow.resumed {
        parked::consume(tx, &resumed.token.digest(), &flow.info.browser.digest(), now).await?.ok_or(GONE)?;
    }
    if let Some(pushed) = &flow.come.pushed
        && !pushed_store::save_used(tx, pushed, now).await?
    {
        return Err(OAuthError::InvalidRequestUri);
    }
    let code = Token::generate(&oidc.app.entropy);
    let mut row = row(flow, session, &subject);
    let asked = (&[][..], flow.request.details.as_slice());
    let person = PrincipalId::Person(session.user);
    let (scope, granted) = details::granted(tx, &oidc.app.door, (person, &row.scope), asked, now).await??;
    (row.scope, row.authorization_details) = (scope, sqlx::types::Json(granted));
    store::insert_code(tx, &code.digest(), &row).await?;
    sessions::store::save_client(tx, session.id, client.id, now).await?;
    if client.settings.security_events_uri.is_some() {
        signals::store::save_known(tx, client.id, session.user, now).await?;
    }
    Ok(Outcome::Code(code))
}

/// OA-42: applications of somebody else, access that outlives the session (OIDC Core §11), and whoever asks for it.
async fn asks(tx: &mut Tx, flow: &Flow<'_>, session: &Session) -> db::Result<bool> {
    let request = flow.request;
    if request.prompt.consent {
        return Ok(true);
    }
    if !flow.client.settings.third_party && !scopes::has(&request.scope, scopes::OFFLINE) {
        return Ok(false);
    }
    let allowed = consent_store::find(tx, session.user, flow.client.id).await?;
    Ok(!consent::covers(allowed.as_deref(), &request.consent_scope))
}

fn row(flow: &Flow<'_>, session: &Session, subject: &Subject) -> Code {
    let (oidc, request, now) = (flow.oidc, flow.request, flow.info.now);
    let settings = &flow.client.settings;
    // A tombstone stays for as long as anything that came of the code may live (OA-09).
    let kept = settings.refresh_token_lifetime.max(settings.access_token_lifetime).max(3600);
    let expires_at = now.plus(oidc.settings.code_lifetime());
    Code {
        family_id: FamilyId(oidc.app.entropy.uuid(now)),
        client_id: flow.client.id,
        user_id: session.user,
        session_id: session.id,
        redirect_uri: request.redirect_uri.clone(),
        scope: request.scope.clone(),
        claims: sqlx::types::Json(request.claims.clone()),
        authorization_details: sqlx::types::Json(Vec::new()),
        nonce: request.nonce.clone(),
        code_challenge: request.code_challenge.clone(),
        auth_time: session.auth_time,
        amr: session.amr.join(" "),
        acr: session.acr.clone(),
        user_epoch: subject.user.epoch,
        issued_at: now,
        expires_at,
        used_at: None,
        purge_at: expires_at.plus(Duration::from_secs(kept.into())),
        dpop_jkt: request.dpop_jkt.clone(),
    }
}

/// The names of those who can assign a membership here: their access administrators, not the institution's operators.
async fn refused(tx: &mut Tx, flow: &Flow<'_>, subject: &Subject, ctx: &Ctx) -> db::Result<Outcome> {
    let environment = match flow.client.environment {
        Some(id) => environment_store::find(tx, id).await?,
        None => None,
    };
    let Some(environment) = environment else { return Ok(Outcome::Over) };
    let home = subject.user.organisation;
    let event = Event::new(Kind::AccessRefused, audit::Subject::User(subject.user.id)).within(home);
    audit::record(tx, ctx, None, event.about(environment.application)).await?;
    let holders = access_store::list_holders(tx, home, environment.application, ctx.now).await?;
    let roles = flow.oidc.app.door.roles();
    let may_assign = |code: &str| {
        roles.get(code).is_some_and(|role| {
            role.scope != RoleScope::System && role.permissions.contains(Permission::MembershipAssign)
        })
    };
    let names = holders.into_iter().filter(|holder| may_assign(&holder.role));
    let mut administrators: Vec<String> =
        names.map(|holder| format!("{} {}", holder.given_name, holder.family_name)).collect();
    administrators.dedup();
    Ok(Outcome::Refused { application: environment.title, administrators })
}
