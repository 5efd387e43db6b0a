//! Naming somebody by e-mail address (P17, P20), or assigning a role to one of those who hold what it requires (P22).

use axum::extract::{Path, RawQuery};
use axum::response::Response;

use super::table::{self, MOST, organisations};
use super::{organisations as own, project};
use crate::authority::action::Nominate;
use crate::authority::{Reason, Refusal, RoleDefinition, Validity};
use crate::db::{Tx, transact};
use crate::delegation::grant::GrantError;
use crate::delegation::model::RoleAssignment;
use crate::delegation::nomination::nominate::{NominateError, assign, nominate};
use crate::delegation::place_store;
use crate::directory::project::store as projects;
use crate::kernel::ids::{OrganisationId, ProjectId, UserId};
use crate::kernel::text::EmailAddress;
use crate::portal::admin::plain::FormPage;
use crate::portal::error::{ChangeError, Failure, PageResult};
use crate::portal::form::{Errors, Reader};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::see_other;
use crate::web::{Choice, Field, Form, Page};

/// Where somebody is named, and where the page came from.
struct Place {
    project: Option<ProjectId>,
    organisations: Vec<OrganisationId>,
    base: String,
    area: Area,
}

impl Place {
    async fn of_project(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Self, Failure> {
        let project = project::find(tx, person, id).await?.id;
        let organisations = projects::list_participants(tx, project).await?;
        Ok(Self { project: Some(project), organisations, base: format!("/projects/{project}"), area: Area::Projects })
    }

    async fn of_organisation(tx: &mut Tx, person: &SignedIn, id: &str) -> Result<Self, Failure> {
        let id = own::find(tx, person, id).await?.id;
        let base = format!("/organisations/{id}");
        Ok(Self { project: None, organisations: vec![id], base, area: Area::Organisations })
    }
}

/// A role for an organisation, as one word of a form: `TaskManager@018f…`.
fn word(role: &str, organisation: OrganisationId) -> String {
    format!("{role}@{organisation}")
}

fn read_word(text: &str) -> Option<(String, OrganisationId)> {
    let (role, organisation) = text.split_once('@')?;
    Some((role.to_owned(), organisation.parse().ok()?))
}

/// The roles of `open` that ask for another one: they are assigned to whoever holds that.
pub(super) fn assigned<'a>(
    person: &'a SignedIn,
    open: &'a [(String, OrganisationId)],
) -> impl Iterator<Item = (&'a RoleDefinition, OrganisationId)> {
    let roles = person.app.door.roles();
    let known = open.iter().filter_map(move |(code, at)| Some((roles.get(code)?, *at)));
    known.filter(|(role, _)| !role.requires.is_empty())
}

/// The address of the page that assigns one of them.
pub(super) fn assign_link(base: &str, role: &RoleDefinition, organisation: OrganisationId) -> String {
    format!("{base}/nominate?assign={}", word(&role.code, organisation))
}

async fn name_form(tx: &mut Tx, person: &SignedIn, place: &Place, errors: &Errors, form: Option<&Form>) -> PageResult {
    let open = person.app.door.judge_nominations(tx, &person.ctx, place.project, &place.organisations).await?;
    let mut page = person.page(place.area, "nominate-title");
    page.has_errors = !errors.is_empty();
    let action = format!("{}/nominate", place.base);
    let by_address = |code: &str| person.app.door.roles().get(code).is_some_and(|role| role.requires.is_empty());
    let names = organisations(tx, place.organisations.iter().copied()).await?;
    let choices: Vec<Choice> = open
        .iter()
        .filter(|(code, _)| by_address(code))
        .map(|(code, at)| {
            let organisation = names.get(&at.0).map_or("", String::as_str);
            Choice::new(word(code, *at), format!("{code} · {organisation}"), "")
        })
        .collect();
    if choices.is_empty() {
        let intro = Some(page.t("nominate-nothing"));
        return Ok(FormPage { intro, ..FormPage::telling(page, &place.base) }.show());
    }
    let mut fields = vec![
        Field::select(&page, "what", "nominate-role", choices),
        Field::email(&page, "email", "nominate-email").hint(&page, "nominate-email-hint").autocomplete("off"),
        Field::date(&page, "until", "nominate-until").filter(),
    ];
    errors.fill(&mut fields, form);
    let (intro, submit) = (Some(page.t("nominate-text")), page.t("nominate"));
    Ok(FormPage { intro, submit, ..FormPage::saving(page, &place.base, action, fields) }.show())
}

