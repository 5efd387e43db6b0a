//! Step one: e-mail and password (E19, E20).

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, header};

use super::next::{Next, allow};
use super::passkey::{self, Button};
use crate::directory::client::one_factor;
use crate::directory::client::shown::Shown;
use crate::directory::client::store as client_store;
use crate::factors::passkey::ceremony::Purpose;
use crate::factors::password::PasswordError;
use crate::kernel::ctx::Channel;
use crate::kernel::secret::Token;
use crate::kernel::strength::Strength;
use crate::kernel::user_names::UserNames;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::page::notice;
use crate::sessions::one_factor::{Browser, sign_in};
use crate::sessions::start::{Credentials, StartError};
use crate::sessions::{remembered, store};
use crate::web::page::Notice;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page, RequestInfo, cookies};

#[derive(Template)]
#[template(path = "pages/sign_in/login.html")]
struct LoginTemplate {
    page: Page,
    client: Option<Shown>,
    /// What it asks for beyond what everybody is asked for.
    asked: Option<String>,
    fields: Vec<Field>,
    hidden: Vec<(&'static str, String)>,
    recover: String,
    passkey: Option<Button>,
}

/// `GET /login`
pub(super) async fn get(State(portal): State<Portal>, info: RequestInfo) -> PageResult {
    let next = Next::of_query(&info);
    let parked = next.parked(&portal, &info).await?;
    let forced = parked.as_ref().is_some_and(|parked| parked.force_login);
    if !forced && is_signed_in(&portal, &info).await? {
        return Ok(see_other(&next.target()));
    }
    let mut page = Page::new(&portal.app, &info, "login-title");
    page.narrow = true;
    let told = passkey::problem(&page).map(|text| Notice { kind: "info", text, id: None });
    page.notice = notice(&page).or(told);
    page.has_errors = info.path.contains("problem=missing");
    let hint = parked.as_ref().and_then(|parked| parked.login_hint.clone()).unwrap_or_default();
    let missing = page.has_errors.then(|| page.t("login-missing"));
    let fields = vec![
        Field { focus: hint.is_empty(), ..who(&portal, &page) }
            .id("login-email")
            .autocomplete("username webauthn")
            .value(hint)
            .error(missing),
        Field::password(&page, "password", "login-password").id("login-password").autocomplete("current-password"),
    ];
    let client = next.asking(&portal, parked.as_ref()).await?;
    let asked = client.as_ref().and_then(|client| asked(&page, client));
    let passkey = passkey::button(&portal, &info, (Purpose::SignIn, None))?;
    let (hidden, recover) = (next.fields(), next.link("/recover", &[]));
    let response = render(&LoginTemplate { page, client, asked, fields, hidden, recover, passkey });
    Ok(allow(response, parked.as_ref()))
}

/// What the application asks for beyond what everybody is asked for.
fn asked(page: &Page, client: &Shown) -> Option<String> {
    let key = format!("login-asks-{}", client.second_factor);
    (client.second_factor > Strength::Any).then(|| page.t1(&key, "client", &client.name))
}

/// Where names are made up they sign in beside the address.
fn who(portal: &Portal, page: &Page) -> Field {
    match portal.app.user_names {
        UserNames::Email => Field::email(page, "email", "login-email"),
        UserNames::Assigned => Field::text(page, "email", "login-email-or-name"),
    }
}

async fn is_signed_in(portal: &Portal, info: &RequestInfo) -> Result<bool, Failure> {
    let Some(session) = &info.session else { return Ok(false) };
    let tx = &mut portal.app.db.reader().await?;
    Ok(store::find_live(tx, &session.digest(), info.now).await?.is_some_and(|session| session.is_admitted()))
}

/// Whether the application that waits for this sign-in is content with a password.
async fn one_factor_suffices(portal: &Portal, info: &RequestInfo, next: &Next) -> Result<bool, Failure> {
    if portal.app.one_factor_applications.is_empty() {
        return Ok(false);
    }
    let Some(parked) = next.parked(portal, info).await?.filter(|parked| parked.force_login) else { return Ok(false) };
    let tx = &mut portal.app.db.reader().await?;
    let Some(client) = client_store::find(tx, parked.client).await? else { return Ok(false) };
    Ok(one_factor::suffices(tx, &client, &portal.app.one_factor_applications).await?)
}

/// `POST /login`. The answer is the same whether anybody has this address and whatever the password was (AU-23).
pub(super) async fn post(
    State(portal): State<Portal>,
    info: RequestInfo,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let next = Next::of_form(&form);
    let (Some(email), password) = (form.given("email"), form.text("password")) else {
        return Ok(see_other(&next.link("/login", &[("problem", "missing")])));
    };
    if password.is_empty() || email.len() > 254 || email.contains(char::is_control) {
        return Ok(see_other(&next.link("/login", &[("problem", "missing")])));
    }
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let given = Credentials { email, password, browser: &info.browser.digest(), locale: info.locale.tag() };
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let previous = info.session.as_ref().map(Token::digest);
    let begun = if one_factor_suffices(&portal, &info, &next).await? {
        let from = Browser { user_agent: agent, previous: previous.as_ref() };
        sign_in(&portal.app.db, &portal.factors, &portal.session_settings, (given, from), &ctx)
            .await
            .map(|opened| Some(opened.map(|(_, cookie)| cookie)))
    } else {
        let parked = next.parked(&portal, &info).await?;
        let secret = cookies::read_token(&portal.app, &headers, cookies::REMEMBERED).map(|token| token.digest());
        let asked = next.asking(&portal, parked.as_ref()).await?.map(|client| client.second_factor);
        let both = parked.is_some_and(|parked| parked.both_factors) || asked.is_some_and(|asked| asked > Strength::Any);
        let secret = secret.filter(|_| !both);
        let from = remembered::Browser { user_agent: agent, previous: previous.as_ref(), secret: secret.as_ref() };
        let (db, settings) = (&portal.app.db, &portal.session_settings);
        remembered::start(db, &portal.factors, settings, (given, from), &ctx).await.map(|cookie| cookie.map(Some))
    };
    match begun {
        Ok(None) => Ok(see_other(&next.link("/login/otp", &[]))),
        Ok(Some(None)) => Ok(see_other(&next.link("/login", &[("problem", "missing")]))),
        Ok(Some(Some(cookie))) => {
            let mut response = see_other(&next.target());
            let value = cookies::set_token(&portal.app, cookies::SESSION, &cookie).ok_or(Failure::BadRequest)?;
            response.headers_mut().append(header::SET_COOKIE, value);
            Ok(response)
        }
        Err(StartError::Throttled(until)) => {
            let seconds = until.since(info.now).as_secs().saturating_add(1).to_string();
            Ok(see_other(&next.link("/login/blocked", &[("wait", &seconds)])))
        }
        Err(StartError::TooLong) => Err(Failure::TooLarge),
        Err(StartError::Password(PasswordError::Overloaded)) => Err(Failure::Busy),
        Err(StartError::Password(error @ PasswordError::Failed)) => Err(Failure::internal(error)),
        Err(StartError::Db(error)) => Err(error.into()),
    }
}
