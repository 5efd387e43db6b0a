//! The world of `demo --profile imi`: the Commission, two countries with their national coordinators, authorities that manage each
//! other, two modules, and an authority that has registered itself and waits.

use serde_json::{Map, Value};

use super::authorities::{
    ACCESS, ADMINISTRATORS, APPLICANT, AUTHORITIES, COMMISSION, COORDINATORS, FRANCE, GERMANY, GROUPS, INVITED_BY,
    MANAGED, MODULES, STAFF, SUSPENDED,
};
use super::people::Person;
use super::seeder::{Relying, Seeder};
use super::services;
use super::world::{Account, Addresses, SeedError, World};
use crate::authority::action::{AddManager, CreateOrganisation, GrantModule, ManageApplication, SuspendModule};
use crate::db::transact;
use crate::delegation::store as roles;
use crate::directory::membership::access_store;
use crate::directory::module::model::{Coordinators, ModuleKind, ModuleRules};
use crate::directory::module::settings::SettingsSchema;
use crate::directory::module::terms::{Catalogue, Terms};
use crate::directory::module::{catalogue, classes, grant, suspend};
use crate::directory::organisation::managing;
use crate::directory::registration::invite::{NewInvitation, invite};
use crate::directory::registration::model::{Application, FirstUser, Step};
use crate::directory::registration::{applicant, store};
use crate::kernel::ctx::{Channel, Ctx};
use crate::kernel::ids::PrincipalId;
use crate::web::App;

/// Makes the world in an empty database, in one transaction.
pub(super) async fn seed(app: &App, at: &Addresses) -> Result<World, SeedError> {
    let ctx = app.internal_ctx(Channel::Cli).acting_as(PrincipalId::Console);
    let world = transact!(app.db, tx => Network { seeder: Seeder::new(tx, &app.door, &ctx), app, accounts: Vec::new() }.all(at).await);
    app.door.changed();
    world
}

struct Network<'a> {
    seeder: Seeder<'a>,
    app: &'a App,
    accounts: Vec<Account>,
}

