//! A group as a SCIM resource, and back. Pure.

use serde_json::{Map, Value, json};

use super::error::ScimError;
use super::filter;
use super::schema::{CHAMBERLAIN_GROUP, CORE_GROUP};
use crate::directory::group::listed_store::ListedGroup;
use crate::directory::group::manage::GroupDetails;
use crate::directory::group::model::Group;
use crate::directory::group::nesting_store::InnerGroup;
use crate::directory::membership::listed_store::Member;
use crate::kernel::time::Timestamp;

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    filter::get(object, name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The part of a document that is ours.
fn extension(document: &Map<String, Value>) -> Map<String, Value> {
    document.get(CHAMBERLAIN_GROUP).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The codes of the application and the environment that a document asks for.
pub fn place(document: &Map<String, Value>) -> (Option<String>, Option<String>) {
    let ours = extension(document);
    (text(&ours, "application"), text(&ours, "environment"))
}

/// RFC 7644 §3.5.1: an immutable attribute has the value that it has, or the change is refused.
pub fn check_place(document: &Map<String, Value>, known: &ListedGroup) -> Result<(), ScimError> {
    let (application, environment) = place(document);
    let same = |asked: Option<String>, code: &str| asked.is_none_or(|asked| asked.eq_ignore_ascii_case(code));
    if same(application, &known.application) && same(environment, &known.environment) {
        return Ok(());
    }
    Err(ScimError::Mutability(
        "a group stays in the `application` and `environment` in which it was created".to_owned(),
    ))
}

/// What a document says of a group; the code, which only the server sets, comes out of the name.
pub fn details(document: &Map<String, Value>) -> Result<GroupDetails, ScimError> {
    let ours = extension(document);
    let name =
        text(document, "displayName").ok_or_else(|| ScimError::InvalidValue("`displayName` is required".to_owned()))?;
    let display_name =
        crate::kernel::text::name(&name).map_err(|error| ScimError::InvalidValue(format!("`displayName` {error}")))?;
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c.to_ascii_uppercase() } else { '_' };
    let mut scim = document.clone();
    scim.retain(|key, value| {
        !matches!(
            key.to_ascii_lowercase().as_str(),
            "id" | "meta" | "schemas" | "members" | "externalid" | "displayname" | "password"
        ) && (key != CHAMBERLAIN_GROUP || value.is_null())
    });
    Ok(GroupDetails {
        code: display_name.chars().map(plain).take(64).collect(),
        display_name,
        description: text(&ours, "description").unwrap_or_default(),
        documentation_url: text(&ours, "documentation"),
        sensitive: false,
        scim,
    })
}

/// Whether a client has removed our extension as a whole; then it is left out unless something of it is named, as that of
/// people is.
pub fn leaves_out_extension(group: &Group) -> bool {
    group.scim.get(CHAMBERLAIN_GROUP) == Some(&Value::Null)
}

/// Puts our extension aside in a document that is to be kept.
pub fn put_aside(document: &mut Map<String, Value>) {
    document.insert(CHAMBERLAIN_GROUP.to_owned(), Value::Null);
}

/// Leaves our extension as it is in a document that says nothing of it.
pub fn keep_extension(document: &mut Map<String, Value>, listed: &ListedGroup) {
    if leaves_out_extension(&listed.group) {
        put_aside(document);
    } else {
        document.insert(CHAMBERLAIN_GROUP.to_owned(), Value::Object(ours(listed)));
    }
}

/// What our extension says of a group.
fn ours(listed: &ListedGroup) -> Map<String, Value> {
    let group = &listed.group;
    let mut ours = Map::from_iter([
        ("application".to_owned(), json!(listed.application)),
        ("environment".to_owned(), json!(listed.environment)),
        ("code".to_owned(), json!(group.code)),
        ("sensitive".to_owned(), json!(group.sensitive)),
    ]);
    if !group.description.is_empty() {
        ours.insert("description".to_owned(), json!(group.description));
    }
    if let Some(url) = &group.documentation_url {
        ours.insert("documentation".to_owned(), json!(url));
    }
    ours
}

/// The document of a group without members and the common attributes: what PATCH works on.
pub fn document(listed: &ListedGroup) -> Map<String, Value> {
    let mut document = listed.group.scim.clone();
    document.retain(|_, value| !value.is_null());
    document.insert("displayName".to_owned(), json!(listed.group.display_name));
    if !leaves_out_extension(&listed.group) {
        document.insert(CHAMBERLAIN_GROUP.to_owned(), Value::Object(ours(listed)));
    }
    document
}

/// The resource without members. It was changed last when the group was, or a member whom the caller sees (SC-07).
pub fn render(listed: &ListedGroup, base: &str, members_changed_at: Option<Timestamp>) -> Map<String, Value> {
    let group = &listed.group;
    let mut resource = Map::from_iter([
        ("id".to_owned(), json!(group.id)),
        ("schemas".to_owned(), json!([CORE_GROUP, CHAMBERLAIN_GROUP])),
    ]);
    resource.extend(document(listed));
    resource.entry(CHAMBERLAIN_GROUP).or_insert_with(|| Value::Object(ours(listed)));
    if let Some(external_id) = &listed.external_id {
        resource.insert("externalId".to_owned(), json!(external_id));
    }
    let changed = members_changed_at.map_or(group.updated_at, |at| at.max(group.updated_at));
    let meta = json!({
        "resourceType": "Group",
        "created": group.created_at.to_rfc3339(),
        "lastModified": changed.to_rfc3339(),
        "location": format!("{base}/Groups/{}", group.id),
    });
    resource.insert("meta".to_owned(), meta);
    resource
}

/// One member (RFC 7643 §4.2).
pub fn member(member: &Member, base: &str) -> Value {
    let display = format!("{} {}", member.given_name, member.family_name);
    let id = member.user_id;
    let mut shown = json!({ "value": id, "$ref": format!("{base}/Users/{id}"), "type": "User" });
    if let (Some(fields), false) = (shown.as_object_mut(), display.trim().is_empty()) {
        fields.insert("display".to_owned(), json!(display.trim()));
    }
    shown
}

/// A group that is in the group (RFC 7643 §4.2).
pub fn inner(inner: &InnerGroup, base: &str) -> Value {
    let id = inner.inner_id;
    json!({ "value": id, "$ref": format!("{base}/Groups/{id}"), "type": "Group", "display": inner.display_name })
}
