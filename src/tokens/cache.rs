//! Clients as the token paths read them: at most a second old (`decisions.md` 4).

use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;

use crate::db::{self, Db};
use crate::directory::client::model::Client;
use crate::directory::client::{secret_store, store};
use crate::kernel::secret::Digest;
use crate::kernel::time::Timestamp;

/// How long a client is believed to be as it was read.
const TRUSTED: Duration = Duration::from_secs(1);

/// Longest `client_id` that is looked up.
const MAX_CLIENT_ID: usize = 200;

/// A client with the digests of its live secrets.
#[derive(Clone, Debug)]
pub struct KnownClient {
    /// The client.
    pub client: Client,
    /// What its secrets hash to.
    pub secrets: Vec<Digest>,
}

/// The cache; cheap to clone.
#[derive(Clone, Debug)]
pub struct Clients(Arc<Cache<String, (Timestamp, Arc<KnownClient>)>>);

impl Default for Clients {
    fn default() -> Self {
        Self(Arc::new(Cache::new(10_000)))
    }
}

impl Clients {
    /// The client with this `client_id`, switched off or not.
    pub async fn find(&self, db: &Db, client_id: &str, now: Timestamp) -> db::Result<Option<Arc<KnownClient>>> {
        if client_id.is_empty() || client_id.len() > MAX_CLIENT_ID {
            return Ok(None);
        }
        if let Some((read_at, known)) = self.0.get(client_id)
            && read_at <= now
            && now.since(read_at) < TRUSTED
        {
            return Ok(Some(known));
        }
        let tx = &mut db.reader().await?;
        let Some(client) = store::find_by_client_id(tx, client_id).await? else { return Ok(None) };
        let secrets = secret_store::list_live(tx, client.id, now).await?;
        let known = Arc::new(KnownClient { client, secrets });
        self.0.insert(client_id.to_owned(), (now, Arc::clone(&known)));
        Ok(Some(known))
    }

    /// Forgets everything: called after a change of clients on this node.
    pub fn changed(&self) {
        self.0.clear();
    }
}
