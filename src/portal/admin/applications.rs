//! Applications: the catalogue of the operator, creating and changing one (E51, C02).

use axum::extract::Path;
use axum::response::Response;

use super::plain::{Cell, FormPage, Table, TablePage};
use crate::authority::action::ManageApplication;
use crate::db::{Tx, transact};
use crate::directory::application::manage::{self, ApplicationDetails, ApplicationError};
use crate::directory::application::model::Application;
use crate::directory::application::{environment_store, remove, store};
use crate::directory::group::store as group_store;
use crate::directory::module::model::{Coordinators, ModuleRules};
use crate::kernel::ids::ApplicationId;
use crate::kernel::text::{self, TextError};
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page};

/// Whether the person manages applications at all.
pub(super) async fn authorised(tx: &mut Tx, person: &SignedIn) -> Result<(), Failure> {
    person.app.door.authorise_read(tx, &person.ctx, ManageApplication { application: None }).await?;
    Ok(())
}

/// The application of an address.
pub(super) async fn find(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Application, Failure> {
    authorised(tx, person).await?;
    let id: ApplicationId = id.parse().map_err(|_| Failure::NotFound)?;
    store::find(tx, id).await?.ok_or(Failure::NotFound)
}

/// `GET /admin/applications`
pub(super) async fn get(person: SignedIn) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    authorised(tx, &person).await?;
    let mut page = person.page(Area::Applications, "applications-title");
    let environments = environment_store::list(tx).await?;
    let counts = group_store::count_by_environment(tx).await?;
    let row = |application: Application| {
        let own = || environments.iter().filter(|environment| environment.application == application.id);
        let titles: Vec<_> = own().map(|environment| environment.title.as_str()).collect();
        let groups: i64 = own().filter_map(|environment| counts.get(&environment.id)).sum();
        vec![
            Cell::link(application.name.clone(), format!("/admin/applications/{}", application.id))
                .noted(application.description.clone()),
            Cell::code(application.code.clone()),
            Cell::text(titles.join(", ")),
            Cell::text(groups.to_string()),
        ]
    };
    let rows: Vec<_> = store::list(tx).await?.into_iter().map(row).collect();
    page.results = Some(rows.len() as u64);
    let caption = page.count("applications-caption", rows.len() as u64);
    let columns = ["application-name", "application-code", "environments", "groups"];
    let table = Table::new(&page, caption, &columns, rows).or_else(&page, "applications-none");
    let links = vec![("/admin/applications/new".to_owned(), page.t("application-new"))];
    Ok(TablePage { links, ..TablePage::new(page, table) }.show())
}

/// The fields of an application; its code is asked for once.
fn fields(page: &Page, stored: Option<&Application>) -> Vec<Field> {
    let value = |part: fn(&Application) -> Option<String>| stored.and_then(part).unwrap_or_default();
    let code = Field { max: 64, ..Field::text(page, "code", "application-code") }.hint(page, "application-code-hint");
    let mut fields = if stored.is_some() { Vec::new() } else { vec![code] };
    fields.extend([
        Field::text(page, "name", "application-name").value(value(|application| Some(application.name.clone()))),
        Field { max: 500, ..Field::lines(page, "description", "application-description") }
            .hint(page, "application-description-hint")
            .optional(page)
            .value(value(|application| Some(application.description.clone()))),
        link(page, "documentation_url", "application-documentation")
            .value(value(|application| application.documentation_url.clone())),
        Field::checkbox(
            page,
            "module_access",
            "application-module-access",
            stored.is_some_and(|application| application.modules.required),
        )
        .hint(page, "application-module-access-hint"),
        coordinators(page, stored),
    ]);
    fields
}

/// Whether authorities name coordinators (I54).
fn coordinators(page: &Page, stored: Option<&Application>) -> Field {
    let present = stored.map(|application| application.modules.coordinators).unwrap_or_default();
    let choice = |one: Coordinators| {
        Choice::new(one.as_str(), page.t(&format!("application-coordinators-{}", one.as_str())), present.as_str())
    };
    let choices = Coordinators::ALL.into_iter().map(choice).collect();
    Field::select(page, "linked_coordinators", "application-coordinators", choices)
        .hint(page, "application-coordinators-hint")
}

/// A field for an address that may be left out.
pub(super) fn link(page: &Page, name: &str, label: &str) -> Field {
    Field { kind: "url", max: 500, ..Field::text(page, name, label) }.hint(page, "url-hint").optional(page)
}

/// Reads a form of details; `code` is the stored one where it never changes.
fn read(page: &Page, form: &Form, code: Option<&str>) -> Result<ApplicationDetails, Errors> {
    let mut reader = Reader::new(page, form);
    let name = reader.required("name", "application-name", text::name);
    let description = reader.optional("description", "application-description", paragraph);
    match name {
        Some(name) if reader.is_clean() => Ok(ApplicationDetails {
            code: code.unwrap_or_else(|| form.text("code").trim()).to_owned(),
            name,
            description: description.unwrap_or_default(),
            documentation_url: form.given("documentation_url").map(str::to_owned),
            modules: ModuleRules {
                required: form.has("module_access"),
                coordinators: Coordinators::parse(form.text("linked_coordinators")).unwrap_or_default(),
            },
        }),
        _ => Err(reader.into_errors()),
    }
}

