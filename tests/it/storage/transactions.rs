//! Writes on both engines: shared commits, failures that stay alone, abandoned work, conflicts.

use std::time::Duration;

use chamberlain::db::{self, Db};
use chamberlain::{on, transact};

/// Why a test's transaction ended.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("on purpose")]
    OnPurpose,
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// The one row of `audit_chain` serves as a counter.
async fn prepare(db: &Db) {
    let made: Result<(), Failure> = transact!(db, tx => {
        on!(tx, c => sqlx::query("INSERT INTO audit_chain (id, sequence, chain) VALUES ($1, $2, $3)")
            .bind(1_i64).bind(0_i64).bind(&[0_u8][..]).execute(c).await.map(|done| done.rows_affected())).map_err(db::Error::from)?;
        Ok(())
    });
    made.unwrap();
}

async fn count(db: &Db) -> i64 {
    let tx = &mut db.reader().await.unwrap();
    let row: (i64,) = on!(tx, c => sqlx::query_as("SELECT sequence FROM audit_chain").fetch_one(c).await).unwrap();
    row.0
}

/// Reads, then writes what it read plus one: wrong unless transactions are serialisable.
async fn increment(db: &Db, fail: bool) -> Result<i64, Failure> {
    transact!(db, tx => {
        let (seen,): (i64,) =
            on!(tx, c => sqlx::query_as("SELECT sequence FROM audit_chain").fetch_one(c).await).map_err(db::Error::from)?;
        on!(tx, c => sqlx::query("UPDATE audit_chain SET sequence = $1").bind(seen + 1).execute(c).await.map(|done| done.rows_affected())).map_err(db::Error::from)?;
        if fail { Err(Failure::OnPurpose) } else { Ok(seen + 1) }
    })
}

on_both! {
    async fn no_update_is_lost_among_concurrent_writers(world: World) {
        prepare(&world.db).await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let db = world.db.clone();
            tasks.spawn(async move {
                // The bounded retry may give up under this much contention; the caller then tries again.
                loop {
                    match increment(&db, false).await {
                        Ok(value) => return value,
                        Err(Failure::Db(error)) if error.is_retryable() => {}
                        Err(error) => panic!("{error:?}"),
                    }
                }
            });
        }
        let mut answers = tasks.join_all().await;
        answers.sort_unstable();
        assert_eq!(answers, (1..=40).collect::<Vec<_>>(), "each writer saw the one before it");
        assert_eq!(count(&world.db).await, 40);
    }

    async fn a_transaction_that_fails_is_undone_alone(world: World) {
        prepare(&world.db).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..12 {
            let db = world.db.clone();
            tasks.spawn(async move { increment(&db, n % 3 == 0).await.is_ok() });
        }
        let succeeded = tasks.join_all().await.into_iter().filter(|ok| *ok).count();
        assert_eq!(succeeded, 8);
        assert_eq!(count(&world.db).await, 8);
    }

    async fn a_transaction_dropped_half_way_is_undone(world: World) {
        prepare(&world.db).await;
        let mut tx = world.db.begin().await.unwrap();
        on!(&mut tx, c => sqlx::query("UPDATE audit_chain SET sequence = 99").execute(c).await.map(|done| done.rows_affected())).unwrap();
        drop(tx);
        assert_eq!(increment(&world.db, false).await.unwrap(), 1);
        assert_eq!(count(&world.db).await, 1);
    }

    async fn a_cancelled_request_leaves_nothing_behind_and_blocks_nobody(world: World) {
        prepare(&world.db).await;
        for _ in 0..20 {
            let db = world.db.clone();
            let cancelled = tokio::spawn(async move {
                let _: Result<(), Failure> = transact!(db, tx => {
                    on!(tx, c => sqlx::query("UPDATE audit_chain SET sequence = 99").execute(c).await.map(|done| done.rows_affected())).map_err(db::Error::from)?;
                    std::future::pending::<()>().await;
                    Ok(())
                });
            });
            tokio::task::yield_now().await;
            cancelled.abort();
            let _ = cancelled.await;
        }
        let done = tokio::time::timeout(Duration::from_secs(20), increment(&world.db, false)).await;
        assert_eq!(done.expect("nobody waits for a request that is gone").unwrap(), 1);
    }

    /// Whoever is gone before, while or after its transaction opens takes nothing along of those who were answered.
    async fn a_cancelled_writer_takes_nothing_along_of_the_others(world: World) {
        prepare(&world.db).await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..60 {
            let db = world.db.clone();
            tasks.spawn(async move {
                if n % 2 == 0 {
                    return loop {
                        match increment(&db, false).await {
                            Ok(_) => break 1,
                            Err(Failure::Db(error)) if error.is_retryable() => {}
                            Err(error) => panic!("{error:?}"),
                        }
                    };
                }
                let began = tokio::spawn(async move { db.begin().await.map(drop) });
                for _ in 0..n {
                    tokio::task::yield_now().await;
                }
                began.abort();
                let _ = began.await;
                0
            });
        }
        let answered: i64 = tasks.join_all().await.into_iter().sum();
        assert_eq!((answered, count(&world.db).await), (30, 30));
    }

    async fn an_answer_is_given_only_when_a_reader_can_see_the_write(world: World) {
        prepare(&world.db).await;
        for expected in 1..=10 {
            increment(&world.db, false).await.unwrap();
            assert_eq!(count(&world.db).await, expected);
        }
    }
}

