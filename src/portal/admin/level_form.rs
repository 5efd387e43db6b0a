//! The fields of a level: drawn, read, and what can be wrong with them.

use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::model::{Organisation, OrganisationDetails};
use crate::portal::form::{Errors, describe};
use crate::web::{Field, Form, Page};

/// The fields, empty or with what is stored.
pub(super) fn fields(page: &Page, stored: Option<&Organisation>) -> Vec<Field> {
    let value = |part: fn(&Organisation) -> Option<String>| stored.and_then(part).unwrap_or_default();
    vec![
        Field::text(page, "name", "level-name").value(value(|level| Some(level.name.clone()))),
        Field { max: 2, narrow: true, ..Field::text(page, "country", "level-country") }
            .hint(page, "level-country-hint")
            .optional(page)
            .value(value(|level| level.country.clone())),
        Field { max: 20, ..Field::text(page, "lei", "level-lei") }
            .hint(page, "level-lei-hint")
            .optional(page)
            .value(value(|level| level.lei.clone())),
        Field::text(page, "external_id", "level-external-id")
            .hint(page, "level-external-id-hint")
            .optional(page)
            .value(value(|level| level.external_id.clone())),
    ]
}

/// What was sent; the use case checks it.
pub(super) fn details(form: &Form) -> OrganisationDetails {
    let optional = |name: &str| form.given(name).map(str::to_owned);
    OrganisationDetails {
        name: form.text("name").to_owned(),
        country: optional("country"),
        lei: optional("lei"),
        external_id: optional("external_id"),
    }
}

/// What the form can say about a refused change.
pub(super) fn explain(page: &Page, error: &OrganisationError) -> Option<Errors> {
    match error {
        OrganisationError::NameTaken => Some(Errors::one("name", page.t("level-taken"))),
        OrganisationError::IdentifierTaken => Some(Errors::one("external_id", page.t("code-taken"))),
        OrganisationError::Text { field, error } => {
            let label = if *field == "name" { "level-name" } else { "level-external-id" };
            Some(Errors::one(field, describe(page, label, *error)))
        }
        OrganisationError::Country => Some(Errors::one("country", page.t("level-country-wrong"))),
        OrganisationError::Lei => Some(Errors::one("lei", page.t("level-lei-wrong"))),
        OrganisationError::Cycle | OrganisationError::TooDeep | OrganisationError::Root => {
            Some(Errors::one("to", page.t("level-cannot-move")))
        }
        OrganisationError::RootExists
        | OrganisationError::ModulesActive(_)
        | OrganisationError::NotDue
        | OrganisationError::InUse
        | OrganisationError::NotFound
        | OrganisationError::Stale
        | OrganisationError::Db(_) => None,
    }
}
