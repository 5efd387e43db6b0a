//! Groups of an application: code, name, what they allow, where they are explained (E57, C07, C10, C11).

use axum::extract::Path;

use super::applications::{find, link, paragraph};
use super::inner_groups;
use super::plain::FormPage;
use crate::authority::action::ManageGroup;
use crate::authority::{Reason, Refusal};
use crate::db::{Tx, transact};
use crate::directory::application::environment_store;
use crate::directory::application::model::{Application, Environment};
use crate::directory::group::manage::{self, GroupDetails, GroupError};
use crate::directory::group::model::Group;
use crate::directory::group::{nesting_store, store};
use crate::directory::membership::store as memberships;
use crate::kernel::ids::{EnvironmentId, GroupId};
use crate::kernel::text::{self, TextError};
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page};

/// The group of an address that belongs to the application of the same address.
async fn find_one(
    tx: &mut Tx,
    person: &SignedIn,
    (application, id): (&str, &str),
) -> Result<(Application, Group), Failure> {
    let application = find(tx, person, application).await?;
    let id: GroupId = id.parse().map_err(|_| Failure::NotFound)?;
    let found = store::find(tx, id).await?.filter(|group| group.application == application.id);
    Ok((application, found.ok_or(Failure::NotFound)?))
}

fn fields(page: &Page, environments: Vec<Environment>, stored: Option<&Group>) -> Vec<Field> {
    let mut fields = Vec::new();
    if stored.is_none() {
        let choice = |environment: Environment| {
            let text = match environment.group_prefix.as_str() {
                "" => environment.title,
                prefix => format!("{} ({prefix}…)", environment.title),
            };
            Choice::new(environment.id.to_string(), text, "")
        };
        let choices = environments.into_iter().map(choice).collect();
        fields.push(Field::select(page, "environment", "environment-code", choices));
        fields.push(Field { max: 64, ..Field::text(page, "code", "group-code") }.hint(page, "group-code-hint"));
    }
    let value = |part: fn(&Group) -> Option<String>| stored.and_then(part).unwrap_or_default();
    fields.extend([
        Field::text(page, "display_name", "group-name").value(value(|group| Some(group.display_name.clone()))),
        Field { max: 500, ..Field::lines(page, "description", "application-description") }
            .hint(page, "group-description-hint")
            .optional(page)
            .value(value(|group| Some(group.description.clone()))),
        link(page, "documentation_url", "application-documentation")
            .value(value(|group| group.documentation_url.clone())),
        Field::checkbox(page, "sensitive", "group-sensitive", stored.is_some_and(|group| group.sensitive)),
    ]);
    fields
}

async fn form_page(
    person: &SignedIn,
    application: &Application,
    stored: Option<&Group>,
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let base = format!("/admin/applications/{}", application.id);
    let (mut page, action) = match stored {
        Some(group) => {
            let page = person.page(Area::Applications, "group-edit").titled(group.code.clone());
            (page, format!("{base}/groups/{}", group.id))
        }
        None => (person.page(Area::Applications, "group-new"), format!("{base}/groups/new")),
    };
    page.has_errors = !errors.is_empty();
    let environments = environment_store::list_of_application(tx, application.id).await?;
    let mut all = fields(&page, environments, stored);
    all.push(inner_groups::field(tx, &page, stored).await?);
    errors.fill(&mut all, form);
    let mut shown = FormPage::saving(page, &base, action.clone(), all);
    if let Some(group) = stored {
        shown.hidden.push(("version".to_owned(), group.version.to_string()));
        shown.end = Some((format!("{action}/delete"), shown.page.t("group-delete-title")));
    }
    Ok(shown.show())
}

fn read(page: &Page, form: &Form, stored: Option<&Group>) -> Result<GroupDetails, Errors> {
    let mut reader = Reader::new(page, form);
    let name = reader.required("display_name", "group-name", text::name);
    let description = reader.optional("description", "application-description", paragraph);
    match name {
        Some(display_name) if reader.is_clean() => Ok(GroupDetails {
            code: form.text("code").trim().to_owned(),
            display_name,
            description: description.unwrap_or_default(),
            documentation_url: form.given("documentation_url").map(str::to_owned),
            sensitive: form.has("sensitive"),
            scim: stored.map(|group| group.scim.clone()).unwrap_or_default(),
        }),
        _ => Err(reader.into_errors()),
    }
}

/// `GET /admin/applications/{id}/groups/new`
pub(super) async fn get_new(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let application = find(&mut person.app.db.reader().await?, &person, &id).await?;
    form_page(&person, &application, None, (&Errors::default(), None)).await
}

/// `GET /admin/applications/{id}/groups/{group}`
pub(super) async fn get(person: SignedIn, Path((id, group)): Path<(String, String)>) -> PageResult {
    let (application, group) = find_one(&mut person.app.db.reader().await?, &person, (&id, &group)).await?;
    form_page(&person, &application, Some(&group), (&Errors::default(), None)).await
}

