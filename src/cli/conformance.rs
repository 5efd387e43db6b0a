//! `chamberlain conformance …`: what the OpenID Foundation suite needs, in conformance mode only (`decisions.md` 26).

use clap::{Args, Subcommand};
use serde_json::json;

use super::console::Console;
use super::demo::set_passwords;
use super::demo::world::Account;
use super::output::Output;
use super::{CliError, Global};
use crate::authority::action::{CreateOrganisation, CreateUser, ManageApplication, ManageClient};
use crate::db::{Tx, transact};
use crate::directory::application::manage::{self, ApplicationDetails, EnvironmentDetails};
use crate::directory::client::registration::model::Policy;
use crate::directory::client::registration::token;
use crate::directory::module::model::ModuleRules;
use crate::directory::organisation;
use crate::directory::organisation::create::create as create_organisation;
use crate::directory::organisation::model::OrganisationDetails;
use crate::directory::user::create::create as create_user;
use crate::directory::user::model::{NewUser, User};
use crate::directory::user::{activate, described};
use crate::kernel::ids::{EnvironmentId, OrganisationId};
use crate::kernel::secret::Token;
use crate::kernel::strength::Strength;

/// The code of the application that the clients of the suite belong to; to be named in `conformance.one_factor_applications`.
const APPLICATION: &str = "CONFORMANCE";

/// Scopes that its clients may ask for.
const SCOPES: [&str; 6] = ["openid", "profile", "email", "phone", "address", "offline_access"];

/// Every standard claim, so that none is missed (OIDC Core §5.1).
const CLAIMS: [(&str, &str); 14] = [
    ("middle_name", "Quinn"),
    ("nickname", "Connie"),
    ("profile", "https://people.example/connie"),
    ("picture", "https://people.example/connie.png"),
    ("website", "https://connie.example/"),
    ("gender", "female"),
    ("birthdate", "1980-02-29"),
    ("zoneinfo", "Europe/Berlin"),
    ("formatted", "1 Test Street, 60314 Frankfurt, Germany"),
    ("street_address", "1 Test Street"),
    ("locality", "Frankfurt"),
    ("region", "Hessen"),
    ("postal_code", "60314"),
    ("country", "Germany"),
];

/// Commands for test suites
#[derive(Debug, Subcommand)]
pub(super) enum ConformanceCommand {
    /// Create the application, the person and the registration token of the suite in an empty database; printed once
    Prepare(Prepare),
}

/// Whom the suite signs in.
#[derive(Debug, Args)]
pub(super) struct Prepare {
    /// The e-mail address of the person
    #[arg(long, default_value = "connie.formance@conformance.example")]
    email: String,
    /// The password of the person
    #[arg(long)]
    password: String,
    /// How many clients the suite may register
    #[arg(long, default_value_t = 1_000)]
    clients: i64,
}

impl ConformanceCommand {
    pub(super) async fn run(self, global: &Global, output: &Output) -> Result<(), CliError> {
        let Self::Prepare(wanted) = self;
        let console = Console::open(global).await?;
        if !console.app.conformance {
            return Err(CliError::Refused("this is for conformance mode: set `conformance.enabled`".to_owned()));
        }
        let made: Result<(User, Token), CliError> = transact!(console.app.db, tx => wanted.make(tx, &console).await);
        let (user, secret) = made?;
        let (email, password) = (wanted.email, wanted.password);
        let account = Account {
            user: Some(user.id),
            email: email.clone(),
            password: password.clone(),
            phone: String::new(),
            organisation: String::new(),
            roles: Vec::new(),
            groups: Vec::new(),
        };
        set_passwords(&console.app, &[account]).await?;
        let answer =
            json!({ "email": email, "password": password, "initial_access_token": secret.reveal(), "sub": user.id });
        output.print(&answer, || format!("{answer:#}"))?;
        Ok(())
    }
}

impl Prepare {
    async fn make(&self, tx: &mut Tx, console: &Console) -> Result<(User, Token), CliError> {
        let root = root(tx, console).await?;
        let user = self.person(tx, console, root).await?;
        let environment = application(tx, console).await?;
        let policy = Policy {
            scopes: SCOPES.map(str::to_owned).to_vec(),
            third_party: false,
            allow_without_pkce_insecure: true,
            device_grant: false,
        };
        let name = "OpenID Foundation suite".to_owned();
        let new = token::NewToken { name, environment, policy, uses: self.clients, days: 30 };
        let (door, ctx) = (&console.app.door, &console.ctx);
        let permit = door.authorise(tx, ctx, ManageClient { client: None }).await.map_err(CliError::refused)?;
        let (_, secret) = token::issue(tx, permit, &new, ctx).await.map_err(CliError::refused)?;
        Ok((user, secret))
    }

    async fn person(&self, tx: &mut Tx, console: &Console, home: OrganisationId) -> Result<User, CliError> {
        let (door, ctx) = (&console.app.door, &console.ctx);
        let new = NewUser {
            user_name: None,
            email: Some(self.email.parse().map_err(|_| CliError::Refused("this is no e-mail address".to_owned()))?),
            phone: "+4969000001".parse().ok(),
            given_name: "Connie".to_owned(),
            family_name: "Formance".to_owned(),
            company_id: None,
            subsidiary: None,
            locale: Some("en".to_owned()),
            account_expires_at: None,
            active: true,
            scim: serde_json::Map::new(),
        };
        let permit = door.authorise(tx, ctx, CreateUser { organisation: home }).await.map_err(CliError::refused)?;
        // The document is made out of a person, and the person with it.
        let scim = described::document(("Connie", "Formance"), &CLAIMS);
        let made = create_user(tx, permit, NewUser { scim, ..new }, ctx).await.map_err(CliError::refused)?;
        activate::activate(tx, &made, true, ctx).await.map_err(CliError::refused)
    }
}

async fn root(tx: &mut Tx, console: &Console) -> Result<OrganisationId, CliError> {
    if let Some(root) = organisation::store::find_root(tx).await? {
        return Ok(root.id);
    }
    let (door, ctx) = (&console.app.door, &console.ctx);
    let permit = door.authorise(tx, ctx, CreateOrganisation { parent: None }).await.map_err(CliError::refused)?;
    let details = OrganisationDetails { name: "Conformance".to_owned(), ..OrganisationDetails::default() };
    Ok(create_organisation(tx, permit, details, ctx).await.map_err(CliError::refused)?.id)
}

/// An application that everybody may enter.
async fn application(tx: &mut Tx, console: &Console) -> Result<EnvironmentId, CliError> {
    let (door, ctx) = (&console.app.door, &console.ctx);
    let permit = door.authorise(tx, ctx, ManageApplication { application: None }).await.map_err(CliError::refused)?;
    let details = ApplicationDetails {
        code: APPLICATION.to_owned(),
        name: "Conformance".to_owned(),
        description: "What the OpenID Foundation suite signs in to.".to_owned(),
        documentation_url: None,
        modules: ModuleRules::default(),
    };
    let made = manage::create(tx, permit, details, ctx).await.map_err(CliError::refused)?;
    let action = ManageApplication { application: Some(made.id) };
    let permit = door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
    let details = EnvironmentDetails {
        code: "production".to_owned(),
        title: "Conformance".to_owned(),
        requires_group: false,
        second_factor: Strength::Any,
        ..EnvironmentDetails::default()
    };
    Ok(manage::create_environment(tx, permit, details, ctx).await.map_err(CliError::refused)?.id)
}