async fn assign_form(
    tx: &mut Tx,
    person: &SignedIn,
    place: &Place,
    what: &str,
    (errors, form): (&Errors, Option<&Form>),
) -> PageResult {
    let (code, organisation) = read_word(what).ok_or(Failure::NotFound)?;
    let open = person.app.door.judge_nominations(tx, &person.ctx, place.project, &[organisation]).await?;
    let role = assigned(person, &open).map(|(role, _)| role).find(|role| role.code == code).ok_or(Failure::NotFound)?;
    let held = candidates(tx, person, role, organisation).await?;
    let names = table::holders(tx, &held).await?;
    let page = person.page(place.area, "nominate-title");
    let title = page.t1("assign-title", "role", &role.code);
    let mut page = page.titled(title);
    page.has_errors = !errors.is_empty();
    let required = role.requires.join(", ");
    if held.is_empty() {
        let intro = Some(page.t1("assign-nobody", "required", required));
        return Ok(FormPage { intro, ..FormPage::telling(page, &place.base) }.show());
    }
    let choice = |role: &RoleAssignment| {
        let id = role.principal.uuid();
        Choice::new(id.to_string(), names.get(&id).cloned().unwrap_or_default(), "")
    };
    let mut fields = vec![
        Field::select(&page, "person", "assign-person", held.iter().map(choice).collect()),
        Field::date(&page, "until", "nominate-until").filter(),
    ];
    errors.fill(&mut fields, form);
    let (intro, submit) = (Some(page.t1("assign-text", "required", required)), page.t("assign-signatory"));
    let hidden = vec![("assign".to_owned(), what.to_owned())];
    let action = format!("{}/nominate", place.base);
    Ok(FormPage { hidden, intro, submit, ..FormPage::saving(page, &place.base, action, fields) }.show())
}

/// Who holds what the role requires at the organisation (P22), oneself left out.
async fn candidates(
    tx: &mut Tx,
    person: &SignedIn,
    role: &RoleDefinition,
    organisation: OrganisationId,
) -> Result<Vec<RoleAssignment>, Failure> {
    let wanted = (role.requires.as_slice(), person.user.id);
    Ok(place_store::list_of_roles(tx, organisation, wanted, (person.ctx.now, MOST)).await?)
}

async fn show(person: &SignedIn, place: &Place, raw: Option<String>) -> PageResult {
    let query = Form::parse(raw.unwrap_or_default().as_bytes()).unwrap_or_default();
    let tx = &mut person.app.db.reader().await?;
    match query.given("assign") {
        Some(what) => assign_form(tx, person, place, what, (&Errors::default(), None)).await,
        None => name_form(tx, person, place, &Errors::default(), None).await,
    }
}

/// `GET /projects/{project}/nominate`
pub(super) async fn get_in_project(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let place = Place::of_project(&mut person.app.db.reader().await?, &person, &id).await?;
    show(&person, &place, raw).await
}

/// `GET /organisations/{organisation}/nominate`
pub(super) async fn get_at(person: SignedIn, Path(id): Path<String>, RawQuery(raw): RawQuery) -> PageResult {
    let place = Place::of_organisation(&mut person.app.db.reader().await?, &person, &id).await?;
    show(&person, &place, raw).await
}

/// `POST /projects/{project}/nominate`
pub(super) async fn post_in_project(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let place = Place::of_project(&mut person.app.db.reader().await?, &person, &id).await?;
    post(&person, &place, &form).await
}

/// `POST /organisations/{organisation}/nominate`
pub(super) async fn post_at(person: SignedIn, Path(id): Path<String>, form: Form) -> PageResult {
    let place = Place::of_organisation(&mut person.app.db.reader().await?, &person, &id).await?;
    post(&person, &place, &form).await
}

async fn post(person: &SignedIn, place: &Place, form: &Form) -> PageResult {
    match form.given("assign") {
        Some(what) => post_assign(person, place, what, form).await,
        None => post_name(person, place, form).await,
    }
}

