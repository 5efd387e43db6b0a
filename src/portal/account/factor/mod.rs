//! One's own ways to sign in beside password and phone: authenticator apps, passkeys, recovery codes.

pub(super) mod apps;
pub(super) mod codes;
pub(super) mod listed;
pub(super) mod passkeys;

use askama::Template;

use crate::factors::own::FactorError;
use crate::portal::error::Failure;
use crate::portal::form::{Errors, describe};
use crate::portal::page::Area;
use crate::portal::signed_in::SignedIn;
use crate::web::respond::{render, see_other};
use crate::web::{Field, Page};

/// A page that names one of them, and removes it.
#[derive(Template)]
#[template(path = "pages/account/factor/one.html")]
struct OneTemplate {
    page: Page,
    path: String,
    facts: Vec<(String, String)>,
    fields: Vec<Field>,
    fresh: bool,
}

/// The page of one that is there: its facts, a field with its name, a button that removes it.
fn one(
    person: &SignedIn,
    (path, name): (String, &str),
    facts: Vec<(&str, String)>,
    errors: &Errors,
) -> axum::response::Response {
    let mut page = person.page(Area::Account, "factor-title");
    page.title = name.to_owned();
    page.has_errors = !errors.is_empty();
    let mut fields = vec![name_field(&page).value(name)];
    errors.fill(&mut fields, None);
    let facts = facts.into_iter().map(|(key, value)| (page.t(key), value)).collect();
    let fresh = super::security::fresh(person).is_ok();
    render(&OneTemplate { page, path, facts, fields, fresh })
}

/// What its owner calls it.
fn name_field(page: &Page) -> Field {
    Field { max: crate::factors::own::MAX_NAME, ..Field::text(page, "name", "factor-name") }
        .autocomplete("off")
        .hint(page, "factor-name-hint")
}

/// What a form can say of a refusal; the rest becomes a [`Failure`].
fn problem(page: &Page, error: FactorError) -> Result<Errors, Failure> {
    Ok(match error {
        FactorError::Name(error) => Errors::one("name", describe(page, "factor-name", error)),
        FactorError::Last => Errors::one("name", page.t("factor-last")),
        FactorError::Known => Errors::one("name", page.t("passkey-known")),
        FactorError::Wrong => Errors::one("name", page.t("passkey-wrong")),
        other => return Err(failure(other)),
    })
}

/// A refusal that no form can say.
fn failure(error: FactorError) -> Failure {
    match error {
        FactorError::Stale => Failure::StepUp,
        FactorError::NotFound => Failure::NotFound,
        FactorError::Db(error) => error.into(),
        FactorError::Seal(error) => Failure::internal(error),
        FactorError::TooMany | FactorError::Name(_) | FactorError::Last | FactorError::Wrong | FactorError::Known => {
            Failure::BadRequest
        }
    }
}

/// Back to the list where there are as many as there may be.
fn begun(error: FactorError) -> Result<axum::response::Response, Failure> {
    match error {
        FactorError::TooMany => Ok(see_other("/security?problem=factors-many#ways")),
        other => Err(failure(other)),
    }
}
