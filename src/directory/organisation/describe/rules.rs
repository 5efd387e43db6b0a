//! What a description must look like. Pure.

use super::model::{Description, Titles};
use super::terms::{Scheme, Terms};
use crate::directory::organisation::error::OrganisationError;
use crate::kernel::text::{MAX_NAME, description, is_safe_url, name};

/// Longest postal address, in characters.
pub const MAX_ADDRESS: usize = 500;

/// Longest identifier, in characters.
pub const MAX_IDENTIFIER: usize = 64;

/// Most languages in which an organisation has a name.
const MAX_LANGUAGES: usize = 24;

/// Trims and checks; empty texts are dropped. What is `stored` already may stay when the profile no longer knows its code.
pub fn checked(given: Description, terms: &Terms, stored: &Description) -> Result<Description, OrganisationError> {
    let kept = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut titles = std::collections::BTreeMap::new();
    for (language, given) in given.titles {
        let known = language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase());
        if !known || titles.len() >= MAX_LANGUAGES {
            return Err(OrganisationError::Language);
        }
        let text = |field, text: Option<String>| {
            let checked = kept(text).map(|text| name(&text)).transpose();
            checked.map_err(|error| OrganisationError::Text { field, error })
        };
        let legal_name = text("legal_name", given.legal_name)?;
        let informal_title = text("informal_title", given.informal_title)?;
        if legal_name.is_some() || informal_title.is_some() {
            titles.insert(language, Titles { legal_name, informal_title });
        }
    }
    let address = kept(given.address).map(|text| description(&text)).transpose();
    let address = address.map_err(|error| OrganisationError::Text { field: "address", error })?;
    if address.as_ref().is_some_and(|text| text.chars().count() > MAX_ADDRESS) {
        return Err(OrganisationError::Text { field: "address", error: crate::kernel::text::TextError::TooLong });
    }
    let website = kept(given.website);
    if website
        .as_deref()
        .is_some_and(|link| !link.starts_with("https://") || link.len() > MAX_NAME || !is_safe_url(link))
    {
        return Err(OrganisationError::Website);
    }
    let mut identifiers = std::collections::BTreeMap::new();
    for (scheme, value) in given.identifiers {
        let Some(value) = kept(Some(value)) else { continue };
        let value = match terms.scheme(&scheme) {
            Some(known) => identifier(known, &value),
            None => stored.identifiers.get(&scheme).filter(|kept| **kept == value).cloned(),
        };
        identifiers.insert(scheme.clone(), value.ok_or(OrganisationError::Identifier(scheme))?);
    }
    for (vocabulary, codes) in &given.classification {
        let stays = |code: &String| stored.classification.get(vocabulary).is_some_and(|kept| kept.contains(code));
        if codes.iter().any(|code| !terms.has(vocabulary, code) && !stays(code)) {
            return Err(OrganisationError::Classification);
        }
    }
    let mut classification = given.classification;
    classification.retain(|_, codes| !codes.is_empty());
    Ok(Description { titles, phone: given.phone, address, website, identifiers, classification })
}

/// An identifier as it is compared: upper case, without spaces, hyphens and dots.
fn identifier(scheme: &Scheme, text: &str) -> Option<String> {
    let value: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '\u{a0}')).collect();
    let value = value.to_uppercase();
    let plain = !value.is_empty()
        && value.len() <= MAX_IDENTIFIER
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'/');
    let shaped = scheme.digits.is_none_or(|digits| value.len() == digits && value.bytes().all(|b| b.is_ascii_digit()));
    (plain && shaped).then_some(value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::terms::{Entry, Vocabulary};
    use super::*;
    use crate::kernel::labels::Labels;

    fn terms() -> Terms {
        let labels = || Labels::new(BTreeMap::from([("en".to_owned(), "Label".to_owned())]));
        Terms {
            schemes: vec![Scheme { code: "PIC".to_owned(), labels: labels(), digits: Some(9) }],
            vocabularies: vec![Vocabulary {
                code: "area".to_owned(),
                labels: labels(),
                entries: vec![Entry { code: "education".to_owned(), labels: labels() }],
            }],
        }
    }

    fn check(given: Description) -> Result<Description, OrganisationError> {
        checked(given, &terms(), &Description::default())
    }

    /// I09: an identifier has one spelling, so that the same one is known again.
    #[test]
    fn an_identifier_is_read_however_it_is_spaced() {
        let given = |value: &str| Description {
            identifiers: BTreeMap::from([("PIC".to_owned(), value.to_owned())]),
            ..Description::default()
        };
        assert_eq!(check(given(" 999 888-777 ")).unwrap().identifiers["PIC"], "999888777");
        assert!(check(given("  ")).unwrap().identifiers.is_empty());
        for wrong in ["99988877", "9998887771", "99988877x", "９９９８８８７７７"] {
            assert!(matches!(check(given(wrong)), Err(OrganisationError::Identifier(_))), "{wrong}");
        }
    }

    /// I16: only entries of the vocabularies of the profile; what is stored may outlive them.
    #[test]
    fn a_classification_is_an_entry_of_a_vocabulary() {
        let given = |code: &str| Description {
            classification: BTreeMap::from([("area".to_owned(), std::iter::once(code.to_owned()).collect())]),
            ..Description::default()
        };
        assert!(check(given("education")).is_ok());
        assert!(matches!(check(given("health")), Err(OrganisationError::Classification)));
        assert!(checked(given("health"), &terms(), &given("health")).is_ok());
    }

    /// I14, OA-03: a link that is shown is one of the web and safe to follow.
    #[test]
    fn a_website_is_an_address_of_the_web() {
        let given = |link: &str| Description { website: Some(link.to_owned()), ..Description::default() };
        assert!(check(given("https://city.example/")).is_ok());
        for wrong in ["http://localhost/", "javascript:alert(1)", "https://a@b.example/", "city.example"] {
            assert!(matches!(check(given(wrong)), Err(OrganisationError::Website)), "{wrong}");
        }
    }
}
