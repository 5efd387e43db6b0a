//! The operations of a Bulk (RFC 7644 §3.7) as data, and the order in which they can be done. Pure.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use serde_json::{Map, Value};

use super::error::ScimError;
use super::filter;

/// What stands before the name of an operation where the id of its resource is meant.
const PREFIX: &str = "bulkId:";

/// Longest name of an operation, in octets.
const MAX_BULK_ID: usize = 200;

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct BulkOperation {
    /// POST, PUT, PATCH or DELETE.
    pub method: Method,
    /// What others call it by.
    pub bulk_id: Option<String>,
    /// The address below `/scim/v2`.
    pub path: String,
    /// The version on top of which it is meant.
    pub version: Option<String>,
    /// The body.
    pub data: Option<Value>,
}

/// A Bulk request.
#[derive(Clone, Debug, PartialEq)]
pub struct Bulk {
    /// In the order in which they were sent.
    pub operations: Vec<BulkOperation>,
    /// After so many errors the rest is not done.
    pub fail_on_errors: Option<usize>,
}

fn wrong(at: usize, why: &str) -> ScimError {
    ScimError::InvalidSyntax(format!("operation {}: {why}", at.saturating_add(1)))
}

impl Bulk {
    /// Reads a request. One that breaks the form, or has more than `most` operations, is refused as a whole, before anything is done.
    pub fn parse(body: &Map<String, Value>, most: usize) -> Result<Self, ScimError> {
        let Some(Value::Array(list)) = filter::get(body, "Operations") else {
            return Err(ScimError::InvalidSyntax("`Operations` must be a list".to_owned()));
        };
        if list.len() > most {
            return Err(ScimError::TooLarge(format!("a Bulk has at most {most} operations")));
        }
        let operations: Vec<BulkOperation> =
            list.iter().enumerate().map(|(at, one)| operation(at, one)).collect::<Result<_, _>>()?;
        let mut names = BTreeSet::new();
        for (at, one) in operations.iter().enumerate() {
            if one.bulk_id.as_ref().is_some_and(|name| !names.insert(name)) {
                return Err(wrong(at, "its `bulkId` stands twice"));
            }
        }
        let fail_on_errors = match filter::get(body, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(number) => {
                let number = number.as_u64().filter(|number| *number > 0).and_then(|n| usize::try_from(n).ok());
                Some(number.ok_or_else(|| {
                    ScimError::InvalidValue("`failOnErrors` must be a whole number from 1".to_owned())
                })?)
            }
        };
        Ok(Self { operations, fail_on_errors })
    }
}

fn operation(at: usize, value: &Value) -> Result<BulkOperation, ScimError> {
    let fields = value.as_object().ok_or_else(|| wrong(at, "it is no JSON object"))?;
    let text = |name: &str| filter::get(fields, name).and_then(Value::as_str);
    let method = match text("method").map(str::to_ascii_uppercase).as_deref() {
        Some("POST") => Method::POST,
        Some("PUT") => Method::PUT,
        Some("PATCH") => Method::PATCH,
        Some("DELETE") => Method::DELETE,
        _ => return Err(wrong(at, "`method` must be POST, PUT, PATCH or DELETE")),
    };
    let path = text("path").ok_or_else(|| wrong(at, "`path` is missing"))?;
    // One segment for a new resource, two for one that is there. Never a search, a Bulk in a Bulk, or another place.
    let segments: Vec<&str> = path.strip_prefix('/').map(|rest| rest.split('/').collect()).unwrap_or_default();
    let wanted = if method == Method::POST { 1 } else { 2 };
    let plain = |segment: &&str| {
        !segment.is_empty()
            && segment.bytes().all(|b| b.is_ascii_alphanumeric() || b":-_".contains(&b))
            && !matches!(segment.to_ascii_lowercase().as_str(), "bulk" | "me")
    };
    if segments.len() != wanted || !segments.iter().all(plain) {
        return Err(wrong(at, "`path` must be a resource type for POST and a resource for the rest, as /Users/ID"));
    }
    let bulk_id = text("bulkId").map(str::to_owned);
    if bulk_id.as_ref().is_some_and(|name| name.is_empty() || name.len() > MAX_BULK_ID) {
        return Err(wrong(at, "`bulkId` is empty or too long"));
    }
    let data = filter::get(fields, "data").filter(|data| !data.is_null()).cloned();
    match (&data, method == Method::DELETE) {
        (None, true) | (Some(Value::Object(_)), false) => {}
        // What a client sends beside a DELETE is passed over.
        (Some(_), true) => {}
        _ => return Err(wrong(at, "`data` must be a JSON object")),
    }
    Ok(BulkOperation { method, bulk_id, path: path.to_owned(), version: text("version").map(str::to_owned), data })
}

