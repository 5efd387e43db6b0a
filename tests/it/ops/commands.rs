//! The command line as a tool for people and scripts: what it refuses, how it says so, and what it prints.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use sqlx::Connection as _;

use super::{KEY, Running, chamberlain, json};

pub(super) fn run(folder: &Path, arguments: &[&str]) -> Output {
    chamberlain(folder).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY).output().unwrap()
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Exit code and document of a command that is to succeed or be refused by a rule.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    json(chamberlain(folder).args(arguments).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY))
}

/// Runs SQL on the database of `folder`, past the program.
pub(super) fn tamper(folder: &Path, sql: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let url = format!("sqlite:{}", folder.join("test.db").display());
        let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn every_command_of_the_manual_is_there_and_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    for (command, below) in [
        ("serve", &[][..]),
        ("demo", &[]),
        ("migrate", &[]),
        ("doctor", &[]),
        ("bootstrap", &["admin"]),
        ("config", &["print-default", "check", "schema"]),
        ("client", &["create", "list", "show", "rotate-secret", "stream", "push", "disable"]),
        ("application", &["create", "modules", "add-environment", "list"]),
        ("group", &["create", "nest", "unnest", "list"]),
        ("organisation", &["create", "deactivate", "reactivate", "managers", "add-manager", "remove-manager", "list"]),
        ("module", &["grant", "change", "suspend", "regrant", "list"]),
        ("user", &["create", "import", "export", "show", "erase", "assign", "unassign"]),
        ("role", &["grant", "nominate", "revoke", "confirm", "reject", "list"]),
        ("explain", &["can", "who", "change", "holds"]),
        ("profile", &["check", "matrix", "diff"]),
        ("keys", &["list", "rotate"]),
        ("audit", &["verify"]),
    ] {
        let own = run(folder.path(), &[command, "--help"]);
        assert!(own.status.success(), "{command}");
        let help = text(&own.stdout);
        assert!(help.contains("Usage: chamberlain") && help.contains("--json"), "{command}: {help}");
        for word in below {
            assert!(help.contains(&format!("\n  {word} ")), "{command} has no {word}: {help}");
            assert!(run(folder.path(), &[command, word, "--help"]).status.success(), "{command} {word}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_help_and_without_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let id = "0199c0a4-b7c9-7d0e-8c5d-1f2a3b4c5d6e";
    for arguments in [
        &["nonsense"][..],
        &["client"],
        &["client", "create"],
        &["client", "create", "x", "--kind", "robot"],
        &["client", "create", "x", "--application", "IMAS", "--organisation", id],
        &["client", "rotate-secret", "x", "--overlap", "-1"],
        &["organisation", "create"],
        &["organisation", "create", "Bank", "--parent", "the-root"],
        &["user", "create", "no-address", "--given-name", "Anna", "--family-name", "Abel"],
        &["user", "create", "a@b.example", "--given-name", "Anna", "--family-name", "Abel", "--phone", "12"],
        &["user", "create", "a@b.example"],
        &["role", "grant", "DelegatedUserAdmin"],
        &["role", "grant", "DelegatedUserAdmin", "--user", "a@b.example", "--until", "31.12.2026"],
        &["role", "revoke", "mine"],
        &["role", "confirm", "mine"],
        &["role", "reject", id],
        &["bootstrap", "admin", "--email", "a@b.example"],
        &["keys", "rotate", "--bits", "1024"],
        &["serve", "--colour", "blue"],
        &["migrate", "--json=yes"],
    ] {
        let refused = run(folder.path(), arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert_eq!(text(&refused.stdout), "", "{arguments:?}");
        let help = text(&refused.stderr);
        assert!(help.contains("error:") || help.contains("Usage:"), "{arguments:?}: {help}");
        assert!(help.contains("--help") || help.contains("Commands:"), "{arguments:?}: {help}");
        assert!(!help.contains("panicked"), "{arguments:?}: {help}");
    }
    assert!(!folder.path().join("test.db").exists(), "nothing was opened for a command that cannot be read");
}

/// IN-02, IN-03, DA-45, AU-24: what a use case refuses is said in one line and one document, and changes nothing.
#[test]
fn what_a_rule_refuses_is_said_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let good = |arguments: &[&str]| {
        let (code, document) = ask(folder.path(), arguments);
        assert_eq!(code, 0, "{arguments:?}: {document}");
        document
    };
    good(&["organisation", "create", "Institution"]);
    good(&["organisation", "create", "Bank A"]);
    good(&["application", "create", "IMAS"]);
    good(&["application", "add-environment", "IMAS", "production"]);
    good(&["group", "create", "IMAS_USER", "--application", "IMAS"]);
    let anna = ["user", "create", "anna@bank.example", "--given-name", "Anna", "--family-name", "Abel"];
    good(&anna);
    let lists = || ["organisation", "application", "group", "client"].map(|of| good(&[of, "list"]));
    let (before, sealed) = (lists(), good(&["audit", "verify"])["tail"].clone());
    for arguments in [
        &["organisation", "create", "bank a"][..],
        &["organisation", "create", "Bank \u{202e}B"],
        &["organisation", "create", "See www.evil.example"],
        &["organisation", "create", "Bank B", "--lei", "549300DTUYXVMJXZNY57"],
        &["organisation", "create", "Bank B", "--parent", "0199c0a4-b7c9-7d0e-8c5d-1f2a3b4c5d6e"],
        &["application", "create", "imas portal"],
        &["application", "create", "IMAS"],
        &["application", "create", "X", "--name", "line\nbreak"],
        &["application", "add-environment", "IMAS", "test", "--launch-url", "https://bank.example@evil.example/"],
        &["application", "add-environment", "NONE", "test"],
        &["group", "create", "IMAS_USER", "--application", "IMAS"],
        &["group", "create", "IMAS_ADMIN", "--application", "IMAS", "--name", "http://evil.example"],
        &["group", "create", "IMAS_ADMIN", "--application", "IMAS", "--environment", "test"],
        &["client", "create", "web", "--application", "IMAS", "--redirect-uri", "http://evil.example/cb"],
        &["client", "create", "web", "--application", "IMAS"],
        &[
            "client",
            "create",
            "web",
            "--application",
            "IMAS",
            "--name",
            "\u{1b}[2J",
            "--redirect-uri",
            "https://x.example/",
        ],
        &anna,
        // AU-09: whoever has such a number gets no codes.
        &["user", "create", "b@bank.example", "--given-name", "B", "--family-name", "B", "--phone", "+12025550123"],
        &["user", "assign", "anna@bank.example", "NO_SUCH_GROUP"],
        &["user", "assign", "nobody@bank.example", "IMAS_USER"],
        &["role", "grant", "Emperor", "--user", "anna@bank.example"],
        &["role", "grant", "DelegatedUserAdmin", "--user", "anna@bank.example", "--until", "2020-01-01"],
        &["keys", "rotate", "--algorithm", "HS256"],
        &["client", "disable", "nobody"],
    ] {
        let (code, document) = ask(folder.path(), arguments);
        assert_eq!(code, 2, "{arguments:?}: {document}");
        assert!(!document["error"].as_str().unwrap().is_empty(), "{arguments:?}");
        let refused = run(folder.path(), arguments);
        let line = text(&refused.stderr);
        assert!(line.starts_with("chamberlain: ") && !line.contains("panicked"), "{arguments:?}: {line}");
    }
    assert_eq!(lists(), before);
    assert_eq!(good(&["audit", "verify"])["tail"], sealed, "a refusal leaves no line about a change");
}

/// OA-39, OA-21: how a client proves itself is changed at the console: a client that signs has no secret, and its keys are judged.
#[test]
fn a_client_that_signs_is_registered_and_changed_at_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let key = crate::support::signing::Signer::new("ES256");
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let public = file("public.json", serde_json::json!({"keys": [key.registered()]}).to_string());
    let private = file("private.json", serde_json::json!({"keys": [key.private]}).to_string());
    let nonsense = file("nonsense.json", "nonsense".to_owned());
    let root = ask(folder.path(), &["organisation", "create", "Institution"]).1;
    let machine = ["client", "create", "hr", "--kind", "machine", "--organisation", root["id"].as_str().unwrap()];
    let with = |more: &[&str]| ask(folder.path(), &[&machine[..], more].concat());
    for bad in [
        &["--auth-method", "private_key_jwt"][..],
        &["--auth-method", "private_key_jwt", "--jwks", &private],
        &["--auth-method", "private_key_jwt", "--jwks", &nonsense],
        &["--auth-method", "private_key_jwt", "--jwks-uri", "http://hr.example/jwks"],
        &["--profile", "fapi2"],
    ] {
        assert_eq!(with(bad).0, 2, "{bad:?}");
    }
    let (code, made) = with(&["--auth-method", "private_key_jwt", "--jwks", &public]);
    assert!(code == 0 && made["client_secret"].is_null(), "{made}");
    assert_eq!(ask(folder.path(), &["client", "rotate-secret", "hr"]).0, 2);
    let change = |more: &[&str]| ask(folder.path(), &[&["client", "change", "hr"], more].concat());
    assert_eq!(change(&["--jwks-uri", "https://hr.example/jwks", "--profile", "fapi2"]).0, 0);
    let settings = ask(folder.path(), &["client", "show", "hr"]).1["settings"].clone();
    assert_eq!((settings["profile"].as_str(), settings["jwks"].is_null()), (Some("fapi2"), true));
    assert_eq!(change(&["--auth-method", "client_secret_basic"]).0, 2);
    assert_eq!(change(&["--auth-method", "client_secret_basic", "--profile", "compat"]).0, 0);
    assert_eq!(ask(folder.path(), &["client", "rotate-secret", "hr"]).0, 0);
    // RFC 9967: a service can be told of what it sees; one that keeps no secret could not say that a stream is its own.
    assert_eq!(change(&["--event-stream"]).0, 0);
    assert_eq!(ask(folder.path(), &["client", "stream", "show", "hr"]).0, 2);
}

/// DA-38: a client's secret is printed once, when it is made, and by nothing afterwards.
#[test]
fn a_secret_is_never_printed_again() {
    let folder = tempfile::tempdir().unwrap();
    let good = |arguments: &[&str]| ask(folder.path(), arguments).1;
    let root = good(&["organisation", "create", "Institution"]);
    let service = ["client", "create", "hr", "--kind", "machine", "--organisation", root["id"].as_str().unwrap()];
    let secret = good(&service)["client_secret"].as_str().unwrap().to_owned();
    for arguments in [&["client", "list"][..], &["client", "show", "hr"], &["client", "disable", "hr"], &["doctor"]] {
        assert!(!good(arguments).to_string().contains(&secret), "{arguments:?}");
        let shown = run(folder.path(), arguments);
        assert!(!text(&shown.stdout).contains(&secret) && !text(&shown.stderr).contains(&secret), "{arguments:?}");
    }
}

#[test]
fn the_configuration_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let stored = |name: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let printed = text(&run(folder.path(), &["config", "print-default"]).stdout);
    assert_eq!(printed.trim(), stored("config/default.toml").trim());
    let schema: Value = serde_json::from_str(&text(&run(folder.path(), &["config", "schema"]).stdout)).unwrap();
    assert_eq!(schema, serde_json::from_str::<Value>(&stored("config/schema.json")).unwrap());
    assert_eq!(ask(folder.path(), &["config", "check"]).0, 0);
    std::fs::write(folder.path().join("wrong.toml"), "colour = 'blue'\n[http]\nlisten = 'here'\n").unwrap();
    let (code, answer) = ask(folder.path(), &["config", "check", "--config", "wrong.toml"]);
    let keys: Vec<_> = answer["problems"].as_array().unwrap().iter().map(|problem| problem["key"].clone()).collect();
    assert_eq!((code, keys), (2, vec!["colour".into(), "http.listen".into()]));
    let (code, answer) = ask(folder.path(), &["config", "check", "--config", "not-there.toml"]);
    assert_eq!(code, 2);
    assert!(answer.to_string().contains("not-there.toml"));
}

/// CR-09: the console finds a line that was changed past the program, and says so by its exit code.
#[test]
fn a_changed_line_of_the_log_is_found_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = chamberlain(folder.path());
    serve
        .args(["serve", "--dev", "--public-url", "http://localhost:4711"])
        .env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY);
    ask(folder.path(), &["organisation", "create", "Institution"]);
    let mut server = Running::start(&mut serve).unwrap();
    // The sealer runs beside the server, and once more before it ends.
    while ask(folder.path(), &["audit", "verify"]).1["tail"] != 0 {}
    server.terminate();
    server.process.wait().unwrap();
    let (code, intact) = ask(folder.path(), &["audit", "verify"]);
    assert_eq!((code, &intact["intact"]), (0, &Value::Bool(true)));
    tamper(folder.path(), "UPDATE audit_events SET channel = 'portal' WHERE sequence = 1");
    let (code, broken) = ask(folder.path(), &["audit", "verify"]);
    assert_eq!((code, &broken["intact"], &broken["broken_at"]), (1, &Value::Bool(false), &Value::from(1)));
}

