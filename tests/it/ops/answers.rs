//! What commands answer: to a pipe that is closed, about a server that runs, with names beside ids.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::{KEY, Running, chamberlain, json};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    chamberlain(folder).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Whoever has read enough closes the pipe: that is no failure of a command; a full disk is one.
#[test]
fn a_closed_pipe_ends_a_command_quietly_and_another_fault_does_not() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["config", "print-default"][..], &["config", "schema", "--json"], &["organisation", "list"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = chamberlain(folder.path());
        let ended = command.args(arguments).stdout(writer).stderr(std::process::Stdio::piped()).output().unwrap();
        assert_eq!((ended.status.code(), text(&ended.stderr).as_str()), (Some(0), ""), "{arguments:?}");
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let failed = chamberlain(folder.path()).args(arguments).stdout(full).output().unwrap();
        assert_eq!(failed.status.code(), Some(2), "{arguments:?}");
        assert!(text(&failed.stderr).contains("chamberlain: "), "{arguments:?}: {}", text(&failed.stderr));
    }
}

/// The doctor of a server that runs says so and finds nothing wrong with it; whoever else has the port is a problem.
#[test]
fn the_doctor_knows_a_running_server_from_somebody_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = chamberlain(folder.path());
    serve.args(["serve", "--dev", "--public-url", "http://localhost:4711"]);
    let server = Running::start(serve.env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY)).unwrap();
    let doctor = |public: &str, management: &str| {
        let mut command = chamberlain(folder.path());
        command.arg("doctor").env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY);
        command.env("CHAMBERLAIN__PUBLIC_URL", "http://localhost:4711");
        command.env("CHAMBERLAIN__HTTP__LISTEN", public.trim_start_matches("http://"));
        json(command.env("CHAMBERLAIN__HTTP__MANAGEMENT_LISTEN", management.trim_start_matches("http://")))
    };
    let found = |answer: &Value, name: &str| {
        let checks = answer["checks"].as_array().unwrap();
        let row = checks.iter().find(|row| row["check"] == name).unwrap().clone();
        (row["status"].as_str().unwrap().to_owned(), row["detail"].as_str().unwrap().to_owned())
    };
    let (code, answer) = doctor(&server.public, &server.management);
    assert_eq!((code, &answer["healthy"]), (0, &Value::from(true)), "{answer}");
    for name in ["http.listen", "http.management_listen"] {
        let (status, detail) = found(&answer, name);
        assert!(status == "note" && detail.contains("running Chamberlain"), "{name}: {status} {detail}");
    }
    // Each is another's address; and somebody who takes connections and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}", silent.local_addr().unwrap());
    for (public, management, wrong) in [
        (&server.management, &server.public, ["http.listen", "http.management_listen"]),
        (&silent, &silent, ["http.listen", "http.management_listen"]),
    ] {
        let (code, answer) = doctor(public, management);
        assert_eq!((code, &answer["healthy"]), (1, &Value::from(false)), "{answer}");
        for name in wrong {
            let (status, detail) = found(&answer, name);
            assert!(status == "problem" && detail.contains("in use by something"), "{name}: {status} {detail}");
        }
    }
}

/// What is printed for people names organisations, people and applications beside their ids; the documents keep their fields.
#[test]
fn names_stand_beside_ids() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |arguments: &[&str]| {
        json(chamberlain(folder.path()).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY)).1
    };
    let root = ask(&["organisation", "create", "Institution"]);
    let bank = ask(&["organisation", "create", "Bank A"]);
    let (root, bank) = (root["id"].as_str().unwrap(), bank["id"].as_str().unwrap());
    let imas = ask(&["application", "create", "IMAS", "--name", "Imas of all"]);
    let anna = ["user", "create", "anna@bank.example", "--given-name", "Anna", "--family-name", "Abel"];
    let id = ask(&anna)["id"].as_str().unwrap().to_owned();
    let who = ["--user", "anna@bank.example", "--organisation", bank];
    ask(&[&["role", "grant", "ApplicationAccessAdmin", "--application", "IMAS"][..], &who].concat());
    let holds = ask(&["explain", "holds", "--user", "anna@bank.example"]);
    assert_eq!((&holds[0]["organisation"], &holds[0]["organisation_id"]), (&"Bank A".into(), &bank.into()), "{holds}");
    assert_eq!(
        (&holds[0]["application_names"][0], holds[0]["applications"].as_array().unwrap().len()),
        (&"Imas of all".into(), 1)
    );
    let printed = text(&run(folder.path(), &["explain", "holds", "--user", "anna@bank.example"]).stdout);
    let named = format!("Imas of all ({})", holds[0]["applications"][0].as_str().unwrap());
    assert!(printed.contains(&format!("Bank A ({bank})")) && printed.contains(&named), "{printed}");
    assert!(imas["id"].is_null() || named.contains(imas["id"].as_str().unwrap()));

    let shipped = include_str!("../../../config/profiles/ecb-identity-portal.toml");
    let file = folder.path().join("next.toml");
    std::fs::write(&file, shipped.replace("\"membership.assign\"", "\"membership.read\"")).unwrap();
    let file = file.to_str().unwrap();
    let diff = ask(&["profile", "diff", file]);
    let holder = &diff["holders"].as_array().unwrap_or_else(|| panic!("{diff}"))[0];
    assert_eq!((&holder["principal"]["id"], &holder["organisation"]), (&id.as_str().into(), &bank.into()), "{diff}");
    assert_eq!(
        (&holder["principal_name"], &holder["organisation_name"]),
        (&"anna@bank.example".into(), &"Bank A".into())
    );
    let printed = text(&run(folder.path(), &["profile", "diff", file]).stdout);
    assert!(printed.contains(&format!("anna@bank.example (person {id})")), "{printed}");
    assert!(printed.contains(&format!("Bank A ({bank})")) && !printed.contains(root), "{printed}");
}
