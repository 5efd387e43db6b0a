//! `attributes` and `excludedAttributes` (RFC 7644 §3.9). They only ever take away from what the caller may see (SC-09).

use serde_json::{Map, Value};

use super::attribute::AttributePath;
use super::error::ScimError;
use super::schema;

/// Which attributes are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    only: Vec<AttributePath>,
    without: Vec<AttributePath>,
}

impl Projection {
    /// From the two parameters, each a list with commas.
    pub fn parse(attributes: Option<&str>, excluded: Option<&str>) -> Result<Self, ScimError> {
        let (only, mut without) = (paths(attributes)?, paths(excluded)?);
        let names = |path: &AttributePath, wanted: &AttributePath| {
            path.extension() == wanted.extension()
                && (path.name.is_empty() || path.name.eq_ignore_ascii_case(&wanted.name))
        };
        without.extend(schema::ON_REQUEST.iter().filter(|path| !only.iter().any(|named| names(named, path))).cloned());
        Ok(Self { only, without })
    }

    /// Whether an attribute of the core schema is asked for at all, so that it need not be loaded.
    pub fn wants(&self, name: &str) -> bool {
        let excluded = self.without.iter().any(|path| path.is(None, name) && path.sub.is_none());
        let included = self.only.is_empty() || self.only.iter().any(|path| path.is(None, name));
        included && !excluded
    }

    /// Everything but the members of groups.
    pub fn without_members() -> Self {
        let members = AttributePath { uri: None, name: "members".to_owned(), sub: None };
        Self { only: Vec::new(), without: vec![members] }
    }

    /// The same without an extension, unless something of it is named.
    #[must_use]
    pub fn unless_named(&self, uri: &str) -> Self {
        let mut less = self.clone();
        if !self.only.iter().any(|path| path.uri.as_deref() == Some(uri)) {
            less.without.push(AttributePath { uri: Some(uri.to_owned()), name: String::new(), sub: None });
        }
        less
    }

    /// Whether attributes were named that are to be returned; then an answer has a body (RFC 7644 §3.5.2).
    pub fn is_explicit(&self) -> bool {
        !self.only.is_empty()
    }

    /// What is left of a resource. `id` and `schemas` are always returned (RFC 7643 §7, `returned: always`).
    pub fn apply(&self, resource: &Map<String, Value>) -> Map<String, Value> {
        let mut left = if self.only.is_empty() { resource.clone() } else { self.chosen(resource) };
        for path in &self.without {
            take_away(&mut left, path);
        }
        left
    }

    fn chosen(&self, resource: &Map<String, Value>) -> Map<String, Value> {
        let mut chosen = Map::new();
        for (key, value) in resource {
            if is_always(key) {
                chosen.insert(key.clone(), value.clone());
            } else if let Some(value) = self.part(key, value) {
                chosen.insert(key.clone(), value);
            }
        }
        chosen
    }

    fn part(&self, key: &str, value: &Value) -> Option<Value> {
        if key.starts_with("urn:") {
            let of_schema: Vec<&AttributePath> =
                self.only.iter().filter(|path| path.uri.as_deref() == Some(key)).collect();
            if of_schema.iter().any(|path| path.name.is_empty()) {
                return Some(value.clone());
            }
            let plain = of_schema.into_iter().map(|path| AttributePath { uri: None, ..path.clone() }).collect();
            let left = Self { only: plain, without: Vec::new() };
            let fields: Map<String, Value> = value
                .as_object()?
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), left.part(key, value)?)))
                .collect();
            return (!fields.is_empty()).then_some(Value::Object(fields));
        }
        let named: Vec<&AttributePath> = self.only.iter().filter(|path| path.is(None, key)).collect();
        if named.is_empty() {
            return None;
        }
        let subs: Vec<&str> = named.iter().filter_map(|path| path.sub.as_deref()).collect();
        if subs.len() < named.len() { Some(value.clone()) } else { Some(keep(value, &subs)) }
    }
}

/// Longest list of attributes, in octets.
const LONGEST: usize = 8 * 1024;

fn paths(list: Option<&str>) -> Result<Vec<AttributePath>, ScimError> {
    if list.is_some_and(|list| list.len() > LONGEST) {
        return Err(ScimError::InvalidPath("the list of attributes is too long".to_owned()));
    }
    let names = list.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| {
            AttributePath::parse(name)
                .ok_or_else(|| ScimError::InvalidPath("an attribute name cannot be read".to_owned()))
        })
        .collect()
}

fn is_always(key: &str) -> bool {
    matches!(key, "id" | "schemas")
}

fn keep(value: &Value, subs: &[&str]) -> Value {
    match value {
        Value::Array(elements) => Value::Array(elements.iter().map(|element| keep(element, subs)).collect()),
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(key, _)| subs.iter().any(|sub| key.eq_ignore_ascii_case(sub)));
            Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        other => other.clone(),
    }
}

fn take_away(resource: &mut Map<String, Value>, path: &AttributePath) {
    if let Some(uri) = path.extension() {
        if path.name.is_empty() {
            resource.remove(uri);
        } else if let Some(fields) = resource.get_mut(uri).and_then(Value::as_object_mut) {
            take_away(fields, &AttributePath { uri: None, ..path.clone() });
        }
        return;
    }
    let Some(key) = resource.keys().find(|key| key.eq_ignore_ascii_case(&path.name) && !is_always(key)).cloned() else {
        return;
    };
    match (&path.sub, resource.get_mut(&key)) {
        (Some(sub), Some(Value::Array(elements))) => {
            elements
                .iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(|fields| fields.retain(|key, _| !key.eq_ignore_ascii_case(sub)));
        }
        (Some(sub), Some(Value::Object(fields))) => fields.retain(|key, _| !key.eq_ignore_ascii_case(sub)),
        (None, _) => {
            resource.remove(&key);
        }
        (Some(_), _) => {}
    }
}
