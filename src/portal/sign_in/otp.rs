//! Step two: the code sent to the phone (E21–E27).

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, header};

use super::next::{Next, allow};
use crate::db::transact;
use crate::directory::client::shown::Shown;
use crate::factors::phone_code::PhoneChannel;
use crate::factors::phone_store;
use crate::kernel::ctx::Channel;
use crate::kernel::ids::SignInId;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::sessions::sign_in::{NoResend, Purpose, SignIn, Stage};
use crate::sessions::start::{Answer, Proved, prove};
use crate::sessions::{code, sign_in_store};
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page, RequestInfo, cookies};

#[derive(Template)]
#[template(path = "pages/sign_in/otp.html")]
struct OtpTemplate {
    page: Page,
    path: &'static str,
    lead: String,
    until: String,
    /// What else is taken than a code by phone.
    other: Option<String>,
    problem: Option<String>,
    fields: Vec<Field>,
    hidden: Vec<(&'static str, String)>,
    sign_in: String,
    restart: String,
    client: Option<Shown>,
}

/// Where a code is asked for, and where it leads if there is nothing to enter any more.
#[derive(Debug)]
pub(in crate::portal) struct Place {
    /// The address of the page.
    pub(in crate::portal) path: &'static str,
    /// What its codes are for.
    pub(in crate::portal) purpose: Purpose,
    /// Where one begins anew.
    pub(in crate::portal) restart: &'static str,
    /// What is shown when the code has expired.
    pub(in crate::portal) expired: &'static str,
    /// What is shown after too many tries.
    pub(in crate::portal) blocked: &'static str,
}

const LOGIN: Place = Place {
    path: "/login/otp",
    purpose: Purpose::SignIn,
    restart: "/login",
    expired: "/login/expired",
    blocked: "/login/blocked",
};

/// `GET /login/otp`
pub(super) async fn get(State(portal): State<Portal>, info: RequestInfo) -> PageResult {
    show(&LOGIN, &portal, &info).await
}

/// The page that asks for a code.
pub(in crate::portal) async fn show(place: &Place, portal: &Portal, info: &RequestInfo) -> PageResult {
    let next = Next::of_query(info);
    let parked = next.parked(portal, info).await?;
    let Some(sign_in) = find(place, portal, info).await? else { return Ok(see_other(&next.link(place.restart, &[]))) };
    match sign_in.stage(info.now) {
        Stage::Expired => return Ok(see_other(&next.link(place.expired, &[]))),
        Stage::Exhausted => return Ok(see_other(&next.link(place.blocked, &[]))),
        Stage::AwaitingCode | Stage::CodeSpent => {}
    }
    let mut page = Page::new(&portal.app, info, "otp-title");
    page.narrow = true;
    let (problem, wrong) = problem(&page, &sign_in, info);
    page.has_errors = wrong.is_some();
    let mut fields = vec![code_field(&page, place.purpose).error(wrong)];
    fields.extend(remember_field(portal, &page, place.purpose));
    let lead = lead(portal, &page, &sign_in).await?;
    let response = render(&OtpTemplate {
        path: place.path,
        lead,
        until: page.t1("otp-until", "time", sign_in.code_expires_at.to_time_of_day()),
        other: place.purpose.takes_any_code().then(|| page.t("otp-other")),
        problem,
        fields,
        hidden: next.fields(),
        sign_in: sign_in.id.to_string(),
        restart: next.link(place.restart, &[]),
        client: next.asking(portal, parked.as_ref()).await?,
        page,
    });
    Ok(allow(response, parked.as_ref()))
}

/// The field into which a code is typed or filled by the browser.
pub(super) fn code_field(page: &Page, purpose: Purpose) -> Field {
    let (max, hint) = if purpose.takes_any_code() { (20, "otp-code-hint-any") } else { (11, "otp-code-hint") };
    let field =
        Field { input_mode: Some("numeric"), max, narrow: true, focus: true, ..Field::text(page, "code", "otp-code") };
    field.id("login-code").autocomplete("one-time-code").hint(page, hint)
}

/// Offers to be asked for no code here for some days, where the profile does; to everybody alike (AU-10).
fn remember_field(portal: &Portal, page: &Page, purpose: Purpose) -> Option<Field> {
    let offered = purpose == Purpose::SignIn && !portal.factors.remember_for.is_zero();
    offered.then(|| {
        let label = page.t1("otp-remember", "lasts", page.lasting(portal.factors.remember_for));
        Field { label, ..Field::checkbox(page, "remember", "otp-remember-hint", page.path.contains("remember=on")) }
            .id("login-remember")
            .hint(page, "otp-remember-hint")
    })
}

/// Which sentence says where the code went. The way of the first one is not named: it is the person's default, and would
/// tell that the password was right (AU-10). One that was chosen here is.
fn lead_key(sign_in: &SignIn) -> &'static str {
    match (sign_in.resends, sign_in.purpose, sign_in.channel) {
        (0, Purpose::SignIn, _) => "otp-lead",
        (_, Purpose::SignIn, PhoneChannel::Sms) => "otp-lead-sms",
        (_, Purpose::SignIn, PhoneChannel::Voice) => "otp-lead-voice",
        (_, _, PhoneChannel::Sms) => "otp-sent-sms",
        (_, _, PhoneChannel::Voice) => "otp-sent-voice",
    }
}

/// That sentence. Where it is known who asks, it says so if nothing was sent because they use an app.
pub(super) async fn lead(portal: &Portal, page: &Page, sign_in: &SignIn) -> Result<String, Failure> {
    let known = sign_in.user.filter(|_| sign_in.purpose != Purpose::SignIn && sign_in.purpose.takes_any_code());
    if let Some(user) = known.filter(|_| sign_in.resends == 0)
        && phone_store::find_ways(&mut portal.app.db.reader().await?, user).await?.by_app
    {
        return Ok(page.t("otp-lead-app"));
    }
    Ok(page.t1(lead_key(sign_in), "ending", &sign_in.ending))
}

