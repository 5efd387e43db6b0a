//! People from files and to files, from the command line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use super::{KEY, chamberlain, json as run};

fn ask(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    run(chamberlain(folder).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY))
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// E34, IN-01: each row for itself, looked at first, and the same file again changes nothing; what was refused is in the exit status and in
/// the report.
#[test]
fn the_console_imports_people_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(ask(folder, &["organisation", "create", "Institution"]).0, 0);
    let file = "email,given_name,family_name\nann@bank.example,Ann,Lee\nnobody,Bo,Li\n";
    std::fs::write(folder.join("people.csv"), file).unwrap();
    let results = |arguments: &[&str]| -> (Vec<String>, [u64; 3]) {
        let (code, document) = ask(folder, arguments);
        assert_eq!((code, &document["rows"]), (1, &json!(2)), "{document}");
        let lines = document["lines"].as_array().unwrap().clone();
        let counts = ["created", "unchanged", "refused"].map(|key| document[key].as_u64().unwrap());
        (lines.iter().map(|line| line["result"].as_str().unwrap().to_owned()).collect(), counts)
    };
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let look = ["user", "import", "people.csv", "--preview"];
    assert_eq!(results(&look), (words(&["would be created", "refused"]), [1, 0, 1]));
    assert_ne!(ask(folder, &["user", "show", "ann@bank.example"]).0, 0, "a look keeps nothing");
    assert_eq!(results(&["user", "import", "people.csv"]), (words(&["refused"]), [1, 0, 1]));
    assert_eq!(ask(folder, &["user", "show", "ann@bank.example"]).0, 0);
    assert_eq!(results(&look), (words(&["there already", "refused"]), [0, 1, 1]));
    assert_eq!(results(&["user", "import", "people.csv", "--report", "no.csv"]), (words(&[]), [0, 1, 1]));
    let why = "`email` is not an e-mail address; write it like name@example.org";
    assert_eq!(read(folder, "no.csv"), format!("\"row\",\"who\",\"reason\"\r\n\"3\",\"nobody\",\"{why}\"\r\n"));
    assert_eq!(results(&["user", "import", "people.csv", "--report", "no.jsonl"]).1, [0, 1, 1]);
    let said: Value = serde_json::from_str(&read(folder, "no.jsonl")).unwrap();
    assert_eq!(said, json!({ "row": 3, "who": "nobody", "reason": why }));
    let mode = std::fs::metadata(folder.join("no.csv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "there are people in it");
    // What is no such file is no import.
    std::fs::write(folder.join("people"), file).unwrap();
    std::fs::write(folder.join("other.csv"), "password,email\n").unwrap();
    for wrong in ["people", "other.csv", "nowhere.csv"] {
        assert_eq!(ask(folder, &["user", "import", wrong]).0, 2, "{wrong}");
    }
}

/// Killed between two rows and begun anew, an import ends with everybody there once. Rows may come as they are made, on standard input.
#[test]
fn an_import_that_was_killed_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert_eq!(ask(folder, &["organisation", "create", "Institution"]).0, 0);
    let row = |n: usize| {
        let email = if n == 1_990 { "nobody".to_owned() } else { format!("n{n}@bank.example") };
        format!("{}\n", json!({ "email": email, "given_name": "Nora", "family_name": format!("Neu {n}") }))
    };
    let mut command = chamberlain(folder);
    command.args(["user", "import", "-", "--format", "jsonl"]).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut input = process.stdin.take().unwrap();
    input.write_all((0..2_100).map(row).collect::<String>().as_bytes()).unwrap();
    // The second transaction is on disk, the third one waits for rows.
    let mut said = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut said).unwrap();
    assert!(said.starts_with("1991 \"nobody\" refused: "), "{said}");
    process.kill().unwrap();
    process.wait().unwrap();
    drop(input);
    std::fs::write(folder.join("people.jsonl"), (0..2_300).map(row).collect::<String>()).unwrap();
    let (code, counts) = ask(folder, &["user", "import", "people.jsonl"]);
    assert_eq!(
        (code, &counts["created"], &counts["unchanged"], &counts["refused"]),
        (1, &json!(300), &json!(1_999), &json!(1))
    );
    let (code, exported) = ask(folder, &["user", "export", "all.csv"]);
    assert_eq!((code, &exported["people"]), (0, &json!(2_299)));
    let mode = std::fs::metadata(folder.join("all.csv")).unwrap().permissions().mode();
    assert_eq!((mode & 0o777, read(folder, "all.csv").lines().count()), (0o600, 2_300));
    let (code, counts) = ask(folder, &["user", "import", "all.csv", "--no-mail"]);
    assert_eq!((code, &counts["unchanged"]), (0, &json!(2_299)), "{counts}");
    let lines = chamberlain(folder).args(["user", "export", "--format", "jsonl"]).output().unwrap();
    assert_eq!(String::from_utf8(lines.stdout).unwrap().lines().count(), 2_299);
    let id = "0199c0a4-b7c9-7d0e-8c5d-1f2a3b4c5d6e";
    assert_eq!(ask(folder, &["user", "export", "some.csv", "--organisation", id]).0, 2);
}

