//! Both factors once more, in a session: before one's own credentials are changed (AU-14), and where a change of others
//! asks for a recent second factor. The session gets a new cookie (SE-01).

use askama::Template;
use axum::extract::State;
use axum::http::header;

use super::next::Next;
use super::otp::{Place, over, send_again, show};
use super::passkey::{self, Button};
use crate::factors::passkey::ceremony::Purpose as CeremonyPurpose;
use crate::factors::passkey::store as passkeys;
use crate::factors::password::PasswordError;
use crate::kernel::ids::SignInId;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::signed_in::SignedIn;
use crate::sessions::sign_in::Purpose;
use crate::sessions::start::StartError;
use crate::sessions::step_up::{Answer, SteppedUp, begin, prove};
use crate::web::limits::TooMany;
use crate::web::page::Notice;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page, cookies};

#[derive(Template)]
#[template(path = "pages/sign_in/step_up.html")]
struct StepUpTemplate {
    page: Page,
    fields: Vec<Field>,
    hidden: Vec<(&'static str, String)>,
    passkey: Option<Button>,
}

const STEP_UP: Place = Place {
    path: "/login/step-up/code",
    purpose: Purpose::StepUp,
    restart: "/login/step-up",
    expired: "/login/step-up?problem=expired",
    blocked: "/login/step-up?problem=blocked",
};

/// `GET /login/step-up`
pub(super) async fn get(State(portal): State<Portal>, person: SignedIn) -> PageResult {
    let next = Next::of_query(&person.info);
    let mut page = Page::new(&person.app, &person.info, "step-up-title");
    page.narrow = true;
    let query = page.path.split_once('?').map_or("", |(_, query)| query);
    let named = Form::parse(query.as_bytes()).unwrap_or_default();
    let wrong = match named.text("problem") {
        "wrong" => Some(page.t("error-password")),
        "expired" => Some(page.t("step-up-expired")),
        "weaker" => Some(page.t(&format!("step-up-weaker-{}", person.session.strength()))),
        "blocked" => Some(page.t("blocked-text")),
        _ => None,
    };
    page.has_errors = wrong.is_some();
    page.notice = passkey::problem(&page).map(|text| Notice { kind: "info", text, id: None });
    let field = Field { focus: true, ..Field::password(&page, "password", "login-password") };
    let fields = vec![field.id("login-password").autocomplete("current-password").error(wrong)];
    let whose = (CeremonyPurpose::StepUp, Some(person.user.id));
    let held = passkeys::list(&mut person.app.db.reader().await?, person.user.id).await?;
    let passkey = if held.is_empty() { None } else { passkey::button(&portal, &person.info, whose)? };
    Ok(render(&StepUpTemplate { fields, hidden: next.fields(), passkey, page }))
}

/// `POST /login/step-up`: the password. The person is known here, so a wrong one may be said to be wrong.
pub(super) async fn post(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    let next = Next::of_form(&form);
    let browser = person.info.browser.digest();
    let given = (form.text("password"), &browser, person.info.locale.tag());
    match begin(&person.app.db, &portal.factors, &person.user, given, &person.ctx).await {
        Ok(true) => Ok(see_other(&next.link(STEP_UP.path, &[]))),
        Ok(false) => Ok(see_other(&next.link(STEP_UP.restart, &[("problem", "wrong")]))),
        Err(StartError::Throttled(until)) => {
            let wait = until.since(person.ctx.now).as_secs().saturating_add(1);
            Err(Failure::TooMany(TooMany { retry_after: wait }))
        }
        Err(StartError::TooLong) => Err(Failure::TooLarge),
        Err(StartError::Password(PasswordError::Overloaded)) => Err(Failure::Busy),
        Err(StartError::Password(error @ PasswordError::Failed)) => Err(Failure::internal(error)),
        Err(StartError::Db(error)) => Err(error.into()),
    }
}

/// `GET /login/step-up/code`
pub(super) async fn get_code(State(portal): State<Portal>, person: SignedIn) -> PageResult {
    show(&STEP_UP, &portal, &person.info).await
}

/// `POST /login/step-up/code`
pub(super) async fn post_code(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    let next = Next::of_form(&form);
    let cookie = person.info.session.as_ref().ok_or(Failure::SignIn)?.digest();
    let Ok(sign_in) = form.text("sign_in").parse::<SignInId>() else {
        return Ok(see_other(&next.link(STEP_UP.restart, &[])));
    };
    let browser = person.info.browser.digest();
    let answer = Answer { sign_in, browser: &browser, code: form.text("code"), cookie: &cookie };
    let settings = &portal.session_settings;
    match prove(&person.app.db, &portal.factors, settings, (&person.session, answer), &person.ctx).await? {
        SteppedUp::Done(cookie) => {
            let mut response = see_other(&next.target());
            let value = cookies::set_token(&person.app, cookies::SESSION, &cookie).ok_or(Failure::BadRequest)?;
            response.headers_mut().append(header::SET_COOKIE, value);
            Ok(response)
        }
        SteppedUp::Wrong(sign_in) if crate::sessions::code::is_open(&sign_in, person.ctx.now) => {
            Ok(see_other(&next.link(STEP_UP.path, &[("problem", "wrong")])))
        }
        SteppedUp::Wrong(_) => Ok(see_other(&next.link(STEP_UP.restart, &[("problem", "blocked")]))),
        SteppedUp::Weaker => Ok(see_other(&next.link(STEP_UP.restart, &[("problem", "weaker")]))),
        SteppedUp::Over => Ok(see_other(&over(&STEP_UP, &portal, &person.info, sign_in, &next).await?)),
    }
}

/// `POST /login/step-up/code/resend`
pub(super) async fn resend(State(portal): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    send_again(&STEP_UP, &portal, &person.info, &form).await
}
