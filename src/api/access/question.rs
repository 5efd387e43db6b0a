//! A question as it is sent (AuthZEN 1.0 §5), and what it comes to here: a principal, an action of ours, and what has to be in sight.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::error::ApiError;
use crate::authority::Action;
use crate::authority::action::{
    AssignMembership, BlockUser, CreateOrganisation, CreateUser, DeleteUser, GrantModule, ProposeModule, ReadContact,
    ReadGroup, ReadOrganisation, ReadRoles, ReadUser, RemoveMembership, ResetCredentials, SuspendModule,
    UpdateOrganisation, UpdateUser,
};
use crate::kernel::ids::{ApplicationId, ClientId, GroupId, OrganisationId, PrincipalId, UserId};

/// A subject or a resource (AuthZEN 1.0 §5.1, §5.2). Further members are ignored, as the standard has it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Entity {
    /// Of what type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Which.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// What else is to be known of it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub properties: Map<String, Value>,
}

/// An action (AuthZEN 1.0 §5.3).
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Named {
    /// `user.update`, `organisation.read` …
    pub name: String,
}

/// The actions about people: the resource is a `user`.
pub const ON_USERS: [&str; 8] = [
    "user.read",
    "user.read_contact",
    "user.update",
    "user.delete",
    "user.reset_credentials",
    "user.block",
    "membership.assign",
    "membership.remove",
];
/// Those about organisations: the resource is an `organisation`.
pub const ON_ORGANISATIONS: [&str; 8] = [
    "organisation.read",
    "organisation.update",
    "organisation.create",
    "user.create",
    "role.read",
    "module.grant",
    "module.propose",
    "module.suspend",
];
/// Those about groups.
pub const ON_GROUPS: [&str; 1] = ["group.read"];

/// What a question is about, once it is understood.
#[derive(Clone, Debug)]
pub enum Thing {
    /// A person.
    User(UserId),
    /// A node of the tree.
    Organisation(OrganisationId),
    /// A group.
    Group(GroupId),
}

impl Thing {
    /// The resource that a question names; `None` for one that nobody could see: of another type, or no id of ours.
    pub fn read(entity: &Entity) -> Option<Self> {
        match entity.kind.as_str() {
            "user" => entity.id.parse().ok().map(Self::User),
            "organisation" => entity.id.parse().ok().map(Self::Organisation),
            "group" => entity.id.parse().ok().map(Self::Group),
            _ => None,
        }
    }

    /// What seeing it takes.
    pub fn sight(&self) -> Action {
        match self {
            Self::User(user) => ReadUser { user: *user }.into(),
            Self::Organisation(organisation) => ReadOrganisation { organisation: *organisation }.into(),
            Self::Group(group) => ReadGroup { group: *group }.into(),
        }
    }

    /// The actions that may be asked about.
    pub fn actions(&self) -> &'static [&'static str] {
        match self {
            Self::User(_) => &ON_USERS,
            Self::Organisation(_) => &ON_ORGANISATIONS,
            Self::Group(_) => &ON_GROUPS,
        }
    }

    /// Whether the property is there without which such an action says too little.
    pub fn has_what_it_needs(&self, name: &str, properties: &Map<String, Value>) -> Result<(), ApiError> {
        let property = match (self, name) {
            (Self::User(_), "membership.assign" | "membership.remove") => "group",
            (Self::Organisation(_), "module.grant" | "module.propose" | "module.suspend") => "application",
            _ => return Ok(()),
        };
        if properties.contains_key(property) {
            return Ok(());
        }
        Err(ApiError::Malformed(format!("`{name}` needs `{property}` in `resource.properties`")))
    }

    /// The action of ours, and what else has to be in sight; `None` if there is no such action on such a thing.
    pub fn action(&self, name: &str, properties: &Map<String, Value>) -> Option<(Action, Option<Thing>)> {
        let text = |key: &str| properties.get(key).and_then(Value::as_str);
        let action = match self {
            Self::User(user) => {
                let user = *user;
                match name {
                    "user.read" => ReadUser { user }.into(),
                    "user.read_contact" => ReadContact { user }.into(),
                    "user.update" => UpdateUser { user }.into(),
                    "user.delete" => DeleteUser { user }.into(),
                    "user.reset_credentials" => ResetCredentials { user }.into(),
                    "user.block" => BlockUser { user }.into(),
                    "membership.assign" | "membership.remove" => {
                        let group: GroupId = text("group")?.parse().ok()?;
                        let action: Action = if name == "membership.assign" {
                            AssignMembership { user, group }.into()
                        } else {
                            RemoveMembership { user, group }.into()
                        };
                        return Some((action, Some(Self::Group(group))));
                    }
                    _ => return None,
                }
            }
            Self::Organisation(organisation) => {
                let organisation = *organisation;
                match name {
                    "organisation.read" => ReadOrganisation { organisation }.into(),
                    "organisation.update" => UpdateOrganisation { organisation }.into(),
                    "organisation.create" => CreateOrganisation { parent: Some(organisation) }.into(),
                    "user.create" => CreateUser { organisation }.into(),
                    "role.read" => ReadRoles { organisation }.into(),
                    "module.grant" | "module.propose" | "module.suspend" => {
                        let application: ApplicationId = text("application")?.parse().ok()?;
                        match name {
                            "module.grant" => {
                                GrantModule { organisation, application, coordinators: Vec::new() }.into()
                            }
                            "module.propose" => ProposeModule { organisation, application }.into(),
                            _ => SuspendModule { organisation, application }.into(),
                        }
                    }
                    _ => return None,
                }
            }
            Self::Group(group) => match name {
                "group.read" => ReadGroup { group: *group }.into(),
                _ => return None,
            },
        };
        Some((action, None))
    }
}

/// The subject that a question names; `None` for one that nobody could see.
pub fn subject(entity: &Entity) -> Option<PrincipalId> {
    match entity.kind.as_str() {
        "user" => entity.id.parse::<UserId>().ok().map(PrincipalId::Person),
        "service" => entity.id.parse::<ClientId>().ok().map(PrincipalId::Service),
        _ => None,
    }
}

/// A member that has to be there, whole.
pub fn needed<T>(value: Option<T>, name: &str) -> Result<T, ApiError> {
    value.ok_or_else(|| ApiError::Malformed(format!("`{name}` is missing")))
}

/// An entity whose id has to be said.
pub fn identified(entity: Option<Entity>, name: &str) -> Result<Entity, ApiError> {
    let entity = needed(entity, name)?;
    if entity.id.is_empty() || entity.kind.is_empty() {
        return Err(ApiError::Malformed(format!("`{name}` needs a `type` and an `id`")));
    }
    Ok(entity)
}
