//! The settings of a module: a JSON Schema that its operator writes (I27). Pure.
//!
//! Any keyword of the schema language may be used; but the settings themselves are flat, so that each has a field in the portal:
//! true or false, one line of text, a number, one of several, or some of several.

use std::fmt;
use std::sync::Arc;

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::error::ModuleError;
use crate::directory::application::manage::is_code;

/// Longest schema, in bytes.
pub const MAX_SCHEMA: usize = 16 * 1024;
/// Most settings of a module.
pub const MAX_SETTINGS: usize = 30;
/// Longest settings of one access, in bytes of JSON.
const MAX_BYTES: usize = 8 * 1024;
/// Most choices of one setting.
const MAX_CHOICES: usize = 200;

/// Why a schema cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// Longer than [`MAX_SCHEMA`].
    #[error("the schema is longer than {MAX_SCHEMA} bytes")]
    TooLong,
    /// No JSON.
    #[error("the schema is not JSON: {0}")]
    NotJson(String),
    /// JSON, but no schema.
    #[error("the schema is not a JSON Schema: {0}")]
    NotSchema(String),
    /// Not of the form that settings have.
    #[error("the schema must have `\"type\": \"object\"` and 1 to {MAX_SETTINGS} `properties`")]
    NotObject,
    /// A setting that no form could ask for.
    #[error(
        "the setting `{0}` must be a boolean, a string, a number, or an array of an `enum` of strings, and its name letters, digits, `_` and `-`"
    )]
    Setting(String),
}

/// What kind of field a setting has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// A box to tick.
    Boolean,
    /// A line of text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// One of these.
    One(Vec<String>),
    /// Some of these.
    Some(Vec<String>),
}

/// One setting, as a form asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name in the settings.
    pub name: String,
    /// `title` of the schema, or the name.
    pub title: String,
    /// `description` of the schema.
    pub description: Option<String>,
    /// Which field it has.
    pub kind: SettingKind,
    /// Whether it must be given.
    pub required: bool,
}

/// A schema that was checked.
#[derive(Clone)]
pub struct SettingsSchema {
    text: String,
    settings: Vec<Setting>,
    validator: Arc<Validator>,
}

impl fmt::Debug for SettingsSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SettingsSchema").field(&self.text).finish()
    }
}

impl SettingsSchema {
    /// Reads and checks a schema. References to other documents are never followed.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        if text.len() > MAX_SCHEMA {
            return Err(SchemaError::TooLong);
        }
        let schema: Value = serde_json::from_str(text).map_err(|error| SchemaError::NotJson(error.to_string()))?;
        let properties = schema.get("properties").and_then(Value::as_object);
        let properties = properties.filter(|_| schema.get("type").and_then(Value::as_str) == Some("object"));
        let properties =
            properties.filter(|all| (1..=MAX_SETTINGS).contains(&all.len())).ok_or(SchemaError::NotObject)?;
        let required = schema.get("required").and_then(Value::as_array);
        let required = |name: &str| required.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)));
        let setting = |(name, rule): (&String, &Value)| {
            let kind = kind(rule).filter(|_| is_code(name)).ok_or_else(|| SchemaError::Setting(name.clone()))?;
            let words = |key| rule.get(key).and_then(Value::as_str).map(str::to_owned);
            let title = words("title").unwrap_or_else(|| name.clone());
            Ok(Setting { name: name.clone(), title, description: words("description"), kind, required: required(name) })
        };
        let settings = properties.iter().map(setting).collect::<Result<_, SchemaError>>()?;
        let validator =
            jsonschema::validator_for(&schema).map_err(|error| SchemaError::NotSchema(error.to_string()))?;
        Ok(Self { text: text.to_owned(), settings, validator: Arc::new(validator) })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The settings by name.
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// Whether settings are as the schema has them; what it does not name is refused, whatever it says of that.
    pub(super) fn check(&self, settings: &Map<String, Value>) -> Result<(), ModuleError> {
        if let Some(name) = settings.keys().find(|name| !self.settings.iter().any(|known| known.name == **name)) {
            return Err(ModuleError::setting(name, "is no setting of this module"));
        }
        let value = Value::Object(settings.clone());
        if value.to_string().len() > MAX_BYTES {
            return Err(ModuleError::setting("", "is too long"));
        }
        let Some(error) = self.validator.iter_errors(&value).next() else { return Ok(()) };
        let path = error.instance_path().to_string();
        let name = path.split('/').nth(1).unwrap_or_default().to_owned();
        let missing = self.settings.iter().find(|one| one.required && !settings.contains_key(&one.name));
        let name = if name.is_empty() { missing.map(|one| one.name.clone()).unwrap_or_default() } else { name };
        Err(ModuleError::setting(&name, &error.to_string()))
    }
}

