//! A database of its own for each test, on either engine, and gone afterwards.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::time::Duration;

use chamberlain::db::{Db, Options, migrate};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::world::World;

/// Names a PostgreSQL server on which databases may be created; the one in its path is only connected to.
const URL: &str = "CHAMBERLAIN_TEST_POSTGRES_URL";

/// The lock under which the template is made, so that several test binaries may run at once.
const TEMPLATE_LOCK: i64 = 0x6368_616d_6265_726c;

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A temporary file, a copy of a migrated one.
    Sqlite,
    /// A database made from a migrated template.
    Postgres,
}

/// Runs one test on one engine and cleans up, whatever came of it.
pub fn run<F, Fut>(engine: Engine, test: F)
where
    F: FnOnce(World) -> Fut,
    Fut: Future<Output = ()>,
{
    if engine == Engine::Postgres && std::env::var_os(URL).is_none() {
        eprintln!("not run on PostgreSQL: {URL} is not set (`make test` sets it)");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let place = runtime.block_on(Place::make(engine));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let db = Db::open(&place.options()).await.unwrap();
            Box::pin(test(World::new(db, place.options()))).await;
        });
    }));
    runtime.block_on(place.remove());
    runtime.shutdown_timeout(Duration::from_secs(1));
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Where the database of one test is.
enum Place {
    File(TempDir),
    Database(String),
}

impl Place {
    async fn make(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                tokio::fs::write(file_in(&folder), migrated_file().await).await.unwrap();
                Self::File(folder)
            }
            Engine::Postgres => {
                let name = format!("chamberlain_test_{}", uuid::Uuid::new_v4().simple());
                execute(&format!("CREATE DATABASE {name} TEMPLATE {}", template().await)).await;
                Self::Database(name)
            }
        }
    }

    fn options(&self) -> Options {
        let url = match self {
            Self::File(folder) => format!("sqlite:{}", file_in(folder).display()),
            Self::Database(name) => url_of(name),
        };
        Options::new(url, 8)
    }

    async fn remove(self) {
        if let Self::Database(name) = self {
            execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("chamberlain.db")
}

/// What a migrated file holds, made once.
async fn migrated_file() -> &'static [u8] {
    static FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let made = FILE.get_or_init(async || {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", file_in(&folder).display());
        let db = Db::open(&Options::new(url.clone(), 1)).await.unwrap();
        migrate::run(&db).await.unwrap();
        // What was written may still be in the log beside the file.
        let copy = folder.path().join("copy.db");
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        sqlx::query("VACUUM INTO $1").bind(copy.to_str().unwrap()).execute(&mut connection).await.unwrap();
        std::fs::read(copy).unwrap()
    });
    made.await
}

/// The name of the migrated template, made once per schema and server.
async fn template() -> &'static str {
    static NAME: OnceCell<String> = OnceCell::const_new();
    NAME.get_or_init(make_template).await
}

async fn make_template() -> String {
    let name = format!("chamberlain_template_{}", migrate::fingerprint());
    let mut lock = connect().await;
    sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut lock).await.unwrap();
    let found: Option<(i32,)> = sqlx::query_as("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut lock)
        .await
        .unwrap();
    if found.is_none() {
        let unfinished = format!("{name}_unfinished");
        execute(&format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
        execute(&format!("CREATE DATABASE {unfinished}")).await;
        let db = Db::open(&Options::new(url_of(&unfinished), 1)).await.unwrap();
        migrate::run(&db).await.unwrap();
        db.close().await;
        execute(&format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await;
    }
    lock.close().await.unwrap();
    name
}

fn url_of(database: &str) -> String {
    let mut url = url::Url::parse(&std::env::var(URL).unwrap()).unwrap();
    url.set_path(database);
    url.to_string()
}

async fn connect() -> PgConnection {
    PgConnection::connect(&std::env::var(URL).unwrap()).await.unwrap()
}

async fn execute(sql: &str) {
    let mut connection = connect().await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// `make test` promises both engines; it sets `CHAMBERLAIN_TEST_ENGINES=both`, and this fails if the second one is missing.
#[test]
fn both_engines_are_there_when_they_are_promised() {
    if std::env::var("CHAMBERLAIN_TEST_ENGINES").is_ok_and(|promised| promised == "both") {
        assert!(
            std::env::var_os(URL).is_some(),
            "{URL} must be set: tests on PostgreSQL would pass without having run"
        );
    }
}
