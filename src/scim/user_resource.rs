//! A person as a SCIM resource, and back. The document that clients sent is kept as it came; columns that changed since,
//! by another door, are written over it. Pure.

use serde_json::{Map, Value, json};

use super::error::ScimError;
use super::filter;
use super::schema::{CHAMBERLAIN_USER, CORE_USER, ENTERPRISE_USER};
use crate::directory::membership::listed_store::GroupOfUser;
use crate::directory::module::model::ModuleOf;
use crate::directory::user::described;
use crate::directory::user::model::{NewUser, User, UserChange};
use crate::kernel::text::{EmailAddress, PhoneNumber};
use crate::kernel::time::Timestamp;

/// What is shown beside the person itself.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// The address of `/scim/v2`.
    pub base: &'a str,
    /// The name of the home organisation.
    pub organisation: &'a str,
    /// How the asking client calls the person.
    pub external_id: Option<&'a str>,
    /// The module access of the home organisation, as far as the caller may see the applications.
    pub modules: &'a [ModuleOf],
    /// The groups that the caller may see.
    pub groups: &'a [GroupOfUser],
    /// Whether the caller may see addresses and numbers (decision 13).
    pub contact: bool,
    /// The instant.
    pub now: Timestamp,
    /// Passwords that were set then or before have expired.
    pub expired_since: Option<Timestamp>,
}

