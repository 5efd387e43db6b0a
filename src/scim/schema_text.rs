//! The notation in which `schemas.txt` writes the schemas down. Pure.

use serde_json::{Map, Value, json};

/// Reads the notation: `= uri|name|description` starts a schema, `- name type flags|description` an attribute, `-- …` a
/// sub-attribute of the one above, `--- …` one of that. Flags: `*` list, `!` required, `ro` read-only, `im` immutable, `uq`
/// unique, `rq` returned on request, `cx` case-exact, `>X` refers to X, `{a,b}` canonical values.
pub fn read(text: &str) -> Vec<Value> {
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
        let mut list = schemas.last_mut().and_then(|schema| schema.get_mut("attributes"));
        for _ in 1..kind.len() {
            let parent =
                list.and_then(Value::as_array_mut).and_then(|list| list.last_mut()).and_then(Value::as_object_mut);
            list = parent.map(|parent| parent.entry("subAttributes").or_insert_with(|| json!([])));
        }
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
        ("returned".to_owned(), json!(if has("rq") { "request" } else { "default" })),
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
