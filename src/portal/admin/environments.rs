//! Environments of an application: its own tile, its own clients, its own groups with their prefix (C02, C07).

use axum::extract::Path;
use axum::response::Response;

use super::applications::{explain, find, link};
use super::plain::FormPage;
use super::second_factor;
use crate::authority::action::ManageApplication;
use crate::db::{Tx, transact};
use crate::directory::application::manage::{self, EnvironmentDetails};
use crate::directory::application::model::{Application, Environment};
use crate::directory::application::{environment_store, remove};
use crate::kernel::ids::EnvironmentId;
use crate::kernel::text;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Field, Form, Page};

/// The environment of an address that belongs to the application of the same address.
async fn find_one(
    tx: &mut Tx,
    person: &SignedIn,
    (application, id): (&str, &str),
) -> Result<(Application, Environment), Failure> {
    let application = find(tx, person, application).await?;
    let id: EnvironmentId = id.parse().map_err(|_| Failure::NotFound)?;
    let found = environment_store::find(tx, id).await?.filter(|found| found.application == application.id);
    Ok((application, found.ok_or(Failure::NotFound)?))
}

/// Code and prefix are asked for once: memberships and claims stand on them.
fn fields(page: &Page, application: &Application, stored: Option<&Environment>) -> Vec<Field> {
    let mut fields = Vec::new();
    if stored.is_none() {
        fields.push(
            Field { max: 64, ..Field::text(page, "code", "environment-code") }
                .hint(page, "environment-code-hint")
                .value("production"),
        );
        fields.push(
            Field { max: 20, narrow: true, ..Field::text(page, "group_prefix", "environment-prefix") }
                .hint(page, "environment-prefix-hint")
                .optional(page),
        );
    }
    let title = stored.map_or(&application.name, |environment| &environment.title);
    let launch = stored.and_then(|environment| environment.launch_url.clone()).unwrap_or_default();
    let asked = stored.map(|environment| environment.second_factor).unwrap_or_default();
    let requires = stored.is_none_or(|environment| environment.requires_group);
    fields.extend([
        Field::text(page, "title", "environment-title").hint(page, "environment-title-hint").value(title.clone()),
        link(page, "launch_url", "environment-launch").hint(page, "environment-launch-hint").value(launch),
        Field::checkbox(page, "requires_group", "environment-requires", requires),
        second_factor::field(page, "second-factor-environment-hint", asked),
    ]);
    fields
}

fn form_page(
    person: &SignedIn,
    application: &Application,
    stored: Option<&Environment>,
    (errors, form): (&Errors, Option<&Form>),
) -> Response {
    let base = format!("/admin/applications/{}", application.id);
    let (title, action) = match stored {
        Some(environment) => ("environment-edit", format!("{base}/environments/{}", environment.id)),
        None => ("environment-new", format!("{base}/environments/new")),
    };
    let mut page = person.page(Area::Applications, title);
    page.has_errors = !errors.is_empty();
    let mut all = fields(&page, application, stored);
    errors.fill(&mut all, form);
    let mut shown = FormPage::saving(page, &base, action.clone(), all);
    if stored.is_some() {
        shown.end = Some((format!("{action}/delete"), shown.page.t("environment-delete-title")));
    }
    shown.show()
}

fn read(page: &Page, form: &Form, stored: Option<&Environment>) -> Result<EnvironmentDetails, Errors> {
    let mut reader = Reader::new(page, form);
    let Some(title) = reader.required("title", "environment-title", text::name) else {
        return Err(reader.into_errors());
    };
    let sent = |name: &str| form.text(name).trim().to_owned();
    Ok(EnvironmentDetails {
        code: stored.map_or_else(|| sent("code"), |environment| environment.code.clone()),
        title,
        group_prefix: stored.map_or_else(|| sent("group_prefix"), |environment| environment.group_prefix.clone()),
        launch_url: form.given("launch_url").map(str::to_owned),
        requires_group: form.has("requires_group"),
        second_factor: second_factor::read(
            page,
            form,
            stored.map(|environment| environment.second_factor).unwrap_or_default(),
        )?,
    })
}

/// `GET /admin/applications/{id}/environments/new`
pub(super) async fn get_new(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let application = find(&mut person.app.db.reader().await?, &person, &id).await?;
    Ok(form_page(&person, &application, None, (&Errors::default(), None)))
}

/// `GET /admin/applications/{id}/environments/{environment}`
pub(super) async fn get(person: SignedIn, Path((id, environment)): Path<(String, String)>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let (application, environment) = find_one(tx, &person, (&id, &environment)).await?;
    Ok(form_page(&person, &application, Some(&environment), (&Errors::default(), None)))
}

/// `POST /admin/applications/{id}/environments/new`
pub(super) async fn post_new(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let application = find(&mut person.app.db.reader().await?, &person, &id).await?;
    save(&person, &application, None, &form).await
}

/// `POST /admin/applications/{id}/environments/{environment}`
pub(super) async fn post(person: SignedIn, Path((id, environment)): Path<(String, String)>, form: Form) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let (application, environment) = find_one(tx, &person, (&id, &environment)).await?;
    save(&person, &application, Some(&environment), &form).await
}

async fn save(person: &SignedIn, application: &Application, stored: Option<&Environment>, form: &Form) -> PageResult {
    let page = person.page(Area::Applications, "environment-new");
    let details = match read(&page, form, stored) {
        Ok(details) => details,
        Err(errors) => return Ok(form_page(person, application, stored, (&errors, Some(form)))),
    };
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = ManageApplication { application: Some(application.id) };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        match stored {
            Some(environment) => {
                manage::update_environment(tx, permit, environment.id, details.clone(), &person.ctx).await?
            }
            None => manage::create_environment(tx, permit, details.clone(), &person.ctx).await?,
        };
        Ok(())
    });
    match made {
        Ok(()) => Ok(see_other(&format!("/admin/applications/{}?done=environment-saved", application.id))),
        Err(ChangeError::Application(error)) => match explain(&page, &error) {
            Some(errors) => Ok(form_page(person, application, stored, (&errors, Some(form)))),
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// `GET /admin/applications/{id}/environments/{environment}/delete`: only while nothing stands on it.
pub(super) async fn get_delete(person: SignedIn, Path((id, environment)): Path<(String, String)>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let (application, environment) = find_one(tx, &person, (&id, &environment)).await?;
    let base = format!("/admin/applications/{}", application.id);
    let action = format!("{base}/environments/{}/delete", environment.id);
    let page = person.page(Area::Applications, "environment-delete-title");
    if environment_store::count_uses(tx, environment.id).await? > 0 {
        let warning = Some(page.t1("environment-in-use", "name", &environment.title));
        return Ok(FormPage { warning, ..FormPage::telling(page, &base) }.show());
    }
    let intro = Some(page.t1("environment-delete-text", "name", &environment.title));
    Ok(FormPage { intro, ..FormPage::asking(page, &base, action, "delete") }.show())
}

/// `POST /admin/applications/{id}/environments/{environment}/delete`
pub(super) async fn post_delete(
    person: SignedIn,
    Path((id, environment)): Path<(String, String)>,
    _form: Form,
) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let (application, environment) = find_one(tx, &person, (&id, &environment)).await?;
    let gone: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = ManageApplication { application: Some(application.id) };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(remove::remove_environment(tx, permit, environment.id, &person.ctx).await?)
    });
    gone?;
    Ok(see_other(&format!("/admin/applications/{}?done=environment-deleted", application.id)))
}
