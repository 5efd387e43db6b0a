//! A person as the personnel system knows them, and what differs at the provider.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const CHAMBERLAIN: &str = "urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User";

/// What is read of a person: what is compared, and the version that is changed.
pub(crate) const ATTRIBUTES: &str = "userName,externalId,active,name,phoneNumbers,meta.version,\
    urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User";

/// One line of the list.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Number in the personnel system; the `externalId` at the provider.
    pub personnel_number: String,
    /// E-mail address, which is the `userName` at the provider.
    pub email: String,
    /// Whether the person works here (else: has left).
    pub employed: bool,
    given_name: String,
    family_name: String,
    phone: String,
    organisation: String,
}

#[derive(Deserialize)]
struct Line {
    personnel_number: String,
    given_name: String,
    family_name: String,
    email: String,
    phone: String,
    organisation: String,
    status: Status,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Employed,
    Left,
}

/// What has to change at the provider: the operations of one PATCH (RFC 7644 §3.5.2).
#[derive(Debug)]
pub(crate) enum Difference {
    /// Nothing.
    Nothing,
    /// The person has left: deactivate.
    Left(Value),
    /// Something is different.
    Changed(Value),
}

/// Reads the list.
///
/// # Errors
/// When the file cannot be read or a line does not have the named columns.
pub(crate) fn read(file: &Path) -> Result<Vec<Person>, csv::Error> {
    let lines = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(file)?.into_deserialize::<Line>();
    lines.map(|line| line.map(Person::from)).collect()
}

impl From<Line> for Person {
    fn from(line: Line) -> Self {
        Self {
            personnel_number: line.personnel_number,
            email: line.email,
            employed: line.status == Status::Employed,
            given_name: line.given_name,
            family_name: line.family_name,
            phone: line.phone,
            organisation: line.organisation,
        }
    }
}

impl Person {
    /// The person as a SCIM User.
    pub(crate) fn resource(&self) -> Value {
        json!({
            "schemas": [USER, ENTERPRISE, CHAMBERLAIN],
            "userName": self.email,
            "externalId": self.personnel_number,
            "name": { "givenName": self.given_name, "familyName": self.family_name },
            "emails": [{ "value": self.email, "type": "work", "primary": true }],
            "phoneNumbers": [{ "value": self.phone, "type": "mobile" }],
            "active": true,
            ENTERPRISE: { "employeeNumber": self.personnel_number },
            CHAMBERLAIN: { "organisation": self.organisation },
        })
    }

    /// What differs from the User at the provider.
    pub(crate) fn difference(&self, known: &Value) -> Difference {
        let active = known.get("active").and_then(Value::as_bool).unwrap_or(true);
        if !self.employed {
            let leave = json!([{ "op": "replace", "path": "active", "value": false }]);
            return if active { Difference::Left(leave) } else { Difference::Nothing };
        }
        let mut operations = Vec::new();
        let mut replace = |differs: bool, path: &str, value: Value| {
            if differs {
                operations.push(json!({ "op": "replace", "path": path, "value": value }));
            }
        };
        let is = |pointer: &str, value: &str| known.pointer(pointer).and_then(Value::as_str) == Some(value);
        replace(!active, "active", json!(true));
        replace(!is("/externalId", &self.personnel_number), "externalId", json!(self.personnel_number));
        replace(!is("/name/givenName", &self.given_name), "name.givenName", json!(self.given_name));
        replace(!is("/name/familyName", &self.family_name), "name.familyName", json!(self.family_name));
        replace(!self.phone_is_known(known), "phoneNumbers", json!([{ "value": self.phone, "type": "mobile" }]));
        let told = known.get(CHAMBERLAIN).and_then(|extension| extension.get("organisationName"));
        let moved = told.and_then(Value::as_str) != Some(self.organisation.as_str());
        replace(moved, &format!("{CHAMBERLAIN}:organisation"), json!(self.organisation));
        if operations.is_empty() { Difference::Nothing } else { Difference::Changed(Value::Array(operations)) }
    }

    /// Whether the number is there or waits for its owner's confirmation (a change of a number by
    /// somebody else takes effect only then, and must not be sent again every night).
    fn phone_is_known(&self, known: &Value) -> bool {
        let numbers = known.get("phoneNumbers").and_then(Value::as_array).into_iter().flatten();
        let mut stored = numbers.filter_map(|number| number.get("value")).filter_map(Value::as_str).map(digits);
        let pending =
            known.get(CHAMBERLAIN).and_then(|extension| extension.get("pendingPhone")).and_then(Value::as_str);
        let wanted = digits(&self.phone);
        stored.any(|number| number == wanted) || pending.map(digits) == Some(wanted)
    }
}

/// The digits of a phone number, to compare `+49 151 1` with `tel:+491511`.
fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}
