//! A person as the personnel system knows them, and what differs at the provider.

use serde::Deserialize;
use serde_json::{Value, json};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const CHAMBERLAIN: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User";

/// What is read of a person: what is compared, and the version that is changed.
pub(crate) const ATTRIBUTES: &str = "userName,externalId,active,name,emails,phoneNumbers,meta.version,\
    urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User:organisation,\
    urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User:organisationName,\
    urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User:pendingEmail,\
    urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User:pendingPhone";

/// One line of the list.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Person {
    /// Number in the personnel system, which stays when name and address change; the `externalId` at the provider.
    pub personnel_number: String,
    /// E-mail address, which is the `userName` at the provider.
    pub email: String,
    /// Whether the person works here.
    pub status: Status,
    given_name: String,
    family_name: String,
    phone: String,
    organisation: String,
}

/// Whether somebody works here.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// They do.
    Employed,
    /// They did.
    Left,
}

/// What has to change at the provider: the operations of one PATCH (RFC 7644 §3.5.2).
#[derive(Clone, Debug)]
pub(crate) enum Difference {
    /// Nothing.
    Nothing,
    /// The person has left: deactivate.
    Left(Value),
    /// The person is back: activate, with what is different.
    Back(Value),
    /// Something is different.
    Changed(Value),
}

/// What deactivates somebody.
pub(crate) fn leave() -> Value {
    json!([{ "op": "replace", "path": "active", "value": false }])
}

/// Whether somebody at the provider can be used.
pub(crate) fn is_active(known: &Value) -> bool {
    known.get("active").and_then(Value::as_bool).unwrap_or(true)
}

impl Person {
    /// Whether the person works here (else: has left).
    pub(crate) fn is_employed(&self) -> bool {
        self.status == Status::Employed
    }

    /// The person as a SCIM User.
    pub(crate) fn resource(&self) -> Value {
        json!({
            "schemas": [USER, ENTERPRISE, CHAMBERLAIN],
            "userName": self.email,
            "externalId": self.personnel_number,
            "name": { "givenName": self.given_name, "familyName": self.family_name },
            "emails": self.emails(),
            "phoneNumbers": self.phones(),
            "active": true,
            ENTERPRISE: { "employeeNumber": self.personnel_number },
            CHAMBERLAIN: { "organisation": self.organisation },
        })
    }

    fn emails(&self) -> Value {
        json!([{ "value": self.email, "type": "work", "primary": true }])
    }

    fn phones(&self) -> Value {
        json!([{ "value": self.phone, "type": "mobile" }])
    }

    /// What differs from the User at the provider. Of somebody who has left nothing but that is of interest.
    pub(crate) fn difference(&self, known: &Value) -> Difference {
        let active = is_active(known);
        if !self.is_employed() {
            return if active { Difference::Left(leave()) } else { Difference::Nothing };
        }
        let mut operations = Vec::new();
        let mut replace = |differs: bool, path: &str, value: Value| {
            if differs {
                operations.push(json!({ "op": "replace", "path": path, "value": value }));
            }
        };
        let is = |pointer: &str, value: &str| known.pointer(pointer).and_then(Value::as_str) == Some(value);
        let named = known.get("userName").and_then(Value::as_str).is_some_and(|name| same_address(name, &self.email));
        replace(!active, "active", json!(true));
        replace(!named, "userName", json!(self.email));
        replace(!is("/externalId", &self.personnel_number), "externalId", json!(self.personnel_number));
        replace(!is("/name/givenName", &self.given_name), "name.givenName", json!(self.given_name));
        replace(!is("/name/familyName", &self.family_name), "name.familyName", json!(self.family_name));
        let email = has(known, "emails", "pendingEmail", |known| same_address(known, &self.email));
        replace(!email, "emails", self.emails());
        let phone = has(known, "phoneNumbers", "pendingPhone", |known| digits(known) == digits(&self.phone));
        replace(!phone, "phoneNumbers", self.phones());
        let place = |name| ours(known, name) == Some(self.organisation.as_str());
        let moved = !place("organisationName") && !place("organisation");
        replace(moved, &format!("{CHAMBERLAIN}:organisation"), json!(self.organisation));
        match (operations.is_empty(), active) {
            (true, _) => Difference::Nothing,
            (false, true) => Difference::Changed(Value::Array(operations)),
            (false, false) => Difference::Back(Value::Array(operations)),
        }
    }
}

/// Whether an address or number is there or waits for its owner's confirmation (a change of it by somebody else takes
/// effect only then, and must not be sent again every night).
fn has(known: &Value, list: &str, pending: &str, is: impl Fn(&str) -> bool) -> bool {
    let stored = known.get(list).and_then(Value::as_array).into_iter().flatten();
    let mut values = stored.filter_map(|one| one.get("value")).filter_map(Value::as_str);
    values.any(&is) || ours(known, pending).is_some_and(is)
}

/// An attribute of the provider's own extension.
fn ours<'a>(known: &'a Value, name: &str) -> Option<&'a str> {
    known.get(CHAMBERLAIN)?.get(name)?.as_str()
}

fn same_address(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The digits of a phone number, to compare `+49 151 1` with `tel:+491511`.
fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}
