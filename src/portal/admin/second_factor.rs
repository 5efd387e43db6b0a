//! The field that says how strongly people have to prove who they are, of an environment of an application and of a level.

use crate::kernel::strength::Strength;
use crate::portal::form::Errors;
use crate::web::field::Choice;
use crate::web::{Field, Form, Page};

/// Its name, in forms and in errors.
pub(super) const NAME: &str = "second_factor";

/// What is asked for, in words.
pub(super) fn word(page: &Page, asked: Strength) -> String {
    page.t(&format!("second-factor-{asked}"))
}

/// The field, with what is stored chosen.
pub(super) fn field(page: &Page, hint: &str, stored: Strength) -> Field {
    let choice = |asked: Strength| Choice::new(asked.as_str(), word(page, asked), stored.as_str());
    Field::select(page, NAME, "second-factor", Strength::ALL.map(choice).into()).hint(page, hint)
}

/// What was chosen. A form without the field leaves what is stored.
pub(super) fn read(page: &Page, form: &Form, stored: Strength) -> Result<Strength, Errors> {
    match form.text(NAME) {
        "" => Ok(stored),
        word => word.parse().map_err(|()| Errors::one(NAME, page.t("second-factor-wrong"))),
    }
}