impl Network<'_> {
    async fn all(mut self, at: &Addresses) -> Result<World, SeedError> {
        self.seeder.organisation(COMMISSION, None, "EU").await?;
        self.seeder.organisation(GERMANY, Some(COMMISSION), "DE").await?;
        self.seeder.organisation(FRANCE, Some(COMMISSION), "FR").await?;
        self.modules(at).await?;
        self.people(COORDINATORS).await?;
        self.authorities().await?;
        self.people(ADMINISTRATORS).await?;
        self.access().await?;
        self.people(STAFF).await?;
        self.registration().await?;
        let mut world = World { service_clients: services::directories(&mut self.seeder).await?, ..World::default() };
        for ((code, name, ..), address) in MODULES.iter().zip([&at.imas, &at.casper]) {
            let directory = world.service_clients.iter().find(|one| one.client_id == services::directory_of(code));
            let directory = directory.ok_or(SeedError::Unknown(code))?;
            let arguments = vec![
                format!("--module={}", code.to_lowercase()),
                format!("--directory-id={}", directory.client_id),
                format!("--directory-secret={}", directory.client_secret),
            ];
            let (client_id, environment) = (if *code == "PQ" { "pq" } else { "pw" }, (*code, "production"));
            let relying = Relying { client_id, name, environment, address, program: "imi_module", arguments };
            world.clients.push(self.seeder.relying(relying).await?);
        }
        world.service_clients.extend(services::personnel(&mut self.seeder).await?);
        world.accounts = self.told().await?;
        Ok(world)
    }

    async fn people(&mut self, people: &'static [Person]) -> Result<(), SeedError> {
        for person in people {
            self.accounts.push(self.seeder.person(person).await?);
        }
        Ok(())
    }

    /// Somebody acts, as if they had just signed in: what they register is managed by their organisation (I39).
    fn acting(&self, email: &'static str) -> Result<Ctx, SeedError> {
        let found = self.accounts.iter().find(|account| account.email == email);
        let user = found.and_then(|account| account.user).ok_or(SeedError::Unknown(email))?;
        let ctx = self.seeder.ctx.clone().acting_as(PrincipalId::Person(user));
        Ok(Ctx { second_factor_at: Some(ctx.now), ..ctx })
    }

    fn coordinator(&self, country: &str) -> Result<Ctx, SeedError> {
        self.acting(if country == GERMANY { INVITED_BY } else { "francine.moreau@france.example" })
    }

    async fn modules(&mut self, at: &Addresses) -> Result<(), SeedError> {
        let rules = ModuleRules { required: true, coordinators: Coordinators::Optional };
        for ((code, name, description, listed, schema), address) in MODULES.iter().zip([&at.imas, &at.casper]) {
            let Seeder { door, ctx, .. } = self.seeder;
            self.seeder.application((code, name), description, rules).await?;
            self.seeder.open((code, "production", name, "", address), true).await?;
            let wrong = |error: &dyn std::fmt::Display| SeedError::Terms(error.to_string());
            let settings = SettingsSchema::parse(schema).map_err(|error| wrong(&error))?;
            let classes = classes::parse(listed).map_err(|error| wrong(&error))?;
            let action = ManageApplication { application: Some(self.seeder.app(code)?) };
            let permit = door.authorise(self.seeder.tx, ctx, action).await?;
            catalogue::describe(self.seeder.tx, permit, &Catalogue { classes, settings: Some(settings) }, ctx).await?;
        }
        for group in GROUPS {
            self.seeder.group(*group).await?;
        }
        Ok(())
    }

    async fn authorities(&mut self) -> Result<(), SeedError> {
        for (name, coordinator, country) in AUTHORITIES {
            let ctx = self.coordinator(coordinator)?;
            self.seeder.organisation_by(&ctx, name, (Some(coordinator), country)).await?;
        }
        let ctx = self.coordinator(GERMANY)?;
        let (organisation, manager) = (self.seeder.place(MANAGED.0)?, self.seeder.place(MANAGED.1)?);
        let permit = self.seeder.door.authorise(self.seeder.tx, &ctx, AddManager { organisation, manager }).await?;
        Ok(managing::add(self.seeder.tx, permit, &ctx).await?)
    }

    async fn access(&mut self) -> Result<(), SeedError> {
        for (authority, code, coordinates, names, classification, settings) in ACCESS {
            let country =
                AUTHORITIES.iter().find(|(name, ..)| name == authority).map_or(GERMANY, |(_, above, _)| above);
            let ctx = self.coordinator(country)?;
            let coordinators = names.iter().map(|name| self.seeder.place(name)).collect::<Result<_, _>>()?;
            let (organisation, application) = (self.seeder.place(authority)?, self.seeder.app(code)?);
            let action = GrantModule { organisation, application, coordinators };
            let permit = self.seeder.door.authorise(self.seeder.tx, &ctx, action).await?;
            let settings: Map<String, Value> =
                serde_json::from_str(settings).map_err(|error| SeedError::Terms(error.to_string()))?;
            let kind = if *coordinates { ModuleKind::Coordinator } else { ModuleKind::Authority };
            let classification = classification.iter().map(|code| (*code).to_owned()).collect();
            grant::grant(self.seeder.tx, permit, Terms { kind, classification, settings }, &ctx).await?;
        }
        let ctx = self.coordinator(GERMANY)?;
        let (organisation, application) = (self.seeder.place(SUSPENDED.0)?, self.seeder.app(SUSPENDED.1)?);
        let action = SuspendModule { organisation, application };
        let permit = self.seeder.door.authorise(self.seeder.tx, &ctx, action).await?;
        suspend::suspend(self.seeder.tx, permit, &ctx).await?;
        Ok(())
    }

    /// An authority was invited, has entered everything, and waits for the coordinator (I30–I35).
    async fn registration(&mut self) -> Result<(), SeedError> {
        let ctx = self.acting(INVITED_BY)?;
        let (email, name, phone, (given_name, family_name)) = APPLICANT;
        let parent = Some(self.seeder.place(GERMANY)?);
        let permit = self.seeder.door.authorise(self.seeder.tx, &ctx, CreateOrganisation { parent }).await?;
        let new = NewInvitation {
            email: email.parse()?,
            proposed_name: name.to_owned(),
            language: Some("en".to_owned()),
            message: "Please register for Professional Qualifications.".to_owned(),
            send: true,
        };
        let made = invite(self.seeder.tx, permit, new, self.app.registrations, &ctx).await?;
        let first_user = FirstUser {
            given_name: given_name.to_owned(),
            family_name: family_name.to_owned(),
            phone: Some(phone.parse()?),
        };
        let mut given =
            Application { name: name.to_owned(), country: Some("DE".to_owned()), first_user, ..Application::default() };
        given.said.classification.insert("responsibility".to_owned(), ["education".to_owned()].into());
        // Whoever answers has no account yet.
        let nobody = Ctx { actor: None, ..self.seeder.ctx.clone() };
        for step in Step::ALL {
            let found = store::find(self.seeder.tx, made.id).await?.ok_or(SeedError::Unknown(name))?;
            given.done.clone_from(&found.application.done);
            applicant::save(self.seeder.tx, &found, (given.clone(), step), &self.app.terms, &nobody).await?;
        }
        let found = store::find(self.seeder.tx, made.id).await?.ok_or(SeedError::Unknown(name))?;
        applicant::submit(self.seeder.tx, &found, &self.app.terms, &nobody).await?;
        Ok(())
    }

    /// Everybody with what they came to hold, also by itself (I19, I29).
    async fn told(self) -> Result<Vec<Account>, SeedError> {
        let mut accounts = self.accounts;
        for account in &mut accounts {
            let Some(user) = account.user else { continue };
            let held = roles::list_of(self.seeder.tx, PrincipalId::Person(user)).await?;
            account.roles = held.into_iter().map(|one| one.role).collect();
            let held = access_store::list_held(self.seeder.tx, user).await?;
            account.groups = held.into_iter().map(|one| one.code).collect();
        }
        Ok(accounts)
    }
}
