//! A person as a target should hold them: the attributes that we keep there, and no others. Pure.

use serde_json::{Map, Value, json};

use super::model::{Rules, UserNameFrom};
use crate::directory::client::model::ClientSettings;
use crate::directory::user::model::User;
use crate::kernel::hex::hex;
use crate::kernel::secret::Digest;
use crate::kernel::text::EmailAddress;

/// RFC 7643 §4.1.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// RFC 7643 §4.2.
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// RFC 7643 §4.3.
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// RFC 7644 §3.5.2.
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// What stands for the digest of somebody who does not belong there any more: what changes about them is not told any more.
const LEFT: &str = "left";

/// A person as a target should hold them.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// By name, in a fixed order; those of the enterprise extension with its URN before.
    attributes: Vec<(String, Value)>,
    /// Whether they do not belong there any more: all that is told then is that.
    left: bool,
}

impl Document {
    /// Somebody who belongs there, by the name that the client knows; what of them depends on the scopes of the client, as in its tokens.
    pub fn of(user: &User, (sub, active): (&str, bool), organisation: &str, to: (&Rules, &ClientSettings)) -> Self {
        let (rules, settings) = to;
        let has = |wanted: &str| settings.scopes.iter().any(|scope| scope == wanted);
        let email = user.email.as_ref().map(EmailAddress::as_str);
        // A name that the client may not be told any more is not told.
        let user_name = match rules.user_name {
            UserNameFrom::UserName if has("profile") => &user.user_name,
            UserNameFrom::Email if has("email") => email.unwrap_or(sub),
            _ => sub,
        };
        let mut attributes = vec![
            ("userName".to_owned(), json!(user_name)),
            ("externalId".to_owned(), json!(sub)),
            ("active".to_owned(), json!(active)),
        ];
        let mut add = |name: &str, value: Option<Value>| {
            attributes.extend(value.map(|value| (name.to_owned(), value)));
        };
        if has("profile") {
            add("name", Some(json!({ "givenName": user.given_name, "familyName": user.family_name })));
            add("displayName", Some(json!(format!("{} {}", user.given_name, user.family_name))));
            add("preferredLanguage", user.locale.as_ref().map(|locale| json!(locale)));
        }
        if has("email") {
            add("emails", email.map(|email| json!([{ "value": email, "type": "work", "primary": true }])));
        }
        if has("phone") {
            let phone = user.phone.as_ref().map(|phone| json!([{ "value": phone, "type": "mobile" }]));
            add("phoneNumbers", phone);
        }
        if settings.release_company_id {
            add(&format!("{ENTERPRISE}:employeeNumber"), user.company_id.as_ref().map(|id| json!(id)));
        }
        if rules.organisation && has("organisation") {
            add(&format!("{ENTERPRISE}:organization"), Some(json!(organisation)));
        }
        Self { attributes, left: false }
    }

    /// The same of somebody who does not belong there any more: not active, and nothing else is told.
    #[must_use]
    pub fn leaving(mut self) -> Self {
        self.left = true;
        for (name, value) in &mut self.attributes {
            if name == "active" {
                *value = json!(false);
            }
        }
        self
    }

    /// Whether they may use it.
    pub fn is_active(&self) -> bool {
        self.attributes.iter().any(|(name, value)| name == "active" && *value == json!(true))
    }

