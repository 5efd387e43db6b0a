//! Bodies of requests: the right media type, JSON without doubt about its meaning, values of the right type (SC-20, SC-22, SC-24).

use std::collections::HashSet;
use std::fmt;

use axum::http::{HeaderMap, header};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::error::ScimError;
use super::tolerated::Tolerated;
use super::{filter, schema};
use crate::directory::client::activity::model::Habit;

/// Reads a JSON object. Duplicate keys in whatever case, depth over 128 and numbers out of range are refused.
pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Map<String, Value>, ScimError> {
    // A compressed body could be a thousand times as large as it looks (SC-23).
    let is_compressed = headers.get_all(header::CONTENT_ENCODING).iter().any(|coding| coding != "identity");
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if is_compressed || !matches!(media.as_str(), "application/scim+json" | "application/json") {
        return Err(ScimError::UnsupportedMediaType);
    }
    object(body)
}

/// The same of what is known to be JSON.
pub fn object(body: &[u8]) -> Result<Map<String, Value>, ScimError> {
    let wrong =
        |_| ScimError::InvalidSyntax("the body is not a JSON object that can be read in one way only".to_owned());
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = Unambiguous.deserialize(&mut reader).map_err(wrong)?;
    reader.end().map_err(wrong)?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(ScimError::InvalidSyntax("the body must be a JSON object".to_owned())),
    }
}

struct Unambiguous;

