//! The world of the demo: an institution, two banks, their administrators and people, three relying applications.
//!
//! Everything is made by the same use cases as at any other time; only the passwords are known beforehand.

use serde::{Deserialize, Serialize};

use super::people::{self, PEOPLE, Person};
use super::services::{self, ServiceClient};
use crate::authority::action::{
    AssignMembership, CreateOrganisation, GrantRole, ManageApplication, ManageClient, ManageGroup,
};
use crate::authority::{Applications, Door, Refusal, Validity};
use crate::db::{self, Db, Tx, transact};
use crate::delegation::grant::{GrantError, grant};
use crate::directory::application::manage::{
    self as applications, ApplicationDetails, ApplicationError, EnvironmentDetails,
};
use crate::directory::client::manage::{self as clients, ClientDetails, ClientError};
use crate::directory::client::model::{ClientKind, ClientSettings};
use crate::directory::group::manage::{self as groups, GroupDetails, GroupError};
use crate::directory::membership::assign::{MembershipError, assign};
use crate::directory::module::model::ModuleRules;
use crate::directory::organisation::create::create as create_organisation;
use crate::directory::organisation::error::OrganisationError;
use crate::directory::organisation::model::OrganisationDetails;
use crate::directory::project::error::ProjectError;
use crate::directory::user::error::UserError;
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::{ApplicationId, EnvironmentId, GroupId, OrganisationId, PrincipalId, UserId};
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

/// The groups: application, environment, code without prefix, name, what it allows.
const GROUPS: &[(&str, &str, &str, &str, &str)] = &[
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
    let world = transact!(db, tx => Seeder::new(tx, door, &ctx).all(addresses).await);
    door.changed();
    world
}

