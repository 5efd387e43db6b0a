//! The page that asks: may this application know and do that? Allow and Deny weigh the same (OA-42).

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::admit::Consented;
use super::flow::Flow;
use super::issue;
use super::request::Next;
use super::{Resumed, checks, error_page, secret, trusted, waited};
use crate::directory::client::shown::{self, Shown};
use crate::directory::user;
use crate::kernel::secret::Token;
use crate::oidc::error::OAuthError;
use crate::oidc::state::Oidc;
use crate::oidc::waiting;
use crate::sessions::Session;
use crate::web::respond::{render, see_other};
use crate::web::{Form, Page, RequestInfo};

#[derive(Template)]
#[template(path = "pages/oidc/consent.html")]
struct ConsentPage {
    page: Page,
    client: Shown,
    /// Who asks, and where the answer goes: what the person can recognise.
    lead: String,
    person: String,
    /// In words.
    scopes: Vec<String>,
    hidden: Vec<(&'static str, String)>,
}

/// `GET /oauth2/consent?request=…`
pub(in crate::oidc) async fn get(State(oidc): State<Oidc>, info: RequestInfo, RawQuery(query): RawQuery) -> Response {
    let answered = match secret(&query.unwrap_or_default()) {
        Ok(secret) => on_request(&oidc, &info, secret, None).await,
        Err(error) => Err(error),
    };
    answered.unwrap_or_else(|error| error_page(&oidc, &info, &error))
}

/// `POST /oauth2/consent`; the form token is checked by reading the form (OA-45).
pub(in crate::oidc) async fn post(State(oidc): State<Oidc>, info: RequestInfo, form: Form) -> Response {
    let secret = Token::from_text(form.text("request"));
    let answered = on_request(&oidc, &info, secret, Some(&form)).await;
    answered.unwrap_or_else(|error| error_page(&oidc, &info, &error))
}

/// The waiting request is read and judged anew: it may have been overtaken by a change of its client or its session.
async fn on_request(
    oidc: &Oidc,
    info: &RequestInfo,
    secret: Token,
    form: Option<&Form>,
) -> Result<Response, OAuthError> {
    let (parameters, resumed) = waited(oidc, info, secret).await?;
    let (client, target) = trusted(oidc, &parameters, info.now).await?;
    let to = (target.redirect_uri.as_str(), resumed.come.way());
    let request = &checks::request(&parameters, &client, to, oidc.tokens.issuer())?;
    let flow = Flow {
        oidc,
        info,
        client: &client,
        parameters: &parameters,
        request,
        resumed: Some(Resumed { token: resumed.token.clone(), ..resumed }),
        come: resumed.come,
        target: &target,
    };
    let (Next::Issue, Some(session)) = flow.next().await? else {
        return Ok(see_other(&format!("/oauth2/resume?request={}", resumed.token.reveal())));
    };
    let Some(form) = form else { return show(&flow, &session, &resumed.token).await };
    if form.has("deny") {
        let taken = waiting::take(oidc, info, &resumed.token).await?;
        let error = if taken.is_some() { OAuthError::ConsentRefused } else { super::GONE };
        return Ok(target.error(oidc, info, &error).await);
    }
    // What was shown is what is allowed, not what a change of the registration made of it meanwhile.
    if !form.has("allow") || form.text("scope") != request.consent_scope {
        return show(&flow, &session, &resumed.token).await;
    }
    match issue::code(&flow, &session, Consented::Now).await {
        Ok(response) => Ok(response),
        Err(error) => Ok(target.error(oidc, info, &error).await),
    }
}

async fn show(flow: &Flow<'_>, session: &Session, token: &Token) -> Result<Response, OAuthError> {
    let tx = &mut flow.oidc.app.db.reader().await?;
    let person = user::store::find(tx, session.user).await?.ok_or(OAuthError::LoginRequired)?;
    let client = shown::find(tx, flow.client.id).await?.ok_or(super::GONE)?;
    let mut page = Page::new(&flow.oidc.app, flow.info, "consent-title");
    page.title = page.t1("consent-title", "application", &flow.client.name);
    page.narrow = true;
    let scopes = flow.request.consent_scope.split(' ').map(|scope| page.scope(scope)).collect();
    let address = url::Url::parse(&flow.request.redirect_uri).map_err(OAuthError::internal)?;
    let origin = address.origin();
    let address = if origin.is_tuple() { origin.ascii_serialization() } else { format!("{}:", address.scheme()) };
    let lead = if flow.client.settings.third_party { "consent-lead" } else { "consent-lead-own" };
    let shown = ConsentPage {
        client,
        lead: page.t2(lead, ("application", &flow.client.name), ("address", &address)),
        person: page.t1("consent-person", "person", format!("{} {}", person.given_name, person.family_name)),
        scopes,
        hidden: vec![("request", token.reveal().to_owned()), ("scope", flow.request.consent_scope.clone())],
        page,
    };
    Ok(flow.target.leads_there(render(&shown)))
}
