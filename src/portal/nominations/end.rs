//! Taking a role away, asking for it, and declining what was asked (P33, P60, P68).

use axum::extract::Path;

use super::table;
use crate::authority::Action;
use crate::authority::action::{DeclineRevocation, RequestRevocation, RevokeRole};
use crate::db::{Tx, transact};
use crate::delegation::ending::dependent_on;
use crate::delegation::holders::last_holder_among;
use crate::delegation::model::RoleAssignment;
use crate::delegation::request::ask::{self, RequestError};
use crate::delegation::revoke::{RevokeError, revoke};
use crate::delegation::{confirm, store};
use crate::kernel::ids::RoleAssignmentId;
use crate::portal::admin::plain::FormPage;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Field, Form, Page};

/// The assignment, if the person may do this with it. Only roles that people are named for are ended here; the others where the
/// account of their holder is.
async fn find(
    tx: &mut Tx,
    person: &SignedIn,
    id: &str,
    action: impl Fn(RoleAssignmentId) -> Action,
) -> Result<RoleAssignment, Failure> {
    let id: RoleAssignmentId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, action(id)).await?;
    let found = store::find(tx, id).await?.ok_or(Failure::NotFound)?;
    let nominated = person.app.door.roles().get(&found.role).is_some_and(|role| role.nominated);
    if nominated { Ok(found) } else { Err(Failure::NotFound) }
}

/// Where the role is listed.
fn home(role: &RoleAssignment) -> (String, Area) {
    match role.project {
        Some(project) => (format!("/projects/{project}"), Area::Projects),
        None => (format!("/organisations/{}", role.organisation), Area::Organisations),
    }
}

async fn holder(tx: &mut Tx, role: &RoleAssignment) -> Result<String, Failure> {
    let names = table::holders(tx, std::slice::from_ref(role)).await?;
    Ok(names.into_values().next().unwrap_or_default())
}

async fn revoke_form(
    tx: &mut Tx,
    person: &SignedIn,
    role: &RoleAssignment,
    (errors, sent): (&Errors, Option<&Form>),
) -> PageResult {
    let (back, area) = home(role);
    let mut page = person.page(area, "revoke-title");
    page.has_errors = !errors.is_empty();
    let roles = person.app.door.roles();
    // What ends with it is looked at as well, as it is when it is done.
    let last = last_holder_among(tx, roles, std::slice::from_ref(role), person.ctx.now).await?;
    let operator = person.authority.live(person.ctx.now).any(|a| a.extent == crate::authority::Extent::Everywhere);
    if let Some(last) = last.as_ref().filter(|_| !operator) {
        let intro = Some(page.t1("revoke-last", "role", &last.role));
        return Ok(FormPage { intro, ..FormPage::telling(page, &back) }.show());
    }
    let name = holder(tx, role).await?;
    let intro = Some(page.t2("revoke-text", ("person", &name), ("role", &role.role)));
    let along = dependent_on(tx, roles, role).await?;
    let points = along.iter().map(|role| page.t1("revoke-along", "role", &role.role)).collect();
    let mut form = FormPage::asking(page, &back, format!("/roles/{}/revoke", role.id), "revoke");
    if let Some(last) = last {
        form.warning = Some(form.page.t1("revoke-reason-last", "role", &last.role));
        let mut reason = vec![Field { max: 1_000, ..Field::lines(&form.page, "reason", "revoke-reason") }];
        errors.fill(&mut reason, sent);
        form.sections.iter_mut().for_each(|section| section.fields.clone_from(&reason));
    }
    Ok(FormPage { intro, points, ..form }.show())
}

/// `GET /roles/{assignment}/revoke`: what ends, before it ends.
pub(super) async fn get_revoke(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let role = find(tx, &person, &id, |assignment| RevokeRole { assignment }.into()).await?;
    revoke_form(tx, &person, &role, (&Errors::default(), None)).await
}