/// What the columns get out of a document.
#[derive(Debug, PartialEq)]
struct Columns {
    given_name: String,
    family_name: String,
    email: Option<EmailAddress>,
    phone: Option<PhoneNumber>,
    locale: Option<String>,
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    filter::get(object, name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn sub(document: &Map<String, Value>, name: &str, sub: &str) -> Option<String> {
    document.get(name).and_then(Value::as_object).and_then(|object| text(object, sub))
}

/// The index of the element that the account uses: the primary one, then one of these types, then the first.
fn chosen(document: &Map<String, Value>, name: &str, types: &[&str]) -> Option<usize> {
    let elements = document.get(name)?.as_array()?;
    let is = |key: &str, wanted: &Value| elements.iter().position(|e| e.get(key).is_some_and(|value| value == wanted));
    is("primary", &Value::Bool(true))
        .or_else(|| types.iter().find_map(|kind| is("type", &json!(kind))))
        .or(if elements.is_empty() { None } else { Some(0) })
}

fn chosen_value(document: &Map<String, Value>, name: &str, types: &[&str]) -> Option<String> {
    let at = chosen(document, name, types)?;
    document.get(name)?.as_array()?.get(at)?.as_object().and_then(|element| text(element, "value"))
}

/// A part of a name as it stands in mails: one line, no web address (IN-02, IN-03).
fn name(attribute: &str, text: Option<String>) -> Result<String, ScimError> {
    let check = |text: String| {
        crate::kernel::text::name(&text).map_err(|error| ScimError::InvalidValue(format!("`{attribute}` {error}")))
    };
    text.map_or(Ok(String::new()), check)
}

const MAIL_TYPES: &[&str] = &["work"];
const PHONE_TYPES: &[&str] = &["mobile", "work"];

fn columns(document: &Map<String, Value>) -> Result<Columns, ScimError> {
    let email = match chosen_value(document, "emails", MAIL_TYPES) {
        None => None,
        Some(text) => {
            Some(text.parse().map_err(|_| ScimError::InvalidValue("`emails` holds no e-mail address".to_owned()))?)
        }
    };
    let locale =
        text(document, "preferredLanguage").map(|tag| tag.chars().take(2).collect::<String>().to_ascii_lowercase());
    Ok(Columns {
        given_name: name("name.givenName", sub(document, "name", "givenName"))?,
        family_name: match sub(document, "name", "familyName") {
            Some(family_name) => name("name.familyName", Some(family_name))?,
            None => name("displayName", text(document, "displayName"))?,
        },
        email,
        // A number that is not international cannot receive codes; it is kept as it came, and no more.
        phone: chosen_value(document, "phoneNumbers", PHONE_TYPES).and_then(|text| text.parse().ok()),
        locale: locale.filter(|tag| matches!(tag.as_str(), "en" | "de" | "fr")),
    })
}

/// What only the server sets, what has a column of its own, and secrets, which nobody sets for somebody else (D15).
fn strip(mut document: Map<String, Value>) -> Map<String, Value> {
    document.retain(|key, _| {
        let folded = key.to_ascii_lowercase();
        !matches!(folded.as_str(), "id" | "meta" | "schemas" | "groups" | "password" | "externalid")
            && key != CHAMBERLAIN_USER
    });
    document
}

/// What of our extension has no column stays in the document.
fn keep_described(kept: &mut Map<String, Value>, ours: &Map<String, Value>) {
    let described = described::KEPT.into_iter().filter_map(|name| Some((name.to_owned(), json!(text(ours, name)?))));
    let described: Map<String, Value> = described.collect();
    if !described.is_empty() {
        kept.insert(CHAMBERLAIN_USER.to_owned(), Value::Object(described));
    }
}

fn user_name(document: &Map<String, Value>) -> Result<String, ScimError> {
    text(document, "userName").ok_or_else(|| ScimError::InvalidValue("`userName` is required".to_owned()))
}

fn expires(extension: &Map<String, Value>) -> Result<Option<Timestamp>, ScimError> {
    let wrong = || ScimError::InvalidValue("`accountExpires` is not a time (RFC 3339)".to_owned());
    text(extension, "accountExpires").map(|text| Timestamp::parse_rfc3339(&text).ok_or_else(wrong)).transpose()
}

fn extension(document: &Map<String, Value>) -> Map<String, Value> {
    document.get(CHAMBERLAIN_USER).and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The organisation that a document asks for.
pub fn organisation(document: &Map<String, Value>) -> Option<String> {
    text(&extension(document), "organisation")
}

fn bounded(name: &str, value: Option<String>) -> Result<Option<String>, ScimError> {
    let check = |value: String| {
        crate::kernel::text::line(&value, 200).map_err(|e| ScimError::InvalidValue(format!("`{name}` {e}")))
    };
    value.map(check).transpose()
}

/// A new person out of a normalised document.
pub fn new_user(document: Map<String, Value>) -> Result<NewUser, ScimError> {
    let ours = extension(&document);
    let mut kept = strip(document);
    keep_described(&mut kept, &ours);
    let columns = columns(&kept)?;
    let active = kept.get("active").and_then(Value::as_bool).unwrap_or(true);
    kept.insert("active".to_owned(), json!(active));
    Ok(NewUser {
        user_name: Some(user_name(&kept)?),
        email: columns.email,
        phone: columns.phone,
        given_name: columns.given_name,
        family_name: columns.family_name,
        company_id: bounded("companyId", text(&ours, "companyId"))?,
        subsidiary: bounded("subsidiary", text(&ours, "subsidiary"))?,
        locale: columns.locale,
        account_expires_at: expires(&ours)?,
        active,
        scim: kept,
    })
}

/// The change that makes a person what a normalised document says. A document without `active` leaves the switch where it is.
pub fn change(document: Map<String, Value>) -> Result<UserChange, ScimError> {
    let ours = extension(&document);
    let aside = is_put_aside(&document);
    let mut kept = strip(document);
    keep_described(&mut kept, &ours);
    let columns = columns(&kept)?;
    if aside {
        put_aside(&mut kept);
    }
    Ok(UserChange {
        user_name: Some(user_name(&kept)?),
        email: Some(columns.email),
        phone: Some(columns.phone),
        given_name: Some(columns.given_name),
        family_name: Some(columns.family_name),
        company_id: Some(bounded("companyId", text(&ours, "companyId"))?),
        subsidiary: Some(bounded("subsidiary", text(&ours, "subsidiary"))?),
        locale: Some(columns.locale),
        account_expires_at: Some(expires(&ours)?),
        active: kept.get("active").and_then(Value::as_bool),
        scim: Some(kept),
    })
}

/// The document of a person without what only the server sets: what PATCH works on.
pub fn document(user: &User) -> Map<String, Value> {
    let mut document = user.scim.clone();
    let kept = columns(&document).ok();
    document.insert("userName".to_owned(), json!(user.user_name));
    let (given, family) = kept.as_ref().map_or(("", ""), |c| (c.given_name.as_str(), c.family_name.as_str()));
    if given != user.given_name || family != user.family_name {
        let name = document.entry("name").or_insert_with(|| json!({}));
        *name = json!({ "givenName": user.given_name, "familyName": user.family_name });
    }
    if document.get("active").is_none_or(|kept| kept.as_bool().is_some_and(|kept| kept != user.active))
        && (!user.active || user.scim.is_empty() || document.contains_key("active"))
    {
        document.insert("active".to_owned(), json!(user.active));
    }
    let pending = user.pending.as_ref();
    let same =
        |kept: &EmailAddress, other: Option<&EmailAddress>| other.is_some_and(|other| other.folded() == kept.folded());
    let email = kept.as_ref().and_then(|columns| columns.email.as_ref());
    let waits = email.is_some_and(|kept| same(kept, pending.and_then(|pending| pending.email.as_ref())));
    let is_kept = email.is_some_and(|kept| same(kept, user.email.as_ref()));
    let shown = user.email.as_ref().map(EmailAddress::as_str);
    address(&mut document, ("emails", MAIL_TYPES), shown, (is_kept, waits));
    let phone = kept.as_ref().and_then(|columns| columns.phone.as_ref());
    let waits = phone.is_some() && phone == pending.and_then(|pending| pending.phone.as_ref());
    let is_kept = phone.is_some() && phone == user.phone.as_ref();
    let shown = user.phone.as_ref().map(PhoneNumber::as_str);
    address(&mut document, ("phoneNumbers", PHONE_TYPES), shown, (is_kept, waits));
    if !is_put_aside(&document) {
        document.insert(CHAMBERLAIN_USER.to_owned(), Value::Object(ours(user)));
    }
    document
}

/// What our extension says that can be changed.
fn ours(user: &User) -> Map<String, Value> {
    let fields = [
        ("organisation", Some(user.organisation.to_string())),
        ("companyId", user.company_id.clone()),
        ("subsidiary", user.subsidiary.clone()),
        ("accountExpires", user.account_expires_at.map(Timestamp::to_rfc3339)),
    ];
    let mut ours: Map<_, _> =
        fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), json!(value?)))).collect();
    if let Some(described) = user.scim.get(CHAMBERLAIN_USER).and_then(Value::as_object) {
        ours.extend(described.clone());
    }
    ours
}

