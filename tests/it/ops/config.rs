//! Configuration: layers, secrets from files, all problems at once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chamberlain::config::{DEFAULTS, Layers, Mode, Problem, check, load, schema};
use serde_json::Value;

use super::KEY;

fn layers(files: &[(&str, &str)], environment: &[(&str, &str)]) -> (tempfile::TempDir, Layers) {
    let folder = tempfile::tempdir().unwrap();
    let write = |(name, text): &(&str, &str)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let files: Vec<PathBuf> = files.iter().map(write).collect();
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    (folder, Layers { files, environment, flags: Vec::new() })
}

fn by_key(problems: Vec<Problem>) -> BTreeMap<String, Problem> {
    problems.into_iter().map(|problem| (problem.key.clone(), problem)).collect()
}

#[test]
fn the_defaults_lack_only_the_encryption_key_and_for_real_use_the_ways_out() {
    let loaded = load(&Layers::default()).unwrap();
    let problems = by_key(check(&loaded, Mode::Development).unwrap_err().0);
    assert_eq!(problems.keys().collect::<Vec<_>>(), ["keys.encryption_key"]);
    assert_eq!(problems["keys.encryption_key"].source, "default");
    let problems = by_key(check(&loaded, Mode::Production).unwrap_err().0);
    assert_eq!(
        problems.keys().collect::<Vec<_>>(),
        ["keys.encryption_key", "mail.driver", "sms.driver", "voice.driver"]
    );
}

#[test]
fn every_problem_of_form_is_reported_at_once_with_its_key_and_source() {
    let file = "colour = 'blue'\n[http]\nrequest_timeout = 'soon'\nportt = 1\n";
    let (_folder, layers) =
        layers(&[("a.toml", file)], &[("CHAMBERLAIN__HTTP__LISTEN", "nowhere"), ("CHAMBERLAIN__NO__SUCH", "1")]);
    let problems = by_key(load(&layers).unwrap_err().0);
    assert_eq!(
        problems.keys().collect::<Vec<_>>(),
        ["colour", "http.listen", "http.portt", "http.request_timeout", "no.such"]
    );
    assert!(problems["colour"].source.ends_with("a.toml") && problems["colour"].message.starts_with("unknown key"));
    assert_eq!(problems["http.listen"].source, "CHAMBERLAIN__HTTP__LISTEN");
}

#[test]
fn every_problem_of_meaning_is_reported_at_once() {
    let file = "public_url = 'http://id.example.eu/'\n[database]\nurl = 'mysql://x'\n[http]\ntrusted_proxies = ['example.org']\n";
    let (_folder, layers) = layers(&[("a.toml", file)], &[("CHAMBERLAIN__LOG__FILTER", "=loud=")]);
    let problems = by_key(check(&load(&layers).unwrap(), Mode::Production).unwrap_err().0);
    let keys = [
        "database.url",
        "http.trusted_proxies",
        "keys.encryption_key",
        "log.filter",
        "mail.driver",
        "public_url",
        "sms.driver",
        "voice.driver",
    ];
    assert_eq!(problems.keys().collect::<Vec<_>>(), keys);
    assert_eq!(problems["log.filter"].source, "CHAMBERLAIN__LOG__FILTER");
}

#[test]
fn a_later_file_wins_over_an_earlier_one_and_the_environment_over_both() {
    let (_folder, mut layers) = layers(
        &[
            ("a.toml", "[http]\nmax_body = 1\nrequest_timeout = 1\nstop_timeout = 1"),
            ("b.toml", "[http]\nrequest_timeout = 2\nstop_timeout = 2"),
        ],
        &[
            ("CHAMBERLAIN__HTTP__STOP_TIMEOUT", "3"),
            ("CHAMBERLAIN__HTTP__TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2"),
            ("PATH", "/bin"),
        ],
    );
    layers.flags.push(("public_url".to_owned(), "https://id.example.eu".to_owned()));
    let config = load(&layers).unwrap().config;
    assert_eq!((config.http.max_body, config.http.request_timeout, config.http.stop_timeout), (1, 2, 3));
    assert_eq!(config.http.trusted_proxies, ["10.0.0.1", "10.0.0.2"]);
    assert_eq!(config.public_url, "https://id.example.eu");
}

