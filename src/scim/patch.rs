//! PATCH (RFC 7644 §3.5.2): operations applied to a copy, so that a refused one leaves nothing behind (SC-12). Pure.

use serde_json::{Map, Value};

use super::attribute::AttributePath;
use super::filter::{Filter, Operator};
pub use super::operation::{Op, Operation, PatchError, parse};
use super::tolerated::Tolerated;
use crate::directory::client::activity::model::Habit;

/// The resource after all operations; `multi_valued` says of an attribute of the schema whether it is a list.
pub fn apply(
    resource: &Map<String, Value>,
    operations: &[Operation],
    multi_valued: impl Fn(&AttributePath) -> bool,
    tolerated: &Tolerated,
) -> Result<Map<String, Value>, PatchError> {
    let mut patched = resource.clone();
    for operation in operations {
        one(&mut patched, operation, (multi_valued(&operation.path.attribute), tolerated))?;
    }
    Ok(patched)
}

/// Whether an attribute is a list, and how literally the request is read.
type How<'a> = (bool, &'a Tolerated);

fn one(resource: &mut Map<String, Value>, operation: &Operation, list: How<'_>) -> Result<(), PatchError> {
    let attribute = &operation.path.attribute;
    if attribute.name.is_empty() {
        let uri = attribute.extension().ok_or(PatchError::Path)?;
        return match operation.op {
            Op::Remove => {
                resource.remove(uri);
                Ok(())
            }
            Op::Add | Op::Replace => Err(PatchError::Value("an extension must be an object")),
        };
    }
    let Some(uri) = attribute.extension() else { return in_holder(resource, operation, list) };
    let extension = entry(resource, uri).or_insert_with(|| Value::Object(Map::new()));
    let holder = extension.as_object_mut().ok_or(PatchError::NoTarget)?;
    in_holder(holder, operation, list)?;
    if holder.is_empty() {
        resource.remove(uri);
    }
    Ok(())
}

fn in_holder(
    holder: &mut Map<String, Value>,
    operation: &Operation,
    (list, tolerated): How<'_>,
) -> Result<(), PatchError> {
    let name = operation.path.attribute.name.as_str();
    match (&operation.path.filter, operation.path.attribute.sub.as_deref(), operation.op) {
        (Some(filter), sub, op) => elements(holder, (name, filter), (op, sub, &operation.value), tolerated),
        (None, None, Op::Remove) => {
            remove_values(holder, name, &operation.value);
            Ok(())
        }
        (None, None, op) => {
            set(holder, name, operation.value.clone(), op == Op::Add, list);
            Ok(())
        }
        (None, Some(sub), Op::Remove) => {
            remove_sub(holder, name, sub);
            Ok(())
        }
        (None, Some(sub), _) => set_sub(holder, name, sub, &operation.value, list),
    }
}

/// The entry of a key, in the spelling that is there already.
fn entry<'a>(object: &'a mut Map<String, Value>, name: &str) -> serde_json::map::Entry<'a> {
    let spelling = object.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned().unwrap_or_else(|| name.to_owned());
    object.entry(spelling)
}

fn remove(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    let spelling = object.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned()?;
    object.remove(&spelling)
}

fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    if value.is_null() {
        remove(object, name);
    } else {
        *entry(object, name).or_insert(Value::Null) = value;
    }
}

fn set(holder: &mut Map<String, Value>, name: &str, value: Value, add: bool, list: bool) {
    if list {
        let new = match value {
            Value::Array(elements) => elements,
            Value::Null => Vec::new(),
            single => vec![single],
        };
        let mut present = match remove(holder, name) {
            Some(Value::Array(present)) if add => present,
            _ => Vec::new(),
        };
        merge(&mut present, new);
        if !present.is_empty() {
            holder.insert(name.to_owned(), Value::Array(present));
        }
        return;
    }
    match (entry(holder, name), value) {
        (serde_json::map::Entry::Occupied(mut there), Value::Object(fields)) if there.get().is_object() => {
            // RFC 7644 §3.5.2.3: sub-attributes that are not named stay as they are.
            if let Some(object) = there.get_mut().as_object_mut() {
                for (key, value) in fields {
                    put(object, &key, value);
                }
            }
        }
        (_, value) => put(holder, name, value),
    }
}

/// Adds what is not there yet; a new primary element takes the place of the old one (RFC 7643 §2.4).
fn merge(present: &mut Vec<Value>, new: Vec<Value>) {
    for element in new {
        if element.get("primary") == Some(&Value::Bool(true)) {
            no_primary(present);
        }
        match present.iter_mut().find(|have| same(have, &element)) {
            Some(have) => *have = element,
            None => present.push(element),
        }
    }
}

fn no_primary(elements: &mut [Value]) {
    for element in elements.iter_mut().filter_map(Value::as_object_mut) {
        if element.get("primary") == Some(&Value::Bool(true)) {
            element.insert("primary".to_owned(), Value::Bool(false));
        }
    }
}

