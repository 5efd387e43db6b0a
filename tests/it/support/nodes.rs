//! Several nodes of one provider, and what an operator does at one of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chamberlain::authority::action::{AssignMembership, ManageGroup, UpdateOrganisation};
use chamberlain::db::{self, Db};
use chamberlain::directory::application::{self, model::Environment};
use chamberlain::directory::client;
use chamberlain::directory::group::{self, manage::GroupDetails};
use chamberlain::directory::membership::assign::assign;
use chamberlain::directory::organisation::{self, update};
use chamberlain::kernel::ids::{OrganisationId, PrincipalId};
use chamberlain::oidc::Oidc;
use chamberlain::tokens::{Keys, Tokens};
use chamberlain::transact;
use chamberlain::web::App;

use super::World;
use super::relying_party::{ISSUER, Provider};

impl Provider {
    /// Another process on the same database: connections, caches and keys of its own, the same clock.
    pub async fn another_node(&self) -> Self {
        let db = Db::open(&self.world.options).await.unwrap();
        let world = World { db, ..self.world.clone() };
        let app = &self.oidc.app;
        let (clock, entropy, url) = (world.clock.clone(), world.entropy.clone(), (*app.public_url).clone());
        let app = App::new(world.db.clone(), clock, entropy, url, app.door.roles().clone());
        let keys = Keys::open(&world.db, self.oidc.tokens.keys.kek().clone(), &world.ctx()).await.unwrap();
        let oidc = Oidc::new(app, Tokens::new(keys, ISSUER), self.oidc.settings.clone());
        Self::serving(world, self.demo.clone(), oidc)
    }

    /// The same world over other settings.
    pub fn changed(&self, change: impl FnOnce(&mut Oidc)) -> Self {
        let mut oidc = self.oidc.clone();
        change(&mut oidc);
        Self::serving(self.world.clone(), self.demo.clone(), oidc)
    }

    /// The organisation with this name.
    pub async fn organisation(&self, name: &str) -> OrganisationId {
        let tx = &mut self.world.db.reader().await.unwrap();
        let root = organisation::store::find_root(tx).await.unwrap().unwrap().id;
        let all = organisation::store::list_subtree(tx, root, 1_000).await.unwrap();
        all.into_iter().find(|organisation| organisation.name == name).unwrap().id
    }

    /// Puts somebody into so many new groups of the production environment of an application.
    pub async fn join_groups(&self, email: &str, application: &str, count: usize) {
        let (user, ctx) = (self.user(email).await, self.world.ctx_of(PrincipalId::Console));
        let door = &self.oidc.app.door;
        let done: db::Result<()> = transact!(self.world.db, tx => {
            let application = application::store::find_by_code(tx, application).await?.unwrap().id;
            let environment = application::environment_store::list_of_application(tx, application).await?[0].id;
            for _ in 0..count {
                let permit = door.authorise(tx, &ctx, ManageGroup { application, environment }).await.unwrap();
                let code = format!("G{}", ctx.uuid().simple());
                let details = GroupDetails { code: code.clone(), display_name: code, ..GroupDetails::default() };
                let group = group::manage::create(tx, permit, details, &ctx).await.unwrap().id;
                let permit = door.authorise(tx, &ctx, AssignMembership { user, group }).await.unwrap();
                assign(tx, permit, None, &ctx).await.unwrap();
            }
            Ok(())
        });
        done.unwrap();
    }

    /// Lets people without any group into the application of a client.
    pub async fn open_to_everybody(&self, client_id: &str) {
        let done: db::Result<bool> = transact!(self.world.db, tx => {
            let client = client::store::find_by_client_id(tx, client_id).await?.unwrap();
            let id = client.environment.unwrap();
            let environment = application::environment_store::find(tx, id).await?.unwrap();
            application::environment_store::save(tx, &Environment { requires_group: false, ..environment }).await
        });
        assert!(done.unwrap());
    }

    /// A seeded service: how it proves itself, and the name of its organisation.
    pub fn service(&self, number: usize) -> (String, String) {
        let service = &self.demo.service_clients[number];
        let basic = STANDARD.encode(format!("{}:{}", service.client_id, service.client_secret));
        (format!("Basic {basic}"), service.organisation.clone())
    }

    /// Switches an organisation off, as an operator does.
    pub async fn deactivate(&self, name: &str) {
        let organisation = self.organisation(name).await;
        let ctx = self.world.ctx_of(PrincipalId::Console);
        let done: db::Result<()> = transact!(self.world.db, tx => {
            let permit = self.oidc.app.door.authorise(tx, &ctx, UpdateOrganisation { organisation }).await.unwrap();
            update::deactivate(tx, permit, &ctx).await.unwrap();
            Ok(())
        });
        done.unwrap();
    }
}