/// Some lines of text as one: up to 500 characters without control or direction characters.
pub(super) fn paragraph(text: &str) -> Result<String, TextError> {
    text::line(&text.split_whitespace().collect::<Vec<_>>().join(" "), 500)
}

/// What a form can say about a refused change.
pub(super) fn explain(page: &Page, error: &ApplicationError) -> Option<Errors> {
    match error {
        ApplicationError::CodeTaken => Some(Errors::one("code", page.t("code-taken"))),
        ApplicationError::InvalidCode => {
            Some(Errors::one("code", describe(page, "application-code", TextError::Character)))
        }
        ApplicationError::InvalidUrl(field) => Some(Errors::one(field, page.t("error-url"))),
        ApplicationError::Text { field, error } => {
            let label = match *field {
                "title" => "environment-title",
                "description" => "application-description",
                _ => "application-name",
            };
            Some(Errors::one(field, describe(page, label, *error)))
        }
        ApplicationError::WeakSignIn(needed) => {
            Some(Errors::one("second_factor", page.t(&format!("second-factor-own-{needed}"))))
        }
        ApplicationError::InUse | ApplicationError::Stale | ApplicationError::NotFound | ApplicationError::Db(_) => {
            None
        }
    }
}

fn form_page(person: &SignedIn, stored: Option<&Application>, errors: &Errors, form: Option<&Form>) -> Response {
    let title = if stored.is_some() { "application-edit" } else { "application-new" };
    let mut page = person.page(Area::Applications, title);
    page.has_errors = !errors.is_empty();
    let mut all = fields(&page, stored);
    errors.fill(&mut all, form);
    let (back, action) = match stored {
        Some(application) => {
            let base = format!("/admin/applications/{}", application.id);
            (base.clone(), format!("{base}/edit"))
        }
        None => ("/admin/applications".to_owned(), "/admin/applications/new".to_owned()),
    };
    FormPage::saving(page, &back, action, all).show()
}

fn answer(
    person: &SignedIn,
    made: Result<ApplicationId, ChangeError>,
    (stored, form): (Option<&Application>, &Form),
) -> PageResult {
    match made {
        Ok(id) => Ok(see_other(&format!("/admin/applications/{id}?done=application-saved"))),
        Err(ChangeError::Application(error)) => {
            match explain(&person.page(Area::Applications, "applications-title"), &error) {
                Some(errors) => Ok(form_page(person, stored, &errors, Some(form))),
                None => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/applications/new`
pub(super) async fn get_new(person: SignedIn) -> PageResult {
    authorised(&mut person.app.db.reader().await?, &person).await?;
    Ok(form_page(&person, None, &Errors::default(), None))
}

/// `POST /admin/applications/new`
pub(super) async fn post_new(person: SignedIn, form: Form) -> PageResult {
    authorised(&mut person.app.db.reader().await?, &person).await?;
    let page = person.page(Area::Applications, "application-new");
    let details = match read(&page, &form, None) {
        Ok(details) => details,
        Err(errors) => return Ok(form_page(&person, None, &errors, Some(&form))),
    };
    let made: Result<ApplicationId, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageApplication { application: None }).await?;
        Ok(manage::create(tx, permit, details.clone(), &person.ctx).await?.id)
    });
    answer(&person, made, (None, &form))
}

/// `GET /admin/applications/{id}/edit`
pub(super) async fn get_edit(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let application = find(&mut person.app.db.reader().await?, &person, &id).await?;
    Ok(form_page(&person, Some(&application), &Errors::default(), None))
}

/// `POST /admin/applications/{id}/edit`
pub(super) async fn post_edit(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let application = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let page = person.page(Area::Applications, "application-edit");
    let details = match read(&page, &form, Some(&application.code)) {
        Ok(details) => details,
        Err(errors) => return Ok(form_page(&person, Some(&application), &errors, Some(&form))),
    };
    let made: Result<ApplicationId, ChangeError> = transact!(person.app.db, tx => {
        let action = ManageApplication { application: Some(application.id) };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(manage::update(tx, permit, details.clone(), &person.ctx).await?.id)
    });
    answer(&person, made, (Some(&application), &form))
}

/// `GET /admin/applications/{id}/delete`
pub(super) async fn get_delete(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let application = find(tx, &person, &id).await?;
    if store::count_uses(tx, application.id).await? > 0 {
        return Err(Failure::Conflict);
    }
    let page = person.page(Area::Applications, "application-delete-title");
    let intro = Some(page.t1("application-delete-text", "name", &application.name));
    let base = format!("/admin/applications/{}", application.id);
    Ok(FormPage { intro, ..FormPage::asking(page, &base, format!("{base}/delete"), "delete") }.show())
}

/// `POST /admin/applications/{id}/delete`
pub(super) async fn post_delete(person: SignedIn, Path(id): Path<String>, _form: Form) -> PageResult {
    let application = find(&mut person.app.db.reader().await?, &person, &id).await?;
    let gone: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = ManageApplication { application: Some(application.id) };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(remove::remove(tx, permit, &person.ctx).await?)
    });
    gone?;
    Ok(see_other("/admin/applications?done=application-deleted"))
}
