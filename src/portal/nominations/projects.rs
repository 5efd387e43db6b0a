//! My Projects: those in which one holds a role or which one's organisation takes part in; and creating one (P16).

use axum::extract::RawQuery;
use axum::response::Response;

use super::offered;
use super::table::organisations;
use crate::authority::action::ManageProject;
use crate::authority::{Permission, Scope};
use crate::db::{Tx, transact};
use crate::delegation::nomination::nominate::NominateError;
use crate::directory::project::error::ProjectError;
use crate::directory::project::model::{NewProject, Project};
use crate::directory::project::{start, store};
use crate::kernel::ids::{OrganisationId, ProjectId};
use crate::kernel::text::EmailAddress;
use crate::portal::admin::plain::{Cell, FormPage, Table, TablePage};
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Field, Form, Page};

/// Rows of one page.
const ROWS: i64 = 50;

/// `GET /projects`
pub(super) async fn get(person: SignedIn, RawQuery(raw): RawQuery) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let number = query.text("page").parse().ok().filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1_i64);
    let tx = &mut person.app.db.reader().await?;
    let page = person.page(Area::Projects, "projects-title");
    let scope = Scope::of(&person.authority, &[Permission::ProjectRead], person.ctx.now);
    let held: Vec<ProjectId> =
        person.authority.carrying(Permission::ProjectRead, person.ctx.now).filter_map(|a| a.project).collect();
    let mut seen = store::list_seen(tx, (&scope, &held), (ROWS + 1, (number - 1) * ROWS)).await?;
    let more = i64::try_from(seen.len()).unwrap_or(i64::MAX) > ROWS;
    seen.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let manages = person.may(Permission::ProjectManage);
    let table = table(tx, &page, &seen, if manages { "projects-all-none" } else { "projects-none" }).await?;
    let mut shown = TablePage::new(page.clone(), table);
    if more {
        shown.more = Some((format!("/projects?page={}", number + 1), page.t("page-next")));
    }
    if manages && !person.app.phases.is_empty() {
        shown.links.push(("/projects/new".to_owned(), page.t("project-new")));
    }
    Ok(shown.show())
}

async fn table(tx: &mut Tx, page: &Page, projects: &[Project], empty: &str) -> Result<Table, Failure> {
    let names = organisations(tx, projects.iter().map(|project| project.coordinator)).await?;
    let rows = projects.iter().map(|project| {
        vec![
            Cell::link(project.code.clone(), format!("/projects/{}", project.id)),
            Cell::text(project.title.clone()),
            phase(page, project),
            Cell::text(names.get(&project.coordinator.0).cloned().unwrap_or_default()),
        ]
    });
    let columns = ["project-code", "project-name", "project-phase", "project-coordinator"];
    Ok(Table::new(page, page.t("projects-caption"), &columns, rows.collect()).or_else(page, empty))
}

fn phase(page: &Page, project: &Project) -> Cell {
    if project.closed_at.is_some() {
        return Cell::badge(page.t("project-over"), "blocked");
    }
    Cell::text(project.phase.clone())
}

async fn new_form(person: &SignedIn, errors: &Errors, form: Option<&Form>) -> PageResult {
    let tx = &mut person.app.db.reader().await?;
    person.app.door.authorise_read(tx, &person.ctx, ManageProject { project: None }).await?;
    let mut page = person.page(Area::Projects, "project-new");
    page.has_errors = !errors.is_empty();
    let mut fields = vec![
        Field { max: 60, narrow: true, ..Field::text(&page, "code", "project-code") }.hint(&page, "project-code-hint"),
        Field::text(&page, "title", "project-name"),
    ];
    let offered = offered::find(tx, form).await?;
    fields.extend(offered.fields(&page, ("coordinator", "project-coordinator")));
    if person.app.door.roles().initial().contact.is_some() {
        let contact = Field::email(&page, "contact", "project-contact").hint(&page, "project-contact-hint");
        fields.push(contact.optional(&page).autocomplete("off"));
    }
    errors.fill(&mut fields, form);
    let (hidden, find) = (offered.hidden(), offered.button(&page));
    let saving = FormPage::saving(page, "/projects", "/projects/new".to_owned(), fields);
    Ok(FormPage { hidden, find, ..saving }.show())
}

/// `GET /projects/new`
pub(super) async fn get_new(person: SignedIn) -> PageResult {
    new_form(&person, &Errors::default(), None).await
}

/// `POST /projects/new`
pub(super) async fn post_new(person: SignedIn, form: Form) -> PageResult {
    if offered::is_search(&form) {
        return new_form(&person, &Errors::default(), Some(&form)).await;
    }
    let page = person.page(Area::Projects, "project-new");
    let contact: Option<EmailAddress> = match form.given("contact").map(str::parse).transpose() {
        Ok(contact) => contact,
        Err(error) => {
            let errors = Errors::one("contact", describe(&page, "project-contact", error));
            return new_form(&person, &errors, Some(&form)).await;
        }
    };
    let made: Result<Project, ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, ManageProject { project: None }).await?;
        let coordinator: OrganisationId =
            form.text("coordinator").parse().map_err(|_| ChangeError::Project(ProjectError::NoOrganisation))?;
        let (code, title) = (form.text("code").to_owned(), form.text("title").to_owned());
        let new = NewProject { code, title, coordinator, participants: Vec::new() };
        let given = (&*person.app.phases, new, contact.as_ref());
        Ok(start::start(tx, &person.app.door, permit, given, &person.ctx).await?)
    });
    match made {
        Ok(project) => Ok(saved(&person, project.id, "project-created")),
        Err(ChangeError::Project(error)) => match explain(&page, &error) {
            Some(errors) => new_form(&person, &errors, Some(&form)).await,
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// Back to the project, after every authority was told to look again.
pub(super) fn saved(person: &SignedIn, project: ProjectId, done: &str) -> Response {
    person.app.door.changed();
    see_other(&format!("/projects/{project}?done={done}"))
}

/// What is wrong, at the field where it is.
pub(super) fn explain(page: &Page, error: &ProjectError) -> Option<Errors> {
    let at = |field: &str, key: &str| Some(Errors::one(field, page.t(key)));
    match error {
        ProjectError::Text { field: "code", error } => {
            let text = describe(page, "project-code", *error);
            Some(Errors::one("code", text))
        }
        ProjectError::Text { error, .. } => Some(Errors::one("title", describe(page, "project-name", *error))),
        ProjectError::CodeTaken => at("code", "project-error-code-taken"),
        ProjectError::NoOrganisation => at("coordinator", "project-error-organisation"),
        ProjectError::TakesPart => at("organisation", "project-error-takes-part"),
        ProjectError::TooMany => at("organisation", "project-error-many"),
        ProjectError::Nominate(NominateError::Oneself) => at("contact", "project-error-oneself"),
        ProjectError::Phase => at("phase", "project-error-phase"),
        _ => None,
    }
}