#[test]
fn a_secret_is_read_from_the_file_that_its_twin_names_and_never_shown() {
    let (folder, mut layers) = layers(&[("key", &format!("{KEY}\n"))], &[]);
    let path = layers.files.pop().unwrap().display().to_string();
    layers.environment.push(("CHAMBERLAIN__KEYS__ENCRYPTION_KEY_FILE".to_owned(), path));
    let loaded = load(&layers).unwrap();
    check(&loaded, Mode::Development).unwrap();
    assert_eq!(loaded.config.keys.encryption_key.as_ref().unwrap().reveal(), KEY);
    assert!(!format!("{loaded:?}").contains(KEY));
    layers.environment[0].1 = folder.path().join("none").display().to_string();
    let problem = load(&layers).unwrap_err().0.remove(0);
    assert!(problem.message.starts_with("cannot read"), "{problem}");
}

/// IN-06: a printed configuration shows none of its secrets, whatever prints it.
#[test]
fn in_06_no_configured_secret_is_shown_by_debug() {
    let file = "[database]\nurl = 'postgres://u:canary-1@db/x'\n[keys]\nencryption_key = 'canary-2'\n[mail]\nuser = 'u'\npassword = 'canary-3'\n\
        [sms]\nsigning_key = 'canary-4'\nauthorization = 'Bearer canary-5'\n[voice]\nsigning_key = 'canary-6'\nauthorization = 'canary-7'\n";
    let (_folder, layers) = layers(&[("a.toml", file)], &[("CHAMBERLAIN__VOICE__SIGNING_KEY", "canary-8")]);
    let loaded = load(&layers).unwrap();
    assert_eq!(loaded.config.voice.signing_key.reveal(), "canary-8");
    for shown in [format!("{layers:?}"), format!("{loaded:?}"), format!("{:#?}", loaded.config)] {
        assert!(shown.len() > 50 && !shown.contains("canary"), "{shown}");
    }
    // Every key that holds a secret is one that cannot be shown, and has a `_file` twin.
    let text = schema().to_string();
    assert_eq!(text.matches("\"format\":\"password\"").count(), 5, "a new secret: add it above");
}

