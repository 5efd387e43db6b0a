//! From a line of the audit log to what services may have to be told. Pure.

use serde_json::Value;
use uuid::Uuid;

use crate::audit::Kind;
use crate::audit::store::Row;
use crate::kernel::ids::{ApplicationId, GroupId, OrganisationId, UserId};

/// What happened to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// To a person, at home there.
    Person(UserId, OrganisationId, What),
    /// A person got another home.
    Moved(UserId, OrganisationId, OrganisationId),
    /// To a group of this application.
    Group(GroupId, ApplicationId, What),
    /// Somebody of that home came into a group or left it.
    Member(GroupId, ApplicationId, OrganisationId),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It was made.
    Created,
    /// These attributes changed.
    Changed(Vec<Attribute>),
    /// It was deleted.
    Deleted,
    /// It can be used again.
    Activated,
    /// It cannot be used.
    Deactivated,
}

/// An attribute by its SCIM name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attribute {
    /// The name.
    pub name: &'static str,
    /// Whether it tells how somebody is reached, which not every service sees (decision 13).
    pub is_contact: bool,
}

const fn plain(name: &'static str) -> Attribute {
    Attribute { name, is_contact: false }
}

const fn contact(name: &'static str) -> Attribute {
    Attribute { name, is_contact: true }
}

/// The attribute of a person that a field of the log is. What is kept as it was sent has one name in the log: it is told of as its schema, and
/// to whom may know how somebody is reached, as that may be in it.
fn attribute(field: &str) -> Option<Attribute> {
    Some(match field {
        "userName" => contact("userName"),
        "email" => contact("emails"),
        "phone" => contact("phoneNumbers"),
        "givenName" => plain("name.givenName"),
        "familyName" => plain("name.familyName"),
        "locale" => plain("preferredLanguage"),
        "companyId" => plain("urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User:companyId"),
        "subsidiary" => plain("urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User:subsidiary"),
        "accountExpires" => plain("urn:ietf:params:scim:schemas:extension:chamberlain:2.0:User:accountExpires"),
        "scim" => contact("urn:ietf:params:scim:schemas:core:2.0:User"),
        _ => return None,
    })
}

/// What a line of the log is about; `None` for all that no service sees by SCIM, or that is told by another line.
pub fn read(row: &Row) -> Option<Notice> {
    let details: Value = serde_json::from_str(&row.details).unwrap_or_default();
    let (user, group) = (UserId(row.subject_id), GroupId(row.subject_id));
    let person = |what| Some(Notice::Person(user, row.organisation_id?, what));
    let of_group = |what| Some(Notice::Group(group, row.application_id?, what));
    match Kind::parse(&row.kind)? {
        Kind::UserCreated | Kind::UserRestored => person(What::Created),
        Kind::UserDeleted => person(What::Deleted),
        Kind::UserBlocked => person(What::Deactivated),
        Kind::UserUnblocked => person(What::Activated),
        Kind::UserChanged | Kind::ContactPending => person(changed(&details)?),
        Kind::ContactConfirmed => {
            person(What::Changed(vec![contact("emails"), contact("phoneNumbers"), contact("userName")]))
        }
        Kind::UserMoved => {
            let home = |name: &str| details.get(name)?.as_str()?.parse::<OrganisationId>().ok();
            let (from, to) = (home("from")?, home("to")?);
            // The log has it for each of the two homes.
            (row.organisation_id == Some(to)).then_some(Notice::Moved(user, from, to))
        }
        Kind::MembershipAssigned | Kind::MembershipRemoved => {
            let id: Uuid = details.get("group")?.as_str()?.parse().ok()?;
            Some(Notice::Member(GroupId(id), row.application_id?, row.organisation_id?))
        }
        Kind::GroupCreated => of_group(What::Created),
        Kind::GroupChanged if details.get("inner_added").is_some() => of_group(What::Changed(vec![plain("members")])),
        Kind::GroupChanged => of_group(What::Changed(vec![plain("displayName")])),
        Kind::GroupDeleted => of_group(What::Deleted),
        _ => None,
    }
}

/// A change of nothing but the switch is told as that; one of the switch and more as a change, which has its name, too.
fn changed(details: &Value) -> Option<What> {
    let fields: Vec<&str> = details.get("fields")?.as_array()?.iter().filter_map(Value::as_str).collect();
    if fields == ["active"] {
        return details
            .get("active")
            .and_then(Value::as_bool)
            .map(|on| if on { What::Activated } else { What::Deactivated });
    }
    let mut attributes: Vec<Attribute> = fields.iter().filter_map(|field| attribute(field)).collect();
    attributes.extend(fields.contains(&"active").then(|| plain("active")));
    attributes.sort();
    attributes.dedup();
    (!attributes.is_empty()).then_some(What::Changed(attributes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kernel::ids::AuditId;
    use crate::kernel::time::Timestamp;

    fn row(kind: &str, details: &Value) -> Row {
        Row {
            id: AuditId(Uuid::from_u128(1)),
            at: Timestamp(0),
            kind: kind.to_owned(),
            actor_kind: None,
            actor_id: None,
            via: None,
            organisation_id: Some(OrganisationId(Uuid::from_u128(2))),
            application_id: None,
            subject_kind: "user".to_owned(),
            subject_id: Uuid::from_u128(3),
            details: details.to_string(),
            channel: "scim".to_owned(),
            request_id: "r".to_owned(),
            ip: None,
            sequence: Some(1),
            chain: None,
        }
    }

    fn what(kind: &str, details: &Value) -> Option<What> {
        match read(&row(kind, details))? {
            Notice::Person(_, _, what) => Some(what),
            _ => None,
        }
    }

    /// RFC 9967 §2.4: the switch alone has events of its own; what nobody sees by SCIM has none.
    #[test]
    fn a_line_of_the_log_is_told_by_what_it_changed() {
        assert_eq!(what("user.changed", &json!({ "fields": ["active"], "active": false })), Some(What::Deactivated));
        assert_eq!(what("user.changed", &json!({ "fields": ["active"], "active": true })), Some(What::Activated));
        let both = what("user.changed", &json!({ "fields": ["active", "givenName"], "active": true }));
        assert_eq!(both, Some(What::Changed(vec![plain("active"), plain("name.givenName")])));
        assert_eq!(what("user.contact_pending", &json!({ "fields": ["pendingContact"] })), None);
        for (kind, details) in [("session.started", json!({})), ("user.changed", json!({})), ("nonsense", json!(7))] {
            assert_eq!(read(&row(kind, &details)), None, "{kind}");
        }
    }

    /// RFC 9967 §2.4: groups that come into a group or leave it are members of it.
    #[test]
    fn groups_in_a_group_are_told_as_its_members() {
        let told = |details: &Value| {
            let row = Row { application_id: Some(ApplicationId(Uuid::from_u128(4))), ..row("group.changed", details) };
            match read(&row) {
                Some(Notice::Group(_, _, What::Changed(attributes))) => attributes,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(told(&json!({ "code": "G", "inner_added": ["H"], "inner_removed": [] })), [plain("members")]);
        assert_eq!(told(&json!({ "code": "G" })), [plain("displayName")]);
    }

    /// A move is one event, though the log has it for both homes.
    #[test]
    fn a_move_is_told_once() {
        let (here, other) = (Uuid::from_u128(2), Uuid::from_u128(9));
        let moved = |from, to| read(&row("user.moved", &json!({ "from": from, "to": to })));
        assert!(matches!(moved(other, here), Some(Notice::Moved(_, _, to)) if to.0 == here));
        assert_eq!(moved(here, other), None);
    }
}