/// Concurrent writers share commits: far fewer than one each.
#[test]
fn sqlite_writers_share_commits() {
    crate::support::run(crate::support::Engine::Sqlite, |world| async move {
        prepare(&world.db).await;
        let data_version = || async {
            let tx = &mut world.db.reader().await.unwrap();
            let row: (i64,) =
                on!(tx, c => sqlx::query_as("SELECT sequence FROM audit_chain").fetch_one(c).await).unwrap();
            row.0
        };
        let watcher = {
            let db = world.db.clone();
            tokio::spawn(async move {
                let mut seen = std::collections::BTreeSet::new();
                loop {
                    let now = count(&db).await;
                    seen.insert(now);
                    if now >= 64 {
                        return seen.len();
                    }
                    tokio::task::yield_now().await;
                }
            })
        };
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let db = world.db.clone();
            tasks.spawn(async move { increment(&db, false).await.unwrap() });
        }
        tasks.join_all().await;
        assert_eq!(data_version().await, 64);
        let states = watcher.await.unwrap();
        assert!(states < 40, "64 writers made {states} visible states: they did not share commits");
    });
}

/// SQLite undoes a transaction by itself where the disk is full: nobody in it is told that it was done, and the next one works.
#[test]
fn a_transaction_that_the_engine_undid_is_not_answered_as_done() {
    crate::support::run(crate::support::Engine::Sqlite, |world| async move {
        prepare(&world.db).await;
        let mut tx = world.db.begin().await.unwrap();
        on!(&mut tx, c => sqlx::raw_sql("ROLLBACK").execute(c).await.map(drop)).unwrap();
        // As often as it is tried.
        let outcome = world.db.finish(tx, Ok::<(), db::Error>(()), &mut 1_000).await;
        assert!(outcome.is_some_and(|outcome| outcome.is_err()));
        assert_eq!(increment(&world.db, false).await.unwrap(), 1);
        assert_eq!(count(&world.db).await, 1);
    });
}

/// A statement that takes a while.
const LONG: &str =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT COUNT(*) FROM n";

/// Whoever goes away leaves the statement at work, and with it the only connection: the next one is answered after it, by its own answer.
#[test]
fn a_reader_whose_request_is_gone_comes_back() {
    crate::support::run(crate::support::Engine::Sqlite, |world| async move {
        let one = db::Options { max_connections: 1, ..world.options.clone() };
        let one = Db::open(&one).await.unwrap();
        for expected in 1..=5_i64 {
            let db = one.clone();
            let (started, begun) = tokio::sync::oneshot::channel();
            let gone = tokio::spawn(async move {
                let tx = &mut db.reader().await.unwrap();
                started.send(()).unwrap();
                on!(tx, c => sqlx::query_scalar::<_, i64>(LONG).fetch_one(c).await).unwrap()
            });
            begun.await.unwrap();
            tokio::task::yield_now().await;
            gone.abort();
            let _ = gone.await;
            let tx = &mut one.reader().await.unwrap();
            let answer: i64 = on!(tx, c => sqlx::query_scalar("SELECT $1").bind(expected).fetch_one(c).await).unwrap();
            assert_eq!(answer, expected);
        }
        one.close().await;
        assert!(one.reader().await.is_err(), "closed");
    });
}

/// A statement that takes longer than one may is broken off on PostgreSQL: nobody waits for it, and it keeps no connection. Migrations
/// take as long as they need.
#[test]
fn a_statement_without_an_end_is_broken_off() {
    crate::support::run(crate::support::Engine::Postgres, |world| async move {
        let timeout = Duration::from_millis(50);
        let short = db::Options { statement_timeout: timeout, max_connections: 1, ..world.options.clone() };
        let short = Db::open(&short).await.unwrap();
        let tx = &mut short.reader().await.unwrap();
        let endless = on!(tx, c => sqlx::query("SELECT pg_sleep(600)").execute(c).await.map(drop));
        let error = db::Error::from(endless.unwrap_err());
        assert!(matches!(error, db::Error::Unavailable(_)), "{error:?}");
        let answer: i64 = on!(tx, c => sqlx::query_scalar("SELECT $1").bind(7_i64).fetch_one(c).await).unwrap();
        assert_eq!(answer, 7, "the connection is as good as before");
        let emptied: db::Result<()> = transact!(world.db, tx => {
            for sql in ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"] {
                on!(tx, c => sqlx::query(sql).execute(c).await.map(drop))?;
            }
            Ok(())
        });
        emptied.unwrap();
        let hasty = db::Options { statement_timeout: Duration::from_millis(1), ..world.options.clone() };
        db::migrate::run(&Db::open(&hasty).await.unwrap()).await.unwrap();
    });
}
