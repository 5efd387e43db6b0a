//! One checked authorization request on its way: to the sign-in, to the page that asks for consent, to a code.

use axum::response::Response;

use super::admit::Consented;
use super::request::{AuthorizeRequest, Next};
use super::respond::Target;
use super::{Come, Resumed, issue};
use crate::directory::client::model::Client;
use crate::directory::client::one_factor;
use crate::kernel::ids::UserId;
use crate::kernel::secret::Token;
use crate::oidc::end_session;
use crate::oidc::error::OAuthError;
use crate::oidc::params::Parameters;
use crate::oidc::state::Oidc;
use crate::oidc::waiting::{self, KeptDigest, Waiting, Wishes};
use crate::sessions::{self, Session};
use crate::web::RequestInfo;
use crate::web::respond::see_other;

/// Whose request, from which browser, to where.
pub(super) struct Flow<'a> {
    pub(super) oidc: &'a Oidc,
    pub(super) info: &'a RequestInfo,
    pub(super) client: &'a Client,
    pub(super) parameters: &'a Parameters,
    pub(super) request: &'a AuthorizeRequest,
    pub(super) resumed: Option<Resumed>,
    /// How it came; what it was pushed as is used up with it.
    pub(super) come: Come,
    pub(super) target: &'a Target,
}

impl Flow<'_> {
    /// The session answers, or the person signs in first.
    pub(super) async fn run(&self) -> Result<Response, OAuthError> {
        match self.next().await? {
            (Next::Issue, Some(session)) => issue::code(self, &session, Consented::Before).await,
            (Next::LoginRequired, _) => Err(OAuthError::LoginRequired),
            (Next::AcrUnmet, _) => Err(OAuthError::UnmetAuthenticationRequirements),
            (Next::SignIn | Next::Issue, _) => {
                Ok(see_other(&format!("/login?continue={}", self.wait().await?.reveal())))
            }
        }
    }

    /// How the request goes on, and with which session.
    pub(super) async fn next(&self) -> Result<(Next, Option<Session>), OAuthError> {
        let session = session_for(self.oidc, self.info, self.client).await?;
        let meant = self.means(session.as_ref().map(|session| session.user)).await?;
        let since = self.resumed.as_ref().map(|resumed| resumed.since);
        Ok((self.request.next(session.as_ref().filter(|_| meant), since, self.info.now), session))
    }

    /// Whether it is this person whom the request asks for, by `id_token_hint` or by the `sub` of the `claims` parameter (OA-56).
    async fn means(&self, user: Option<UserId>) -> Result<bool, OAuthError> {
        let hint = match self.parameters.get("id_token_hint") {
            Some(hint) => {
                let hint = end_session::hinted(self.oidc, hint, self.info.now).await?;
                // One of another client would say whether two clients speak of the same person.
                let hint = hint.filter(|hint| hint.is_for(&self.client.client_id));
                Some(hint.ok_or(OAuthError::InvalidRequest("id_token_hint is not ours, or another client's"))?)
            }
            None => None,
        };
        let Some(user) = user else { return Ok(true) };
        if let Some(hint) = hint
            && !hint.means(self.oidc, user, self.info.now).await?
        {
            return Ok(false);
        }
        Ok(self.request.is_for(self.oidc.tokens.keys.subjects(), user, &self.client.settings))
    }

    /// Lets the request wait in this browser, unless it does already; the secret by which it is found again.
    pub(super) async fn wait(&self) -> Result<Token, OAuthError> {
        if let Some(resumed) = &self.resumed {
            return Ok(resumed.token.clone());
        }
        let request = self.request;
        let waiting = Waiting::Authorization {
            redirect_uri: request.redirect_uri.clone(),
            parameters: self.parameters.clone(),
            since: self.info.now,
            pushed: self.come.pushed.map(KeptDigest::from),
            second_factor: request.asked_strength(),
            signed: self.come.signed,
        };
        let wishes = Wishes {
            login_hint: request.login_hint.as_deref(),
            ui_locales: request.ui_locales.as_deref(),
            both_factors: request.asks_for_both(),
        };
        waiting::park(self.oidc, self.info, self.client, &waiting, wishes).await
    }
}

/// Who is signed in in this browser.
pub(in crate::oidc) async fn session(oidc: &Oidc, info: &RequestInfo) -> Result<Option<Session>, OAuthError> {
    let Some(cookie) = &info.session else { return Ok(None) };
    let tx = &mut oidc.app.db.reader().await?;
    Ok(sessions::store::find_live(tx, &cookie.digest(), info.now).await?)
}

/// The same, if it is strong enough for an application.
pub(in crate::oidc) async fn session_for(
    oidc: &Oidc,
    info: &RequestInfo,
    client: &Client,
) -> Result<Option<Session>, OAuthError> {
    let session = session(oidc, info).await?;
    if session.as_ref().is_none_or(Session::is_admitted) {
        return Ok(session);
    }
    let (tx, applications) = (&mut oidc.app.db.reader().await?, &oidc.app.one_factor_applications);
    let suffices = one_factor::suffices(tx, client, applications).await?;
    Ok(session.filter(|_| suffices))
}
