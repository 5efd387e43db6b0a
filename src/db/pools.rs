//! Opening a database, and running reads and writes on it.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};

use super::changes::Changes;
use super::error::{Error, Result};
use super::readers::Readers;
use super::writer::{PostgresTx, SqliteTx, Tx, Writer};

/// How often a write that met a concurrent one is tried again before the caller is told.
const MAX_ATTEMPTS: u32 = 12;

/// Which engine a database runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// For several nodes.
    Postgres,
}

/// Where the database is and how many connections may be open.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite:PATH` or `postgres://…`.
    pub url: String,
    /// Size of the reader pool (SQLite) or of the whole pool (PostgreSQL).
    pub max_connections: u32,
    /// How long PostgreSQL works on one statement before it breaks it off, so that what nobody waits for any more does not hold a
    /// connection; zero: as long as it takes.
    pub statement_timeout: Duration,
}

impl Options {
    /// With the time for a statement that is the default of the configuration.
    pub fn new(url: String, max_connections: u32) -> Self {
        Self { url, max_connections, statement_timeout: Duration::from_secs(30) }
    }
}

/// A handle to the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pools: Pools,
    changes: Changes,
}

#[derive(Debug, Clone)]
enum Pools {
    Sqlite { readers: Readers, writer: Writer },
    Postgres(PgPool),
}