/// What to say about the last step: beside the field, or above it.
fn problem(page: &Page, sign_in: &SignIn, info: &RequestInfo) -> (Option<String>, Option<String>) {
    let query = info.path.split_once('?').map_or("", |(_, query)| query);
    let named = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "problem")
        .map(|(_, value)| value.into_owned());
    match named.as_deref() {
        _ if sign_in.stage(info.now) == Stage::CodeSpent => (None, Some(page.t("otp-spent"))),
        Some("wrong") => (None, Some(page.t("otp-wrong"))),
        Some("soon") => (Some(page.t("otp-soon")), None),
        Some("many") => (Some(page.t("otp-many")), None),
        _ => (None, None),
    }
}

async fn find(place: &Place, portal: &Portal, info: &RequestInfo) -> Result<Option<SignIn>, Failure> {
    let tx = &mut portal.app.db.reader().await?;
    let found = sign_in_store::find(tx, &info.browser.digest()).await?;
    Ok(found.filter(|sign_in| sign_in.purpose == place.purpose))
}

/// `POST /login/otp`
pub(super) async fn post(
    State(portal): State<Portal>,
    info: RequestInfo,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let next = Next::of_form(&form);
    let Ok(id) = form.text("sign_in").parse::<SignInId>() else { return Ok(see_other(&next.link("/login", &[]))) };
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let previous = info.session.as_ref().map(crate::kernel::secret::Token::digest);
    let remembered = cookies::read_token(&portal.app, &headers, cookies::REMEMBERED).map(|token| token.digest());
    let answer = Answer {
        sign_in: id,
        browser: &info.browser.digest(),
        code: form.text("code"),
        user_agent: agent,
        locale: info.locale.tag(),
        previous: previous.as_ref(),
        remember: form.has("remember"),
        remembered: remembered.as_ref(),
    };
    match prove(&portal.app.db, &portal.factors, &portal.session_settings, answer, &ctx).await? {
        Proved::SignedIn(cookie, remembered) => {
            let mut response = see_other(&next.target());
            let value = cookies::set_token(&portal.app, cookies::SESSION, &cookie).ok_or(Failure::BadRequest)?;
            response.headers_mut().append(header::SET_COOKIE, value);
            let lasts = portal.factors.remember_for;
            let set = |secret| cookies::set_lasting_token(&portal.app, (cookies::REMEMBERED, lasts), secret);
            if let Some(value) = remembered.as_ref().and_then(set) {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
            Ok(response)
        }
        Proved::Expired(link) => Ok(see_other(&next.link(&format!("/renew/{}", link.reveal()), &[]))),
        Proved::Wrong(sign_in) if code::is_open(&sign_in, info.now) => {
            let ticked: &[_] = if form.has("remember") { &[("remember", "on")] } else { &[] };
            Ok(see_other(&next.link("/login/otp", &[&[("problem", "wrong")], ticked].concat())))
        }
        Proved::Wrong(_) => Ok(see_other(&next.link("/login/blocked", &[]))),
        Proved::Over => Ok(see_other(&over(&LOGIN, &portal, &info, id, &next).await?)),
    }
}

/// Where a form leads whose sign-in cannot be answered.
pub(in crate::portal) async fn over(
    place: &Place,
    portal: &Portal,
    info: &RequestInfo,
    id: SignInId,
    next: &Next,
) -> Result<String, Failure> {
    Ok(match find(place, portal, info).await? {
        Some(sign_in) if sign_in.id == id => match sign_in.stage(info.now) {
            Stage::Exhausted => next.link(place.blocked, &[]),
            Stage::CodeSpent => next.link(place.path, &[]),
            Stage::AwaitingCode | Stage::Expired => next.link(place.expired, &[]),
        },
        Some(_) | None => next.link(place.expired, &[]),
    })
}

/// `POST /login/otp/resend`
pub(super) async fn resend(State(portal): State<Portal>, info: RequestInfo, form: Form) -> PageResult {
    send_again(&LOGIN, &portal, &info, &form).await
}

/// Another code by the chosen way.
pub(in crate::portal) async fn send_again(
    place: &Place,
    portal: &Portal,
    info: &RequestInfo,
    form: &Form,
) -> PageResult {
    let next = Next::of_form(form);
    let channel = PhoneChannel::parse(form.text("channel")).ok_or(Failure::BadRequest)?;
    let Ok(id) = form.text("sign_in").parse::<SignInId>() else {
        return Ok(see_other(&next.link(place.restart, &[])));
    };
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let key = portal.factors.key(&portal.app.db, &ctx).await?;
    let browser = info.browser.digest();
    let sent: Result<_, crate::db::Error> = transact!(portal.app.db, tx => {
        let found = sign_in_store::find(tx, &browser).await?.filter(|found| found.id == id && found.purpose == place.purpose);
        match found {
            Some(sign_in) => code::resend(tx, &portal.factors, key, sign_in, (channel, info.locale.tag()), &ctx).await,
            None => Ok(Err(NoResend::Over)),
        }
    });
    Ok(see_other(&match sent? {
        Ok(_) => next.link(place.path, &[]),
        Err(NoResend::TooSoon) => next.link(place.path, &[("problem", "soon")]),
        Err(NoResend::TooMany) => next.link(place.path, &[("problem", "many")]),
        Err(NoResend::Over) => over(place, portal, info, id, &next).await?,
    }))
}
