//! The world of the demo: an institution, two banks, their administrators and people, three relying applications.
//!
//! Everything is made by the same use cases as at any other time; only the passwords are known beforehand.

use serde::{Deserialize, Serialize};

use super::people::PEOPLE;
use super::seeder::{Environment, Group, Relying, Seeder};
use super::services::{self, ServiceClient};
use crate::authority::{Door, Refusal};
use crate::db::{self, Db, transact};
use crate::delegation::grant::GrantError;
use crate::directory::application::manage::ApplicationError;
use crate::directory::client::manage::ClientError;
use crate::directory::group::manage::GroupError;
use crate::directory::membership::assign::MembershipError;
use crate::directory::module::error::ModuleError;
use crate::directory::module::model::ModuleRules;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::project::error::ProjectError;
use crate::directory::registration::error::{ApplicantError, InviteError};
use crate::directory::user::error::UserError;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{PrincipalId, UserId};
use crate::kernel::random::Entropy;
use crate::kernel::text::TextError;
use crate::kernel::time::Clock;

/// Somebody who can sign in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    /// Whose password to store.
    #[serde(skip)]
    pub user: Option<UserId>,
    /// To sign in with.
    pub email: String,
    /// To sign in with.
    pub password: String,
    /// Where codes go.
    pub phone: String,
    /// The name of the home organisation.
    pub organisation: String,
    /// The codes of the roles held.
    pub roles: Vec<String>,
    /// The codes of the groups.
    pub groups: Vec<String>,
}

/// A relying application's registration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RelyingClient {
    /// Public id.
    pub client_id: String,
    /// In clear, for the demo only.
    pub client_secret: String,
    /// The code of the application.
    pub application: String,
    /// The code of the environment.
    pub environment: String,
    /// Where people come back to.
    pub redirect_uris: Vec<String>,
    /// The example program that plays it; empty in a world of an older version.
    #[serde(default)]
    pub program: String,
    /// What that is started with besides.
    #[serde(default)]
    pub arguments: Vec<String>,
}

/// All that the demo prints.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct World {
    /// Who can sign in.
    pub accounts: Vec<Account>,
    /// The relying applications.
    pub clients: Vec<RelyingClient>,
    /// The services.
    pub service_clients: Vec<ServiceClient>,
}

/// Where the example applications listen.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// IMAS, for example `http://127.0.0.1:4001`.
    pub imas: String,
    /// CASPER.
    pub casper: String,
    /// CASPER pre-production.
    pub casper_pre: String,
}

/// Why the world could not be made.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant is the error that it wraps")]
pub enum SeedError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Db(#[from] db::Error),
    #[error(transparent)]
    Organisation(#[from] OrganisationError),
    #[error(transparent)]
    User(#[from] UserError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Application(#[from] ApplicationError),
    #[error(transparent)]
    Group(#[from] GroupError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Membership(#[from] MembershipError),
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Module(#[from] ModuleError),
    #[error(transparent)]
    Invite(#[from] InviteError),
    #[error(transparent)]
    Applicant(#[from] ApplicantError),
    #[error("the terms of a module: {0}")]
    Terms(String),
    #[error("`{0}` is not in the demo world")]
    Unknown(&'static str),
}

/// The organisations: name, the one above, country.
const ORGANISATIONS: &[(&str, Option<&str>, &str)] = &[
    ("European Institution", None, "EU"),
    ("Bank A", Some("European Institution"), "FR"),
    ("Bank B", Some("European Institution"), "DE"),
    ("Bank B Germany", Some("Bank B"), "DE"),
    ("Bank B Frankfurt", Some("Bank B Germany"), "DE"),
    ("Bank B France", Some("Bank B"), "FR"),
];

const GROUPS: &[Group] = &[
    (
        "IMAS",
        "production",
        "IMAS_PORTAL_USER",
        "IMAS Portal Users",
        "Opens the IMAS portal; further permissions are given there.",
    ),
    (
        "CASPER",
        "production",
        "CASPER_WEB_DATA_SUBMITTER",
        "CASPER data submitters",
        "Submits data for the collections and entities assigned in CASPER.",
    ),
    (
        "CASPER",
        "production",
        "CASPER_WEB_USER_ADMIN",
        "CASPER user administrators",
        "Manages access to collections for people of the same organisation.",
    ),
    (
        "CASPER",
        "pre-production",
        "CASPER_WEB_DATA_SUBMITTER",
        "CASPER data submitters (Pre-Production)",
        "Submits test data.",
    ),
    (
        "CASPER",
        "pre-production",
        "CASPER_WEB_USER_ADMIN",
        "CASPER user administrators (Pre-Production)",
        "Manages access to test collections.",
    ),
];

/// Makes the world in an empty database, in one transaction.
pub async fn seed(
    db: &Db,
    door: &Door,
    clock: &Clock,
    entropy: &Entropy,
    addresses: &Addresses,
) -> Result<World, SeedError> {
    let ctx = Ctx::internal(clock.now(), entropy.clone(), Channel::Cli).acting_as(PrincipalId::Console);
    let world = transact!(db, tx => all(&mut Seeder::new(tx, door, &ctx), addresses).await);
    door.changed();
    world
}

async fn all(seeder: &mut Seeder<'_>, at: &Addresses) -> Result<World, SeedError> {
    for (name, parent, country) in ORGANISATIONS {
        seeder.organisation(name, *parent, country).await?;
    }
    for (code, description) in
        [("IMAS", "Submissions to banking supervision"), ("CASPER", "Collection and exchange of statistical data")]
    {
        seeder.application((code, code), description, ModuleRules::default()).await?;
    }
    let environments: [Environment<'_>; 3] = [
        ("IMAS", "production", "IMAS", "", &at.imas),
        ("CASPER", "production", "CASPER", "", &at.casper),
        ("CASPER", "pre-production", "CASPER Pre-Production", "A-", &at.casper_pre),
    ];
    for environment in environments {
        seeder.open(environment, true).await?;
    }
    for group in GROUPS {
        seeder.group(*group).await?;
    }
    let mut world = World::default();
    for person in PEOPLE {
        world.accounts.push(seeder.person(person).await?);
    }
    let clients = [
        ("imas", ("IMAS", "production"), &at.imas, "imas"),
        ("casper", ("CASPER", "production"), &at.casper, "casper"),
        ("casper-pre", ("CASPER", "pre-production"), &at.casper_pre, "casper"),
    ];
    for (client_id, environment, address, program) in clients {
        let (name, arguments) = match environment {
            (app, "production") => (app, Vec::new()),
            _ => ("CASPER Pre-Production", vec!["--environment=pre-production".to_owned()]),
        };
        let relying = Relying { client_id, name, environment, address, program, arguments };
        world.clients.push(seeder.relying(relying).await?);
    }
    world.service_clients = services::create(seeder).await?;
    Ok(world)
}
