//! What a profile calls something, language by language.

use std::collections::BTreeMap;

/// What something is called, by language tag; English is there wherever anything is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// From a map that has been checked.
    pub fn new(labels: BTreeMap<String, String>) -> Self {
        Self(labels)
    }

    /// In a language, or in English; empty where nothing is said.
    pub fn of(&self, language: &str) -> &str {
        self.0.get(language).or_else(|| self.0.get("en")).map_or("", String::as_str)
    }

    /// Each language with its text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(language, text)| (language.as_str(), text.as_str()))
    }
}
