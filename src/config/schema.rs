//! The JSON schema of the configuration file, for editors: `config/schema.json`.

use serde_json::{Map, Value, json};

use super::Config;

/// The schema, with the `*_file` twin of every secret.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Config).to_value();
    add_file_twins(&mut schema);
    schema
}

fn add_file_twins(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Object(properties)) = object.get_mut("properties") {
                let twins: Map<String, Value> =
                    properties.iter().filter(|(_, value)| is_secret(value)).map(|(key, _)| twin(key)).collect();
                properties.extend(twins);
            }
            if let Some(Value::Array(required)) = object.get_mut("required") {
                // Every key has a default.
                required.clear();
            }
            object.values_mut().for_each(add_file_twins);
        }
        Value::Array(items) => items.iter_mut().for_each(add_file_twins),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_secret(property: &Value) -> bool {
    let is = |value: &Value| value.get("format").and_then(Value::as_str) == Some("password");
    is(property) || property.get("anyOf").and_then(Value::as_array).is_some_and(|options| options.iter().any(is))
}

fn twin(key: &str) -> (String, Value) {
    (format!("{key}_file"), json!({ "type": "string", "description": format!("Path of a file that holds `{key}`.") }))
}
