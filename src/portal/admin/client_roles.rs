//! The roles of a service: given and taken by the same boxes and the same decision as those of people (D3, D5).

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;

use super::clients::find;
use super::roles::{self, Holder};
use super::{reach, user_edit};
use crate::db::{Tx, transact};
use crate::delegation::model::State;
use crate::directory::client::model::Client;
use crate::directory::{names_store, organisation};
use crate::kernel::ids::PrincipalId;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render_form, see_other};
use crate::web::{Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/admin/client_roles.html")]
struct RolesTemplate {
    page: Page,
    back: String,
    name: String,
    level: String,
    problems: Vec<Field>,
    roles: Vec<roles::Section>,
    sub_levels: Option<bool>,
    reason: Vec<Field>,
}

/// Whose roles they are; none for what is no service.
fn holder(client: &Client) -> Option<Holder> {
    client.organisation.map(|organisation| Holder { principal: PrincipalId::Service(client.id), organisation })
}

/// What a service may do, on its page: one line for each role.
pub(super) async fn lines(
    tx: &mut Tx,
    person: &SignedIn,
    page: &Page,
    client: &Client,
) -> Result<Option<Vec<String>>, Failure> {
    let Some(holder) = holder(client) else { return Ok(None) };
    let held = roles::held(tx, person, holder.principal).await?;
    let places: BTreeSet<_> = held.iter().map(|held| held.organisation.0).collect();
    let levels = names_store::list_organisations(tx, &reach::levels(person), &places).await?;
    let line = |held: &crate::delegation::model::RoleAssignment| {
        let level = levels.get(&held.organisation.0).cloned().unwrap_or_else(|| page.t("level-outside"));
        let mut parts = vec![held.role.clone(), level];
        if held.include_sub_levels {
            parts.push(page.t("role-with-sub-levels"));
        }
        if held.state == State::Pending {
            parts.push(page.t("role-pending"));
        }
        parts.join(" · ")
    };
    Ok(Some(held.iter().map(line).collect()))
}

/// `GET /admin/clients/{id}/roles`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = find(tx, &person, &id).await?;
    show(tx, &person, &client, (&Errors::default(), None)).await
}

async fn show(tx: &mut Tx, person: &SignedIn, client: &Client, (errors, form): (&Errors, Option<&Form>)) -> PageResult {
    let holder = holder(client).ok_or(Failure::NotFound)?;
    let mut page = person.page(Area::Clients, "service-roles");
    page.has_errors = !errors.is_empty();
    let problem = |error| Field { id: "roles".to_owned(), error: Some(error), ..Field::default() };
    let mut problems: Vec<Field> = errors.of("roles").map(problem).into_iter().collect();
    let mut roles = roles::sections(tx, person, &page, &holder).await?;
    let sub_levels = roles::asks_for_sub_levels(&roles, form);
    if let Some(form) = form {
        roles::refill(&mut roles, form);
    }
    let reason = roles::reason(&page, errors, form);
    problems.extend(reason.iter().cloned());
    let level = organisation::store::find(tx, holder.organisation).await?.map(|level| level.name).unwrap_or_default();
    let (back, name) = (format!("/admin/clients/{}", client.id), client.name.clone());
    let view = RolesTemplate { page, back, name, level, problems, roles, sub_levels, reason };
    Ok(render_form(&view.page, &view))
}

/// `POST /admin/clients/{id}/roles`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let client = find(tx, &person, &id).await?;
    let holder = holder(&client).ok_or(Failure::NotFound)?;
    let saved: Result<bool, ChangeError> =
        transact!(person.app.db, tx => roles::apply(tx, &person, &holder, &form).await);
    match saved {
        Ok(_) => {
            person.app.door.changed();
            Ok(see_other(&format!("/admin/clients/{}?done=client-saved", client.id)))
        }
        Err(error) => match user_edit::explain(&person.page(Area::Clients, "service-roles"), &error) {
            Some(errors) => show(tx, &person, &client, (&errors, Some(&form))).await,
            None => Err(error.into()),
        },
    }
}
