//! Operations of a PATCH as data (RFC 7644 §3.5.2), in every form in which clients send them. Pure.

use serde_json::{Map, Value};

use super::path::Path;
use super::tolerated::Tolerated;
use super::{body, filter};
use crate::directory::client::activity::model::Habit;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Adds values, or sets a single one.
    Add,
    /// Takes values away.
    Remove,
    /// Sets.
    Replace,
}

/// One operation. A value without a path has been split into one operation per attribute already.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What.
    pub op: Op,
    /// Where.
    pub path: Path,
    /// With what; `Null` where there is nothing.
    pub value: Value,
    /// Whether the path came out of a value without one; then what only the server sets is passed over.
    pub implied: bool,
}

/// Why a PATCH is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// Not a `PatchOp` message.
    #[error("{0}")]
    Syntax(&'static str),
    /// Not a path.
    #[error("the path of an operation cannot be read")]
    Path,
    /// A value that does not fit its path.
    #[error("{0}")]
    Value(&'static str),
    /// The path matches nothing, or `remove` has no path.
    #[error("the path of an operation matches nothing")]
    NoTarget,
    /// More than so many.
    #[error("more than {0} operations")]
    TooMany(usize),
}

/// RFC 7644 §3.5.2.
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Reads a `PatchOp` message. Names of members are taken in any case (RFC 7643 §2.1), operations too, as Entra ID sends them.
pub fn parse(body: &Map<String, Value>, tolerated: &Tolerated) -> Result<Vec<Operation>, PatchError> {
    if !body::names_schema(body, PATCH_OP) {
        tolerated.pass(Habit::NoSchemas, || PatchError::Syntax("`schemas` must name PatchOp"))?;
    }
    let Some(Value::Array(list)) = filter::get(body, "Operations") else {
        return Err(PatchError::Syntax("`Operations` must be a list"));
    };
    if list.is_empty() {
        return Err(PatchError::Syntax("`Operations` is empty"));
    }
    let most = tolerated.limits().operations;
    if list.len() > most {
        return Err(PatchError::TooMany(most));
    }
    let mut operations = Vec::with_capacity(list.len());
    for entry in list {
        let entry = entry.as_object().ok_or(PatchError::Syntax("an operation must be an object"))?;
        let op = operation(entry, tolerated)?;
        let value = filter::get(entry, "value").cloned().unwrap_or(Value::Null);
        match filter::get(entry, "path") {
            None | Some(Value::Null) => expand((op, &value), None, tolerated, &mut operations)?,
            Some(Value::String(path)) => {
                let path = Path::parse(path, tolerated).ok_or(PatchError::Path)?;
                if op == Op::Remove && !value.is_null() {
                    tolerated
                        .pass(Habit::RemovedValues, || PatchError::Value("`remove` takes no value; use a filter"))?;
                }
                match (&value, path.attribute.name.is_empty(), op) {
                    (Value::Object(_), true, Op::Add | Op::Replace) => {
                        expand((op, &value), path.attribute.uri.as_deref(), tolerated, &mut operations)?;
                    }
                    _ => operations.push(Operation { op, path, value, implied: false }),
                }
            }
            Some(_) => return Err(PatchError::Path),
        }
    }
    Ok(operations)
}

fn operation(entry: &Map<String, Value>, tolerated: &Tolerated) -> Result<Op, PatchError> {
    let sent = filter::get(entry, "op").and_then(Value::as_str);
    let word = sent.map(str::to_ascii_lowercase);
    if word.as_deref() != sent {
        tolerated.pass(Habit::OperationCase, || {
            PatchError::Syntax("`op` must be add, remove or replace, in small letters")
        })?;
    }
    match word.as_deref() {
        Some("add") => Ok(Op::Add),
        Some("remove") => Ok(Op::Remove),
        Some("replace") => Ok(Op::Replace),
        _ => Err(PatchError::Syntax("`op` must be add, remove or replace")),
    }
}

/// A value without a path names its attributes itself: plain, dotted (`name.givenName`) or with a URN (Entra ID, Okta).
fn expand(
    (op, value): (Op, &Value),
    uri: Option<&str>,
    tolerated: &Tolerated,
    into: &mut Vec<Operation>,
) -> Result<(), PatchError> {
    let Value::Object(fields) = value else {
        return Err(if op == Op::Remove {
            PatchError::NoTarget
        } else {
            PatchError::Value("a value without a path must be an object")
        });
    };
    if op == Op::Remove {
        return Err(PatchError::NoTarget);
    }
    for (key, value) in fields.iter().filter(|(key, _)| uri.is_none() || *key != "schemas") {
        let mut path = Path::parse(key, tolerated).ok_or(PatchError::Path)?;
        if path.attribute.name.is_empty() {
            expand((op, value), path.attribute.uri.as_deref(), tolerated, into)?;
            continue;
        }
        if path.filter.is_some() || path.attribute.sub.is_some() || path.attribute.uri.is_some() {
            tolerated.pass(Habit::DottedNames, || PatchError::Path)?;
        }
        if path.attribute.uri.is_none() {
            path.attribute.uri = uri.map(str::to_owned);
        }
        into.push(Operation { op, path, value: value.clone(), implied: true });
    }
    Ok(())
}