/// Whether a client has removed our extension as a whole. What it says can then be had by name only, until something of it is
/// set again: much of it is always there, and yet a removed attribute is to be unassigned (RFC 7644 §3.5.2.2).
fn is_put_aside(document: &Map<String, Value>) -> bool {
    document.get(CHAMBERLAIN_USER) == Some(&Value::Null)
}

/// Puts our extension aside in a document that is to be kept.
pub fn put_aside(document: &mut Map<String, Value>) {
    document.insert(CHAMBERLAIN_USER.to_owned(), Value::Null);
}

/// Leaves our extension as it is in a document that says nothing of it.
pub fn keep_extension(document: &mut Map<String, Value>, user: &User) {
    if leaves_out_extension(user, true) {
        put_aside(document);
    } else if let Some(ours) = self::document(user).remove(CHAMBERLAIN_USER) {
        document.insert(CHAMBERLAIN_USER.to_owned(), ours);
    }
}

/// Whether our extension is left out where nobody asks for it by name. A change that waits is always shown (D15) to who sees
/// addresses and numbers at all.
pub fn leaves_out_extension(user: &User, contact: bool) -> bool {
    is_put_aside(&user.scim) && (user.pending.is_none() || !contact)
}

/// The ways to reach a person, which are left out for who may not see them (decision 13); certificates hold the address.
const CONTACT: [&str; 5] = ["emails", "phoneNumbers", "ims", "addresses", "x509Certificates"];

