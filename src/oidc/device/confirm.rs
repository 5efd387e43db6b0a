//! The page on which a person lets a device in, or not. Whoever sends somebody else a code wants them to let in a device that is not
//! theirs (RFC 8628 §5.4): so it shows which application asks and which code, and has them say that they have it before them.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::user_code::UserCode;
use super::{DONE, PAGE};
use crate::audit::Kind;
use crate::db::transact;
use crate::directory::client::model::Client;
use crate::directory::client::shown::{self, Shown};
use crate::directory::client::store as client_store;
use crate::directory::user;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::hex::hex;
use crate::kernel::ids::PrincipalId;
use crate::kernel::secret::{Digest, Token};
use crate::kernel::time::Timestamp;
use crate::oidc::authorize::admit::{Admission, Asking, Consented};
use crate::oidc::authorize::request::{AuthorizeRequest, Next};
use crate::oidc::authorize::{self, GONE, checks};
use crate::oidc::error::OAuthError;
use crate::oidc::params::Parameters;
use crate::oidc::state::Oidc;
use crate::oidc::waiting::{self, Waiting};
use crate::sessions::{Session, parked};
use crate::tokens::device_store::{self as store, DeviceGrant};
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/oidc/device_confirm.html")]
struct ConfirmPage {
    page: Page,
    client: Shown,
    lead: String,
    person: String,
    user_code: String,
    /// In words.
    scopes: Vec<String>,
    fields: Vec<Field>,
    hidden: Vec<(&'static str, String)>,
}

/// A device that waits for this browser, read and judged anew.
struct Case<'a> {
    oidc: &'a Oidc,
    info: &'a RequestInfo,
    secret: Token,
    grant: DeviceGrant,
    user_code: UserCode,
    since: Timestamp,
    client: Client,
    request: AuthorizeRequest,
}

/// `GET /device/confirm?request=…`
pub(in crate::oidc) async fn get(State(oidc): State<Oidc>, info: RequestInfo, RawQuery(query): RawQuery) -> Response {
    let answered = match authorize::secret(&query.unwrap_or_default()) {
        Ok(secret) => on_case(&oidc, &info, secret, None).await,
        Err(error) => Err(error),
    };
    answered.unwrap_or_else(|error| authorize::error_page(&oidc, &info, &error))
}

/// `POST /device/confirm`; the form token is checked by reading the form (OA-45).
pub(in crate::oidc) async fn post(State(oidc): State<Oidc>, info: RequestInfo, form: Form) -> Response {
    let secret = Token::from_text(form.text("request"));
    let answered = on_case(&oidc, &info, secret, Some(&form)).await;
    answered.unwrap_or_else(|error| authorize::error_page(&oidc, &info, &error))
}

/// The client of a device, if it may be used.
pub(super) async fn client(oidc: &Oidc, grant: &DeviceGrant, now: Timestamp) -> Result<Option<Client>, OAuthError> {
    let Some(client) = client_store::find(&mut oidc.app.db.reader().await?, grant.client).await? else {
        return Ok(None);
    };
    let known = oidc.tokens.clients.find(&oidc.app.db, &client.client_id, now).await?;
    Ok(known.filter(|known| known.is_usable(now)).map(|known| known.client.clone()))
}

/// What a device asks for, judged by the settings of its client as they are now.
pub(super) fn request(oidc: &Oidc, grant: &DeviceGrant, client: &Client) -> Result<AuthorizeRequest, OAuthError> {
    let parameters: Parameters = serde_json::from_value(grant.parameters.clone()).map_err(OAuthError::internal)?;
    checks::of_device(&parameters, client, oidc.tokens.issuer())
}

async fn on_case(oidc: &Oidc, info: &RequestInfo, secret: Token, form: Option<&Form>) -> Result<Response, OAuthError> {
    let Some(Waiting::Device { grant, user_code, since }) = waiting::find(oidc, info, &secret).await? else {
        return Err(GONE);
    };
    let digest = Digest::from(grant);
    let found = store::find(&mut oidc.app.db.reader().await?, &digest).await?;
    let Some(grant) = found.filter(|grant| grant.approved.is_none() && grant.expires_at > info.now) else {
        return Ok(see_other(&format!("{PAGE}?problem=unknown")));
    };
    let client = client(oidc, &grant, info.now).await?.ok_or(GONE)?;
    let request = request(oidc, &grant, &client)?;
    let user_code = UserCode::open(&user_code, oidc.tokens.keys.kek(), &hex(digest.as_bytes()));
    let user_code = user_code.map_err(OAuthError::internal)?;
    let case = Case { oidc, info, secret, grant, user_code, since, client, request };
    let session = authorize::session_for(oidc, info, &case.client).await?;
    // What goes to a device outlives the browser: a remembered one does not do.
    let session = session.filter(|session| session.remembered_since.is_none());
    let subjects = oidc.tokens.keys.subjects();
    let meant = session.as_ref().filter(|session| case.request.is_for(subjects, session.user, &case.client.settings));
    match (case.request.next(meant, Some(case.since), info.now), session) {
        (Next::Issue, Some(session)) => case.answer(&session, form).await,
        (Next::AcrUnmet, _) => Err(OAuthError::UnmetAuthenticationRequirements),
        (Next::SignIn | Next::Issue | Next::LoginRequired, _) => {
            Ok(see_other(&format!("/login?continue={}", case.secret.reveal())))
        }
    }
}

