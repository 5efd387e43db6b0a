//! In which terms organisations are described: schemes of identifiers and vocabularies, data of the profile (I16).

use crate::kernel::labels::Labels;

/// A scheme of official identifiers beside the LEI: PIC, MFI code …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// The key stored.
    pub code: String,
    /// What pages call it.
    pub labels: Labels,
    /// It is a number of so many digits; free otherwise.
    pub digits: Option<usize>,
}

/// One entry of a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key stored.
    pub code: String,
    /// What pages call it.
    pub labels: Labels,
}

/// A list of codes by which organisations say what they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    /// The key stored.
    pub code: String,
    /// What pages call it.
    pub labels: Labels,
    /// Its entries, in the order of the profile.
    pub entries: Vec<Entry>,
}

/// All terms of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Schemes of identifiers.
    pub schemes: Vec<Scheme>,
    /// Vocabularies.
    pub vocabularies: Vec<Vocabulary>,
}

impl Terms {
    /// One scheme.
    pub fn scheme(&self, code: &str) -> Option<&Scheme> {
        self.schemes.iter().find(|scheme| scheme.code == code)
    }

    /// Whether a vocabulary has an entry.
    pub fn has(&self, vocabulary: &str, code: &str) -> bool {
        let found = self.vocabularies.iter().find(|one| one.code == vocabulary);
        found.is_some_and(|found| found.entries.iter().any(|entry| entry.code == code))
    }
}
