//! The schemas (RFC 7643 §7) as data: one line per attribute in `schemas.txt`, made into JSON once.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::attribute::AttributePath;
use super::error::ScimError;
use super::patch::Operation;
use super::schema_text;

/// RFC 7643 §4.1.
pub const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// RFC 7643 §4.2.
pub const CORE_GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// RFC 7643 §4.3.
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// Ours: level, company id, subsidiary, end of the account, pending addresses.
pub const CHAMBERLAIN_USER: &str = crate::directory::user::described::EXTENSION;
/// Ours: application, environment, code, description.
pub const CHAMBERLAIN_GROUP: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Group";
/// Ours: a node of the tree of organisations.
pub const ORGANIZATION: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Organization";
/// Ours: an application that people sign in to.
pub const APPLICATION: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Application";
/// Ours: who is in which group.
pub const MEMBERSHIP: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Membership";
/// Ours: who holds which role.
pub const ROLE_ASSIGNMENT: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:RoleAssignment";
/// Ours: who was named for a role and has not answered.
pub const NOMINATION: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Nomination";
/// Ours: an organisation that was invited to register itself.
pub const INVITATION: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:Invitation";

/// All schemas, in the order of `/Schemas`.
pub static SCHEMAS: LazyLock<Vec<Value>> = LazyLock::new(|| schema_text::read(include_str!("schemas.txt")));

/// What of our extensions is returned only to who names it, or its extension (RFC 7643 §7, `returned`): what the server alone
/// sets, so that an extension is returned as it was written.
pub static ON_REQUEST: LazyLock<Vec<AttributePath>> = LazyLock::new(|| {
    let of_schema = |schema: &Value| {
        let uri = schema.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let attributes = schema.get("attributes").and_then(Value::as_array).cloned().unwrap_or_default();
        let named = attributes.into_iter().filter(|a| a.get("returned").and_then(Value::as_str) == Some("request"));
        let path = |a: Value| {
            let name = a.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            AttributePath { uri: Some(uri.clone()), name, sub: None }
        };
        named.map(path).collect::<Vec<_>>()
    };
    SCHEMAS.iter().flat_map(of_schema).collect()
});

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

/// A path whose attribute is in a schema of these resources, in the schema that has it: clients name attributes of extensions
/// without them. `None` if no schema has it.
pub fn qualified(core: &str, path: &AttributePath) -> Option<AttributePath> {
    if attribute(core, path).is_some() {
        return Some(path.clone());
    }
    let within = |uri: &&str| AttributePath { uri: Some((*uri).to_owned()), ..path.clone() };
    let bare = extensions(core).iter().filter(|_| path.uri.is_none()).map(within);
    bare.rev().find(|path| attribute(core, path).is_some())
}

/// The attribute of a list of definitions, whatever the case of its name.
pub fn named<'a>(list: &'a Value, name: &str) -> Option<&'a Value> {
    list.as_array()?
        .iter()
        .find(|a| a.get("name").and_then(Value::as_str).is_some_and(|n| n.eq_ignore_ascii_case(name)))
}

/// The same, to be written to.
pub fn named_mut<'a>(list: &'a mut Value, name: &str) -> Option<&'a mut Map<String, Value>> {
    let mut definitions = list.as_array_mut()?.iter_mut().filter_map(Value::as_object_mut);
    definitions.find(|a| a.get("name").and_then(Value::as_str).is_some_and(|n| n.eq_ignore_ascii_case(name)))
}

/// Whether a path names a list; an attribute that no schema of ours knows is not one.
pub fn is_multi_valued(core: &str, path: &AttributePath) -> bool {
    let whole = AttributePath { sub: None, ..path.clone() };
    attribute(core, &whole).and_then(|a| a.get("multiValued")).and_then(Value::as_bool) == Some(true)
}

/// Whether a path names something that only the server sets.
pub fn is_read_only(core: &str, path: &AttributePath) -> bool {
    if matches!(path.name.to_ascii_lowercase().as_str(), "id" | "meta" | "schemas" | "password")
        && path.extension().is_none()
    {
        return true;
    }
    attribute(core, path).and_then(|a| a.get("mutability")).and_then(Value::as_str) == Some("readOnly")
}

/// The extensions of the resources of a core schema, in the spelling of `/Schemas`.
pub fn extensions(core: &str) -> &'static [&'static str] {
    match core {
        CORE_USER => &[ENTERPRISE_USER, CHAMBERLAIN_USER],
        CORE_GROUP => &[CHAMBERLAIN_GROUP],
        _ => &[],
    }
}

/// What every resource has (RFC 7643 §3.1), and `password`, which clients send and which is never taken (D15).
pub fn is_common(name: &str) -> bool {
    ["id", "externalId", "meta", "schemas", "password"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a path names anything of the resources of a core schema.
pub(super) fn is_known(core: &str, path: &AttributePath) -> bool {
    match path.extension() {
        Some(uri) if !extensions(core).contains(&uri) => false,
        Some(_) if path.name.is_empty() => true,
        None if is_common(&path.name) => true,
        _ => attribute(core, path).is_some(),
    }
}

/// The operations of a PATCH that change anything. One that names what only the server sets, or what no schema knows, is
/// refused (SC-11, DA-32); where the name came out of a value without a path it is passed over, as in a PUT.
pub fn writable(core: &str, operations: Vec<Operation>) -> Result<Vec<Operation>, ScimError> {
    let mut kept = Vec::with_capacity(operations.len());
    for mut operation in operations {
        if let Some(qualified) = qualified(core, &operation.path.attribute) {
            operation.path.attribute = qualified;
        }
        let path = &operation.path.attribute;
        let read_only = is_read_only(core, path);
        if read_only && !operation.implied {
            return Err(ScimError::Mutability("an operation names an attribute that only the server sets".to_owned()));
        }
        let foreign = path.extension().is_some_and(|uri| !extensions(core).contains(&uri));
        if !(is_known(core, path) || operation.implied && foreign) {
            let name: String = path.to_string().chars().take(120).collect();
            return Err(ScimError::InvalidPath(format!("`{name}` is no attribute of this resource")));
        }
        if !read_only && !foreign {
            kept.push(operation);
        }
    }
    Ok(kept)
}