/// Makes the file if there is none, readable by nobody else; the engine gives its companions the same rights. What cannot be
/// made is left to the engine to complain about.
fn create_for_us_alone(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt as _;
    let _said_by_the_engine = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

impl Db {
    /// Opens the database; creates the file if the engine is SQLite and there is none. Does not migrate.
    pub async fn open(options: &Options) -> Result<Self> {
        match options.url.strip_prefix("sqlite:") {
            Some(path) => {
                Self::open_sqlite(PathBuf::from(path.trim_start_matches("//")), options.max_connections).await
            }
            None => Self::open_postgres(options).await,
        }
    }

    async fn open_sqlite(path: PathBuf, max_connections: u32) -> Result<Self> {
        create_for_us_alone(&path);
        let base = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("trusted_schema", "OFF")
            .pragma("temp_store", "MEMORY")
            .pragma("mmap_size", "268435456")
            .pragma("cache_size", "-16384")
            .statement_cache_capacity(256)
            .disable_statement_logging();
        let writing = base
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("journal_size_limit", "67108864")
            .pragma("secure_delete", "ON");
        let writer = Writer::start(sqlx::SqliteConnection::connect_with(&writing).await?);
        let readers = Readers::open(base.read_only(true), max_connections).await?;
        Ok(Self { pools: Pools::Sqlite { readers, writer }, changes: Changes::default() })
    }

    async fn open_postgres(options: &Options) -> Result<Self> {
        let connect =
            PgConnectOptions::from_str(&options.url)?.application_name("chamberlain").disable_statement_logging();
        // By a statement: what stands between us and the server may refuse it among the options of a connection.
        let limit = options.statement_timeout.as_millis().to_string();
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections)
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(move |connection, _| {
                let limit = sqlx::query("SELECT set_config('statement_timeout', $1, FALSE)").bind(limit.clone());
                Box::pin(async move { limit.execute(connection).await.map(drop) })
            })
            .connect_with(connect)
            .await?;
        Ok(Self { pools: Pools::Postgres(pool), changes: Changes::default() })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Counts what was changed through this handle: caches of this node that remember the count are never older than
    /// the last change made here (`decisions.md` 4).
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// The PostgreSQL pool, for LISTEN/NOTIFY and the migration lock.
    pub fn postgres(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Postgres(pool) => Some(pool),
            Pools::Sqlite { .. } => None,
        }
    }

    /// A connection for reading. Each statement sees the latest committed state.
    pub async fn reader(&self) -> Result<Tx> {
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => Tx::Sqlite(SqliteTx::Reader(readers.acquire().await?)),
            Pools::Postgres(pool) => Tx::Postgres(PostgresTx::Reader(pool.acquire().await?)),
        })
    }

    /// Ends one attempt of [`transact!`](crate::db::transact): commits an `Ok`, undoes an `Err`.
    /// `None` when it met a concurrent transaction and should be run again from the start.
    pub async fn finish<T, E>(&self, tx: Tx, outcome: Result<T, E>, attempt: &mut u32) -> Option<Result<T, E>>
    where
        E: From<Error> + std::error::Error + 'static,
    {
        let outcome = match outcome {
            Ok(value) => {
                let noted = tx.is_noted();
                let committed = self.commit(tx).await;
                if noted {
                    self.changes.note();
                }
                committed.map(|()| value).map_err(E::from)
            }
            Err(error) => self.roll_back(tx).await.map_err(E::from).and(Err(error)),
        };
        match &outcome {
            Err(error) if *attempt < MAX_ATTEMPTS && is_retryable(error) => {
                *attempt += 1;
                // By chance, so that those who met once do not meet again.
                let longest = u64::from(*attempt * *attempt) * 4;
                tokio::time::sleep(Duration::from_micros(rand::random_range(1..=longest * 1000))).await;
                None
            }
            _ => Some(outcome),
        }
    }

    /// Opens a serialisable transaction. Use [`transact!`](crate::db::transact), which also ends it.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match &self.pools {
            Pools::Sqlite { writer, .. } => Tx::Sqlite(SqliteTx::Writer(writer.begin().await?)),
            Pools::Postgres(pool) => {
                let transaction = pool.begin_with("BEGIN ISOLATION LEVEL SERIALIZABLE").await?;
                Tx::Postgres(PostgresTx::Writer { transaction, noted: false })
            }
        })
    }

    async fn commit(&self, tx: Tx) -> Result<()> {
        match (tx, &self.pools) {
            (Tx::Sqlite(SqliteTx::Writer(baton)), Pools::Sqlite { writer, .. }) => writer.commit(baton).await,
            (Tx::Postgres(PostgresTx::Writer { transaction, .. }), _) => Ok(transaction.commit().await?),
            _ => Ok(()),
        }
    }

    async fn roll_back(&self, tx: Tx) -> Result<()> {
        match (tx, &self.pools) {
            (Tx::Sqlite(SqliteTx::Writer(baton)), Pools::Sqlite { writer, .. }) => writer.roll_back(baton).await,
            (Tx::Postgres(PostgresTx::Writer { transaction, .. }), _) => Ok(transaction.rollback().await?),
            _ => Ok(()),
        }
    }

    /// Runs migrations, which may take their time: on the writing connection, or on PostgreSQL under its advisory lock.
    pub(super) async fn migrate(&self, migrator: &Migrator) -> std::result::Result<(), MigrateError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => migrator.run(writer.exclusive().await.connection()).await,
            Pools::Postgres(pool) => {
                let mut alone = pool.acquire().await?.detach();
                sqlx::query("SET statement_timeout = 0").execute(&mut alone).await?;
                migrator.run(&mut alone).await?;
                Ok(alone.close().await?)
            }
        }
    }

    /// Closes all connections once they are idle.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { readers, .. } => readers.close().await,
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Looks through the causes of a use case's error for what may go better in a moment: the caller is told that the service is busy.
pub fn is_busy(error: &(dyn std::error::Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let unavailable = |error: &(dyn std::error::Error + 'static)| {
        error.downcast_ref::<Error>().is_some_and(Error::is_busy)
            || matches!(error.downcast_ref::<sqlx::Error>(), Some(sqlx::Error::PoolTimedOut))
    };
    is_retryable(error) || causes.into_iter().any(unavailable)
}

/// Looks through the causes of a use case's error for a conflict that another attempt may not meet. After so many attempts the
/// caller is told that the service is busy.
pub fn is_retryable(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(ours) = error.downcast_ref::<Error>() {
            return ours.is_retryable();
        }
        match error.downcast_ref::<sqlx::Error>() {
            Some(sqlx::Error::Database(db)) => {
                return matches!(db.code().as_deref(), Some("40001" | "40P01" | "5" | "6" | "517"));
            }
            // What the writer says of work that did not reach the disk (`writer.rs`); errors that stand for another one pass on
            // its cause, and not itself.
            Some(sqlx::Error::WorkerCrashed) => return true,
            _ => {}
        }
        cause = error.source();
    }
    false
}
