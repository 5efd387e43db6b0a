//! `chamberlain user erase`: the operator does not wait for the time to come.

use std::path::Path;

use serde_json::Value;
use sqlx::Connection as _;

use super::{KEY, chamberlain, json};

fn ask(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    json(chamberlain(folder).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY))
}

/// As if the portal had deleted everybody, and applications had been told.
fn delete_all(folder: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("sqlite:{}", folder.join("test.db").display());
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        let sql = "UPDATE users SET deleted_at = updated_at, email_folded = NULL, user_name_folded = 'gone'; DELETE FROM signal_changes";
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

/// GDPR Art. 17: only somebody who is deleted, only with a reason, and once; the log says so and holds.
#[test]
fn somebody_who_was_deleted_is_erased_at_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let good = |arguments: &[&str]| {
        let (code, document) = ask(folder.path(), arguments);
        assert_eq!(code, 0, "{arguments:?}: {document}");
        document
    };
    good(&["organisation", "create", "Institution"]);
    let nora = ["user", "create", "nora@bank.example", "--given-name", "Nora", "--family-name", "Neu"];
    let id = good(&nora)["id"].as_str().unwrap().to_owned();
    let erase = ["user", "erase", &id, "--reason", "she asked for it"];
    let refused = |arguments: &[&str], why: &str| {
        let (code, document) = ask(folder.path(), arguments);
        assert_eq!(code, 2, "{document}");
        assert!(document["error"].as_str().unwrap().contains(why), "{document}");
    };
    refused(&erase, "delete them first");
    refused(&["user", "erase", "0199c0a4-b7c9-7d0e-8c5d-1f2a3b4c5d6e", "--reason", "x"], "not found");
    let without = chamberlain(folder.path()).args(["user", "erase", &id]).output().unwrap();
    assert_eq!(without.status.code(), Some(2), "a reason is needed");
    assert!(String::from_utf8(without.stderr).unwrap().contains("--reason"));
    delete_all(folder.path());
    assert_eq!(good(&erase)["erased"], true);
    refused(&erase, "erased already");
    assert_eq!(good(&["audit", "verify"])["intact"], true);
    assert_ne!(good(&nora)["id"], id.as_str(), "the address is free, the id is not");
}