impl Case<'_> {
    async fn answer(&self, session: &Session, form: Option<&Form>) -> Result<Response, OAuthError> {
        let ctx = self.info.ctx(&self.oidc.app, Channel::Oidc).acting_as(PrincipalId::Person(session.user));
        let Some(form) = form else { return self.ask(session, &ctx).await };
        if form.has("deny") {
            return self.deny(&ctx).await;
        }
        // What was shown is what is allowed, not what a change of the registration made of it meanwhile.
        if !form.has("allow") || form.text("scope") != self.request.consent_scope {
            return self.show(session, false).await;
        }
        if !form.has("own") {
            return self.show(session, true).await;
        }
        self.approve(session, &ctx).await
    }

    fn asking<'a>(&'a self, session: &'a Session) -> Asking<'a> {
        Asking { oidc: self.oidc, client: &self.client, request: &self.request, session }
    }

    /// Whoever may not enter the application is not asked whether a device may (OA-57).
    async fn ask(&self, session: &Session, ctx: &Ctx) -> Result<Response, OAuthError> {
        let admission: Result<Admission, OAuthError> = transact!(self.oidc.app.db, tx => {
            let admission = self.asking(session).admit(tx, Consented::Before, ctx).await?;
            if matches!(admission, Admission::Refused { .. }) {
                super::deny(tx, &self.grant, ctx).await?;
            }
            Ok(admission)
        });
        match admission? {
            Admission::Admitted(_) | Admission::Ask => self.show(session, false).await,
            other => self.turn_away(other),
        }
    }

    /// The pages that the authorization endpoint has for the same.
    fn turn_away(&self, admission: Admission) -> Result<Response, OAuthError> {
        match admission {
            Admission::Terms => Ok(see_other(&format!("/terms/accept?continue={}", self.secret.reveal()))),
            Admission::Refused { application, administrators } => {
                Ok(authorize::refused_page(self.oidc, self.info, &application, administrators))
            }
            Admission::TooWeak { application, needed } => {
                let again = format!("/login?continue={}", self.secret.reveal());
                Ok(authorize::too_weak_page(self.oidc, self.info, (&application, needed), again))
            }
            Admission::Admitted(_) | Admission::Ask | Admission::Over => Err(OAuthError::LoginRequired),
        }
    }

    async fn show(&self, session: &Session, unsaid: bool) -> Result<Response, OAuthError> {
        let tx = &mut self.oidc.app.db.reader().await?;
        let person = user::store::find(tx, session.user).await?.ok_or(OAuthError::LoginRequired)?;
        let client = shown::find(tx, self.client.id).await?.ok_or(GONE)?;
        let mut page = Page::new(&self.oidc.app, self.info, "device-confirm-title");
        page.title = page.t1("device-confirm-title", "application", &self.client.name);
        (page.narrow, page.has_errors) = (true, unsaid);
        let lead = if self.client.settings.third_party { "device-confirm-lead-other" } else { "device-confirm-lead" };
        let own = Field::checkbox(&page, "own", "device-own", false).hint(&page, "device-own-hint");
        let scopes = self.request.consent_scope.split(' ').map(|scope| page.scope(scope)).collect();
        Ok(render(&ConfirmPage {
            client,
            lead: page.t1(lead, "application", &self.client.name),
            person: page.t1("consent-person", "person", format!("{} {}", person.given_name, person.family_name)),
            user_code: self.user_code.shown(),
            scopes,
            fields: vec![own.error(unsaid.then(|| page.t("device-error-own")))],
            hidden: vec![("request", self.secret.reveal().to_owned()), ("scope", self.request.consent_scope.clone())],
            page,
        }))
    }

    async fn deny(&self, ctx: &Ctx) -> Result<Response, OAuthError> {
        let done: Result<bool, OAuthError> = transact!(self.oidc.app.db, tx => {
            self.take(tx, ctx).await?;
            Ok(super::deny(tx, &self.grant, ctx).await?)
        });
        Ok(see_other(&if done? { format!("{DONE}?outcome=denied") } else { format!("{PAGE}?problem=unknown") }))
    }

    /// Decided once, by one statement, together with what it hands out (I3).
    async fn approve(&self, session: &Session, ctx: &Ctx) -> Result<Response, OAuthError> {
        let admission: Result<Option<Admission>, OAuthError> = transact!(self.oidc.app.db, tx => {
            let asking = self.asking(session);
            let subject = match asking.admit(tx, Consented::Anyway, ctx).await? {
                Admission::Admitted(subject) => subject,
                Admission::Refused { application, administrators } => {
                    super::deny(tx, &self.grant, ctx).await?;
                    return Ok(Some(Admission::Refused { application, administrators }));
                }
                other => return Ok(Some(other)),
            };
            self.take(tx, ctx).await?;
            if !store::save_decided(tx, &self.grant.digest, true, ctx.now).await? {
                return Err(GONE);
            }
            let kept = (&super::kept_as(&self.grant.digest), self.grant.expires_at);
            asking.hand_out(tx, &subject, kept, ctx).await?;
            super::record(tx, Kind::DeviceApproved, self.client.id, ctx).await?;
            Ok(None)
        });
        match admission? {
            None => Ok(see_other(&format!("{DONE}?outcome=approved"))),
            Some(admission) => self.turn_away(admission),
        }
    }

    /// What waits in this browser is used up with the answer.
    async fn take(&self, tx: &mut crate::db::Tx, ctx: &Ctx) -> Result<(), OAuthError> {
        let (secret, browser) = (self.secret.digest(), self.info.browser.digest());
        parked::consume(tx, &secret, &browser, ctx.now).await?.map(drop).ok_or(GONE)
    }
}
