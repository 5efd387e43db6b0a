//! Clients as the token paths read them: never older than the last change made on this node, and at most a second behind
//! the changes of other nodes (`decisions.md` 4).

use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;

use crate::db::{self, Db, Tx};
use crate::directory::client::model::Client;
use crate::directory::client::secret_store::{self, LiveSecret};
use crate::directory::client::store;
use crate::directory::organisation::{self, model::Status};
use crate::kernel::time::Timestamp;

/// How long a client is believed to be as it was read.
const TRUSTED: Duration = Duration::from_secs(1);

/// Longest `client_id` that is looked up.
const MAX_CLIENT_ID: usize = 200;

/// Most clients that are remembered (IN-11). What does not exist is not remembered at all.
const REMEMBERED: usize = 10_000;

/// A client with its live secrets.
#[derive(Clone, Debug)]
pub struct KnownClient {
    /// The client.
    pub client: Client,
    /// Its secrets.
    pub secrets: Vec<LiveSecret>,
    /// Switched on, and no organisation above a service deactivated (OA-28).
    on: bool,
}

impl KnownClient {
    /// Whether it may be used at `now`; its end binds from the instant on (D12).
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.on && !self.client.settings.provisioning.has_ended(now)
    }
}

/// What was read, when, and at which count of changes.
#[derive(Clone, Debug)]
struct Read {
    known: Arc<KnownClient>,
    at: Timestamp,
    count: u64,
}

/// The cache; cheap to clone.
#[derive(Clone, Debug)]
pub struct Clients(Arc<Cache<String, Read>>);

impl Default for Clients {
    fn default() -> Self {
        Self(Arc::new(Cache::new(REMEMBERED)))
    }
}

impl Clients {
    /// The client with this `client_id`, usable or not.
    pub async fn find(&self, db: &Db, client_id: &str, now: Timestamp) -> db::Result<Option<Arc<KnownClient>>> {
        if client_id.is_empty() || client_id.len() > MAX_CLIENT_ID || client_id.contains(char::is_control) {
            return Ok(None);
        }
        // Counted before reading: a change committed meanwhile makes what is read here doubtful at once.
        let count = db.changes().count();
        if let Some(read) = self.0.get(client_id)
            && read.count == count
            && read.at <= now
            && now.since(read.at) < TRUSTED
        {
            return Ok(Some(read.known));
        }
        let Some(known) = read(&mut db.reader().await?, client_id, now).await? else {
            self.0.remove(client_id);
            return Ok(None);
        };
        let known = Arc::new(known);
        self.0.insert(client_id.to_owned(), Read { known: Arc::clone(&known), at: now, count });
        Ok(Some(known))
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

async fn read(tx: &mut Tx, client_id: &str, now: Timestamp) -> db::Result<Option<KnownClient>> {
    let Some(client) = store::find_by_client_id(tx, client_id).await? else { return Ok(None) };
    let secrets = secret_store::list_live(tx, client.id, now).await?;
    let home = match client.organisation {
        Some(id) => organisation::store::find_effective_status(tx, id).await?,
        None => Some(Status::Active),
    };
    let on = client.active && home == Some(Status::Active);
    Ok(Some(KnownClient { client, secrets, on }))
}
