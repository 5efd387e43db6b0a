//! How a world of the demo is made: step by step through the one door, as by anybody else.

use super::people::{self, Person};
use super::world::{Account, RelyingClient, SeedError};
use crate::authority::action::{
    AssignMembership, CreateOrganisation, GrantRole, ManageApplication, ManageClient, ManageGroup,
};
use crate::authority::role::SubLevels;
use crate::authority::{Applications, Door, Validity};
use crate::db::Tx;
use crate::delegation::grant::grant;
use crate::directory::application::manage::{self as applications, ApplicationDetails, EnvironmentDetails};
use crate::directory::client::manage::{self as clients, ClientDetails};
use crate::directory::client::model::{ClientKind, ClientSettings};
use crate::directory::group::manage::{self as groups, GroupDetails};
use crate::directory::membership::assign::assign;
use crate::directory::module::model::ModuleRules;
use crate::directory::organisation::create::create as create_organisation;
use crate::directory::organisation::model::OrganisationDetails;
use crate::kernel::ctx::Ctx;
use crate::kernel::ids::{ApplicationId, EnvironmentId, GroupId, OrganisationId, PrincipalId};
use crate::kernel::strength::Strength;

/// Remembers by name what was made.
pub(super) struct Seeder<'a> {
    pub(super) tx: &'a mut Tx,
    pub(super) door: &'a Door,
    pub(super) ctx: &'a Ctx,
    places: Vec<(&'static str, OrganisationId)>,
    apps: Vec<(&'static str, ApplicationId)>,
    environments: Vec<((&'static str, &'static str), EnvironmentId)>,
    groups: Vec<(String, GroupId)>,
}

/// An environment: application, its code, the title of its tile, what its group codes start with, where it is.
pub(super) type Environment<'a> = (&'static str, &'static str, &'static str, &'static str, &'a str);

/// A group: application, environment, code without prefix, name, what it allows.
pub(super) type Group = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// A relying application, and the example program that plays it.
#[derive(Debug)]
pub(super) struct Relying<'a> {
    pub(super) client_id: &'static str,
    pub(super) name: &'static str,
    pub(super) environment: (&'static str, &'static str),
    pub(super) address: &'a str,
    pub(super) program: &'static str,
    pub(super) arguments: Vec<String>,
}

impl<'a> Seeder<'a> {
    pub(super) fn new(tx: &'a mut Tx, door: &'a Door, ctx: &'a Ctx) -> Self {
        let (places, apps, environments, groups) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { tx, door, ctx, places, apps, environments, groups }
    }

    pub(super) fn place(&self, name: &'static str) -> Result<OrganisationId, SeedError> {
        self.places.iter().find(|(known, _)| *known == name).map(|(_, id)| *id).ok_or(SeedError::Unknown(name))
    }

    pub(super) fn app(&self, code: &'static str) -> Result<ApplicationId, SeedError> {
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
        let ctx = self.ctx;
        self.organisation_by(ctx, name, (parent, country)).await
    }

    /// The same, by somebody.
    pub(super) async fn organisation_by(
        &mut self,
        ctx: &Ctx,
        name: &'static str,
        (parent, country): (Option<&'static str>, &str),
    ) -> Result<(), SeedError> {
        let parent = parent.map(|parent| self.place(parent)).transpose()?;
        let permit = self.door.authorise(self.tx, ctx, CreateOrganisation { parent }).await?;
        let details = OrganisationDetails {
            name: name.to_owned(),
            country: Some(country.to_owned()),
            ..OrganisationDetails::default()
        };
        let made = create_organisation(self.tx, permit, details, ctx).await?;
        self.places.push((name, made.id));
        Ok(())
    }

    pub(super) async fn application(
        &mut self,
        (code, name): (&'static str, &str),
        description: &str,
        modules: ModuleRules,
    ) -> Result<(), SeedError> {
        let permit = self.door.authorise(self.tx, self.ctx, ManageApplication { application: None }).await?;
        let details = ApplicationDetails {
            code: code.to_owned(),
            name: name.to_owned(),
            description: description.to_owned(),
            documentation_url: None,
            modules,
        };
        let made = applications::create(self.tx, permit, details, self.ctx).await?;
        self.apps.push((code, made.id));
        Ok(())
    }

    pub(super) async fn open(
        &mut self,
        (app, code, title, prefix, address): Environment<'_>,
        requires_group: bool,
    ) -> Result<(), SeedError> {
        let action = ManageApplication { application: Some(self.app(app)?) };
        let permit = self.door.authorise(self.tx, self.ctx, action).await?;
        let details = EnvironmentDetails {
            code: code.to_owned(),
            title: title.to_owned(),
            group_prefix: prefix.to_owned(),
            launch_url: Some(format!("{address}/login")),
            requires_group,
            second_factor: Strength::Any,
        };
        let made = applications::create_environment(self.tx, permit, details, self.ctx).await?;
        self.environments.push(((app, code), made.id));
        Ok(())
    }

    pub(super) async fn group(&mut self, (app, environment, code, name, description): Group) -> Result<(), SeedError> {
        let action = ManageGroup { application: self.app(app)?, environment: self.environment(app, environment)? };
        let permit = self.door.authorise(self.tx, self.ctx, action).await?;
        let details = GroupDetails {
            code: code.to_owned(),
            display_name: name.to_owned(),
            description: description.to_owned(),
            ..GroupDetails::default()
        };
        let made = groups::create(self.tx, permit, details, self.ctx).await?;
        self.groups.push((made.code, made.id));
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
        let below = self.door.roles().get(role).is_none_or(|role| role.sub_levels != SubLevels::Never);
        let (role, validity) = (role.to_owned(), Validity::default());
        let action = GrantRole { to, role, organisation, include_sub_levels: below, applications, validity };
        let permit = self.door.authorise(self.tx, self.ctx, action).await?;
        grant(self.tx, permit, self.door.roles(), self.ctx).await?;
        Ok(())
    }

    pub(super) async fn relying(&mut self, new: Relying<'_>) -> Result<RelyingClient, SeedError> {
        let (app, environment) = new.environment;
        let redirect_uris = vec![format!("{}/callback", new.address)];
        let details = ClientDetails {
            client_id: new.client_id.to_owned(),
            name: new.name.to_owned(),
            kind: ClientKind::Web,
            environment: Some(self.environment(app, environment)?),
            organisation: None,
            settings: ClientSettings {
                redirect_uris: redirect_uris.clone(),
                post_logout_redirect_uris: vec![format!("{}/", new.address)],
                backchannel_logout_uri: Some(format!("{}/backchannel-logout", new.address)),
                security_events_uri: Some(format!("{}/security-events", new.address)),
                ..ClientSettings::default()
            },
        };
        let client_secret = self.client(details).await?.1;
        Ok(RelyingClient {
            client_id: new.client_id.to_owned(),
            client_secret,
            application: app.to_owned(),
            environment: environment.to_owned(),
            redirect_uris,
            program: new.program.to_owned(),
            arguments: new.arguments,
        })
    }

    pub(super) async fn client(&mut self, details: ClientDetails) -> Result<(PrincipalId, String), SeedError> {
        let permit = self.door.authorise(self.tx, self.ctx, ManageClient { client: None }).await?;
        let (client, secret) = clients::create(self.tx, permit, details, self.ctx).await?;
        let secret = secret.map(|secret| secret.reveal().to_owned()).unwrap_or_default();
        Ok((PrincipalId::Service(client.id), secret))
    }
}
