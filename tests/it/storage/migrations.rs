//! Migrations: once, in order, by one node at a time; never into a schema that this binary does not know.

use chamberlain::db::{self, Db, Tx, migrate};
use chamberlain::on;

async fn execute(db: &Db, sql: &'static str) {
    let mut tx = db.begin().await.unwrap();
    on!(&mut tx, c => sqlx::query(sql).execute(c).await.map(|done| done.rows_affected())).unwrap();
    finish(db, tx).await;
}

async fn finish(db: &Db, tx: Tx) {
    let done: Result<(), db::Error> = db.finish(tx, Ok(()), &mut 1).await.unwrap();
    done.unwrap();
}

on_both! {
    async fn migrating_again_changes_nothing(world: World) {
        migrate::run(&world.db).await.unwrap();
        migrate::run(&world.db).await.unwrap();
    }

    async fn nodes_that_start_together_migrate_once(world: World) {
        let node = || async {
            let db = Db::open(&world.options).await.unwrap();
            migrate::run(&db).await.map_err(|error| error.to_string())
        };
        assert_eq!(tokio::join!(node(), node(), node(), node()), (Ok(()), Ok(()), Ok(()), Ok(())));
    }

    async fn a_schema_written_by_a_newer_version_is_refused(world: World) {
        execute(
            &world.db,
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             SELECT 9999, 'from the future', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1",
        )
        .await;
        let refusal = migrate::run(&world.db).await.unwrap_err().to_string();
        assert!(refusal.contains("newer version") && refusal.contains("9999"), "{refusal}");
    }

    async fn a_migration_whose_text_was_changed_is_refused(world: World) {
        let mut tx = world.db.begin().await.unwrap();
        on!(&mut tx, c => sqlx::query("UPDATE _sqlx_migrations SET checksum = $1 WHERE version = 1")
            .bind(&b"another text"[..]).execute(c).await.map(|done| done.rows_affected())).unwrap();
        finish(&world.db, tx).await;
        let refusal = migrate::run(&world.db).await.unwrap_err().to_string();
        assert!(refusal.contains("differs"), "{refusal}");
    }
}
