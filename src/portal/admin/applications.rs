//! Applications and groups: the catalogue of the operator (E51, C02, C07).

use axum::extract::Path;
use axum::response::Response;

use super::plain::{Cell, FormPage, TablePage};
use crate::authority::action::{ManageApplication, ManageGroup};
use crate::db::transact;
use crate::directory::application::manage::{self, ApplicationDetails, ApplicationError, EnvironmentDetails};
use crate::directory::application::model::Application;
use crate::directory::application::{environment_store, store};
use crate::directory::group::manage::{self as groups, GroupDetails, GroupError};
use crate::directory::group::store as group_store;
use crate::kernel::ids::{ApplicationId, EnvironmentId};
use crate::kernel::text::{self, TextError};
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page};

async fn authorised(person: &SignedIn) -> Result<(), Failure> {
    let tx = &mut person.app.db.reader().await?;
    person.app.door.authorise_read(tx, &person.ctx, ManageApplication { application: None }).await?;
    Ok(())
}

/// `GET /admin/applications`
pub(super) async fn get(person: SignedIn) -> PageResult {
    authorised(&person).await?;
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Applications, "applications-title");
    let mut rows = Vec::new();
    for application in store::list(tx).await? {
        let environments = environment_store::list_of_application(tx, application.id).await?;
        let groups = group_store::list_of_application(tx, application.id).await?;
        rows.push(vec![
            Cell::link(application.code, format!("/admin/applications/{}", application.id)),
            Cell::text(application.name),
            Cell::text(environments.into_iter().map(|environment| environment.code).collect::<Vec<_>>().join(", ")),
            Cell::text(groups.into_iter().map(|group| group.code).collect::<Vec<_>>().join(", ")),
        ]);
    }
    let mut table =
        TablePage::new(page.clone(), &["application-code", "application-name", "environment-code", "groups"], rows);
    table.links.push(("/admin/applications/new".to_owned(), page.t("application-new")));
    Ok(table.show())
}

fn fields(page: &Page) -> Vec<Field> {
    vec![
        Field { max: 64, ..Field::text(page, "code", "application-code") }.hint(page, "application-code-hint"),
        Field::text(page, "name", "application-name"),
        Field { max: 500, ..Field::lines(page, "description", "application-description") }.optional(page),
        Field { kind: "url", max: 500, ..Field::text(page, "documentation_url", "application-documentation") }
            .optional(page),
    ]
}

fn new_form(person: &SignedIn, errors: &Errors, form: Option<&Form>) -> Response {
    let mut page = person.page(Area::Applications, "application-new");
    page.has_errors = !errors.is_empty();
    let mut all = fields(&page);
    errors.fill(&mut all, form);
    FormPage::saving(page, "/admin/applications", "/admin/applications/new".to_owned(), all).show()
}

/// `GET /admin/applications/new`
pub(super) async fn get_new(person: SignedIn) -> PageResult {
    authorised(&person).await?;
    Ok(new_form(&person, &Errors::default(), None))
}