/// A look at nothing is refused and leaves nothing behind; an installation begins with its first administrator.
#[test]
fn a_command_without_a_database_says_so_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in
        [&["profile", "diff", "imi"][..], &["audit", "verify"], &["explain", "holds", "--user", "olga@bank.example"]]
    {
        let (code, answer) = ask(folder.path(), arguments);
        assert_eq!(code, 2, "{arguments:?}: {answer}");
        assert!(answer["error"].as_str().unwrap().contains("no database"), "{answer}");
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "something was made");
    let first = [
        "bootstrap",
        "admin",
        "--email",
        "olga@bank.example",
        "--phone",
        "+4930123456",
        "--given-name",
        "Olga",
        "--family-name",
        "Operator",
    ];
    assert_eq!(ask(folder.path(), &first).0, 0);
    assert_eq!(ask(folder.path(), &["audit", "verify"]).0, 0);
}

/// A server whose version does not know the schema would damage it.
#[test]
fn a_schema_of_a_newer_version_is_refused_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ask(folder.path(), &["migrate"]).0, 0);
    tamper(
        folder.path(),
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
            VALUES (9999, 'of tomorrow', TRUE, x'00', 0)",
    );
    for arguments in [&["migrate"][..], &["organisation", "list"], &["audit", "verify"]] {
        let (code, answer) = ask(folder.path(), arguments);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(answer["error"].as_str().unwrap().contains("newer"), "{answer}");
    }
    let mut serve = chamberlain(folder.path());
    serve.args(["serve", "--dev"]).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY);
    let log = Running::start(&mut serve).err().unwrap();
    assert!(log.contains("newer"), "{log}");
    assert_eq!(ask(folder.path(), &["doctor"]).0, 1);
}

