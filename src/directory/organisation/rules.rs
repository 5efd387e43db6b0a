//! What an organisation's particulars must look like. Pure.

use super::error::OrganisationError;
use super::model::OrganisationDetails;
use crate::kernel::text::{MAX_NAME, line, name};

/// Trims and checks; codes become upper case, empty ones are dropped.
pub fn checked(details: OrganisationDetails) -> Result<OrganisationDetails, OrganisationError> {
    let text = |field| move |error| OrganisationError::Text { field, error };
    let given = |code: Option<String>| code.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
    let country = given(details.country).map(|code| code.to_uppercase());
    if country.as_deref().is_some_and(|code| code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase())) {
        return Err(OrganisationError::Country);
    }
    let lei = given(details.lei).map(|code| code.to_uppercase());
    if lei.as_deref().is_some_and(|code| !is_lei(code)) {
        return Err(OrganisationError::Lei);
    }
    let external_id =
        given(details.external_id).map(|id| line(&id, MAX_NAME)).transpose().map_err(text("external_id"))?;
    Ok(OrganisationDetails { name: name(&details.name).map_err(text("name"))?, country, lei, external_id })
}

/// ISO 17442: 18 letters and digits and two check digits; the whole modulo 97 is 1 (ISO 7064), letters read as 10 to 35.
fn is_lei(code: &str) -> bool {
    let shaped = code.len() == 20 && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let digits = code.chars().filter_map(|c| c.to_digit(36));
    shaped && digits.fold(0, |rest, digit| (rest * if digit < 10 { 10 } else { 100 } + digit) % 97) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(country: &str, lei: &str) -> OrganisationDetails {
        let text = |text: &str| Some(text.to_owned());
        OrganisationDetails {
            name: " Bank A ".to_owned(),
            country: text(country),
            lei: text(lei),
            external_id: text(" "),
        }
    }

    /// E15: ISO 17442.
    #[test]
    fn an_lei_is_known_by_its_check_digits() {
        assert!(is_lei("549300DTUYXVMJXZNY75"), "the one of the European Central Bank");
        assert!(!is_lei("549300DTUYXVMJXZNY57"));
        assert!(!is_lei("549300DTUYXVMJXZNY7"));
    }

    /// E15: name, country and identifiers of a legal person.
    #[test]
    fn particulars_are_trimmed_and_checked() {
        let good = checked(details("de", "")).unwrap();
        assert_eq!(
            (good.name.as_str(), good.country.as_deref(), good.lei, good.external_id),
            ("Bank A", Some("DE"), None, None)
        );
        assert!(matches!(checked(details("DEU", "")), Err(OrganisationError::Country)));
        assert!(matches!(checked(details("DE", "12")), Err(OrganisationError::Lei)));
    }
}
