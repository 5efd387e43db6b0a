//! Asking for a change: the form of the organisation, with a reason.

use axum::extract::Path;

use crate::authority::action::RequestAmendment;
use crate::db::{Tx, transact};
use crate::directory::amendment::ask;
use crate::directory::amendment::error::AmendmentError;
use crate::directory::amendment::model::{Amendment, MAX_A_DAY};
use crate::directory::organisation::describe::store as descriptions;
use crate::directory::organisation::model::Organisation;
use crate::directory::organisation::store;
use crate::kernel::ids::OrganisationId;
use crate::kernel::text::MAX_DESCRIPTION;
use crate::portal::admin::level_form::{description, details, explain, sections};
use crate::portal::admin::plain::{FormPage, Section};
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Field, Form, Page};

/// The organisation, if the person may ask for a change of it.
async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Organisation, Failure> {
    let id: OrganisationId = id.parse().map_err(|_| Failure::NotFound)?;
    person.app.door.authorise_read(tx, &person.ctx, RequestAmendment { organisation: id }).await?;
    store::find(tx, id).await?.ok_or(Failure::NotFound)
}

async fn show(
    tx: &mut Tx,
    person: &SignedIn,
    organisation: &Organisation,
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let mut page = person.page(Area::Organisations, "amend-title");
    page.has_errors = !errors.is_empty();
    let said = descriptions::find(tx, organisation.id).await?;
    let mut sections = sections(&page, &person.app.terms, Some((organisation, &said)));
    for section in &mut sections {
        // What the institution calls it is for the institution to say.
        section.fields.retain(|field| field.name != "external_id");
    }
    let why = Field { max: MAX_DESCRIPTION, ..Field::lines(&page, "reason", "amend-reason") };
    let why = vec![why.hint(&page, "amend-reason-hint").optional(&page)];
    sections.push(Section { title: Some(page.t("amend-reason")), fields: why, ..Section::default() });
    for section in &mut sections {
        errors.fill(&mut section.fields, form);
    }
    let (intro, submit) = (Some(page.t("amend-text")), page.t("amend-submit"));
    let base = format!("/organisations/{}", organisation.id);
    Ok(FormPage { intro, sections, submit, ..FormPage::saving(page, &base, format!("{base}/amend"), Vec::new()) }
        .show())
}

/// `GET /organisations/{organisation}/amend`
pub(super) async fn get(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let organisation = find(tx, &person, &id).await?;
    show(tx, &person, &organisation, (&Errors::default(), None)).await
}

/// What the form can say about a request that was not taken.
fn wrong(page: &Page, error: &AmendmentError) -> Option<Errors> {
    match error {
        AmendmentError::Organisation(error) => explain(page, error),
        AmendmentError::Nothing => Some(Errors::one("name", page.t("amend-nothing"))),
        AmendmentError::AlreadyAsked => Some(Errors::one("name", page.t("amend-already"))),
        AmendmentError::TooMany => Some(Errors::one("name", page.t1("amend-too-many", "most", MAX_A_DAY))),
        AmendmentError::Reason(error) => Some(Errors::one("reason", describe(page, "amend-reason", *error))),
        _ => None,
    }
}

/// `POST /organisations/{organisation}/amend`
pub(super) async fn post(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let organisation = find(tx, &person, &id).await?;
    let page = person.page(Area::Organisations, "amend-title");
    let stored = descriptions::find(tx, organisation.id).await?;
    let said = match description(&page, &form, &person.app.terms, &stored) {
        Ok(said) => said,
        Err(errors) => return show(tx, &person, &organisation, (&errors, Some(&form))).await,
    };
    let asked: Result<Amendment, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, RequestAmendment { organisation: organisation.id }).await?;
        let wanted = (details(&form), said.clone());
        Ok(ask::ask(tx, permit, wanted, (form.text("reason"), &person.app.terms), &person.ctx).await?)
    });
    match asked {
        Ok(asked) => Ok(see_other(&format!("/amendments/{}?done=amendment-asked", asked.id))),
        Err(ChangeError::Amendment(error)) => match wrong(&page, &error) {
            Some(errors) => show(tx, &person, &organisation, (&errors, Some(&form))).await,
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}