/// `POST /admin/applications/{id}/groups/new`
pub(super) async fn post_new(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let application = find(&mut person.app.db.reader().await?, &person, &id).await?;
    save(&person, &application, None, &form).await
}

/// `POST /admin/applications/{id}/groups/{group}`
pub(super) async fn post(person: SignedIn, Path((id, group)): Path<(String, String)>, form: Form) -> PageResult {
    let (application, group) = find_one(&mut person.app.db.reader().await?, &person, (&id, &group)).await?;
    save(&person, &application, Some(&group), &form).await
}

async fn save(person: &SignedIn, application: &Application, stored: Option<&Group>, form: &Form) -> PageResult {
    let page = person.page(Area::Applications, "group-new");
    let details = match read(&page, form, stored) {
        Ok(details) => details,
        Err(errors) => return form_page(person, application, stored, (&errors, Some(form))).await,
    };
    let environment: EnvironmentId = match stored {
        Some(group) => group.environment,
        None => form.text("environment").parse().map_err(|_| Failure::BadRequest)?,
    };
    let inner = match inner_groups::read(&mut person.app.db.reader().await?, environment, form).await? {
        Ok(inner) => inner,
        Err(code) => {
            let errors = Errors::one(inner_groups::NAME, page.t1("group-inner-unknown", "code", code));
            return form_page(person, application, stored, (&errors, Some(form))).await;
        }
    };
    let version: Option<i64> = form.text("version").parse().ok();
    let made: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = ManageGroup { application: application.id, environment };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        let saved = match stored {
            Some(group) => manage::update(tx, permit, group.id, details.clone(), version, &person.ctx).await?,
            None => manage::create(tx, permit, details.clone(), &person.ctx).await?,
        };
        if form.has(inner_groups::NAME) { inner_groups::save(tx, person, &saved, &inner).await } else { Ok(()) }
    });
    let errors = match made {
        Ok(()) => return Ok(see_other(&format!("/admin/applications/{}?done=group-saved", application.id))),
        Err(ChangeError::Group(GroupError::CodeTaken)) => Errors::one("code", page.t("code-taken")),
        Err(ChangeError::Group(GroupError::InvalidCode)) => {
            Errors::one("code", describe(&page, "group-code", TextError::Character))
        }
        Err(ChangeError::Group(GroupError::InvalidUrl)) => Errors::one("documentation_url", page.t("error-url")),
        Err(ChangeError::Group(GroupError::Text { field, error })) => {
            let label = if field == "description" { "application-description" } else { "group-name" };
            Errors::one(field, describe(&page, label, error))
        }
        Err(ChangeError::Group(error)) => match inner_groups::problem(&page, &error) {
            Some(text) => Errors::one(inner_groups::NAME, text),
            None => return Err(error.into()),
        },
        Err(ChangeError::Refused(Refusal::Denied(Reason::OwnAccount | Reason::ModuleSuspended))) => {
            Errors::one(inner_groups::NAME, page.t("group-inner-refused"))
        }
        Err(error) => return Err(error.into()),
    };
    form_page(person, application, stored, (&errors, Some(form))).await
}

/// `GET /admin/applications/{id}/groups/{group}/delete`: how many people lose what it allows.
pub(super) async fn get_delete(person: SignedIn, Path((id, group)): Path<(String, String)>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let (application, group) = find_one(tx, &person, (&id, &group)).await?;
    let base = format!("/admin/applications/{}", application.id);
    let action = format!("{base}/groups/{}/delete", group.id);
    let page = person.page(Area::Applications, "group-delete-title");
    let intro = Some(page.t1("group-delete-text", "name", &group.code));
    let mut points = vec![page.count("group-delete-members", memberships::count_of_group(tx, group.id).await?)];
    let inner = nesting_store::list_inner(tx, &[group.id]).await?.len();
    points.extend((inner > 0).then(|| page.count("group-delete-inner", inner as u64)));
    let hidden = vec![("version".to_owned(), group.version.to_string())];
    Ok(FormPage { hidden, intro, points, ..FormPage::asking(page, &base, action, "delete") }.show())
}

/// `POST /admin/applications/{id}/groups/{group}/delete`: as it was when it was asked; a membership that came since stops it.
pub(super) async fn post_delete(person: SignedIn, Path((id, group)): Path<(String, String)>, form: Form) -> PageResult {
    let (application, group) = find_one(&mut person.app.db.reader().await?, &person, (&id, &group)).await?;
    let version: i64 = form.text("version").parse().map_err(|_| Failure::BadRequest)?;
    let gone: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let action = ManageGroup { application: application.id, environment: group.environment };
        let permit = person.app.door.authorise(tx, &person.ctx, action).await?;
        Ok(manage::delete(tx, permit, group.id, Some(version), &person.ctx).await?)
    });
    gone?;
    Ok(see_other(&format!("/admin/applications/{}?done=group-deleted", application.id)))
}