/// `POST /roles/{assignment}/revoke`
pub(super) async fn post_revoke(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let reader = &mut person.app.db.reader().await?;
    let role = find(reader, &person, &id, |assignment| RevokeRole { assignment }.into()).await?;
    let page = person.page(Area::Projects, "revoke-title");
    let reason = match form.given("reason").map(confirm::reason).transpose() {
        Ok(reason) => reason,
        Err(error) => {
            let errors = Errors::one("reason", describe(&page, "revoke-reason", error));
            return revoke_form(reader, &person, &role, (&errors, Some(&form))).await;
        }
    };
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, RevokeRole { assignment: role.id }).await?;
        revoke(tx, permit, person.app.door.roles(), reason.as_deref(), &person.ctx).await?;
        Ok(())
    });
    match done {
        Ok(()) => {
            person.app.door.changed();
            Ok(see_other(&format!("{}?done=revoked", home(&role).0)))
        }
        Err(ChangeError::Revoke(RevokeError::LastHolder(_))) => {
            revoke_form(reader, &person, &role, (&Errors::default(), None)).await
        }
        Err(ChangeError::Revoke(RevokeError::ReasonRequired)) => {
            let text = page.t1("error-empty", "field", page.t("revoke-reason"));
            revoke_form(reader, &person, &role, (&Errors::one("reason", text), Some(&form))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A form that asks for a reason.
fn reason_form(
    page: Page,
    back: &str,
    (id, verb): (RoleAssignmentId, &str),
    intro: String,
    errors: &Errors,
) -> FormPage {
    let mut fields = vec![Field { max: 1_000, ..Field::lines(&page, "reason", "revoke-reason") }];
    errors.fill(&mut fields, None);
    let submit = page.t(if verb == "request" { "ask-revoke" } else { "task-decline" });
    let intro = Some(intro);
    FormPage { intro, submit, ..FormPage::saving(page, back, format!("/roles/{id}/{verb}"), fields) }
}

async fn request_form(tx: &mut Tx, person: &SignedIn, role: &RoleAssignment, errors: &Errors) -> PageResult {
    let (back, area) = home(role);
    let mut page = person.page(area, "ask-title");
    page.has_errors = !errors.is_empty();
    let name = holder(tx, role).await?;
    let intro = format!("{name} · {}. {}", role.role, page.t("ask-text"));
    Ok(reason_form(page, &back, (role.id, "request"), intro, errors).show())
}

/// `GET /roles/{assignment}/request`
pub(super) async fn get_request(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let role = find(tx, &person, &id, |assignment| RequestRevocation { assignment }.into()).await?;
    request_form(tx, &person, &role, &Errors::default()).await
}

/// `POST /roles/{assignment}/request`
pub(super) async fn post_request(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let reader = &mut person.app.db.reader().await?;
    let role = find(reader, &person, &id, |assignment| RequestRevocation { assignment }.into()).await?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, RequestRevocation { assignment: role.id }).await?;
        ask::ask(tx, &person.app.door, permit, form.text("reason"), &person.ctx).await?;
        Ok(())
    });
    match done {
        Ok(()) => Ok(see_other("/tasks?done=asked")),
        Err(ChangeError::Request(error)) => {
            let page = person.page(Area::Tasks, "ask-title");
            let errors = explain(&page, error)?;
            request_form(reader, &person, &role, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

fn explain(page: &Page, error: RequestError) -> Result<Errors, Failure> {
    match error {
        RequestError::Reason(error) => Ok(Errors::one("reason", describe(page, "revoke-reason", error))),
        RequestError::AlreadyAsked => Ok(Errors::one("reason", page.t("ask-already"))),
        other => Err(other.into()),
    }
}

fn decline_form(person: &SignedIn, role: &RoleAssignment, errors: &Errors) -> FormPage {
    let mut page = person.page(Area::Tasks, "decline-title");
    page.has_errors = !errors.is_empty();
    let intro = page.t("decline-text");
    reason_form(page, "/tasks", (role.id, "decline"), intro, errors)
}

/// `GET /roles/{assignment}/decline`
pub(super) async fn get_decline(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let role = find(tx, &person, &id, |assignment| DeclineRevocation { assignment }.into()).await?;
    Ok(decline_form(&person, &role, &Errors::default()).show())
}

/// `POST /roles/{assignment}/decline`
pub(super) async fn post_decline(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let reader = &mut person.app.db.reader().await?;
    let role = find(reader, &person, &id, |assignment| DeclineRevocation { assignment }.into()).await?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, DeclineRevocation { assignment: role.id }).await?;
        ask::decline(tx, permit, form.text("reason"), &person.ctx).await?;
        Ok(())
    });
    match done {
        Ok(()) => Ok(see_other("/tasks?done=declined")),
        Err(ChangeError::Request(error)) => {
            let page = person.page(Area::Tasks, "decline-title");
            Ok(decline_form(&person, &role, &explain(&page, error)?).show())
        }
        Err(error) => Err(error.into()),
    }
}