pub(super) struct Seeder<'a> {
    pub(super) tx: &'a mut Tx,
    pub(super) door: &'a Door,
    pub(super) ctx: &'a Ctx,
    places: Vec<(&'static str, OrganisationId)>,
    apps: Vec<(&'static str, ApplicationId)>,
    environments: Vec<((&'static str, &'static str), EnvironmentId)>,
    groups: Vec<(String, GroupId)>,
}

impl<'a> Seeder<'a> {
    pub(super) fn new(tx: &'a mut Tx, door: &'a Door, ctx: &'a Ctx) -> Self {
        let (places, apps, environments, groups) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { tx, door, ctx, places, apps, environments, groups }
    }

    async fn all(&mut self, addresses: &Addresses) -> Result<World, SeedError> {
        for (name, parent, country) in ORGANISATIONS {
            self.organisation(name, *parent, country).await?;
        }
        self.applications(addresses).await?;
        let mut world = World::default();
        for person in PEOPLE {
            world.accounts.push(self.person(person).await?);
        }
        self.relying_clients(addresses, &mut world).await?;
        world.service_clients = services::create(self).await?;
        Ok(world)
    }

    pub(super) fn place(&self, name: &'static str) -> Result<OrganisationId, SeedError> {
        self.places.iter().find(|(known, _)| *known == name).map(|(_, id)| *id).ok_or(SeedError::Unknown(name))
    }

    fn app(&self, code: &'static str) -> Result<ApplicationId, SeedError> {
        self.apps.iter().find(|(known, _)| *known == code).map(|(_, id)| *id).ok_or(SeedError::Unknown(code))
    }

    pub(super) fn environment(&self, app: &'static str, code: &'static str) -> Result<EnvironmentId, SeedError> {
        self.environments
            .iter()
            .find(|(known, _)| *known == (app, code))
            .map(|(_, id)| *id)
            .ok_or(SeedError::Unknown(code))
    }

    pub(super) async fn organisation(
        &mut self,
        name: &'static str,
        parent: Option<&'static str>,
        country: &str,
    ) -> Result<(), SeedError> {
        let parent = parent.map(|parent| self.place(parent)).transpose()?;
        let permit = self.door.authorise(self.tx, self.ctx, CreateOrganisation { parent }).await?;
        let details = OrganisationDetails {
            name: name.to_owned(),
            country: Some(country.to_owned()),
            ..OrganisationDetails::default()
        };
        let made = create_organisation(self.tx, permit, details, self.ctx).await?;
        self.places.push((name, made.id));
        Ok(())
    }

    async fn applications(&mut self, addresses: &Addresses) -> Result<(), SeedError> {
        for (code, description) in
            [("IMAS", "Submissions to banking supervision"), ("CASPER", "Collection and exchange of statistical data")]
        {
            let permit = self.door.authorise(self.tx, self.ctx, ManageApplication { application: None }).await?;
            let details = ApplicationDetails {
                code: code.to_owned(),
                name: code.to_owned(),
                description: description.to_owned(),
                documentation_url: None,
                modules: ModuleRules::default(),
            };
            let made = applications::create(self.tx, permit, details, self.ctx).await?;
            self.apps.push((code, made.id));
        }
        let environments = [
            ("IMAS", "production", "IMAS", "", &addresses.imas),
            ("CASPER", "production", "CASPER", "", &addresses.casper),
            ("CASPER", "pre-production", "CASPER Pre-Production", "A-", &addresses.casper_pre),
        ];
        for (app, code, title, prefix, address) in environments {
            let action = ManageApplication { application: Some(self.app(app)?) };
            let permit = self.door.authorise(self.tx, self.ctx, action).await?;
            let details = EnvironmentDetails {
                code: code.to_owned(),
                title: title.to_owned(),
                group_prefix: prefix.to_owned(),
                launch_url: Some(format!("{address}/login")),
                requires_group: true,
            };
            let made = applications::create_environment(self.tx, permit, details, self.ctx).await?;
            self.environments.push(((app, code), made.id));
        }
        for (app, environment, code, name, description) in GROUPS {
            let action = ManageGroup { application: self.app(app)?, environment: self.environment(app, environment)? };
            let permit = self.door.authorise(self.tx, self.ctx, action).await?;
            let details = GroupDetails {
                code: (*code).to_owned(),
                display_name: (*name).to_owned(),
                description: (*description).to_owned(),
                ..GroupDetails::default()
            };
            let made = groups::create(self.tx, permit, details, self.ctx).await?;
            self.groups.push((made.code, made.id));
        }
        Ok(())
    }

    pub(super) async fn person(&mut self, person: &'static Person) -> Result<Account, SeedError> {
        let user = people::create(self, person).await?;
        for (role, at, apps) in person.roles {
            self.grant(PrincipalId::Person(user), role, self.place(at)?, apps).await?;
        }
        for code in person.groups {
            let group = self
                .groups
                .iter()
                .find(|(known, _)| known == code)
                .map(|(_, id)| *id)
                .ok_or(SeedError::Unknown(code))?;
            let permit = self.door.authorise(self.tx, self.ctx, AssignMembership { user, group }).await?;
            assign(self.tx, permit, None, self.ctx).await?;
        }
        Ok(Account {
            user: Some(user),
            email: person.email.to_owned(),
            password: people::password_of(person),
            phone: person.phone.to_owned(),
            organisation: person.home.to_owned(),
            roles: person.roles.iter().map(|(role, ..)| (*role).to_owned()).collect(),
            groups: person.groups.iter().map(|group| (*group).to_owned()).collect(),
        })
    }

    pub(super) async fn grant(
        &mut self,
        to: PrincipalId,
        role: &str,
        organisation: OrganisationId,
        apps: &[&'static str],
    ) -> Result<(), SeedError> {
        let applications = if apps.is_empty() {
            Applications::All
        } else {
            Applications::Only(apps.iter().map(|app| self.app(app)).collect::<Result<_, _>>()?)
        };
        let (role, validity) = (role.to_owned(), Validity::default());
        let action = GrantRole { to, role, organisation, include_sub_levels: true, applications, validity };
        let permit = self.door.authorise(self.tx, self.ctx, action).await?;
        grant(self.tx, permit, self.door.roles(), self.ctx).await?;
        Ok(())
    }

    async fn relying_clients(&mut self, addresses: &Addresses, world: &mut World) -> Result<(), SeedError> {
        let clients = [
            ("imas", "IMAS", "IMAS", "production", &addresses.imas),
            ("casper", "CASPER", "CASPER", "production", &addresses.casper),
            ("casper-pre", "CASPER Pre-Production", "CASPER", "pre-production", &addresses.casper_pre),
        ];
        for (client_id, name, app, environment, address) in clients {
            let redirect_uris = vec![format!("{address}/callback")];
            let details = ClientDetails {
                client_id: client_id.to_owned(),
                name: name.to_owned(),
                kind: ClientKind::Web,
                environment: Some(self.environment(app, environment)?),
                organisation: None,
                settings: ClientSettings {
                    redirect_uris: redirect_uris.clone(),
                    post_logout_redirect_uris: vec![format!("{address}/")],
                    ..ClientSettings::default()
                },
            };
            let client_secret = self.client(details).await?.1;
            world.clients.push(RelyingClient {
                client_id: client_id.to_owned(),
                client_secret,
                application: app.to_owned(),
                environment: environment.to_owned(),
                redirect_uris,
            });
        }
        Ok(())
    }

    pub(super) async fn client(&mut self, details: ClientDetails) -> Result<(PrincipalId, String), SeedError> {
        let permit = self.door.authorise(self.tx, self.ctx, ManageClient { client: None }).await?;
        let (client, secret) = clients::create(self.tx, permit, details, self.ctx).await?;
        let secret = secret.map(|secret| secret.reveal().to_owned()).unwrap_or_default();
        Ok((PrincipalId::Service(client.id), secret))
    }
}
