//! `chamberlain module …`: the whole life of a module access at the console.

use std::path::Path;

use serde_json::{Value, json};

use super::{KEY, chamberlain};

/// Exit code and document.
fn ask(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    super::json(chamberlain(folder).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY))
}

fn good(folder: &Path, arguments: &[&str]) -> Value {
    let (code, answer) = ask(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}: {answer}");
    answer
}

fn bad(folder: &Path, arguments: &[&str], why: &str) {
    let (code, answer) = ask(folder, arguments);
    assert_eq!(code, 2, "{arguments:?}: {answer}");
    assert!(answer["error"].as_str().unwrap().contains(why), "{arguments:?}: {answer}");
}

/// I24, I25, I28, I53, I57, I77, D2: granted, suspended, changed, given back and listed, with the rules of every other door.
#[test]
fn module_access_is_granted_suspended_and_given_back_at_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let root = good(at, &["organisation", "create", "Institution"])["id"].as_str().unwrap().to_owned();
    let bank = good(at, &["organisation", "create", "Bank"])["id"].as_str().unwrap().to_owned();
    good(at, &["application", "create", "IMAS"]);
    good(at, &["application", "add-environment", "IMAS", "production"]);
    good(at, &["group", "create", "IMAS_USER", "--application", "IMAS"]);
    good(
        at,
        &[
            "user",
            "create",
            "anna@bank.example",
            "--given-name",
            "Anna",
            "--family-name",
            "Abel",
            "--organisation",
            &bank,
        ],
    );
    let (grant, suspend, regrant) = (
        ["module", "grant", "IMAS", &bank],
        ["module", "suspend", "IMAS", &bank],
        ["module", "regrant", "IMAS", &bank],
    );
    bad(at, &grant, "asks for no module access");
    let asked = ["application", "modules", "IMAS", "--module-access", "--linked-coordinators", "required"];
    assert_eq!(good(at, &asked)["module_access"], "required");
    bad(at, &["user", "assign", "anna@bank.example", "IMAS_USER"], "no access to the module");
    bad(at, &grant, "has to name a coordinator");
    bad(at, &["module", "grant", "NONE", &bank], "no application");
    good(at, &["module", "grant", "IMAS", &root, "--kind", "coordinator"]);
    let made = good(at, &["module", "grant", "IMAS", &bank, "--coordinator", &root]);
    assert_eq!(
        (&made["kind"], &made["status"], &made["coordinators"]),
        (&json!("authority"), &json!("active"), &json!([root]))
    );
    good(at, &["user", "assign", "anna@bank.example", "IMAS_USER"]);
    bad(at, &["module", "change", "IMAS", &bank, "--kind", "coordinator"], "only while");
    assert_eq!(good(at, &suspend)["status"], "suspended");
    bad(at, &suspend, "already");
    bad(at, &["user", "assign", "anna@bank.example", "IMAS_USER"], "suspended");
    assert_eq!(good(at, &regrant)["coordinators"], json!([root]));
    let listed = good(at, &["module", "list", "--application", "IMAS"]);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(good(at, &["module", "list", "--organisation", &bank]), json!([listed[1]]));
    // I26, I27: what the module asks for is said in files, and answered where access is changed.
    let (classes, schema) = (at.join("classes.txt"), at.join("schema.json"));
    std::fs::write(&classes, "NURSES = Nurses\n").unwrap();
    std::fs::write(&schema, r#"{"type":"object","properties":{"days":{"type":"integer","maximum":9}}}"#).unwrap();
    let (classes, schema) = (classes.to_str().unwrap(), schema.to_str().unwrap());
    let describe = ["application", "describe-module", "IMAS", "--classification", classes, "--settings-schema", schema];
    assert_eq!(good(at, &describe)["settings"], json!(["days"]));
    let change = ["module", "change", "IMAS", &bank, "--coordinator", &root, "--class", "NURSES", "--settings"];
    assert_eq!(good(at, &[&change[..], &[r#"{"days":7}"#]].concat())["settings"], json!({ "days": 7 }));
    bad(at, &[&change[..], &[r#"{"days":10}"#]].concat(), "the setting `days` is wrong");
    std::fs::write(classes, "NURSES\n").unwrap();
    bad(at, &describe, "line 1: write `CODE = label`");
    // I74, I82, I83, I89: suspended, deactivated, reactivated; and still suspended.
    let (off, on) = (["organisation", "deactivate", &bank], ["organisation", "reactivate", &bank]);
    bad(at, &off, "still active");
    good(at, &suspend);
    assert_eq!(good(at, &off)["status"], "deactivated");
    bad(at, &regrant, "deactivated");
    assert_eq!(good(at, &on)["status"], "active");
    assert_eq!(good(at, &["module", "list", "--organisation", &bank])[0]["status"], "suspended");
    bad(at, &["module", "suspend", "IMAS", "0199c0a4-b7c9-7d0e-8c5d-1f2a3b4c5d6e"], "not found");
}