    /// What they are found by there.
    pub fn user_name(&self) -> &str {
        self.attributes.first().and_then(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// By which it is seen that they are ours.
    pub fn external_id(&self) -> &str {
        self.attributes.get(1).and_then(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The whole resource (RFC 7644 §3.3).
    pub fn whole(&self) -> Value {
        let mut resource = Map::new();
        let mut extension = Map::new();
        for (name, value) in &self.attributes {
            match name.strip_prefix(ENTERPRISE).and_then(|rest| rest.strip_prefix(':')) {
                Some(name) => extension.insert(name.to_owned(), value.clone()),
                None => resource.insert(name.clone(), value.clone()),
            };
        }
        let mut schemas = vec![USER];
        if !extension.is_empty() {
            schemas.push(ENTERPRISE);
            resource.insert(ENTERPRISE.to_owned(), Value::Object(extension));
        }
        resource.insert("schemas".to_owned(), json!(schemas));
        Value::Object(resource)
    }

    /// What of it is told.
    fn told(&self) -> impl Iterator<Item = &(String, Value)> {
        self.attributes.iter().filter(|(name, _)| !self.left || name == "active")
    }

    /// The change that makes it so (RFC 7644 §3.5.2): each attribute is replaced, and those go that were sent formerly and are not any
    /// more.
    pub fn patch(&self, formerly: &str) -> Value {
        let replaced = self.told().map(|(name, value)| json!({ "op": "replace", "path": name, "value": value }));
        let is_gone = |name: &&str| !self.left && self.attributes.iter().all(|(present, _)| present != name);
        let gone = formerly.split_ascii_whitespace().filter(is_gone);
        let operations: Vec<Value> = replaced.chain(gone.map(|name| json!({ "op": "remove", "path": name }))).collect();
        patch(&operations)
    }

    /// By which it is seen that nothing has changed.
    pub fn digest(&self) -> String {
        if self.left {
            return LEFT.to_owned();
        }
        let text = serde_json::to_vec(&self.attributes).unwrap_or_default();
        hex(Digest::of(&text).as_bytes())
    }

    /// The names of the attributes that are sent, of which it is remembered that they were; `formerly`: what was before.
    pub fn names(&self, formerly: &str) -> String {
        if self.left {
            return formerly.to_owned();
        }
        self.attributes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Whether a resource of the target says nothing else. What it has beside is its own; what it does not have at all it does not keep,
    /// as many servers do not keep all that they are sent. Whether somebody is active has to be said.
    pub fn is_in(&self, resource: &Value) -> bool {
        self.told().all(|(name, wanted)| {
            let found = match name.strip_prefix(ENTERPRISE).and_then(|rest| rest.strip_prefix(':')) {
                Some(name) => resource.get(ENTERPRISE).and_then(|extension| extension.get(name)),
                None => resource.get(name),
            };
            found.map_or(name != "active", |found| holds(found, wanted))
        })
    }
}

/// Whether a value agrees with another one: an object in the members that it has, a list by an element for each, a text however its letters
/// are written (`userName` and addresses are not case-exact, RFC 7643 §4.1.1).
fn holds(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            let is_there = |(name, value): (&String, &Value)| found.get(name).is_none_or(|found| holds(found, value));
            // How a server marks its only address is its own affair.
            wanted.iter().filter(|(name, _)| !matches!(name.as_str(), "primary" | "type")).all(is_there)
        }
        (Value::Array(found), Value::Array(wanted)) => {
            wanted.iter().all(|value| found.iter().any(|found| holds(found, value)))
        }
        (Value::String(found), Value::String(wanted)) => found.to_lowercase() == wanted.to_lowercase(),
        (found, wanted) => found == wanted,
    }
}

/// A request of operations.
pub(super) fn patch(operations: &[Value]) -> Value {
    json!({ "schemas": [PATCH], "Operations": operations })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        let attributes = vec![
            ("userName".to_owned(), json!("fred")),
            ("active".to_owned(), json!(true)),
            ("emails".to_owned(), json!([{ "value": "fred@a.example", "type": "work", "primary": true }])),
            (format!("{ENTERPRISE}:organization"), json!("Bank A")),
        ];
        Document { attributes, left: false }
    }

    /// RFC 7644 §3.5.2: what was sent once and is not any more is removed; what the application keeps itself is not touched.
    #[test]
    fn a_patch_replaces_what_we_keep_and_removes_what_we_kept() {
        let patch = document().patch("userName active phoneNumbers");
        let paths: Vec<_> = patch["Operations"].as_array().unwrap().iter().map(|op| (&op["op"], &op["path"])).collect();
        let replace = json!("replace");
        assert_eq!(paths[0], (&replace, &json!("userName")));
        assert_eq!(paths[3], (&replace, &json!(format!("{ENTERPRISE}:organization"))));
        assert_eq!(paths[4], (&json!("remove"), &json!("phoneNumbers")));
        assert_eq!(paths.len(), 5);
    }

    /// RFC 7643 §3.3: attributes of an extension stand in a container named by its URN, which `schemas` lists.
    #[test]
    fn the_whole_resource_has_its_extension_apart() {
        let whole = document().whole();
        assert_eq!(whole["schemas"], json!([USER, ENTERPRISE]));
        assert_eq!(whole[ENTERPRISE], json!({ "organization": "Bank A" }));
        assert!(document().is_in(&whole));
    }

    /// Of somebody who does not belong there any more nothing is told but that: neither a new name nor that there is one.
    #[test]
    fn a_leaver_is_told_of_by_one_attribute() {
        let left = document().leaving();
        assert_eq!(
            left.patch("userName active phoneNumbers")["Operations"],
            json!([{ "op": "replace", "path": "active", "value": false }])
        );
        let mut renamed = document();
        renamed.attributes[0].1 = json!("frederick");
        assert_ne!(renamed.digest(), document().digest());
        assert_eq!(renamed.leaving().digest(), left.digest());
        assert!(left.is_in(&json!({ "userName": "other", "active": false })));
        assert!(!left.is_in(&json!({ "active": true })));
    }

    #[test]
    fn a_resource_with_more_than_ours_is_the_same() {
        let theirs = json!({ "userName": "Fred", "active": true, "nickName": "F",
            "emails": [{ "value": "other@a.example" }, { "value": "FRED@a.example" }], ENTERPRISE: { "organization": "Bank A" } });
        assert!(document().is_in(&theirs));
        // What a server does not keep at all is not sent again each day.
        let little = json!({ "userName": "fred", "active": true });
        assert!(document().is_in(&little) && !document().is_in(&json!({ "userName": "fred" })));
        for (name, value) in [
            ("userName", json!("g")),
            ("active", json!(false)),
            ("emails", json!([])),
            (ENTERPRISE, json!({ "organization": "Bank B" })),
        ] {
            let mut other = theirs.clone();
            other[name] = value;
            assert!(!document().is_in(&other), "{name}");
        }
    }
}
