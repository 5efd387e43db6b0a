//! What an organisation is in a module, and what the module asks for besides (I25–I27). Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::ModuleError;
use super::model::ModuleKind;
use super::settings::SettingsSchema;

/// What is agreed with an organisation about a module.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// As what.
    pub kind: ModuleKind,
    /// Codes of the list of the module, sorted.
    pub classification: Vec<String>,
    /// By name, as the schema of the module has them.
    pub settings: Map<String, Value>,
}

impl From<ModuleKind> for Terms {
    fn from(kind: ModuleKind) -> Self {
        Self { kind, classification: Vec::new(), settings: Map::new() }
    }
}

/// One entry of the list by which the organisations of a module are classified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Letters, digits, `_` and `-`.
    pub code: String,
    /// What it is called, by language; English is always there.
    pub labels: BTreeMap<String, String>,
}

impl Class {
    /// What it is called in a language, or else in English.
    pub fn label(&self, language: &str) -> &str {
        self.labels.get(language).or_else(|| self.labels.get("en")).map_or(&self.code, String::as_str)
    }
}

/// What a module asks for: nothing, unless its operator said so.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// What an organisation can be classified by, in the order of the operator.
    pub classes: Vec<Class>,
    /// The settings there are.
    pub settings: Option<SettingsSchema>,
}

impl Catalogue {
    /// Terms as they are stored: every code known and once, every setting as the schema has it.
    ///
    /// # Errors
    /// [`ModuleError::UnknownClass`], [`ModuleError::Setting`]: the first thing that is wrong.
    pub fn checked(&self, mut terms: Terms) -> Result<Terms, ModuleError> {
        terms.classification.sort_unstable();
        terms.classification.dedup();
        if let Some(code) = terms.classification.iter().find(|code| !self.classes.iter().any(|c| &c.code == *code)) {
            return Err(ModuleError::UnknownClass(code.chars().take(64).collect()));
        }
        match (&self.settings, terms.settings.keys().next()) {
            (Some(schema), _) => schema.check(&terms.settings)?,
            (None, Some(name)) => return Err(ModuleError::setting(name, "is no setting of this module")),
            (None, None) => {}
        }
        Ok(terms)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn catalogue() -> Catalogue {
        let labels =
            BTreeMap::from([("en".to_owned(), "Teachers".to_owned()), ("de".to_owned(), "Lehrkräfte".to_owned())]);
        Catalogue { classes: vec![Class { code: "TEACHERS".to_owned(), labels }], settings: None }
    }

    /// I16, I26: codes of the list only, each once; labels in the language of the reader, else in English.
    #[test]
    fn a_classification_holds_codes_of_its_list_only() {
        let of = |codes: &[&str]| Terms {
            classification: codes.iter().map(|code| (*code).to_owned()).collect(),
            ..ModuleKind::Authority.into()
        };
        let checked = catalogue().checked(of(&["TEACHERS", "TEACHERS"])).unwrap();
        assert_eq!(checked.classification, ["TEACHERS"]);
        assert!(
            matches!(catalogue().checked(of(&["NURSES"])), Err(ModuleError::UnknownClass(code)) if code == "NURSES")
        );
        let class = catalogue().classes.remove(0);
        assert_eq!((class.label("de"), class.label("fr")), ("Lehrkräfte", "Teachers"));
    }

    /// I27: a module without a schema has no settings.
    #[test]
    fn a_module_without_settings_takes_none() {
        let Value::Object(settings) = json!({ "approval": true }) else { unreachable!() };
        let refused = catalogue().checked(Terms { settings, ..ModuleKind::Authority.into() });
        assert!(matches!(refused, Err(ModuleError::Setting { name, .. }) if name == "approval"));
    }
}
