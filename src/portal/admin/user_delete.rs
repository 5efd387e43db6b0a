//! Delete a user: consequences first, then a reason.

use askama::Template;
use axum::extract::Path;

use super::target::{self, Target};
use crate::authority::action::DeleteUser;
use crate::db::transact;
use crate::directory::membership;
use crate::directory::user::delete;
use crate::directory::user::error::UserError;
use crate::directory::user::guard::Guard;
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::text;
use crate::portal::error::{ChangeError, PageResult};
use crate::portal::form::{Errors, Reader};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Form, Page};

#[derive(Template)]
#[template(path = "pages/admin/user_delete.html")]
struct DeleteTemplate {
    page: Page,
    id: UserId,
    name: String,
    consequences: Vec<String>,
    fields: Vec<Field>,
}

/// `GET /admin/users/{id}/delete`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let found = target::find(tx, &person, &id).await?;
    person.app.door.authorise_read(tx, &person.ctx, DeleteUser { user: found.user.id }).await?;
    show(&person, &found, &Errors::default(), None).await
}

async fn show(person: &SignedIn, found: &Target, errors: &Errors, form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Users, "user-delete-title");
    page.has_errors = !errors.is_empty();
    let memberships = membership::store::list_of_user(tx, found.user.id).await?.len();
    let roles =
        person.app.door.authority_of(tx, PrincipalId::Person(found.user.id), person.ctx.now).await?.assignments.len();
    let consequences = vec![
        page.t("user-delete-sign-in"),
        page.count("user-delete-memberships", memberships as u64),
        page.count("user-delete-roles", roles as u64),
        page.t("user-delete-restore"),
    ];
    let mut fields = vec![Field::text(&page, "reason", "user-delete-reason")];
    errors.fill(&mut fields, form);
    Ok(render(&DeleteTemplate { page, id: found.user.id, name: found.name(), consequences, fields }))
}

/// `POST /admin/users/{id}/delete`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let found = target::find(&mut person.app.db.reader().await?, &person, &id).await?;
    let page = person.page(Area::Users, "user-delete-title");
    let mut reader = Reader::new(&page, &form);
    let Some(reason) = reader.required("reason", "user-delete-reason", |value| text::line(value, text::MAX_NAME))
    else {
        return show(&person, &found, &reader.into_errors(), Some(&form)).await;
    };
    let user = found.user.id;
    let deleted: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, DeleteUser { user }).await?;
        let guard = Guard { roles: person.app.door.roles(), actor: &person.authority, reason: Some(&reason) };
        Ok(delete::delete(tx, permit, None, guard, &person.ctx).await?)
    });
    match deleted {
        Ok(()) => {
            person.app.door.changed();
            Ok(see_other("/admin/users?done=user-deleted"))
        }
        Err(ChangeError::User(UserError::LastHolder(_))) => {
            let errors = Errors::one("reason", page.t("user-delete-last"));
            show(&person, &found, &errors, Some(&form)).await
        }
        Err(error) => Err(error.into()),
    }
}