/// AU-09: the doctor shows how many of the codes by phone were entered, and that they were few.
#[test]
fn au_09_the_doctor_tells_how_many_codes_were_entered() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ask(folder.path(), &["migrate"]).0, 0);
    let told = || {
        let (_, answer) = ask(folder.path(), &["doctor"]);
        answer["checks"].as_array().unwrap().iter().find(|check| check["check"] == "numbers").unwrap().clone()
    };
    assert_eq!(
        (&told()["status"], &told()["detail"]),
        (&"ok".into(), &"0 of 0 codes to phones of the last hour were entered".into())
    );
    tamper(
        folder.path(),
        "WITH RECURSIVE many (nr) AS (SELECT 1 UNION ALL SELECT nr + 1 FROM many WHERE nr < 60)
            INSERT INTO number_uses (id, prefix, about, answered, sent_at)
            SELECT randomblob(16), x'01', randomblob(16), nr < 7, strftime('%s', 'now') * 1000000 - 1200000000 FROM many",
    );
    let told = told();
    assert_eq!(told["status"], "note");
    assert!(
        told["detail"].as_str().unwrap().starts_with("6 of 60 codes to phones of the last hour were entered, 10 %"),
        "{told}"
    );
}

/// IN-05: each line of the log is one JSON object, whatever a request holds, and bears the id that the answer bears.
#[test]
fn a_request_is_logged_under_the_id_that_its_answer_bears() {
    use std::io::{BufRead as _, Read as _, Write as _};
    let folder = tempfile::tempdir().unwrap();
    let mut serve = chamberlain(folder.path());
    serve.args(["serve", "--dev", "--public-url", "http://localhost:4711"]);
    serve.env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY).env("CHAMBERLAIN__LOG__FILTER", "info,chamberlain=debug");
    let mut server = Running::start(&mut serve).unwrap();
    let mut stream = std::net::TcpStream::connect(server.public.trim_start_matches("http://")).unwrap();
    let request = "GET /login?x=%0d%0a%1b[2J HTTP/1.1\r\nHost: localhost:4711\r\nUser-Agent: a\u{1b}[2J\u{202e}b\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    let id = answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).map(str::trim);
    server.terminate();
    let mut seen = false;
    for line in (&mut server.log).lines() {
        let line = line.unwrap();
        let event: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(!line.contains(['\u{1b}', '\u{202e}']), "{line}");
        seen |= event["message"] == "request" && event["request_id"].as_str() == id && event["route"] == "/login";
    }
    assert!(seen || answer.starts_with("http/1.1 400"), "{answer}");
}