/// The names of operations that an operation refers to.
pub fn references(operation: &BulkOperation) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    found.extend(operation.path.split('/').filter_map(|segment| segment.strip_prefix(PREFIX)).map(str::to_owned));
    if let Some(data) = &operation.data {
        collect(data, &mut found);
    }
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => found.extend(text.strip_prefix(PREFIX).map(str::to_owned)),
        Value::Array(list) => list.iter().for_each(|one| collect(one, found)),
        Value::Object(fields) => fields.values().for_each(|one| collect(one, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Puts the ids in, where they are known.
pub fn resolve(operation: &mut BulkOperation, ids: &BTreeMap<String, String>) {
    let path = operation
        .path
        .split('/')
        .map(|segment| segment.strip_prefix(PREFIX).and_then(|name| ids.get(name)).map_or(segment, String::as_str));
    operation.path = path.collect::<Vec<_>>().join("/");
    if let Some(data) = &mut operation.data {
        put(data, ids);
    }
}

fn put(value: &mut Value, ids: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = text.strip_prefix(PREFIX).and_then(|name| ids.get(name)) {
                id.clone_into(text);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| put(one, ids)),
        Value::Object(fields) => fields.values_mut().for_each(|one| put(one, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Takes out the attributes of a new resource that refer to operations which are not done yet, as operations of a PATCH that adds
/// them later (RFC 7644 §3.7.1: two resources that name each other).
pub fn set_aside(operation: &mut BulkOperation) -> Vec<Value> {
    let Some(Value::Object(data)) = &mut operation.data else { return Vec::new() };
    let refers = |value: &Value| {
        let mut found = BTreeSet::new();
        collect(value, &mut found);
        !found.is_empty()
    };
    let mut later = Vec::new();
    let mut take = |prefix: &str, fields: &mut Map<String, Value>| {
        let names: Vec<String> =
            fields.iter().filter(|(_, value)| refers(value)).map(|(name, _)| name.clone()).collect();
        for name in names.iter().filter(|name| !name.contains(':')) {
            if let Some(value) = fields.remove(name) {
                later.push(serde_json::json!({ "op": "add", "path": format!("{prefix}{name}"), "value": value }));
            }
        }
    };
    take("", data);
    for (uri, fields) in data.iter_mut().filter(|(name, _)| name.contains(':')) {
        if let Value::Object(fields) = fields {
            take(&format!("{uri}:"), fields);
        }
    }
    later
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(body: Value) -> Result<Bulk, ScimError> {
        Bulk::parse(body.as_object().unwrap(), 1_000)
    }

    #[test]
    fn a_bulk_that_breaks_the_form_is_refused_before_anything_is_done() {
        let with = |change: Value| {
            let mut one = json!({ "method": "POST", "path": "/Users", "bulkId": "a", "data": {} });
            one.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            parse(json!({ "Operations": [one] }))
        };
        assert!(with(json!({})).is_ok());
        for odd in [
            json!({ "method": "GET" }),
            json!({ "method": 1 }),
            json!({ "path": null }),
            json!({ "path": "Users" }),
            json!({ "path": "/" }),
            json!({ "path": "/Users/1" }),
            json!({ "path": "/Users?x=1" }),
            json!({ "path": "/.search" }),
            json!({ "path": "/Bulk" }),
            json!({ "path": "/Me" }),
            json!({ "method": "PUT", "path": "/Users/../Groups" }),
            json!({ "method": "DELETE" }),
            json!({ "bulkId": "" }),
            json!({ "bulkId": "x".repeat(201) }),
            json!({ "data": [] }),
            json!({ "data": null }),
        ] {
            assert!(with(odd.clone()).is_err(), "{odd}");
        }
        let one = json!({ "method": "POST", "path": "/Users", "bulkId": "a", "data": {} });
        assert!(parse(json!({ "Operations": [one, one] })).is_err());
        assert!(parse(json!({})).is_err() && parse(json!({ "Operations": {} })).is_err());
        for odd in [json!(0), json!(-1), json!("1"), json!(1.5)] {
            assert!(parse(json!({ "Operations": [], "failOnErrors": odd })).is_err(), "{odd}");
        }
        let many = vec![one; 1_001];
        assert!(matches!(parse(json!({ "Operations": many })), Err(ScimError::TooLarge(_))));
    }

    /// RFC 7644 §3.7.2: references stand in paths and anywhere in data.
    #[test]
    fn references_are_found_and_replaced() {
        let bulk = parse(json!({ "operations": [{
            "METHOD": "patch", "path": "/Groups/bulkId:g",
            "data": { "Operations": [{ "op": "add", "path": "members", "value": [{ "value": "bulkId:u" }, { "value": "plain" }] }] },
        }] }));
        let mut one = bulk.unwrap().operations.remove(0);
        assert_eq!(references(&one), BTreeSet::from(["g".to_owned(), "u".to_owned()]));
        let ids = BTreeMap::from([("g".to_owned(), "1".to_owned()), ("u".to_owned(), "2".to_owned())]);
        resolve(&mut one, &ids);
        assert_eq!(one.path, "/Groups/1");
        assert_eq!(one.data.unwrap()["Operations"][0]["value"], json!([{ "value": "2" }, { "value": "plain" }]));
    }

    /// RFC 7644 §3.7.1: what cannot be known yet is added later.
    #[test]
    fn what_refers_to_others_is_set_aside_attribute_by_attribute() {
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let data = json!({ "userName": "a", "x": ["bulkId:b"], urn: { "manager": { "value": "bulkId:b" }, "department": "IT" } });
        let mut one = BulkOperation {
            method: Method::POST,
            bulk_id: None,
            path: "/Users".to_owned(),
            version: None,
            data: Some(data),
        };
        let later = set_aside(&mut one);
        assert_eq!(one.data.unwrap(), json!({ "userName": "a", urn: { "department": "IT" } }));
        assert_eq!(
            later,
            vec![
                json!({ "op": "add", "path": "x", "value": ["bulkId:b"] }),
                json!({ "op": "add", "path": format!("{urn}:manager"), "value": { "value": "bulkId:b" } }),
            ]
        );
    }
}
