//! The parts of a registration: each a form of its own, kept on the server when it is right.

use axum::extract::{Path, State};
use axum::response::Response;

use super::applicant::{self, find, is_known, over};
use super::link::failed;
use crate::db::transact;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::registration::applicant::save;
use crate::directory::registration::error::ApplicantError;
use crate::directory::registration::model::{Application, FirstUser, Registration, Step};
use crate::kernel::ctx::Channel;
use crate::kernel::text::{PhoneNumber, name};
use crate::portal::Portal;
use crate::portal::admin::level_form::{
    self, classes, classification, contact, description, explain, identifiers, titles,
};
use crate::portal::admin::plain::{FormPage, Section};
use crate::portal::error::{Failure, PageResult};
use crate::portal::form::{Errors, Reader, describe};
use crate::web::respond::see_other;
use crate::web::{Field, Form, Page, RequestInfo};

/// The open invitation of a link, and the part; otherwise what the browser gets instead.
async fn open(
    portal: &Portal,
    info: &RequestInfo,
    token: &str,
    step: &str,
) -> Result<Result<(Registration, Step), Response>, Failure> {
    let step = Step::parse(step).ok_or(Failure::NotFound)?;
    let tx = &mut portal.app.db.reader().await?;
    let Some(found) = find(tx, token).await?.filter(|one| one.is_open(info.now)) else {
        return Ok(Err(over(portal, info)));
    };
    if is_known(tx, &found).await? {
        return Ok(Err(see_other(&format!("/register-authority/{token}"))));
    }
    Ok(Ok((found, step)))
}

fn sections(page: &Page, portal: &Portal, entered: &Application, step: Step) -> Vec<Section> {
    let terms = &portal.app.terms;
    match step {
        Step::Authority => {
            let mut fields = level_form::basic(page, &entered.name, entered.country.as_deref(), entered.lei.as_deref());
            fields.extend(identifiers(page, terms, &entered.said));
            let titled = |key: &str, fields| Section { title: Some(page.t(key)), fields, ..Section::default() };
            vec![
                Section { fields, ..Section::default() },
                titled("level-contact", contact(page, &entered.said)),
                titled("level-names", titles(page, &entered.said)),
            ]
        }
        Step::Classification => classification(page, terms, &entered.said),
        Step::FirstUser => {
            let phone = entered.first_user.phone.as_ref().map(|phone| phone.as_str().to_owned()).unwrap_or_default();
            let fields = vec![
                Field::text(page, "given_name", "user-given-name")
                    .value(&entered.first_user.given_name)
                    .autocomplete("given-name"),
                Field::text(page, "family_name", "user-family-name")
                    .value(&entered.first_user.family_name)
                    .autocomplete("family-name"),
                Field::phone(page, "phone", "user-phone")
                    .hint(page, "user-phone-hint")
                    .value(phone)
                    .autocomplete("tel"),
            ];
            vec![Section { fields, ..Section::default() }]
        }
    }
}

fn show(
    portal: &Portal,
    info: &RequestInfo,
    (invitation, step, token): (&Registration, Step, &str),
    (errors, form): (&Errors, Option<&Form>),
) -> Response {
    let mut page = applicant::page(portal, info, &format!("registration-step-{}", step.as_str()));
    page.has_errors = !errors.is_empty();
    let mut sections = sections(&page, portal, &invitation.application, step);
    for section in &mut sections {
        errors.fill(&mut section.fields, form);
    }
    let number = Step::ALL.iter().position(|one| *one == step).map_or(1, |at| at + 1);
    let counted =
        page.t2("registration-step-of", ("number", &number.to_string()), ("all", &Step::ALL.len().to_string()));
    let intro = match step {
        Step::FirstUser => format!("{counted} {}", page.t1("registration-address", "email", &invitation.email)),
        Step::Classification if sections.is_empty() => format!("{counted} {}", page.t("registration-no-classes")),
        Step::Authority | Step::Classification => counted,
    };
    let submit = page.t("registration-save");
    let base = format!("/register-authority/{token}");
    let form = FormPage::saving(page, &base, format!("{base}/{}", step.as_str()), Vec::new());
    FormPage { intro: Some(intro), sections, submit, ..form }.show()
}

