//! Signing in, and stepping up, by passkey: the buttons stand on other pages, and need a script.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::next::Next;
use crate::factors::passkey::ceremony::Purpose;
use crate::factors::passkey::prove::{Answer, begin};
use crate::factors::passkey::register::Asked;
use crate::kernel::ctx::Channel;
use crate::kernel::ids::UserId;
use crate::kernel::secret::Token;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::signed_in::SignedIn;
use crate::sessions::passkey::{Browser, Proved, sign_in, step_up};
use crate::web::respond::see_other;
use crate::web::{Form, Page, RequestInfo, cookies};

/// What a page with such a button holds.
pub(in crate::portal) struct Button {
    /// The challenge for the browser.
    pub(in crate::portal) asked: Asked,
    /// A passkey that no account has, which its owner may forget (WebAuthn §5.1.10 `signalUnknownCredential`).
    pub(in crate::portal) unknown: String,
}

/// The button of a page, where browsers have passkeys; for one person, where it is known who answers.
pub(in crate::portal) fn button(
    portal: &Portal,
    info: &RequestInfo,
    (purpose, user): (Purpose, Option<UserId>),
) -> Result<Option<Button>, Failure> {
    let Some(party) = &portal.factors.passkeys else { return Ok(None) };
    let (ctx, browser) = (info.ctx(&portal.app, Channel::Portal), info.browser.digest());
    let asked = begin((party, &portal.factors.vault), purpose, (&browser, user), &ctx).map_err(Failure::internal)?;
    Ok(Some(Button { asked, unknown: named(info, "unknown") }))
}

/// A value of the address that is base64url and nothing else.
fn named(info: &RequestInfo, name: &str) -> String {
    let query = info.path.split_once('?').map_or("", |(_, query)| query);
    let found = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
    let text = found.map(|(_, value)| value.into_owned()).unwrap_or_default();
    if text.len() <= 1_400 && URL_SAFE_NO_PAD.decode(&text).is_ok() { text } else { String::new() }
}

/// What went wrong with a passkey, as a sentence.
pub(in crate::portal) fn problem(page: &Page) -> Option<String> {
    let query = page.path.split_once('?').map_or("", |(_, query)| query);
    let named = Form::parse(query.as_bytes()).ok()?;
    match named.text("problem") {
        "passkey" => Some(page.t("login-passkey-refused")),
        "passkey-unknown" => Some(page.t("login-passkey-unknown")),
        "passkey-over" => Some(page.t("login-passkey-over")),
        _ => None,
    }
}

/// `POST /login/passkey`
pub(super) async fn post(
    State(portal): State<Portal>,
    info: RequestInfo,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let next = Next::of_form(&form);
    let party = portal.factors.passkeys.as_ref().ok_or(Failure::NotFound)?;
    let browser = info.browser.digest();
    let answer = Answer { ceremony: form.text("ceremony"), credential: form.text("credential"), browser: &browser };
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let previous = info.session.as_ref().map(Token::digest);
    let from = Browser { user_agent: agent, locale: info.locale.tag(), previous: previous.as_ref() };
    let (ctx, settings) = (info.ctx(&portal.app, Channel::Portal), &portal.session_settings);
    let proved = sign_in(&portal.app.db, (&portal.factors, party), settings, (answer, from), &ctx).await?;
    answered(&portal, proved, &next, "/login")
}

/// `POST /login/step-up/passkey`
pub(super) async fn post_step_up(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    let next = Next::of_form(&form);
    let party = portal.factors.passkeys.as_ref().ok_or(Failure::NotFound)?;
    let cookie = person.info.session.as_ref().ok_or(Failure::SignIn)?.digest();
    let browser = person.info.browser.digest();
    let answer = Answer { ceremony: form.text("ceremony"), credential: form.text("credential"), browser: &browser };
    let (session, settings) = (&person.session, &portal.session_settings);
    let given = (session, &cookie, answer);
    let proved = step_up(&portal.app.db, (&portal.factors, party), settings, given, &person.ctx).await?;
    answered(&portal, proved, &next, "/login/step-up")
}

/// On to where it leads, or back with what was wrong.
fn answered(portal: &Portal, proved: Proved, next: &Next, back: &str) -> PageResult {
    let problem = match proved {
        Proved::Done(cookie) => return entered(portal, &cookie, next),
        Proved::Unknown(credential) => {
            let unknown = URL_SAFE_NO_PAD.encode(credential);
            return Ok(see_other(&next.link(back, &[("problem", "passkey-unknown"), ("unknown", &unknown)])));
        }
        Proved::Refused => "passkey",
        Proved::Over => "passkey-over",
    };
    Ok(see_other(&next.link(back, &[("problem", problem)])))
}

fn entered(portal: &Portal, cookie: &Token, next: &Next) -> Result<Response, Failure> {
    let mut response = see_other(&next.target());
    let value = cookies::set_token(&portal.app, cookies::SESSION, cookie).ok_or(Failure::BadRequest)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}