/// For scripts: a command that reads nothing from its standard input and does not wait for it.
#[test]
fn commands_do_not_ask_questions() {
    let folder = tempfile::tempdir().unwrap();
    let mut command: Command = chamberlain(folder.path());
    command.args(["organisation", "create", "Institution"]).stdin(std::process::Stdio::piped());
    assert!(command.output().unwrap().status.success());
}

/// DA-39: where messages go, and the secret that goes with it, is configuration, read once at the start. No right changes it,
/// and neither a page nor an API is there to do it with.
#[test]
fn where_messages_go_is_changed_by_nobody_who_signs_in() {
    use std::io::{Read as _, Write as _};
    let writes = |permission: &&chamberlain::authority::Permission| {
        let name = permission.as_str();
        ["system", "config", "setting", "mail", "message"].iter().any(|word| name.starts_with(word))
            && name.rsplit('.').next() != Some("read")
    };
    assert_eq!(chamberlain::authority::Permission::ALL.iter().find(writes), None);
    let folder = tempfile::tempdir().unwrap();
    let mut serve = chamberlain(folder.path());
    serve
        .args(["serve", "--dev", "--public-url", "http://localhost:4711"])
        .env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY);
    let server = Running::start(&mut serve).unwrap();
    for path in [
        "/admin/system",
        "/admin/settings",
        "/admin/smtp",
        "/admin/config",
        "/dev/outbox",
        "/scim/v2/ServiceProviderConfig",
    ] {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let mut stream = std::net::TcpStream::connect(server.public.trim_start_matches("http://")).unwrap();
            let body = "mail.host=evil.example";
            write!(
                stream,
                "{method} {path} HTTP/1.1\r\nHost: localhost:4711\r\nOrigin: http://localhost:4711\r\nConnection: close\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            let status = answer.split(' ').nth(1).unwrap();
            assert!(["404", "405"].contains(&status), "{method} {path}: {status}");
        }
    }
}