#[test]
fn every_problem_of_the_ways_out_is_reported() {
    let file = "[mail]\ndriver = 'smtp'\nurl = 'smtp://u:secret@mail'\nfrom = 'nobody'\n[sms]\ndriver = 'http'\nurl = 'http://gateway.example'\n\
        body = '{to} {text}'\nsigning_key = 'short'\n[voice]\ndriver = 'http'\nurl = 'http://127.0.0.1:1'\nbody = '{\"to\":{to}}'\n\
        signing_key = 'long enough for us'\n[numbers]\nallowed = ['49']\n";
    let (_folder, layers) = layers(&[("a.toml", file)], &[("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY)]);
    let problems = by_key(check(&load(&layers).unwrap(), Mode::Production).unwrap_err().0);
    let keys = ["mail.from", "mail.url", "numbers.allowed", "sms.body", "sms.signing_key", "sms.url", "voice.body"];
    assert_eq!(problems.keys().collect::<Vec<_>>(), keys);
    assert!(problems.values().all(|problem| !problem.message.contains("secret@")));
}

/// `decisions.md` 26: the mode for test suites never meets the public, and a password alone never suffices outside it.
#[test]
fn conformance_mode_is_refused_with_a_public_bind_and_one_factor_outside_it() {
    let on =
        "[conformance]\nenabled = true\none_factor_applications = ['CONFORMANCE']\n[oidc]\nsession_management = true\n";
    let refused = |file: &str| {
        let (_folder, layers) = layers(&[("a.toml", file)], &[("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY)]);
        let problems = check(&load(&layers).unwrap(), Mode::Development).err();
        problems.map_or_else(Vec::new, |problems| problems.0.into_iter().map(|problem| problem.key).collect())
    };
    assert_eq!(refused(on), Vec::<String>::new());
    let public = format!("{on}[http]\nlisten = '0.0.0.0:443'\n");
    assert!(refused(&public).contains(&"conformance.enabled".to_owned()));
    for (address, is_refused) in
        [("https://id.bank.example", true), ("https://op.test:9443", false), ("https://testing.example", true)]
    {
        let proxied = format!("public_url = '{address}'\n{on}");
        assert_eq!(refused(&proxied).contains(&"conformance.enabled".to_owned()), is_refused, "{address}");
    }
    let outside = "[conformance]\none_factor_applications = ['CONFORMANCE']\n";
    assert_eq!(refused(outside), ["conformance.one_factor_applications"]);
}

#[test]
fn in_16_default_and_demonstration_keys_are_refused() {
    let one_byte = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let counting = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let words = "Y2hhbmdlLW1lLWNoYW5nZS1tZS1jaGFuZ2UtbWUtMTI=";
    for (key, reason) in [
        (one_byte, "default"),
        (counting, "default"),
        (words, "default"),
        ("c2hvcnQ=", "32 bytes"),
        ("secret!", "base64"),
        ("", "32 bytes"),
    ] {
        let (_folder, layers) = layers(&[], &[("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", key)]);
        let problems = by_key(check(&load(&layers).unwrap(), Mode::Production).unwrap_err().0);
        assert!(
            problems["keys.encryption_key"].message.contains(reason),
            "{key}: {:?}",
            problems["keys.encryption_key"]
        );
        assert!(key.is_empty() || !problems["keys.encryption_key"].message.contains(key));
    }
}

#[test]
fn in_17_development_mode_refuses_every_bind_but_loopback() {
    let environment = [
        ("CHAMBERLAIN__HTTP__LISTEN", "0.0.0.0:1"),
        ("CHAMBERLAIN__HTTP__MANAGEMENT_LISTEN", "[::]:2"),
        ("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY),
    ];
    let (_folder, layers) = layers(&[], &environment);
    let loaded = load(&layers).unwrap();
    let drivers = ["mail.driver", "sms.driver", "voice.driver"];
    assert_eq!(by_key(check(&loaded, Mode::Production).unwrap_err().0).keys().collect::<Vec<_>>(), drivers);
    let problems = by_key(check(&loaded, Mode::Development).unwrap_err().0);
    assert_eq!(problems.keys().collect::<Vec<_>>(), ["http.listen", "http.management_listen"]);
    let management = load(&Layers::default()).unwrap().config.http.management_listen;
    assert!(management.ip().is_loopback());
}

#[test]
fn the_schema_in_the_repository_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config/schema.json");
    let stored: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(stored, schema(), "run `make gen`");
}

#[test]
fn every_key_is_explained_in_the_default_file() {
    fn keys(schema: &Value, whole: &Value, found: &mut Vec<String>) {
        let target =
            schema["$ref"].as_str().and_then(|path| whole.pointer(path.trim_start_matches('#'))).unwrap_or(schema);
        for (key, inner) in target["properties"].as_object().into_iter().flatten() {
            found.push(key.clone());
            keys(inner, whole, found);
        }
    }
    let (schema, mut found) = (schema(), Vec::new());
    keys(&schema, &schema, &mut found);
    assert!(found.len() > 15);
    let known = |key: &String| {
        [format!("\n{key} ="), format!("\n# {key} ="), format!("[{key}]"), format!(".{key}]")]
            .iter()
            .any(|text| DEFAULTS.contains(text))
    };
    let missing: Vec<_> = found.iter().filter(|key| !key.ends_with("_file") && !known(key)).collect();
    assert!(missing.is_empty(), "not in config/default.toml: {missing:?}");
}
