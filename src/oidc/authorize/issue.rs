//! Handing out a code, asking for consent first, or saying who could open the door.

use axum::response::Response;

use super::GONE;
use super::admit::{Admission, Asking, Consented};
use super::flow::Flow;
use super::respond::{refused_page, too_weak_page};
use crate::db::{Tx, transact};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::PrincipalId;
use crate::kernel::secret::Token;
use crate::oidc::error::OAuthError;
use crate::sessions::{Session, parked};
use crate::tokens::pushed_store;
use crate::web::respond::see_other;

/// What the decision in the transaction comes to.
enum Outcome {
    Code(Token),
    None(Admission),
}

/// A code for the session's person, the page that asks, or the page that says whom to ask.
pub(super) async fn code(flow: &Flow<'_>, session: &Session, consented: Consented) -> Result<Response, OAuthError> {
    let ctx = flow.info.ctx(&flow.oidc.app, Channel::Oidc).acting_as(PrincipalId::Person(session.user));
    let outcome: Result<Outcome, OAuthError> =
        transact!(flow.oidc.app.db, tx => decide(tx, flow, session, consented, &ctx).await);
    let admission = match outcome? {
        Outcome::Code(code) => return Ok(flow.target.code(flow.oidc, flow.info, code.reveal()).await),
        Outcome::None(admission) => admission,
    };
    match admission {
        Admission::Terms if flow.request.prompt.none => Err(OAuthError::InteractionRequired),
        Admission::Terms => Ok(see_other(&format!("/terms/accept?continue={}", flow.wait().await?.reveal()))),
        Admission::Ask if flow.request.prompt.none => Err(OAuthError::ConsentRequired),
        Admission::Ask => Ok(see_other(&format!("/oauth2/consent?request={}", flow.wait().await?.reveal()))),
        Admission::Refused { .. } if flow.request.prompt.none => Err(OAuthError::AccessDenied),
        Admission::Refused { application, administrators } => {
            Ok(refused_page(flow.oidc, flow.info, &application, administrators))
        }
        Admission::TooWeak { .. } if flow.request.prompt.none => Err(OAuthError::UnmetAuthenticationRequirements),
        Admission::TooWeak { application, needed } => {
            let again = format!("/login?continue={}", flow.wait().await?.reveal());
            Ok(too_weak_page(flow.oidc, flow.info, (&application, needed), again))
        }
        Admission::Over | Admission::Admitted(_) => Err(OAuthError::LoginRequired),
    }
}

async fn decide(
    tx: &mut Tx,
    flow: &Flow<'_>,
    session: &Session,
    consented: Consented,
    ctx: &Ctx,
) -> Result<Outcome, OAuthError> {
    let asking = Asking { oidc: flow.oidc, client: flow.client, request: flow.request, session };
    let subject = match asking.admit(tx, consented, ctx).await? {
        Admission::Admitted(subject) => subject,
        other => return Ok(Outcome::None(other)),
    };
    // Used up with the code: a request that waited leads to one code. An error undoes the code, too.
    if let Some(resumed) = &flow.resumed {
        parked::consume(tx, &resumed.token.digest(), &flow.info.browser.digest(), ctx.now).await?.ok_or(GONE)?;
    }
    if let Some(pushed) = &flow.come.pushed
        && !pushed_store::save_used(tx, pushed, ctx.now).await?
    {
        return Err(OAuthError::InvalidRequestUri);
    }
    let code = Token::generate(&flow.oidc.app.entropy);
    let expires_at = ctx.now.plus(flow.oidc.settings.code_lifetime());
    asking.hand_out(tx, &subject, (&code.digest(), expires_at), ctx).await?;
    Ok(Outcome::Code(code))
}
