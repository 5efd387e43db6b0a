//! Every SQL text of the program is prepared on the migrated schema of both engines. A mistyped column, or a text that
//! only one engine understands, fails here with the name of the statement.

use chamberlain::catalogue;
use chamberlain::on;
use sqlx::{Executor as _, SqlSafeStr as _};

on_both! {
    async fn every_statement_can_be_prepared(world: World) {
        let tx = &mut world.db.reader().await.unwrap();
        let statements = catalogue::statements();
        assert!(statements.len() > 50, "the catalogue holds only {} statements", statements.len());
        let engine = world.db.engine();
        let mut refused = Vec::new();
        for statement in statements {
            let text = if engine == chamberlain::db::Engine::Sqlite { statement.sqlite } else { statement.postgres };
            let answer = on!(tx, c => c.prepare(text.into_sql_str()).await.map(|_| ()));
            if let Err(error) = answer {
                refused.push(format!("{}: {error}", statement.name));
            }
        }
        assert!(refused.is_empty(), "{}", refused.join("\n"));
    }
}

#[test]
fn every_statement_has_a_name_of_its_own() {
    let mut names: Vec<_> = catalogue::statements().into_iter().map(|statement| statement.name).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}

/// ADR 0002: one text for both engines; at most one in twenty may differ.
#[test]
fn hardly_any_statement_differs_between_the_engines() {
    let statements = catalogue::statements();
    let different = statements.iter().filter(|statement| statement.sqlite != statement.postgres).count();
    assert!(different * 20 <= statements.len(), "{different} of {}", statements.len());
}
