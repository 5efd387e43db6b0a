//! Filters (RFC 7644 §3.4.2.2): syntax tree, printing, and evaluation in memory. The parser is in [`super::filter_parser`].

use std::fmt;

use serde_json::{Map, Value};

use super::attribute::AttributePath;
pub use crate::directory::user::condition::Operator;

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// `attr pr`.
    Present(AttributePath),
    /// `attr op value`.
    Compare(AttributePath, Operator, Value),
    /// `attr[filter]`, and `attr[filter].sub op value`, which Entra ID sends although it is outside the grammar: then the
    /// second condition holds for the same element.
    ValuePath(AttributePath, Box<Filter>),
    /// Both.
    And(Box<Filter>, Box<Filter>),
    /// Either.
    Or(Box<Filter>, Box<Filter>),
    /// Not.
    Not(Box<Filter>),
}

impl Filter {
    /// Whether a resource, or an element of a multi-valued attribute, matches.
    ///
    /// Texts are compared without regard to case. Where there is no value only `ne` and `eq null` hold.
    pub fn matches(&self, resource: &Map<String, Value>) -> bool {
        match self {
            Self::Present(path) => values(resource, path).into_iter().any(is_present),
            Self::Compare(path, operator, wanted) => {
                let found: Vec<&Value> =
                    values(resource, path).into_iter().map(simple).filter(|value| is_present(value)).collect();
                compare_all(&found, *operator, wanted)
            }
            Self::ValuePath(path, filter) => values(resource, path).into_iter().any(|value| match value {
                Value::Object(element) => filter.matches(element),
                other => filter.matches(&Map::from_iter([("value".to_owned(), other.clone())])),
            }),
            Self::And(left, right) => left.matches(resource) && right.matches(resource),
            Self::Or(left, right) => left.matches(resource) || right.matches(resource),
            Self::Not(inner) => !inner.matches(resource),
        }
    }
}

/// A complex element stands for its `value` where no sub-attribute is named (RFC 7644 §3.4.2.2).
fn simple(value: &Value) -> &Value {
    value.as_object().and_then(|object| get(object, "value")).unwrap_or(value)
}

fn compare_all(found: &[&Value], operator: Operator, wanted: &Value) -> bool {
    match (operator, wanted) {
        (Operator::Eq, Value::Null) => found.is_empty(),
        (Operator::Ne, Value::Null) => !found.is_empty(),
        (Operator::Ne, _) => !found.iter().any(|value| compare(value, Operator::Eq, wanted)),
        _ => found.iter().any(|value| compare(value, operator, wanted)),
    }
}

/// `pr`: an empty text or an empty list is no value (RFC 7643 §2.5).
fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => !elements.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn compare(value: &Value, operator: Operator, wanted: &Value) -> bool {
    use std::cmp::Ordering;
    let ordering = match (value, wanted) {
        (Value::String(have), Value::String(want)) => {
            let (have, want) = (have.to_lowercase(), want.to_lowercase());
            match operator {
                Operator::Co => return have.contains(&want),
                Operator::Sw => return have.starts_with(&want),
                Operator::Ew => return have.ends_with(&want),
                _ => have.cmp(&want),
            }
        }
        (Value::Number(have), Value::Number(want)) => match have.as_f64().partial_cmp(&want.as_f64()) {
            Some(ordering) => ordering,
            None => return false,
        },
        (Value::Bool(have), Value::Bool(want)) => return operator == Operator::Eq && have == want,
        // `active eq "True"`, as Entra ID sends it.
        (Value::Bool(have), Value::String(want)) => {
            return operator == Operator::Eq && want.eq_ignore_ascii_case(if *have { "true" } else { "false" });
        }
        _ => return false,
    };
    match operator {
        Operator::Eq => ordering == Ordering::Equal,
        Operator::Gt => ordering == Ordering::Greater,
        Operator::Ge => ordering != Ordering::Less,
        Operator::Lt => ordering == Ordering::Less,
        Operator::Le => ordering != Ordering::Greater,
        Operator::Ne | Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}

/// A key of an object, whatever its case.
pub fn get<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.get(name).or_else(|| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

/// What a path names; the elements of a list one by one, and `value` of complex elements where no sub-attribute is named.
fn values<'a>(resource: &'a Map<String, Value>, path: &AttributePath) -> Vec<&'a Value> {
    let holder = match path.extension() {
        None => Some(resource),
        Some(uri) => get(resource, uri).and_then(Value::as_object),
    };
    let Some(value) = holder.and_then(|holder| get(holder, &path.name)) else { return Vec::new() };
    let elements: Vec<&Value> = match value {
        Value::Array(elements) => elements.iter().collect(),
        other => vec![other],
    };
    match &path.sub {
        None => elements,
        Some(sub) => elements.into_iter().filter_map(|e| e.as_object().and_then(|object| get(object, sub))).collect(),
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present(path) => write!(f, "{path} pr"),
            Self::Compare(path, operator, value) => write!(f, "{path} {} {value}", operator.as_str()),
            Self::ValuePath(path, filter) => write!(f, "{path}[{filter}]"),
            Self::And(left, right) => write!(f, "({left}) and ({right})"),
            Self::Or(left, right) => write!(f, "({left}) or ({right})"),
            Self::Not(inner) => write!(f, "not ({inner})"),
        }
    }
}
