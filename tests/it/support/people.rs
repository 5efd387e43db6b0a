//! The demo world, for tests that need a tree with people in it.

use chamberlain::authority::{Action, Door, Permit, Refusal};
use chamberlain::cli::demo::world::{Addresses, World as Printed, seed};
use chamberlain::db::Tx;
use chamberlain::delegation::profile::Profile;
use chamberlain::directory::{group, organisation, user};
use chamberlain::kernel::ctx::Ctx;
use chamberlain::kernel::ids::{GroupId, OrganisationId, PrincipalId, UserId};

use super::World;

/// A seeded world and the door to it.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Database, clock, randomness.
    pub world: World,
    /// Decides.
    pub door: Door,
    /// What the demo prints: accounts and clients.
    pub printed: Printed,
}

impl Demo {
    /// Seeds the demo world of `src/cli/demo/world.rs`.
    pub async fn seeded(world: World) -> Self {
        let door = Door::new(Profile::shipped("ecb-identity-portal").unwrap().unwrap().roles);
        let at = |port: u16| format!("http://127.0.0.1:{port}");
        let addresses = Addresses { imas: at(4001), casper: at(4002), casper_pre: at(4003) };
        let printed = seed(&world.db, &door, &world.clock, &world.entropy, &addresses).await.unwrap();
        Self { world, door, printed }
    }

    /// For reading.
    pub async fn reader(&self) -> Tx {
        self.world.db.reader().await.unwrap()
    }

    /// Who has this address.
    pub async fn user(&self, email: &str) -> UserId {
        user::store::find_by_email(&mut self.reader().await, email).await.unwrap().unwrap().id
    }

    /// A context in which the person with this address acts.
    pub async fn acting(&self, email: &str) -> Ctx {
        self.world.ctx_of(PrincipalId::Person(self.user(email).await))
    }

    /// The group with this code.
    pub async fn group(&self, code: &str) -> GroupId {
        group::store::find_by_code(&mut self.reader().await, code).await.unwrap().unwrap().id
    }

    /// The organisation with this name.
    pub async fn organisation(&self, name: &str) -> OrganisationId {
        let tx = &mut self.reader().await;
        let root = organisation::store::find_root(tx).await.unwrap().unwrap().id;
        let all = organisation::store::list_subtree(tx, root, 1_000).await.unwrap();
        all.into_iter().find(|organisation| organisation.name == name).unwrap().id
    }

    /// Asks the door.
    pub async fn ask<A: Into<Action> + Clone>(&self, ctx: &Ctx, action: A) -> Result<Permit<A>, Refusal> {
        self.door.authorise(&mut self.reader().await, ctx, action).await
    }
}
