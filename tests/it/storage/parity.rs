//! After migration both engines hold the same schema: tables, columns, types, nullability, keys, unique rules.

use std::collections::{BTreeMap, BTreeSet};

use chamberlain::db::{Db, Engine, Tx};

use crate::support::{self, World};

/// What one engine holds, in words that both share.
#[derive(Debug, Default, PartialEq, Eq, Clone)]
struct Schema {
    /// `table.column` and its type and whether it may be null.
    columns: BTreeMap<String, (String, bool)>,
    /// `table(column, …)` of primary keys.
    keys: BTreeSet<String>,
    /// `table.column -> table` of foreign keys.
    references: BTreeSet<String>,
    /// Name of each index, with what it is over.
    indexes: BTreeMap<String, String>,
}

const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES' \
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";

/// The index of texts is of a kind that SQLite has as a virtual table.
const POSTGRES_INDEXES: &str = "SELECT t.relname::text, i.relname::text, x.indisprimary, x.indisunique, \
     (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY AS k (attnum, n) \
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) \
     FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
     JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public' AND t.relname <> '_sqlx_migrations' \
     AND i.relname <> 'user_texts'";

const POSTGRES_REFERENCES: &str = "SELECT t.relname::text, a.attname::text, f.relname::text FROM pg_constraint c \
     JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid \
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (c.conkey) WHERE c.contype = 'f'";

const SQLITE_COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\" = 0, c.pk FROM sqlite_schema m \
     JOIN pragma_table_list(m.name) l ON l.schema = 'main' AND l.type = 'table' JOIN pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
     AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, c.pk";

const SQLITE_INDEXES: &str = "SELECT m.name, l.name, l.\"unique\" = 1, group_concat(i.name, ', ') FROM sqlite_schema m \
     JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i \
     WHERE m.type = 'table' AND l.origin = 'c' GROUP BY m.name, l.name, l.\"unique\"";

const SQLITE_REFERENCES: &str = "SELECT m.name, f.\"from\", f.\"table\" FROM sqlite_schema m \
     JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";

/// PostgreSQL's name of a type for SQLite's, by engine-neutral word. JSON is `TEXT` on SQLite.
fn word(engine_type: &str, twin: Option<&str>) -> String {
    let word = match engine_type {
        "uuid" | "BLOB" | "bytea" => "bytes",
        "bigint" | "BIGINT" | "INTEGER" => "integer",
        "boolean" | "BOOLEAN" => "boolean",
        "text" | "TEXT" => "text",
        "jsonb" => twin.unwrap_or("json"),
        other => other,
    };
    word.to_owned()
}

async fn read_sqlite(db: &Db) -> Schema {
    let Tx::Sqlite(mut tx) = db.reader().await.unwrap() else { panic!("not SQLite") };
    let c = tx.connection();
    let mut schema = Schema::default();
    let columns: Vec<(String, String, String, bool, i64)> =
        sqlx::query_as(SQLITE_COLUMNS).fetch_all(&mut *c).await.unwrap();
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column, kind, nullable, key) in columns {
        if key > 0 {
            keys.entry(table.clone()).or_default().push(column.clone());
        }
        schema.columns.insert(format!("{table}.{column}"), (word(&kind, None), nullable));
    }
    schema.keys = keys.into_iter().map(|(table, columns)| format!("{table}({})", columns.join(", "))).collect();
    let indexes: Vec<(String, String, bool, String)> = sqlx::query_as(SQLITE_INDEXES).fetch_all(&mut *c).await.unwrap();
    schema.indexes =
        indexes.into_iter().map(|(table, name, unique, over)| (name, index(&table, unique, &over))).collect();
    let references: Vec<(String, String, String)> = sqlx::query_as(SQLITE_REFERENCES).fetch_all(&mut *c).await.unwrap();
    schema.references = references.into_iter().map(|(t, c, f)| format!("{t}.{c} -> {f}")).collect();
    schema
}

async fn read_postgres(db: &Db) -> Schema {
    let pool = db.postgres().unwrap();
    let mut schema = Schema::default();
    let columns: Vec<(String, String, String, bool)> = sqlx::query_as(POSTGRES_COLUMNS).fetch_all(pool).await.unwrap();
    for (table, column, kind, nullable) in columns {
        schema.columns.insert(format!("{table}.{column}"), (word(&kind, Some("text")), nullable));
    }
    let indexes: Vec<(String, String, bool, bool, String)> =
        sqlx::query_as(POSTGRES_INDEXES).fetch_all(pool).await.unwrap();
    for (table, name, primary, unique, over) in indexes {
        if primary {
            schema.keys.insert(format!("{table}({over})"));
        } else {
            schema.indexes.insert(name, index(&table, unique, &over));
        }
    }
    let references: Vec<(String, String, String)> = sqlx::query_as(POSTGRES_REFERENCES).fetch_all(pool).await.unwrap();
    schema.references = references.into_iter().map(|(t, c, f)| format!("{t}.{c} -> {f}")).collect();
    schema
}

fn index(table: &str, unique: bool, over: &str) -> String {
    format!("{}{table}({over})", if unique { "unique " } else { "" })
}

/// Compares through a file-free detour: the SQLite schema is read in one world, the PostgreSQL schema in another.
#[test]
fn both_engines_hold_the_same_schema() {
    let schemas = std::sync::Mutex::new(Vec::new());
    for engine in [support::Engine::Sqlite, support::Engine::Postgres] {
        support::run(engine, |world: World| {
            let schemas = &schemas;
            async move {
                let schema = match world.db.engine() {
                    Engine::Sqlite => read_sqlite(&world.db).await,
                    Engine::Postgres => read_postgres(&world.db).await,
                };
                schemas.lock().unwrap().push(schema);
            }
        });
    }
    let schemas = schemas.into_inner().unwrap();
    let [sqlite, postgres] = schemas.as_slice() else { return };
    assert!(sqlite.columns.len() > 100 && sqlite.indexes.len() > 20 && sqlite.references.len() > 10);
    assert_eq!(sqlite.columns, postgres.columns);
    assert_eq!(sqlite.keys, postgres.keys);
    assert_eq!(sqlite.references, postgres.references);
    assert_eq!(sqlite.indexes, postgres.indexes);
}

/// A violation is named by columns on SQLite and by index on PostgreSQL; `Constraint::is` must know both, so that a unique
/// index is called `<table>_<column>_…_key`.
#[test]
fn every_unique_index_is_named_after_its_columns() {
    support::run(support::Engine::Sqlite, |world: World| async move {
        for (name, over) in read_sqlite(&world.db).await.indexes {
            let Some(over) = over.strip_prefix("unique ") else { continue };
            let (table, columns) = over.trim_end_matches(')').split_once('(').unwrap();
            assert_eq!(name, format!("{table}_{}_key", columns.replace(", ", "_")));
        }
    });
}