/// Whether two elements are one but for the mark of the preferred one.
fn same(have: &Value, wanted: &Value) -> bool {
    let bare = |element: &Value| match element {
        Value::Object(fields) => Value::Object(
            fields.iter().filter(|(key, _)| *key != "primary").map(|(k, v)| (k.clone(), v.clone())).collect(),
        ),
        other => other.clone(),
    };
    bare(have) == bare(wanted)
}

/// `remove` with a list of values takes these away, as Entra ID does with members; without, all of them.
fn remove_values(holder: &mut Map<String, Value>, name: &str, value: &Value) {
    let unwanted = match value {
        Value::Null => {
            remove(holder, name);
            return;
        }
        Value::Array(unwanted) => unwanted.as_slice(),
        single => std::slice::from_ref(single),
    };
    let Some(Value::Array(mut present)) = remove(holder, name) else { return };
    present.retain(|have| {
        !unwanted
            .iter()
            .any(|gone| have == gone || (gone.get("value").is_some() && have.get("value") == gone.get("value")))
    });
    if !present.is_empty() {
        holder.insert(name.to_owned(), Value::Array(present));
    }
}

fn remove_sub(holder: &mut Map<String, Value>, name: &str, sub: &str) {
    let Some(mut value) = remove(holder, name) else { return };
    match &mut value {
        Value::Object(object) => {
            remove(object, sub);
        }
        Value::Array(elements) => {
            for object in elements.iter_mut().filter_map(Value::as_object_mut) {
                remove(object, sub);
            }
            elements.retain(|element| element.as_object().is_none_or(|object| !object.is_empty()));
        }
        _ => {}
    }
    let empty = value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty);
    if !empty {
        holder.insert(name.to_owned(), value);
    }
}

fn set_sub(
    holder: &mut Map<String, Value>,
    name: &str,
    sub: &str,
    value: &Value,
    list: bool,
) -> Result<(), PatchError> {
    let blank = if list { Value::Array(vec![Value::Object(Map::new())]) } else { Value::Object(Map::new()) };
    let target = entry(holder, name).or_insert(blank);
    if target.is_string() {
        // Entra ID sends `manager` as a plain text.
        *target = Value::Object(Map::from_iter([("value".to_owned(), target.clone())]));
    }
    match target {
        Value::Object(object) => put(object, sub, value.clone()),
        Value::Array(elements) => {
            for object in elements.iter_mut().filter_map(Value::as_object_mut) {
                put(object, sub, value.clone());
            }
        }
        _ => return Err(PatchError::NoTarget),
    }
    Ok(())
}

fn elements(
    holder: &mut Map<String, Value>,
    (name, filter): (&str, &Filter),
    (op, sub, value): (Op, Option<&str>, &Value),
    tolerated: &Tolerated,
) -> Result<(), PatchError> {
    let mut list = match remove(holder, name) {
        Some(Value::Array(list)) => list,
        Some(other) => vec![other],
        None => Vec::new(),
    };
    let matching = |element: &Value| element.as_object().is_some_and(|object| filter.matches(object));
    if !list.iter().any(matching) {
        match (op, sub, implied(filter)) {
            // Entra ID adds `emails[type eq "work"].value` where there is none: the element is made.
            (Op::Add | Op::Replace, Some(_), Some(fields)) if tolerated.passes(Habit::MadeElement) => {
                list.push(Value::Object(fields));
            }
            _ => return Err(PatchError::NoTarget),
        }
    }
    match (op, sub) {
        (Op::Remove, None) => list.retain(|element| !matching(element)),
        (op, sub) => {
            let primary = sub == Some("primary") && value == &Value::Bool(true)
                || value.get("primary") == Some(&Value::Bool(true));
            let chosen: Vec<bool> = list.iter().map(matching).collect();
            if primary {
                no_primary(&mut list);
            }
            for (element, chosen) in list.iter_mut().zip(chosen) {
                if let (true, Some(object)) = (chosen, element.as_object_mut()) {
                    change(object, op, sub, value)?;
                }
            }
        }
    }
    list.retain(|element| element.as_object().is_none_or(|object| !object.is_empty()));
    if !list.is_empty() {
        holder.insert(name.to_owned(), Value::Array(list));
    }
    Ok(())
}

fn change(object: &mut Map<String, Value>, op: Op, sub: Option<&str>, value: &Value) -> Result<(), PatchError> {
    match (sub, op) {
        (Some(sub), Op::Remove) => {
            remove(object, sub);
        }
        (Some(sub), _) => put(object, sub, value.clone()),
        (None, _) => {
            let fields = value.as_object().ok_or(PatchError::Value("an element must be an object"))?;
            if op == Op::Replace {
                object.clear();
            }
            for (key, value) in fields {
                put(object, key, value.clone());
            }
        }
    }
    Ok(())
}

/// The element that a filter of `eq` terms describes.
fn implied(filter: &Filter) -> Option<Map<String, Value>> {
    match filter {
        Filter::Compare(path, Operator::Eq, value) if path.uri.is_none() && path.sub.is_none() => {
            Some(Map::from_iter([(path.name.clone(), value.clone())]))
        }
        Filter::And(left, right) => {
            let mut fields = implied(left)?;
            fields.extend(implied(right)?);
            Some(fields)
        }
        _ => None,
    }
}
