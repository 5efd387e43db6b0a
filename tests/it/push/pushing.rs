//! An installation with an application to which people are pushed.

use chamberlain::authority::action::ManageClient;
use chamberlain::db::transact;
use chamberlain::directory::{client, group};
use chamberlain::kernel::ids::{ClientId, GroupId, PrincipalId, UserId};
use chamberlain::kernel::secret::Token;
use chamberlain::outbound::{Outbound, Settings};
use chamberlain::push::manage::{self, PushError, Wanted};
use chamberlain::push::model::{Progress, Refused, Rules, Status};
use chamberlain::push::run::{Pusher, push};
use chamberlain::push::{progress_store, work_store};

use crate::support::World;
use crate::support::relying_party::Provider;
use crate::support::scim_peer::{Peer, TOKEN};

pub const FRED: &str = "fred.perry@bank-a.example";
pub const PAUL: &str = "paul.ito@bank-b.example";

pub struct Pushing {
    pub provider: Provider,
    pub peer: Peer,
    pub pusher: Pusher,
    pub client: ClientId,
}

/// The right of the console over the client.
macro_rules! permit {
    ($pushing:expr, $tx:ident) => {{
        let action = ManageClient { client: Some($pushing.client) };
        $pushing.provider.oidc.app.door.authorise($tx, &$pushing.ctx(), action).await.unwrap()
    }};
}

impl Pushing {
    /// IMAS with a target that is paused.
    pub async fn new(world: World, rules: Rules) -> Self {
        let (provider, peer) = (Provider::new(world).await, Peer::start().await);
        let outbound = Outbound::new(&Settings { timeout_seconds: 1, ..Settings::default() }, true).unwrap();
        let keys = &provider.oidc.tokens.keys;
        let (kek, subjects, clock) = (keys.kek().clone(), keys.subjects().clone(), provider.world.clock.clone());
        let pusher = Pusher { outbound, kek, subjects, clock };
        let tx = &mut provider.world.db.reader().await.unwrap();
        let client = client::store::find_by_client_id(tx, "imas").await.unwrap().unwrap().id;
        let pushing = Self { provider, peer, pusher, client };
        pushing.set(&pushing.peer.url, Some(TOKEN), rules).await.unwrap();
        pushing
    }

    /// The same, pushed.
    pub async fn going(world: World, rules: Rules) -> Self {
        let pushing = Self::new(world, rules).await;
        pushing.turn(Status::Active).await;
        pushing.push().await;
        pushing.peer.asked();
        pushing
    }

    pub fn ctx(&self) -> chamberlain::kernel::ctx::Ctx {
        self.provider.world.ctx_of(PrincipalId::Console)
    }

    pub async fn set(&self, url: &str, token: Option<&str>, rules: Rules) -> Result<(), PushError> {
        let wanted = Wanted { base_url: url.to_owned(), token: token.map(Token::from_text), rules };
        transact!(self.provider.world.db, tx => {
            let permit = permit!(self, tx);
            let way = (&self.pusher.outbound, &self.pusher.kek);
            manage::set(tx, permit, &wanted, way, &self.ctx()).await.map(drop)
        })
    }

    pub async fn turn(&self, status: Status) {
        let done: Result<(), PushError> = transact!(self.provider.world.db, tx => {
            let permit = permit!(self, tx);
            manage::set_status(tx, permit, status, &self.ctx()).await.map(drop)
        });
        done.unwrap();
    }

    /// What failed is tried, and everything compared.
    pub async fn hurry(&self) {
        let done: Result<(), PushError> = transact!(self.provider.world.db, tx => {
            let permit = permit!(self, tx);
            manage::hurry(tx, permit, true, &self.ctx()).await.map(drop)
        });
        done.unwrap();
        self.push().await;
    }

    /// The job runs; what was asked of the application by it.
    pub async fn push(&self) -> Vec<String> {
        push(&self.provider.world.db, &self.pusher).await.unwrap();
        self.peer.asked()
    }

    pub async fn progress(&self) -> Progress {
        let tx = &mut self.provider.world.db.reader().await.unwrap();
        progress_store::find(tx, self.client).await.unwrap().unwrap()
    }

    pub async fn refused(&self) -> Vec<Refused> {
        let tx = &mut self.provider.world.db.reader().await.unwrap();
        work_store::list_refused(tx, self.client, 100).await.unwrap()
    }

    pub async fn group(&self, code: &str) -> GroupId {
        let tx = &mut self.provider.world.db.reader().await.unwrap();
        group::store::find_by_code(tx, code).await.unwrap().unwrap().id
    }

    pub async fn set_member(&self, user: UserId, group: GroupId, member: bool) {
        self.provider.set_member(user, group, member).await;
    }
}