/// `POST /admin/applications/new`
pub(super) async fn post_new(person: SignedIn, form: Form) -> PageResult {
    let page = person.page(Area::Applications, "application-new");
    let name = match text::name(form.text("name")) {
        Ok(name) => name,
        Err(error) => {
            return Ok(new_form(
                &person,
                &Errors::one("name", describe(&page, "application-name", error)),
                Some(&form),
            ));
        }
    };
    let made: Result<Application, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageApplication { application: None }).await?;
        let details = ApplicationDetails {
            code: form.text("code").trim().to_owned(),
            name: name.clone(),
            description: form.text("description").trim().to_owned(),
            documentation_url: form.given("documentation_url").map(str::to_owned),
        };
        Ok(manage::create(tx, permit, details, &person.ctx).await?)
    });
    match made {
        Ok(application) => Ok(see_other(&format!("/admin/applications/{}?done=application-saved", application.id))),
        Err(ChangeError::Application(error)) => match explain(&page, &error) {
            Some(errors) => Ok(new_form(&person, &errors, Some(&form))),
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// What a form can say about a refused change.
fn explain(page: &Page, error: &ApplicationError) -> Option<Errors> {
    match error {
        ApplicationError::CodeTaken => Some(Errors::one("code", page.t("code-taken"))),
        ApplicationError::InvalidCode => {
            Some(Errors::one("code", describe(page, "application-code", TextError::Character)))
        }
        ApplicationError::InvalidUrl(field) => Some(Errors::one(field, page.t("error-url"))),
        ApplicationError::Stale | ApplicationError::NotFound | ApplicationError::Db(_) => None,
    }
}

async fn find(person: &SignedIn, id: &str) -> Result<Application, Failure> {
    authorised(person).await?;
    let id: ApplicationId = id.parse().map_err(|_| Failure::NotFound)?;
    store::find(&mut person.app.db.reader().await?, id).await?.ok_or(Failure::NotFound)
}

/// `GET /admin/applications/{id}`: its groups.
pub(super) async fn get_one(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let application = find(&person, &id).await?;
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Applications, "applications-title").titled(application.name.clone());
    let environments = environment_store::list_of_application(tx, application.id).await?;
    let mut rows = Vec::new();
    for group in group_store::list_of_application(tx, application.id).await? {
        let environment = environments.iter().find(|environment| environment.id == group.environment);
        let environment = environment.map(|environment| environment.title.clone()).unwrap_or_default();
        rows.push([group.code, group.display_name, environment, group.description].map(Cell::text).to_vec());
    }
    let mut table = TablePage::new(
        page.clone(),
        &["group-code", "group-name", "environment-code", "application-description"],
        rows,
    );
    table.back = Some(("/admin/applications".to_owned(), page.t("back")));
    let base = format!("/admin/applications/{}", application.id);
    if !environments.is_empty() {
        table.links.push((format!("{base}/groups/new"), page.t("group-new")));
    }
    table.links.push((format!("{base}/environments/new"), page.t("environment-new")));
    Ok(table.show())
}

fn environment_form(person: &SignedIn, application: &Application, errors: &Errors, form: Option<&Form>) -> Response {
    let mut page = person.page(Area::Applications, "environment-new");
    page.has_errors = !errors.is_empty();
    let mut all = vec![
        Field { max: 64, ..Field::text(&page, "code", "environment-code") }.value("production"),
        Field::text(&page, "title", "environment-title").value(application.name.clone()),
        Field { max: 20, ..Field::text(&page, "group_prefix", "environment-prefix") }.optional(&page),
        Field { kind: "url", max: 500, ..Field::text(&page, "launch_url", "environment-launch") }.optional(&page),
        Field::checkbox(&page, "requires_group", "environment-requires", true),
    ];
    errors.fill(&mut all, form);
    let base = format!("/admin/applications/{}", application.id);
    FormPage::saving(page, &base, format!("{base}/environments/new"), all).show()
}

/// `GET /admin/applications/{id}/environments/new`
pub(super) async fn get_environment(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let application = find(&person, &id).await?;
    Ok(environment_form(&person, &application, &Errors::default(), None))
}

/// `POST /admin/applications/{id}/environments/new`
pub(super) async fn post_environment(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let application = find(&person, &id).await?;
    let page = person.page(Area::Applications, "environment-new");
    let title = match text::name(form.text("title")) {
        Ok(title) => title,
        Err(error) => {
            let errors = Errors::one("title", describe(&page, "environment-title", error));
            return Ok(environment_form(&person, &application, &errors, Some(&form)));
        }
    };
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageApplication { application: Some(application.id) }).await?;
        let details = EnvironmentDetails {
            code: form.text("code").trim().to_owned(),
            title: title.clone(),
            group_prefix: form.text("group_prefix").trim().to_owned(),
            launch_url: form.given("launch_url").map(str::to_owned),
            requires_group: form.has("requires_group"),
        };
        manage::create_environment(tx, permit, details, &person.ctx).await?;
        Ok(())
    });
    match made {
        Ok(()) => Ok(see_other(&format!("/admin/applications/{}?done=application-saved", application.id))),
        Err(ChangeError::Application(error)) => match explain(&page, &error) {
            Some(errors) => Ok(environment_form(&person, &application, &errors, Some(&form))),
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

async fn group_form(person: &SignedIn, application: &Application, errors: &Errors, form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let mut page = person.page(Area::Applications, "group-new");
    page.has_errors = !errors.is_empty();
    let environments = environment_store::list_of_application(tx, application.id).await?;
    let choices = environments.into_iter().map(|environment| {
        Choice::new(environment.id.to_string(), format!("{} ({}…)", environment.title, environment.group_prefix), "")
    });
    let mut all = vec![
        Field::select(&page, "environment", "environment-code", choices.collect()),
        Field { max: 64, ..Field::text(&page, "code", "group-code") }.hint(&page, "application-code-hint"),
        Field::text(&page, "display_name", "group-name"),
        Field { max: 500, ..Field::lines(&page, "description", "application-description") }.optional(&page),
        Field { kind: "url", max: 500, ..Field::text(&page, "documentation_url", "application-documentation") }
            .optional(&page),
        Field::checkbox(&page, "sensitive", "group-sensitive", false),
    ];
    errors.fill(&mut all, form);
    let base = format!("/admin/applications/{}", application.id);
    Ok(FormPage::saving(page, &base, format!("{base}/groups/new"), all).show())
}

/// `GET /admin/applications/{id}/groups/new`
pub(super) async fn get_group(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let application = find(&person, &id).await?;
    group_form(&person, &application, &Errors::default(), None).await
}

/// `POST /admin/applications/{id}/groups/new`
pub(super) async fn post_group(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let application = find(&person, &id).await?;
    let page = person.page(Area::Applications, "group-new");
    let environment: EnvironmentId = form.text("environment").parse().map_err(|_| Failure::BadRequest)?;
    let display_name = match text::name(form.text("display_name")) {
        Ok(name) => name,
        Err(error) => {
            return group_form(
                &person,
                &application,
                &Errors::one("display_name", describe(&page, "group-name", error)),
                Some(&form),
            )
            .await;
        }
    };
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = ManageGroup { application: application.id, environment };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        let details = GroupDetails {
            code: form.text("code").trim().to_owned(),
            display_name: display_name.clone(),
            description: form.text("description").trim().to_owned(),
            documentation_url: form.given("documentation_url").map(str::to_owned),
            sensitive: form.has("sensitive"),
            scim: serde_json::Map::new(),
        };
        groups::create(tx, permit, details, &person.ctx).await?;
        Ok(())
    });
    let errors = match made {
        Ok(()) => return Ok(see_other(&format!("/admin/applications/{}?done=group-saved", application.id))),
        Err(ChangeError::Group(GroupError::CodeTaken)) => Errors::one("code", page.t("code-taken")),
        Err(ChangeError::Group(GroupError::InvalidCode)) => {
            Errors::one("code", describe(&page, "group-code", TextError::Character))
        }
        Err(ChangeError::Group(GroupError::InvalidUrl)) => Errors::one("documentation_url", page.t("error-url")),
        Err(error) => return Err(error.into()),
    };
    group_form(&person, &application, &errors, Some(&form)).await
}
