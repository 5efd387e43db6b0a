//! The page that asks: it stands between the sign-in and everything else until the general terms are accepted (E16); terms that a role
//! asks for are accepted here as well, when their holder likes (E17).

use askama::Template;
use axum::extract::State;
use axum::http::header;

use super::version_line;
use crate::agreements::accept::{self, AcceptError, Shown};
use crate::agreements::model::{Block, blocks};
use crate::agreements::{Document, GENERAL, Version, store};
use crate::audit::{self, Event, Kind, Subject};
use crate::db::transact;
use crate::portal::Portal;
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::moment;
use crate::portal::sign_in::next::{Next, allow};
use crate::portal::sign_in::state;
use crate::portal::signed_in::{Arrived, SignedIn};
use crate::sessions::end::{self, EndError};
use crate::web::respond::{render, see_other};
use crate::web::{Form, Page, RequestInfo, cookies};

#[derive(Template)]
#[template(path = "pages/terms/accept.html")]
struct AcceptTemplate {
    page: Page,
    problem: Option<String>,
    lead: String,
    version: String,
    /// What was accepted before, where this is a newer version.
    before: Option<String>,
    language: String,
    blocks: Vec<Block>,
    hidden: Vec<(&'static str, String)>,
    /// Where one may go without accepting; nowhere, if everybody has to.
    later: Option<String>,
}

/// The document that is meant, with the version that holds now.
fn meant<'a>(person: &'a SignedIn, code: &str) -> Result<(&'a Document, &'a Version), Failure> {
    let code = if code.is_empty() { GENERAL } else { code };
    let document = person.app.agreements.get(code).ok_or(Failure::NotFound)?;
    Ok((document, document.at(person.info.now).ok_or(Failure::NotFound)?))
}

/// `GET /terms/accept?terms=…`
pub(super) async fn get(State(portal): State<Portal>, Arrived(person): Arrived) -> PageResult {
    let query = person.info.path.split_once('?').map_or("", |(_, query)| query);
    let form = Form::parse(query.as_bytes()).unwrap_or_default();
    let (next, (document, version)) = (Next::of_form(&form), meant(&person, form.text("terms"))?);
    let accepted = store::list(&mut person.app.db.reader().await?, person.user.id).await?;
    let mut accepted = accepted.into_iter().filter(|one| one.terms == document.code).peekable();
    let before = accepted.peek().map(|latest| (latest.version.to_string(), moment(latest.accepted_at)));
    if accepted.any(|one| one.version == i64::from(version.number)) {
        return Ok(see_other(&next.target()));
    }
    let parked = next.parked(&portal, &person.info).await?;
    let mut page = Page::new(&person.app, &person.info, "terms-title");
    page.person = Some(format!("{} {}", person.user.given_name, person.user.family_name));
    let tag = page.locale.tag();
    document.titles.of(tag).1.clone_into(&mut page.title);
    let (language, text) = version.texts.of(tag);
    let mut hidden = next.fields();
    hidden.push(("terms", document.code.clone()));
    hidden.push(("version", version.number.to_string()));
    hidden.push(("language", language.to_owned()));
    let everybody = document.code == GENERAL;
    let shown = AcceptTemplate {
        problem: (form.text("problem") == "changed").then(|| page.t("terms-changed")),
        lead: page.t(if everybody { "terms-lead" } else { "terms-lead-role" }),
        version: version_line(&page, version),
        before: before.map(|(number, when)| page.t2("terms-before", ("version", &number), ("when", &when))),
        language: language.to_owned(),
        blocks: blocks(text),
        hidden,
        later: (!everybody).then(|| next.target()),
        page,
    };
    Ok(allow(render(&shown), parked.as_ref()))
}

/// `POST /terms/accept`; the form token is checked by reading the form (OA-45), and the session says whose answer it is.
pub(super) async fn post(Arrived(person): Arrived, form: Form) -> PageResult {
    let (next, (document, _)) = (Next::of_form(&form), meant(&person, form.text("terms"))?);
    let version = form.text("version").parse().map_err(|_| Failure::BadRequest)?;
    let shown = Shown { terms: &document.code, version, language: form.text("language") };
    let answered = match form.text("answer") {
        "accept" => {
            transact!(person.app.db, tx => accept::accept(tx, &person.app.agreements, shown, &person.ctx).await)
                .map(drop)
        }
        "refuse" if document.code == GENERAL => return refuse(&person, &next, shown).await,
        _ => return Err(Failure::BadRequest),
    };
    match answered {
        Ok(()) => Ok(see_other(&next.target())),
        Err(AcceptError::NotCurrent) => {
            let again = [("terms", document.code.as_str()), ("problem", "changed")];
            Ok(see_other(&next.link("/terms/accept", &again)))
        }
        Err(AcceptError::NoPerson) => Err(Failure::SignIn),
        Err(AcceptError::Db(error)) => Err(error.into()),
    }
}

/// Whoever does not accept is signed out.
async fn refuse(person: &SignedIn, next: &Next, shown: Shown<'_>) -> PageResult {
    let (user, ctx) = (person.user.id, &person.ctx);
    let ended: Result<(), EndError> = transact!(person.app.db, tx => {
        accept::refuse(tx, &person.app.agreements, shown, ctx).await?;
        end::end(tx, user, person.session.id, ctx).await?;
        Ok(audit::record(tx, ctx, None, Event::new(Kind::SignedOut, Subject::User(user))).await?)
    });
    match ended {
        // Another tab may have been faster.
        Ok(()) | Err(EndError::NotFound) => {}
        Err(EndError::Db(error)) => return Err(error.into()),
    }
    let mut response = see_other(&next.link("/terms/refused", &[]));
    if let Some(cookie) = cookies::clear(&person.app, cookies::SESSION) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `GET /terms/refused`: what that means, the way back, and to the application if one waits.
pub(super) async fn refused(State(portal): State<Portal>, info: RequestInfo) -> PageResult {
    state::show(&portal, &info, "terms-refused-title", &["terms-refused-text", "terms-refused-help"]).await
}
