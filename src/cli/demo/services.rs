//! The services of the demo: OAuth clients that act for themselves, by SCIM.

use serde::{Deserialize, Serialize};

use super::authorities::{COMMISSION, LYON};
use super::seeder::Seeder;
use super::world::SeedError;
use crate::directory::client::manage::ClientDetails;
use crate::directory::client::model::{ClientKind, ClientSettings};

/// A service's registration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceClient {
    /// Public id.
    pub client_id: String,
    /// In clear, for the demo only.
    pub client_secret: String,
    /// The name of the organisation.
    pub organisation: String,
    /// The codes of the roles held.
    pub roles: Vec<String>,
}

/// A service: its client id, its name, its organisation, and its roles there with the applications they are for.
struct Service {
    client_id: &'static str,
    name: &'static str,
    organisation: &'static str,
    roles: &'static [(&'static str, &'static [&'static str])],
    /// The application and environment in which it creates groups.
    groups: Option<(&'static str, &'static str)>,
    scopes: &'static [&'static str],
}

const PEOPLE_ONLY: &[(&str, &[&str])] = &[("DelegatedUserAdmin", &[])];

/// What a personnel system asks for.
const PROVISIONING: &[&str] = &["scim", "users:read", "users:write", "memberships:read", "memberships:write"];

/// The services: a personnel system per customer, one that gives access besides, and the institution's own automation.
const SERVICES: &[Service] = &[
    Service {
        client_id: "hr-bank-a",
        name: "HR of Bank A",
        organisation: "Bank A",
        roles: PEOPLE_ONLY,
        groups: None,
        scopes: PROVISIONING,
    },
    Service {
        client_id: "hr-bank-b",
        name: "HR of Bank B",
        organisation: "Bank B",
        roles: PEOPLE_ONLY,
        groups: None,
        scopes: PROVISIONING,
    },
    Service {
        client_id: "hr-bank-b-access",
        name: "HR of Bank B",
        organisation: "Bank B",
        roles: &[("DelegatedUserAdmin", &[]), ("ApplicationAccessAdmin", &["IMAS", "CASPER"])],
        groups: None,
        scopes: PROVISIONING,
    },
    Service {
        client_id: "imas-automation",
        name: "Automation of IMAS",
        organisation: "European Institution",
        roles: &[("Operator", &[])],
        groups: Some(("IMAS", "production")),
        scopes: PROVISIONING,
    },
];

/// The modules of `imi`, asking who works in them: they look that up in the directory, for which nobody needs a role.
const DIRECTORIES: &[Service] = &[
    Service {
        client_id: "pq-directory",
        name: "Directory of Professional Qualifications",
        organisation: COMMISSION,
        roles: &[],
        groups: None,
        scopes: &["organisations:read"],
    },
    Service {
        client_id: "pw-directory",
        name: "Directory of Posting of Workers",
        organisation: COMMISSION,
        roles: &[],
        groups: None,
        scopes: &["organisations:read"],
    },
];

/// The personnel system of an authority of `imi`.
const AUTHORITY: &[Service] = &[Service {
    client_id: "hr-lyon",
    name: "HR of the Health Agency Lyon",
    organisation: LYON,
    roles: &[("Administrator", &[])],
    groups: None,
    scopes: PROVISIONING,
}];

/// The client id of the directory of a module.
pub(super) fn directory_of(module: &str) -> String {
    format!("{}-directory", module.to_lowercase())
}

/// Registers all of them.
pub(super) async fn create(seeder: &mut Seeder<'_>) -> Result<Vec<ServiceClient>, SeedError> {
    all(seeder, SERVICES).await
}

/// Registers what modules find their counterparts by.
pub(super) async fn directories(seeder: &mut Seeder<'_>) -> Result<Vec<ServiceClient>, SeedError> {
    all(seeder, DIRECTORIES).await
}

/// Registers the personnel system of an authority.
pub(super) async fn personnel(seeder: &mut Seeder<'_>) -> Result<Vec<ServiceClient>, SeedError> {
    all(seeder, AUTHORITY).await
}

async fn all(seeder: &mut Seeder<'_>, services: &[Service]) -> Result<Vec<ServiceClient>, SeedError> {
    let mut made = Vec::new();
    for service in services {
        made.push(one(seeder, service).await?);
    }
    Ok(made)
}

async fn one(seeder: &mut Seeder<'_>, service: &Service) -> Result<ServiceClient, SeedError> {
    let settings = ClientSettings {
        grant_types: vec!["client_credentials".to_owned()],
        scopes: service.scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        scim_environment: service.groups.map(|(app, code)| seeder.environment(app, code)).transpose()?,
        ..ClientSettings::default()
    };
    let place = seeder.place(service.organisation)?;
    let details = ClientDetails {
        client_id: service.client_id.to_owned(),
        name: service.name.to_owned(),
        kind: ClientKind::Machine,
        environment: None,
        organisation: Some(place),
        settings,
    };
    let (client, client_secret) = seeder.client(details).await?;
    for (role, apps) in service.roles {
        seeder.grant(client, role, place, apps).await?;
    }
    Ok(ServiceClient {
        client_id: service.client_id.to_owned(),
        client_secret,
        organisation: service.organisation.to_owned(),
        roles: service.roles.iter().map(|(role, _)| (*role).to_owned()).collect(),
    })
}
