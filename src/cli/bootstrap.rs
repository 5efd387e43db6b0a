//! `chamberlain bootstrap …`

use clap::{Args, Subcommand};
use serde_json::{Map, json};

use super::CliError;
use super::console::Console;
use super::output::Output;
use crate::authority::action::{CreateOrganisation, CreateUser, GrantRole};
use crate::authority::{Applications, Validity};
use crate::db::{Tx, transact};
use crate::delegation::grant::grant;
use crate::directory::organisation::create::create as create_organisation;
use crate::directory::organisation::model::OrganisationDetails;
use crate::directory::user::create::create as create_user;
use crate::directory::user::model::{NewUser, User};
use crate::directory::{organisation, user};
use crate::factors::links::{Purpose, issue};
use crate::kernel::ids::{OrganisationId, PrincipalId};
use crate::kernel::secret::Token;
use crate::kernel::text::{self, EmailAddress, PhoneNumber};
use crate::locale::{Locale, lasting};

/// The role that the first administrator gets.
const OPERATOR: &str = "Operator";

/// Commands for an installation that nobody can sign in to yet.
#[derive(Debug, Subcommand)]
pub(super) enum BootstrapCommand {
    /// Create an operator and print a one-time link by which they choose their password
    Admin(Admin),
}

/// The first administrator.
#[derive(Debug, Args)]
pub(super) struct Admin {
    /// E-mail address to sign in with
    #[arg(long)]
    email: EmailAddress,
    /// Phone number for codes, with + and the country code
    #[arg(long)]
    phone: PhoneNumber,
    /// First name
    #[arg(long, value_parser = text::name)]
    given_name: String,
    /// Last name
    #[arg(long, value_parser = text::name)]
    family_name: String,
    /// The name of the root organisation, if there is none yet
    #[arg(long, default_value = "Institution")]
    organisation: String,
}

impl BootstrapCommand {
    pub(super) async fn run(self, console: &Console, output: &Output) -> Result<(), CliError> {
        let Self::Admin(admin) = self;
        console.check_number(Some(&admin.phone))?;
        let made: Result<_, CliError> = transact!(console.app.db, tx => admin.make(tx, console).await);
        let (user, token) = made?;
        let link = console.app.link(&format!("/activate/{}", token.reveal()));
        let lasts = lasting(Locale::En, console.ctx.links.activation);
        let text = || format!("Open this link once, within {lasts}, to choose a password:\n{link}");
        output.print(&json!({ "id": user.id, "activation_link": link }), text)?;
        Ok(())
    }
}

impl Admin {
    /// Creates the person with the role, or finds the one who has not followed the link yet; then a fresh link.
    async fn make(&self, tx: &mut Tx, console: &Console) -> Result<(User, Token), CliError> {
        let found = user::store::find_by_email(tx, self.email.as_str()).await?;
        if found.as_ref().is_some_and(|user| user.activated_at.is_some()) {
            return Err(CliError::Refused(
                "this person has activated the account already; use password recovery".to_owned(),
            ));
        }
        let user = match found {
            Some(user) => user,
            None => self.create(tx, console).await?,
        };
        let token = issue(tx, Purpose::Activation, user.id, &console.ctx).await?;
        Ok((user, token))
    }

    async fn create(&self, tx: &mut Tx, console: &Console) -> Result<User, CliError> {
        let (door, ctx) = (&console.app.door, &console.ctx);
        let root = self.root(tx, console).await?;
        let permit = door.authorise(tx, ctx, CreateUser { organisation: root }).await.map_err(CliError::refused)?;
        let person = NewUser {
            user_name: None,
            email: Some(self.email.clone()),
            phone: Some(self.phone.clone()),
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            company_id: None,
            subsidiary: None,
            locale: None,
            account_expires_at: None,
            active: true,
            scim: Map::new(),
        };
        let user = create_user(tx, permit, person, ctx).await.map_err(CliError::refused)?;
        let to = PrincipalId::Person(user.id);
        let role = OPERATOR.to_owned();
        let action = GrantRole {
            to,
            role,
            organisation: root,
            include_sub_levels: true,
            applications: Applications::All,
            validity: Validity::default(),
        };
        let permit = door.authorise(tx, ctx, action).await.map_err(CliError::refused)?;
        grant(tx, permit, door.roles(), ctx).await.map_err(CliError::refused)?;
        Ok(user)
    }

    async fn root(&self, tx: &mut Tx, console: &Console) -> Result<OrganisationId, CliError> {
        if let Some(root) = organisation::store::find_root(tx).await? {
            return Ok(root.id);
        }
        let (door, ctx) = (&console.app.door, &console.ctx);
        let permit = door.authorise(tx, ctx, CreateOrganisation { parent: None }).await.map_err(CliError::refused)?;
        let details = OrganisationDetails { name: self.organisation.clone(), ..OrganisationDetails::default() };
        Ok(create_organisation(tx, permit, details, ctx).await.map_err(CliError::refused)?.id)
    }
}
