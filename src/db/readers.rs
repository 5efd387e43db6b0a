//! The connections that read on SQLite. A pool of our own: that of sqlx asks each connection for a sign of life when it comes back, which
//! is a hop to its thread and back, as much as a statement costs (`docs/performance.md`).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a reader is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The pool; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Readers(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    options: SqliteConnectOptions,
    free: Mutex<Vec<SqliteConnection>>,
    /// One for each connection that may be open.
    places: Arc<Semaphore>,
    size: u32,
}

/// A connection that goes back when it is dropped.
#[derive(Debug)]
pub struct Reader {
    /// There until then.
    connection: Option<SqliteConnection>,
    pool: Arc<Pool>,
    place: Option<OwnedSemaphorePermit>,
    /// A statement was sent and not answered.
    asked: bool,
}

impl Readers {
    /// Opens the first connection, so that what cannot be opened is known at once.
    pub(super) async fn open(options: SqliteConnectOptions, size: u32) -> sqlx::Result<Self> {
        let size = size.max(1);
        let first = SqliteConnection::connect_with(&options).await?;
        let places = Arc::new(Semaphore::new(size as usize));
        Ok(Self(Arc::new(Pool { options, free: Mutex::new(vec![first]), places, size })))
    }

    /// A free connection, or a new one where there is place for it.
    pub(super) async fn acquire(&self) -> sqlx::Result<Reader> {
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.0.places).acquire_owned()).await;
        let place = place.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let free = self.0.free().pop();
        let connection = match free {
            Some(connection) => connection,
            None => SqliteConnection::connect_with(&self.0.options).await?,
        };
        Ok(Reader { connection: Some(connection), pool: Arc::clone(&self.0), place: Some(place), asked: false })
    }

    /// Closes all connections once they have come back.
    pub(super) async fn close(&self) {
        let all = self.0.places.acquire_many(self.0.size).await;
        self.0.places.close();
        drop(all);
        let free = std::mem::take(&mut *self.0.free());
        for connection in free {
            let _nobody_reads_any_more = connection.close().await;
        }
    }
}

impl Pool {
    fn free(&self) -> std::sync::MutexGuard<'_, Vec<SqliteConnection>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    /// A statement is sent.
    #[expect(clippy::expect_used, reason = "taken by drop alone")]
    pub(super) fn ask(&mut self) -> &mut SqliteConnection {
        self.asked = true;
        self.connection.as_mut().expect("a connection until it is dropped")
    }

    /// It was answered.
    pub(super) fn answered(&mut self) {
        self.asked = false;
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !self.asked {
            // Before its place is free.
            self.pool.free().push(connection);
        } else if let (Ok(runtime), Some(place)) = (Handle::try_current(), self.place.take()) {
            let pool = Arc::clone(&self.pool);
            runtime.spawn(answered_in_the_end(connection, pool, place));
        }
    }
}

/// Whoever asked has gone away, and the statement is still at work: nobody else gets the connection, nor its place, before it is done.
async fn answered_in_the_end(mut connection: SqliteConnection, pool: Arc<Pool>, place: OwnedSemaphorePermit) {
    if connection.ping().await.is_ok() {
        pool.free().push(connection);
    }
    drop(place);
}