/// D8, D10: the console asks why somebody can or cannot do something, who can, and what somebody holds.
#[test]
fn the_console_is_told_why_somebody_can_do_something_and_who_can() {
    let folder = tempfile::tempdir().unwrap();
    for (email, phone, given_name) in
        [("olga@bank.example", "+4969100001", "Olga"), ("otto@bank.example", "+4969100002", "Otto")]
    {
        ask(
            folder.path(),
            &[
                "bootstrap",
                "admin",
                "--email",
                email,
                "--phone",
                phone,
                "--given-name",
                given_name,
                "--family-name",
                "Op",
            ],
        );
    }
    let (code, answer) = ask(
        folder.path(),
        &["explain", "can", "--user", "olga@bank.example", "update-user", "--to", "otto@bank.example"],
    );
    assert_eq!((code, &answer["allowed"]), (0, &Value::from(true)), "{answer}");
    assert_eq!(answer["because"][0][0]["role"], "Operator", "{answer}");
    assert_eq!(answer["because"][0][0]["granted_by"], "the console", "{answer}");
    let (code, answer) = ask(
        folder.path(),
        &["explain", "can", "--user", "olga@bank.example", "update-user", "--to", "olga@bank.example"],
    );
    assert_eq!((code, &answer["reason"]), (1, &Value::from("you cannot do this to your own account")), "{answer}");
    let (_, answer) = ask(folder.path(), &["explain", "who", "update-user", "--to", "otto@bank.example"]);
    let names: Vec<&str> =
        answer["can"].as_array().unwrap().iter().map(|row| row["principal"].as_str().unwrap()).collect();
    assert_eq!(names, ["olga@bank.example"]);
    // To people by name; and what the configured profile makes nothing of is said.
    let who = ["explain", "who", "update-user", "--to", "otto@bank.example"];
    let told = run(folder.path(), &who);
    assert!(text(&told.stdout).contains("Olga Op (olga@bank.example) is Operator of "), "{}", text(&told.stdout));
    assert!(told.stderr.is_empty(), "{}", text(&told.stderr));
    ask(folder.path(), &["role", "grant", "DelegatedUserAdmin", "--user", "otto@bank.example"]);
    let other = chamberlain(folder.path()).args(who).env("CHAMBERLAIN__PROFILE", "imi").output().unwrap();
    assert!(
        text(&other.stderr).contains("the configured profile does not define")
            && text(&other.stderr).contains(": DelegatedUserAdmin;")
    );
    let (_, answer) = ask(folder.path(), &["explain", "holds", "--user", "olga@bank.example"]);
    assert_eq!(
        (&answer[0]["role"], &answer[0]["organisation"]),
        (&Value::from("Operator"), &Value::from("everywhere")),
        "{answer}"
    );
    let (code, answer) = ask(
        folder.path(),
        &["explain", "can", "--user", "olga@bank.example", "update-user", "--to", "nobody@bank.example"],
    );
    assert_eq!((code, answer["error"].as_str().unwrap()), (2, "there is no person `nobody@bank.example`"));
    // What would change, without changing it: an operator's role is only proposed; the last holder's stays.
    let (_, roles) = ask(folder.path(), &["role", "list", "--user", "olga@bank.example"]);
    let id = roles[0]["id"].as_str().unwrap();
    let (code, answer) = ask(folder.path(), &["explain", "change", "revoke", id]);
    assert_eq!(code, 0, "{answer}");
    assert_eq!(
        (&answer["loses"][0]["holder"], &answer["loses"][0]["role"]),
        (&Value::from("olga@bank.example"), &Value::from("Operator"))
    );
    assert_eq!(ask(folder.path(), &["role", "list", "--user", "olga@bank.example"]).1, roles, "nothing is kept");
    let nobody = "00000000-0000-4000-8000-000000000000";
    assert_eq!(ask(folder.path(), &["explain", "change", "revoke", nobody]).0, 2);
    assert_eq!(ask(folder.path(), &["explain", "change", "move", nobody, "--to", nobody]).0, 2);
}
