//! What one calls a browser, and taking back that a browser is asked for no code.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use std::time::Duration;

use super::sessions::browser_of;
use crate::db::transact;
use crate::factors::own::MAX_NAME;
use crate::factors::remembered::{self, ForgetError};
use crate::kernel::ids::{RememberedDeviceId, SessionId};
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::{Errors, describe, moment};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::sessions::naming::{self, NamingError};
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page, cookies};

/// How long a browser with a name is recognised at most (RFC 6265bis §5.5: browsers keep nothing for longer).
const LASTS: Duration = Duration::from_hours(400 * 24);

#[derive(Template)]
#[template(path = "pages/account/browser.html")]
struct BrowserTemplate {
    page: Page,
    path: String,
    facts: Vec<(String, String)>,
    fields: Vec<Field>,
}

fn id(text: &str) -> Result<SessionId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

/// `GET /sessions/{id}`
pub(super) async fn get(person: SignedIn, Path(session): Path<String>) -> PageResult {
    show(&person, (id(&session)?, &Errors::default()), None).await
}

async fn show(person: &SignedIn, (id, errors): (SessionId, &Errors), form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = naming::find(tx, &person.user, id, &person.ctx).await?;
    let (session, name) = found.ok_or(Failure::NotFound)?;
    let mut page = person.page(Area::Account, "browser-title");
    page.has_errors = !errors.is_empty();
    let field = Field { max: MAX_NAME, required: false, ..Field::text(&page, "name", "factor-name") };
    let mut fields = vec![field.autocomplete("off").hint(&page, "browser-name-hint").value(name)];
    errors.fill(&mut fields, form);
    let browser = browser_of(&session.user_agent).unwrap_or_else(|| page.t("sessions-other"));
    let facts = [
        ("sessions-browser", browser),
        ("sessions-started", moment(session.auth_time)),
        ("sessions-seen", moment(session.last_seen_at)),
    ];
    let facts = facts.into_iter().map(|(key, value)| (page.t(key), value)).collect();
    Ok(render(&BrowserTemplate { path: format!("/sessions/{id}"), facts, fields, page }))
}

/// `POST /sessions/{id}`: a name, or none. The browser is recognised for longer than it is open from then on.
pub(super) async fn post(person: SignedIn, Path(session): Path<String>, form: Form) -> PageResult {
    let (id, name) = (id(&session)?, form.text("name"));
    let named: Result<(), NamingError> =
        transact!(person.app.db, tx => naming::name(tx, &person.user, (id, name), &person.ctx).await);
    match named {
        Ok(()) => {
            let mut response = see_other("/sessions?done=browser-named");
            let cookie = (cookies::BROWSER, LASTS);
            if id == person.session.id
                && let Some(value) = cookies::set_lasting_token(&person.app, cookie, &person.info.browser)
            {
                response.headers_mut().append(header::SET_COOKIE, value);
            }
            Ok(response)
        }
        Err(NamingError::Name(error)) => {
            let page = person.page(Area::Account, "browser-title");
            let errors = Errors::one("name", describe(&page, "factor-name", error));
            show(&person, (id, &errors), Some(&form)).await
        }
        Err(NamingError::NotFound) => Err(Failure::NotFound),
        Err(NamingError::Db(error)) => Err(error.into()),
    }
}

/// `POST /sessions/remembered`: the next sign-in in that browser, or in all of them, asks for a code.
pub(super) async fn forget(State(_): State<Portal>, person: SignedIn, form: Form) -> PageResult {
    let one: Option<RememberedDeviceId> = match form.given("device") {
        Some(id) => Some(id.parse().map_err(|_| Failure::NotFound)?),
        None if form.has("all") => None,
        None => return Err(Failure::BadRequest),
    };
    let forgotten: Result<(), ForgetError> =
        transact!(person.app.db, tx => remembered::forget(tx, &person.user, one, &person.ctx).await);
    match forgotten {
        Ok(()) => Ok(see_other("/sessions?done=device-forgotten")),
        // Whoever asks twice has what they want.
        Err(ForgetError::NotFound) if one.is_none() => Ok(see_other("/sessions")),
        Err(ForgetError::NotFound) => Err(Failure::NotFound),
        Err(ForgetError::Db(error)) => Err(error.into()),
    }
}
