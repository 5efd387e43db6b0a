//! What operators do with a project: another phase, organisations that come and go.

use axum::extract::Path;

use super::offered;
use super::project::find;
use super::projects::{explain, saved};
use super::table::organisations;
use crate::authority::action::ManageProject;
use crate::db::{Tx, transact};
use crate::directory::project::error::ProjectError;
use crate::directory::project::manage;
use crate::directory::project::model::Project;
use crate::kernel::ids::OrganisationId;
use crate::portal::admin::plain::FormPage;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::Errors;
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::{Choice, Field, Form, Page};

async fn own(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Project, Failure> {
    let project = find(tx, person, id).await?;
    person.app.door.authorise_read(tx, &person.ctx, ManageProject { project: Some(project.id) }).await?;
    Ok(project)
}

fn phase_form(person: &SignedIn, project: &Project, errors: &Errors) -> FormPage {
    let mut page = person.page(Area::Projects, "project-next-title");
    page.has_errors = !errors.is_empty();
    let at = person.app.phases.iter().position(|phase| *phase == project.phase);
    let later = person.app.phases.iter().skip(at.map_or(0, |at| at + 1));
    let choices = later.map(|phase| Choice::new(phase.clone(), phase.clone(), "")).collect();
    let mut fields = vec![Field::select(&page, "phase", "project-to-phase", choices)];
    errors.fill(&mut fields, None);
    let base = format!("/projects/{}", project.id);
    let intro = Some(page.t2("project-next-text", ("project", &project.code), ("phase", &project.phase)));
    let submit = page.t("project-next");
    FormPage { intro, submit, ..FormPage::saving(page, &base, format!("{base}/phase"), fields) }
}

/// `GET /projects/{project}/phase`
pub(super) async fn get_phase(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let project = own(&mut person.app.db.reader().await?, &person, &id).await?;
    Ok(phase_form(&person, &project, &Errors::default()).show())
}

/// `POST /projects/{project}/phase`
pub(super) async fn post_phase(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let project = own(&mut person.app.db.reader().await?, &person, &id).await?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageProject { project: Some(project.id) }).await?;
        manage::advance(tx, permit, (&person.app.phases, form.text("phase")), &person.ctx).await?;
        Ok(())
    });
    let page = person.page(Area::Projects, "project-next-title");
    match done {
        Ok(()) => Ok(saved(&person, project.id, "project-changed")),
        Err(ChangeError::Project(error)) => {
            let errors = explain(&page, &error).ok_or(error)?;
            Ok(phase_form(&person, &project, &errors).show())
        }
        Err(error) => Err(error.into()),
    }
}

async fn add_form(
    tx: &mut Tx,
    person: &SignedIn,
    project: &Project,
    (errors, form): (&Errors, Option<&Form>),
) -> Result<FormPage, Failure> {
    let page = person.page(Area::Projects, "project-add");
    let title = page.t1("project-add-title", "project", &project.code);
    let mut page = page.titled(title);
    page.has_errors = !errors.is_empty();
    let offered = offered::find(tx, form).await?;
    let mut fields = offered.fields(&page, ("organisation", "organisation-column"));
    errors.fill(&mut fields, form);
    let (hidden, find) = (offered.hidden(), offered.button(&page));
    let base = format!("/projects/{}", project.id);
    Ok(FormPage { hidden, find, ..FormPage::saving(page, &base, format!("{base}/add"), fields) })
}

/// `GET /projects/{project}/add`
pub(super) async fn get_add(person: SignedIn, Path(id): Path<String>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let project = own(tx, &person, &id).await?;
    Ok(add_form(tx, &person, &project, (&Errors::default(), None)).await?.show())
}

/// `POST /projects/{project}/add`
pub(super) async fn post_add(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let reader = &mut person.app.db.reader().await?;
    let project = own(reader, &person, &id).await?;
    if offered::is_search(&form) {
        return Ok(add_form(reader, &person, &project, (&Errors::default(), Some(&form))).await?.show());
    }
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageProject { project: Some(project.id) }).await?;
        let organisation: OrganisationId =
            form.text("organisation").parse().map_err(|_| ChangeError::Project(ProjectError::NoOrganisation))?;
        manage::add(tx, permit, organisation, &person.ctx).await?;
        Ok(())
    });
    let page = person.page(Area::Projects, "project-add");
    match done {
        Ok(()) => Ok(saved(&person, project.id, "project-changed")),
        Err(ChangeError::Project(error)) => {
            let errors = problem_of_organisation(&page, error)?;
            Ok(add_form(reader, &person, &project, (&errors, Some(&form))).await?.show())
        }
        Err(error) => Err(error.into()),
    }
}

fn problem_of_organisation(page: &Page, error: ProjectError) -> Result<Errors, Failure> {
    if matches!(error, ProjectError::NoOrganisation) {
        return Ok(Errors::one("organisation", page.t("project-error-organisation")));
    }
    explain(page, &error).ok_or_else(|| error.into())
}

/// `GET /projects/{project}/remove/{organisation}`: what it means, before it happens.
pub(super) async fn get_remove(person: SignedIn, Path((id, organisation)): Path<(String, String)>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    let project = own(tx, &person, &id).await?;
    let organisation: OrganisationId = organisation.parse().map_err(|_| Failure::NotFound)?;
    let names = organisations(tx, [organisation].into_iter()).await?;
    let name = names.get(&organisation.0).ok_or(Failure::NotFound)?;
    let page = person.page(Area::Projects, "project-remove");
    let title = page.t2("project-remove-title", ("organisation", name), ("project", &project.code));
    let page = page.titled(title);
    let base = format!("/projects/{}", project.id);
    let intro = Some(page.t("project-remove-text"));
    let form = FormPage::asking(page, &base, format!("{base}/remove/{organisation}"), "project-remove");
    Ok(FormPage { intro, ..form }.show())
}

/// `POST /projects/{project}/remove/{organisation}`
pub(super) async fn post_remove(
    person: SignedIn,
    Path((id, organisation)): Path<(String, String)>,
    _form: Form,
) -> PageResult {
    let project = own(&mut person.app.db.reader().await?, &person, &id).await?;
    let organisation: OrganisationId = organisation.parse().map_err(|_| Failure::NotFound)?;
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageProject { project: Some(project.id) }).await?;
        manage::remove(tx, permit, organisation, &person.ctx).await?;
        Ok(())
    });
    done?;
    Ok(saved(&person, project.id, "project-changed"))
}
