//! Changing what a level is and what it says about itself.

use axum::extract::Path;

use super::level::find_own;
use super::level_form::{description, details, explain, sections};
use super::levels::saved;
use super::plain::FormPage;
use super::{level_taken, tree};
use crate::authority::Permission;
use crate::authority::action::UpdateOrganisation;
use crate::db::{Tx, transact};
use crate::directory::organisation::describe::model::Description;
use crate::directory::organisation::describe::{change, rules, store as descriptions};
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::update;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::Form;

async fn show(
    tx: &mut Tx,
    person: &SignedIn,
    level: &Organisation,
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let mut page = person.page(Area::Levels, "level-edit");
    page.has_errors = !errors.is_empty();
    let said = descriptions::find(tx, level.id).await?;
    let mut sections = sections(&page, &person.app.terms, Some((level, &said)));
    for section in &mut sections {
        errors.fill(&mut section.fields, form);
    }
    let base = format!("/admin/levels/{}", level.id);
    let hidden = vec![("version".to_owned(), level.version.to_string())];
    Ok(FormPage { hidden, sections, ..FormPage::saving(page, &base, format!("{base}/edit"), Vec::new()) }.show())
}

/// `GET /admin/levels/{id}/edit`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find_own(tx, &person, &id).await?;
    show(tx, &person, &level, (&Errors::default(), None)).await
}

/// What was sent, as it would be stored.
async fn read(
    tx: &mut Tx,
    person: &SignedIn,
    level: &Organisation,
    form: &Form,
) -> Result<Result<Description, Errors>, Failure> {
    let page = person.page(Area::Levels, "level-edit");
    let terms = &person.app.terms;
    let stored = descriptions::find(tx, level.id).await?;
    let said = match description(&page, form, terms, &stored) {
        Ok(said) => said,
        Err(errors) => return Ok(Err(errors)),
    };
    match rules::checked(said, terms, &stored) {
        Ok(said) => Ok(Ok(said)),
        Err(error) => explain(&page, &error).map(Err).ok_or_else(|| error.into()),
    }
}

/// `POST /admin/levels/{id}/edit`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let level = find_own(tx, &person, &id).await?;
    let version: i64 = form.text("version").parse().map_err(|_| Failure::BadRequest)?;
    let said = match read(tx, &person, &level, &form).await? {
        Ok(said) => said,
        Err(errors) => return show(tx, &person, &level, (&errors, Some(&form))).await,
    };
    let scope = tree::scope(&person, &[Permission::OrganisationRead]);
    if let Some(errors) = level_taken::errors(&person, &scope, (&details(&form), &said), Some(level.id)).await? {
        return show(tx, &person, &level, (&errors, Some(&form))).await;
    }
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = UpdateOrganisation { organisation: level.id };
        let permit = person.app.door.authorise(tx, &person.ctx, action.clone()).await?;
        update::update(tx, permit, details(&form), Some(version), &person.ctx).await?;
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        change::describe(tx, permit, &person.app.terms, said.clone(), &person.ctx).await?;
        Ok(())
    });
    match made {
        Ok(()) => Ok(saved(&person, level.id)),
        Err(ChangeError::Organisation(error)) => match explain(&person.page(Area::Levels, "level-edit"), &error) {
            Some(errors) => show(tx, &person, &level, (&errors, Some(&form))).await,
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}
