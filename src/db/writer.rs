//! Transactions. On SQLite all writers share one connection and one commit (group commit); see ADR 0002.
//!
//! A writer takes the baton, works inside its own savepoint, and passes the baton on *without committing*. A task that
//! queues for the baton like everybody else then commits for all who came before it; nobody is answered before that.

use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, SqliteConnection};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, watch};

use super::error::{Error, Result};
use super::readers::Reader;
use super::work;

/// How many writers may share one commit.
const MAX_BATCH: usize = 128;

/// Opens a batch and its first savepoint. The savepoint around all of them is the witness that the transaction is still the one that was
/// begun: one that SQLite undid by itself (a full disk) takes it along.
const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT batch; SAVEPOINT member";

/// Without its witness nothing is committed: texts end with their first error.
const COMMIT: &str = "RELEASE batch; COMMIT";

/// A transaction, or a connection for reading, on either engine.
#[derive(Debug)]
pub enum Tx {
    /// SQLite.
    Sqlite(SqliteTx),
    /// PostgreSQL.
    Postgres(PostgresTx),
}

/// The SQLite side of [`Tx`].
#[derive(Debug)]
pub enum SqliteTx {
    /// A read-only connection of the reader pool.
    Reader(Reader),
    /// The baton of the one writer.
    Writer(OwnedMutexGuard<Baton>),
}

/// The PostgreSQL side of [`Tx`].
#[derive(Debug)]
pub enum PostgresTx {
    /// A connection outside any transaction.
    Reader(PoolConnection<Postgres>),
    /// A SERIALIZABLE transaction.
    Writer {
        /// Rolled back when dropped.
        transaction: sqlx::Transaction<'static, Postgres>,
        /// Whether caches have to be told.
        noted: bool,
    },
}

impl Tx {
    /// Lets the statements of this transaction take as long as they need.
    pub async fn take_time(&mut self) -> Result<()> {
        match self {
            Self::Postgres(inner) => {
                sqlx::query("SET LOCAL statement_timeout = 0").execute(inner.connection()).await?;
                Ok(())
            }
            Self::Sqlite(_) => Ok(()),
        }
    }

    /// Marks the transaction as one that caches have to be told of once it is committed. Nothing on a reader.
    pub fn note_change(&mut self) {
        match self {
            Self::Sqlite(SqliteTx::Writer(baton)) => baton.noted = true,
            Self::Postgres(PostgresTx::Writer { noted, .. }) => *noted = true,
            Self::Sqlite(SqliteTx::Reader(_)) | Self::Postgres(PostgresTx::Reader(_)) => {}
        }
    }

    pub(super) fn is_noted(&self) -> bool {
        match self {
            Self::Sqlite(SqliteTx::Writer(baton)) => baton.noted,
            Self::Postgres(PostgresTx::Writer { noted, .. }) => *noted,
            Self::Sqlite(SqliteTx::Reader(_)) | Self::Postgres(PostgresTx::Reader(_)) => false,
        }
    }
}

impl SqliteTx {
    /// The connection underneath.
    pub fn connection(&mut self) -> &mut SqliteConnection {
        work::note();
        match self {
            Self::Reader(reader) => reader.ask(),
            Self::Writer(baton) => &mut baton.connection,
        }
    }

    /// What was sent over it was answered.
    pub fn answered(&mut self) {
        match self {
            Self::Reader(reader) => reader.answered(),
            Self::Writer(_) => {}
        }
    }
}

impl PostgresTx {
    /// The connection underneath.
    pub fn connection(&mut self) -> &mut PgConnection {
        work::note();
        match self {
            Self::Reader(connection) => connection,
            Self::Writer { transaction, .. } => transaction,
        }
    }
}

/// Runs one expression on whichever engine the transaction is on.
#[macro_export]
macro_rules! on {
    ($tx:expr, $connection:ident => $body:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(inner) => {
                let $connection = inner.connection();
                let answer = $body;
                inner.answered();
                answer
            }
            $crate::db::Tx::Postgres(inner) => {
                let $connection = inner.connection();
                $body
            }
        }
    };
}
pub use on;

/// Runs a block in one serialisable transaction: `transact!(db, tx => { … Ok(value) })`.
///
/// `tx` is a `&mut Tx`. The block is an `async` block whose value is a `Result`: `Ok` commits, `Err` undoes all of it.
/// When it met a concurrent transaction it is run again from the start, so it may not have effects elsewhere.
/// A macro and not a function that takes an async closure: such a future is not `Send` for every lifetime (ADR 0002).
#[macro_export]
macro_rules! transact {
    ($db:expr, $tx:ident => $body:expr) => {{
        let db: &$crate::db::Db = &$db;
        let mut attempt = 1;
        loop {
            let mut transaction = match db.begin().await {
                Ok(transaction) => transaction,
                Err(error) => break Err(error.into()),
            };
            let $tx = &mut transaction;
            let outcome = async { $body }.await;
            if let Some(outcome) = db.finish(transaction, outcome, &mut attempt).await {
                break outcome;
            }
        }
    }};
}
pub use transact;

/// The state of the one SQLite writer.
#[derive(Debug)]
pub struct Baton {
    connection: SqliteConnection,
    batch: Arc<Batch>,
    /// How many savepoints were kept in the open batch.
    members: usize,
    /// `BEGIN IMMEDIATE` was sent and neither committed nor rolled back.
    open: bool,
    /// `BEGIN IMMEDIATE` was sent and not answered: its sender was dropped, or waits now.
    opening: bool,
    /// What is known of the savepoint.
    savepoint: Savepoint,
    /// The present holder made a change that caches have to be told of.
    noted: bool,
}

