//! The schemas (RFC 7643 §7) as data: one line per attribute in `schemas.txt`, made into JSON once.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::attribute::AttributePath;

/// RFC 7643 §4.1.
pub const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// RFC 7643 §4.2.
pub const CORE_GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// RFC 7643 §4.3.
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// Ours: level, company id, subsidiary, end of the account, pending addresses.
pub const CHAMBERLAIN_USER: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User";
/// Ours: application, environment, code, description.
pub const CHAMBERLAIN_GROUP: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Group";

/// All schemas, in the order of `/Schemas`.
pub static SCHEMAS: LazyLock<Vec<Value>> = LazyLock::new(|| read(include_str!("schemas.txt")));

/// One schema.
pub fn find(uri: &str) -> Option<&'static Value> {
    SCHEMAS.iter().find(|schema| schema.get("id").and_then(Value::as_str) == Some(uri))
}

/// The definition of the attribute or sub-attribute that a path names, for resources whose core schema is `core`.
pub fn attribute(core: &str, path: &AttributePath) -> Option<&'static Value> {
    let schema = find(path.uri.as_deref().unwrap_or(core))?;
    let found = named(schema.get("attributes")?, &path.name)?;
    match &path.sub {
        None => Some(found),
        Some(sub) => named(found.get("subAttributes")?, sub),
    }
}

/// The attribute of a list of definitions, whatever the case of its name.
pub fn named<'a>(list: &'a Value, name: &str) -> Option<&'a Value> {
    list.as_array()?
        .iter()
        .find(|a| a.get("name").and_then(Value::as_str).is_some_and(|n| n.eq_ignore_ascii_case(name)))
}

/// Whether a path names a list; an attribute that no schema of ours knows is not one.
pub fn is_multi_valued(core: &str, path: &AttributePath) -> bool {
    let whole = AttributePath { sub: None, ..path.clone() };
    attribute(core, &whole).and_then(|a| a.get("multiValued")).and_then(Value::as_bool) == Some(true)
}

/// Whether a path names something that only the server sets.
pub fn is_read_only(core: &str, path: &AttributePath) -> bool {
    if matches!(path.name.to_ascii_lowercase().as_str(), "id" | "meta" | "schemas") && path.extension().is_none() {
        return true;
    }
    attribute(core, path).and_then(|a| a.get("mutability")).and_then(Value::as_str) == Some("readOnly")
}

/// `= uri|name|description` starts a schema, `- name type flags|description` an attribute, `-- …` a sub-attribute. Flags:
/// `*` list, `!` required, `ro` read-only, `im` immutable, `uq` unique, `cx` case-exact, `>X` refers to X, `{a,b}` canonical values.
fn read(text: &str) -> Vec<Value> {
    let mut schemas: Vec<Value> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (head, description) = line.split_once('|').unwrap_or((line, ""));
        let mut words = head.split_whitespace();
        let kind = words.next().unwrap_or_default();
        if kind == "=" {
            schemas.push(schema(words.next().unwrap_or_default(), words.next().unwrap_or_default(), description));
            continue;
        }
        let attribute = definition(&mut words, description);
        let list = schemas.last_mut().and_then(|schema| schema.get_mut("attributes"));
        let list = if kind == "--" {
            let parent =
                list.and_then(Value::as_array_mut).and_then(|list| list.last_mut()).and_then(Value::as_object_mut);
            parent.map(|parent| parent.entry("subAttributes").or_insert_with(|| json!([])))
        } else {
            list
        };
        if let Some(Value::Array(list)) = list {
            list.push(attribute);
        }
    }
    schemas
}

fn schema(uri: &str, name: &str, description: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": uri, "name": name, "description": description, "attributes": [],
    })
}

fn definition<'a>(words: &mut impl Iterator<Item = &'a str>, description: &str) -> Value {
    let name = words.next().unwrap_or_default();
    let kind = words.next().unwrap_or("string");
    let flags: Vec<&str> = words.collect();
    let has = |flag: &str| flags.contains(&flag);
    let mutability = if has("ro") {
        "readOnly"
    } else if has("im") {
        "immutable"
    } else {
        "readWrite"
    };
    let mut fields = Map::from_iter([
        ("name".to_owned(), json!(name)),
        ("type".to_owned(), json!(kind)),
        ("multiValued".to_owned(), json!(has("*"))),
        ("description".to_owned(), json!(description)),
        ("required".to_owned(), json!(has("!"))),
        ("mutability".to_owned(), json!(mutability)),
        ("returned".to_owned(), json!("default")),
    ]);
    if matches!(kind, "string" | "reference" | "binary") {
        fields.insert("caseExact".to_owned(), json!(has("cx") || kind != "string"));
        fields.insert("uniqueness".to_owned(), json!(if has("uq") { "server" } else { "none" }));
    }
    for flag in flags {
        if let Some(types) = flag.strip_prefix('>') {
            fields.insert("referenceTypes".to_owned(), json!(types.split(',').collect::<Vec<_>>()));
        } else if let Some(values) = flag.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            fields.insert("canonicalValues".to_owned(), json!(values.split(',').collect::<Vec<_>>()));
        }
    }
    Value::Object(fields)
}
