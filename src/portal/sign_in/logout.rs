//! Signing out: a page that asks, and a form that does it (SE-14).

use askama::Template;
use axum::extract::State;
use axum::http::header;

use super::logged_out::Farewell;
use super::next::{Next, allow};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::transact;
use crate::kernel::ctx::Channel;
use crate::kernel::ids::PrincipalId;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::sessions::end::{self, EndError};
use crate::sessions::{Session, store};
use crate::web::respond::{render, see_other};
use crate::web::{Form, Page, RequestInfo, cookies};

#[derive(Template)]
#[template(path = "pages/sign_in/logout.html")]
struct LogoutTemplate {
    page: Page,
    /// Told when the session ends.
    told: Vec<String>,
    /// Not told: people sign out there themselves.
    untold: Vec<String>,
    hidden: Vec<(&'static str, String)>,
}

async fn find(portal: &Portal, info: &RequestInfo) -> Result<Option<Session>, Failure> {
    let Some(cookie) = &info.session else { return Ok(None) };
    let tx = &mut portal.app.db.reader().await?;
    Ok(store::find_live(tx, &cookie.digest(), info.now).await?)
}

/// `GET /logout`
pub(super) async fn get(State(portal): State<Portal>, info: RequestInfo) -> PageResult {
    let next = Next::of_query(&info);
    let parked = next.parked(&portal, &info).await?;
    let Some(session) = find(&portal, &info).await? else { return Ok(see_other(&after(&next))) };
    let tx = &mut portal.app.db.reader().await?;
    let (told, untold) = Farewell::of(tx, session.id, &portal.app).await?.names();
    let mut page = Page::new(&portal.app, &info, "logout-title");
    page.narrow = true;
    let response = render(&LogoutTemplate { told, untold, hidden: next.fields(), page });
    Ok(allow(response, parked.as_ref()))
}

/// `POST /logout`
pub(super) async fn post(State(portal): State<Portal>, info: RequestInfo, form: Form) -> PageResult {
    let next = Next::of_form(&form);
    let mut farewell = None;
    if let Some(session) = find(&portal, &info).await? {
        farewell = Some(Farewell::of(&mut portal.app.db.reader().await?, session.id, &portal.app).await?);
        let ctx = info.ctx(&portal.app, Channel::Portal).acting_as(PrincipalId::Person(session.user));
        let ended: Result<(), EndError> = transact!(portal.app.db, tx => {
            end::end(tx, session.user, session.id, &ctx).await?;
            Ok(audit::record(tx, &ctx, None, Event::new(Kind::SignedOut, Subject::User(session.user))).await?)
        });
        match ended {
            // Another tab may have been faster.
            Ok(()) | Err(EndError::NotFound) => {}
            Err(EndError::Db(error)) => return Err(error.into()),
        }
    }
    let onward = (after(&next), next.request().is_some());
    let page = farewell.and_then(|farewell| farewell.page(&portal, &info, onward));
    let mut response = page.unwrap_or_else(|| see_other(&after(&next)));
    if let Some(cookie) = cookies::clear(&portal.app, cookies::SESSION) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Back to the logout endpoint with its parked request (OIDC RP-Initiated Logout §3), or to the sign-in page.
fn after(next: &Next) -> String {
    next.request()
        .map_or_else(|| "/login?done=signed-out".to_owned(), |request| format!("/oauth2/logout?request={request}"))
}