/// `GET /register-authority/{token}/{step}`
pub(super) async fn get(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path((token, step)): Path<(String, String)>,
) -> PageResult {
    Ok(match open(&portal, &info, &token, &step).await? {
        Ok((invitation, step)) => show(&portal, &info, (&invitation, step, &token), (&Errors::default(), None)),
        Err(instead) => instead,
    })
}

/// What was sent of one part, on top of what was entered in the others.
fn read(
    page: &Page,
    portal: &Portal,
    entered: &Application,
    (step, form): (Step, &Form),
) -> Result<Application, Errors> {
    let terms = &portal.app.terms;
    let mut changed = entered.clone();
    match step {
        Step::Authority => {
            let details = level_form::details(form);
            (changed.name, changed.country, changed.lei) = (details.name, details.country, details.lei);
            changed.said = description(page, form, terms, &entered.said)?;
            changed.said.classification.clone_from(&entered.said.classification);
        }
        Step::Classification => changed.said.classification = classes(form, terms),
        Step::FirstUser => {
            let mut reader = Reader::new(page, form);
            let given_name = reader.required("given_name", "user-given-name", name).unwrap_or_default();
            let family_name = reader.required("family_name", "user-family-name", name).unwrap_or_default();
            let phone: Option<PhoneNumber> = reader.required("phone", "user-phone", str::parse);
            if phone.as_ref().is_some_and(|phone| !portal.factors.numbers.accepts(phone)) {
                reader.fail("phone", page.t("security-phone-refused"));
            }
            if !reader.is_clean() {
                return Err(reader.into_errors());
            }
            changed.first_user = FirstUser { given_name, family_name, phone };
        }
    }
    Ok(changed)
}

/// `POST /register-authority/{token}/{step}`
pub(super) async fn post(
    State(portal): State<Portal>,
    info: RequestInfo,
    Path((token, step)): Path<(String, String)>,
    form: Form,
) -> PageResult {
    let (invitation, step) = match open(&portal, &info, &token, &step).await? {
        Ok(found) => found,
        Err(instead) => return Ok(instead),
    };
    let page = applicant::page(&portal, &info, "registration-title");
    let about = (&invitation, step, token.as_str());
    let changed = match read(&page, &portal, &invitation.application, (step, &form)) {
        Ok(changed) => changed,
        Err(errors) => return Ok(show(&portal, &info, about, (&errors, Some(&form)))),
    };
    let ctx = info.ctx(&portal.app, Channel::Portal);
    let terms = &portal.app.terms;
    let kept: Result<(), ApplicantError> =
        transact!(portal.app.db, tx => save(tx, &invitation, (changed.clone(), step), terms, &ctx).await);
    match kept {
        Ok(()) => Ok(see_other(&next(&token, step))),
        Err(ApplicantError::Organisation(error)) => {
            let errors = wrong(&page, &error).ok_or(error)?;
            Ok(show(&portal, &info, about, (&errors, Some(&form))))
        }
        Err(ApplicantError::NotOpen) => Ok(over(&portal, &info)),
        Err(error) => Err(failed(error)),
    }
}

fn wrong(page: &Page, error: &OrganisationError) -> Option<Errors> {
    match error {
        OrganisationError::Text { field: "phone", error } => {
            Some(Errors::one("phone", describe(page, "user-phone", *error)))
        }
        other => explain(page, other),
    }
}

/// The part after this one; after the last one all answers are looked at once more.
fn next(token: &str, step: Step) -> String {
    let after = Step::ALL.into_iter().skip_while(|one| *one != step).nth(1);
    format!("/register-authority/{token}/{}", after.map_or("check", Step::as_str))
}
