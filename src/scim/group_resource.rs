//! A group as a SCIM resource, and back. Pure.

use serde_json::{Map, Value, json};

use super::error::ScimError;
use super::filter;
use super::schema::{CHAMBERLAIN_GROUP, CORE_GROUP};
use crate::directory::group::manage::GroupDetails;
use crate::directory::group::model::Group;
use crate::directory::user::condition_store::Member;

/// What is shown beside the group itself.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// The address of `/scim/v2`.
    pub base: &'a str,
    /// The code of the application.
    pub application: &'a str,
    /// The code of the environment.
    pub environment: &'a str,
    /// How the asking client calls the group.
    pub external_id: Option<String>,
    /// The members whom the caller may see; `None` when nobody asked for them.
    pub members: Option<Vec<Member>>,
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    filter::get(object, name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The part of a document that is ours.
pub fn extension(document: &Map<String, Value>) -> Map<String, Value> {
    document.get(CHAMBERLAIN_GROUP).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The codes of the application and the environment that a document asks for.
pub fn place(document: &Map<String, Value>) -> (Option<String>, Option<String>) {
    let ours = extension(document);
    (text(&ours, "application"), text(&ours, "environment"))
}

/// What a document says of a group; the code comes out of the name where none is given.
pub fn details(document: &Map<String, Value>) -> Result<GroupDetails, ScimError> {
    let ours = extension(document);
    let name =
        text(document, "displayName").ok_or_else(|| ScimError::InvalidValue("`displayName` is required".to_owned()))?;
    let display_name =
        crate::kernel::text::name(&name).map_err(|error| ScimError::InvalidValue(format!("`displayName` {error}")))?;
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c.to_ascii_uppercase() } else { '_' };
    let mut scim = document.clone();
    scim.retain(|key, _| {
        !matches!(
            key.to_ascii_lowercase().as_str(),
            "id" | "meta" | "schemas" | "members" | "externalid" | "displayname"
        ) && key != CHAMBERLAIN_GROUP
    });
    Ok(GroupDetails {
        code: text(&ours, "code").unwrap_or_else(|| display_name.chars().map(plain).take(64).collect()),
        display_name,
        description: text(&ours, "description").unwrap_or_default(),
        documentation_url: text(&ours, "documentation"),
        sensitive: false,
        scim,
    })
}

/// The document of a group without members and what only the server sets.
pub fn document(group: &Group) -> Map<String, Value> {
    let mut document = group.scim.clone();
    document.insert("displayName".to_owned(), json!(group.display_name));
    let mut ours = Map::from_iter([("code".to_owned(), json!(group.code))]);
    if !group.description.is_empty() {
        ours.insert("description".to_owned(), json!(group.description));
    }
    if let Some(url) = &group.documentation_url {
        ours.insert("documentation".to_owned(), json!(url));
    }
    document.insert(CHAMBERLAIN_GROUP.to_owned(), Value::Object(ours));
    document
}

/// The resource as the caller sees it. `lastModified` stays at the creation: the stored one moves with hidden members (SC-07).
pub fn render(group: &Group, around: &Surroundings<'_>) -> Map<String, Value> {
    let mut resource = Map::from_iter([
        ("id".to_owned(), json!(group.id)),
        ("schemas".to_owned(), json!([CORE_GROUP, CHAMBERLAIN_GROUP])),
    ]);
    resource.extend(document(group));
    if let Some(ours) = resource.get_mut(CHAMBERLAIN_GROUP).and_then(Value::as_object_mut) {
        ours.insert("application".to_owned(), json!(around.application));
        ours.insert("environment".to_owned(), json!(around.environment));
    }
    if let Some(external_id) = &around.external_id {
        resource.insert("externalId".to_owned(), json!(external_id));
    }
    if let Some(members) = around.members.as_ref().filter(|members| !members.is_empty()) {
        resource.insert("members".to_owned(), members.iter().map(|member| show(member, around.base)).collect());
    }
    let created = group.created_at.to_rfc3339();
    let location = format!("{}/Groups/{}", around.base, group.id);
    let meta = json!({ "resourceType": "Group", "created": created, "lastModified": created, "location": location });
    resource.insert("meta".to_owned(), meta);
    resource
}

fn show(member: &Member, base: &str) -> Value {
    let display = format!("{} {}", member.given_name, member.family_name);
    let mut shown = json!({ "value": member.id, "$ref": format!("{base}/Users/{}", member.id), "type": "User" });
    if let (Some(fields), false) = (shown.as_object_mut(), display.trim().is_empty()) {
        fields.insert("display".to_owned(), json!(display.trim()));
    }
    shown
}
