//! The list of a personnel system: a CSV file with a header line, or a JSON file with an array of objects.

use std::collections::HashSet;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::person::Person;

/// Why a list is not taken. Nothing has been sent then.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListError {
    /// It cannot be opened.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// A line does not have the named columns.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// It is not an array of people.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// Two lines are about the same person, and nobody knows which of them holds.
    #[error("`{0}` is in the list twice")]
    Twice(String),
}

/// Reads the list; a name that ends in `.json` is JSON.
///
/// # Errors
/// See [`ListError`].
pub(crate) fn read(file: &Path) -> Result<Vec<Person>, ListError> {
    let people = if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        serde_json::from_reader(BufReader::new(File::open(file)?))?
    } else {
        let mut lines = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(file)?;
        lines.deserialize().collect::<Result<Vec<Person>, _>>()?
    };
    let (mut numbers, mut addresses) = (HashSet::new(), HashSet::new());
    for person in &people {
        if !numbers.insert(person.personnel_number.as_str()) {
            return Err(ListError::Twice(person.personnel_number.clone()));
        }
        if !addresses.insert(person.email.to_lowercase()) {
            return Err(ListError::Twice(person.email.clone()));
        }
    }
    Ok(people)
}