async fn post_name(person: &SignedIn, place: &Place, form: &Form) -> PageResult {
    let page = person.page(place.area, "nominate-title");
    let mut reader = Reader::new(&page, form);
    let email: Option<EmailAddress> = reader.required("email", "nominate-email", str::parse);
    let until = reader.day("until", person.ctx.now);
    let what = read_word(form.text("what"));
    if what.is_none() {
        reader.fail("what", page.t1("error-choice", "field", page.t("nominate-role")));
    }
    let clean = reader.is_clean();
    let errors = reader.into_errors();
    let (Some(email), Some((role, organisation)), true) = (email, what, clean) else {
        return name_form(&mut person.app.db.reader().await?, person, place, &errors, Some(form)).await;
    };
    let action =
        Nominate { role, organisation, project: place.project, person: None, validity: Validity { from: None, until } };
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, action.clone()).await?;
        nominate(tx, permit, person.app.door.roles(), &email, &person.ctx).await?;
        Ok(())
    });
    match done {
        Ok(()) => Ok(see_other(&format!("{}?done=nominated", place.base))),
        Err(error) => {
            let errors = explain(&page, &error).ok_or(error)?;
            name_form(&mut person.app.db.reader().await?, person, place, &errors, Some(form)).await
        }
    }
}

async fn post_assign(person: &SignedIn, place: &Place, what: &str, form: &Form) -> PageResult {
    let page = person.page(place.area, "nominate-title");
    let mut reader = Reader::new(&page, form);
    let until = reader.day("until", person.ctx.now);
    let (role, organisation) = read_word(what).ok_or(Failure::NotFound)?;
    let chosen: UserId = form.text("person").parse().map_err(|_| Failure::BadRequest)?;
    let again = async |errors: Errors| {
        assign_form(&mut person.app.db.reader().await?, person, place, what, (&errors, Some(form))).await
    };
    if !reader.is_clean() {
        return again(reader.into_errors()).await;
    }
    let validity = Validity { from: None, until };
    let action = Nominate { role, organisation, project: place.project, person: Some(chosen), validity };
    let done: Result<(), ChangeError> = transact!(person.app.db, tx => {
        let permit = person.app.door.authorise(tx, &person.ctx, action.clone()).await?;
        assign(tx, permit, person.app.door.roles(), None, &person.ctx).await?;
        Ok(())
    });
    match done {
        Ok(()) => Ok(assigned_to(person, place)),
        Err(ChangeError::Grant(error)) => {
            let text = explain_grant(&page, &error).ok_or(error)?;
            again(Errors::one("person", text)).await
        }
        Err(error @ ChangeError::Refused(Refusal::Denied(Reason::OutlivesGrantor))) => {
            again(explain(&page, &error).ok_or(error)?).await
        }
        Err(error) => Err(error.into()),
    }
}

fn assigned_to(person: &SignedIn, place: &Place) -> Response {
    person.app.door.changed();
    see_other(&format!("{}?done=assigned", place.base))
}

fn explain(page: &Page, error: &ChangeError) -> Option<Errors> {
    let at = |field: &str, text: String| Some(Errors::one(field, text));
    match error {
        ChangeError::Nominate(NominateError::Oneself) => at("email", page.t("nominate-error-oneself")),
        ChangeError::Nominate(NominateError::AlreadyNominated) => at("email", page.t("nominate-error-already")),
        ChangeError::Nominate(NominateError::TooMany) => at("email", page.t("nominate-error-many")),
        ChangeError::Nominate(NominateError::Full { max }) => {
            at("what", page.t1("nominate-error-full", "max", max.to_string()))
        }
        ChangeError::Nominate(NominateError::InvalidDates) => at("until", page.t("error-date-past")),
        ChangeError::Refused(Refusal::Denied(Reason::OutlivesGrantor)) => {
            at("until", page.t("nominate-error-too-long"))
        }
        ChangeError::Refused(Refusal::Denied(Reason::NotPermitted | Reason::InvalidGrant | Reason::ProjectOver)) => {
            at("what", page.t("nominate-error-not-now"))
        }
        _ => None,
    }
}

/// Why the role cannot be given, in the language of the page.
pub(super) fn explain_grant(page: &Page, error: &GrantError) -> Option<String> {
    match error {
        GrantError::AlreadyHeld => Some(page.t("nominate-error-held")),
        GrantError::Requires(role) => Some(page.t1("nominate-error-requires", "role", role)),
        GrantError::Full { max } => Some(page.t1("nominate-error-full", "max", max.to_string())),
        GrantError::SeparationOfDuties => Some(page.t("nominate-error-duties")),
        GrantError::InvalidDates => Some(page.t("error-date-past")),
        GrantError::UnknownRole(_) | GrantError::Db(_) => None,
    }
}
