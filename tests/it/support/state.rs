//! Everything that a database holds, as one text per table: whether something changed can be seen whatever it is.

use std::collections::BTreeMap;

use chamberlain::db::{Db, Tx};
use sqlx::AssertSqlSafe;

/// The rows of every table but those named, each as text, sorted.
pub async fn state(db: &Db, but: &[&str]) -> BTreeMap<String, Vec<String>> {
    let mut state = BTreeMap::new();
    match &mut db.reader().await.unwrap() {
        Tx::Sqlite(tx) => {
            let columns: Vec<(String, String)> = sqlx::query_as(
                "SELECT m.name, group_concat('quote(\"' || c.name || '\")', ' || '','' || ') FROM sqlite_schema m \
                 JOIN pragma_table_info(m.name) c WHERE m.type = 'table' GROUP BY m.name",
            )
            .fetch_all(tx.connection())
            .await
            .unwrap();
            for (table, columns) in columns.into_iter().filter(|(table, _)| !but.contains(&table.as_str())) {
                let sql = AssertSqlSafe(format!("SELECT {columns} AS row FROM \"{table}\" ORDER BY 1"));
                let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(tx.connection()).await.unwrap();
                state.insert(table, rows);
            }
        }
        Tx::Postgres(tx) => {
            let tables: Vec<String> =
                sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
                    .fetch_all(tx.connection())
                    .await
                    .unwrap();
            for table in tables.into_iter().filter(|table| !but.contains(&table.as_str())) {
                let sql = AssertSqlSafe(format!("SELECT t::text FROM \"{table}\" t ORDER BY 1"));
                let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(tx.connection()).await.unwrap();
                state.insert(table, rows);
            }
        }
    }
    assert!(state.len() + but.len() > 10, "the tables were not found");
    state
}
