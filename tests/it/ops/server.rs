//! Listeners, health, hosts, start and stop.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use super::{KEY, Running, chamberlain};

/// One request on a connection of its own, with exactly these headers: status and body.
fn get(base: &str, path: &str, headers: &str) -> (u16, String) {
    let (status, _, body) = exchange(base, path, headers);
    (status, body)
}

/// The same with the head of the answer.
fn exchange(base: &str, path: &str, headers: &str) -> (u16, String, String) {
    let address = base.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, head.to_owned(), body.to_owned())
}

/// What is answered before any surface is asked has what every answer has: the host check, limits, the request id, a line in
/// the metrics; and its tag, so that a relying party that has it gets 304 (RFC 9110 §13.1.2).
#[test]
fn documents_for_relying_parties_are_tagged_counted_and_limited_like_every_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = chamberlain(folder.path());
    command
        .args(["serve", "--dev", "--public-url", "http://localhost:4711"])
        .env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY)
        .env("CHAMBERLAIN__LIMITS__PER_ADDRESS", "1")
        .env("CHAMBERLAIN__LIMITS__BURST_SECONDS", "10");
    let server = Running::start(&mut command).unwrap();
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/oauth2/jwks"] {
        let (status, head, body) = exchange(&server.public, path, "Host: localhost:4711\r\n");
        assert_eq!(status, 200, "{path}");
        assert!(serde_json::from_str::<Value>(&body).unwrap().is_object(), "{path}");
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        assert!(header("x-request-id").is_some(), "{head}");
        assert_eq!(header("access-control-allow-origin").as_deref(), Some("*"));
        let again = format!("Host: localhost:4711\r\nIf-None-Match: {}\r\n", header("etag").unwrap());
        assert_eq!(get(&server.public, path, &again), (304, String::new()), "{path}");
        assert_eq!(get(&server.public, path, "Host: evil.example\r\n").0, 421, "{path}");
    }
    let (_, metrics) = get(&server.management, "/metrics", "Host: x\r\n");
    assert!(metrics.contains("route=\"/oauth2/jwks\""), "{metrics}");
    let statuses: Vec<u16> =
        (0..30).map(|_| get(&server.public, "/oauth2/jwks", "Host: localhost:4711\r\n").0).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
}

fn serving(folder: &std::path::Path) -> Running {
    let mut command = chamberlain(folder);
    command
        .args(["serve", "--dev", "--public-url", "http://localhost:4711"])
        .env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY);
    Running::start(&mut command).unwrap()
}

#[test]
fn in_17_health_version_and_metrics_answer_on_the_management_listener_only() {
    let folder = tempfile::tempdir().unwrap();
    let server = serving(folder.path());
    for path in ["/health/live", "/health/ready", "/health/started", "/version"] {
        let (status, body) = get(&server.management, path, "Host: x\r\n");
        assert_eq!(status, 200, "{path}: {body}");
        assert!(serde_json::from_str::<Value>(&body).unwrap().is_object());
    }
    get(&server.public, "/login", "Host: localhost:4711\r\n");
    let (status, metrics) = get(&server.management, "/metrics", "Host: x\r\n");
    assert_eq!(status, 200);
    assert!(metrics.contains("chamberlain_http_requests_total{"), "{metrics}");
    for path in ["/health/live", "/health/ready", "/version", "/metrics"] {
        assert_eq!(get(&server.public, path, "Host: localhost:4711\r\n").0, 404, "{path}");
    }
}

#[test]
fn oa_59_an_unknown_host_is_misdirected_and_forwarding_headers_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let server = serving(folder.path());
    let status = |headers: &str| get(&server.public, "/login", headers).0;
    let known = status("Host: localhost:4711\r\n");
    assert_ne!(known, 421);
    assert_eq!(
        status("Host: localhost:4711\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n"),
        known
    );
    for headers in [
        "Host: evil.example\r\n",
        "Host: localhost:4712\r\n",
        "Host: localhost.evil.example:4711\r\n",
        "Host: evil.example\r\nX-Forwarded-Host: localhost:4711\r\n",
    ] {
        assert_eq!(status(headers), 421, "{headers}");
    }
    let (_, page) = get(&server.public, "/login", "Host: localhost:4711\r\nX-Forwarded-Host: evil.example\r\n");
    assert!(!page.contains("evil.example"));
}

#[test]
fn oa_60_a_path_of_two_spellings_reaches_no_route() {
    let folder = tempfile::tempdir().unwrap();
    let server = serving(folder.path());
    let status = |path: &str| get(&server.public, path, "Host: localhost:4711\r\n").0;
    assert_eq!((status("/login"), status("/.well-known/openid-configuration")), (200, 200));
    for trick in [
        "/login;x",
        "//login",
        "/x/../login",
        "/login%00",
        "/%2flogin",
        "/login.",
        "/x%2f..%2flogin",
        "/admin%2fusers",
        "/oauth2//token",
    ] {
        assert_eq!(status(trick), 400, "{trick}");
    }
}

#[test]
fn sigterm_lets_the_request_under_way_finish_and_then_ends_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = serving(folder.path());
    let mut stream = TcpStream::connect(server.public.trim_start_matches("http://")).unwrap();
    // The first byte of a request is there, so the connection is busy when the signal comes.
    write!(stream, "GET /login HTTP/1.1\r\nHost: localhost:4711\r\n").unwrap();
    get(&server.public, "/login", "Host: localhost:4711\r\n");
    server.terminate();
    write!(stream, "Connection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 ") || answer.is_empty());
    assert!(server.process.wait().unwrap().success());
}

#[test]
fn in_16_the_server_does_not_start_without_an_encryption_key() {
    let folder = tempfile::tempdir().unwrap();
    let log = Running::start(chamberlain(folder.path()).arg("serve")).err().unwrap();
    assert!(log.contains("keys.encryption_key"), "{log}");
}

#[test]
fn cr_03_a_wrong_encryption_key_stops_the_start_and_no_key_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    drop(serving(folder.path()));
    let keys = || {
        super::json(chamberlain(folder.path()).args(["keys", "list"]).env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", KEY)).1
    };
    let before = keys();
    assert_eq!(before.as_array().unwrap().len(), 1);
    let other = "8Qw2V0o5Hn1mX7kPz3cRb9tFd4uLs6gJeAiKvTyWxEs=";
    let log = Running::start(chamberlain(folder.path()).arg("serve").env("CHAMBERLAIN__KEYS__ENCRYPTION_KEY", other))
        .err()
        .unwrap();
    assert!(log.contains("do not open"), "{log}");
    assert_eq!(keys(), before);
}

/// Nobody else on the machine reads the database, nor what the engine keeps beside it.
#[test]
fn the_database_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let server = serving(folder.path());
    assert_eq!(get(&server.public, "/login", "Host: localhost:4711\r\n").0, 200);
    let files = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
    let kept: Vec<_> = files.filter(|file| file.file_name().to_string_lossy().contains(".db")).collect();
    assert!(kept.len() >= 2, "{kept:?}");
    for file in kept {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{file:?}");
    }
}