fn hide_contact(resource: &mut Map<String, Value>, user: &User) {
    resource.retain(|key, _| !CONTACT.contains(&key.as_str()) && (key != "userName" || user.has_plain_name()));
    if let Some(ours) = resource.get_mut(CHAMBERLAIN_USER).and_then(Value::as_object_mut) {
        ours.retain(|key, _| !described::KEPT.contains(&key.as_str()));
    }
}

/// Writes the address that is in force into the list, unless the list names it already. One that waits is not shown (D15).
fn address(
    document: &mut Map<String, Value>,
    (name, types): (&str, &[&str]),
    value: Option<&str>,
    (is_kept, waits): (bool, bool),
) {
    if is_kept || value.is_none() && !waits {
        return;
    }
    let at = chosen(document, name, types);
    let list = document.get_mut(name).and_then(Value::as_array_mut);
    match (at, list, value) {
        (Some(at), Some(list), Some(value)) => {
            if let Some(element) = list.get_mut(at).and_then(Value::as_object_mut) {
                element.insert("value".to_owned(), json!(value));
            }
        }
        (Some(at), Some(list), None) => {
            list.remove(at);
            if list.is_empty() {
                document.remove(name);
            }
        }
        (_, _, Some(value)) => {
            let kind = types.first().copied().unwrap_or("work");
            document.insert(name.to_owned(), json!([{ "value": value, "type": kind, "primary": true }]));
        }
        (_, _, None) => {}
    }
}

/// The resource as the caller sees it, `meta.version` left out.
pub fn render(user: &User, around: &Surroundings<'_>) -> Map<String, Value> {
    let mut resource = Map::from_iter([("id".to_owned(), json!(user.id))]);
    resource.extend(document(user).into_iter().filter(|(_, value)| !value.is_null()));
    let mut schemas = vec![CORE_USER];
    if resource.contains_key(ENTERPRISE_USER) {
        schemas.push(ENTERPRISE_USER);
    }
    schemas.push(CHAMBERLAIN_USER);
    resource.entry(CHAMBERLAIN_USER).or_insert_with(|| Value::Object(ours(user)));
    if !around.contact {
        hide_contact(&mut resource, user);
    }
    resource.insert("schemas".to_owned(), json!(schemas));
    if let Some(external_id) = around.external_id {
        resource.insert("externalId".to_owned(), json!(external_id));
    }
    if !around.groups.is_empty() {
        let group = |held: &GroupOfUser| {
            let (id, name) = (held.group_id, &held.display_name);
            let kind = if held.direct { "direct" } else { "indirect" };
            json!({ "value": id, "$ref": format!("{}/Groups/{id}", around.base), "display": name, "type": kind })
        };
        resource.insert("groups".to_owned(), around.groups.iter().map(group).collect());
    }
    if let Some(ours) = resource.get_mut(CHAMBERLAIN_USER).and_then(Value::as_object_mut) {
        ours.insert("organisationName".to_owned(), json!(around.organisation));
        ours.insert("selfRegistered".to_owned(), json!(user.self_registered));
        ours.insert("accountStatus".to_owned(), json!(user.status(around.now).as_str()));
        ours.insert("passwordStatus".to_owned(), json!(user.password_status(around.expired_since).as_str()));
        if !around.modules.is_empty() {
            let module = |held: &ModuleOf| json!({ "value": held.code, "status": held.status.told(), "kind": held.kind.as_str() });
            ours.insert("modules".to_owned(), around.modules.iter().map(module).collect());
        }
        if let Some(pending) = user.pending.as_ref().filter(|_| around.contact) {
            let fields = [
                ("pendingEmail", pending.email.as_ref().map(|e| json!(e))),
                ("pendingPhone", pending.phone.as_ref().map(|p| json!(p))),
            ];
            ours.extend(fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
        }
    }
    let location = format!("{}/Users/{}", around.base, user.id);
    let mut meta = json!({ "resourceType": "User", "created": user.created_at.to_rfc3339(), "location": location });
    // It moves with addresses and numbers, too (SC-07).
    if let Some(meta) = meta.as_object_mut().filter(|_| around.contact) {
        meta.insert("lastModified".to_owned(), json!(user.updated_at.to_rfc3339()));
    }
    resource.insert("meta".to_owned(), meta);
    resource
}
