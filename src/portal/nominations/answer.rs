//! Accepting or declining a nomination, signed in (P17, D14).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::nominate::explain_grant;
use super::table::organisations;
use crate::authority::Roles;
use crate::db::{Tx, transact};
use crate::delegation::nomination::accept::{self, AcceptError, Accepted, Owner};
use crate::delegation::nomination::model::Nomination;
use crate::delegation::nomination::store;
use crate::directory::project::store as projects;
use crate::directory::user::store as users;
use crate::kernel::ids::{NominationId, PrincipalId};
use crate::kernel::text::fold;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, see_other};
use crate::web::{Form, Page};

#[derive(Template)]
#[template(path = "pages/account/nomination.html")]
struct AnswerTemplate {
    page: Page,
    texts: Vec<String>,
    action: String,
    problem: Option<String>,
}

/// The open nomination, if it is to the address of the person.
async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Nomination, Failure> {
    let id: NominationId = id.parse().map_err(|_| Failure::NotFound)?;
    let found = store::find(tx, id).await?.filter(|one| one.is_open(person.ctx.now) && is_to(person, one));
    found.ok_or(Failure::NotFound)
}

/// Whether it is to the proved address of the person.
pub(super) fn is_to(person: &SignedIn, nomination: &Nomination) -> bool {
    let own = person.user.email.as_ref().filter(|_| person.user.email_verified);
    own.is_some_and(|own| own.folded() == fold(&nomination.email))
}

/// What it is, in sentences.
pub(super) async fn sentences(
    tx: &mut Tx,
    (page, roles): (&Page, &Roles),
    nomination: &Nomination,
) -> Result<Vec<String>, Failure> {
    let names = organisations(tx, [nomination.organisation].into_iter()).await?;
    let organisation = names.get(&nomination.organisation.0).map_or("", String::as_str);
    let mut texts = vec![page.t2("nomination-text", ("role", &nomination.role), ("organisation", organisation))];
    if let Some(id) = nomination.project
        && let Some(project) = projects::find(tx, id).await?
    {
        texts.push(page.t1("nomination-project", "project", format!("{} · {}", project.code, project.title)));
    }
    let said = roles.get(&nomination.role).map_or("", |role| role.texts.of(page.locale.tag()));
    texts.extend((!said.is_empty()).then(|| said.to_owned()));
    Ok(texts)
}

/// By whom: told to nobody but the one who was named. The mail has no name that people typed (IN-03), the page has.
pub(super) async fn named_by(tx: &mut Tx, page: &Page, nomination: &Nomination) -> Result<Option<String>, Failure> {
    let PrincipalId::Person(id) = nomination.nominated_by else { return Ok(None) };
    let by = users::find(tx, id).await?.filter(|by| by.deleted_at.is_none());
    let name = by.map(|by| format!("{} {}", by.given_name, by.family_name).trim().to_owned());
    Ok(name.filter(|name| !name.is_empty()).map(|name| page.t1("nomination-by", "name", name)))
}

pub(super) async fn show(
    tx: &mut Tx,
    person: &SignedIn,
    nomination: &Nomination,
    problem: Option<String>,
) -> PageResult {
    let mut page = person.page(Area::Tasks, "nomination-title");
    page.has_errors = problem.is_some();
    let mut texts = sentences(tx, (&page, person.app.door.roles()), nomination).await?;
    texts.extend(named_by(tx, &page, nomination).await?);
    let action = format!("/nominations/{}/answer", nomination.id);
    Ok(render(&AnswerTemplate { page, texts, action, problem }))
}

/// `GET /nominations/{nomination}/answer`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let nomination = find(tx, &person, &id).await?;
    show(tx, &person, &nomination, None).await
}

/// `POST /nominations/{nomination}/answer`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let reader = &mut person.app.db.reader().await?;
    let nomination = find(reader, &person, &id).await?;
    let accepts = match form.text("answer") {
        "accept" => true,
        "decline" => false,
        _ => return Err(Failure::BadRequest),
    };
    let (door, user, ctx) = (&person.app.door, &person.user, &person.ctx);
    let done: Result<&'static str, ChangeError> = transact!(person.app.db, tx => {
        if !accepts {
            accept::decline(tx, door.roles(), (&nomination, Owner::Account(user)), ctx).await?;
            return Ok("nomination-declined");
        }
        Ok(match accept::accept(tx, door, &nomination, user, ctx).await? {
            Accepted::Given(_) => "nomination-accepted",
            Accepted::Lapsed => "lapsed",
        })
    });
    let page = person.page(Area::Tasks, "nomination-title");
    match done {
        Ok("lapsed") => show(reader, &person, &nomination, Some(page.t("nomination-lapsed"))).await,
        Ok(done) => Ok(answered(&person, done)),
        Err(ChangeError::Accept(AcceptError::Grant(error))) => {
            let text = explain_grant(&page, &error).ok_or(error)?;
            show(reader, &person, &nomination, Some(text)).await
        }
        Err(error) => Err(error.into()),
    }
}

fn answered(person: &SignedIn, done: &str) -> Response {
    person.app.door.changed();
    see_other(&format!("/tasks?done={done}"))
}
