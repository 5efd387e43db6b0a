//! Module access in tests: applications that ask for it, organisations that hold it.

use chamberlain::authority::Door;
use chamberlain::authority::action::{GrantModule, ManageApplication, SuspendModule, UpdateOrganisation};
use chamberlain::directory::application::manage::{self as applications, ApplicationDetails};
use chamberlain::directory::application::store as application_store;
use chamberlain::directory::module::model::{Coordinators, ModuleAccess, ModuleKind, ModuleRules};
use chamberlain::directory::module::settings::SettingsSchema;
use chamberlain::directory::module::terms::{Catalogue, Terms};
use chamberlain::directory::module::{catalogue, classes, grant, store, suspend};
use chamberlain::directory::organisation::update;
use chamberlain::kernel::ids::{ApplicationId, OrganisationId, PrincipalId};
use chamberlain::transact;
use serde_json::Value;

use super::{Failure, World, failure};

/// An organisation and the application whose module it is about.
pub type Where = (OrganisationId, ApplicationId);

/// What somebody does with module access, through the door.
#[derive(Clone, Copy)]
pub struct Modules<'a> {
    /// Database, clock, randomness.
    pub world: &'a World,
    /// Decides.
    pub door: &'a Door,
    /// Who acts.
    pub by: PrincipalId,
}

impl<'a> Modules<'a> {
    /// The console acts.
    pub fn of(world: &'a World, door: &'a Door) -> Self {
        Self { world, door, by: PrincipalId::Console }
    }

    /// Somebody else acts.
    pub fn by(self, by: PrincipalId) -> Self {
        Self { by, ..self }
    }

    /// From now on an application asks for module access, or does without.
    pub async fn rule(&self, application: ApplicationId, required: bool, coordinators: Coordinators) {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let done: Result<(), Failure> = transact!(self.world.db, tx => {
            let found = application_store::find(tx, application).await?.expect("an application");
            let details = ApplicationDetails {
                code: found.code,
                name: found.name,
                description: found.description,
                documentation_url: found.documentation_url,
                modules: ModuleRules { required, coordinators },
            };
            let action = ManageApplication { application: Some(application) };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            applications::update(tx, permit, details, &ctx).await.map(drop).map_err(failure)
        });
        done.unwrap();
    }

    /// From now on an application asks for module access.
    pub async fn ask(&self, application: ApplicationId) {
        self.rule(application, true, Coordinators::Optional).await;
    }

    /// Grants it.
    pub async fn grant_as(
        &self,
        at: Where,
        kind: ModuleKind,
        named: &[OrganisationId],
    ) -> Result<ModuleAccess, Failure> {
        let ctx = self.world.ctx_of(self.by);
        transact!(self.world.db, tx => {
            let action = GrantModule { organisation: at.0, application: at.1, coordinators: named.to_vec() };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            grant::grant(tx, permit, kind.into(), &ctx).await.map_err(failure)
        })
    }

    /// Grants it to an authority that names nobody.
    pub async fn grant(&self, at: Where) -> Result<ModuleAccess, Failure> {
        self.grant_as(at, ModuleKind::Authority, &[]).await
    }

    /// Changes kind and coordinators.
    pub async fn change(
        &self,
        at: Where,
        kind: ModuleKind,
        named: &[OrganisationId],
        version: Option<i64>,
    ) -> Result<ModuleAccess, Failure> {
        let ctx = self.world.ctx_of(self.by);
        transact!(self.world.db, tx => {
            let action = GrantModule { organisation: at.0, application: at.1, coordinators: named.to_vec() };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            grant::change(tx, permit, kind.into(), version, &ctx).await.map_err(failure)
        })
    }

    /// Changes what is agreed.
    pub async fn agree(&self, at: Where, terms: Terms) -> Result<ModuleAccess, Failure> {
        let ctx = self.world.ctx_of(self.by);
        transact!(self.world.db, tx => {
            let action = GrantModule { organisation: at.0, application: at.1, coordinators: Vec::new() };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            grant::change(tx, permit, terms.clone(), None, &ctx).await.map_err(failure)
        })
    }

    /// From now on a module has these classes and settings.
    pub async fn describe(&self, application: ApplicationId, classes: &str, schema: Value) {
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let settings = Some(SettingsSchema::parse(&schema.to_string()).unwrap());
        let described = Catalogue { classes: classes::parse(classes).unwrap(), settings };
        let done: Result<(), Failure> = transact!(self.world.db, tx => {
            let action = ManageApplication { application: Some(application) };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            catalogue::describe(tx, permit, &described, &ctx).await.map_err(failure)
        });
        done.unwrap();
    }

    /// Suspends it.
    pub async fn suspend(&self, at: Where) -> Result<ModuleAccess, Failure> {
        let ctx = self.world.ctx_of(self.by);
        transact!(self.world.db, tx => {
            let action = SuspendModule { organisation: at.0, application: at.1 };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            suspend::suspend(tx, permit, &ctx).await.map_err(failure)
        })
    }

    /// Gives it back.
    pub async fn regrant(&self, at: Where) -> Result<ModuleAccess, Failure> {
        let ctx = self.world.ctx_of(self.by);
        transact!(self.world.db, tx => {
            let action = GrantModule { organisation: at.0, application: at.1, coordinators: Vec::new() };
            let permit = self.door.authorise(tx, &ctx, action).await?;
            grant::regrant(tx, permit, &ctx).await.map_err(failure)
        })
    }

    /// What is stored.
    pub async fn find(&self, at: Where) -> Option<ModuleAccess> {
        store::find(&mut self.world.db.reader().await.unwrap(), at.0, at.1).await.unwrap()
    }

    /// Switches an organisation off or on.
    pub async fn close(&self, organisation: OrganisationId, closed: bool) -> Result<(), Failure> {
        let ctx = self.world.ctx_of(self.by);
        transact!(self.world.db, tx => {
            let permit = self.door.authorise(tx, &ctx, UpdateOrganisation { organisation }).await?;
            let done = if closed {
                update::deactivate(tx, permit, &ctx).await
            } else {
                update::reactivate(tx, permit, &ctx).await
            };
            done.map(drop).map_err(failure)
        })
    }
}