impl<'de> DeserializeSeed<'de> for Unambiguous {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unambiguous {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }
    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        // PostgreSQL cannot store it, and nobody's name holds it.
        if value.contains('\0') { Err(E::custom("a text holds a zero character")) } else { Ok(value.into()) }
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(Unambiguous)? {
            list.push(element);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let (mut object, mut seen) = (Map::new(), HashSet::new());
        while let Some(key) = fields.next_key::<String>()? {
            if !seen.insert(key.to_ascii_lowercase()) || key.contains('\0') {
                return Err(A::Error::custom("a key stands twice"));
            }
            let value = fields.next_value_seed(Unambiguous)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// Whether a message or a resource names a schema (RFC 7643 §3).
pub fn names_schema(body: &Map<String, Value>, uri: &str) -> bool {
    let named = filter::get(body, "schemas").and_then(Value::as_array);
    named.is_some_and(|list| list.iter().filter_map(Value::as_str).any(|one| one.eq_ignore_ascii_case(uri)))
}

/// Minds a message or a resource that does not name its schema.
pub fn check_schemas(body: &Map<String, Value>, uri: &str, tolerated: &Tolerated) -> Result<(), ScimError> {
    if names_schema(body, uri) {
        return Ok(());
    }
    tolerated.pass(Habit::NoSchemas, || ScimError::InvalidSyntax(format!("`schemas` must name {uri}")))
}

/// A resource as it was sent, in the form that is kept.
pub fn resource(core: &str, sent: Map<String, Value>, tolerated: &Tolerated) -> Result<Map<String, Value>, ScimError> {
    check_schemas(&sent, core, tolerated)?;
    normalise(core, sent, tolerated)
}

/// Brings a resource into the form that is kept: names as the schema spells them, no nulls, no empty lists, types checked.
/// Extensions that we do not have are passed over, as RFC 7643 §3.3 has it; an attribute that no schema knows is refused, so
/// that nobody takes it for stored (DA-32).
pub fn normalise(
    core: &str,
    resource: Map<String, Value>,
    tolerated: &Tolerated,
) -> Result<Map<String, Value>, ScimError> {
    let definition = schema::find(core).and_then(|schema| schema.get("attributes"));
    let mut normal = Map::new();
    for (key, value) in resource {
        let known = schema::extensions(core).iter().find(|uri| uri.eq_ignore_ascii_case(&key));
        let (key, value) = match (known, value) {
            (Some(uri), Value::Object(mut fields)) => {
                // Clients that write an extension as a model of its own put its name in.
                if fields.remove("schemas").is_some() {
                    tolerated.pass(Habit::InnerSchemas, || unknown("schemas"))?;
                }
                let definition = schema::find(uri).and_then(|schema| schema.get("attributes"));
                ((*uri).to_owned(), Value::Object(attributes(definition, fields, tolerated)?))
            }
            (Some(_), Value::Null) => continue,
            (Some(_), _) => return Err(wrong_type(&key)),
            (None, _) if key.contains(':') => continue,
            (None, value) if schema::is_common(&key) => (key, value),
            (None, value) => one(definition, (key, value), tolerated)?,
        };
        if !is_nothing(&value) {
            normal.insert(key, value);
        }
    }
    Ok(normal)
}

fn attributes(
    definition: Option<&Value>,
    fields: Map<String, Value>,
    tolerated: &Tolerated,
) -> Result<Map<String, Value>, ScimError> {
    let mut normal = Map::new();
    for (key, value) in fields {
        let (key, value) = one(definition, (key, value), tolerated)?;
        if !is_nothing(&value) {
            normal.insert(key, value);
        }
    }
    Ok(normal)
}

fn one(
    definition: Option<&Value>,
    (key, value): (String, Value),
    tolerated: &Tolerated,
) -> Result<(String, Value), ScimError> {
    let Some(attribute) = definition.and_then(|list| schema::named(list, &key)) else {
        return if is_nothing(&value) { Ok((key, Value::Null)) } else { Err(unknown(&key)) };
    };
    let name = attribute.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let multi_valued = attribute.get("multiValued") == Some(&Value::Bool(true));
    let value = match value {
        Value::Null => Value::Null,
        Value::Array(elements) if multi_valued => Value::Array(
            elements.into_iter().map(|element| single(attribute, element, tolerated)).collect::<Result<_, _>>()?,
        ),
        value if multi_valued => {
            tolerated.pass(Habit::SingleValue, || wrong_type(&name))?;
            Value::Array(vec![single(attribute, value, tolerated)?])
        }
        value => single(attribute, value, tolerated)?,
    };
    Ok((name, value))
}

fn single(attribute: &Value, value: Value, tolerated: &Tolerated) -> Result<Value, ScimError> {
    let name = attribute.get("name").and_then(Value::as_str).unwrap_or_default();
    let kind = attribute.get("type").and_then(Value::as_str).unwrap_or_default();
    match (kind, value) {
        (_, Value::Null) => Ok(Value::Null),
        ("complex", Value::Object(fields)) => {
            Ok(Value::Object(attributes(attribute.get("subAttributes"), fields, tolerated)?))
        }
        // Entra ID sends `manager` and `roles` as plain texts.
        ("complex", Value::String(text)) if tolerated.passes(Habit::PlainText) => {
            Ok(Value::Object(Map::from_iter([("value".to_owned(), text.into())])))
        }
        // … and `manager` as a list of one.
        ("complex", Value::Array(mut list)) if list.len() == 1 && tolerated.passes(Habit::ListOfOne) => {
            list.pop().map_or(Ok(Value::Null), |one| single(attribute, one, tolerated))
        }
        ("boolean", Value::Bool(flag)) => Ok(Value::Bool(flag)),
        ("boolean", Value::String(text)) => match text.to_ascii_lowercase().as_str() {
            word @ ("true" | "false") if tolerated.passes(Habit::BooleanText) => Ok(Value::Bool(word == "true")),
            _ => Err(wrong_type(name)),
        },
        ("string" | "reference" | "binary" | "dateTime", Value::String(text)) => Ok(Value::String(text)),
        _ => Err(wrong_type(name)),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(elements) => elements.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

fn unknown(name: &str) -> ScimError {
    let name: String = name.chars().take(60).collect();
    ScimError::InvalidSyntax(format!("`{name}` is no attribute of this resource; /Schemas lists those that are"))
}

fn wrong_type(name: &str) -> ScimError {
    let name: String = name.chars().take(60).collect();
    ScimError::InvalidValue(format!("`{name}` has a value of another type than its schema says"))
}