/// Groups and memberships from files: each row for itself, looked at first, the same file again changes nothing; a heading that is none begins nothing.
#[test]
fn the_console_imports_groups_and_who_is_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for arguments in [
        &["organisation", "create", "Institution"][..],
        &["application", "create", "CASPER"],
        &["application", "add-environment", "CASPER", "production"],
        &["application", "add-environment", "CASPER", "pre-production", "--group-prefix", "A-"],
    ] {
        assert_eq!(ask(folder, arguments).0, 0, "{arguments:?}");
    }
    std::fs::write(folder.join("people.csv"), "email,given_name,family_name\nann@bank.example,Ann,Lee\n").unwrap();
    assert_eq!(ask(folder, &["user", "import", "people.csv"]).0, 0);
    let groups = "application,environment,code,name,sensitive\nCASPER,,READER,Readers,\nCASPER,pre-production,READER,Test readers,true\n\
                  CASPER,,READER,Readers,\nNOWHERE,,X,,\nCASPER,,Y,,perhaps\nCASPER,,two words,,\nCASPER,short\n";
    std::fs::write(folder.join("groups.csv"), groups).unwrap();
    let members = "user,group,until\nANN@bank.example,reader,\nann@bank.example,A-READER,2001-01-01\nnobody@bank.example,READER,\nann@bank.example,OTHER,\n";
    std::fs::write(folder.join("members.csv"), members).unwrap();
    let counts = |arguments: &[&str], kind: &str| {
        let (code, document) = ask(folder, arguments);
        let of = &document["counts"][kind];
        (code, ["created", "there", "refused"].map(|key| of[key].as_u64().unwrap()), document["lines"].clone())
    };
    for (arguments, expected) in [
        (&["import", "groups", "groups.csv", "--preview"][..], [2, 1, 4]),
        (&["import", "groups", "groups.csv"], [2, 1, 4]),
        (&["import", "groups", "groups.csv"], [0, 3, 4]),
    ] {
        let (code, found, lines) = counts(arguments, "group");
        assert_eq!((code, found), (1, expected), "{arguments:?} {lines}");
    }
    let listed = ask(folder, &["group", "list"]).1;
    let listed: Vec<_> =
        listed.as_array().unwrap().iter().map(|group| (group["code"].clone(), group["sensitive"].clone())).collect();
    assert_eq!(listed, [(json!("A-READER"), json!(true)), (json!("READER"), json!(false))]);
    for (arguments, expected) in [
        (&["import", "memberships", "members.csv", "--preview"][..], [1, 0, 3]),
        (&["import", "memberships", "members.csv", "--report", "what.jsonl"], [1, 0, 3]),
        (&["import", "memberships", "members.csv"], [0, 1, 3]),
    ] {
        let (code, found, lines) = counts(arguments, "membership");
        assert_eq!((code, found), (1, expected), "{arguments:?} {lines}");
    }
    let report = read(folder, "what.jsonl");
    for words in ["is no day to come", "nobody has this address or user name", "there is no group of this code"] {
        assert!(report.contains(words), "{words}: {report}");
    }
    std::fs::write(folder.join("wrong.csv"), "user,password\n").unwrap();
    assert_eq!(ask(folder, &["import", "memberships", "wrong.csv"]).0, 2);
}