/// The savepoint of the last holder. It is not released when its work is done, which would be one more way to the thread of the
/// connection, but together with what comes next: the savepoint of the next holder, or that of the batch, which releases those in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Savepoint {
    /// There is none.
    None,
    /// It was sent and not answered: its sender was dropped, or waits now. Nothing was changed in it.
    Opening,
    /// Its holder was dropped, or is at work now.
    Inside,
    /// The work in it is done, and part of the batch.
    Kept,
}

/// What a batch came to: nothing yet, on disk, or lost.
type Batch = watch::Sender<Option<bool>>;

/// The door to the one SQLite writer.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    baton: Arc<Mutex<Baton>>,
    released: Arc<Notify>,
}

impl Writer {
    /// Takes the writing connection and starts the task that closes batches; it ends with the last clone of the writer.
    #[expect(clippy::disallowed_methods, reason = "one supervised task for the life of the writer; it cannot panic")]
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let baton = Baton {
            connection,
            batch: Arc::new(watch::Sender::new(None)),
            members: 0,
            open: false,
            opening: false,
            savepoint: Savepoint::None,
            noted: false,
        };
        let writer = Self { baton: Arc::new(Mutex::new(baton)), released: Arc::default() };
        let (baton, released) = (Arc::downgrade(&writer.baton), Arc::clone(&writer.released));
        tokio::spawn(async move {
            loop {
                released.notified().await;
                // The lock is fair: everybody who queued before this line joins the batch that is closed here.
                let Some(baton) = baton.upgrade() else { return };
                baton.lock().await.close().await;
            }
        });
        writer
    }

    /// Waits for the baton and opens a savepoint.
    pub(super) async fn begin(&self) -> Result<OwnedMutexGuard<Baton>> {
        let mut baton = Arc::clone(&self.baton).lock_owned().await;
        baton.enter().await?;
        Ok(baton)
    }

    /// Waits for the baton without opening anything, once every open batch is closed.
    pub(super) async fn exclusive(&self) -> OwnedMutexGuard<Baton> {
        let mut baton = Arc::clone(&self.baton).lock_owned().await;
        baton.close().await;
        baton
    }

    /// Keeps what was done in the savepoint, passes the baton on, and returns once the batch is on disk.
    pub(super) async fn commit(&self, mut baton: OwnedMutexGuard<Baton>) -> Result<()> {
        baton.keep();
        let mut outcome = baton.batch.subscribe();
        if baton.members >= MAX_BATCH {
            close_apart(baton);
        } else {
            drop(baton);
            self.released.notify_one();
        }
        let on_disk = outcome.wait_for(Option::is_some).await.is_ok_and(|seen| *seen == Some(true));
        if on_disk { Ok(()) } else { Err(Error::Retry(sqlx::Error::WorkerCrashed)) }
    }

    /// Undoes the savepoint; other members of the batch are untouched.
    pub(super) async fn roll_back(&self, mut baton: OwnedMutexGuard<Baton>) -> Result<()> {
        let undone = baton.undo().await;
        drop(baton);
        self.released.notify_one();
        undone
    }
}

/// Closes the batch in a task of its own: a request that is cancelled must not take the answer to `COMMIT` with it.
#[expect(clippy::disallowed_methods, reason = "ends by itself after one commit; it cannot panic")]
fn close_apart(mut baton: OwnedMutexGuard<Baton>) {
    tokio::spawn(async move { baton.close().await });
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.released.notify_one();
    }
}

impl Baton {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    async fn send(&mut self, sql: &'static str) -> Result<()> {
        sqlx::raw_sql(sql).execute(&mut self.connection).await?;
        Ok(())
    }

    async fn enter(&mut self) -> Result<()> {
        self.recover().await;
        self.opening = !self.open;
        let sql = match self.savepoint {
            _ if !self.open => BEGIN,
            Savepoint::Kept => "RELEASE member; SAVEPOINT member",
            _ => "SAVEPOINT member",
        };
        self.savepoint = Savepoint::Opening;
        self.send(sql).await?;
        (self.open, self.opening) = (true, false);
        self.savepoint = Savepoint::Inside;
        self.noted = false;
        Ok(())
    }

    /// Cleans up after a holder that was dropped at any point. Whether its last text was still run, and all of it, is not known, so
    /// each of these may find nothing to do.
    async fn recover(&mut self) {
        if self.opening {
            let _ = self.send("ROLLBACK").await;
            self.opening = false;
            self.savepoint = Savepoint::None;
        }
        match self.savepoint {
            // The one before, which was kept, or the new one, in which nothing was changed: both are right to release.
            Savepoint::Opening => {
                let _ = self.send("RELEASE member").await;
            }
            Savepoint::Inside => {
                let _ = self.undo().await;
            }
            Savepoint::None | Savepoint::Kept => return,
        }
        self.savepoint = Savepoint::None;
    }

    fn keep(&mut self) {
        self.savepoint = Savepoint::Kept;
        self.members += 1;
    }

    async fn undo(&mut self) -> Result<()> {
        self.send("ROLLBACK TO member; RELEASE member").await?;
        self.savepoint = Savepoint::None;
        Ok(())
    }

    /// Commits the open batch and tells its members. A batch that cannot be committed is lost as a whole, and said so.
    async fn close(&mut self) {
        self.recover().await;
        if !self.open {
            return;
        }
        let on_disk = self.send(COMMIT).await.is_ok();
        if !on_disk && let Err(error) = self.send("ROLLBACK").await {
            tracing::error!(%error, "a batch could neither be committed nor rolled back");
        }
        self.open = false;
        self.savepoint = Savepoint::None;
        self.members = 0;
        std::mem::replace(&mut self.batch, Arc::new(watch::Sender::new(None))).send_replace(Some(on_disk));
    }
}