/// The field of a setting; `None` where there is none for it.
fn kind(rule: &Value) -> Option<SettingKind> {
    Some(match rule.get("type").and_then(Value::as_str)? {
        "boolean" => SettingKind::Boolean,
        "integer" => SettingKind::Integer,
        "number" => SettingKind::Number,
        "string" if rule.get("enum").is_some() => SettingKind::One(choices(rule)?),
        "string" => SettingKind::Text,
        "array" => SettingKind::Some(choices(rule.get("items")?)?),
        _ => return None,
    })
}

fn choices(rule: &Value) -> Option<Vec<String>> {
    let all = rule.get("enum")?.as_array()?;
    let choices: Option<Vec<String>> = all.iter().map(|one| one.as_str().map(str::to_owned)).collect();
    choices.filter(|all| (1..=MAX_CHOICES).contains(&all.len()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> SettingsSchema {
        let text = json!({
            "type": "object", "required": ["approval"],
            "properties": {
                "approval": { "type": "boolean", "title": "Approval by a coordinator" },
                "allocation": { "type": "string", "enum": ["manual", "automatic"] },
                "days": { "type": "integer", "minimum": 1, "maximum": 90 },
                "languages": { "type": "array", "items": { "enum": ["de", "fr"] }, "uniqueItems": true },
            },
        });
        SettingsSchema::parse(&text.to_string()).unwrap()
    }

    /// I27: what the schema of the module says binds; what it does not name is refused; the error names the setting.
    #[test]
    fn settings_are_as_the_schema_has_them() {
        let wrong = |value: Value| match schema().check(value.as_object().unwrap()) {
            Ok(()) => None,
            Err(ModuleError::Setting { name, .. }) => Some(name),
            Err(error) => panic!("{error}"),
        };
        assert_eq!(wrong(json!({ "approval": true, "allocation": "manual", "days": 5, "languages": ["de"] })), None);
        for (value, name) in [
            (json!({}), "approval"),
            (json!({ "approval": "yes" }), "approval"),
            (json!({ "approval": true, "allocation": "by mood" }), "allocation"),
            (json!({ "approval": true, "days": 91 }), "days"),
            (json!({ "approval": true, "languages": ["de", "de"] }), "languages"),
            (json!({ "approval": true, "colour": "red" }), "colour"),
        ] {
            assert_eq!(wrong(value.clone()).as_deref(), Some(name), "{value}");
        }
    }

    /// Each setting has a field, and no schema reaches out for another document.
    #[test]
    fn a_schema_that_no_form_could_ask_for_is_refused() {
        let of = |rule: Value| {
            SettingsSchema::parse(&json!({ "type": "object", "properties": { "x": rule } }).to_string()).map(drop)
        };
        assert_eq!(of(json!({ "type": "string" })), Ok(()));
        for rule in [json!({ "type": "object" }), json!({}), json!({ "type": "array", "items": { "type": "string" } })]
        {
            assert_eq!(of(rule.clone()), Err(SchemaError::Setting("x".to_owned())), "{rule}");
        }
        for rule in
            [json!({ "type": "string", "pattern": "(" }), json!({ "type": "string", "$ref": "https://evil.example/a" })]
        {
            assert!(matches!(of(rule.clone()), Err(SchemaError::NotSchema(_))), "{rule}");
        }
        assert_eq!(SettingsSchema::parse("{").map(drop).map_err(|e| matches!(e, SchemaError::NotJson(_))), Err(true));
        assert_eq!(SettingsSchema::parse("{}").map(drop), Err(SchemaError::NotObject));
        assert_eq!(SettingsSchema::parse(&" ".repeat(MAX_SCHEMA + 1)).map(drop), Err(SchemaError::TooLong));
    }
}
