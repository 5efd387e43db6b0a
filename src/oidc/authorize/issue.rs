//! Handing out a code, or saying who could open the door.

use std::time::Duration;

use axum::response::Response;

use super::request::AuthorizeRequest;
use super::respond::{Target, refused_page};
use crate::authority::{Permission, role::RoleScope};
use crate::db::{self, Tx, transact};
use crate::directory::application::environment_store;
use crate::directory::client::model::Client;
use crate::directory::membership::access_store;
use crate::kernel::ids::FamilyId;
use crate::kernel::secret::Token;
use crate::oidc::claims::Subject;
use crate::oidc::error::OAuthError;
use crate::oidc::state::Oidc;
use crate::oidc::store::{self, Code};
use crate::oidc::subject::{self, Standing};
use crate::sessions::{self, Session, parked};
use crate::web::RequestInfo;

/// What the decision in the transaction comes to.
enum Outcome {
    Code(Token),
    Refused { application: String, administrators: Vec<String> },
    Over,
    Gone,
}

/// A code for the session's person, or the page that says whom to ask.
pub(super) async fn code(
    oidc: &Oidc,
    info: &RequestInfo,
    client: &Client,
    request: &AuthorizeRequest,
    session: &Session,
    resumed: Option<&Token>,
) -> Result<Response, OAuthError> {
    let outcome: db::Result<Outcome> = transact!(oidc.app.db, tx => {
        if let Some(token) = resumed
            && parked::consume(tx, &token.digest(), &info.browser.digest(), info.now).await?.is_none()
        {
            Ok(Outcome::Gone)
        } else {
            decide(tx, oidc, info, client, request, session).await
        }
    });
    let target = Target { redirect_uri: &request.redirect_uri, state: request.state.as_deref() };
    match outcome? {
        Outcome::Code(code) => Ok(target.code(oidc.tokens.issuer(), code.reveal())),
        Outcome::Refused { .. } if request.prompt.none => Err(OAuthError::AccessDenied),
        Outcome::Refused { application, administrators } => Ok(refused_page(oidc, info, &application, administrators)),
        Outcome::Over => Err(OAuthError::LoginRequired),
        Outcome::Gone => Err(OAuthError::InvalidRequest("the sign-in request was used already")),
    }
}

async fn decide(
    tx: &mut Tx,
    oidc: &Oidc,
    info: &RequestInfo,
    client: &Client,
    request: &AuthorizeRequest,
    session: &Session,
) -> db::Result<Outcome> {
    match subject::load(tx, &oidc.app.door, session.user, client, &request.scope, info.now).await? {
        Standing::Admitted(subject) => {
            let code = Token::generate(&oidc.app.entropy);
            store::insert_code(tx, &code.digest(), &row(oidc, info, client, request, session, &subject)).await?;
            sessions::store::save_client(tx, session.id, client.id, info.now).await?;
            Ok(Outcome::Code(code))
        }
        Standing::NoAccess(subject) => refused(tx, oidc, info, client, &subject).await,
        Standing::Unusable => Ok(Outcome::Over),
    }
}

fn row(
    oidc: &Oidc,
    info: &RequestInfo,
    client: &Client,
    request: &AuthorizeRequest,
    session: &Session,
    subject: &Subject,
) -> Code {
    let settings = &client.settings;
    // A tombstone stays for as long as anything that came of the code may live (OA-09).
    let kept = settings.refresh_token_lifetime.max(settings.access_token_lifetime).max(3600);
    let expires_at = info.now.plus(oidc.settings.code_lifetime());
    Code {
        family_id: FamilyId(oidc.app.entropy.uuid(info.now)),
        client_id: client.id,
        user_id: session.user,
        session_id: session.id,
        redirect_uri: request.redirect_uri.clone(),
        scope: request.scope.clone(),
        nonce: request.nonce.clone(),
        code_challenge: request.code_challenge.clone(),
        auth_time: session.auth_time,
        amr: session.amr.join(" "),
        acr: session.acr.clone(),
        user_epoch: subject.user.epoch,
        issued_at: info.now,
        expires_at,
        used_at: None,
        purge_at: expires_at.plus(Duration::from_secs(kept.into())),
    }
}

/// The names of those who can assign a membership here: their access administrators, not the institution's operators.
async fn refused(
    tx: &mut Tx,
    oidc: &Oidc,
    info: &RequestInfo,
    client: &Client,
    subject: &Subject,
) -> db::Result<Outcome> {
    let environment = match client.environment {
        Some(id) => environment_store::find(tx, id).await?,
        None => None,
    };
    let Some(environment) = environment else { return Ok(Outcome::Over) };
    let holders = access_store::list_holders(tx, subject.user.organisation, environment.application, info.now).await?;
    let roles = oidc.app.door.roles();
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
