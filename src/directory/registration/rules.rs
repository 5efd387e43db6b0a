//! What is entered must look like, part by part. Pure.

use super::model::{Application, Step};
use crate::directory::organisation::describe::model::Description;
use crate::directory::organisation::describe::terms::Terms;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::{describe, rules};
use crate::kernel::text::{TextError, name};

/// Checks one part and marks it as done; what is wrong with another part does not matter here.
pub fn checked(given: Application, step: Step, terms: &Terms) -> Result<Application, OrganisationError> {
    let mut checked = given;
    match step {
        Step::Authority => {
            let details = rules::checked(checked.details())?;
            (checked.name, checked.country, checked.lei) = (details.name, details.country, details.lei);
            checked.said = describe::rules::checked(checked.said, terms, &Description::default())?;
        }
        Step::Classification => {
            checked.said = describe::rules::checked(checked.said, terms, &Description::default())?;
        }
        Step::FirstUser => {
            let text = |field, text: &str| name(text).map_err(|error| OrganisationError::Text { field, error });
            checked.first_user.given_name = text("given_name", &checked.first_user.given_name)?;
            checked.first_user.family_name = text("family_name", &checked.first_user.family_name)?;
            if checked.first_user.phone.is_none() {
                return Err(OrganisationError::Text { field: "phone", error: TextError::Empty });
            }
        }
    }
    checked.done.insert(step);
    Ok(checked)
}
