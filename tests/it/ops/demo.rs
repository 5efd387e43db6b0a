//! The demo as other projects use it: a test fixture that says where it is as one JSON document.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

struct Demo(Child, Value);

impl Drop for Demo {
    fn drop(&mut self) {
        let _gone_already = self.0.kill();
        let _gone_already = self.0.wait();
    }
}

fn demo(folder: &Path, further: &[&str]) -> Demo {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chamberlain"));
    command.env_clear().args(["demo", "--json", "--port", "0", "--data-dir"]).arg(folder).args(further);
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let document = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    Demo(process, document)
}

fn get(url: &str) -> Value {
    let url = url::Url::parse(url).unwrap();
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", url.port().unwrap())).unwrap();
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    std::io::Write::write_all(&mut stream, format!("GET {} HTTP/1.0\r\nHost: {host}\r\n\r\n", url.path()).as_bytes())
        .unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

#[test]
fn a_demo_says_in_one_document_all_that_a_test_needs_and_two_run_side_by_side() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [one, two] = [demo(folders[0].path(), &[]), demo(folders[1].path(), &[])];
    assert_ne!(one.1["issuer"], two.1["issuer"]);
    for Demo(_, document) in [&one, &two] {
        let issuer = document["issuer"].as_str().unwrap();
        assert_eq!(get(&format!("{issuer}/.well-known/openid-configuration"))["issuer"], document["issuer"]);
        assert!(get(document["outbox"].as_str().unwrap()).is_array());
        for (list, keys) in [
            ("accounts", &["email", "password", "phone", "organisation", "roles", "groups"][..]),
            ("clients", &["client_id", "client_secret", "application", "environment", "redirect_uris"]),
            ("service_clients", &["client_id", "client_secret", "organisation", "roles"]),
        ] {
            let rows = document[list].as_array().unwrap();
            assert!(
                !rows.is_empty() && rows.iter().all(|row| keys.iter().all(|key| !row[key].is_null())),
                "{list}: {rows:?}"
            );
        }
    }
}

#[test]
fn a_demo_that_is_started_again_is_the_same_world_within_two_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let first = demo(folder.path(), &["--users", "3000", "--organisations", "60"]).1.clone();
    let begun = std::time::Instant::now();
    let again = demo(folder.path(), &[]);
    let took = begun.elapsed();
    assert!(took < std::time::Duration::from_secs(2), "{took:?}");
    for list in ["accounts", "clients", "service_clients"] {
        assert_eq!(first[list], again.1[list]);
    }
}

/// I01, I19, I25, I29, I53: the world of authorities has everybody the walk tells of, with what they came to hold by itself.
#[test]
fn a_demo_of_the_profile_of_authorities_has_everybody_of_its_walk() {
    let folder = tempfile::tempdir().unwrap();
    let demo = demo(folder.path(), &["--profile", "imi"]);
    let of = |name: &str| {
        let found =
            demo.1["accounts"].as_array().unwrap().iter().find(|one| one["email"].as_str().unwrap().starts_with(name));
        let one = found.unwrap_or_else(|| panic!("no {name}"));
        (one["organisation"].clone(), one["roles"].clone(), one["groups"].clone())
    };
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let expected = [
        ("nina", "Coordination Germany", r#"["NationalCoordinator", "Administrator"]"#, "[]"),
        ("rosa", "Coordination Germany", r#"["RegistrationDelegate"]"#, "[]"),
        ("max", "Coordination Germany", r#"["ModuleDelegate"]"#, "[]"),
        ("maria", "Ministry of Health Bavaria", r#"["Administrator"]"#, r#"["PQ_HANDLER", "PQ_VIEWER"]"#),
        ("olaf", "Chamber of Crafts Leipzig", r#"["Administrator"]"#, r#"["PQ_HANDLER", "PQ_VIEWER", "PW_HANDLER"]"#),
        ("clara", "Nursing Board Munich", "[]", r#"["PQ_HANDLER"]"#),
    ];
    for (name, home, roles, groups) in expected {
        let (at, held, of_groups) = of(name);
        let mut held: Vec<Value> = held.as_array().unwrap().clone();
        held.sort_by_key(|role| std::cmp::Reverse(role.as_str().unwrap_or_default().to_owned()));
        assert_eq!((at, Value::from(held), of_groups), (home.into(), json(roles), json(groups)), "{name}");
    }
    let service = demo.1["service_clients"].as_array().unwrap().iter().find(|one| one["client_id"] == "pq-directory");
    assert_eq!(service.unwrap()["roles"], json("[]"), "nobody needs a role to look authorities up");
    let personnel = demo.1["service_clients"].as_array().unwrap().iter().find(|one| one["client_id"] == "hr-lyon");
    assert_eq!(personnel.unwrap()["roles"], json(r#"["Administrator"]"#), "and an authority has a personnel system");
}
